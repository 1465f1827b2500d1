import { readFileSync } from 'fs';
import { isBuiltin } from 'module';
import { join } from 'path';
import { importCycles, importedPaths, importsAmong, layerOf, sourceFiles, usedNames } from '../support/import-graph';

const ROOT = join(__dirname, '..', '..');
const FILES = sourceFiles(join(ROOT, 'src'));
const IMPORTS = importsAmong(FILES);

/** From the lowest to the highest. */
const LAYERS = ['util', 'core', 'istio', 'settings', 'definition', 'rules', 'constructs', 'output', 'cli'];
const MAX_LINES = 300;
const MAX_COLUMNS = 120;

/** Imports of a file of a higher layer, or of one at the top. */
function upwardImports(imports: typeof IMPORTS): string[] {
  const level = (path: string) => LAYERS.includes(layerOf(path)) ? LAYERS.indexOf(layerOf(path)) : LAYERS.length;
  return imports.filter(({ from, to }) => level(from) < level(to)).map(({ from, to }) => `${from} imports ${to}`);
}

test('src has two files and nine layers', () => {
  const places = new Set([...FILES.keys()].map(layerOf));
  expect([...places].sort()).toEqual([...LAYERS, 'index.ts', 'cli.ts'].sort());
});

test('no import runs upward, not even of a type', () => {
  expect(IMPORTS.length).toBeGreaterThan(1000);
  expect(upwardImports(IMPORTS)).toEqual([]);
});

test('an upward import is seen, as a statement, a type and a call', () => {
  const above = ['constructs/mesh.ts', 'export {};'] as const;
  const statements = [
    'import { Mesh } from \'../constructs/mesh\';', 'import type { Mesh } from \'../constructs/mesh\';',
    'export * from \'../constructs/mesh\';',
    'type Mesh = import(\'../constructs/mesh\').Mesh;', 'const mesh = () => require(\'../constructs/mesh\');',
    'const mesh = () => import(\'../constructs/mesh.js\');',
  ];
  expect(statements.map(text => upwardImports(importsAmong(new Map([['util/map.ts', text], above])))))
    .toEqual(statements.map(() => ['util/map.ts imports constructs/mesh.ts']));
});

test('no files import each other, not even for types', () => {
  expect(importCycles(IMPORTS)).toEqual([]);
});

test('a cycle is seen, also one of types through a third file', () => {
  const files = new Map([
    ['core/a.ts', 'import type { B } from \'./b\';'], ['core/b.ts', 'import { C } from \'./c\';'],
    ['core/c.ts', 'type A = import(\'./a\').A;'], ['core/d.ts', 'import \'./a\';'],
  ]);
  expect(importCycles(importsAmong(files))).toEqual([['core/a.ts', 'core/b.ts', 'core/c.ts']]);
});

/** What is there in Node only, and not in a browser. */
const NODE_GLOBALS = ['process', 'Buffer', '__dirname', '__filename', 'NodeJS'];

/** The modules and global names of Node that pure code uses: everything except `util/host`, `cli` and `cli.ts`. */
function nodeUses(files: ReadonlyMap<string, string>): string[] {
  const pure = [...files].filter(([path]) => !/^(util\/host|cli)\/|^cli\.ts$/.test(path));
  return pure.flatMap(([path, text]) => {
    const names = usedNames(path, text);
    return [...importedPaths(path, text).filter(isBuiltin), ...NODE_GLOBALS.filter(name => names.has(name))]
      .map(used => `${path} uses ${used}`);
  });
}

test('only the host and the commands use Node', () => {
  expect(nodeUses(FILES)).toEqual([]);
});

test('a use of Node is seen, as an import, a type and a global', () => {
  const uses: ReadonlyArray<readonly [text: string, used: string]> = [
    ['import { join } from \'path\';', 'path'],
    ['import type { X509Certificate } from \'node:crypto\';', 'node:crypto'],
    ['type Certificate = import(\'crypto\').X509Certificate;', 'crypto'],
    ['const fs = () => require(\'fs\');', 'fs'],
    ['const directory = process.cwd();', 'process'],
    ['const bytes = Buffer.from(text);', 'Buffer'],
    ['const path = `${__dirname}/a`;', '__dirname'],
    ['type SystemError = NodeJS.ErrnoException;', 'NodeJS'],
  ];
  expect(uses.map(([text]) => nodeUses(new Map([['core/a.ts', text]]))))
    .toEqual(uses.map(([, used]) => [`core/a.ts uses ${used}`]));
  expect(nodeUses(new Map(['cli.ts', 'cli/a.ts', 'util/host/a.ts'].map(path => [path, uses[0][0]])))).toEqual([]);
  expect(nodeUses(new Map([['core/a.ts', 'const plan = { process: other.process };']]))).toEqual([]);
});

test(`no file has more than ${MAX_LINES} lines`, () => {
  expect([...FILES].filter(([, text]) => text.split('\n').length - 1 > MAX_LINES).map(([path]) => path)).toEqual([]);
});

/** Lines that are too long; a URL may be longer. */
function longLines(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) => text.split('\n').flatMap((line, i) =>
    line.length > MAX_COLUMNS && !/https?:\/\//.test(line) ? [`${path}:${i + 1}`] : []));
}

test(`no line has more than ${MAX_COLUMNS} columns`, () => {
  expect(longLines(FILES)).toEqual([]);
});

test('a long line is seen, and a long URL is not one', () => {
  const lines = ['x'.repeat(MAX_COLUMNS), 'x'.repeat(MAX_COLUMNS + 1), `// https://example.com/${'x'.repeat(MAX_COLUMNS)}`];
  expect(longLines(new Map([['core/a.ts', lines.join('\n')]]))).toEqual(['core/a.ts:2']);
});

test('no cast escapes the type checker', () => {
  const casts = [...FILES].flatMap(([path, text]) => text.split('\n').map(line => `${path}: ${line.trim()}`));
  expect(casts.filter(line => /\bas (any|unknown as)\b/.test(line))).toEqual([]);
});

test('the layers of the lint rules are those of the sources', () => {
  const { rules } = JSON.parse(readFileSync(join(ROOT, '.eslintrc.json'), 'utf-8').replace(/^\/\/.*$/gm, ''));
  const [, { zones }] = rules['import/no-restricted-paths'];
  expect(zones.map(({ target }: { target: string }) => target))
    .toEqual(LAYERS.slice(0, -1).map(layer => `./src/${layer}`));
});
