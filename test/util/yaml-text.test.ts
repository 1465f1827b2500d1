import * as jsYaml from 'js-yaml';
import { parse } from 'yaml';
import { toYaml, withAnnotations } from '../../src/util/yaml-text';

/** Strings that some reader of unquoted YAML takes for something else. */
const TRICKY = [
  '', ' ', '~', 'null', 'Null', 'NULL', '-', '--', '---', '...', '?', ':', '=', '<<',
  'y', 'Y', 'n', 'N', 'yes', 'Yes', 'YES', 'no', 'No', 'NO', 'on', 'On', 'ON', 'off', 'Off', 'OFF', 'true', 'True',
  'TRUE', 'false', 'False', 'FALSE',
  '0', '-0', '1', '+1', '-1', '007', '08', '0777', '0o17', '0O17', '0x1f', '0X1F', '0b11', '+0x1f', '1_000', '0x_1f',
  '0b1_1', '1e3', '1E3', '1e+3', '12e03', '1e-3',
  '1.', '.5', '-.5', '+.5', '1.0', '1.30', '1_0.5', '6.8523015e+5', '.inf', '-.Inf', '+.INF', '.nan', '.NaN', '._', '.',
  '1:30', '190:20:30', '-1:30', '190:20:30.15', '1.31.0', '10.0.0.1', '1-31-0',
  '2001-01-01', '2001-1-1', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43.10 -5', '2001-12-15 2:59:43.10',
  '# comment', 'a # comment', 'a: b', 'a:', '- a', '? a', '&a', '*a', '!a', '!!int 3', '%TAG', '@a', '`a`', '|', '>',
  '{a: b}', '[a]', ',', '\'a\'', '"a"', '"', '\'',
  ' leading', 'trailing ', 'tab\tinside', '\tleading tab', 'two\nlines', 'two\nlines\n', '\nleading line',
  ' indented\nfirst line', 'trailing lines\n\n', 'carriage\r\nreturn',
  '\\', '\u0000', '\u0007', '\u0085', '\u00a0', '\u2028', '\ufeff', 'é', '中文', '🙂', 'x'.repeat(300),
  'long words '.repeat(40),
];

const READERS: ReadonlyArray<readonly [name: string, read: (text: string) => unknown]> = [
  ['yaml, by YAML 1.2', text => parse(text)],
  ['yaml, by YAML 1.1', text => parse(text, { version: '1.1' })],
  ['js-yaml', text => jsYaml.load(text)],
];

test.each(READERS)('every string in a list is the same string to %s', (_, read) => {
  expect(read(toYaml(TRICKY))).toEqual(TRICKY);
});

test.each(READERS)('every string under a key is the same string to %s', (_, read) => {
  const map = Object.fromEntries(TRICKY.map((text, i) => [`key${i}`, text]));
  expect(read(toYaml(map))).toEqual(map);
});

test.each(READERS)('every string as a key is the same key to %s', (_, read) => {
  const map = Object.fromEntries(TRICKY.map(text => [text, 'value']));
  expect(read(toYaml({ labels: map }))).toEqual({ labels: map });
});

test.each(READERS)('what is no string stays none to %s', (_, read) => {
  const values = {
    yes: true, no: false, nothing: null, integer: 15443, negative: -1, fraction: 0.5, big: 1e21, none: [], empty: {},
  };
  expect(read(toYaml(values))).toEqual(values);
});

test.each([
  '0X1F', '0B1_1', '0O1_7', '1_0e1', '1__0', '_1.5',
])('%s, a number to a reader that is written in Go, is quoted', text => {
  expect(toYaml({ text })).toBe(`text: "${text}"\n`);
});

test('only the strings that need quotes have them', () => {
  expect(toYaml({
    name: 'cluster1', version: '1.31.0', tag: '1.30', answer: 'no', host: '*.local', url: 'https://10.0.0.1:6443',
  }))
    .toBe('name: cluster1\nversion: 1.31.0\ntag: "1.30"\nanswer: "no"\nhost: "*.local"\nurl: https://10.0.0.1:6443\n');
});

test('text of several lines is a block, a long line stays one line, and nothing is an alias of something else', () => {
  const shared = { a: 'b' };
  expect(toYaml({ text: 'one\ntwo\n', long: 'word '.repeat(30) + 'end', first: shared, second: shared }))
    .toBe(`text: |\n  one\n  two\nlong: ${'word '.repeat(30)}end\nfirst:\n  a: b\nsecond:\n  a: b\n`);
});

test.each<[what: string, text: string, annotated: string]>([
  ['none', 'kind: A\nmetadata:\n  name: a\nspec:\n  b: c\n',
    'kind: A\nmetadata:\n  annotations:\n    x: "1"\n  name: a\nspec:\n  b: c\n'],
  [
    'others',
    'kind: A\nmetadata:\n  annotations:\n    y: z\n    w: |\n      v\n  labels:\n    annotations: no\n  name: a\n',
    'kind: A\nmetadata:\n  annotations:\n    x: "1"\n    y: z\n    w: |\n      v\n  labels:\n    annotations: '
      + 'no\n  name: a\n',
  ],
  ['it already', 'metadata:\n  annotations:\n    x: own\n  name: a\n',
    'metadata:\n  annotations:\n    x: own\n  name: a\n'],
  ['annotations of something else', 'metadata:\n  name: a\nspec:\n  metadata:\n    annotations:\n      x: y\n',
    'metadata:\n  annotations:\n    x: "1"\n  name: a\nspec:\n  metadata:\n    annotations:\n      x: y\n'],
])('a manifest that has %s gets an annotation, and stays what it is otherwise', (_, text, annotated) => {
  expect(withAnnotations(text, { x: '1' })).toBe(annotated);
  expect(withAnnotations(text, {})).toBe(text);
});
