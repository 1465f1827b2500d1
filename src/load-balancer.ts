import { Family } from './family';

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
export abstract class LoadBalancer extends Family {
  /**
   * A Network Load Balancer made by the AWS Load Balancer Controller, with pod addresses as targets.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
   */
  static aws(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    const prefix = 'service.beta.kubernetes.io/aws-load-balancer';
    return new CloudLoadBalancer('aws', options, {
      [`${prefix}-type`]: 'external',
      [`${prefix}-nlb-target-type`]: 'ip',
      [`${prefix}-scheme`]: options.internal ? 'internal' : 'internet-facing',
    });
  }

  /**
   * A passthrough Network Load Balancer of Google Kubernetes Engine.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   */
  static gke(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('gke', options, options.internal
      ? { 'networking.gke.io/load-balancer-type': 'Internal' }
      : { 'cloud.google.com/l4-rbs': 'enabled' });
  }

  /**
   * A load balancer of Azure Kubernetes Service.
   *
   * @see https://learn.microsoft.com/azure/aks/internal-lb
   */
  static aks(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('aks', options, options.internal
      ? { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }
      : {});
  }

  /**
   * An address of a MetalLB pool.
   *
   * @param pool name of the IPAddressPool
   * @see https://metallb.universe.tf/usage/#requesting-ips-from-a-specific-pool
   */
  static metalLb(pool: string): LoadBalancer {
    return new MetalLbLoadBalancer(pool);
  }

  /**
   * The addresses of the nodes, at a port that Kubernetes chooses; istiod reads both through the API server.
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
    super(Object.keys(options).length === 0 ? cloud : { [cloud]: options });
  }

  _service(): LoadBalancerService {
    return { type: 'LoadBalancer', annotations: this.annotations };
  }
}

class MetalLbLoadBalancer extends LoadBalancer {
  constructor(private readonly pool: string) {
    super({ metalLb: pool });
  }

  _service(): LoadBalancerService {
    return { type: 'LoadBalancer', annotations: { 'metallb.io/address-pool': this.pool } };
  }
}

class NodePortLoadBalancer extends LoadBalancer {
  constructor(private readonly nodeSelector: { [label: string]: string }) {
    super({ nodePort: nodeSelector });
  }

  _service(): LoadBalancerService {
    return { type: 'NodePort', annotations: { 'traffic.istio.io/nodeSelector': JSON.stringify(this.nodeSelector) } };
  }
}
