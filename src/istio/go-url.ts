import { isIPv4 } from '../util/ip-address';

const HOST_NAME = /^\w([-\w]*\w)?(\.\w([-\w]*\w)?)*\.?$/;
const PARTS = /^\w+:\/\/([^/?#]*)(.*)$/s;
const AUTHORITY = /^(.*?)(:\d+)?$/s;

/**
 * Why istiod, which is written in Go, cannot use a URL that JavaScript accepts.
 *
 * JavaScript repairs URLs that Go rejects, e.g. `https:////a` and `https://1.2.3`, and accepts host names with invalid
 * characters, e.g. `a}b`.
 *
 * @returns a predicate that completes a sentence about the URL; undefined for a usable URL
 */
export function goUrlProblem(text: string): string | undefined {
  const [, authority = '', path = ''] = PARTS.exec(text) ?? [];
  const [, host] = AUTHORITY.exec(authority)!;
  const { hostname } = new URL(text);
  const isAddress = host.startsWith('[') || isIPv4(hostname);
  if (isAddress ? isIPv4(hostname) && host !== hostname : !HOST_NAME.test(host)) {
    return `has an invalid host '${host}', which must be an IP address, or a name of letters, digits, '-' and '.'`;
  }
  const isValidPath = /^([!-$&-~]|%[\da-f]{2})*$/i.test(path);
  return isValidPath ? undefined
    : 'has an invalid path, in which special characters must be percent-encoded, e.g. \'%\' as \'%25\'';
}
