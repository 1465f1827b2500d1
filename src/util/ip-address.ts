/** The version of an IP address, 4 or 6; 0 for any other text. */
export function ipVersion(text: string): 0 | 4 | 6 {
  return isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0;
}

/** Whether a text is an IPv4 address: four numbers without leading zeros. */
export function isIPv4(text: string): boolean {
  const numbers = text.split('.');
  return numbers.length === 4 && numbers.every(number => /^(0|[1-9]\d{0,2})$/.test(number) && Number(number) < 256);
}

/** The interface at the end of a link-local address, e.g. `%eth0`. */
const ZONE = /%[\da-zA-Z.:-]+$/;

const GROUP = /^[\da-fA-F]{1,4}$/;
const MAX_GROUPS = 8;

function isIPv6(text: string): boolean {
  const address = text.replace(ZONE, '');
  const halves = address.split('::');
  const groups = halves.flatMap(half => half === '' && halves.length > 1 ? [] : half.split(':'));
  const endsInIPv4 = !address.endsWith('::') && isIPv4(groups[groups.length - 1] ?? '');
  const count = endsInIPv4 ? groups.length + 1 : groups.length; // an IPv4 address is as long as two groups
  return (endsInIPv4 ? groups.slice(0, -1) : groups).every(group => GROUP.test(group))
    && (halves.length === 1 ? count === MAX_GROUPS : halves.length === 2 && count < MAX_GROUPS);
}
