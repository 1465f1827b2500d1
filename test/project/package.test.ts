import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { installPackage, MANIFEST, packedPackage } from '../support/package';
import { walkTutorial } from '../support/tutorial';
import { temporaryDirectory } from '../support/util';

const ROOT = join(__dirname, '..', '..');
const MINUTES = 60_000;

const consumer = temporaryDirectory();

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: consumer, encoding: 'utf-8', stdio: ['ignore', 'pipe', 'pipe'] });
}

let tarball: string;

beforeAll(() => {
  tarball = packedPackage(consumer);
  installPackage(consumer, tarball);
}, 5 * MINUTES);

test('the package synthesizes a mesh in a fresh project', () => {
  writeFileSync(join(consumer, 'main.js'), `
    const { Mesh, MeshApp, istio } = require('cdk8s-istio-mesh');
    const app = new MeshApp({ summary: false });
    new Mesh(app, 'mesh1', {
      meshID: 'mesh1', istioVersion: '1.31.0', network: 'network1',
      values: { global: { imagePullPolicy: 'Always' } },
      clusters: [
        { name: 'cluster1', apiServer: 'https://cluster1.example.com:6443' },
        { name: 'cluster2', apiServer: 'https://cluster2.example.com:6443' },
      ],
    });
    app.synth();
    if (istio.toJson_IstioOperatorSpec({ meshConfig: { trustDomain: 'td' } }).meshConfig.trustDomain !== 'td') throw new Error('imports');
  `);
  run('node', 'main.js');
  expect(readdirSync(join(consumer, 'dist')).sort())
    .toEqual(['.istio-mesh.json', 'cluster1', 'cluster2', 'mesh.md', 'mesh.svg', 'mesh.yaml']);
  expect(readFileSync(join(consumer, 'dist/cluster2/istioctl/control-plane.yaml'), 'utf-8'))
    .toContain('clusterName: cluster2');
});

test('the package brings the command istio-mesh, which gives the same tree from a file', () => {
  run('npx', '--no-install', 'istio-mesh', 'synth', 'dist/mesh.yaml', '--output', 'again', '--quiet');
  expect(run('diff', '-r', 'dist', 'again')).toBe('');
});

test('the package brings a validation of cdk8s synth, which passes until somebody patches what others rely on', () => {
  const program = (patch: string) => `
    const { ApiObject, JsonPatch } = require('cdk8s');
    const { Mesh, MeshApp } = require('cdk8s-istio-mesh');
    const app = new MeshApp({ summary: false });
    const mesh = Mesh.fromFile(app, 'mesh', 'mesh.yaml');
    ${patch}
    app.synth();
  `;
  const synth = (patch: string) => {
    writeFileSync(join(consumer, 'main.js'), program(patch));
    return spawnSync(join(ROOT, 'node_modules/.bin/cdk8s'), ['synth'],
      { cwd: consumer, encoding: 'utf-8', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' } });
  };
  writeFileSync(join(consumer, 'mesh.yaml'),
    `{meshID: mesh1, istioVersion: 1.31.0, network: $(cluster), acknowledge: {IM049: test}, clusters: [
    {name: cluster1, apiServer: "https://10.0.0.1"}, {name: cluster2, apiServer: "https://10.0.0.2"}]}`);
  const validation = {
    package: './node_modules/cdk8s-istio-mesh', version: MANIFEST.version, class: 'ManifestValidation',
  };
  writeFileSync(join(consumer, 'cdk8s.yaml'),
    JSON.stringify({ language: 'typescript', app: 'node main.js', validations: [validation] }));
  expect(synth('').status).toBe(0);
  const broken =
    synth("ApiObject.of(mesh.cluster('cluster1').exposedServices)"
      + ".addJsonPatch(JsonPatch.replace('/spec/selector/istio', 'gone'));");
  expect(broken.status).not.toBe(0);
  expect(broken.stdout + broken.stderr).toContain('(IM161)');
}, MINUTES);

test('the command writes a project in TypeScript that compiles, and gives the tree of the mesh.yaml that it writes',
  () => {
    const flags = [
      '--yes', '--cluster', 'a', 'b=admin@b', '--api-server', 'https://$(cluster).example.com', '--istio-version',
      '1.31.0',
    ];
    const inProject = (program: string, ...args: string[]) =>
      spawnSync(join(ROOT, 'node_modules/.bin', program), args, {
        cwd: join(consumer, 'project'), encoding: 'utf-8', env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
      });
    run('npx', '--no-install', 'istio-mesh', 'init', 'started', ...flags);
    run('npx', '--no-install', 'istio-mesh', 'init', 'project', '--format', 'typescript', ...flags);
    run('npx', '--no-install', 'istio-mesh', 'synth', 'started/mesh.yaml', '--output', 'started/dist', '--quiet');
    mkdirSync(join(consumer, 'project/node_modules/.bin'), { recursive: true }); // npm install makes as much
    symlinkSync(join(ROOT, 'node_modules/.bin/tsx'), join(consumer, 'project/node_modules/.bin/tsx'));
    expect(inProject('cdk8s', 'synth').status).toBe(0);
    expect(run('diff', '-r', 'started/dist', 'project/dist')).toBe('');
    expect(inProject('tsc').stdout).toBe('');
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(consumer, 'project/package.json'), 'utf-8'));
    const wanted = Object.keys(devDependencies).concat('cdk8s', 'cdk8s-plus-28', 'constructs')
      .map(name => [name, MANIFEST.devDependencies[name]]);
    expect({ ...dependencies, ...devDependencies })
      .toEqual({ 'cdk8s-istio-mesh': MANIFEST.version, ...Object.fromEntries(wanted) });
  }, 2 * MINUTES);

test('a misspelt Istio setting does not compile', () => {
  const program = (setting: string) => `
    import { IstioPrimary, MeshApp } from 'cdk8s-istio-mesh';
    import { Chart } from 'cdk8s';
    new IstioPrimary(new Chart(new MeshApp(), 'c'), 'istio', { meshID: 'm', clusterName: 'c', network: 'n', values: { global: { ${setting} } } });
  `;
  const compile = (setting: string) => {
    writeFileSync(join(consumer, 'main.ts'), program(setting));
    return spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['--project', '.'],
      { cwd: consumer, encoding: 'utf-8' }).stdout;
  };
  const compilerOptions = { noEmit: true, strict: true, module: 'node16', target: 'es2022', types: [] };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
  expect(compile('imagePullPolicy: \'Always\'')).toBe('');
  expect(compile('imagePullPolcy: \'Always\'')).toContain('Did you mean to write \'imagePullPolicy\'?');
}, MINUTES);

test('the package can be imported as an ES module, with the types of Istio', () => {
  writeFileSync(join(consumer, 'main.mjs'),
    'import { istio, Mesh } from "cdk8s-istio-mesh"; console.log(typeof istio.toJson_IstioOperatorSpec, typeof Mesh);');
  expect(run('node', 'main.mjs')).toBe('function function\n');
});

test('loading the package loads neither the imported types nor libraries that only some programs need', () => {
  const loaded = run('node', '-e', 'require("cdk8s-istio-mesh"); console.log(Object.keys(require.cache).join("\\n"))');
  expect(loaded).toContain('cdk8s-istio-mesh/lib/src/constructs/mesh.js');
  expect(loaded).not.toMatch(/install\.istio\.io|node-forge|jsonschema|fast-glob|commander|cdk8s-plus-28/);
});

test('synth loads no library of another command', () => {
  const program = `
    process.on('exit', () => console.log(Object.keys(require.cache).join('\\n')));
    require('cdk8s-istio-mesh/lib/src/cli/program.js').program.parseAsync(['synth', 'dist/mesh.yaml', '--output', 'loaded', '--quiet'], { from: 'user' });
  `;
  const loaded = run('node', '-e', program);
  expect(loaded).toContain('node_modules/jsonschema/');
  expect(loaded).not.toMatch(/node_modules\/(node-forge|cli-table3|cli-progress|prompts)\//);
});

test('the package holds what is compiled and what that was compiled from, and nothing of the workshop', () => {
  const top = readdirSync(join(consumer, 'node_modules/cdk8s-istio-mesh'));
  expect(top.sort()).toEqual(['.jsii', 'LICENSE', 'README.md', 'lib', 'node_modules', 'package.json']);
});

test('the tutorial does what it says', () => {
  expect(walkTutorial(temporaryDirectory(), tarball)).toEqual([]);
}, 5 * MINUTES);
