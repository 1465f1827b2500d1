import { spawnSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import * as ts from 'typescript';
import { directoryWith } from './support/mesh-util';

const ROOT = join(__dirname, '..');
const OLDEST = '20.16.0';

/** The compiled file, for an engine of some year. */
function compiled(target: ts.ScriptTarget): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target };
  return ts.transpileModule(readFileSync(join(ROOT, 'src', 'cli.ts'), 'utf-8'), { compilerOptions }).outputText;
}

/** Starts the command line on a Node that reports a version, with a command line that only prints a word. */
function start(version: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const directory = directoryWith({
    'cli.js': compiled(ts.ScriptTarget.ES2022),
    'cli/program.js': 'console.log("loaded"); exports.run = () => console.log("run");',
    'version.js': `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`,
  });
  return spawnSync(process.execPath, ['--require', './version.js', 'cli.js'], { cwd: directory, encoding: 'utf-8' });
}

test.each([
  '0.12.18', '8.17.0', '18.20.8', '20.9.0', '20.15.1',
])('Node %s prints the required version, loads nothing else, and fails', version => {
  expect(start(version)).toMatchObject({
    status: 1, stdout: '', stderr: `istio-mesh requires Node ${OLDEST} or newer, and this is Node ${version}\n`,
  });
});

test.each([OLDEST, '20.16.1', '20.19.0', '22.1.0', '100.0.0', '27.0.0-nightly2026'])('Node %s runs the command',
  version => {
    expect(start(version)).toMatchObject({ status: 0, stdout: 'loaded\nrun\n', stderr: '' });
  });

test('the required version is the one of package.json', () => {
  expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf-8')).engines).toEqual({ node: `>= ${OLDEST}` });
});

test('an old Node can parse the file: nothing in it is newer than ES2015', () => {
  expect(compiled(ts.ScriptTarget.ES2022)).toBe(compiled(ts.ScriptTarget.ES2015));
});
