import { isMap } from './map';

/** Whether two pieces of plain data are equal; the order of keys does not matter, and a key without a value counts. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((entry, i) => isEqual(entry, other[i]));
  }
  if (isMap(one) && isMap(other)) {
    const keys = Object.keys(one);
    return keys.length === Object.keys(other).length
      && keys.every(key => Object.hasOwn(other, key) && isEqual(one[key], other[key]));
  }
  return Object.is(one, other);
}
