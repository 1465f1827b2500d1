import { readdirSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { inject } from 'prompts';
import { init } from '../../../src/cli/init/init';
import type { InitOptions } from '../../../src/cli/init/init-options';
import { FakeClusters } from '../../support/fake-clusters';
import { filesOfProgram, initProblems, runInit, THREE_SERVERS, useKubeconfig } from '../../support/init-util';
import { treeOfFile } from '../../support/mesh-util';
import { SEED } from '../../support/random-meshes';
import { temporaryDirectory } from '../../support/util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

beforeEach(() => useKubeconfig(THREE_SERVERS));

const HEADER = `# yaml-language-server: $schema=node_modules/cdk8s-istio-mesh/lib/src/mesh.schema.json
# A multi-primary Istio mesh. Settings outside \`clusters\` apply to all clusters; the settings of a cluster
# override them. $(cluster) is replaced with the name of the cluster.
# Editors that support the schema above explain every setting.

`;

test('--yes creates a mesh of the named contexts, on separate networks and with one root CA', async () => {
  const { files, output } = await runInit({ context: ['cluster1', 'cluster2', 'cluster3'] });
  expect(files).toEqual({
    'mesh.yaml': `${HEADER}meshID: mesh1 # the same in every cluster
istioVersion: 1.31.0 # version of the control planes and of istioctl
network: $(cluster) # clusters on the same network reach each other's pods directly; other traffic uses gateways
trust: {pem: certs} # provides the Secret cacerts, with one root CA for all clusters

clusters:
- name: cluster1
  apiServer: https://10.0.0.1:6443 # URL at which the OTHER clusters reach it
- name: cluster2
  apiServer: https://10.0.0.2:6443
- name: cluster3
  apiServer: https://10.0.0.3:6443
`,
  });
  expect(output).toBe(`DIR: mesh.yaml: mesh 'mesh1' of 3 clusters on 3 networks, with 3 east-west gateways
  cluster1  context cluster1, https://10.0.0.1:6443
  cluster2  context cluster2, https://10.0.0.2:6443
  cluster3  context cluster3, https://10.0.0.3:6443
next:
  cd DIR
  npx istio-mesh synth mesh.yaml    # writes dist/ and prints the next steps
`);
});

test('options can set everything without kubectl', async () => {
  new FakeClusters().kubeconfig = undefined;
  const { files } = await runInit({
    meshId: '007',
    cluster: ['a', 'b=admin@b'],
    apiServer: ['https://$(cluster).example.com'],
    network: ['net', 'b=other'],
    trust: 'cert-manager=mesh-root',
    gitOps: 'argo-cd',
    repoUrl: 'https://git.example.com/mesh.git',
  });
  expect(files['mesh.yaml']).toBe(`${HEADER}meshID: "007" # the same in every cluster
istioVersion: 1.31.0 # version of the control planes and of istioctl
apiServer: https://$(cluster).example.com # URL at which the OTHER clusters reach it
installer: helm # installs istiod and the gateways
trust: {certManager: {issuerRef: {name: mesh-root}}} # provides the Secret cacerts, with one root CA for all clusters
gitOps: {argoCd: {repoURL: https://git.example.com/mesh.git}} # applies the manifests from Git

clusters:
- name: a
  network: net # clusters on the same network reach each other's pods directly; other traffic uses gateways
- name: b
  network: other
  context: admin@b # kubeconfig context, for commands that access the cluster
`);
});

describe('API servers', () => {
  test.each([
    'https://127.0.0.1:41111',
    'https://localhost:6443',
    'https://0.0.0.0:6550',
    'http://10.0.0.9:8080',
    'https://rancher.example.com/k8s/clusters/c-1',
    'https://kubernetes.docker.internal:6443',
    'https://host.k3d.internal:6443',
    'https://kubernetes.default.svc',
    'https://169.254.1.1',
    'https://[fe80::1]:6443',
  ])('%s cannot be used by other clusters, so init needs another URL', async server => {
    useKubeconfig({ ...THREE_SERVERS, here: server });
    expect(await initProblems({ context: ['cluster1', 'here'] }))
      .toEqual([expect.stringMatching(/^cluster 'here': apiServer .*; set it with --api-server here=URL$/)]);
    const { files } = await runInit({ context: ['cluster1', 'here'], apiServer: ['here=https://10.0.0.9:6443'] });
    expect(files['mesh.yaml']).toContain('https://10.0.0.9:6443');
  });

  test('the error for a kind cluster shows how to find its address', async () => {
    useKubeconfig({ ...THREE_SERVERS, 'kind-c4': 'https://127.0.0.1:41111' });
    expect(await initProblems({ context: ['cluster1', 'kind-c4'] })).toEqual([expect.stringContaining(
      '; for a kind cluster, use the address of its container: https://$(docker inspect -f '
      + "'{{.NetworkSettings.Networks.kind.IPAddress}}' c4-control-plane):6443; set it with --api-server c4=URL")]);
  });

  test('the TLS server name is copied; notes mention a proxy and skipped verification, without passwords', async () => {
    const odd = {
      'server': 'https://10.0.0.9',
      'tls-server-name': 'api.example.com',
      'proxy-url': 'http://me:secret@proxy:3128',
      'insecure-skip-tls-verify': true,
    };
    useKubeconfig({ ...THREE_SERVERS, odd });
    const { files, output } = await runInit({ context: ['cluster1', 'odd'] });
    expect(files['mesh.yaml'])
      .toContain('  tlsServerName: api.example.com # name in the certificate of that API server\n');
    expect(output.split('\n').filter(line => line.startsWith('note: '))).toEqual([
      expect.stringMatching(/^note: cluster 'odd': your kubectl accepts any certificate .*caData.*tlsServerName$/),
      expect.stringMatching(/^note: cluster 'odd': your kubectl uses a proxy \(http:\/\/proxy:3128\/\).*set proxyUrl$/),
    ]);
    expect(files['mesh.yaml'] + output).not.toContain('secret');
  });
});

describe('errors', () => {
  test('are reported all at once', async () => {
    useKubeconfig({ ...THREE_SERVERS, 'me@cluster1': THREE_SERVERS.cluster1 });
    expect(await initProblems({
      context: ['cluster1', 'me@cluster1', 'cluster9'],
      apiServer: ['cluster7=https://10.0.0.7', 'cluster2'],
      network: ['a', 'b', 'x=y'],
      trust: 'root',
      gitOps: 'argo-cd',
    })).toEqual([
      "context 'cluster9' is not in your kubeconfig; did you mean 'cluster1'?",
      "contexts 'cluster1' and 'me@cluster1' lead to the same cluster, https://10.0.0.1:6443; choose one of them",
      "--api-server names 'cluster7', which is not a cluster of this mesh; did you mean 'cluster1'?",
      '--api-server cluster2 has no URL; write cluster2=https://HOST:PORT',
      "--api-server names 'cluster2', which is not a cluster of this mesh; did you mean 'cluster1'?",
      "cluster 'cluster9': apiServer is unknown, because your kubeconfig has no context for this cluster; "
        + 'write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443; '
        + 'set it with --api-server cluster9=URL',
      "--network sets both 'a' and 'b' for all clusters; set only one of them, and others as CLUSTER=NETWORK",
      "--network names 'x', which is not a cluster of this mesh; use one of cluster1, cluster1-me, cluster9",
      "unknown provider 'root' in --trust; use one of pem, external, cert-manager, external-secrets",
      '--git-ops argo-cd needs the URL of the Git repository that you commit the generated manifests to; '
        + 'add --repo-url URL',
    ]);
  });

  test('name the options for questions that cannot be asked and have no default', async () => {
    const noContexts = 'no clusters are selected; name contexts of your kubeconfig with --context, '
      + 'e.g. --context cluster1 cluster2 cluster3';
    expect(await initProblems({})).toEqual([noContexts]);
    expect(await initProblems({ yes: false })).toEqual([noContexts]); // tests have no terminal
  });

  test('suggest names instead of contexts if kubectl is missing', async () => {
    new FakeClusters().kubeconfig = undefined;
    expect(await initProblems({})).toEqual([expect.stringMatching(new RegExp(
      '^no clusters are selected, and no contexts are available: .*; alternatively, '
      + 'name each cluster with --cluster NAME=CONTEXT, and its API server with --api-server NAME=URL$'))]);
    expect(await initProblems({ context: ['a'] })).toEqual([expect.stringMatching(new RegExp(
      "^context 'a' cannot be read: .*; alternatively, "
      + 'name the cluster and its API server: --cluster NAME=a --api-server NAME=URL$'))]);
  });

  test('include those that synth would report', async () => {
    const context = ['cluster1', 'cluster2'];
    expect(await initProblems({ context, gitOps: 'flux', installer: 'istioctl' }))
      .toEqual(context.map(name => expect.stringContaining(`cluster '${name}': installer 'istioctl' `)));
    expect(await initProblems({ cluster: ['Prod=cluster1', 'a=cluster2'], meshId: 'a b' }))
      .toEqual([expect.stringContaining("meshID 'a b'"), expect.stringContaining("write 'prod'")]);
  });
});

test('a directory that cannot be written is reported before the first question', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'file');
  writeFileSync(file, '');
  symlinkSync(join(directory, 'missing'), join(directory, 'mesh.yaml'));
  const flags: InitOptions = { cluster: ['one'], yes: true };
  const notADirectory = `'${file}' is not a directory; nothing was written; choose another directory`;
  await expect(init(file, {})).rejects.toThrow(notADirectory);
  await expect(init(join(file, 'inside', 'it'), {})).rejects.toThrow(notADirectory);
  await expect(init(directory, flags))
    .rejects.toThrow(`'${join(directory, 'mesh.yaml')}' already exists; nothing was written; choose another directory`);
  await expect(init('/proc/mesh/inside', flags))
    .rejects.toThrow("cannot write '/proc/mesh/inside' (ENOENT); nothing was written; choose another directory");
  expect(readdirSync(directory)).toEqual(['file', 'mesh.yaml']);
});

test('existing files of a mesh definition are an error, and those of a project are kept', async () => {
  const project = { context: ['cluster1', 'cluster2'], format: 'typescript' };
  await expect(runInit({ context: ['cluster1'] }, { 'mesh.yaml': 'mine' }))
    .rejects.toThrow(/^'.*mesh\.yaml' already exists; nothing was written; choose another directory$/);
  await expect(runInit(project, { 'main.ts': 'mine', 'tsconfig.json': 'mine' }))
    .rejects.toThrow(/main\.ts', '.*tsconfig\.json' already exist;/);
  const { files, output } = await runInit(project, { 'package.json': '{}', 'main.js': 'mine' });
  expect(Object.keys(files))
    .toEqual(['.gitignore', 'README.md', 'cdk8s.yaml', 'main.js', 'main.ts', 'package.json', 'tsconfig.json']);
  expect(files['package.json']).toBe('{}');
  expect(output).toContain('note: package.json already exists and was not changed\n');
  expect(output.split('\n').slice(-4)).toEqual([
    expect.stringMatching(/^ {2}npm install --save-exact cdk8s@[\d.]+ cdk8s-plus-28@[\d.]+ constructs@[\d.]+$/),
    expect.stringMatching(/^ {2}npm install --save-exact --save-dev cdk8s-cli@[\d.]+ tsx@[\d.]+ 'typescript@.*'$/),
    '  npx cdk8s synth    # writes dist/ and prints the next steps',
    '',
  ]);
});

const CLUSTER_NAME = fc.constantFrom('a', 'b-1', '007', 'no', 'x'.repeat(24));
const NETWORK = fc.constantFrom('net', '1e3', 'N_1.x');
const ANSWERS = fc.record({
  clusters: fc.uniqueArray(CLUSTER_NAME, { minLength: 1 }),
  meshId: fc.constantFrom('mesh1', '007', 'm.x', undefined),
  sharedNetwork: fc.option(NETWORK, { nil: undefined }),
  istioVersion: fc.constantFrom('1.30.2', '1.31.0'),
  trust: fc.constantFrom('pem=/keys/it\'s', 'external', 'cert-manager=007', 'external-secrets=no'),
  installer: fc.constantFrom('helm', 'sail', 'external', undefined),
  gitOps: fc.constantFrom('argo-cd', 'flux', undefined),
  context: fc.constantFrom('admin@$', 'it\'s "$" \\ \u2028', '${$}', '$'),
});

test('mesh.yaml and the TypeScript program generate the same manifests for any answers', async () => {
  await fc.assert(fc.asyncProperty(ANSWERS, async ({ clusters, sharedNetwork, context, ...options }) => {
    const flags = {
      ...options,
      cluster: clusters.map(name => `${name}=${context.replace('$', name)}`),
      apiServer: ['https://$(cluster).example.com'],
      network: sharedNetwork === undefined ? undefined : [sharedNetwork],
      repoUrl: options.gitOps === 'argo-cd' ? 'https://git.example.com/it.git' : undefined,
    };
    const { 'mesh.yaml': yaml } = (await runInit(flags)).files;
    const { 'main.ts': program } = (await runInit({ ...flags, format: 'typescript' })).files;
    expect(filesOfProgram(program)).toEqual(treeOfFile(yaml));
  }), { seed: SEED, numRuns: 25 });
}, 120_000);

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

  test('every question is asked, and repeated until the answer is valid', async () => {
    useKubeconfig({ ...THREE_SERVERS, 'kind-c4': 'https://127.0.0.1:41111' });
    inject([
      'yaml',
      [], ['cluster1', 'kind-c4'],
      'one', 'One, two', 'one, two',
      'https://localhost', 'https://10.0.0.4:6443',
      'one',
      'cert-manager', 'root',
      'flux',
      'sail',
      '1.31', '1.30.2',
      'mesh 2', 'mesh2',
    ]);
    const { files } = await runInit({ yes: false, istioVersion: undefined });
    const fromOptions = await runInit({
      cluster: ['one=cluster1', 'two=kind-c4'],
      apiServer: ['two=https://10.0.0.4:6443'],
      network: ['network1'],
      trust: 'cert-manager=root',
      gitOps: 'flux',
      installer: 'sail',
      istioVersion: '1.30.2',
      meshId: 'mesh2',
    });
    expect(files).toEqual(fromOptions.files);
    const errors = [
      'choose at least one context', 'write 2 names', "write 'one'", "'https://localhost'", "'1.31'", "meshID 'mesh 2'",
    ];
    errors.forEach(error => expect(shown).toContain(error));
  });

  test('the first question explains that no cluster is modified', async () => {
    inject([new Error('ctrl-C')]);
    await expect(init(temporaryDirectory(), {})).rejects.toThrow('nothing was written');
    expect(shown.replace(/\s+/g, ' ')).toContain('This creates your mesh definition; no cluster is modified.');
  });

  test('leaving a question writes nothing', async () => {
    inject(['yaml', ['cluster1'], 'one', new Error('ctrl-C')]);
    const directory = join(temporaryDirectory(), 'new');
    await expect(init(directory, {})).rejects.toThrow(new Error('nothing was written'));
    expect(readdirSync(join(directory, '..'))).toEqual([]);
  });
});
