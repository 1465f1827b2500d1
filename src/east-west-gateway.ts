import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type * as istio from '../imports/install.istio.io';
import { Installer } from './installer/installer';
import { Fields } from './installer/istio-operator';
import { istioFields } from './istio-fields';
import { LoadBalancer } from './load-balancer';
import { dnsLabelProblem, labelValueProblem, revisionProblem } from './names';
import { validateOperatorCharts } from './operator-charts';
import { refuse } from './problems';

/**
 * A port of the east-west gateway's Service.
 */
export interface EastWestGatewayPort {
  /** Name of the port. Service field: `ports[].name`. */
  readonly name: string;

  /** Port number. Service field: `ports[].port`. */
  readonly port: number;

  /**
   * Port of the gateway's pods, 1024 or higher. Service field: `ports[].targetPort`.
   *
   * @default - the same as `port`
   */
  readonly targetPort?: number;

  /**
   * Port of the nodes. Service field: `ports[].nodePort`.
   *
   * @default - chosen by Kubernetes where the Service has node ports
   */
  readonly nodePort?: number;
}

/**
 * Settings of the east-west gateway's Service, named as in Istio's gateway chart.
 */
export interface EastWestGatewayService {
  /**
   * Service type. Service field: `spec.type`. One that gives the gateway no address is refused.
   *
   * @default 'LoadBalancer'
   */
  readonly type?: string;

  /**
   * Annotations, merged over those of the load balancer. Service field: `metadata.annotations`.
   *
   * @default - those of the load balancer
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * Address to ask for. Service field: `spec.loadBalancerIP`.
   *
   * @default - any
   */
  readonly loadBalancerIP?: string;

  /**
   * Implementation of the load balancer. Service field: `spec.loadBalancerClass`.
   *
   * @default - the cluster's
   */
  readonly loadBalancerClass?: string;

  /**
   * CIDRs that may reach the gateway. Service field: `spec.loadBalancerSourceRanges`.
   *
   * @default - everybody who reaches its address
   */
  readonly loadBalancerSourceRanges?: string[];

  /**
   * `Cluster` or `Local`. Service field: `spec.externalTrafficPolicy`.
   *
   * @default - Kubernetes' own, `Cluster`
   */
  readonly externalTrafficPolicy?: string;

  /**
   * Addresses that lead to the cluster and are not managed by it. Service field: `spec.externalIPs`.
   *
   * @default - none
   */
  readonly externalIPs?: string[];

  /**
   * Address families. Service field: `spec.ipFamilies`.
   *
   * @default - the cluster's
   */
  readonly ipFamilies?: string[];

  /**
   * `SingleStack`, `PreferDualStack` or `RequireDualStack`. Service field: `spec.ipFamilyPolicy`.
   *
   * @default - the cluster's
   */
  readonly ipFamilyPolicy?: string;
}

/**
 * How the number of gateway pods follows the load, named as in Istio's gateway chart.
 */
export interface EastWestGatewayAutoscaling {
  /**
   * Whether it does.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Lowest number of pods.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * Highest number of pods.
   *
   * @default 5
   */
  readonly maxReplicas?: number;

  /**
   * CPU use to aim at, in percent of the request.
   *
   * @default 80
   */
  readonly targetCPUUtilizationPercentage?: number;
}

/**
 * How many gateway pods a voluntary disruption leaves, named as in Istio's gateway chart.
 */
export interface EastWestGatewayPodDisruptionBudget {
  /**
   * Number of pods that stay. Mutually exclusive with `maxUnavailable`.
   *
   * @default - not limited
   */
  readonly minAvailable?: number;

  /**
   * Number of pods that may go. Mutually exclusive with `minAvailable`.
   *
   * @default - not limited
   */
  readonly maxUnavailable?: number;
}

/**
 * Settings of an east-west gateway, named as in Istio's gateway chart.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/gateway/values.yaml
 */
export interface EastWestGatewayOptions {
  /**
   * Name of the gateway's Deployment and Service; the label `istio` is the name without `istio-` in front.
   *
   * @default 'istio-eastwestgateway'
   */
  readonly name?: string;

  /**
   * Revision of the control plane that injects and configures the gateway. IstioOperator field: `spec.revision`.
   *
   * @default - that of the cluster's control plane
   */
  readonly revision?: string;

  /**
   * Ports of the Service. One is named `tls`: it takes the traffic of the other networks.
   *
   * Istio's script adds 15012 and 15017, which serve remote clusters without a control plane of their own, and nobody in a multi-primary mesh.
   *
   * @default - status-port 15021 and tls 15443
   */
  readonly ports?: EastWestGatewayPort[];

  /**
   * What gives the Service its address.
   *
   * @default - the cluster's default load balancer
   */
  readonly loadBalancer?: LoadBalancer;

  /**
   * Settings of the Service, merged over those of the load balancer.
   *
   * @default - those of the load balancer
   */
  readonly service?: EastWestGatewayService;

  /**
   * How the number of pods follows the load.
   *
   * @default - between 1 and 5 pods at 80 % of the requested CPU
   */
  readonly autoscaling?: EastWestGatewayAutoscaling;

  /**
   * Number of pods where autoscaling is off.
   *
   * @default 1
   */
  readonly replicaCount?: number;

  /**
   * How many pods a voluntary disruption leaves.
   *
   * @default - Istio's own: at least one, when autoscaling starts at two or more
   */
  readonly podDisruptionBudget?: EastWestGatewayPodDisruptionBudget;

  /**
   * CPU and memory of a pod.
   *
   * @default - requests of 100m and 128Mi, limits of 2000m and 1024Mi
   */
  readonly resources?: istio.IstioOperatorSpecComponentsIngressGatewaysK8SResources;

  /**
   * Labels of the nodes that the pods run on.
   *
   * @default - any node
   */
  readonly nodeSelector?: { readonly [label: string]: string };

  /**
   * Taints that the pods tolerate.
   *
   * @default - none
   */
  readonly tolerations?: istio.IstioOperatorSpecComponentsIngressGatewaysK8STolerations[];

  /**
   * Affinity of the pods.
   *
   * @default - none
   */
  readonly affinity?: istio.IstioOperatorSpecComponentsIngressGatewaysK8SAffinity;

  /**
   * Annotations of the pods.
   *
   * @default - Istio's own
   */
  readonly podAnnotations?: { readonly [name: string]: string };

  /**
   * Environment variables of the proxy, beside `ISTIO_META_REQUESTED_NETWORK_VIEW`.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * Priority class of the pods.
   *
   * @default - the cluster's
   */
  readonly priorityClassName?: string;
}

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
    this.name = props.name ?? 'istio-eastwestgateway';
    this.namespace = props.namespace ?? 'istio-system';
    this.network = props.network;
    this.revision = props.revision ?? '';
    const ports = props.ports ?? DEFAULT_PORTS;
    this.tlsPort = ports.find(({ name }) => name === EastWestGateway.TLS_PORT_NAME)?.port ?? CROSS_NETWORK_PORT;

    const { affinity, resources, tolerations } = props;
    const typed = istioFields('components.ingressGateways.k8s', affinity ?? resources ?? tolerations ? { affinity, resources, tolerations } : undefined);
    refuse(this.node.path, [...gatewayProblems(props), ...typed.problems]);

    const installer = props.installer ?? Installer.istioctl();
    const operators = props.operatorChart ? new Construct(props.operatorChart, id) : this;
    this.installation = installer._gateway(operators, 'Resource', this.name === 'istio-eastwestgateway' ? 'eastwest' : this.name, {
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
    validateOperatorCharts(this);
  }

  /** Labels by which a Gateway object selects the gateway's pods. */
  get selectorLabels(): { [name: string]: string } {
    return { app: this.name, istio: this.name.replace(/^istio-/, '') };
  }
}

/** Port at which istiod looks for the gateways of the other networks, unless their Service's label names another. */
const CROSS_NETWORK_PORT = 15443;

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
      { name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: props.network },
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

/** What Kubernetes or istioctl refuses of a gateway, and what leaves it without an address. */
export function gatewayProblems(props: EastWestGatewayProps): Array<string | undefined> {
  return [
    props.name === undefined ? undefined : dnsLabelProblem('name', props.name),
    labelValueProblem('network', props.network),
    props.revision ? revisionProblem('revision', props.revision) : undefined,
    ...portProblems(props.ports),
    addressProblem(props),
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

function portRangeProblem({ name, port, targetPort = port }: EastWestGatewayPort): string | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    return `port ${port} of '${name}' is no port number: 1 to 65535`;
  }
  if (!Number.isInteger(targetPort) || targetPort < 1024 || targetPort > 65535) {
    return `targetPort ${targetPort} of '${name}' is refused by istioctl, since the gateway's pods run without privileges: 1024 to 65535; set targetPort, e.g. ${8000 + port % 1000}`;
  }
  return undefined;
}

/** istiod ignores a gateway whose Service has no address that others can reach. */
function addressProblem({ service = {}, loadBalancer }: EastWestGatewayProps): string | undefined {
  const type = service.type ?? loadBalancer?._service().type ?? 'LoadBalancer';
  const annotations = { ...loadBalancer?._service().annotations, ...service.annotations };
  if (type === 'LoadBalancer' || (service.externalIPs ?? []).length > 0) {
    return undefined;
  }
  if (type === 'NodePort') {
    return annotations['traffic.istio.io/nodeSelector'] ? undefined
      : 'service.type \'NodePort\' gives the gateway no address that istiod knows; use loadBalancer nodePort with the labels of the nodes to reach it at';
  }
  return `service.type '${type}' gives the gateway no address, and istiod ignores it; use LoadBalancer, or NodePort by loadBalancer nodePort, or externalIPs`;
}

function replicaProblems({ autoscaling = {}, replicaCount, podDisruptionBudget = {} }: EastWestGatewayProps): Array<string | undefined> {
  const { enabled = true, minReplicas = 1, maxReplicas = 5 } = autoscaling;
  return [
    minReplicas > maxReplicas ? `autoscaling.minReplicas ${minReplicas} is more than maxReplicas ${maxReplicas}; set both` : undefined,
    enabled && replicaCount !== undefined ? `replicaCount ${replicaCount} has no effect beside autoscaling; set autoscaling.enabled to false, or minReplicas` : undefined,
    podDisruptionBudget.minAvailable !== undefined && podDisruptionBudget.maxUnavailable !== undefined
      ? 'podDisruptionBudget has both minAvailable and maxUnavailable, of which Kubernetes takes one' : undefined,
  ];
}
