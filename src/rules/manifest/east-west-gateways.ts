import { controlPlanesOf, operatorNamespace, systemNamespaces, variable } from './control-planes';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { helmValuesOf, manifestOf, objectsOf, operatorsOf } from './parts';
import type { Finding, Rule } from '../../core/rule';
import { ISTIO_SYSTEM } from '../../istio/names';
import { CROSS_NETWORK_PORT, NETWORK_VIEW } from '../../settings/east-west-gateway-defaults';
import { basename } from '../../util/posix-path';

export const NETWORK_LABEL = 'topology.istio.io/network';
const PORT_LABEL = 'networking.istio.io/gatewayPort';
const HBONE_PORT = 15008;

/** A gateway of a network, as istiod sees it: in an IstioOperator, in values of the gateway chart, or rendered as Service and Deployment. */
export interface EastWestGateway {
  readonly name: string;
  readonly namespace?: string;
  /** The entry of the IstioOperator, the values, or the Service. */
  readonly part: Part;
  /** Labels by which istiod knows the Service. */
  readonly labels: Part;
  /** Labels of the pods, where they are known. */
  readonly podLabels?: Part;
  /** Every place that names its network. */
  readonly networks: readonly Part[];
  /** The environment in which the network it may see belongs, where it is known. */
  readonly env?: Part;
  /** Fields of the Service's `spec`. */
  readonly service: Part;
  readonly annotations: Part;
  /** Whether its image comes from the injecting webhook. */
  readonly isInjected: boolean;
}

/** The east-west gateways that the manifests of a cluster install. */
export function eastWestGatewaysOf(cluster: ClusterManifests): EastWestGateway[] {
  const ofCharts = helmValuesOf(cluster).filter(values => values.at('labels', NETWORK_LABEL).isThere).map(values => inValues(cluster, values));
  return [...operatorsOf(cluster).flatMap(inOperator), ...ofCharts, ...rendered(cluster)];
}

/** Judges each east-west gateway of a cluster. */
export function ofEachGateway(check: (gateway: EastWestGateway, cluster: ClusterManifests) => Finding[]): Rule<ClusterManifests>['check'] {
  return cluster => eastWestGatewaysOf(cluster).flatMap(gateway => check(gateway, cluster));
}

/** The gateways of any kind that an IstioOperator installs, as far as it lists them. */
export function listedGateways(operator: Part): Part[] {
  return ['ingressGateways', 'egressGateways'].flatMap(list => operator.at('spec', 'components', list).items)
    .filter(gateway => gateway.at('enabled').value !== false);
}

/** Name and namespace of a gateway that an IstioOperator lists. */
export function gatewayIdentity(operator: Part, gateway: Part): { name: string; namespace: string } {
  return { name: gateway.at('name').text ?? '', namespace: gateway.at('namespace').text ?? operatorNamespace(operator) };
}

function inOperator(operator: Part): EastWestGateway[] {
  const global = operator.at('spec', 'values', 'global', 'network');
  const template = operator.at('spec', 'values', 'gateways', 'istio-ingressgateway', 'injectionTemplate');
  return listedGateways(operator).flatMap(gateway => {
    const env = gateway.at('k8s', 'env');
    const label = gateway.at('label', NETWORK_LABEL);
    const view = variable(env, NETWORK_VIEW)?.at('value');
    const service = gateway.at('k8s', 'service');
    return label.isThere || view ? [{
      ...gatewayIdentity(operator, gateway),
      part: gateway,
      labels: gateway.at('label'),
      podLabels: gateway.at('label'),
      networks: [label, view, global].filter(part => part?.isThere) as Part[],
      env,
      service,
      annotations: gateway.at('k8s', 'serviceAnnotations'),
      isInjected: template.isThere,
    }] : [];
  });
}

/** Values of a release of the gateway's name, in the namespace of istiod. */
function inValues(cluster: ClusterManifests, values: Part): EastWestGateway {
  const labels = values.at('labels');
  const env = values.at('env');
  const view = env.at(NETWORK_VIEW);
  return {
    name: basename(manifestOf(cluster, values).file).replace(/\.[^.]*$/, ''),
    namespace: systemNamespaces(cluster)[0],
    part: values,
    labels,
    podLabels: labels,
    networks: [labels.at(NETWORK_LABEL), view].filter(({ isThere }) => isThere),
    service: values.at('service'),
    annotations: values.at('service', 'annotations'),
    isInjected: true,
  };
}

function rendered(cluster: ClusterManifests): EastWestGateway[] {
  const deployments = objectsOf(cluster, 'Deployment.apps');
  return objectsOf(cluster, 'Service').filter(service => service.at('metadata', 'labels', NETWORK_LABEL).isThere).map(service => {
    const name = service.at('metadata', 'name').text ?? '';
    const namespace = service.at('metadata', 'namespace').text;
    const deployment = deployments.find(object => object.at('metadata', 'name').value === name && object.at('metadata', 'namespace').text === namespace);
    const container = deployment?.at('spec', 'template', 'spec', 'containers').items.find(item => item.at('name').value === 'istio-proxy');
    const view = container && variable(container.at('env'), NETWORK_VIEW)?.at('value');
    const podLabels = deployment?.at('spec', 'template', 'metadata', 'labels');
    const networks = [service.at('metadata', 'labels', NETWORK_LABEL), service.at('spec', 'selector', NETWORK_LABEL), podLabels?.at(NETWORK_LABEL), view];
    return {
      name,
      namespace,
      part: service,
      labels: service.at('metadata', 'labels'),
      podLabels,
      networks: networks.filter(part => part?.isThere) as Part[],
      env: container?.at('env'),
      service: service.at('spec'),
      annotations: service.at('metadata', 'annotations'),
      isInjected: container?.at('image').value === 'auto',
    };
  });
}

/** The port at which the other networks knock. */
export function crossNetworkPort({ labels }: EastWestGateway): number {
  const label = Number(labels.at(PORT_LABEL).text ?? NaN);
  return Number.isInteger(label) ? label : CROSS_NETWORK_PORT;
}

/** What a gateway of an IstioOperator has without ports of its own. */
const DEFAULT_PORTS = [15021, 80, 443];

/** Whether the Service of a gateway has a port for the other networks. */
export function isReached(gateway: EastWestGateway): boolean {
  const ports = gateway.service.at('ports').isThere ? gateway.service.at('ports').items.map(port => port.at('port').value) : DEFAULT_PORTS;
  return [crossNetworkPort(gateway), HBONE_PORT].some(port => ports.includes(port));
}

/** The network that a cluster says it is on, and who says so: a control plane, or else the namespace of one. */
export function clusterNetwork(cluster: ClusterManifests): { readonly network: string; readonly saidBy: Part } | undefined {
  const planes = controlPlanesOf(cluster).map(({ object, settings }) => ({ network: settings.network?.text, saidBy: object }));
  const namespaces = systemNamespaceObjects(cluster).map(object => ({ network: object.at('metadata', 'labels', NETWORK_LABEL).text, saidBy: object }));
  const said = [...planes, ...namespaces].find(({ network }) => network !== undefined);
  return said && { network: said.network!, saidBy: said.saidBy };
}

/** The Namespace objects in which istiod runs. */
export function systemNamespaceObjects(cluster: ClusterManifests): Part[] {
  const names = systemNamespaces(cluster);
  return objectsOf(cluster, 'Namespace').filter(object => (names.length > 0 ? names : [ISTIO_SYSTEM]).includes(object.at('metadata', 'name').text ?? ''));
}
