import { existsSync, readFileSync } from 'fs';
import { dirname, join } from 'path';
import { load } from 'js-yaml';
import { parseDocument } from 'yaml';
import { loadMesh } from '../../src/cli/load-mesh';
import { type Block, type Page, blocksOf, page, pages, place, ROOT } from '../support/markdown';
import { directoryWith, treeOfFile } from '../support/mesh-util';
import { changed } from '../support/readme-changes';

/** What a fragment leaves out. */
const BASE = {
  meshID: 'mesh1',
  istioVersion: '1.31.0',
  network: '$(cluster)',
  apiServer: 'https://$(cluster).example.com:6443',
  clusters: [{ name: 'cluster1' }, { name: 'cluster2' }],
};

/** Meshes that a page shows because they are refused. */
const REFUSED = ['docs/how-to/fix-validation-errors.md', 'docs/reference/messages.md', 'docs/tutorial.md'];

/** Why the mesh that a text is a part of is refused, if it is. */
function refusal(text: string): string | undefined {
  const fragment = parseDocument(text, { version: '1.1' });
  const missing = Object.entries(BASE).filter(([key]) => !fragment.has(key))
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  const directory = directoryWith({ 'mesh.yaml': `${text}${missing.join('')}`, 'manifests/a.yaml': '' });
  try {
    loadMesh(join(directory, 'mesh.yaml'));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The meshes of a page, in whole or in part, as they are after each change that the page makes in the last one. */
function meshesOf({ path, blocks }: Page): Array<readonly [Block, string]> {
  const beside = join(ROOT, dirname(path), 'mesh.yaml');
  let last = existsSync(beside) ? readFileSync(beside, 'utf-8') : '';
  return blocks.filter(({ language, file }) =>
    language === 'diff' || language === 'yaml' && ['', 'mesh.yaml'].includes(file)).map(block => {
    last = block.language === 'diff' ? changed(last, block.text) : block.text;
    return [block, last];
  });
}

function refusals(some: readonly Page[]): string[] {
  return some.flatMap(meshesOf).map(([block, text]) => [place(block), refusal(text)])
    .filter(([, why]) => why !== undefined).map(([where, why]) => `${where}: ${why}`);
}

test('every mesh, every part of one and every change of one is taken, but for those that show how it is refused',
  () => {
    const broken = page('docs/x.md', '```yaml\ninstaler: helm\n```\n');
    expect(refusals([broken])).toEqual([expect.stringMatching(/^docs\/x\.md:1: .*'instaler'/s)]);
    const [shown, others] = [
      pages().filter(({ path }) => REFUSED.includes(path)), pages().filter(({ path }) => !REFUSED.includes(path)),
    ];
    expect(refusals(others)).toEqual([]);
    expect(refusals(shown).map(refused => refused.split(':')[0])).toEqual(expect.arrayContaining(REFUSED));
  });

test('a change that does not fit to what the page said before is seen', () => {
  expect(() =>
    refusals([page('docs/x.md', '```yaml\nrevision: a1\n```\n\n```diff\n-revision: a2\n+revision: a3\n```\n')]))
    .toThrow('0 times in the text');
});

test('every other YAML and every JSON can be read', () => {
  blocksOf(pages(), 'yaml').forEach(({ text }) => expect(load(text)).toBeDefined());
  blocksOf(pages(), 'json').forEach(({ text }) => expect(JSON.parse(text)).toBeDefined());
});

test('the mesh file of the README gives two clusters with gateways', () => {
  const [mesh] = blocksOf(pages().filter(({ path }) => path === 'README.md'), 'yaml');
  expect(Object.keys(treeOfFile(mesh.text)).filter(path => path.endsWith('eastwest.yaml')))
    .toEqual(['cluster1/istioctl/eastwest.yaml', 'cluster2/istioctl/eastwest.yaml']);
});

/**
 * After a change of the picture: write the mesh of the tutorial into a file, and run `istio-mesh graph FILE --output
 * docs/diagrams/tutorial.svg`.
 */
test('the picture of the tutorial is what synth draws of its mesh, and the README shows it', () => {
  const [tutorial, readme] = ['docs/tutorial.md', 'README.md'].map(path => pages().find(one => one.path === path)!);
  const mesh = tutorial.blocks.find(({ language, file }) => language === 'yaml' && file === 'mesh.yaml')!;
  expect(tutorial.text).toContain('(diagrams/tutorial.svg)');
  expect(readme.text).toContain('(docs/diagrams/tutorial.svg)');
  expect(readFileSync(join(ROOT, 'docs/diagrams/tutorial.svg'), 'utf-8')).toBe(treeOfFile(mesh.text)['mesh.svg']);
});
