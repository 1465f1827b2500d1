import { isDeepStrictEqual } from 'util';
import type { ClusterObjects } from './cluster-objects';
import {
  type GatewayObjects,
  gatewayObjects, podSettings, portsOf, replicaSettings, serviceSettings, variablesOf,
} from './gateway-settings';
import { type Fields, filled, isMap, present } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

const INGRESS = 'istio-ingressgateway';
const EGRESS = 'istio-egressgateway';

const COMPONENT_LABEL = 'operator.istio.io/component';
const OWNER_LABEL = 'install.operator.istio.io/owning-resource';

/**
 * The gateways that istioctl installed with a control plane, as lists of an IstioOperator.
 *
 * The east-west gateway is not included. A list is left out if it is the same as in istioctl's default profile.
 */
export function operatorGateways(cluster: ClusterObjects, istiod: LiveObject): Fields {
  const owner = istiod.metadata.labels?.[OWNER_LABEL];
  const deployments = cluster.gateways.filter(({ kind, metadata: { name, namespace, labels = {} } }) =>
    kind === 'Deployment'
    && labels[OWNER_LABEL] === owner
    && !cluster.networkServices.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace));
  const entriesOf = (component: string) => deployments
    .filter(({ metadata }) => metadata.labels?.[COMPONENT_LABEL] === component)
    .map(deployment => gatewayEntry(cluster, deployment));
  const ingressGateways = withDisabledIngress(entriesOf('IngressGateways'));
  const egressGateways = entriesOf('EgressGateways');
  return present({
    ingressGateways: isDeepStrictEqual(ingressGateways, PROFILE_INGRESS_GATEWAYS) ? undefined : ingressGateways,
    egressGateways: egressGateways.length === 0 ? undefined : egressGateways,
  });
}

const PROFILE_INGRESS_GATEWAYS = [{ name: INGRESS, enabled: true }];

/** Disables the profile's ingress gateway if the cluster does not have it. */
function withDisabledIngress(entries: readonly Fields[]): readonly Fields[] {
  return entries.some(({ name }) => name === INGRESS) ? entries : [{ name: INGRESS, enabled: false }, ...entries];
}

function gatewayEntry(cluster: ClusterObjects, deployment: LiveObject): Fields {
  const { name, namespace } = deployment.metadata;
  return present({
    name,
    namespace: namespace === cluster.namespace ? undefined : namespace,
    enabled: true,
    label: [INGRESS, EGRESS].includes(name) ? undefined : deployment.spec?.selector?.matchLabels,
    k8s: kubernetesSettings(gatewayObjects(cluster, deployment)),
  });
}

function kubernetesSettings(objects: GatewayObjects): Fields | undefined {
  const { deployment, service } = objects;
  const { annotations, ...serviceFields } = service ? serviceSettings(service) : {};
  const { autoscaling, ...replicas } = replicaSettings(objects);
  const { minReplicas, maxReplicas } = isMap(autoscaling) ? autoscaling : {};
  const hasOtherPorts = service && !hasProfilePorts(service, deployment.metadata.name);
  return filled({
    ...podSettings(objects),
    ...replicas,
    env: patchedVariables(deployment),
    service: filled({ ...serviceFields, ports: hasOtherPorts ? portsOf(service) : undefined }),
    serviceAnnotations: annotations,
    hpaSpec: filled({ minReplicas, maxReplicas }),
  });
}

/** The first variable that Istio's charts set; which one it is depends on their version. */
const FIRST_CHART_VARIABLES = ['JWT_POLICY', 'PILOT_CERT_PROVIDER', 'ISTIO_META_UNPRIVILEGED_POD'];

/** The variables that istioctl patched in, which come before those of the chart. */
function patchedVariables(deployment: LiveObject): readonly Fields[] | undefined {
  const variables = variablesOf(deployment);
  const count = variables.findIndex(({ name }) => FIRST_CHART_VARIABLES.includes(String(name)));
  return count > 0 ? variables.slice(0, count) : undefined;
}

/** Whether a gateway has the ports that istioctl's profiles set. */
function hasProfilePorts(service: LiveObject, name: string): boolean {
  const ports = portsOf(service).map(({ port }) => Number(port)).sort((one, other) => one - other);
  return isDeepStrictEqual(ports, name === EGRESS ? [80, 443] : [80, 443, 15021]);
}
