import { existsSync, readFileSync } from 'fs';
import { dirname, join, posix } from 'path';
import { ALL_RULES } from '../../src/rules/all-rules';
import { type Page, page, pages, prose, ROOT } from '../support/markdown';

/** The id that a heading has on a Git host. */
function slug(heading: string): string {
  return heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');
}

function anchors(text: string): string[] {
  const headings = [
    ...text.replace(/^( *)```[^]*?^\1```$/gm, '').matchAll(/^#+ (.*)$/gm),
  ].map(([, heading]) => slug(heading));
  return [...headings, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)];
}

/** Links into the repository that lead nowhere. */
function deadLinks({ path, text }: Page): string[] {
  const links = [...text.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link)
    .filter(link => !/^https?:/.test(link));
  return links.filter(link => {
    const [, to, anchor] = /^([^#]*)#?(.*)$/.exec(link)!;
    const target = to === '' ? path : posix.join(posix.dirname(path), to);
    return !existsSync(join(ROOT, target))
      || anchor !== '' && !anchors(to === '' ? text : readFileSync(join(ROOT, target), 'utf-8')).includes(anchor);
  }).map(link => `${path}: ${link}`);
}

/** Paths of the repository that the page names, and that are not there. */
function deadPaths({ path, text }: Page): string[] {
  const named = text.replace(/\]\([^)]*\)|https?:\S+/g, '')
    .matchAll(/(?<![\w./$-])(?:examples|docs|projenrc|test|src|imports)\/[\w./*-]*\w/g);
  return [...named].map(([name]) => name).filter(name => !/\*|NAME/.test(name))
    .filter(name => !existsSync(join(ROOT, name)) && !existsSync(join(ROOT, dirname(path), name)))
    .map(name => `${path}: ${name}`);
}

/** Codes of rules that there are not. */
function unknownCodes({ path, text }: Page): string[] {
  const codes = [...text.matchAll(/\bIM\d{3}\b/g)].map(([code]) => code);
  return codes.filter(code => !ALL_RULES.some(rule => rule.code === code)).map(code => `${path}: ${code}`);
}

/** Pages that no page leads to. */
function orphans(all: readonly Page[]): string[] {
  const targets =
    all.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => posix.join(posix.dirname(path), link)));
  return all.map(({ path }) => path)
    .filter(path => path !== 'README.md' && !targets.includes(path) && !targets.includes(posix.dirname(path)));
}

test.each([
  ['link into the repository leads to a page, and to a heading there', deadLinks, 'docs/x.md',
    'see [this](gone.md) and [that](testing.md#gone)', ['docs/x.md: gone.md', 'docs/x.md: testing.md#gone']],
  ['path of the repository is there', deadPaths, 'docs/x.md', 'run `examples/gone/main.ts`',
    ['docs/x.md: examples/gone/main.ts']],
  ['code of a rule is one', unknownCodes, 'docs/x.md', 'see IM001 and IM999', ['docs/x.md: IM999']],
] as const)('every %s', (_, problems, path, broken, seen) => {
  expect(problems(page(path, broken))).toEqual(seen);
  expect(pages().flatMap(problems)).toEqual([]);
});

test('every page can be found from another one', () => {
  expect(orphans([page('README.md', '[a](docs/a.md)'), page('docs/a.md', ''), page('docs/b.md', '')]))
    .toEqual(['docs/b.md']);
  expect(orphans(pages())).toEqual([]);
});

test('the index of the documentation has one line for each page', () => {
  const index = pages().find(({ path }) => path === 'docs/README.md')!;
  const lines = prose(index).split('\n').filter(line => line.startsWith('- '));
  const named = lines.map(line => posix.join('docs', /\]\(([^)]+)\)/.exec(line)![1]));
  const others = pages().map(({ path }) => path).filter(path => path.startsWith('docs/') && path !== 'docs/README.md');
  expect(new Set(named).size).toBe(named.length);
  expect(others.filter(path => !named.includes(path))).toEqual([]);
});
