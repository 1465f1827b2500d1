import { CROSS_NETWORK_PORT, DEFAULT_PORTS, TLS_PORT_NAME } from './east-west-gateway-defaults';
import type { EastWestGatewayOptions } from './east-west-gateway-options';
import { annotations, isInternal, serviceType } from './gateway-service';

/** Port at which the other networks reach the Service of a gateway. */
export function tlsPort({ ports = DEFAULT_PORTS }: EastWestGatewayOptions): number {
  return ports.find(({ name }) => name === TLS_PORT_NAME)?.port ?? CROSS_NETWORK_PORT;
}

const POOL = /^metallb\.(io|universe\.tf)\/address-pool$/;

/**
 * Kind of a gateway's address: `public`, `internal`, `nodePort`, `MetalLB` with the pool, `externalIPs`, or `load
 * balancer` if it depends on the cluster's default.
 */
export function addressKind(options: EastWestGatewayOptions): string {
  const type = serviceType(options);
  if (type !== 'LoadBalancer') {
    return type === 'NodePort' ? 'nodePort' : 'externalIPs';
  }
  const [, pool] = Object.entries(annotations(options)).find(([name]) => POOL.test(name)) ?? [];
  if (pool !== undefined) {
    return `MetalLB ${pool}`;
  }
  const internal = isInternal(options) ?? (options.loadBalancer?._service().isPublicByDefault ? false : undefined);
  return internal === undefined ? 'load balancer' : internal ? 'internal' : 'public';
}
