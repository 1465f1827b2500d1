import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { AVOIDED_WORDS } from '../support/avoided-words';
import { type Prose, proseOfComments, proseOfMarkdown, proseOfTypeScript } from '../support/prose';

const ROOT = join(__dirname, '..', '..');

const READERS: ReadonlyArray<readonly [files: RegExp, read: (source: string) => Prose[]]> = [
  [/^(src|projenrc|examples)\/.*\.ts$|^\.projenrc\.ts$/, proseOfTypeScript],
  [/\.md$/, proseOfMarkdown],
  [/^examples\/.*\.(ya?ml|py|txt)$|^\.ci\//, proseOfComments],
];

/** Sentences in which a word of the list is the right one, each with the reason. */
const EXCEPTIONS: ReadonlyArray<readonly [file: string, text: string, reason: string]> = [
  ['src/settings/git-ops/argo-cd-health.ts', 'local told', 'a program in Lua, whose text is part of the output'],
];

/** Every avoided word in a file, as `file:line: word; write …`. */
function avoidedIn(file: string, source: string): string[] {
  const [, read] = READERS.find(([files]) => files.test(file)) ?? [];
  const isException = (text: string) => EXCEPTIONS.some(([of, part]) => of === file && text.includes(part));
  const texts = (read?.(source) ?? []).filter(({ text }) => !isException(text));
  return texts.flatMap(({ line, text }) => AVOIDED_WORDS.flatMap(({ expression, instead }) => {
    const found = expression.exec(text);
    return found ? [
      `${file}:${line + text.slice(0, found.index).split('\n').length - 1}: '${found[0]}'; write ${instead}`,
    ] : [];
  }));
}

const GIT_FILES = ['ls-files', '--cached', '--others', '--exclude-standard'];
const files = () => execFileSync('git', GIT_FILES, { cwd: ROOT, encoding: 'utf-8' }).trim().split('\n');

test('no text that people read has a word that readers stumbled over', () => {
  const read = files().filter(file => READERS.some(([of]) => of.test(file)));
  expect(read.length).toBeGreaterThan(200);
  expect(read.flatMap(file => avoidedIn(file, readFileSync(join(ROOT, file), 'utf-8')))).toEqual([]);
});

test('a word is seen in comments, strings, templates and prose, and not in code', () => {
  const source =
    '/** Says no. */\nconst told = \'nobody\';\n// refused\nconst text = `it ${told} is no X`;\nimport said from '
      + '\'./judge\';\n';
  expect(avoidedIn('src/x.ts', source).map(fault => fault.split('; ')[0]))
    .toEqual(['src/x.ts:1: \'Says\'', 'src/x.ts:2: \'nobody\'', 'src/x.ts:3: \'refused\'', 'src/x.ts:4: \'is no \'']);
  expect(avoidedIn('docs/x.md', '# A picture\n\n`refused` is code\n```\ntold\n```\nwith [link](judge.md)\n'))
    .toEqual(['docs/x.md:1: \'picture\'; write diagram']);
  expect(avoidedIn('examples/x.yaml', 'a: told # by hand\n').length).toBe(1);
});
