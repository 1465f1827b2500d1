import { isDeepStrictEqual } from 'util';
import * as fc from 'fast-check';
import { isEqual } from '../../src/util/equal';

const VALUES: readonly unknown[] = [
  undefined, null, true, false, 0, -0, 1, NaN, '', '0', [], [1], [1, undefined], ['1'],
  {}, { a: 1 }, { a: undefined }, { b: 1 }, { a: null }, { 0: 1 }, { length: 0 }, { toString: 1 },
  { a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 }, { a: 1, b: [{ c: 3 }] },
];

test('each value of a table equals those that Node calls equal', () => {
  const pairs = VALUES.flatMap(one => VALUES.map(other => ({ one, other })));
  pairs.forEach(({ one, other }) => expect(isEqual(one, structuredClone(other))).toBe(isDeepStrictEqual(one, other)));
});

test('random plain data equals what Node calls equal', () => {
  const data = fc.jsonValue({ maxDepth: 3 }).map(value => JSON.parse(JSON.stringify(value)));
  fc.assert(fc.property(data, data, (one, other) => {
    expect(isEqual(one, other)).toBe(isDeepStrictEqual(one, other));
    expect(isEqual(one, structuredClone(one))).toBe(true);
  }), { numRuns: 1000 });
});
