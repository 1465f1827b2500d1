import { applyRule } from './apply-rule';
import { type EastWestGateway, checkEachGateway, listedGateways, NETWORK_LABEL } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { type Part, objectsOf, operatorsOf } from './parts';
import { type Problem, problem } from '../../core/problem';
import { type Violation, type Rule, Severity } from '../../core/rule';
import { dnsLabelProblem } from '../../istio/names';
import type { EastWestGatewayPort } from '../../settings/east-west-gateway-options';
import { isMap } from '../../util/map';
import { GATEWAY_RULES } from '../construct/gateway-rules';

function addressProblem({ service, annotations }: EastWestGateway): Problem | undefined {
  const type = service.at('type').text ?? 'LoadBalancer';
  if (!['NodePort', 'ClusterIP'].includes(type) || service.at('externalIPs').items.length > 0) {
    return undefined;
  }
  if (type === 'NodePort') {
    return annotations.at('traffic.istio.io/nodeSelector').isPresent ? undefined
      : problem('type \'NodePort\' gives the gateway no address that istiod knows',
        'add the annotation traffic.istio.io/nodeSelector with the labels of the nodes that other networks can reach');
  }
  return problem(`type '${type}' gives the gateway no external address, and istiod ignores it`,
    'use LoadBalancer, NodePort with the annotation traffic.istio.io/nodeSelector, or externalIPs');
}

/** A check that applies a rule for the gateway of a mesh to the Service of each installed gateway. */
function checkServices(code: string, placeOf: (gateway: EastWestGateway) => Part): Rule<ClusterManifests>['check'] {
  return checkEachGateway(gateway => applyRule(GATEWAY_RULES, code, { service: serviceOptions(gateway) })
    .flatMap(found => placeOf(gateway).found(found)));
}

function serviceOptions({ service, annotations }: EastWestGateway) {
  const { type, loadBalancerSourceRanges: ranges } = isMap(service.value) ? service.value : {};
  const texts = annotations.entries.flatMap(({ key, text }) => text === undefined ? [] : [[key, text]]);
  return {
    annotations: Object.fromEntries(texts),
    type: typeof type === 'string' ? type : undefined,
    loadBalancerSourceRanges: Array.isArray(ranges) ? ranges.map(String) : undefined,
  };
}

function istiodPorts({ service }: EastWestGateway): Violation[] {
  return service.at('ports').items.flatMap(part => isMap(part.value) && typeof part.value.port === 'number'
    ? applyRule(GATEWAY_RULES, 'IM048', { ports: [part.value as unknown as EastWestGatewayPort] })
      .flatMap(found => part.found(found))
    : []);
}

function portNames(cluster: ClusterManifests): Violation[] {
  const ofGateways = operatorsOf(cluster).flatMap(listedGateways).map(gateway => gateway.at('k8s', 'service', 'ports'));
  const ofServices = objectsOf(cluster, 'Service').map(service => service.at('spec', 'ports'));
  const containers = objectsOf(cluster, 'Deployment.apps')
    .flatMap(deployment => deployment.at('spec', 'template', 'spec', 'containers').items);
  const servicePorts = [...ofGateways, ...ofServices];
  const containerPortNames = [
    ...containers.flatMap(container => container.at('ports').items.map(port => port.at('name'))),
    ...servicePorts.flatMap(ports => ports.items.map(port => port.at('targetPort'))),
  ];
  return [
    ...servicePorts.flatMap(servicePortNames),
    ...containerPortNames.flatMap(part => part.found(longNameProblem(part))),
  ];
}

function servicePortNames({ items }: Part): Violation[] {
  return items.flatMap(port => {
    const name = port.at('name');
    if (name.text !== undefined) {
      return name.found(dnsLabelProblem('name', name.text));
    }
    return name.isPresent || items.length < 2 ? []
      : port.found(problem('name is missing, which the API server requires if a Service has several ports', 'add it'));
  });
}

/** Longest name of a port of a container. */
const MAX_PORT_NAME = 15;

function longNameProblem({ text }: Part): Problem | undefined {
  return text !== undefined && text.length > MAX_PORT_NAME
    ? problem(`port name '${text}' has ${text.length} characters, but the API server accepts at most ${MAX_PORT_NAME} `
      + 'for a container port', 'shorten it') : undefined;
}

function podSelection({ part, podLabels, service }: EastWestGateway): Violation[] {
  const isRendered = part.at('spec').path.join() === service.path.join();
  return podLabels === undefined || !isRendered ? [] : service.at('selector').entries.flatMap(entry => {
    const isMatched = entry.text === undefined || podLabels.at(entry.key).value === entry.value;
    return entry.found(entry.key === NETWORK_LABEL || isMatched ? undefined // another rule compares networks
      : problem(`selector ${entry.key}: ${entry.text} is not a label of the gateway's pods, so the Service has no `
        + 'endpoints', 'use a label from the pod template of the Deployment'));
  });
}

/** Rules for the Service of an east-west gateway. */
export const GATEWAY_SERVICE_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM154',
    severity: Severity.WARNING,
    title: 'an installed gateway has an address that other clusters can reach',
    symptom: 'istiod ignores the gateway and sends pod addresses to other networks, which cannot reach them',
    fix: 'use a Service of type LoadBalancer, NodePort with the annotation traffic.istio.io/nodeSelector, or '
      + 'externalIPs',
    see: 'https://github.com/istio/istio/issues/29359',
    check: checkEachGateway(gateway => {
      const type = gateway.service.at('type');
      return (type.isPresent ? type : gateway.part).found(addressProblem(gateway));
    }),
  },
  {
    code: 'IM155',
    sameAs: 'IM048',
    severity: Severity.WARNING,
    title: 'an installed gateway opens no port of istiod',
    symptom: 'anyone with access to the gateway reaches istiod, which only clusters without their own control plane '
      + 'need',
    fix: 'remove 15012 and 15017',
    see: 'https://github.com/istio/istio/pull/36175',
    check: checkEachGateway(istiodPorts),
  },
  {
    code: 'IM156',
    sameAs: 'IM049',
    severity: Severity.WARNING,
    title: 'a public installed gateway accepts connections only from known addresses',
    symptom: 'anyone can open connections to the gateway; only mutual TLS keeps them out',
    fix: 'make the load balancer internal, or set loadBalancerSourceRanges',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1',
    check: checkServices('IM049', ({ service, part }) => service.isPresent ? service : part),
  },
  {
    code: 'IM157',
    sameAs: 'IM050',
    severity: Severity.WARNING,
    title: 'the load balancer of an installed gateway passes TLS through',
    symptom: 'a load balancer that terminates TLS or uses HTTP breaks the TLS handshake between the proxies, and every '
      + 'request across networks fails',
    fix: 'remove the annotation',
    see: 'https://github.com/istio/istio.io/issues/17065',
    check: checkServices('IM050', ({ annotations }) => annotations),
  },
  {
    code: 'IM158',
    severity: Severity.ERROR,
    title: 'port names are valid in Kubernetes',
    symptom: 'spec.ports[1].name: Required value',
    fix: 'name each port with a DNS label, and the ports of containers with at most 15 characters',
    see: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
    check: portNames,
  },
  {
    code: 'IM159',
    severity: Severity.ERROR,
    title: 'the Service of a rendered gateway selects its pods',
    symptom: 'the load balancer has no healthy target, and connections from other networks fail',
    fix: 'use labels from the pod template of the Deployment in the selector',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/',
    check: checkEachGateway(podSelection),
  },
];
