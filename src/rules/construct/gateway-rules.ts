import { GATEWAY_ACCESS_RULES } from './gateway-access-rules';
import type { Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import { dnsLabelProblem, plainTextProblem, suffixProblem } from '../../istio/names';
import { CROSS_NETWORK_PORT, DEFAULT_NAME, DEFAULT_PORTS, NETWORK_VIEW, OPERATOR_PREFIX, TLS_PORT_NAME } from '../../settings/east-west-gateway-defaults';
import type { EastWestGatewayOptions, EastWestGatewayPort } from '../../settings/east-west-gateway-options';
import { annotations, isCidr, serviceType } from '../../settings/gateway-service';
import type { Installer } from '../../settings/installer/installer';
import { ipVersion } from '../../util/ip-address';
import { nearest } from '../../util/suggestions';

const GATEWAY = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1';
const LARGEST_PORT = 65535;
const MAX_COUNT = 2 ** 31 - 1; // Kubernetes counts in 32 bits

/** What is said of an east-west gateway, and who installs it. */
interface GatewaySubject extends EastWestGatewayOptions {
  readonly installer?: Installer;
}

/** Settings of an east-west gateway, in a mesh or alone. */
export const GATEWAY_RULES: ReadonlyArray<Rule<GatewaySubject>> = [
  {
    code: 'IM040',
    severity: Severity.ERROR,
    title: 'the name of a gateway is a DNS label, text without quotes too, and short enough for the names made of it',
    symptom: 'the API server refuses the Deployment, the Service or a label',
    fix: 'shorten it, or write a word before a number',
    see: GATEWAY,
    check: ({ name = DEFAULT_NAME }) => [found([],
      suffixProblem('name', name, OPERATOR_PREFIX, 'a label value') // its IstioOperator's name is one
      ?? plainTextProblem('name', name, `istio-${name}`))],
  },
  {
    code: 'IM041',
    severity: Severity.ERROR,
    title: `a gateway has a port named ${TLS_PORT_NAME}`,
    symptom: 'the gateway gets no listener for the other networks, and their requests are refused',
    fix: `add {name: ${TLS_PORT_NAME}, port: ${CROSS_NETWORK_PORT}}`,
    see: GATEWAY,
    check: ({ ports = DEFAULT_PORTS }) => [found([], ports.some(({ name }) => name === TLS_PORT_NAME) ? undefined
      : `ports has no port named '${TLS_PORT_NAME}', which takes the traffic of the other networks; add {name: tls, port: ${CROSS_NETWORK_PORT}}`)],
  },
  {
    code: 'IM042',
    severity: Severity.ERROR,
    title: 'the ports of a gateway have names and numbers of their own, which Kubernetes takes',
    symptom: 'the API server refuses the Service after istioctl took it',
    fix: 'use DNS labels, and numbers from 1 to 65535',
    see: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
    check: ({ ports = DEFAULT_PORTS }) => {
      const repeated = (values: unknown[]) => values.find((value, i) => values.indexOf(value) < i);
      const name = repeated(ports.map(port => port.name));
      const number = repeated(ports.map(({ port }) => port));
      return [
        found([], name === undefined ? undefined : `ports has the name '${name}' twice; give each port a name of its own`),
        found([], number === undefined ? undefined : `ports has the port ${number} twice; give each port a number of its own`),
        ...ports.map(port => found([], dnsLabelProblem('ports[].name', port.name))),
        ...ports.flatMap(({ name: of, port, nodePort = 1 }) => Object.entries({ nodePort, port }).map(([field, value]) =>
          found([], isPort(value) ? undefined : `${field} ${value} of '${of}' is no port number: 1 to ${LARGEST_PORT}`))),
      ];
    },
  },
  {
    code: 'IM043',
    severity: Severity.ERROR,
    title: 'the target port of a gateway is one that pods without privileges can open',
    symptom: 'istioctl refuses the installation',
    fix: 'set targetPort to 1024 or more',
    see: 'https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/',
    check: ({ ports = DEFAULT_PORTS }) => ports.map(port => found([], targetPortProblem(port))),
  },
  {
    code: 'IM044',
    severity: Severity.ERROR,
    title: 'a gateway has an address that others reach',
    symptom: 'istiod ignores the gateway and sends the other networks the addresses of pods, which they cannot reach',
    fix: 'use a Service of type LoadBalancer, or NodePort by loadBalancer nodePort, or externalIPs',
    see: 'https://github.com/istio/istio/issues/29359',
    check: options => [found([], addressProblem(options))],
  },
  {
    code: 'IM045',
    severity: Severity.ERROR,
    title: 'the settings of a gateway\'s Service are ones that Kubernetes knows',
    symptom: 'the API server refuses the Service after istioctl took it',
    fix: 'correct the setting that the message names',
    see: 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/',
    check: ({ service = {} }) => {
      const oneOf = (field: string, value: string | undefined, values: string[]) => found([], value === undefined || values.includes(value)
        ? undefined : `service.${field} '${value}' is none that Kubernetes knows; ${nearest(value, values)}`);
      return [
        oneOf('type', service.type, ['LoadBalancer', 'NodePort', 'ClusterIP']),
        oneOf('externalTrafficPolicy', service.externalTrafficPolicy, ['Cluster', 'Local']),
        oneOf('ipFamilyPolicy', service.ipFamilyPolicy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']),
        ...(service.ipFamilies ?? []).map(family => oneOf('ipFamilies', family, ['IPv4', 'IPv6'])),
        ...(service.externalIPs ?? []).map(address => found([], ipVersion(address) > 0 ? undefined
          : `service.externalIPs has '${address}', which is no IP address`)),
        ...(service.loadBalancerSourceRanges ?? []).map(range => found([], isCidr(range) ? undefined
          : `service.loadBalancerSourceRanges has '${range}', which is no CIDR; write e.g. 10.0.0.0/8`)),
      ];
    },
  },
  {
    code: 'IM046',
    severity: Severity.ERROR,
    title: 'the replicas of a gateway are whole numbers that have an effect together',
    symptom: 'the API server refuses the autoscaler or the disruption budget, or one of two settings silently wins',
    fix: 'correct the setting that the message names',
    see: 'https://kubernetes.io/docs/tasks/run-application/configure-pdb/',
    check: options => replicaProblems(options).map(message => found([], message)),
  },
  {
    code: 'IM047',
    severity: Severity.ERROR,
    title: 'the network that a gateway is for is said once',
    symptom: 'the gateway has the endpoints of another network than its label says, and answers 503',
    fix: `remove ${NETWORK_VIEW} from env`,
    see: 'https://github.com/istio/istio/issues/40709',
    check: ({ env = {} }) => [found([], NETWORK_VIEW in env ? `env.${NETWORK_VIEW} is set by this library, from network; remove it` : undefined)],
  },
  {
    code: 'IM048',
    severity: Severity.WARNING,
    title: 'a gateway opens no port of istiod',
    symptom: 'anybody who reaches the gateway reaches istiod, which only clusters without a control plane of their own need',
    fix: 'leave 15012 and 15017 out',
    see: 'https://github.com/istio/istio/pull/36175',
    check: ({ ports = DEFAULT_PORTS }) => ports.map(({ name, port, targetPort = port }) => found([], [15012, 15017].includes(targetPort)
      ? `ports has '${name}' with ${targetPort}, a port of istiod, which no cluster of a multi-primary mesh asks through a gateway; remove it` : undefined)),
  },
  {
    code: 'IM050',
    severity: Severity.WARNING,
    title: 'a gateway\'s load balancer passes TLS through',
    symptom: 'a load balancer that ends TLS or speaks HTTP breaks the handshake between the proxies, and every request across networks fails',
    fix: 'remove the annotation',
    see: 'https://github.com/istio/istio.io/issues/17065',
    check: options => Object.entries(annotations(options)).map(([name, value]) => found([], endsTls(name, value)
      ? `annotation '${name}: ${value}' lets the load balancer end TLS, which only the other side's proxy may do; remove it` : undefined)),
  },
  {
    code: 'IM095',
    severity: Severity.ERROR,
    title: 'an installer can do what is asked of a gateway',
    symptom: 'a setting has no effect, or the installation of the gateway is refused',
    fix: 'say it as the message tells, or choose another installer',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/',
    check: ({ installer, ...options }) => (installer?._checks.gateway(options) ?? []).map(problem => found([], problem)),
  },
  ...GATEWAY_ACCESS_RULES,
];

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= LARGEST_PORT;
}

function targetPortProblem({ name, port, targetPort = port }: EastWestGatewayPort): string | undefined {
  return !isPort(port) || (isPort(targetPort) && targetPort >= 1024) ? undefined
    : `targetPort ${targetPort} of '${name}' is refused by istioctl, since the gateway's pods run without privileges: 1024 to ${LARGEST_PORT}; set targetPort, e.g. ${8000 + port % 1000}`;
}

function addressProblem(options: EastWestGatewayOptions): string | undefined {
  const type = serviceType(options);
  if (!['NodePort', 'ClusterIP'].includes(type) || (options.service?.externalIPs ?? []).length > 0) {
    return undefined;
  }
  if (type === 'NodePort') {
    return annotations(options)['traffic.istio.io/nodeSelector'] ? undefined
      : 'service.type \'NodePort\' gives the gateway no address that istiod knows; use loadBalancer nodePort with the labels of the nodes to reach it at';
  }
  return `service.type '${type}' gives the gateway no address, and istiod ignores it; use LoadBalancer, or NodePort by loadBalancer nodePort, or externalIPs`;
}

function endsTls(name: string, value: string): boolean {
  return /aws-load-balancer-ssl-cert$/.test(name) || (/aws-load-balancer-backend-protocol$/.test(name) && value.toLowerCase() !== 'tcp');
}

function replicaProblems({ autoscaling = {}, replicaCount, podDisruptionBudget = {} }: EastWestGatewayOptions): Array<string | undefined> {
  const { enabled = true, minReplicas = 1, maxReplicas = 5, targetCPUUtilizationPercentage } = autoscaling;
  const counts = { replicaCount, 'autoscaling.minReplicas': minReplicas, 'autoscaling.maxReplicas': maxReplicas, 'autoscaling.targetCPUUtilizationPercentage': targetCPUUtilizationPercentage };
  return [
    ...Object.entries(counts).map(([field, count]) => count === undefined || (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) ? undefined
      : `${field} ${count} is no whole number of at least 1`),
    ...Object.entries(podDisruptionBudget).map(([field, count]) => Number.isInteger(count) && count >= 0 && count <= MAX_COUNT ? undefined
      : `podDisruptionBudget.${field} ${count} is no whole number of at least 0`),
    minReplicas > maxReplicas ? `autoscaling.minReplicas ${minReplicas} is more than maxReplicas ${maxReplicas}; set both` : undefined,
    enabled && replicaCount !== undefined ? `replicaCount ${replicaCount} has no effect beside autoscaling; set autoscaling.enabled to false, or minReplicas` : undefined,
    Object.keys(podDisruptionBudget).length > 0 && (enabled ? minReplicas : replicaCount ?? 1) < 2
      ? `podDisruptionBudget has no effect on a gateway of one pod; set ${enabled ? 'autoscaling.minReplicas' : 'replicaCount'} to 2 or more` : undefined,
    podDisruptionBudget.minAvailable !== undefined && podDisruptionBudget.maxUnavailable !== undefined
      ? 'podDisruptionBudget has both minAvailable and maxUnavailable, of which Kubernetes takes one' : undefined,
  ];
}
