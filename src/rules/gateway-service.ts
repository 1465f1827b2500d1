import { isIP } from 'net';
import { EastWestGatewayOptions } from '../east-west-gateway-options';

/** Annotations of a gateway's Service. */
export function annotations({ service, loadBalancer }: EastWestGatewayOptions): { readonly [name: string]: string } {
  return { ...loadBalancer?._service().annotations, ...service?.annotations };
}

/** Type of a gateway's Service. */
export function serviceType({ service, loadBalancer }: EastWestGatewayOptions): string {
  return service?.type ?? loadBalancer?._service().type ?? 'LoadBalancer';
}

/** Annotations of addresses that the Internet does not reach. */
const PRIVATE = /(-load-balancer-internal|-load-balancer-scheme|\/load-balancer-type|^metallb\.(io|universe\.tf)\/)/;

/** Whether an annotation keeps the address of a gateway from the Internet. */
export function isPrivate(options: EastWestGatewayOptions): boolean {
  return Object.entries(annotations(options))
    .some(([name, value]) => PRIVATE.test(name) && !['internet-facing', 'external', 'false'].includes(value.toLowerCase()));
}

/** Whether a text is an address and the length of a prefix. */
export function isCidr(range: string): boolean {
  const [, address, length] = /^([^/]+)\/(\d{1,3})$/.exec(range.trim()) ?? [];
  const version = isIP(address ?? '');
  return version > 0 && Number(length) <= (version === 4 ? 32 : 128);
}
