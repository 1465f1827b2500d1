import * as fc from 'fast-check';
import { parse } from 'yaml';
import { toYaml } from '../../src/util/yaml-text';
import { buildGoReader, HAS_GO } from '../support/go-yaml';

const testWithGo = HAS_GO ? test : test.skip;

/** Every code point below U+3000 except surrogates, and some above: the ends of planes, noncharacters, emoji, tags. */
const CODE_POINTS = [
  ...Array(0x3000).keys(),
  0xd7ff, 0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1f642, 0x1fffe, 0xe0001, 0x10fffd, 0x10ffff,
];

/** Where in a document a character can be: in keys and in values, at each end of a text and within. */
const POSITIONS: { readonly [position: string]: (character: string) => unknown } = {
  'a value by itself': character => ({ key: character }),
  'the start of a value': character => ({ key: `${character}a` }),
  'the end of a value': character => ({ key: `a${character}` }),
  'a value between words': character => ({ key: `a: ${character} # b` }),
  'an item of a list': character => [`a${character}b`, [character]],
  'a text of several lines': character => ({ key: `a\n${character}b\n` }),
  'a key by itself': character => ({ [character]: 'value' }),
  'the middle of a key': character => ({ [`a${character}b`]: { key: 'value' } }),
};

const CHUNK = 64;

/** The data of all code points at a position, in several documents so that a failure names few code points. */
function documentsAt(position: (character: string) => unknown): unknown[] {
  const values = CODE_POINTS.map(point => position(String.fromCodePoint(point)));
  return Array.from({ length: Math.ceil(values.length / CHUNK) }, (_, i) => values.slice(i * CHUNK, (i + 1) * CHUNK));
}

test.each(Object.entries(POSITIONS))('the yaml package reads every code point in %s as it was', (_, position) => {
  for (const data of documentsAt(position)) {
    expect(parse(toYaml(data))).toEqual(data);
  }
});

testWithGo('Go reads every code point in every position as it was', () => {
  const documents = Object.values(POSITIONS).flatMap(documentsAt);
  const read = buildGoReader()(documents.map(data => toYaml(data)));
  expect(read.length).toBe(documents.length);
  read.forEach((data, i) => expect(data).toEqual(documents[i]));
}, 120_000);

/** Pieces of which some start or end a YAML construct, or look like one. */
const PIECES = [
  ...'\n\n\n  \t\rab#:-?!&*%@`|>{}[],\'"\\01._~<=e', '\u0085', '\u2028', '\ufeff', '\u00a0', '🙂', '---', '...',
  'null', 'word '.repeat(30), 'x'.repeat(1100),
];

/** Texts of random pieces, always the same. */
function randomTexts(count: number): string[] {
  const pieces = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 7 });
  return fc.sample(pieces.map(chosen => chosen.join('')), { seed: 17, numRuns: count });
}

testWithGo('Go and the yaml package read 10,000 random texts as they were, as keys, values and items', () => {
  const texts = randomTexts(10_000);
  const documents = texts.map((text, i) => [{ key: text }, { [text]: 'value' }, { list: [text, [text]] }][i % 3]);
  const written = documents.map(data => toYaml(data));
  buildGoReader()(written).forEach((data, i) => expect(data).toEqual(documents[i]));
  written.forEach((text, i) => expect(parse(text)).toEqual(documents[i]));
}, 120_000);

test('a line separator cannot add a key for readers that treat it as a line break', () => {
  expect(toYaml({ 'note': 'a\u2028subjects: []', 'k\u0085': '\u007f' }))
    .toBe('note: "a\\u2028subjects: []"\n"k\\u0085": "\\u007f"\n');
});
