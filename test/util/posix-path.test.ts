import { posix } from 'path';
import * as fc from 'fast-check';
import { basename, dirname, join, normalize } from '../../src/util/posix-path';

const PARTS = fc.constantFrom('', '.', '..', 'a', 'b.yaml', '.c', 'd e');
const PATHS = fc.array(PARTS, { maxLength: 7 }).map(parts => parts.join('/'));

test('a path is normalized as Node does it', () => {
  fc.assert(fc.property(PATHS, path => {
    expect(normalize(path)).toBe(posix.normalize(path));
  }), { numRuns: 2000 });
});

test('parts are joined as Node does it', () => {
  fc.assert(fc.property(fc.array(PATHS, { maxLength: 3 }), parts => {
    expect(join(...parts)).toBe(posix.join(...parts));
  }), { numRuns: 2000 });
});

test('the parts of a normalized path are those of Node', () => {
  fc.assert(fc.property(PATHS.map(posix.normalize), path => {
    expect([dirname(path), basename(path), basename(path, '.yaml')])
      .toEqual([posix.dirname(path), posix.basename(path), posix.basename(path, '.yaml')]);
  }), { numRuns: 2000 });
});
