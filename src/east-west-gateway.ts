import { isIP } from 'net';
import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { EastWestGatewayAutoscaling, EastWestGatewayOptions, EastWestGatewayPort, EastWestGatewayService } from './east-west-gateway-options';
import { Installer } from './installer/installer';
import { Fields } from './installer/istio-operator';
import { istioFields } from './istio-fields';
import { dnsLabelProblem, ISTIO_SYSTEM, labelValueProblem, revisionProblem, suffixProblem } from './names';
import { nearest } from './nearest';
import { refuse } from './problems';

/**
 * Properties of an `EastWestGateway`.
 */
export interface EastWestGatewayProps extends EastWestGatewayOptions {
  /**
   * Network that the gateway serves: its cluster's own. Label: `topology.istio.io/network`.
   */
  readonly network: string;

  /**
   * Namespace of the gateway and of the control plane.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Who installs the gateway.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;

  /**
   * Chart of the IstioOperator. In a stock `App` it needs one apart from Kubernetes objects; a `MeshApp` keeps them apart by itself.
   *
   * @default - the chart of this construct
   */
  readonly operatorChart?: Chart;
}

/**
 * The gateway through which the other networks reach the services of a cluster.
 *
 * It gives what Istio's gen-eastwest-gateway.sh gives for the same network, revision and ports.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1
 */
export class EastWestGateway extends Construct {
  /** Name of the port that takes the traffic of the other networks. */
  static readonly TLS_PORT_NAME = 'tls';

  /** Name of the Deployment and the Service. */
  readonly name: string;

  /** Namespace of the gateway. */
  readonly namespace: string;

  /** Network that the gateway serves. */
  readonly network: string;

  /** Revision of the control plane that injects and configures the gateway. */
  readonly revision: string;

  /** Port that takes the traffic of the other networks. */
  readonly tlsPort: number;

  /** What installs the gateway: with istioctl, the IstioOperator `eastwest`. */
  readonly installation: ApiObject;

  /**
   * @throws when a setting is one that Kubernetes or istioctl refuses, or that leaves the gateway without an address
   */
  constructor(scope: Construct, id: string, props: EastWestGatewayProps) {
    super(scope, id);
    this.name = props.name ?? DEFAULT_NAME;
    this.namespace = props.namespace ?? ISTIO_SYSTEM;
    this.network = props.network;
    this.revision = props.revision ?? '';
    const ports = props.ports ?? DEFAULT_PORTS;
    this.tlsPort = ports.find(({ name }) => name === EastWestGateway.TLS_PORT_NAME)?.port ?? CROSS_NETWORK_PORT;

    const { affinity, resources, tolerations } = props;
    const typed = istioFields('components.ingressGateways.k8s', affinity ?? resources ?? tolerations ? { affinity, resources, tolerations } : undefined);
    refuse(this.node.path, [
      dnsLabelProblem('namespace', this.namespace),
      labelValueProblem('network', props.network),
      this.revision ? revisionProblem('revision', this.revision) : undefined,
      ...gatewayProblems(props),
      ...typed.problems,
    ]);

    const installer = props.installer ?? Installer.istioctl();
    const operators = props.operatorChart ? new Construct(props.operatorChart, id) : this;
    this.installation = installer._gateway(operators, 'Resource', this.name === DEFAULT_NAME ? 'eastwest' : OPERATOR_PREFIX + this.name, {
      name: this.name,
      namespace: this.namespace,
      network: this.network,
      revision: this.revision,
      labels: {
        ...this.selectorLabels,
        'topology.istio.io/network': this.network,
        ...this.tlsPort !== CROSS_NETWORK_PORT && { 'networking.istio.io/gatewayPort': String(this.tlsPort) },
      },
      k8s: { ...typed.fields, ...kubernetesFields(props, ports) },
      values: autoscalingValues(props.autoscaling),
    });
    this.node.defaultChild = this.installation;
  }

  /** Labels by which a Gateway object selects the gateway's pods. */
  get selectorLabels(): { [name: string]: string } {
    return selectorLabels(this.name);
  }
}

/** Name of a gateway, unless another is said. */
export const DEFAULT_NAME = 'istio-eastwestgateway';

/** Labels of the pods of a gateway, as Istio's gateway chart has them. */
export function selectorLabels(name: string): { [label: string]: string } {
  return { app: name, istio: name.replace(/^istio-/, '') };
}

/** Of the IstioOperator of a gateway of another name, so that it is never that of a control plane. */
const OPERATOR_PREFIX = 'eastwest-';

const NETWORK_VIEW = 'ISTIO_META_REQUESTED_NETWORK_VIEW';

/** Port at which istiod looks for the gateways of the other networks, unless their Service's label names another. */
export const CROSS_NETWORK_PORT = 15443;

const DEFAULT_PORTS: EastWestGatewayPort[] = [
  { name: 'status-port', port: 15021 },
  { name: EastWestGateway.TLS_PORT_NAME, port: CROSS_NETWORK_PORT },
];

function kubernetesFields(props: EastWestGatewayProps, ports: EastWestGatewayPort[]): Fields {
  const preset = props.loadBalancer?._service();
  const { annotations, ...settings } = props.service ?? {};
  const serviceAnnotations = { ...preset?.annotations, ...annotations };
  return {
    ...present({
      nodeSelector: props.nodeSelector,
      podAnnotations: props.podAnnotations,
      podDisruptionBudget: props.podDisruptionBudget,
      priorityClassName: props.priorityClassName,
      replicaCount: props.replicaCount,
    }),
    env: [
      ...Object.entries(props.env ?? {}).map(([name, value]) => ({ name, value })),
      { name: NETWORK_VIEW, value: props.network },
    ],
    ...Object.keys(serviceAnnotations).length > 0 && { serviceAnnotations },
    service: {
      ...preset && { type: preset.type },
      ...present({ ...settings }),
      ports: ports.map(({ name, port, targetPort, nodePort }) => ({ name, port, targetPort: targetPort ?? port, ...present({ nodePort }) })),
    },
  };
}

function autoscalingValues(autoscaling: EastWestGatewayAutoscaling = {}): Fields {
  const { enabled, minReplicas, maxReplicas, targetCPUUtilizationPercentage } = autoscaling;
  return {
    ...present({ autoscaleEnabled: enabled, autoscaleMin: minReplicas, autoscaleMax: maxReplicas }),
    ...targetCPUUtilizationPercentage !== undefined && { cpu: { targetAverageUtilization: targetCPUUtilizationPercentage } },
  };
}

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What Kubernetes or istioctl refuses of the settings of a gateway, and what leaves it without an address. */
export function gatewayProblems(props: EastWestGatewayOptions): Array<string | undefined> {
  return [
    suffixProblem('name', props.name ?? DEFAULT_NAME, OPERATOR_PREFIX, 'a label value'), // as which its IstioOperator's name is used
    ...portProblems(props.ports),
    addressProblem(props),
    ...serviceProblems(props.service),
    ...replicaProblems(props),
  ];
}

function portProblems(ports: EastWestGatewayPort[] = DEFAULT_PORTS): Array<string | undefined> {
  const repeated = (values: unknown[]) => values.find((value, i) => values.indexOf(value) < i);
  const name = repeated(ports.map(port => port.name));
  const number = repeated(ports.map(port => port.port));
  return [
    ports.some(port => port.name === EastWestGateway.TLS_PORT_NAME) ? undefined
      : `ports has no port named '${EastWestGateway.TLS_PORT_NAME}', which takes the traffic of the other networks; add {name: tls, port: ${CROSS_NETWORK_PORT}}`,
    name === undefined ? undefined : `ports has the name '${name}' twice; give each port a name of its own`,
    number === undefined ? undefined : `ports has the port ${number} twice; give each port a number of its own`,
    ...ports.map(port => dnsLabelProblem('ports[].name', port.name)),
    ...ports.map(port => portRangeProblem(port)),
  ];
}

function portRangeProblem({ name, port, targetPort = port, nodePort = 1 }: EastWestGatewayPort): string | undefined {
  if (!Number.isInteger(nodePort) || nodePort < 1 || nodePort > 65535) {
    return `nodePort ${nodePort} of '${name}' is no port number: 1 to 65535`;
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    return `port ${port} of '${name}' is no port number: 1 to 65535`;
  }
  if (!Number.isInteger(targetPort) || targetPort < 1024 || targetPort > 65535) {
    return `targetPort ${targetPort} of '${name}' is refused by istioctl, since the gateway's pods run without privileges: 1024 to 65535; set targetPort, e.g. ${8000 + port % 1000}`;
  }
  return undefined;
}

/** istiod ignores a gateway whose Service has no address that others can reach. */
function addressProblem({ service = {}, loadBalancer }: EastWestGatewayOptions): string | undefined {
  const type = service.type ?? loadBalancer?._service().type ?? 'LoadBalancer';
  const annotations = { ...loadBalancer?._service().annotations, ...service.annotations };
  if (!['NodePort', 'ClusterIP'].includes(type) || (service.externalIPs ?? []).length > 0) {
    return undefined;
  }
  if (type === 'NodePort') {
    return annotations['traffic.istio.io/nodeSelector'] ? undefined
      : 'service.type \'NodePort\' gives the gateway no address that istiod knows; use loadBalancer nodePort with the labels of the nodes to reach it at';
  }
  return `service.type '${type}' gives the gateway no address, and istiod ignores it; use LoadBalancer, or NodePort by loadBalancer nodePort, or externalIPs`;
}

/** Kubernetes counts in 32 bits. */
const MAX_COUNT = 2 ** 31 - 1;

/** What the API server would refuse of the Service long after istioctl took it. */
function serviceProblems(service: EastWestGatewayService = {}): Array<string | undefined> {
  const oneOf = (field: string, value: string | undefined, values: string[]) => value === undefined || values.includes(value) ? undefined
    : `service.${field} '${value}' is none that Kubernetes knows; ${nearest(value, values)}`;
  return [
    oneOf('type', service.type, ['LoadBalancer', 'NodePort', 'ClusterIP']),
    oneOf('externalTrafficPolicy', service.externalTrafficPolicy, ['Cluster', 'Local']),
    oneOf('ipFamilyPolicy', service.ipFamilyPolicy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']),
    ...(service.ipFamilies ?? []).map(family => oneOf('ipFamilies', family, ['IPv4', 'IPv6'])),
    ...(service.externalIPs ?? []).map(address => isIP(address) > 0 ? undefined : `service.externalIPs has '${address}', which is no IP address`),
    ...(service.loadBalancerSourceRanges ?? []).map(range => isCidr(range) ? undefined
      : `service.loadBalancerSourceRanges has '${range}', which is no CIDR; write e.g. 10.0.0.0/8`),
  ];
}

function isCidr(range: string): boolean {
  const [, address, length] = /^([^/]+)\/(\d{1,3})$/.exec(range.trim()) ?? [];
  const version = isIP(address ?? '');
  return version > 0 && Number(length) <= (version === 4 ? 32 : 128);
}

function replicaProblems({ autoscaling = {}, replicaCount, podDisruptionBudget = {}, env = {} }: EastWestGatewayOptions): Array<string | undefined> {
  const { enabled = true, minReplicas = 1, maxReplicas = 5, targetCPUUtilizationPercentage } = autoscaling;
  const counts = { replicaCount, 'autoscaling.minReplicas': minReplicas, 'autoscaling.maxReplicas': maxReplicas, 'autoscaling.targetCPUUtilizationPercentage': targetCPUUtilizationPercentage };
  return [
    ...Object.entries(counts).map(([field, count]) => count === undefined || (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) ? undefined
      : `${field} ${count} is no whole number of at least 1`),
    ...Object.entries(podDisruptionBudget).map(([field, count]) => Number.isInteger(count) && count >= 0 && count <= MAX_COUNT ? undefined
      : `podDisruptionBudget.${field} ${count} is no whole number of at least 0`),
    NETWORK_VIEW in env ? `env.${NETWORK_VIEW} is set by this library, from network; remove it` : undefined,
    minReplicas > maxReplicas ? `autoscaling.minReplicas ${minReplicas} is more than maxReplicas ${maxReplicas}; set both` : undefined,
    enabled && replicaCount !== undefined ? `replicaCount ${replicaCount} has no effect beside autoscaling; set autoscaling.enabled to false, or minReplicas` : undefined,
    Object.keys(podDisruptionBudget).length > 0 && (enabled ? minReplicas : replicaCount ?? 1) < 2
      ? `podDisruptionBudget has no effect on a gateway of one pod; set ${enabled ? 'autoscaling.minReplicas' : 'replicaCount'} to 2 or more` : undefined,
    podDisruptionBudget.minAvailable !== undefined && podDisruptionBudget.maxUnavailable !== undefined
      ? 'podDisruptionBudget has both minAvailable and maxUnavailable, of which Kubernetes takes one' : undefined,
  ];
}
