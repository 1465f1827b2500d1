import type { EastWestGateway } from './east-west-gateways';
import { listedGateways, NETWORK_LABEL, ofEachGateway } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { objectsOf, operatorsOf } from './parts';
import { shared } from './shared-rules';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { dnsLabelProblem } from '../../istio/names';
import type { EastWestGatewayPort } from '../../settings/east-west-gateway-options';
import { isMap } from '../../util/map';
import { GATEWAY_RULES } from '../construct/gateway-rules';

function addressProblem({ service, annotations }: EastWestGateway): string | undefined {
  const type = service.at('type').text ?? 'LoadBalancer';
  if (!['NodePort', 'ClusterIP'].includes(type) || service.at('externalIPs').items.length > 0 || (type === 'NodePort' && annotations.at('traffic.istio.io/nodeSelector').isThere)) {
    return undefined;
  }
  return type === 'NodePort' ? 'type \'NodePort\' gives the gateway no address that istiod knows; add the annotation traffic.istio.io/nodeSelector with the labels of the nodes to reach it at'
    : `type '${type}' gives the gateway no address, and istiod ignores it; use LoadBalancer, or NodePort with the annotation traffic.istio.io/nodeSelector, or externalIPs`;
}

/** What the rules of a mesh say of the same Service. */
function serviceFindings(code: string, at: (gateway: EastWestGateway) => Part): Rule<ClusterManifests>['check'] {
  return ofEachGateway(gateway => {
    const { type, loadBalancerSourceRanges } = isMap(gateway.service.value) ? gateway.service.value : {};
    const annotations = Object.fromEntries(gateway.annotations.entries.flatMap(({ key, text }) => text === undefined ? [] : [[key, text]]));
    const service = { annotations, type: typeof type === 'string' ? type : undefined, loadBalancerSourceRanges: Array.isArray(loadBalancerSourceRanges) ? loadBalancerSourceRanges.map(String) : undefined };
    return shared(GATEWAY_RULES, code, { service }).flatMap(({ message }) => at(gateway).found(message));
  });
}

function controlPlanePorts({ service }: EastWestGateway): Finding[] {
  return service.at('ports').items.flatMap(part => isMap(part.value) && typeof part.value.port === 'number'
    ? shared(GATEWAY_RULES, 'IM048', { ports: [part.value as unknown as EastWestGatewayPort] }).flatMap(({ message }) => part.found(message)) : []);
}

/** Longest name of a port of a container. */
const MAX_PORT_NAME = 15;

function portNames(cluster: ClusterManifests): Finding[] {
  const services = [
    ...operatorsOf(cluster).flatMap(listedGateways).map(gateway => gateway.at('k8s', 'service', 'ports')),
    ...objectsOf(cluster, 'Service').map(service => service.at('spec', 'ports')),
  ];
  const containers = objectsOf(cluster, 'Deployment.apps').flatMap(deployment => deployment.at('spec', 'template', 'spec', 'containers').items)
    .flatMap(container => container.at('ports').items.map(port => port.at('name')));
  const short = [...containers, ...services.flatMap(ports => ports.items.map(port => port.at('targetPort')))];
  return [
    ...services.flatMap(({ items }) => items.flatMap(port => {
      const name = port.at('name');
      return name.text === undefined ? (name.isThere || items.length < 2 ? [] : port.found('name is missing, which the API server asks for where a Service has several ports; write one'))
        : name.found(dnsLabelProblem('name', name.text));
    })),
    ...short.flatMap(part => part.found(part.text !== undefined && part.text.length > MAX_PORT_NAME
      ? `port name '${part.text}' has ${part.text.length} characters, and the API server takes ${MAX_PORT_NAME} where a port of a container is named; shorten it` : undefined)),
  ];
}

function podSelection({ part, podLabels, service }: EastWestGateway): Finding[] {
  return podLabels === undefined || part.at('spec').path.join() !== service.path.join() ? [] : service.at('selector').entries.flatMap(entry => entry.found(
    entry.key === NETWORK_LABEL || entry.text === undefined || podLabels.at(entry.key).value === entry.value ? undefined
      : `selector ${entry.key}: ${entry.text} is no label of the gateway's pods, so that the Service leads nowhere; write the label of the Deployment's template`));
}

/** The Service of an east-west gateway. */
export const GATEWAY_SERVICE_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM154',
    severity: Severity.WARNING,
    title: 'an installed gateway has an address that others reach',
    symptom: 'istiod ignores the gateway and sends the other networks the addresses of pods, which they cannot reach',
    fix: 'use a Service of type LoadBalancer, or NodePort with the annotation traffic.istio.io/nodeSelector, or externalIPs',
    see: 'https://github.com/istio/istio/issues/29359',
    check: ofEachGateway(gateway => (gateway.service.at('type').isThere ? gateway.service.at('type') : gateway.part).found(addressProblem(gateway))),
  },
  {
    code: 'IM155',
    sameAs: 'IM048',
    severity: Severity.WARNING,
    title: 'an installed gateway opens no port of istiod',
    symptom: 'anybody who reaches the gateway reaches istiod, which only clusters without a control plane of their own need',
    fix: 'leave 15012 and 15017 out',
    see: 'https://github.com/istio/istio/pull/36175',
    check: ofEachGateway(controlPlanePorts),
  },
  {
    code: 'IM156',
    sameAs: 'IM049',
    severity: Severity.WARNING,
    title: 'an installed gateway on the Internet says who may reach it',
    symptom: 'everybody can open connections to the gateway; mutual TLS alone keeps them out',
    fix: 'make the load balancer internal, or set loadBalancerSourceRanges',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1',
    check: serviceFindings('IM049', ({ service, part }) => service.isThere ? service : part),
  },
  {
    code: 'IM157',
    sameAs: 'IM050',
    severity: Severity.WARNING,
    title: 'the load balancer of an installed gateway passes TLS through',
    symptom: 'a load balancer that ends TLS or speaks HTTP breaks the handshake between the proxies, and every request across networks fails',
    fix: 'remove the annotation',
    see: 'https://github.com/istio/istio.io/issues/17065',
    check: serviceFindings('IM050', ({ annotations }) => annotations),
  },
  {
    code: 'IM158',
    severity: Severity.ERROR,
    title: 'the API server takes the names of the ports',
    symptom: 'spec.ports[1].name: Required value',
    fix: 'name each port with a DNS label, and those of containers with up to 15 characters',
    see: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
    check: portNames,
  },
  {
    code: 'IM159',
    severity: Severity.ERROR,
    title: 'the Service of a rendered gateway selects its pods',
    symptom: 'the load balancer has no healthy target, and connections from other networks are refused',
    fix: 'write the labels of the Deployment\'s template in the selector',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/',
    check: ofEachGateway(podSelection),
  },
];
