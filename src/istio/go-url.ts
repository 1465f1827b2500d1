import { isIPv4 } from '../util/ip-address';

const HOST_NAME = /^\w([-\w]*\w)?(\.\w([-\w]*\w)?)*\.?$/;
const PARTS = /^\w+:\/\/([^/?#]*)(.*)$/s;
const AUTHORITY = /^(.*?)(:\d+)?$/s;

/**
 * What keeps istiod, written in Go, from using an URL that JavaScript takes, as the end of a sentence; undefined when nothing does.
 *
 * JavaScript repairs what Go refuses, e.g. `https:////a` and `https://1.2.3`, and lets stand in a host what stands in no name, e.g. `a}b`.
 */
export function goUrlProblem(text: string): string | undefined {
  const [, authority = '', path = ''] = PARTS.exec(text) ?? [];
  const [, host] = AUTHORITY.exec(authority)!;
  const { hostname } = new URL(text);
  const isAddress = host.startsWith('[') || isIPv4(hostname);
  if (isAddress ? isIPv4(hostname) && host !== hostname : !HOST_NAME.test(host)) {
    return `has the host '${host}', which is neither a name of letters, digits, '-' and '.' nor an address`;
  }
  return /^([!-$&-~]|%[\da-f]{2})*$/i.test(path) ? undefined : 'has a path with a % before no two hexadecimal digits, or with what belongs after one';
}
