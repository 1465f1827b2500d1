import { CROSS_NETWORK_PORT, DEFAULT_PORTS, TLS_PORT_NAME } from './east-west-gateway-defaults';
import type { EastWestGatewayOptions } from './east-west-gateway-options';
import { annotations, isInternal, serviceType } from './gateway-service';

/** Port at which the other networks reach a gateway's Service. */
export function tlsPort({ ports = DEFAULT_PORTS }: EastWestGatewayOptions): number {
  return ports.find(({ name }) => name === TLS_PORT_NAME)?.port ?? CROSS_NETWORK_PORT;
}

const POOL = /^metallb\.(io|universe\.tf)\/address-pool$/;

/** Presets that make a public address unless they are told otherwise. */
const CLOUDS = ['aws', 'gke', 'aks'];

/**
 * Which address a gateway has, as far as its definition tells: `public`, `internal`, `nodePort`, `MetalLB` with the pool, `externalIPs`, or
 * `load balancer` where the cluster's own default decides.
 */
export function addressKind(options: EastWestGatewayOptions): string {
  const { loadBalancer } = options;
  const type = serviceType(options);
  if (type !== 'LoadBalancer') {
    return type === 'NodePort' ? 'nodePort' : 'externalIPs';
  }
  const [, pool] = Object.entries(annotations(options)).find(([name]) => POOL.test(name)) ?? [];
  if (pool !== undefined) {
    return `MetalLB ${pool}`;
  }
  const isOfCloud = loadBalancer !== undefined && CLOUDS.includes(loadBalancer._kind);
  return { true: 'internal', false: 'public' }[String(isInternal(options))] ?? (isOfCloud ? 'public' : 'load balancer');
}
