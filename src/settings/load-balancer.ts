import { Provider } from '../core/provider';
import { NODE_SELECTOR } from '../istio/labels';

/**
 * Options of a cloud's load balancer.
 */
export interface CloudLoadBalancerOptions {
  /**
   * Whether the address is reachable only from the cloud's private network.
   *
   * @default false - the address is public
   */
  readonly internal?: boolean;
}

/**
 * Options of a load balancer in AWS.
 */
export interface AwsLoadBalancerOptions extends CloudLoadBalancerOptions {
  /**
   * Whether it has IPv6 addresses in addition to IPv4. Required for an IPv6 Service. Annotation:
   * `aws-load-balancer-ip-address-type`.
   *
   * The IP families of the Service are those of the cluster: EKS has either, and the load balancer translates.
   *
   * @default false - only IPv4 addresses
   * @see
   * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#ip-address-type
   */
  readonly dualStack?: boolean;

  /**
   * Whether the pods see the addresses of the clients. Required for `networkPolicy.ipBlocks`. Annotation:
   * `aws-load-balancer-target-group-attributes`.
   *
   * @default false - they see the addresses of the load balancer
   * @see
   * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#target-group-attributes
   */
  readonly preserveClientIP?: boolean;
}

/** Prefix of the annotations that the AWS Load Balancer Controller reads, except for source ranges. */
export const AWS_PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';

/**
 * Settings of the east-west gateway's Service.
 *
 * @internal
 */
export interface LoadBalancerService {
  readonly type: 'LoadBalancer' | 'NodePort';
  readonly annotations: { readonly [name: string]: string };
  /** Whether the address is public, unless an annotation makes it internal. */
  readonly isPublicByDefault?: boolean;
  /** Labels of the nodes whose addresses the other networks use. */
  readonly nodeSelector?: { readonly [label: string]: string };
}

/**
 * How the east-west gateway's Service gets the address at which the other networks reach it.
 *
 * A preset sets the Service's type and annotations. The gateway's `service` settings override them.
 */
export abstract class LoadBalancer extends Provider {
  /**
   * A Network Load Balancer of the AWS Load Balancer Controller, with pod addresses as targets.
   *
   * Its health check asks the proxy at port 15021. The default health check connects to the port itself, which
   * `networkPolicy.ipBlocks` would block.
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
   * A passthrough Network Load Balancer of Google Kubernetes Engine. A public one is based on a backend service.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   */
  static gke(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('gke', options, options.internal
      ? { 'networking.gke.io/load-balancer-type': 'Internal' }
      : { 'cloud.google.com/l4-rbs': 'enabled' });
  }

  /**
   * A load balancer of Azure Kubernetes Service, public unless `internal` is set.
   *
   * @see https://learn.microsoft.com/azure/aks/internal-lb
   */
  static aks(options: CloudLoadBalancerOptions = {}): LoadBalancer {
    return new CloudLoadBalancer('aks', options, options.internal
      ? { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }
      : {});
  }

  /**
   * An address of a MetalLB pool. Requires MetalLB 0.14.9 or newer.
   *
   * @param pool name of the IPAddressPool
   * @see https://metallb.io/usage/#requesting-specific-ips
   */
  static metalLb(pool: string): LoadBalancer {
    return new MetalLbLoadBalancer(pool);
  }

  /**
   * The addresses of the nodes, at a port that Kubernetes assigns. istiod reads both from the API server.
   *
   * istiod uses the node addresses of type ExternalIP, and ignores nodes without one.
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
  constructor(
    cloud: string, options: CloudLoadBalancerOptions, private readonly annotations: { readonly [name: string]: string },
  ) {
    super(cloud, Object.keys(options).length === 0 ? undefined : options);
  }

  _service(): LoadBalancerService {
    return { type: 'LoadBalancer', annotations: this.annotations, isPublicByDefault: true };
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
    const annotations = { [NODE_SELECTOR]: JSON.stringify(this.nodeSelector) };
    return { type: 'NodePort', annotations, nodeSelector: this.nodeSelector };
  }
}
