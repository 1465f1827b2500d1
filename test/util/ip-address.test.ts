import { isIP, isIPv4 as isIPv4OfNode } from 'net';
import * as fc from 'fast-check';
import { ipVersion, isIPv4 } from '../../src/util/ip-address';

const EDGES = [
  '', ':', '::', ':::', '::1', '1::', '1:2', '1:::2', '1::2::3', ' ::1', '::1\n', '[::1]', '::g', '::12345',
  'ABCD::EF01', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::8', '1::3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:1.2.3.4', '1:2:3:4:5:6:7:1.2.3.4',
  '1:2:3:4:5::1.2.3.4', '1:2:3:4:5:6::1.2.3.4', '::1.2.3.4', '1.2.3.4::', '::1.2.3.4:5',
  '::ffff:1.2.3.04', '1.2.3.4:1::', '::%eth0', 'fe80::1%', 'fe80::1%a%b', 'fe80::1%a_b', '1.2.3.4%a', '%a',
  '::1.2.3.4%x', '0.0.0.0', '255.255.255.255', '256.1.1.1', '1.2.3', '1.2.3.4.5', '01.2.3.4', '00.0.0.0',
  '1.2.3.4\n', '1.2.3.-4',
  '0x1.2.3.4', '1..3.4',
];

/** Every text of some parts that an address may have, up to a length. */
function texts(parts: readonly string[], length: number): string[] {
  return length === 0 ? [''] : texts(parts, length - 1).flatMap(text => [text, ...parts.map(part => text + part)]);
}

const FEW_PARTS = [...new Set(texts([':', '::', '1', 'f', '1.2.3.4'], 6))];

test('the version of every edge case is that of Node', () => {
  const all = [...EDGES, ...FEW_PARTS];
  expect(all.filter(text => ipVersion(text) !== isIP(text))).toEqual([]);
  expect(all.filter(text => isIPv4(text) !== isIPv4OfNode(text))).toEqual([]);
  expect(new Set(all.map(isIP)).size).toBe(3);
});

test('the version of random addresses, whole and damaged, is that of Node', () => {
  const group = fc.constantFrom('', '0', '1', 'ab', 'FFFF', '12345', 'g', '1.2.3.4', '1.2.3');
  const zone = fc.constantFrom('', '%eth0', '%');
  const ipv6 = fc.tuple(fc.array(group, { maxLength: 10 }), zone).map(([groups, end]) => groups.join(':') + end);
  const number = fc.oneof(fc.nat(300).map(String), fc.constantFrom('00', '01', '', '-1'));
  const ipv4 = fc.array(number, { minLength: 3, maxLength: 5 }).map(numbers => numbers.join('.'));
  fc.assert(fc.property(fc.oneof(ipv6, ipv4, fc.ipV4(), fc.ipV6()), text => {
    expect(ipVersion(text)).toBe(isIP(text));
  }), { numRuns: 5000 });
});
