import { IPv4, IPv6 } from 'ipaddr.js';

/** Whether a text is an IPv4 address: four numbers without leading zeros. */
export function isIPv4(text: string): boolean {
  return IPv4.isValidFourPartDecimal(text);
}

/** The version of an IP address, 4 or 6; 0 for any other text. */
export function ipVersion(text: string): 0 | 4 | 6 {
  if (isIPv4(text)) {
    return 4;
  }
  return IPv6.isValid(text) ? 6 : 0;
}
