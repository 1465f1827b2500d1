import { GATEWAY_ACCESS_RULES } from './gateway-access-rules';
import { type MaybeProblem, type Rules, problem, Severity, violations } from '../../core/rule';
import { NODE_SELECTOR } from '../../istio/labels';
import { dnsLabelProblem, plainTextProblem, suffixProblem } from '../../istio/names';
import {
  CROSS_NETWORK_PORT, DEFAULT_NAME, DEFAULT_PORTS, NETWORK_VIEW, OPERATOR_PREFIX, TLS_PORT_NAME,
} from '../../settings/east-west-gateway-defaults';
import type { EastWestGatewayOptions, EastWestGatewayPort } from '../../settings/east-west-gateway-options';
import { annotations, autoscalingOf, isCidr, minimumPods, serviceType } from '../../settings/gateway-service';
import type { Installer } from '../../settings/installer/installer';
import { ipVersion } from '../../util/ip-address';
import { nearest } from '../../util/suggestions';

const GATEWAY = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1';
const SERVICE = 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/';
const LARGEST_PORT = 65535;
const MAX_COUNT = 2 ** 31 - 1; // Kubernetes counts in 32 bits

/** The settings of an east-west gateway, and its installer. */
interface GatewaySubject extends EastWestGatewayOptions {
  readonly installer?: Installer;
}

/** Rules for the settings of an east-west gateway, of a cluster or of an EastWestGateway. */
export const GATEWAY_RULES: Rules<GatewaySubject> = [
  {
    code: 'IM040',
    severity: Severity.ERROR,
    title: 'the name of a gateway is a DNS label that is read as a string without quotes, and short enough for '
      + 'generated names',
    symptom: 'the API server rejects the Deployment, the Service or a label',
    fix: 'shorten it, or put a word before a number',
    see: GATEWAY,
    check: ({ name = DEFAULT_NAME }) => violations([],
      suffixProblem('name', name, OPERATOR_PREFIX, 'a label value') // the name of its IstioOperator
        || plainTextProblem('name', name, `istio-${name}`)),
  },
  {
    code: 'IM041',
    severity: Severity.ERROR,
    title: `a gateway has a port named ${TLS_PORT_NAME}`,
    symptom: 'the gateway has no listener for other networks, and their requests fail',
    fix: `add {name: ${TLS_PORT_NAME}, port: ${CROSS_NETWORK_PORT}}`,
    see: GATEWAY,
    check: ({ ports = DEFAULT_PORTS }) => violations([], !ports.some(({ name }) => name === TLS_PORT_NAME)
      && problem(`ports has no port named '${TLS_PORT_NAME}', which receives the traffic of other networks`,
        `add {name: tls, port: ${CROSS_NETWORK_PORT}}`)),
  },
  {
    code: 'IM042',
    severity: Severity.ERROR,
    title: 'the ports of a gateway have unique and valid names and numbers',
    symptom: 'the API server rejects the Service after istioctl accepted it',
    fix: 'use DNS labels, and numbers from 1 to 65535',
    see: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
    check: ({ ports = DEFAULT_PORTS }) => violations([], ...portProblems(ports)),
  },
  {
    code: 'IM043',
    severity: Severity.ERROR,
    title: 'the target port of a gateway is one that unprivileged pods can open',
    symptom: 'istioctl rejects the installation',
    fix: 'set targetPort to 1024 or more',
    see: 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/',
    check: ({ ports = DEFAULT_PORTS }) => violations([], ...ports.map(targetPortProblem)),
  },
  {
    code: 'IM044',
    severity: Severity.ERROR,
    title: 'a gateway has an address that other clusters can reach',
    symptom: 'istiod ignores the gateway and sends pod addresses to other networks, which cannot reach them',
    fix: 'use a Service of type LoadBalancer, loadBalancer nodePort, or externalIPs',
    see: 'https://github.com/istio/istio/issues/29359',
    check: options => violations([], addressProblem('service.type', {
      type: serviceType(options),
      hasExternalIP: (options.service?.externalIPs ?? []).length > 0,
      hasNodes: Boolean(annotations(options)[NODE_SELECTOR]),
    }, {
      NodePort: 'use loadBalancer nodePort with the labels of the nodes that other networks can reach',
      ClusterIP: 'use LoadBalancer, loadBalancer nodePort, or externalIPs',
    })),
  },
  {
    code: 'IM045',
    severity: Severity.ERROR,
    title: 'the settings of a gateway\'s Service are valid in Kubernetes',
    symptom: 'the API server rejects the Service after istioctl accepted it',
    fix: 'correct the setting that the message names',
    see: SERVICE,
    check: ({ service = {} }) => violations([], ...serviceProblems(service)),
  },
  {
    code: 'IM046',
    severity: Severity.ERROR,
    title: 'the replica settings of a gateway are whole numbers that do not contradict each other',
    symptom: 'the API server rejects the autoscaler or the disruption budget, or one of two settings silently wins',
    fix: 'correct the setting that the message names',
    see: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    check: options => violations([], ...replicaProblems(options)),
  },
  {
    code: 'IM047',
    severity: Severity.ERROR,
    title: 'the network of a gateway is set in only one place',
    symptom: 'the gateway has the endpoints of a different network than its label, and answers 503',
    fix: `remove ${NETWORK_VIEW} from env`,
    see: 'https://github.com/istio/istio/issues/40709',
    check: ({ env = {} }) => violations([], NETWORK_VIEW in env
      && problem(`env.${NETWORK_VIEW} is set by this library from network`, 'remove it')),
  },
  {
    code: 'IM048',
    severity: Severity.WARNING,
    title: 'a gateway opens no port of istiod',
    symptom: 'anyone with access to the gateway reaches istiod, which only clusters without their own control plane '
      + 'need',
    fix: 'remove 15012 and 15017',
    see: 'https://github.com/istio/istio/pull/36175',
    check: ({ ports = DEFAULT_PORTS }) => ports.flatMap(({ name, port, targetPort = port }) =>
      violations([], [15012, 15017].includes(targetPort)
        && problem(`ports contains '${name}' with ${targetPort}, a port of istiod, which no cluster of a multi-primary `
          + 'mesh uses through a gateway', 'remove it'))),
  },
  {
    code: 'IM050',
    severity: Severity.WARNING,
    title: 'the load balancer of a gateway passes TLS through',
    symptom: 'a load balancer that terminates TLS or uses HTTP breaks the TLS handshake between the proxies, and every '
      + 'request across networks fails',
    fix: 'remove the annotation',
    see: 'https://github.com/istio/istio.io/issues/17065',
    check: options => Object.entries(annotations(options)).flatMap(([name, value]) => violations([],
      terminatesTls(name, value)
        && problem(`annotation '${name}: ${value}' makes the load balancer terminate TLS, which only the proxy at the `
          + 'other end may do', 'remove it'))),
  },
  {
    code: 'IM095',
    severity: Severity.ERROR,
    title: 'the installer supports the settings of the gateway',
    symptom: 'a setting has no effect, or the installation of the gateway fails',
    fix: 'change the setting as the message describes, or choose another installer',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/',
    check: ({ installer, ...options }) =>
      violations([], ...installer?._checks.gateway(options) ?? []),
  },
  ...GATEWAY_ACCESS_RULES,
];

function portProblems(ports: readonly EastWestGatewayPort[]): MaybeProblem[] {
  const repeated = <T>(values: T[]) => values.find((value, i) => values.indexOf(value) < i);
  const name = repeated(ports.map(port => port.name));
  const number = repeated(ports.map(({ port }) => port));
  return [
    name !== undefined && problem(`ports contains the name '${name}' twice`, 'give each port its own name'),
    number !== undefined && problem(`ports contains the port ${number} twice`, 'give each port its own number'),
    ...ports.map(port => dnsLabelProblem('ports[].name', port.name)),
    ...ports.flatMap(({ name: owner, port, nodePort = 1 }) => Object.entries({ nodePort, port }).map(([field, value]) =>
      !isPort(value)
        && problem(`${field} ${value} of '${owner}' is not a valid port number`, `use 1 to ${LARGEST_PORT}`))),
  ];
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= LARGEST_PORT;
}

function targetPortProblem({ name, port, targetPort = port }: EastWestGatewayPort): MaybeProblem {
  return !isPort(port) || (isPort(targetPort) && targetPort >= 1024) ? undefined
    : problem(`targetPort ${targetPort} of '${name}' is not between 1024 and ${LARGEST_PORT}, and istioctl rejects it `
      + 'because the pods of the gateway run without privileges', `set targetPort, e.g. to ${8000 + port % 1000}`);
}

/** A Service through which other clusters reach a gateway. */
interface AddressedService {
  readonly type: string;
  readonly hasExternalIP: boolean;
  /** Whether it has the annotation with the nodes whose addresses istiod uses. */
  readonly hasNodes: boolean;
}

/**
 * A Service that gives a gateway no address that istiod knows.
 *
 * @param field name of the type
 * @param fixes what to do for each type
 */
export function addressProblem(
  field: string, { type, hasExternalIP, hasNodes }: AddressedService, fixes: { NodePort: string; ClusterIP: string },
): MaybeProblem {
  if (type === 'NodePort') {
    return !hasExternalIP && !hasNodes
      && problem(`${field} 'NodePort' gives the gateway no address that istiod knows`, fixes.NodePort);
  }
  return type === 'ClusterIP' && !hasExternalIP
    && problem(`${field} 'ClusterIP' gives the gateway no external address, and istiod ignores it`, fixes.ClusterIP);
}

function serviceProblems(service: NonNullable<EastWestGatewayOptions['service']>): MaybeProblem[] {
  const oneOf = (field: string, value: string | undefined, values: string[]) =>
    value === undefined || values.includes(value) ? undefined
      : problem(`service.${field} '${value}' is not a valid value in Kubernetes`, nearest(value, values));
  return [
    oneOf('type', service.type, ['LoadBalancer', 'NodePort', 'ClusterIP']),
    oneOf('externalTrafficPolicy', service.externalTrafficPolicy, ['Cluster', 'Local']),
    oneOf('ipFamilyPolicy', service.ipFamilyPolicy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']),
    ...(service.ipFamilies ?? []).map(family => oneOf('ipFamilies', family, ['IPv4', 'IPv6'])),
    ...(service.externalIPs ?? []).filter(address => ipVersion(address) === 0)
      .map(address => problem(`service.externalIPs contains '${address}', which is not a valid IP address`)),
    ...(service.loadBalancerSourceRanges ?? []).filter(range => !isCidr(range)).map(range =>
      problem(`service.loadBalancerSourceRanges contains '${range}', which is not a valid CIDR`,
        'write e.g. 10.0.0.0/8')),
  ];
}

function terminatesTls(name: string, value: string): boolean {
  return /aws-load-balancer-ssl-cert$/.test(name)
    || (/aws-load-balancer-backend-protocol$/.test(name) && value.toLowerCase() !== 'tcp');
}

function replicaProblems(options: EastWestGatewayOptions): MaybeProblem[] {
  const { replicaCount, podDisruptionBudget = {} } = options;
  const { enabled, minReplicas, maxReplicas, targetCPUUtilizationPercentage } = autoscalingOf(options);
  const counts = {
    replicaCount,
    'autoscaling.minReplicas': minReplicas,
    'autoscaling.maxReplicas': maxReplicas,
    'autoscaling.targetCPUUtilizationPercentage': targetCPUUtilizationPercentage,
  };
  return [
    ...Object.entries(counts).map(([field, count]) => count !== undefined && countProblem(field, count, 1)),
    ...Object.entries(podDisruptionBudget).map(([field, count]) =>
      countProblem(`podDisruptionBudget.${field}`, count, 0)),
    minReplicas > maxReplicas
      && problem(`autoscaling.minReplicas ${minReplicas} is greater than maxReplicas ${maxReplicas}`,
        'set both'),
    enabled && replicaCount !== undefined
      && problem(`replicaCount ${replicaCount} has no effect with autoscaling`,
        'set autoscaling.enabled to false, or use minReplicas'),
    Object.keys(podDisruptionBudget).length > 0 && minimumPods(options) < 2
      && problem('podDisruptionBudget has no effect on a gateway with one pod',
        `set ${enabled ? 'autoscaling.minReplicas' : 'replicaCount'} to 2 or more`),
    podDisruptionBudget.minAvailable !== undefined && podDisruptionBudget.maxUnavailable !== undefined
      && problem('podDisruptionBudget has both minAvailable and maxUnavailable, but Kubernetes accepts only one',
        'remove one'),
  ];
}

function countProblem(field: string, count: number, least: number): MaybeProblem {
  return Number.isInteger(count) && count >= least && count <= MAX_COUNT ? undefined
    : problem(`${field} ${count} is not a whole number of at least ${least}`);
}
