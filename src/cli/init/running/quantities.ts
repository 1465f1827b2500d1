import { isDeepStrictEqual } from 'util';
import { isMap, withEntries } from '../../../util/map';

const UNITS: { readonly [suffix: string]: number } = {
  '': 1,
  'n': 1e-9,
  'u': 1e-6,
  'm': 1e-3,
  'k': 1e3,
  'M': 1e6,
  'G': 1e9,
  'T': 1e12,
  'P': 1e15,
  'E': 1e18,
  'Ki': 2 ** 10,
  'Mi': 2 ** 20,
  'Gi': 2 ** 30,
  'Ti': 2 ** 40,
  'Pi': 2 ** 50,
  'Ei': 2 ** 60,
};

/** Whether two maps have equal values, even if Kubernetes normalized a quantity, e.g. `2000m` to `2`. */
export function hasEqualQuantities(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(normalized(one), normalized(other));
}

function normalized(value: unknown): unknown {
  return isMap(value) ? withEntries(value, normalized) : parseQuantity(String(value));
}

/** A quantity as a number; any other text is returned unchanged. */
function parseQuantity(text: string): number | string {
  const [, number, suffix] = /^([\d.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  if (number === undefined || !(suffix in UNITS)) {
    return text;
  }
  return Number((Number(number) * UNITS[suffix]).toPrecision(12)); // without rounding errors
}
