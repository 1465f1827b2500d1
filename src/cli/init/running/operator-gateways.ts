import { isDeepStrictEqual } from 'util';
import type { RunningCluster } from './cluster-objects';
import { partsOf, podSettings, portsOf, replicaSettings, serviceSettings, variablesOf } from './gateway-settings';
import type { Fields } from '../../../util/map';
import { filled, isMap, present } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** The lists of an IstioOperator, with the component that istioctl labels the gateways in it by. */
const LISTS = { ingressGateways: 'IngressGateways', egressGateways: 'EgressGateways' };

const INGRESS = 'istio-ingressgateway';
const EGRESS = 'istio-egressgateway';

/** Which istioctl's profile has, unless somebody says otherwise. */
const OF_PROFILE = [{ name: INGRESS, enabled: true }];

const COMPONENT = 'operator.istio.io/component';
const OWNER = 'install.operator.istio.io/owning-resource';

/** The gateways beside the east-west one that istioctl installed with a control plane, as IstioOperators list them. */
export function listedGateways(cluster: RunningCluster, istiod: LiveObject): Fields {
  const { gateways, networkServices } = cluster;
  const own = gateways.filter(({ kind, metadata: { name, namespace, labels = {} } }) => kind === 'Deployment'
    && labels[OWNER] === istiod.metadata.labels?.[OWNER]
    && !networkServices.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace));
  return Object.fromEntries(Object.entries(LISTS).flatMap(([list, component]) => {
    const listed = own.filter(({ metadata }) => metadata.labels?.[COMPONENT] === component).map(deployment => entryOf(cluster, deployment));
    const lacks = list === 'ingressGateways' && !listed.some(({ name }) => name === INGRESS);
    const all = [...lacks ? [{ name: INGRESS, enabled: false }] : [], ...listed];
    return isDeepStrictEqual(all, list === 'ingressGateways' ? OF_PROFILE : []) ? [] : [[list, all]];
  }));
}

/** The first variables that Istio's charts give a gateway; what istioctl adds stands before them. */
const FIRST_OF_CHART = ['JWT_POLICY', 'PILOT_CERT_PROVIDER', 'ISTIO_META_UNPRIVILEGED_POD'];

function entryOf(cluster: RunningCluster, deployment: LiveObject): Fields {
  const { name, namespace } = deployment.metadata;
  const parts = partsOf(cluster, deployment);
  const { annotations, ...service } = parts.service ? serviceSettings(parts.service) : {};
  const { autoscaling, ...replicas } = replicaSettings(parts);
  const { minReplicas, maxReplicas } = isMap(autoscaling) ? autoscaling : {};
  const variables = variablesOf(deployment);
  const ofChart = variables.findIndex(variable => FIRST_OF_CHART.includes(String(variable.name)));
  return present({
    name,
    namespace: namespace === cluster.namespace ? undefined : namespace,
    enabled: true,
    label: [INGRESS, EGRESS].includes(name) ? undefined : deployment.spec?.selector?.matchLabels,
    k8s: filled({
      ...podSettings(parts),
      ...replicas,
      env: ofChart > 0 ? variables.slice(0, ofChart) : undefined,
      service: filled({ ...service, ports: parts.service && !hasUsualPorts(parts.service, name) ? portsOf(parts.service) : undefined }),
      serviceAnnotations: annotations,
      hpaSpec: filled({ minReplicas, maxReplicas }),
    }),
  });
}

/** Those that profiles give a gateway. */
function hasUsualPorts(service: LiveObject, name: string): boolean {
  const ports = portsOf(service).map(({ port }) => port).sort((one, other) => one - other);
  return isDeepStrictEqual(ports, name === EGRESS ? [80, 443] : [80, 443, 15021]);
}
