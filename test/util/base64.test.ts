import * as fc from 'fast-check';
import { fromBase64, toBase64 } from '../../src/util/base64';

const DIGITS = ['Y', 'W', 'J', 'j', '0', 'A', '/', '+', '_', '-', '=', ' ', '\n', '*', 'é'];

function decoded(base64: string, encoding: 'base64' | 'base64url' = 'base64'): string {
  return Buffer.from(base64, encoding).toString('utf-8');
}

test('text is encoded as Node does it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 50 }), text => {
    expect(toBase64(text)).toBe(Buffer.from(text).toString('base64'));
  }), { numRuns: 1000 });
  expect(toBase64('a lone \ud800 surrogate')).toBe(Buffer.from('a lone \ud800 surrogate').toString('base64'));
});

test.each([
  '', 'Y', 'YW', 'YWJ', 'YWJj', 'Y W\nJj', 'YQ==YQ==', 'YQ=\nYQ==', '=YWJj', 'Y=WJj', 'YWJjZG=', 'YW=J', '77u/YQ==',
  '-_-_', 'yr66vg==',
])('%j is decoded as Node does it', base64 => {
  expect(fromBase64(base64)).toBe(decoded(base64));
  expect(fromBase64(base64)).toBe(decoded(base64, 'base64url'));
});

test('whole and damaged base64 is decoded as Node does it', () => {
  const damaged = fc.array(fc.constantFrom(...DIGITS), { maxLength: 20 }).map(digits => digits.join(''));
  const whole = fc.uint8Array({ maxLength: 30 }).map(bytes => Buffer.from(bytes).toString('base64'));
  fc.assert(fc.property(fc.oneof(damaged, whole), base64 => {
    expect(fromBase64(base64)).toBe(decoded(base64));
  }), { numRuns: 5000 });
});
