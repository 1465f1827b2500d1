import { isDeepStrictEqual } from 'util';
import { type RunningCluster, type RunningSettings, networkOf } from './cluster';
import { type ClusterObjects, findObject } from './cluster-objects';
import {
  gatewayObjects, podSettings, portsOf, replicaSettings, serviceSettings, variablesOf,
} from './gateway-settings';
import { GatewayInstall } from '../../../definition/mesh-props';
import { DEFAULT_DOMAIN } from '../../../istio/domains';
import { NETWORK_LABEL } from '../../../istio/labels';
import { DEFAULT_REVISION, injectionRevision } from '../../../istio/revisions';
import {
  DEFAULT_NAME, DEFAULT_PORTS, NETWORK_VIEW, selectorLabels,
} from '../../../settings/east-west-gateway-defaults';
import { type Fields, fieldsAt, filled, present } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** Name of the generated IstioOperator of a control plane. */
const CONTROL_PLANE_OPERATOR = 'control-plane';

/** Name of the generated Gateway that exposes the services of a cluster. */
const EXPOSED_SERVICES = 'cross-network-gateway';

/**
 * Reads the east-west gateway of a cluster.
 *
 * @param isNeeded whether a peer is on another network, so that the mesh definition implies a gateway
 */
export function runningGateway(cluster: RunningCluster, isNeeded: boolean): RunningSettings {
  const { objects, name } = cluster;
  const service = eastWestService(objects);
  const withName = (notes: readonly string[]) => notes.map(note => `'${name}': ${note}`);
  const notes = [...unmanagedServiceNotes(objects, service), ...exposureNotes(objects)];
  if (!service) {
    const missing = `peers are on other networks, but namespace '${objects.namespace}' has no east-west gateway; `
      + `the generated manifests add '${DEFAULT_NAME}'`;
    return { settings: {}, notes: withName(isNeeded ? [...notes, missing] : notes) };
  }
  const deployment = findObject(objects.gateways, 'Deployment', service.metadata.name, objects.namespace)!;
  const install = isNeeded ? undefined : GatewayInstall.ALWAYS;
  return {
    settings: present({
      eastWestGateway: filled({ install, ...gatewaySettings(cluster, deployment, service) }),
      exposedServices: exposedServices(cluster),
    }),
    notes: withName([...ownerNotes(deployment), ...selectorNotes(deployment, networkOf(cluster)), ...notes]),
  };
}

/**
 * The Service of the gateway that the mesh definition can describe.
 *
 * It is in the namespace of istiod. If there are several, it is the one with the default name.
 */
function eastWestService({ networkServices, namespace, gateways }: ClusterObjects): LiveObject | undefined {
  const candidates = networkServices.filter(({ metadata }) => metadata.namespace === namespace
    && findObject(gateways, 'Deployment', metadata.name, namespace) !== undefined);
  return candidates.find(({ metadata }) => metadata.name === DEFAULT_NAME) ?? candidates[0];
}

/** Variables of the proxy that Istio's charts and this library always set. */
const DEFAULT_VARIABLES = [NETWORK_VIEW, 'ISTIO_META_UNPRIVILEGED_POD'];

function gatewaySettings(cluster: RunningCluster, deployment: LiveObject, service: LiveObject): Fields {
  const { controlPlane, revisionTags } = cluster;
  const { name } = service.metadata;
  const objects = gatewayObjects(cluster.objects, deployment);
  const ports = portsOf(service);
  const revision = revisionOf(deployment);
  return present({
    name: name === DEFAULT_NAME ? undefined : name,
    revision: revision === injectionRevision({ revision: controlPlane.revision, revisionTags }) ? undefined : revision,
    ports: isDeepStrictEqual(ports, DEFAULT_PORTS) ? undefined : ports,
    service: filled(serviceSettings(service)),
    env: filled(userVariables(deployment)),
    ...podSettings(objects),
    ...replicaSettings(objects),
  });
}

/** The revision or tag that injects the gateway, empty for Istio's `default`. */
function revisionOf({ metadata, spec }: LiveObject): string {
  const label = spec?.template?.metadata?.labels?.['istio.io/rev'] ?? metadata.labels?.['istio.io/rev'];
  return label === undefined || label === DEFAULT_REVISION ? '' : label;
}

function userVariables(deployment: LiveObject): Fields {
  const variables = variablesOf(deployment)
    .filter(({ name, value }) => value !== undefined && !DEFAULT_VARIABLES.includes(String(name)));
  return Object.fromEntries(variables.map(({ name, value }) => [String(name), value]));
}

/** istioctl removes objects that an earlier IstioOperator of the same name installed and the new one does not have. */
function ownerNotes({ metadata: { labels = {} } }: LiveObject): string[] {
  return labels['install.operator.istio.io/owning-resource'] !== CONTROL_PLANE_OPERATOR ? []
    : [`an IstioOperator named '${CONTROL_PLANE_OPERATOR}' installed the gateway, but the generated one of that name `
      + 'does not include it; install eastwest.yaml before control-plane.yaml, or istioctl removes the gateway'];
}

/** The selector of a Deployment is immutable, so istioctl and Helm cannot apply a different one. */
function selectorNotes({ metadata: { name, labels = {} }, spec }: LiveObject, network: string): string[] {
  const isByHelm = labels['operator.istio.io/component'] === undefined;
  const generated = { ...selectorLabels(name), ...isByHelm ? {} : { [NETWORK_LABEL]: network } };
  const existing = spec?.selector?.matchLabels ?? {};
  return isDeepStrictEqual(existing, generated) ? []
    : [`the selector of Deployment '${name}' is ${labelText(existing)}, but that of the generated Deployment is `
      + `${labelText(generated)}, and a selector cannot be changed; delete the Deployment right before you install the `
      + 'generated one, at a time when its network does not need the gateway'];
}

function labelText(labels: Fields): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).sort().join(',') || 'empty';
}

/** The hosts that the gateway exposes, if they are not the default. */
function exposedServices({ objects, controlPlane }: RunningCluster): Fields | undefined {
  const gateway = generatedExposure(objects) ?? objects.passthroughs[0];
  if (gateway === undefined) {
    return undefined;
  }
  const servers: readonly LiveObject[] = gateway.spec?.servers ?? [];
  const hosts = servers
    .filter(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH')
    .flatMap(server => server.hosts as string[]);
  const { clusterDomain = DEFAULT_DOMAIN } = fieldsAt(controlPlane.values, 'global', 'proxy');
  const defaultHost = String(clusterDomain).endsWith('.local') ? '*.local' : `*.${clusterDomain}`;
  return isDeepStrictEqual(hosts, [defaultHost]) ? undefined : { hosts };
}

/** The Gateway that the generated manifests will update, because it has the same name. */
function generatedExposure({ passthroughs, namespace }: ClusterObjects): LiveObject | undefined {
  return findObject(passthroughs, 'Gateway', EXPOSED_SERVICES, namespace);
}

function unmanagedServiceNotes({ networkServices }: ClusterObjects, managed: LiveObject | undefined): string[] {
  return networkServices.filter(service => service !== managed).map(({ metadata: { name, namespace } }) =>
    `Service '${name}' in namespace '${namespace}' belongs to an east-west gateway that the generated manifests do not `
      + 'include; it stays unchanged');
}

function exposureNotes(objects: ClusterObjects): string[] {
  const updated = generatedExposure(objects);
  const others = objects.passthroughs.filter(gateway => gateway !== updated);
  if (!updated && others.length === 0 && eastWestService(objects)) {
    return [`the gateway exposes no services; the generated manifests add the Gateway '${EXPOSED_SERVICES}'`];
  }
  return others.map(({ metadata: { name, namespace } }) =>
    `Gateway '${name}' in namespace '${namespace}' exposes services and is not in the generated manifests; `
      + `remove it after '${EXPOSED_SERVICES}' is applied, unless it exposes other services`);
}
