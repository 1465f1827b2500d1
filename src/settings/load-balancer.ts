import { Provider } from '../core/provider';

/**
 * Options of a cloud's load balancer.
 */
export interface CloudLoadBalancerOptions {
  /**
   * Whether the address is reachable from the cloud's private network only.
   *
   * @default false - the address is public on the Internet
   */
  readonly internal?: boolean;
}

/**
 * Options of a load balancer in AWS.
 */
export interface AwsLoadBalancerOptions extends CloudLoadBalancerOptions {
  /**
   * Whether it has IPv6 addresses beside those of IPv4. A Service of IPv6 needs it. Annotation: `aws-load-balancer-ip-address-type`.
   *
   * The families of the Service stay the cluster's: one of EKS has either, and the load balancer translates from the other.
   *
   * @default false - addresses of IPv4 alone
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#ip-address-type
   */
  readonly dualStack?: boolean;

  /**
   * Whether the pods see the addresses of the clients, which `networkPolicy.ipBlocks` need. Annotation: `aws-load-balancer-target-group-attributes`.
   *
   * @default false - they see those of the load balancer
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#target-group-attributes
   */
  readonly preserveClientIP?: boolean;
}

/** Before the name of each annotation that the AWS Load Balancer Controller reads, but for source ranges. */
export const AWS_PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';

/**
 * What a load balancer asks of the east-west gateway's Service.
 *
 * @internal
 */
export interface LoadBalancerService {
  /** Service type. */
  readonly type: 'LoadBalancer' | 'NodePort';
  /** Annotations of the Service. */
  readonly annotations: { readonly [name: string]: string };
}

/**
 * What gives the east-west gateway's Service the address at which the other networks reach it.
 *
 * A preset sets the Service's type and annotations; the gateway's own `service` settings merge over it.
 */
export abstract class LoadBalancer extends Provider {
  /**
   * A Network Load Balancer made by the AWS Load Balancer Controller, with pod addresses as targets.
   *
   * A pod is healthy when the proxy says so at 15021. By default the check connects to the port itself, which `networkPolicy.ipBlocks` would keep
   * from the load balancer.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
   */
  static aws(options: AwsLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('aws', options, {
      [`${AWS_PREFIX}-type`]: 'external',
      [`${AWS_PREFIX}-nlb-target-type`]: 'ip',
      [`${AWS_PREFIX}-scheme`]: options.internal ? 'internal' : 'internet-facing',
      [`${AWS_PREFIX}-healthcheck-protocol`]: 'http',
      [`${AWS_PREFIX}-healthcheck-port`]: '15021',
      [`${AWS_PREFIX}-healthcheck-path`]: '/healthz/ready',
      ...options.dualStack && { [`${AWS_PREFIX}-ip-address-type`]: 'dualstack' },
      ...options.preserveClientIP && { [`${AWS_PREFIX}-target-group-attributes`]: 'preserve_client_ip.enabled=true' },
    });
  }

  /**
   * A passthrough Network Load Balancer of Google Kubernetes Engine, the public one with a backend service.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   */
  static gke(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('gke', options, options.internal
      ? { 'networking.gke.io/load-balancer-type': 'Internal' }
      : { 'cloud.google.com/l4-rbs': 'enabled' });
  }

  /**
   * A load balancer of Azure Kubernetes Service, public unless an annotation says otherwise.
   *
   * @see https://learn.microsoft.com/azure/aks/internal-lb
   */
  static aks(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('aks', options, options.internal
      ? { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }
      : {});
  }

  /**
   * An address of a MetalLB pool. MetalLB knows the annotation since version 0.14.9.
   *
   * @param pool name of the IPAddressPool
   * @see https://metallb.io/usage/#requesting-specific-ips
   */
  static metalLb(pool: string): LoadBalancer {
    return new MetalLbLoadBalancer(pool);
  }

  /**
   * The addresses of the nodes, at a port that Kubernetes chooses; istiod reads both through the API server.
   *
   * Of a node it takes the address of type ExternalIP, and passes over a node without one.
   *
   * @param nodeSelector labels of the nodes whose addresses the other networks can reach
   * @see https://istio.io/latest/docs/reference/config/annotations/#TrafficNodeSelector
   */
  static nodePort(nodeSelector: { [label: string]: string }): LoadBalancer {
    return new NodePortLoadBalancer(nodeSelector);
  }

  /** @internal */
  abstract _service(): LoadBalancerService;
}

class CloudLoadBalancer extends LoadBalancer {
  constructor(cloud: string, options: CloudLoadBalancerOptions, private readonly annotations: { [name: string]: string }) {
    super(cloud, Object.keys(options).length === 0 ? undefined : options);
  }

  _service(): LoadBalancerService {
    return { type: 'LoadBalancer', annotations: this.annotations };
  }
}

class MetalLbLoadBalancer extends LoadBalancer {
  constructor(private readonly pool: string) {
    super('metalLb', pool);
  }

  _service(): LoadBalancerService {
    return { type: 'LoadBalancer', annotations: { 'metallb.io/address-pool': this.pool } };
  }
}

class NodePortLoadBalancer extends LoadBalancer {
  constructor(private readonly nodeSelector: { [label: string]: string }) {
    super('nodePort', nodeSelector);
  }

  _service(): LoadBalancerService {
    return { type: 'NodePort', annotations: { 'traffic.istio.io/nodeSelector': JSON.stringify(this.nodeSelector) } };
  }
}
