import { basename } from 'path-browserify';
import { controlPlanesOf, operatorNamespace, systemNamespaces, variable } from './control-planes';
import type { ClusterManifests } from './manifests';
import { type Part, helmValuesOf, manifestOf, objectsOf, operatorsOf } from './parts';
import type { Check, Violation } from '../../core/rule';
import { NETWORK_LABEL } from '../../istio/labels';
import { ISTIO_SYSTEM } from '../../istio/names';
import { CROSS_NETWORK_PORT, NETWORK_VIEW } from '../../settings/east-west-gateway-defaults';

const PORT_LABEL = 'networking.istio.io/gatewayPort';
const HBONE_PORT = 15008;

/**
 * The gateway of a network, as istiod discovers it.
 *
 * It is in an IstioOperator or in the values of the gateway chart, or it is a rendered Service and Deployment.
 */
export interface EastWestGateway {
  readonly name: string;
  readonly namespace?: string;
  /** The entry in the IstioOperator, the Helm values, or the Service. */
  readonly part: Part;
  /** Labels with which istiod recognizes the Service. */
  readonly labels: Part;
  /** Labels of the pods, if they are known. */
  readonly podLabels?: Part;
  /** Every place that contains its network. */
  readonly networks: readonly Part[];
  /** The environment that contains the network it may see, if it is known. */
  readonly env?: Part;
  /** Fields of the Service's `spec`. */
  readonly service: Part;
  readonly annotations: Part;
  /** Whether the injection webhook sets its image. */
  readonly isInjected: boolean;
}

/** The east-west gateways that the manifests of a cluster install. */
export function eastWestGatewaysOf(cluster: ClusterManifests): EastWestGateway[] {
  const gatewayValues = helmValuesOf(cluster).filter(values => values.at('labels', NETWORK_LABEL).isPresent);
  return [
    ...operatorsOf(cluster).flatMap(fromOperator),
    ...gatewayValues.map(values => fromHelmValues(cluster, values)),
    ...renderedGateways(cluster),
  ];
}

/** A check that evaluates each east-west gateway of a cluster. */
export function checkEachGateway(
  check: (gateway: EastWestGateway, cluster: ClusterManifests) => Violation[],
): Check<ClusterManifests> {
  return cluster => eastWestGatewaysOf(cluster).flatMap(gateway => check(gateway, cluster));
}

/** The gateways of any kind that an IstioOperator lists. */
export function listedGateways(operator: Part): Part[] {
  return ['ingressGateways', 'egressGateways'].flatMap(list => operator.at('spec', 'components', list).items)
    .filter(gateway => gateway.at('enabled').value !== false);
}

/** Name and namespace of a gateway in an IstioOperator. */
export function gatewayIdentity(operator: Part, gateway: Part): { name: string; namespace: string } {
  return {
    name: gateway.at('name').text ?? '',
    namespace: gateway.at('namespace').text ?? operatorNamespace(operator),
  };
}

function fromOperator(operator: Part): EastWestGateway[] {
  const global = operator.at('spec', 'values', 'global', 'network');
  const template = operator.at('spec', 'values', 'gateways', 'istio-ingressgateway', 'injectionTemplate');
  return listedGateways(operator).flatMap(gateway => {
    const env = gateway.at('k8s', 'env');
    const label = gateway.at('label', NETWORK_LABEL);
    const view = variable(env, NETWORK_VIEW)?.at('value');
    return label.isPresent || view ? [{
      ...gatewayIdentity(operator, gateway),
      part: gateway,
      labels: gateway.at('label'),
      podLabels: gateway.at('label'),
      networks: present(label, view, global),
      env,
      service: gateway.at('k8s', 'service'),
      annotations: gateway.at('k8s', 'serviceAnnotations'),
      isInjected: template.isPresent,
    }] : [];
  });
}

/** The gateway of a Helm release: the file of the values has its name, and it is in the namespace of istiod. */
function fromHelmValues(cluster: ClusterManifests, values: Part): EastWestGateway {
  const labels = values.at('labels');
  return {
    name: basename(manifestOf(cluster, values).file).replace(/\.[^.]*$/, ''),
    namespace: systemNamespaces(cluster)[0],
    part: values,
    labels,
    podLabels: labels,
    networks: present(labels.at(NETWORK_LABEL), values.at('env', NETWORK_VIEW)),
    service: values.at('service'),
    annotations: values.at('service', 'annotations'),
    isInjected: true,
  };
}

function renderedGateways(cluster: ClusterManifests): EastWestGateway[] {
  const deployments = objectsOf(cluster, 'Deployment.apps');
  const services = objectsOf(cluster, 'Service')
    .filter(service => service.at('metadata', 'labels', NETWORK_LABEL).isPresent);
  return services.map(service => {
    const name = service.at('metadata', 'name').text ?? '';
    const namespace = service.at('metadata', 'namespace').text;
    const deployment = deployments.find(object => object.at('metadata', 'name').value === name
      && object.at('metadata', 'namespace').text === namespace);
    const container = deployment?.at('spec', 'template', 'spec', 'containers').items
      .find(item => item.at('name').value === 'istio-proxy');
    const env = container?.at('env');
    const labels = service.at('metadata', 'labels');
    const podLabels = deployment?.at('spec', 'template', 'metadata', 'labels');
    const selected = service.at('spec', 'selector', NETWORK_LABEL);
    const view = env && variable(env, NETWORK_VIEW)?.at('value');
    return {
      name,
      namespace,
      part: service,
      labels,
      podLabels,
      networks: present(labels.at(NETWORK_LABEL), selected, podLabels?.at(NETWORK_LABEL), view),
      env,
      service: service.at('spec'),
      annotations: service.at('metadata', 'annotations'),
      isInjected: container?.at('image').value === 'auto',
    };
  });
}

function present(...parts: ReadonlyArray<Part | undefined>): Part[] {
  return parts.filter(part => part !== undefined).filter(({ isPresent }) => isPresent);
}

/** The port to which other networks connect. */
export function crossNetworkPort({ labels }: EastWestGateway): number {
  const label = Number(labels.at(PORT_LABEL).text ?? NaN);
  return Number.isInteger(label) ? label : CROSS_NETWORK_PORT;
}

/** The default ports of a gateway in an IstioOperator. */
const DEFAULT_PORTS = [15021, 80, 443];

/** Whether the Service of a gateway has a port for other networks. */
export function hasCrossNetworkPort(gateway: EastWestGateway): boolean {
  const ports = gateway.service.at('ports');
  const numbers = ports.isPresent ? ports.items.map(port => port.at('port').value) : DEFAULT_PORTS;
  return [crossNetworkPort(gateway), HBONE_PORT].some(port => numbers.includes(port));
}

/** The network of a cluster, and the object that sets it: a control plane, or otherwise the namespace of one. */
export function clusterNetwork(
  cluster: ClusterManifests,
): { readonly network: string; readonly object: Part } | undefined {
  const candidates = [
    ...controlPlanesOf(cluster).map(({ object, settings }) => ({ network: settings.network?.text, object })),
    ...systemNamespaceObjects(cluster)
      .map(object => ({ network: object.at('metadata', 'labels', NETWORK_LABEL).text, object })),
  ];
  for (const { network, object } of candidates) {
    if (network !== undefined) {
      return { network, object };
    }
  }
  return undefined;
}

/** The Namespace objects of the namespaces in which istiod runs. */
export function systemNamespaceObjects(cluster: ClusterManifests): Part[] {
  const installed = systemNamespaces(cluster);
  const names = installed.length > 0 ? installed : [ISTIO_SYSTEM];
  return objectsOf(cluster, 'Namespace').filter(object => names.includes(object.at('metadata', 'name').text ?? ''));
}
