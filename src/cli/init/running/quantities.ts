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

/** Whether two maps say the same, where Kubernetes writes a quantity in another way than it was given: `2000m` becomes `2`. */
export function isSameQuantities(one: unknown, other: unknown): boolean {
  return isDeepStrictEqual(inNumbers(one), inNumbers(other));
}

function inNumbers(value: unknown): unknown {
  return isMap(value) ? withEntries(value, inNumbers) : quantity(String(value));
}

function quantity(text: string): number | string {
  const [, number, suffix] = /^([\d.]+)([a-zA-Z]*)$/.exec(text) ?? [];
  return number !== undefined && suffix in UNITS ? Number((Number(number) * UNITS[suffix]).toPrecision(12)) : text;
}
