import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as cdk8s from 'cdk8s';
import { load } from 'js-yaml';
import * as typescript from 'typescript';
import * as library from '../../src';
import { Severity } from '../../src/core/rule';
import { manifestDiagnostics } from '../../src/rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../src/rules/manifest/manifests';
import { FakeIstioctls } from '../support/fake-istioctl';
import { type Files, filesOf, synthesized, treeOfFile } from '../support/mesh-util';
import { OF_MESH } from '../support/of-mesh';
import { changed, changesOf } from '../support/readme-changes';
import { CA_PEM, temporaryDirectory } from '../support/util';

const EXAMPLES = join(__dirname, '..', '..', 'examples');
const PROGRAMS = [
  'constructs-only', 'hub-and-spoke', 'multi-primary', 'multi-primary-multi-network', 'three-clusters-two-networks',
];
const MESH_FILES = ['argo-cd', 'canary', 'mesh-file', 'sail'];
const ALL = [...PROGRAMS, ...MESH_FILES].sort();
/** Those that have tests of their own: flux below, python in the end-to-end suite. */
const OTHERS = ['flux', 'python'];
/** Those whose control planes and gateways are files for istioctl. */
const BY_ISTIOCTL = ALL.filter(example => !['argo-cd', 'sail'].includes(example));

/**
 * Does something with other environment variables, and in silence on standard error; nobody's tokens come into a tree.
 */
function quietlyWith(variables: { [name: string]: string }, action: () => void): void {
  const before = { ...process.env };
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    Object.keys(process.env).filter(name => name.startsWith('ISTIO_')).forEach(name => delete process.env[name]);
    Object.assign(process.env, variables);
    action();
  } finally {
    process.env = before;
    stderr.mockRestore();
  }
}

/** The files that the program of an example writes. */
function treeOfProgram(example: string, variables: { [name: string]: string } = {}): Files {
  const outdir = join(temporaryDirectory(), 'dist');
  quietlyWith({ ...variables, CDK8S_OUTDIR: outdir },
    () => jest.isolateModules(() => jest.requireActual(join(EXAMPLES, example, 'main'))));
  return filesOf(outdir);
}

/** The files of each example, written once. */
const trees = new Map<string, Files>();

function treeOf(example: string): Files {
  let tree = trees.get(example);
  if (!tree) {
    tree = MESH_FILES.includes(example)
      ? synthesized(app => library.Mesh.fromFile(app, 'mesh', join(EXAMPLES, example, 'mesh.yaml')))
      : treeOfProgram(example);
    trees.set(example, tree);
  }
  return tree;
}

function yaml(files: Files, path: string): any {
  expect(Object.keys(files)).toContain(path);
  return load(files[path]);
}

/** The directories of a tree, each with the names of its files. */
function directories(files: Files): { [directory: string]: string[] } {
  const found: { [directory: string]: string[] } = {};
  for (const path of Object.keys(files)) {
    const at = path.lastIndexOf('/');
    (found[path.slice(0, Math.max(at, 0)) || '.'] ??= []).push(path.slice(at + 1));
  }
  return found;
}

function clustersOf(files: Files): string[] {
  return Object.keys(directories(files))
    .filter(directory => directory !== '.' && directory !== 'argocd' && !directory.includes('/'));
}

/** The directories of a cluster with an east-west gateway, and what there is beyond them. */
function cluster(name: string, beyond: { [step: string]: string[] } = {}): { [directory: string]: string[] } {
  const steps: { [step: string]: string[] } = {
    '00-namespace': [
      'clusterrole-istio-mesh-reader-istio-system.yaml',
      'clusterrolebinding-istio-mesh-reader-istio-system.yaml',
      'kustomization.yaml',
      'namespace-istio-system.yaml',
      'secret-istio-mesh-reader-blue.yaml',
      'secret-istio-mesh-reader-green.yaml',
      'serviceaccount-istio-mesh-reader-blue.yaml',
      'serviceaccount-istio-mesh-reader-green.yaml',
    ],
    '50-exposed-services': ['gateway-cross-network-gateway.yaml', 'kustomization.yaml'],
    'istioctl': ['control-plane.yaml', 'eastwest.yaml'],
    ...beyond,
  };
  return {
    [name]: ['kustomization.yaml'],
    ...Object.fromEntries(Object.entries(steps).map(([step, names]) => [`${name}/${step}`, names])),
  };
}

const MESH = { '.': ['.istio-mesh.json', ...OF_MESH] };

/** Which clusters each cluster of a tree would read, if every token came into the tree. */
function linksOf(files: Files): { [cluster: string]: string[] } {
  const mesh = yaml(files, 'mesh.yaml');
  const clusters =
    mesh.clusters.map(({
      resources, ...settings
    }: any) => ({ ...settings, remoteCredentials: { plainToken: { unsafePlainText: 't0ken' } } }));
  const linked = treeOfFile(JSON.stringify({ ...mesh, clusters }));
  const links: { [cluster: string]: string[] } = {};
  for (const path of remoteSecrets(linked)) {
    const [peer, , file] = path.split('/');
    (links[peer] ??= []).push(file.replace(/^secret-istio-remote-secret-(.*)\.yaml$/, '$1'));
  }
  return links;
}

function gatewayOf(files: Files, name: string): any {
  return yaml(files, `${name}/istioctl/eastwest.yaml`).spec.components.ingressGateways[0];
}

function controlPlaneOf(files: Files, name: string): any {
  return yaml(files, `${name}/istioctl/control-plane.yaml`).spec;
}

/** What makes a cluster's directory right, whatever is in it. */
function expectSoundCluster(files: Files, name: string): void {
  const own = Object.keys(files).filter(path => path.startsWith(`${name}/`));

  // One network, wherever it is said; and the cluster's own name.
  const { values } = controlPlaneOf(files, name);
  const { network } = values.global;
  expect(values.global).toMatchObject({ meshID: 'mesh1', multiCluster: { clusterName: name } });
  expect(yaml(files, `${name}/00-namespace/namespace-istio-system.yaml`).metadata.labels)
    .toEqual({ 'topology.istio.io/network': network });
  const gateway = gatewayOf(files, name);
  expect(yaml(files, `${name}/istioctl/eastwest.yaml`).spec.values.global.network).toBe(network);
  expect(gateway.label['topology.istio.io/network']).toBe(network);
  expect(gateway.k8s.env).toContainEqual({ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network });

  // What is exposed, is exposed by that gateway and at its port.
  const { selector, servers } = yaml(files, `${name}/50-exposed-services/gateway-cross-network-gateway.yaml`).spec;
  expect(gateway.label).toMatchObject(selector);
  const port = gateway.k8s.service.ports.find((candidate: any) => candidate.name === 'tls').port;
  expect(servers).toEqual([
    expect.objectContaining({
      port: { name: 'tls', number: port, protocol: 'TLS' }, tls: { mode: 'AUTO_PASSTHROUGH' },
    }),
  ]);

  // IstioOperators are in istioctl/ and nothing else is, each with a name of its own.
  const isOperator = (path: string) => yaml(files, path).kind === 'IstioOperator';
  const operators = own.filter(isOperator);
  expect(operators).toEqual(own.filter(path => path.startsWith(`${name}/istioctl/`)));
  expect(new Set(operators.map(path => yaml(files, path).metadata.name)).size).toBe(operators.length);

  // The kustomizations list every other directory and file, once, in order; and no IstioOperator.
  const names = directories(files);
  const steps = Object.keys(names)
    .filter(directory => directory.startsWith(`${name}/`) && directory !== `${name}/istioctl`);
  expect(yaml(files, `${name}/kustomization.yaml`))
    .toMatchObject({ resources: steps.map(step => step.split('/')[1]), sortOptions: { order: 'fifo' } });
  for (const step of steps) {
    const { resources, sortOptions } = yaml(files, `${step}/kustomization.yaml`);
    expect([...resources].sort()).toEqual(names[step].filter(file => file !== 'kustomization.yaml'));
    expect(sortOptions).toEqual({ order: 'fifo' });
  }

  // Kubernetes deletes a token Secret whose account is not there.
  const reader = yaml(files, `${name}/00-namespace/kustomization.yaml`).resources;
  expect(reader[0]).toBe('namespace-istio-system.yaml');
  expect(reader.indexOf('serviceaccount-istio-mesh-reader-blue.yaml'))
    .toBeLessThan(reader.indexOf('secret-istio-mesh-reader-blue.yaml'));
}

/** The files that carry a credential to istiod. */
function remoteSecrets(files: Files): string[] {
  return Object.keys(files)
    .filter(path => path.endsWith('.yaml') && /istio\/multiCluster|kind: Config\n/.test(files[path]));
}

test('every example is tested here', () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  expect(folders.sort()).toEqual([...ALL, ...OTHERS].sort());
  expect(folders.filter(name => existsSync(join(EXAMPLES, name, 'main.ts'))).sort()).toEqual(PROGRAMS);
});

test.each(BY_ISTIOCTL)('every cluster of %s is sound', example => {
  const clusters = clustersOf(treeOf(example));
  expect(clusters.length).toBeGreaterThan(1);
  clusters.forEach(name => expectSoundCluster(treeOf(example), name));
});

test.each(ALL)('no rule finds an error in the manifests of %s', example => {
  const files = treeOf(example);
  for (const name of clustersOf(files)) {
    const own =
      new Map(Object.entries(files)
        .flatMap(([path, text]) => path.startsWith(`${name}/`) ? [[path.slice(name.length + 1), text] as const] : []));
    expect(manifestDiagnostics(manifestsOf(name, own)).filter(({ severity }) => severity === Severity.ERROR))
      .toEqual([]);
  }
});

test.each(ALL)('%s holds no token', example => {
  expect(remoteSecrets(treeOf(example))).toEqual([]);
});

test('multi-primary gives two clusters of one network a gateway each, as the guide does', () => {
  const files = treeOf('multi-primary');
  expect(directories(files)).toEqual({ ...MESH, ...cluster('cluster1'), ...cluster('cluster2') });
  expect(['cluster1', 'cluster2'].map(name => controlPlaneOf(files, name))).toEqual([
    { values: { global: { meshID: 'mesh1', multiCluster: { clusterName: 'cluster1' }, network: 'network1' } } },
    { values: { global: { meshID: 'mesh1', multiCluster: { clusterName: 'cluster2' }, network: 'network1' } } },
  ]);
  expect(linksOf(files)).toEqual({ cluster1: ['cluster2'], cluster2: ['cluster1'] });
});

test('multi-primary-multi-network gives each gateway the load balancer of its cloud, for the other cluster alone',
  () => {
    const files = treeOf('multi-primary-multi-network');
    expect(directories(files)).toEqual({ ...MESH, ...cluster('cluster1'), ...cluster('cluster2') });
    expect(['cluster1', 'cluster2'].map(name => controlPlaneOf(files, name).values.global.network))
      .toEqual(['network1', 'network2']);
    expect(gatewayOf(files, 'cluster1').k8s).toMatchObject({
      serviceAnnotations: {
        'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
        'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
      },
      service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['203.0.113.0/28'] },
    });
    expect(gatewayOf(files, 'cluster2').k8s).toMatchObject({
      serviceAnnotations: { 'cloud.google.com/l4-rbs': 'enabled' },
      service: { type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/28'] },
    });
    expect(yaml(files, 'mesh.yaml').clusters.map(({ remoteCredentials }: any) => remoteCredentials))
      .toEqual(['linked', 'linked']);
    expect(linksOf(files)).toEqual({ cluster1: ['cluster2'], cluster2: ['cluster1'] });
  });

test('three-clusters-two-networks gives every cluster the shared settings, its own ones, and a policy', () => {
  const files = treeOf('three-clusters-two-networks');
  const clusters = ['cluster1', 'cluster2', 'cluster3'];
  const policy = 'peerauthentication.security.istio.io.istio-system.default.yaml';
  expect(directories(files))
    .toEqual(Object.assign({ ...MESH },
      ...clusters.map(name => cluster(name, { '70-resources': ['kustomization.yaml', policy] }))));
  expect(clusters.map(name => controlPlaneOf(files, name).values.global.network))
    .toEqual(['network1', 'network2', 'network2']);
  expect(clusters.map(name => controlPlaneOf(files, name).values.pilot))
    .toEqual([{ autoscaleMin: 2 }, { autoscaleMin: 2 }, { autoscaleMin: 1 }]);
  for (const name of clusters) {
    const { values, meshConfig } = controlPlaneOf(files, name);
    expect(values.global.proxy).toEqual({ excludeIPRanges: '169.254.169.254/32' });
    expect(meshConfig).toEqual({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
    expect(yaml(files, `${name}/70-resources/${policy}`)).toEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { mtls: { mode: 'STRICT' } },
    });
  }
  expect(linksOf(files)).toEqual({
    cluster1: ['cluster2', 'cluster3'], cluster2: ['cluster1', 'cluster3'], cluster3: ['cluster1', 'cluster2'],
  });
});

test('three-clusters-two-networks patches the gateway of one cluster', () => {
  const strategies = [
    'cluster1', 'cluster2', 'cluster3',
  ].map(name => gatewayOf(treeOf('three-clusters-two-networks'), name).k8s.strategy);
  expect(strategies).toEqual([{ rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, undefined, undefined]);
});

test('hub-and-spoke links the hub with each spoke, and no spoke with a spoke', () => {
  const files = treeOf('hub-and-spoke');
  expect(directories(files)).toEqual({ ...MESH, ...cluster('hub'), ...cluster('spoke1'), ...cluster('spoke2') });
  expect(linksOf(files)).toEqual({ hub: ['spoke1', 'spoke2'], spoke1: ['hub'], spoke2: ['hub'] });
  const clusters = ['hub', 'spoke1', 'spoke2'];
  expect(clusters.map(name => controlPlaneOf(files, name).values.global.network))
    .toEqual(['network-hub', 'network-spoke1', 'network-spoke2']);
  expect(yaml(files, 'hub/istioctl/eastwest.yaml').spec.values.gateways['istio-ingressgateway'].autoscaleMin).toBe(2);
});

test('sail gives each cluster an Istio of its own, and a gateway of the revision that Sail makes', () => {
  const files = treeOf('sail');
  for (const [name, network] of [['cluster1', 'network-cluster1'], ['cluster2', 'network-cluster2']]) {
    expect(yaml(files, `${name}/30-control-plane/istio-default.yaml`).spec).toEqual({
      version: 'v1.30.3',
      namespace: 'istio-system',
      updateStrategy: { type: 'RevisionBased' },
      values: {
        global: { meshID: 'mesh1', multiCluster: { clusterName: name }, network },
        meshConfig: { accessLogFile: '/dev/stdout' },
        pilot: { autoscaleMin: 2 },
      },
    });
    const { metadata, spec } =
      yaml(files, `${name}/40-east-west-gateway/deployment-istio-eastwestgateway.yaml`).spec.template;
    expect(metadata.labels).toMatchObject({ 'topology.istio.io/network': network, 'istio.io/rev': 'default-v1-30-3' });
    expect(spec.containers[0].env).toContainEqual({ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network });
  }
  expect(linksOf(files)).toEqual({ cluster1: ['cluster2'], cluster2: ['cluster1'] });
});

test('constructs-only writes a directory for each chart, and no mesh', () => {
  const files = treeOf('constructs-only');
  expect(directories(files)).toEqual({ '.': ['.istio-mesh.json'], ...cluster('cluster1'), ...cluster('cluster2') });
  expect(['cluster1', 'cluster2'].map(name => controlPlaneOf(files, name).values.global.network))
    .toEqual(['network1', 'network2']);
});

/** The tree of constructs-only when both readers' tokens are known. */
function constructsWithTokens(): Files {
  return treeOfProgram('constructs-only', {
    ISTIO_TOKEN_CLUSTER1: 't0ken-of-cluster1',
    ISTIO_TOKEN_CLUSTER2: 't0ken-of-cluster2',
    ISTIO_CA_CLUSTER2: Buffer.from(CA_PEM).toString('base64'), // as it stands in the Secret that its README reads
  });
}

test('constructs-only adds the Secret that leads to each cluster whose token is set', () => {
  const files = constructsWithTokens();
  const secret =
    (peer: string) => ({ '60-remote-secrets': ['kustomization.yaml', `secret-istio-remote-secret-${peer}.yaml`] });
  expect(directories(files))
    .toEqual({
      '.': ['.istio-mesh.json'], ...cluster('cluster1', secret('cluster2')), ...cluster('cluster2', secret('cluster1')),
    });
  ['cluster1', 'cluster2'].forEach(name => expectSoundCluster(files, name));

  const [path] = remoteSecrets(files).filter(file => file.startsWith('cluster1/'));
  const { metadata, stringData } = yaml(files, path);
  expect(metadata).toMatchObject({
    name: 'istio-remote-secret-cluster2', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' },
  });
  const { clusters, users } = load(stringData.cluster2) as any;
  expect(clusters[0].cluster).toEqual({
    'certificate-authority-data': Buffer.from(CA_PEM).toString('base64'),
    'server': 'https://cluster2.example.com:6443',
  });
  expect(users[0].user).toEqual({ token: 't0ken-of-cluster2' });
});

test('constructs-only makes one Secret when one token is set', () => {
  expect(remoteSecrets(treeOfProgram('constructs-only', { ISTIO_TOKEN_CLUSTER2: 't0ken' }))).toEqual([
    'cluster1/60-remote-secrets/secret-istio-remote-secret-cluster2.yaml',
  ]);
});

/** What the program in the README of constructs-only writes: a stock App. */
function stockTree(): Files {
  const [, program] = readme('constructs-only').match(/```ts\n([^]*?)```/)!;
  const { outputText } =
    typescript.transpileModule(program, { compilerOptions: { module: typescript.ModuleKind.CommonJS } });
  const modules: { [name: string]: unknown } = { cdk8s, 'cdk8s-istio-mesh': library };
  const outdir = temporaryDirectory();
  quietlyWith({ CDK8S_OUTDIR: outdir },
    () => new Function('require', 'exports', outputText)((name: string) => modules[name], {}));
  return filesOf(outdir);
}

test('the README of constructs-only shows a stock App, which writes a file for each step', () => {
  const files = stockTree();
  expect(Object.keys(files)).toEqual([
    'cluster1-1-namespace.k8s.yaml',
    'cluster1-2-control-plane.k8s.yaml',
    'cluster1-3-east-west-gateway.k8s.yaml',
    'cluster1-4-exposed-services.k8s.yaml',
  ]);
  const objects = Object.values(files).map(text => text.split(/^---$/m).map(document => load(document) as any));
  expect(objects.map(documents => documents.map(({ kind }) => kind))).toEqual([
    ['Namespace', 'ServiceAccount', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Secret', 'Secret'],
    ['IstioOperator'],
    ['IstioOperator'],
    ['Gateway'],
  ]);
  const [[namespace], [controlPlane], [eastWest]] = objects;
  expect(namespace.metadata.labels).toEqual({ 'topology.istio.io/network': 'network1' });
  expect(controlPlane.spec.values.global)
    .toEqual({ meshID: 'mesh1', multiCluster: { clusterName: 'cluster1' }, network: 'network1' });
  expect(eastWest.spec.components.ingressGateways[0].label['topology.istio.io/network']).toBe('network1');
});

test('mesh-file gives each cluster a network of its own name, the manifests, and what its own lines say', () => {
  const files = treeOf('mesh-file');
  const clusters = ['cluster1', 'cluster2', 'cluster3'];
  expect(directories(files))
    .toEqual(Object.assign({ ...MESH },
      ...clusters.map(name => cluster(name, { '70-resources': ['kustomization.yaml', 'namespace.sample.yaml'] }))));
  expect(clusters.map(name => controlPlaneOf(files, name).values.global.network))
    .toEqual(['network-cluster1', 'network-cluster2', 'network-cluster3']);
  expect(clusters.map(name => controlPlaneOf(files, name).meshConfig.accessLogFile))
    .toEqual(['/dev/stdout', '/dev/stdout', '']);
  const internal = { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' };
  expect(clusters.map(name => gatewayOf(files, name).k8s.serviceAnnotations))
    .toEqual([internal, { 'metallb.io/address-pool': 'east-west' }, internal]);
  for (const name of clusters) {
    expect(yaml(files, `${name}/istioctl/eastwest.yaml`).spec.values.gateways['istio-ingressgateway'].autoscaleMin)
      .toBe(2);
    expect(yaml(files, `${name}/50-exposed-services/gateway-cross-network-gateway.yaml`).spec.servers[0].hosts)
      .toEqual(['*.sample.svc.cluster.local']);
    expect(yaml(files, `${name}/70-resources/namespace.sample.yaml`).metadata)
      .toEqual({ name: 'sample', labels: { 'istio-injection': 'enabled' } });
  }
  expect(yaml(files, 'mesh.yaml').clusters.map(({ apiServer, context }: any) => [apiServer, context])).toEqual([
    ['https://cluster1.example.com:6443', 'admin@cluster1'],
    ['https://cluster2.example.com:6443', 'admin@cluster2'],
    ['https://cluster3.example.com:6443', 'admin@cluster3'],
  ]);
  expect(linksOf(files)).toEqual({
    cluster1: ['cluster2', 'cluster3'], cluster2: ['cluster1', 'cluster3'], cluster3: ['cluster1', 'cluster2'],
  });
});

test('argo-cd gives each cluster an Application with its directory, its links and Istio\'s charts', () => {
  const files = treeOf('argo-cd');
  expect(directories(files).argocd)
    .toEqual([
      'application-mesh1-cluster1.yaml', 'application-mesh1-cluster2.yaml', 'appproject-mesh1.yaml',
      'kustomization.yaml',
    ]);
  for (const name of ['cluster1', 'cluster2']) {
    const { sources, destination } = yaml(files, `argocd/application-mesh1-${name}.yaml`).spec;
    expect(destination).toEqual({ name, namespace: 'istio-system' });
    expect(sources.map(({ path, chart }: any) => path ?? chart))
      .toEqual([`dist/${name}`, `links/${name}`, 'base', 'istiod', 'gateway']);
    expect(yaml(files, `${name}/kustomization.yaml`).resources).toEqual(['00-namespace', '50-exposed-services']);
  }
});

/** What the README of canary makes of its mesh, by the title of each section that changes it. */
function upgraded(): { readonly [title: string]: Files } {
  let mesh = readFileSync(join(EXAMPLES, 'canary', 'mesh.yaml'), 'utf-8');
  const changes = changesOf(readme('canary')).filter(({ diff }) => diff);
  return Object.fromEntries(changes.map(({ title, diff }) => {
    mesh = changed(mesh, diff!);
    return [title, treeOfFile(mesh)];
  }));
}

/** The files that differ from one tree to another, are new or are gone. */
function differing(before: Files, after: Files): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(path => before[path] !== after[path])
    .sort();
}

test('canary gives each cluster a tag, objects of its own that the gateway follows', () => {
  const files = treeOf('canary');
  const tag = [
    'kustomization.yaml', 'mutatingwebhookconfiguration-istio-revision-tag-default.yaml',
    'service-istiod-revision-tag-default.yaml', 'validatingwebhookconfiguration-istiod-default-validator.yaml',
  ];
  expect(directories(files))
    .toEqual({
      ...MESH, ...cluster('cluster1', { '30-control-plane': tag }), ...cluster('cluster2', { '30-control-plane': tag }),
    });
  expect(['cluster1', 'cluster2'].map(name =>
    [controlPlaneOf(files, name).revision, yaml(files, `${name}/istioctl/eastwest.yaml`).spec.revision]))
    .toEqual(Array(2).fill(['1-30-0', 'default']));
});

test('each change in the README of canary changes the files of cluster1 that it says, and none of cluster2', () => {
  const first = treeOf('canary');
  const { 'Add the canary': added, 'Move the tag': moved, 'Finish': finished } = upgraded();
  const tag = [
    'mutatingwebhookconfiguration-istio-revision-tag-default', 'service-istiod-revision-tag-default',
    'validatingwebhookconfiguration-istiod-default-validator',
  ];
  expect(differing(first, added))
    .toEqual(['.istio-mesh.json', 'cluster1/istioctl/control-plane-1-31-0.yaml', ...OF_MESH]);
  expect(differing(added, moved)).toEqual([...tag.map(name => `cluster1/30-control-plane/${name}.yaml`), ...OF_MESH]);
  expect(differing(moved, finished)).toEqual([
    '.istio-mesh.json', 'cluster1/istioctl/control-plane-1-31-0.yaml', 'cluster1/istioctl/control-plane.yaml',
    ...OF_MESH,
  ]);
});

test('moving the tag is one line in the README of canary', () => {
  const { diff } = changesOf(readme('canary')).find(({ title }) => title === 'Move the tag')!;
  expect(diff!.match(/^[-+].*/gm)!)
    .toEqual(['-    revisionTags: {default: 1-30-0}', '+    revisionTags: {default: 1-31-0}']);
});

test('the lines at the end of the README of canary may stand at the mesh, when both clusters are there', () => {
  const mesh = (top: string, own: string) =>
    treeOfFile('meshID: mesh1\nnetwork: network-$(cluster)\napiServer: '
      + 'https://$(cluster).example.com:6443\neastWestGateway: {loadBalancer: {metalLb: '
        + `pool}}\n${top}clusters:\n${['cluster1', 'cluster2'].map(name => `- name: ${name}\n${own}`).join('')}`);
  const tags = '  revisionTags: {default: 1-31-0}\n';
  const next = ['istioVersion: 1.31.0\n', 'revision: 1-31-0\n'];
  const atClusters = mesh('istioVersion: 1.30.0\nrevision: 1-30-0\n', next.map(line => `  ${line}`).join('') + tags);
  expect(differing(atClusters, mesh(next.join(''), tags))).toEqual([]);
});

function readme(example: string): string {
  return readFileSync(join(EXAMPLES, example, 'README.md'), 'utf-8');
}

test.each(ALL)('the README of %s names every directory that it writes', example => {
  const files = treeOf(example);
  clustersOf(files).forEach(name => expect(readme(example)).toContain(`\`dist/${name}/\``));
  const steps = Object.keys(directories(files)).filter(directory => directory.includes('/'))
    .map(directory => directory.split('/')[1]);
  steps.forEach(step => expect(readme(example)).toContain(`  - \`${step}\`: `));
});

test.each(ALL)('every path below dist/ that the README of %s gives is written', example => {
  const written = example === 'constructs-only' ? { ...constructsWithTokens(), ...stockTree() }
    : example === 'canary' ? Object.assign({}, treeOf(example), ...Object.values(upgraded())) : treeOf(example);
  const paths = [...readme(example).matchAll(/\bdist\/([\w./$-]+)/g)].map(([, path]) => path.replace(/\/$/, ''));
  const [first] = clustersOf(written);
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths.map(given => given.replace('$cluster', first))) {
    expect([path, Object.keys(written).some(file => file === path || file.startsWith(`${path}/`))])
      .toEqual([path, true]);
  }
});

test.each(PROGRAMS)('the README of %s tells how to run it here and elsewhere', example => {
  expect(readme(example)).toContain('\nnpx cdk8s synth --app "npx tsx --tsconfig examples/tsconfig.json '
    + `examples/${example}/main.ts"\n`);
  expect(readme(example)).toContain('\nnpx cdk8s synth\n');
  expect(load(readFileSync(join(EXAMPLES, example, 'cdk8s.yaml'), 'utf-8')))
    .toEqual({ language: 'typescript', app: 'npx tsx main.ts' });
});

test('the list of examples names each of them', () => {
  const text = readFileSync(join(EXAMPLES, 'README.md'), 'utf-8');
  expect([...text.matchAll(/\[([\w-]+)\]\(\1\)/g)].map(([, name]) => name).sort()).toEqual([...ALL, ...OTHERS].sort());
});

describe('python', () => {
  const pins = (path: string) =>
    Object.fromEntries([
      ...readFileSync(path, 'utf-8').matchAll(/^([\w-]+)==([\w.]+)/gm),
    ].map(([, name, version]) => [name, version]));

  test('asks for the versions of cdk8s and constructs that this library is tested with, as the end-to-end suite does',
    () => {
      const { devDependencies } = JSON.parse(readFileSync(join(EXAMPLES, '..', 'package.json'), 'utf-8'));
      const asked = pins(join(EXAMPLES, 'python', 'requirements.txt'));
      expect(Object.keys(asked)).toEqual(['cdk8s', 'cdk8s-plus-28', 'constructs', 'jsii']);
      expect(pins(join(__dirname, '..', 'e2e', 'tools', 'python', 'requirements.txt'))).toMatchObject(asked);
      expect(devDependencies).toMatchObject(Object.fromEntries(Object.entries(asked)
        .filter(([name]) => name !== 'jsii')));
    });
});

describe('flux', () => {
  const istioctls = new FakeIstioctls();
  let files: Files;

  beforeAll(() => {
    istioctls.add('istioctl');
    files = istioctls.onPath(() =>
      synthesized(app => library.Mesh.fromFile(app, 'mesh', join(EXAMPLES, 'flux', 'mesh.yaml'))));
  });

  test('gives each cluster a directory, and one of Kustomizations that apply its steps', () => {
    const steps = ['00-namespace', '30-control-plane', '40-east-west-gateway', '50-exposed-services'];
    const names = Object.keys(directories(files));
    for (const name of ['cluster1', 'cluster2']) {
      expect(names.filter(directory => directory.startsWith(`${name}/`) && directory !== `${name}/20-crds`))
        .toEqual(steps.map(step => `${name}/${step}`));
      const paths = Object.keys(files).filter(path => path.startsWith(`flux/${name}/kustomization-`))
        .map(path => yaml(files, path).spec.path);
      expect(paths).toEqual(expect.arrayContaining([
        ...steps.map(step => `./dist/${name}/${step}`), `./links/${name}`,
      ]));
    }
    expect(remoteSecrets(files)).toEqual([]);
  });

  test('has a README whose paths and Kustomizations there are', () => {
    const text = readme('flux');
    const paths = [
      ...text.matchAll(/\bdist\/([\w./$-]+)/g),
    ].map(([, path]) => path.replace(/\/$/, '').replace('$cluster', 'cluster1'));
    expect(paths.filter(path => !Object.keys(files).some(file => file === path || file.startsWith(`${path}/`))))
      .toEqual([]);
    const named = [...text.matchAll(/`(mesh1-cluster1-[\w-]+)`/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter(name => !(`flux/cluster1/kustomization-${name}.yaml` in files))).toEqual([]);
  });
});
