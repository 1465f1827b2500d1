import { isDeepStrictEqual } from 'util';
import type { RunningCluster } from './running-cluster';
import { objectNamed } from './running-cluster';
import { partsOf, podSettings, portsOf, replicaSettings, serviceSettings, variablesOf } from './running-gateway-parts';
import type { RunningMember } from './running-member';
import { networkOf } from './running-member';
import { GatewayInstall } from '../../../definition/mesh-props';
import { DEFAULT_REVISION, injectionRevision } from '../../../istio/revisions';
import { NETWORK_LABEL } from '../../../rules/manifest/east-west-gateways';
import { DEFAULT_NAME, DEFAULT_PORTS, NETWORK_VIEW, selectorLabels } from '../../../settings/east-west-gateway-defaults';
import type { Fields } from '../../../util/map';
import { fieldsAt, filled, present } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** What the file says of a cluster's east-west gateway, and what its author should know. */
export interface RunningGateway {
  readonly settings: Fields;
  readonly notes: readonly string[];
}

/** Name of the IstioOperator of the tree's control plane. */
const CONTROL_PLANE = 'control-plane';

/** Name of the Gateway object in which services are exposed. */
const EXPOSED_SERVICES = 'cross-network-gateway';

/**
 * The gateway as it runs.
 *
 * @param isNeeded whether a peer is on another network, so that a mesh has one by itself
 */
export function runningGateway(member: RunningMember, isNeeded: boolean): RunningGateway {
  const { cluster, name } = member;
  const service = eastWestService(cluster);
  const notes = [...foreignNotes(cluster, service), ...exposureNotes(cluster)];
  if (!service) {
    const none = isNeeded ? [`peers are on other networks, and there is no gateway in '${cluster.namespace}'; the tree brings '${DEFAULT_NAME}'`] : [];
    return { settings: {}, notes: [...notes, ...none].map(note => `'${name}': ${note}`) };
  }
  const deployment = objectNamed(cluster.gateways, 'Deployment', service.metadata.name, cluster.namespace)!;
  return {
    settings: present({
      eastWestGateway: filled({ install: isNeeded ? undefined : GatewayInstall.ALWAYS, ...gatewaySettings(member, deployment, service) }),
      exposedServices: exposedServices(member),
    }),
    notes: [...ownerNotes(deployment), ...selectorNotes(deployment, networkOf(member)), ...notes].map(note => `'${name}': ${note}`),
  };
}

/** The Service of the gateway that the tree can have: in the namespace of istiod, the one of the usual name if there are several. */
function eastWestService({ networkServices, namespace, gateways }: RunningCluster): LiveObject | undefined {
  const own = networkServices.filter(({ metadata }) => metadata.namespace === namespace
    && objectNamed(gateways, 'Deployment', metadata.name, namespace) !== undefined);
  return own.find(({ metadata }) => metadata.name === DEFAULT_NAME) ?? own[0];
}

/** Variables that Istio's charts and the library give the proxy by themselves. */
const OF_ISTIO = [NETWORK_VIEW, 'ISTIO_META_UNPRIVILEGED_POD'];

function gatewaySettings({ cluster, plane, revisionTags }: RunningMember, deployment: LiveObject, service: LiveObject): Fields {
  const { name } = service.metadata;
  const parts = partsOf(cluster, deployment);
  const ports = portsOf(service);
  const env = variablesOf(deployment).filter(variable => variable.value !== undefined && !OF_ISTIO.includes(String(variable.name)));
  const revision = revisionOf(deployment);
  return present({
    name: name === DEFAULT_NAME ? undefined : name,
    revision: revision === injectionRevision({ revision: plane.revision, revisionTags }) ? undefined : revision,
    ports: isDeepStrictEqual(ports, DEFAULT_PORTS) ? undefined : ports,
    service: filled(serviceSettings(service)),
    env: filled(Object.fromEntries(env.map(variable => [variable.name, variable.value]))),
    ...podSettings(parts),
    ...replicaSettings(parts),
  });
}

/** The revision or tag that injects it, empty for Istio's `default`. */
function revisionOf({ metadata, spec }: LiveObject): string {
  const name = spec?.template?.metadata?.labels?.['istio.io/rev'] ?? metadata.labels?.['istio.io/rev'] ?? DEFAULT_REVISION;
  return name === DEFAULT_REVISION ? '' : name;
}

/** istioctl removes what the IstioOperator of a name installed before, and does not have any more. */
function ownerNotes({ metadata: { labels = {} } }: LiveObject): string[] {
  return labels['install.operator.istio.io/owning-resource'] !== CONTROL_PLANE ? []
    : [`an IstioOperator '${CONTROL_PLANE}' installed the gateway, and the tree's of that name lacks it; install eastwest.yaml before control-plane.yaml, or the gateway is removed`];
}

/** A Deployment's selector can't be changed, so that istioctl and Helm would refuse another one. */
function selectorNotes({ metadata: { name, labels = {} }, spec }: LiveObject, network: string): string[] {
  const isOfHelm = labels['operator.istio.io/component'] === undefined;
  const right = { ...selectorLabels(name), ...isOfHelm ? {} : { [NETWORK_LABEL]: network } };
  const found = spec?.selector?.matchLabels ?? {};
  return isDeepStrictEqual(found, right) ? []
    : [`Deployment '${name}' selects its pods by ${shown(found)}, and the tree's by ${shown(right)}, which nobody can change in a Deployment; `
      + 'delete it right before the tree\'s is installed, when its network can do without'];
}

function shown(labels: Fields): string {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`).sort().join(',') || 'nothing';
}

function exposedServices({ cluster, plane }: RunningMember): Fields | undefined {
  const { clusterDomain = 'cluster.local' } = fieldsAt(plane.values, 'global', 'proxy');
  const gateway = ownExposure(cluster) ?? cluster.passthroughs[0];
  const servers: readonly LiveObject[] = gateway?.spec?.servers ?? [];
  const hosts = servers.filter(({ tls }) => tls?.mode === 'AUTO_PASSTHROUGH').flatMap(server => server.hosts as string[]);
  const usual = String(clusterDomain).endsWith('.local') ? '*.local' : `*.${clusterDomain}`;
  return gateway === undefined || isDeepStrictEqual(hosts, [usual]) ? undefined : { hosts };
}

function ownExposure({ passthroughs, namespace }: RunningCluster): LiveObject | undefined {
  return objectNamed(passthroughs, 'Gateway', EXPOSED_SERVICES, namespace);
}

function foreignNotes({ networkServices }: RunningCluster, own: LiveObject | undefined): string[] {
  return networkServices.filter(service => service !== own).map(({ metadata }) =>
    `Service '${metadata.name}' in namespace '${metadata.namespace}' is of a gateway for other networks that is not in the tree, and stays as it is`);
}

function exposureNotes(cluster: RunningCluster): string[] {
  const own = ownExposure(cluster);
  const others = cluster.passthroughs.filter(gateway => gateway !== own);
  const none = eastWestService(cluster) && !own && others.length === 0 ? [`nothing is exposed on the gateway; the tree brings the Gateway '${EXPOSED_SERVICES}'`] : [];
  return [...none, ...others.map(({ metadata: { name, namespace } }) => `Gateway '${name}' in namespace '${namespace}' exposes services and is not in the tree; `
    + `remove it once '${EXPOSED_SERVICES}' of the tree is there, unless it exposes something else`)];
}
