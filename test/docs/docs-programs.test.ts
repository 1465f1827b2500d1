import { spawnSync } from 'child_process';
import { symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { type Block, blocksOf, page, pages, place, ROOT } from '../support/markdown';
import { temporaryDirectory } from '../support/util';

/** Pages with a part of a program of ours. */
const PARTS = ['docs/testing.md'];

/** What the compiler says of programs, each by where it stands. */
function complaints(programs: readonly Block[]): string[] {
  const directory = temporaryDirectory();
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  programs.forEach(({ text }, i) =>
    writeFileSync(join(directory, `${i}.ts`), text.replace(/'cdk8s-istio-mesh'/, `'${join(ROOT, 'src')}'`)));
  const compilerOptions = {
    noEmit: true, strict: true, module: 'node16', target: 'es2022', types: ['node'], skipLibCheck: true,
  };
  writeFileSync(join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: programs.map((_, i) => `${i}.ts`) }));
  const { stdout } =
    spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', '.'], { cwd: directory, encoding: 'utf-8' });
  return stdout.split('\n').filter(Boolean).map(line => line.replace(/^(\d+)\.ts/, (_, i) => place(programs[i])));
}

test('every program compiles, and one with a misspelt setting does not', () => {
  const broken = page('docs/x.md', `
\`\`\`ts
import { Mesh, MeshApp } from 'cdk8s-istio-mesh';

new Mesh(new MeshApp(), 'm', { meshID: 'mesh1', clusters: [{ name: 'cluster1', netwrok: 'network1' }] });
\`\`\`
`);
  const programs = blocksOf(pages().filter(({ path }) => !PARTS.includes(path)), 'ts');
  expect(programs.length).toBeGreaterThan(5);
  expect(complaints([...programs, ...broken.blocks]))
    .toEqual([expect.stringMatching(/^docs\/x\.md:2\(3,.*'netwrok' does not exist/)]);
}, 120_000);
