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
   * @default - assigned by Kubernetes, if the Service has node ports
   */
  readonly nodePort?: number;
}

/**
 * Settings of the east-west gateway's Service, named as in Istio's gateway chart.
 */
export interface EastWestGatewayService {
  /**
   * Service type. Service field: `spec.type`. It must give the gateway an address.
   *
   * @default 'LoadBalancer'
   */
  readonly type?: string;

  /**
   * Annotations, which override those of the load balancer. Service field: `metadata.annotations`.
   *
   * @default - those of the load balancer
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * Requested address. Service field: `spec.loadBalancerIP`.
   *
   * @default - any
   */
  readonly loadBalancerIP?: string;

  /**
   * Implementation of the load balancer. Service field: `spec.loadBalancerClass`.
   *
   * @default - that of the cluster
   */
  readonly loadBalancerClass?: string;

  /**
   * CIDRs that may connect to the gateway. Service field: `spec.loadBalancerSourceRanges`.
   *
   * Only for load balancers. In AWS, they are rules of its security group (before version 2.6 of the controller, only
   * with `preserveClientIP`); in GKE and AKS, rules of the cloud's firewall. With MetalLB, kube-proxy drops other
   * connections at each node.
   *
   * @default - all addresses
   * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
   */
  readonly loadBalancerSourceRanges?: string[];

  /**
   * `Cluster` or `Local`. Service field: `spec.externalTrafficPolicy`.
   *
   * @default - that of Kubernetes: `Cluster`
   */
  readonly externalTrafficPolicy?: string;

  /**
   * Addresses that are routed to the cluster, but not managed by it. Service field: `spec.externalIPs`.
   *
   * @default - none
   */
  readonly externalIPs?: string[];

  /**
   * IP families. Service field: `spec.ipFamilies`.
   *
   * @default - those of the cluster
   */
  readonly ipFamilies?: string[];

  /**
   * `SingleStack`, `PreferDualStack` or `RequireDualStack`. Service field: `spec.ipFamilyPolicy`.
   *
   * @default - that of the cluster
   */
  readonly ipFamilyPolicy?: string;
}

/**
 * A NetworkPolicy for the gateway's pods, which closes all ports that the gateway does not use.
 *
 * The port `tls` is open to `ipBlocks`. The other ports of the Service, 15021 for health checks, and 15020 and 15090
 * for metrics are open to all addresses. NetworkPolicies are additive: this one does not close what another one opens.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export interface EastWestGatewayNetworkPolicy {
  /**
   * CIDRs that may connect to the port `tls`. NetworkPolicy field: `spec.ingress[].from[].ipBlock.cidr`.
   *
   * They are compared with the source address that the pod sees. That is the address of a node, unless
   * `service.externalTrafficPolicy` is `Local`. It is the load balancer's if that connects to pods itself, as `aws`
   * does without `preserveClientIP`, and the NAT's if the other networks use NAT.
   *
   * @default - all addresses
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
   */
  readonly ipBlocks?: string[];
}

/**
 * Autoscaling of the gateway's pods, named as in Istio's gateway chart.
 */
export interface EastWestGatewayAutoscaling {
  /**
   * Whether it is enabled. IstioOperator field: `values.gateways.istio-ingressgateway.autoscaleEnabled`.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * Minimum number of pods. IstioOperator field: `values.gateways.istio-ingressgateway.autoscaleMin`.
   *
   * @default 1
   */
  readonly minReplicas?: number;

  /**
   * Maximum number of pods. IstioOperator field: `values.gateways.istio-ingressgateway.autoscaleMax`.
   *
   * @default 5
   */
  readonly maxReplicas?: number;

  /**
   * Target CPU utilization, in percent of the request. IstioOperator field:
   * `values.gateways.istio-ingressgateway.cpu.targetAverageUtilization`.
   *
   * @default 80
   */
  readonly targetCPUUtilizationPercentage?: number;
}

/**
 * PodDisruptionBudget of the gateway, named as in Istio's gateway chart.
 */
export interface EastWestGatewayPodDisruptionBudget {
  /**
   * Number of pods that must stay available. Mutually exclusive with `maxUnavailable`.
   *
   * @default - not limited
   */
  readonly minAvailable?: number;

  /**
   * Number of pods that may be unavailable. Mutually exclusive with `minAvailable`.
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
   * Name of the gateway's Deployment and Service. The label `istio` is the name without the prefix `istio-`.
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
   * Ports of the Service. One must be named `tls`: it receives the traffic from other networks.
   *
   * Istio's script adds 15012 and 15017, which only remote clusters without a control plane need.
   *
   * @default - status-port 15021 and tls 15443
   */
  readonly ports?: EastWestGatewayPort[];

  /**
   * How the Service gets its address.
   *
   * @default - with the default load balancer of the cluster
   */
  readonly loadBalancer?: LoadBalancer;

  /**
   * Settings of the Service. IstioOperator field: `components.ingressGateways[].k8s.service`.
   *
   * @default - those of the load balancer, which these settings override
   */
  readonly service?: EastWestGatewayService;

  /**
   * NetworkPolicy for the gateway's pods. An empty one opens the gateway's ports to all addresses, and closes others.
   *
   * The policy of Istio's gateway chart opens 80 and 443 instead of 15443 if the chart sets the ports from
   * `networkGateway`. This policy opens 15443 in addition.
   *
   * @default - none; an empty one if `values.global.networkPolicy.enabled` is set
   */
  readonly networkPolicy?: EastWestGatewayNetworkPolicy;

  /**
   * Autoscaling of the pods.
   *
   * @default - between 1 and 5 pods at 80 % of the requested CPU
   */
  readonly autoscaling?: EastWestGatewayAutoscaling;

  /**
   * Number of pods if autoscaling is disabled. IstioOperator field: `components.ingressGateways[].k8s.replicaCount`.
   *
   * @default 1
   */
  readonly replicaCount?: number;

  /**
   * PodDisruptionBudget of the pods. IstioOperator field: `components.ingressGateways[].k8s.podDisruptionBudget`.
   *
   * @default - that of Istio: at least one available pod, if there are always two or more
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
   * @default - those of Istio
   */
  readonly podAnnotations?: { readonly [name: string]: string };

  /**
   * Environment variables of the proxy, in addition to `ISTIO_META_REQUESTED_NETWORK_VIEW`. IstioOperator field:
   * `components.ingressGateways[].k8s.env`.
   *
   * @default - none
   */
  readonly env?: { readonly [name: string]: string };

  /**
   * Priority class of the pods. IstioOperator field: `components.ingressGateways[].k8s.priorityClassName`.
   *
   * @default - that of the cluster
   */
  readonly priorityClassName?: string;
}
