import type { EastWestGatewayOptions } from './east-west-gateway-options';
import { ipVersion } from '../util/ip-address';

/** Annotations of a gateway's Service. */
export function annotations({ service, loadBalancer }: EastWestGatewayOptions): { readonly [name: string]: string } {
  return { ...loadBalancer?._service().annotations, ...service?.annotations };
}

/** Type of a gateway's Service. */
export function serviceType({ service, loadBalancer }: EastWestGatewayOptions): string {
  return service?.type ?? loadBalancer?._service().type ?? 'LoadBalancer';
}

/** Annotations of clouds that say whether the Internet reaches an address. */
const SCHEME = /(-load-balancer-internal|-load-balancer-scheme|\/load-balancer-type)$/;

/** What an annotation of a cloud says of the address of a gateway: whether it is internal, where one says so. */
export function isInternal(options: EastWestGatewayOptions): boolean | undefined {
  const said = Object.entries(annotations(options)).filter(([name]) => SCHEME.test(name)).map(([, value]) => value.toLowerCase());
  return said.length === 0 ? undefined : said.some(value => !['internet-facing', 'external', 'false'].includes(value));
}

const METAL_LB = /^metallb\.(io|universe\.tf)\//;

/** Whether an annotation keeps the address of a gateway from the Internet. */
export function isPrivate(options: EastWestGatewayOptions): boolean {
  return isInternal(options) === true || Object.keys(annotations(options)).some(name => METAL_LB.test(name));
}

/** Whether a text is an address and the length of a prefix. */
export function isCidr(range: string): boolean {
  const [, address, length] = /^([^/]+)\/(\d{1,3})$/.exec(range.trim()) ?? [];
  const version = ipVersion(address ?? '');
  return version > 0 && Number(length) <= (version === 4 ? 32 : 128);
}
