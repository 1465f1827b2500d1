import { readdirSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { inject } from 'prompts';
import { ModuleKind, transpileModule } from 'typescript';
import * as library from '../../../src';
import { proposedNames } from '../../../src/cli/init/cluster-names';
import { init } from '../../../src/cli/init/init';
import type { InitOptions } from '../../../src/cli/init/init-options';
import type { InitialMesh } from '../../../src/cli/init/initial-mesh';
import { definitionOfInitial } from '../../../src/cli/init/initial-mesh';
import { meshProgram } from '../../../src/cli/init/mesh-program';
import { meshText } from '../../../src/cli/init/mesh-text';
import { definitionOf } from '../../../src/definition/definition';
import { meshModel } from '../../../src/definition/mesh-model';
import { dnsLabelProblem } from '../../../src/istio/names';
import type { Fields } from '../../../src/util/map';
import { FakeClusters } from '../../support/fake-clusters';
import { directoryWith, filesOf, synthesized, treeOfFile } from '../../support/mesh-util';
import type { Files } from '../../support/mesh-util';
import { giveSecrets, randomMeshes, SEED } from '../../support/random-meshes';
import { problems, temporaryDirectory } from '../../support/util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

/** A kubeconfig with a context for each API server. */
function kubeconfig(servers: { readonly [context: string]: string | object }): void {
  const entries = Object.entries(servers);
  new FakeClusters().kubeconfig = {
    clusters: entries.map(([name, server]) => ({ name: `cluster of ${name}`, cluster: typeof server === 'string' ? { server } : server })),
    contexts: [...entries.map(([name]) => ({ name, context: { cluster: `cluster of ${name}` } })), { name: 'leads nowhere', context: { cluster: 'gone' } }],
  };
}

const THREE = { cluster1: 'https://10.0.0.1:6443', cluster2: 'https://10.0.0.2:6443', cluster3: 'https://10.0.0.3:6443' };

beforeEach(() => kubeconfig(THREE));

/** What init writes into a new directory, and what it tells. */
async function written(options: InitOptions, before: Files = {}): Promise<{ files: Files; told: string; directory: string }> {
  const directory = directoryWith(before);
  const told = await init(directory, { istioVersion: '1.31.0', yes: true, ...options });
  return { files: filesOf(directory), told: told.replaceAll(directory, 'DIR'), directory };
}

/** Everything that init refuses. */
async function refused(options: InitOptions): Promise<string[]> {
  const directory = temporaryDirectory();
  const error = await init(directory, { istioVersion: '1.31.0', yes: true, ...options }).catch(reason => reason);
  expect(readdirSync(directory)).toEqual([]);
  return problems(() => { throw error; });
}

const HEADER = `# yaml-language-server: $schema=node_modules/cdk8s-istio-mesh/lib/src/mesh.schema.json
# A multi-primary Istio mesh. What stands here, outside \`clusters\`, holds for all of them; the same keys under a cluster hold for that
# one. $(cluster) is the name of the cluster that a setting is used for. An editor that knows the schema above tells of every key.

`;

test('three contexts and --yes are a mesh of three clusters, on networks of their own, with one root', async () => {
  const { files, told } = await written({ context: ['cluster1', 'cluster2', 'cluster3'] });
  expect(files).toEqual({
    'mesh.yaml': `${HEADER}meshID: mesh1 # the same in every cluster
istioVersion: 1.31.0 # of the control planes, and of the istioctl that is used
network: $(cluster) # clusters whose pods reach each other directly have one; all others go through gateways
trust: {pem: certs} # who brings the Secret cacerts, with one root for all clusters

clusters:
- name: cluster1
  apiServer: https://10.0.0.1:6443 # as the OTHER clusters reach it
- name: cluster2
  apiServer: https://10.0.0.2:6443
- name: cluster3
  apiServer: https://10.0.0.3:6443
`,
  });
  expect(told).toBe(`DIR: mesh.yaml: mesh 'mesh1' of 3 clusters on 3 networks, with 3 east-west gateways
  cluster1  context cluster1, https://10.0.0.1:6443
  cluster2  context cluster2, https://10.0.0.2:6443
  cluster3  context cluster3, https://10.0.0.3:6443
next:
  cd DIR
  npx istio-mesh synth mesh.yaml    # writes dist/, and tells what to run then
`);
});

test('without kubectl, flags say all of it', async () => {
  new FakeClusters().kubeconfig = undefined;
  const { files } = await written({
    meshId: '007',
    cluster: ['a', 'b=admin@b'],
    apiServer: ['https://$(cluster).example.com'],
    network: ['net', 'b=other'],
    trust: 'cert-manager=mesh-root',
    gitOps: 'argo-cd',
    repoUrl: 'https://git.example.com/mesh.git',
  });
  expect(files['mesh.yaml']).toBe(`${HEADER}meshID: "007" # the same in every cluster
istioVersion: 1.31.0 # of the control planes, and of the istioctl that is used
apiServer: https://$(cluster).example.com # as the OTHER clusters reach it
installer: helm # who installs istiod and the gateways
trust: {certManager: {issuerRef: {name: mesh-root}}} # who brings the Secret cacerts, with one root for all clusters
gitOps: {argoCd: {repoURL: https://git.example.com/mesh.git}} # who applies the tree from Git

clusters:
- name: a
  network: net # clusters whose pods reach each other directly have one; all others go through gateways
- name: b
  network: other
  context: admin@b # in your kubeconfig, for the commands that talk to the cluster
`);
});

test.each<[string, readonly string[]]>([
  ['gke_shop_europe-west1-b_prod', ['prod']],
  ['gke_shop_europe-west1_prod gke_shop_us-east1_prod', ['prod-europe-west1', 'prod-us-east1']],
  ['arn:aws:eks:eu-west-1:123456789012:cluster/Shop_1 kind-c1 k3d-c2', ['shop-1', 'c1', 'c2']],
  ['admin@east me@west.eu-west-1.eksctl.io shop/api-east-example-com:6443/kube:admin', ['east', 'west', 'api-east-example-com']],
  ['admin@x dev@x', ['x-admin', 'x-dev']],
  ['kind-c1 c1', ['kind-c1', 'c1']],
  ['prod Prod', ['prod', 'prod-2']],
  ['argocd Flux constructor __proto__ ###', ['argocd-2', 'flux-2', 'constructor-2', 'proto', 'cluster']],
  [`${'x'.repeat(70)} ${'x'.repeat(71)}`, ['x'.repeat(63), `${'x'.repeat(61)}-2`]],
])('contexts %s are proposed as names %j', (contexts, names) => {
  expect(proposedNames(contexts.split(' '))).toEqual(names);
});

test('whatever contexts are called, the names that are proposed are DNS labels that differ', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('kind-a', 'a', 'x@a', 'gke_p_z_a', 'A'), fc.string({ maxLength: 90, minLength: 60 }))), contexts => {
    const names = proposedNames(contexts);
    expect(names.map(name => dnsLabelProblem('name', name)).filter(Boolean)).toEqual([]);
    expect(new Set(names).size).toBe(contexts.length);
  }));
});

test.each([
  ['https://127.0.0.1:41111', 'loopback'],
  ['https://localhost:6443', 'loopback'],
  ['https://0.0.0.0:6550', 'loopback'],
  ['http://10.0.0.9:8080', 'does not use https'],
  ['https://rancher.example.com/k8s/clusters/c-1', 'Rancher'],
  ['https://kubernetes.docker.internal:6443', 'only inside one machine or cluster'],
  ['https://host.k3d.internal:6443', 'only inside one machine or cluster'],
  ['https://kubernetes.default.svc', 'only inside one machine or cluster'],
  ['https://169.254.1.1', 'only inside one machine or cluster'],
  ['https://[fe80::1]:6443', 'only inside one machine or cluster'],
])('an API server at %s is not one that other clusters reach, and another URL is asked for', async (server, reason) => {
  kubeconfig({ ...THREE, here: server });
  const [problem, ...more] = await refused({ context: ['cluster1', 'here'] });
  expect([problem, more]).toEqual([expect.stringContaining(reason), []]);
  expect(problem).toMatch(/^cluster 'here': apiServer .*; say it with --api-server here=URL$/);
  expect((await written({ context: ['cluster1', 'here'], apiServer: ['here=https://10.0.0.9:6443'] })).files['mesh.yaml']).toContain('https://10.0.0.9:6443');
});

test('of a kind cluster it is told where its address is found', async () => {
  kubeconfig({ ...THREE, 'kind-c4': 'https://127.0.0.1:41111' });
  expect(await refused({ context: ['cluster1', 'kind-c4'] })).toEqual([
    "cluster 'c4': apiServer 'https://127.0.0.1:41111' is a loopback address, which the other clusters cannot reach; write the https URL at which the "
    + 'other clusters reach it, e.g. https://10.0.0.1:6443; of kind that is the address of its container, '
    + "https://$(docker inspect -f '{{.NetworkSettings.Networks.kind.IPAddress}}' c4-control-plane):6443; say it with --api-server c4=URL",
  ]);
});

test('a name that the API server\'s certificate has goes along; a proxy, and trust in any certificate, are told', async () => {
  kubeconfig({ ...THREE, odd: { 'server': 'https://10.0.0.9', 'tls-server-name': 'api.example.com', 'proxy-url': 'http://me:secret@proxy:3128', 'insecure-skip-tls-verify': true } });
  const { files, told } = await written({ context: ['cluster1', 'odd'] });
  expect(files['mesh.yaml']).toContain('  tlsServerName: api.example.com # the name in the certificate of that API server\n');
  expect(told.split('\n').filter(line => line.startsWith('note: '))).toEqual([
    expect.stringMatching(/^note: cluster 'odd': your kubectl takes any certificate .* set caData or tlsServerName$/),
    expect.stringMatching(/^note: cluster 'odd': your kubectl reaches its API server through a proxy \(http:\/\/proxy:3128\/\).* set proxyUrl$/),
  ]);
  expect(files['mesh.yaml'] + told).not.toContain('secret');
});

test('everything that is wrong with the flags is told at once', async () => {
  kubeconfig({ ...THREE, 'me@cluster1': THREE.cluster1 });
  expect(await refused({
    context: ['cluster1', 'me@cluster1', 'cluster9'], apiServer: ['cluster7=https://10.0.0.7', 'cluster2'], network: ['a', 'b', 'x=y'], trust: 'root', gitOps: 'argo-cd',
  })).toEqual([
    "context 'cluster9' is not in your kubeconfig; did you mean 'cluster1'?",
    "contexts 'cluster1' and 'me@cluster1' both lead to https://10.0.0.1:6443, so that they are one cluster; name one of them",
    "--api-server names 'cluster7', which is no cluster of this mesh; did you mean 'cluster1'?",
    '--api-server cluster2 has no URL; write cluster2=https://HOST:PORT',
    "--api-server names 'cluster2', which is no cluster of this mesh; did you mean 'cluster1'?",
    "--network has 'b' beside 'a'; name one for all clusters, and others as CLUSTER=NETWORK",
    "--network names 'x', which is no cluster of this mesh; use one of cluster1, cluster1-me, cluster9",
    "--trust has 'root'; use one of pem, external, cert-manager, external-secrets",
    "cluster 'cluster9': no context tells its apiServer; give the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443; say it with --api-server cluster9=URL",
    '--git-ops argo-cd needs the Git repository that the output is committed to: --repo-url URL',
  ]);
});

test('where nobody can be asked, what has no default is missing', async () => {
  const contexts = 'no cluster is named; choose contexts of your kubeconfig with --context, e.g. --context cluster1 cluster2 cluster3';
  expect(await refused({})).toEqual([contexts]);
  expect(await refused({ yes: false })).toEqual([contexts]); // tests have no terminal
  new FakeClusters().kubeconfig = undefined;
  expect(await refused({})).toEqual(['no cluster is named, and there is no kubectl on the PATH; install it; name each with --cluster NAME=CONTEXT, and its API server with --api-server NAME=URL']);
  expect(await refused({ context: ['a'] })).toEqual(["context 'a': there is no kubectl on the PATH; install it; without it, name the cluster and its API server: --cluster NAME=a --api-server NAME=URL"]);
});

test('what synth would refuse is refused before it is written', async () => {
  expect(await refused({ context: ['cluster1', 'cluster2'], gitOps: 'flux', installer: 'istioctl' }))
    .toEqual(['cluster1', 'cluster2'].map(name => expect.stringContaining(`cluster '${name}': installer 'istioctl' leaves IstioOperators, which flux cannot apply`)));
  expect(await refused({ cluster: ['Prod=cluster1', 'a=cluster2'], meshId: 'a b' })).toEqual([expect.stringContaining("meshID 'a b'"), expect.stringContaining("write 'prod'")]);
});

test('where nothing can be written, it is said before anything is asked', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'file');
  writeFileSync(file, '');
  symlinkSync(join(directory, 'nowhere'), join(directory, 'mesh.yaml'));
  const flags: InitOptions = { cluster: ['one'], yes: true };
  await expect(init(file, {})).rejects.toThrow(`'${file}' is no directory, and nothing was written; name another directory`);
  await expect(init(join(file, 'below', 'it'), {})).rejects.toThrow(`'${file}' is no directory`);
  await expect(init(directory, flags)).rejects.toThrow(`'${join(directory, 'mesh.yaml')}' is there already, and nothing was written`);
  await expect(init('/proc/mesh/below', flags)).rejects.toThrow("'/proc/mesh/below' cannot be written (ENOENT), and nothing was written");
  expect(readdirSync(directory)).toEqual(['file', 'mesh.yaml']);
});

test('no file of the user is replaced, and those that a project has anyway stay', async () => {
  const project = { context: ['cluster1', 'cluster2'], format: 'typescript' };
  await expect(written({ context: ['cluster1'] }, { 'mesh.yaml': 'mine' })).rejects.toThrow(/^'.*mesh\.yaml' is there already, and nothing was written; name another directory$/);
  await expect(written(project, { 'main.ts': 'mine', 'tsconfig.json': 'mine' })).rejects.toThrow(/main\.ts', '.*tsconfig\.json' are there already/);
  const { files, told } = await written(project, { 'package.json': '{}', 'main.js': 'mine' });
  expect([Object.keys(files), files['package.json']]).toEqual([['.gitignore', 'README.md', 'cdk8s.yaml', 'main.js', 'main.ts', 'package.json', 'tsconfig.json'], '{}']);
  expect(told).toContain('note: package.json was there, and stays as before\n');
  expect(told).toMatch(/npm install --save-exact cdk8s@[\d.]+ cdk8s-plus-28@[\d.]+ constructs@[\d.]+\n {2}npm install --save-exact --save-dev cdk8s-cli@[\d.]+ tsx@[\d.]+ 'typescript@.*'\n {2}npx cdk8s synth/);
});

/** The files that a program writes. */
function treeOfProgram(text: string): Files {
  return synthesized(app => {
    const compiled = transpileModule(text, { compilerOptions: { module: ModuleKind.CommonJS } }).outputText;
    const MeshApp = function () { return app; };
    new Function('require', 'exports', compiled)(() => ({ ...library, MeshApp }), {});
  });
}

const OF = { name: fc.constantFrom('a', 'b-1', '007', 'no', 'x'.repeat(24)), network: fc.constantFrom('net', '1e3', 'N_1.x') };
const ANSWERS = fc.record({
  clusters: fc.uniqueArray(OF.name, { minLength: 1 }),
  meshId: fc.constantFrom('mesh1', '007', 'm.x', undefined),
  shared: fc.option(OF.network, { nil: undefined }),
  istioVersion: fc.constantFrom('1.30.2', '1.31.0'),
  trust: fc.constantFrom('pem=/keys/it\'s', 'external', 'cert-manager=007', 'external-secrets=no'),
  installer: fc.constantFrom('helm', 'sail', 'external', undefined),
  gitOps: fc.constantFrom('argo-cd', 'flux', undefined),
  context: fc.constantFrom('admin@$', 'it\'s "$" \\ \u2028', '${$}', '$'),
});

test('whatever is answered, mesh.yaml and the program give the same tree', async () => {
  await fc.assert(fc.asyncProperty(ANSWERS, async ({ clusters, shared, context, ...options }) => {
    const flags = {
      ...options,
      cluster: clusters.map(name => `${name}=${context.replace('$', name)}`),
      apiServer: ['https://$(cluster).example.com'],
      network: shared === undefined ? undefined : [shared],
      repoUrl: options.gitOps === 'argo-cd' ? 'https://git.example.com/it.git' : undefined,
    };
    const { 'mesh.yaml': yaml } = (await written(flags)).files;
    const { 'main.ts': program } = (await written({ ...flags, format: 'typescript' })).files;
    expect(treeOfProgram(program)).toEqual(treeOfFile(yaml));
  }), { seed: SEED, numRuns: 25 });
}, 120_000);

test('what stands at the mesh is what all clusters say, and the mesh is the same', () => {
  const secrets = temporaryDirectory();
  giveSecrets(secrets);
  const settingsOf = (data: unknown) => meshModel({ ...definitionOf({ meshID: '', clusters: [] }), data }).model.clusters.map(({ name, settings }) => ({ name, settings }));
  let hoisted = 0;
  fc.assert(fc.property(randomMeshes(secrets), mesh => {
    const clusters = settingsOf(mesh).map(({ name, settings: { name: _, ...settings } }) => ({ name, settings }));
    const initial: InitialMesh = { mesh: { meshID: 'mesh1' }, clusters, notes: [] };
    const definition = definitionOfInitial(initial);
    hoisted += Object.keys(definition).length - 2;
    expect(settingsOf(definition)).toEqual(settingsOf({ meshID: 'mesh1', clusters: clusters.map(({ name, settings }) => ({ name, ...settings })) }));
  }), { seed: SEED, numRuns: 100 });
  expect(hoisted).toBeGreaterThan(100);
});

const settings = (more: Fields): Fields => ({ istioVersion: '1.31.0', network: 'n', values: { global: { logAsJson: true } }, ...more });

test('of maps, what all clusters say is said once, and what some say at them', () => {
  const clusters = ['c1', 'c2'].map(name => ({ name, settings: settings({ context: `admin@${name}`, apiServer: `https://${name}x.example.com`, eastWestGateway: { name: 'east', env: { A: name } } }) }));
  expect(definitionOfInitial({ mesh: { meshID: 'm' }, clusters, notes: [] })).toEqual({
    meshID: 'm',
    ...settings({ context: 'admin@$(cluster)', eastWestGateway: { name: 'east', env: { A: '$(cluster)' } } }),
    clusters: [{ name: 'c1', apiServer: 'https://c1x.example.com' }, { name: 'c2', apiServer: 'https://c2x.example.com' }],
  });
});

test('members of families, which replace whole, are not divided', () => {
  const trust = (options: object) => ({ trust: { certManager: { issuerRef: { name: 'root' }, ...options } } });
  const clusters = [{ name: 'c1', settings: trust({}) }, { name: 'c2', settings: trust({ duration: '720h' }) }];
  expect(definitionOfInitial({ mesh: { meshID: 'm' }, clusters, notes: [] }))
    .toEqual({ meshID: 'm', clusters: [{ name: 'c1', ...trust({}) }, { name: 'c2', ...trust({ duration: '720h' }) }] });
});

test('comments of a cluster stay comments in both forms', () => {
  const clusters = [{ name: 'c1', settings: settings({ apiServer: 'https://10.0.0.1' }), comments: ['first', 'second\nnetwork: hacked\n*/ hacked()'] }];
  const mesh: InitialMesh = { mesh: { meshID: 'm' }, clusters, notes: [] };
  expect(meshText(mesh)).toContain('clusters:\n# first\n# second\\nnetwork: hacked\\n*/ hacked()\n- name: c1\n');
  expect(meshProgram(mesh)).toContain('    // first\n    // second\\nnetwork: hacked\\n*/ hacked()\n    {\n      name: \'c1\',\n');
  expect(treeOfProgram(meshProgram(mesh))).toEqual(treeOfFile(meshText(mesh)));
});

describe('at a terminal', () => {
  const [stdin, stdout] = [process.stdin.isTTY, process.stdout.isTTY];
  let shown = '';
  beforeEach(() => {
    process.stdin.isTTY = process.stdout.isTTY = true;
    shown = '';
    jest.spyOn(process.stdout, 'write').mockImplementation(text => { shown += text; return true; });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.stdin.isTTY = stdin;
    process.stdout.isTTY = stdout;
  });

  test('every answer is asked, and asked again while something is wrong with it', async () => {
    kubeconfig({ ...THREE, 'kind-c4': 'https://127.0.0.1:41111' });
    inject(['yaml', [], ['cluster1', 'kind-c4'], 'one', 'One, two', 'one, two', 'https://localhost', 'https://10.0.0.4:6443', 'one', 'cert-manager', 'root', 'flux', 'sail', '1.31', '1.30.2', 'mesh 2', 'mesh2']);
    const { files } = await written({ yes: false, istioVersion: undefined });
    expect(files).toEqual({
      'mesh.yaml': (await written({
        cluster: ['one=cluster1', 'two=kind-c4'], apiServer: ['two=https://10.0.0.4:6443'], network: ['network1'], trust: 'cert-manager=root', gitOps: 'flux', installer: 'sail', istioVersion: '1.30.2', meshId: 'mesh2',
      })).files['mesh.yaml'],
    });
    for (const wrong of ['choose one at least', 'write 2 names', "write 'one'", "'https://localhost' is a loopback address", "'1.31' is no Istio version", "meshID 'mesh 2'"]) {
      expect(shown).toContain(wrong);
    }
  });

  test('whoever leaves a question leaves nothing behind', async () => {
    inject(['yaml', ['cluster1'], 'one', new Error('ctrl-C')]);
    const directory = join(temporaryDirectory(), 'new');
    await expect(init(directory, {})).rejects.toThrow(new Error('nothing was written'));
    expect(readdirSync(join(directory, '..'))).toEqual([]);
  });
});
