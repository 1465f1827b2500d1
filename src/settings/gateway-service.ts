import { DEFAULT_AUTOSCALING } from './east-west-gateway-defaults';
import type { EastWestGatewayAutoscaling, EastWestGatewayOptions } from './east-west-gateway-options';
import { ipVersion } from '../util/ip-address';
import { present } from '../util/map';

/** Annotations of a gateway's Service. */
export function annotations({ service, loadBalancer }: EastWestGatewayOptions): { readonly [name: string]: string } {
  return { ...loadBalancer?._service().annotations, ...service?.annotations };
}

/** Type of a gateway's Service. */
export function serviceType({ service, loadBalancer }: EastWestGatewayOptions): string {
  return service?.type ?? loadBalancer?._service().type ?? 'LoadBalancer';
}

/** The settings of a gateway's autoscaler, with their defaults. */
export function autoscalingOf(
  { autoscaling = {} }: Pick<EastWestGatewayOptions, 'autoscaling'>,
): Required<EastWestGatewayAutoscaling> {
  return { ...DEFAULT_AUTOSCALING, ...present({ ...autoscaling }) };
}

/** The smallest number of pods of a gateway. */
export function minimumPods(options: Pick<EastWestGatewayOptions, 'autoscaling' | 'replicaCount'>): number {
  const { enabled, minReplicas } = autoscalingOf(options);
  return enabled ? minReplicas : options.replicaCount ?? 1;
}

/** Annotations of clouds that make an address public or internal. */
const SCHEME = /(-load-balancer-internal|-load-balancer-scheme|\/load-balancer-type)$/;

/** Whether the address of a gateway is internal, if an annotation of a cloud sets that. */
export function isInternal(options: EastWestGatewayOptions): boolean | undefined {
  const schemes = Object.entries(annotations(options)).filter(([name]) => SCHEME.test(name)).map(([, value]) => value);
  return schemes.length === 0 ? undefined
    : schemes.some(value => !['internet-facing', 'external', 'false'].includes(value.toLowerCase()));
}

const METAL_LB = /^metallb\.(io|universe\.tf)\//;

/** Whether an annotation makes the address of a gateway private. */
export function isPrivate(options: EastWestGatewayOptions): boolean {
  return isInternal(options) === true || Object.keys(annotations(options)).some(name => METAL_LB.test(name));
}

/** Whether a text is an IP address with a prefix length. */
export function isCidr(range: string): boolean {
  const [, address, length] = /^([^/]+)\/(\d{1,3})$/.exec(range.trim()) ?? [];
  const version = ipVersion(address ?? '');
  return version > 0 && Number(length) <= (version === 4 ? 32 : 128);
}
