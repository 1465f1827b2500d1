import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { CONSTRAINTS } from '../../projenrc/constraints';

const TESTS =
  (readdirSync(join(__dirname, '..'), { recursive: true }) as string[]).filter(file => file.endsWith('.test.ts'))
    .map(file => readFileSync(join(__dirname, '..', file), 'utf-8')).join('');

test('what cannot be expressed is shown by tests that there are', () => {
  const named = CONSTRAINTS.flatMap(([, keeper]) => [...keeper.matchAll(/test "([^"]+)"/g)].map(([, name]) => name));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(name => !TESTS.includes(`'${name.replace(/'/g, '\\\'')}'`))).toEqual([]);
});

test('all 48 constraints have a keeper', () => {
  expect(CONSTRAINTS).toHaveLength(48);
});
