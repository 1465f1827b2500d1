import { applyRule, sameAs } from './apply-rule';
import { type EastWestGateway, checkEachGateway, listedGateways } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { type Part, objectsOf, operatorsOf } from './parts';
import { type Check, type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { NETWORK_LABEL, NODE_SELECTOR } from '../../istio/labels';
import { dnsLabelProblem } from '../../istio/names';
import { isMap } from '../../util/map';
import { addressProblem, GATEWAY_RULES } from '../construct/gateway-rules';

/** A check that applies a rule for the gateway of a mesh to the Service of each installed gateway. */
function checkServices(code: string, placeOf: (gateway: EastWestGateway) => Part): Check<ClusterManifests> {
  return checkEachGateway(gateway =>
    placeOf(gateway).found(...applyRule(GATEWAY_RULES, code, { service: serviceOptions(gateway) })));
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
  return service.at('ports').items.flatMap(part => {
    const { name, port, targetPort } = isMap(part.value) ? part.value : {};
    return typeof port !== 'number' ? [] : part.found(...applyRule(GATEWAY_RULES, 'IM048', {
      ports: [{ name: String(name), port, targetPort: Number(targetPort ?? port) }],
    }));
  });
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

function longNameProblem({ text }: Part): MaybeProblem {
  return text !== undefined && text.length > MAX_PORT_NAME
    && problem(`port name '${text}' has ${text.length} characters, but the API server accepts at most ${MAX_PORT_NAME} `
      + 'for a container port', 'shorten it');
}

function podSelection({ part, podLabels, service }: EastWestGateway): Violation[] {
  const isRendered = part.at('spec').path.join() === service.path.join();
  return podLabels === undefined || !isRendered ? [] : service.at('selector').entries.flatMap(entry => {
    const isMatched = entry.text === undefined || podLabels.at(entry.key).value === entry.value;
    return entry.found(entry.key !== NETWORK_LABEL && !isMatched // another rule compares networks
      && problem(`selector ${entry.key}: ${entry.text} is not a label of the gateway's pods, so the Service has no `
        + 'endpoints', 'use a label from the pod template of the Deployment'));
  });
}

/** Rules for the Service of an east-west gateway. */
export const GATEWAY_SERVICE_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM154',
    severity: Severity.WARNING,
    title: 'an installed gateway has an address that other clusters can reach',
    symptom: 'istiod ignores the gateway and sends pod addresses to other networks, which cannot reach them',
    fix: 'use a Service of type LoadBalancer, NodePort with the annotation traffic.istio.io/nodeSelector, or '
      + 'externalIPs',
    see: 'https://github.com/istio/istio/issues/29359',
    check: checkEachGateway(gateway => {
      const { service, annotations } = gateway;
      return service.at('type').found(addressProblem('type', {
        type: service.at('type').text ?? 'LoadBalancer',
        hasExternalIP: service.at('externalIPs').items.length > 0,
        hasNodes: annotations.at(NODE_SELECTOR).isPresent,
      }, {
        NodePort: `add the annotation ${NODE_SELECTOR} with the labels of the nodes that other networks can reach`,
        ClusterIP: `use LoadBalancer, NodePort with the annotation ${NODE_SELECTOR}, or externalIPs`,
      }));
    }),
  },
  {
    ...sameAs(GATEWAY_RULES, 'IM048'),
    code: 'IM155',
    title: 'an installed gateway opens no port of istiod',
    check: checkEachGateway(istiodPorts),
  },
  {
    ...sameAs(GATEWAY_RULES, 'IM049'),
    code: 'IM156',
    title: 'a public installed gateway accepts connections only from known addresses',
    fix: 'make the load balancer internal, or set loadBalancerSourceRanges',
    check: checkServices('IM049', ({ service, part }) => service.isPresent ? service : part),
  },
  {
    ...sameAs(GATEWAY_RULES, 'IM050'),
    code: 'IM157',
    title: 'the load balancer of an installed gateway passes TLS through',
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
