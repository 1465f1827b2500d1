import type { LoadBalancer } from './load-balancer';
import type * as istio from '../../imports/install.istio.io';

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
   * Only load balancers have them: in AWS they are in its security group (before version 2.6 of the controller only
   * with `preserveClientIP`), in GKE and AKS in the cloud's firewall, and with MetalLB, which has none, kube-proxy
   * drops the rest at each node.
   *
   * @default - everybody who reaches its address
   * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
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
 * Who may reach the gateway's pods, by a NetworkPolicy. It lets in whoever may, and closes every port that the gateway
 * does not have.
 *
 * Port `tls` is open to `ipBlocks`, everything else to everybody: the other ports of the Service, 15021 for health
 * checks, and 15020 and 15090 for metrics. NetworkPolicies add up: what another one opens for these pods, this one does
 * not close.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface EastWestGatewayNetworkPolicy {
  /**
   * CIDRs that may reach the port `tls`. NetworkPolicy field: `spec.ingress[].from[].ipBlock.cidr`.
   *
   * They are compared with the address that arrives at the pod. That is a node's, unless
   * `service.externalTrafficPolicy` is `Local`, and the load balancer's where that connects to pods by itself, as `aws`
   * does without `preserveClientIP`. Where the other networks leave through NAT, it is the NAT's.
   *
   * @default - everybody
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
   */
  readonly ipBlocks?: string[];
}

/**
 * How the number of gateway pods follows the load, named as in Istio's gateway chart.
 */
export interface EastWestGatewayAutoscaling {
  /**
   * Whether it does. IstioOperator field: `values.gateways.istio-ingressgateway.autoscaleEnabled`.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Lowest number of pods. IstioOperator field: `values.gateways.istio-ingressgateway.autoscaleMin`.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * Highest number of pods. IstioOperator field: `values.gateways.istio-ingressgateway.autoscaleMax`.
   *
   * @default 5
   */
  readonly maxReplicas?: number;

  /**
   * CPU use to aim at, in percent of the request. IstioOperator field:
   * `values.gateways.istio-ingressgateway.cpu.targetAverageUtilization`.
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
   * Istio's script adds 15012 and 15017, which serve remote clusters without a control plane of their own, and nobody
   * in a multi-primary mesh.
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
   * Settings of the Service, merged over those of the load balancer. IstioOperator field:
   * `components.ingressGateways[].k8s.service`.
   *
   * @default - those of the load balancer
   */
  readonly service?: EastWestGatewayService;

  /**
   * Who may reach the gateway's pods, by a NetworkPolicy. An empty one opens the gateway's ports to everybody, and no
   * others.
   *
   * Istio's gateway chart, asked for a policy, opens 80 and 443 instead of 15443 when it knows the ports from
   * `networkGateway`. This one opens 15443 beside it.
   *
   * @default - none; an empty one where `values.global.networkPolicy.enabled` has Istio's charts make policies for the
   * cluster
   */
  readonly networkPolicy?: EastWestGatewayNetworkPolicy;

  /**
   * How the number of pods follows the load.
   *
   * @default - between 1 and 5 pods at 80 % of the requested CPU
   */
  readonly autoscaling?: EastWestGatewayAutoscaling;

  /**
   * Number of pods where autoscaling is off. IstioOperator field: `components.ingressGateways[].k8s.replicaCount`.
   *
   * @default 1
   */
  readonly replicaCount?: number;

  /**
   * How many pods a voluntary disruption leaves. IstioOperator field:
   * `components.ingressGateways[].k8s.podDisruptionBudget`.
   *
   * @default - Istio's own: at least one, when autoscaling starts at two or more
   */
  readonly podDisruptionBudget?: EastWestGatewayPodDisruptionBudget;

  /**
   * CPU and memory of a pod. IstioOperator field: `components.ingressGateways[].k8s.resources`.
   *
   * @default - requests of 100m and 128Mi, limits of 2000m and 1024Mi
   */
  readonly resources?: istio.IstioOperatorSpecComponentsIngressGatewaysK8SResources;

  /**
   * Labels of the nodes that the pods run on. IstioOperator field: `components.ingressGateways[].k8s.nodeSelector`.
   *
   * @default - any node
   */
  readonly nodeSelector?: { readonly [label: string]: string };

  /**
   * Taints that the pods tolerate. IstioOperator field: `components.ingressGateways[].k8s.tolerations`.
   *
   * @default - none
   */
  readonly tolerations?: istio.IstioOperatorSpecComponentsIngressGatewaysK8STolerations[];

  /**
   * Affinity of the pods. IstioOperator field: `components.ingressGateways[].k8s.affinity`.
   *
   * @default - none
   */
  readonly affinity?: istio.IstioOperatorSpecComponentsIngressGatewaysK8SAffinity;

  /**
   * Annotations of the pods. IstioOperator field: `components.ingressGateways[].k8s.podAnnotations`.
   *
   * @default - Istio's own
   */
  readonly podAnnotations?: { readonly [name: string]: string };

  /**
   * Environment variables of the proxy, beside `ISTIO_META_REQUESTED_NETWORK_VIEW`. IstioOperator field:
   * `components.ingressGateways[].k8s.env`.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * Priority class of the pods. IstioOperator field: `components.ingressGateways[].k8s.priorityClassName`.
   *
   * @default - the cluster's
   */
  readonly priorityClassName?: string;
}
