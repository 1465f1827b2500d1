import { spawnSync } from 'child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { treeOfFile } from './mesh-util';
import { temporaryDirectory } from './util';

const ROOT = join(__dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf-8');

/** The fenced blocks of a language, without the indentation of a list that they stand in. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms'))].map(([, indent, text]) => text.replace(new RegExp(`^${indent}`, 'gm'), ''));
}

test('the first two blocks are all that a fresh machine needs: one line for the main job and one for the tests', () => {
  expect(blocks('sh').slice(0, 2)).toEqual(['npm ci && CDK8S_CHECK_UPGRADE=false npx cdk8s synth\n', 'npm ci && npm test\n']);
});

test('every program of the README compiles', () => {
  const directory = temporaryDirectory();
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const files = blocks('ts').map((text, i) => {
    writeFileSync(join(directory, `${i}.ts`), text.replace('\'cdk8s-istio-mesh\'', `'${join(ROOT, 'src')}'`));
    return `${i}.ts`;
  });
  const compilerOptions = { noEmit: true, strict: true, module: 'node16', target: 'es2022', types: ['node'], skipLibCheck: true };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const { stdout } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', '.'], { cwd: directory, encoding: 'utf-8' });
  expect(files.length).toBeGreaterThan(1);
  expect(stdout).toBe('');
}, 60_000);

test('the mesh file of the README gives two clusters with gateways', () => {
  const [mesh] = blocks('yaml');
  expect(Object.keys(treeOfFile(mesh)).filter(path => path.endsWith('eastwest.yaml'))).toEqual(['cluster1/istioctl/eastwest.yaml', 'cluster2/istioctl/eastwest.yaml']);
});
