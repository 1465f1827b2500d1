import { writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { type MeshProps, Mesh, MeshApp } from '../../src';
import { diagnosticLine } from '../../src/core/diagnostic';
import { MeshError } from '../../src/core/mesh-error';
import type { Answer, Question } from '../../src/util/host/istioctl-runs';
import { type Asked, marker, violations } from '../support/invariants';
import type { Files } from '../support/mesh-util';
import { type Plain, giveSecrets, MISTAKES, randomMeshes, SEED, twoNetworks, wrong } from '../support/random-meshes';
import { temporaryDirectory } from '../support/util';

// Trees stay in memory: the test of the writer is another.
let mockWritten: Files | undefined;
jest.mock('../../src/util/host/tree-writer',
  () => ({ writeTree: (_: string, tree: ReadonlyMap<string, string>) => { mockWritten = Object.fromEntries(tree); } }));

// An istioctl that gives back what it is given, so that the reader judges that; what istioctl makes of it is another
// test's.
jest.mock('../../src/util/host/istioctl-runs',
  () => ({ istioctlAnswer: (question: Question) => mockAnswer(question) }));

function mockAnswer({ programs, runs }: Question): Answer {
  const header = (apiVersion: string, kind: string, name: string) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${JSON.stringify(name)}\n`;
  const crd = header('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'gateways.networking.istio.io');
  const texts = [crd, ...runs.map(({ operator, program }) => {
    const { metadata: { name, namespace } } = JSON.parse(operator);
    return `${header('v1', 'ConfigMap', name)}  namespace: ${JSON.stringify(namespace)}\ndata:\n  operator: `
      + `${JSON.stringify(operator)}\n  version: "${programs[program].istioVersion}"\n`;
  })];
  const isGateway = (i: number) => JSON.parse(runs[i].operator).spec.profile === 'empty';
  return {
    programs: programs.map(({ names: [name] }) => ({ name })),
    runs: runs.map((_, i) => ({ texts: isGateway(i) ? [i + 1] : [0, i + 1] })),
    texts,
  };
}

const RUNS = Number(process.env.ISTIO_MESH_RUNS ?? 2000);
const LIMIT = Number(process.env.ISTIO_MESH_SECONDS ?? 60) * 1000;

const secrets = temporaryDirectory();

beforeAll(() => {
  giveSecrets(secrets);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a mesh means: the library's way from layers to clusters, gone by somebody else. */
function meant({ defaults, meshID, clusters, ...settings }: Plain): Asked {
  const merged = (below: Plain, above: Plain): Plain => ({
    ...below,
    ...Object.fromEntries(Object.entries(above).map(([key, value]) =>
      [key, isMap(below[key]) && isMap(value)
        && !['remoteCredentials', 'loadBalancer', 'trust', 'installer'].includes(key) ? merged(below[key], value)
        : value])),
  });
  const variable = (name: string) => name.toUpperCase().replace(/-/g, '_');
  const named = (value: any, name: string, key = ''): any =>
    typeof value === 'string' ? value.replace(/\$\(cluster\)/g, key === 'env' ? variable(name) : name)
      : Array.isArray(value) ? value.map(entry => named(entry, name))
        : isMap(value) ? Object.fromEntries(Object.entries(value).map(([at, entry]) => [at, named(entry, name, at)]))
          : value;
  return {
    meshID, clusters: clusters.map((own: Plain) => named(merged(merged(defaults ?? {}, settings), own), own.name)),
  };
}

/** The files of a mesh, or the error that it is refused with; any other error is the test's. */
function synthesized(build: (app: MeshApp) => void): Files | MeshError {
  mockWritten = undefined;
  try {
    const app = new MeshApp({ outdir: join(secrets, 'dist'), summary: false });
    build(app);
    app.synth();
    return mockWritten!;
  } catch (error) {
    if (!(error instanceof MeshError)) {
      throw error;
    }
    expect(mockWritten).toBeUndefined();
    return error;
  }
}

const inCode = (mesh: Plain) => synthesized(app => new Mesh(app, 'mesh', mesh as unknown as MeshProps));

function inFile({ defaults, ...mesh }: Plain): Files | MeshError {
  const path = join(secrets, 'mesh.yaml');
  writeFileSync(path, JSON.stringify(mesh));
  return synthesized(app => Mesh.fromFile(app, 'mesh', path, defaults));
}

/** What is missing from a mesh has no other place than the mesh. */
const MISSING = /^'(meshID|clusters)' is missing, and required here/;
const PLACE = /^((?:[A-Za-z_]\w*|\['[^']*'\])(?:\.[\w-]+|\[\d+\]|\['[^']*'\])*): (.*)$/s;

/** Settings whose value is kept quiet, or which are told by the name of what they cannot do. */
const TELLS_OTHERS = ['remoteCredentials', 'installer'];

/** What is wrong with how a mesh is refused. */
function badlyTold({ diagnostics, stack }: MeshError, mesh: Plain): string[] {
  const problems = diagnostics.map(diagnosticLine);
  const faults = problems.filter(problem => !MISSING.test(problem)).flatMap(problem => {
    const [, place, sentence] = PLACE.exec(problem) ?? [];
    if (place === undefined) {
      return [`no place first: ${problem}`];
    }
    const path = place.split(/[.[\]']+/).filter(Boolean);
    const at = (from: unknown, keys: string[]) => keys.reduce<any>((value, key) => value?.[key], from);
    const values = [
      at(mesh, path), at(mesh, path.slice(2)), at(mesh.defaults, path.slice(2)),
    ].filter(value => value !== undefined);
    const words = [
      path.at(-1)!, 'is missing',
      ...values.flatMap(value =>
        isMap(value) ? 'a map' : Array.isArray(value) ? 'a list' : value === null ? 'nothing (null)'
          : String(value).trim() || '\'\''),
    ];
    return [
      ...words.some(word => sentence.includes(word)) || TELLS_OTHERS.some(key => path.includes(key)) ? []
        : [`neither ${words.join(' nor ')} is in: ${problem}`],
      ...problem.length > 800 ? [`too long: ${problem}`] : [],
      ...Array.from(problem.matchAll(/[\x00-\x1f\x7f]|undefined|\[object|MARK-|KRAM/g),
        ([word]) => `${JSON.stringify(word)} is in: ${problem}`),
    ];
  });
  return [...faults, ...problems.length === 0 ? ['no problem is told'] : [],
    .../\n\s+at /.test(stack!) ? ['a stack is told'] : []];
}

/** The same mesh with the keys of every map in the other order. */
function backwards(value: any): any {
  return Array.isArray(value) ? value.map(backwards)
    : isMap(value) ? Object.fromEntries(Object.entries(value).reverse().map(([key, entry]) => [key, backwards(entry)]))
      : value;
}

function judged(result: Files | MeshError, mesh: Plain): string[] {
  return result instanceof MeshError ? badlyTold(result, mesh) : violations(result, meant(mesh));
}

test('whatever passes the rules is a sound tree, from code and from a file and in any order of keys alike, and '
  + 'whatever does not is told well', () => {
  const figures = { accepted: 0, refused: 0 };
  fc.assert(fc.property(randomMeshes(secrets), fc.nat({ max: 7 }), (mesh, again) => {
    const result = inCode(mesh);
    figures[result instanceof MeshError ? 'refused' : 'accepted']++;
    expect(judged(result, mesh)).toEqual([]);
    if (again === 0) {
      expect(inFile(mesh)).toEqual(result instanceof MeshError ? expect.any(MeshError) : result);
    }
    if (again === 1) {
      expect(inCode(backwards(mesh))).toEqual(result instanceof MeshError ? expect.any(MeshError) : result);
    }
  }), { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: LIMIT });
  const runs = figures.accepted + figures.refused;
  expect(figures.accepted / runs).toBeGreaterThan(0.4);
  expect(figures.refused / runs).toBeGreaterThan(0.2);
}, 2 * LIMIT);

test.each(MISTAKES.map(([path, ...values]) => ({ path, values })))('each mistake at $path is refused and told well',
  ({ path, values }) => {
    const results = values.map(value => {
      const mesh = wrong(twoNetworks(), [path, value], 0);
      const result = inCode(mesh);
      return [value, result instanceof MeshError ? judged(result, mesh) : 'is not refused'];
    });
    expect(results).toEqual(values.map(value => [value, []]));
  });

const HELM_ISTIOD = 'cluster1/helm/istiod.yaml';
const HELM_GATEWAY = 'cluster1/helm/istio-eastwestgateway.yaml';
const RENDERED = 'cluster1/30-control-plane/configmap-control-plane.yaml';
const RENDERED_GATEWAY = 'cluster1/40-east-west-gateway/configmap-eastwest.yaml';

/** A change of a file: a part of its text, and what stands there instead; without a part, all of it. */
type Change = readonly [path: string, from: string | undefined, to: string | undefined];

const SECRET = 'cluster1/60-remote-secrets/secret-istio-remote-secret-cluster2.yaml';
const PLANE = 'cluster1/istioctl/control-plane.yaml';
const EAST_WEST = 'cluster1/istioctl/eastwest.yaml';
const GATEWAY = 'cluster1/50-exposed-services/gateway-cross-network-gateway.yaml';
const NAMESPACE = 'cluster1/00-namespace/namespace-istio-system.yaml';
const STEP = 'cluster1/00-namespace/kustomization.yaml';

test.each<[what: string, change: Change, seen: string]>([
  ['a path that leads elsewhere', ['cluster1/../x.yaml', undefined, '{}'], 'is no path of a tree'],
  ['a directory of no cluster', ['cluster9/x.yaml', undefined, '{}'], 'directories is'],
  ['a wrong list of files', ['.istio-mesh.json', undefined, '{"files": []}'], '.istio-mesh.json is'],
  ['another mesh.yaml', ['mesh.yaml', 'network1', 'network9'], 'mesh.yaml is'],
  ['a file in no kustomization', [STEP, '- namespace-istio-system.yaml\n', ''], 'resources is'],
  ['an entry that is not there', [NAMESPACE, undefined, undefined], 'resources is'],
  ['a file in two kustomizations',
    ['cluster1/kustomization.yaml', 'resources:\n', 'resources:\n- 00-namespace/namespace-istio-system.yaml\n'],
    'resources is'],
  ['a kustomization of an IstioOperator', ['cluster1/kustomization.yaml', 'resources:\n', 'resources:\n- istioctl\n'],
    'resources is'],
  ['no order', [STEP, 'fifo', 'legacy'], 'order is'],
  ['no kustomization', [STEP, undefined, undefined], 'what should be there is not'],
  ['no YAML', [PLANE, undefined, '{'], 'cannot be read'],
  ['a word of YAML 1.1', [NAMESPACE, 'network1', 'no'], 'yaml 1.1 is'],
  ['a word of YAML 1.2', [NAMESPACE, 'network1', '0o17'], 'yaml 1.1 is'],
  ['a number of Go', [NAMESPACE, 'network1', '0X1F'], 'kubectl reads a number'],
  ['a label that is no string', [NAMESPACE, 'network1', '7'], 'labels has 7, which is no string'],
  ['a link that is missing', [SECRET, undefined, undefined], 'who is read'],
  ['a link with itself', [SECRET, '  cluster2: |', '  cluster1: |'], 'who is read'],
  ['a link twice', [
    `${SECRET}.yaml`, undefined, 'metadata: {labels: {istio/multiCluster: "true"}}\nstringData: {cluster2: "{}"}',
  ], 'who is read'],
  ['a second cluster in a Secret', [SECRET, 'stringData:\n', 'stringData:\n  cluster3: "{}"\n'], 'who is read'],
  ['a Secret that istiod does not see', [SECRET, '"true"', 'true'], 'labels has true'],
  ['a Secret in another namespace', [SECRET, 'namespace: istio-system', 'namespace: default'], 'remote Secret is'],
  ['a Secret with the name of another',
    [SECRET, 'networking.istio.io/cluster: cluster2', 'networking.istio.io/cluster: cluster1'], 'remote Secret is'],
  ['another name in a kubeconfig', [SECRET, 'current-context: cluster2', 'current-context: cluster1'],
    'names of the kubeconfig'],
  ['the API server of another', [SECRET, 'https://cluster2', 'https://cluster1'], 'server is'],
  ['an API server that Go refuses', [SECRET, 'https://cluster2', 'https://cluster2\\'], 'istiod cannot use the server'],
  ['another kind of credentials', [SECRET, 'token:', 'tokenFile:'], 'user is'],
  ['the token of another cluster', [SECRET, marker('cluster2'), marker('cluster1')], 'has a secret of \'cluster1\''],
  ['a token elsewhere', [PLANE, 'mesh1', marker('cluster2')], 'has a secret of \'cluster2\''],
  ['a token in base64', [PLANE, 'mesh1', Buffer.from(marker('cluster1')).toString('base64')],
    'has a secret of \'cluster1\''],
  ['a private key', [PLANE, 'mesh1', Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')],
    'has a secret of \'?\''],
  ['another network of the namespace', [NAMESPACE, 'network1', 'network2'], 'network of the namespace'],
  ['another network of the control plane', [PLANE, 'network: network1', 'network: network2'],
    'network of an IstioOperator'],
  ['another network of the gateway', [EAST_WEST, 'network: network1\n      name', 'network: network2\n      name'],
    'network of a gateway'],
  ['another network view', [EAST_WEST, 'value: network1', 'value: network2'], 'network view'],
  ['another cluster', [PLANE, 'clusterName: cluster1', 'clusterName: cluster2'], 'mesh and cluster'],
  ['another mesh', [PLANE, 'mesh1', 'mesh2'], 'mesh and cluster'],
  ['an IstioOperator without a name of its own', [EAST_WEST, 'name: eastwest', 'name: control-plane'],
    'IstioOperators is'],
  ['an IstioOperator in another\'s file',
    ['cluster1/istioctl/x.yaml', undefined, 'kind: IstioOperator\nmetadata: {name: y}\nspec: {values: {global: {}}}'],
    'their files is'],
  ['another kind for istioctl', [PLANE, 'kind: IstioOperator', 'kind: Istio'], 'their kinds is'],
  ['another namespace of a control plane', [PLANE, 'namespace: istio-system', 'namespace: default'],
    'namespaces of an IstioOperator'],
  ['a revision that is not installed', [EAST_WEST, 'revision: ""', 'revision: stable'],
    'revision \'stable\' of the gateway is not installed'],
  ['no gateway', [EAST_WEST, undefined, undefined], 'gateway and exposed services'],
  ['no way to the other network', ['cluster2/istioctl/eastwest.yaml', undefined, undefined],
    'no gateway leads to \'cluster2\''],
  ['a Gateway of another gateway', [GATEWAY, 'istio: eastwestgateway', 'istio: ingressgateway'],
    'what the Gateway selects'],
  ['a port that is not open', [GATEWAY, 'number: 15443', 'number: 15444'], 'port of the Gateway'],
  ['a port at which nobody looks', [EAST_WEST, '15443', '15444'], 'port at which istiod looks'],
  ['other hosts', [GATEWAY, '*.local', '*.example'], 'hosts is'],
  ['a host that istiod refuses', [GATEWAY, '*.local', '/*.local'], 'istiod refuses the host'],
])('the reader sees %s', (_, change, seen) => expectSeen({}, change, seen));

test.each<[what: string, installer: string, change: Change, seen: string]>([
  ['another cluster for istiod', 'helm', [HELM_ISTIOD, 'clusterName: cluster1', 'clusterName: cluster2'],
    'what istiod is told'],
  ['another mesh for istiod', 'helm', [HELM_ISTIOD, 'mesh1', 'mesh2'], 'what istiod is told'],
  ['another network for istiod', 'helm', [HELM_ISTIOD, 'network1', 'network2'], 'what istiod is told'],
  ['another namespace for istiod', 'helm', [HELM_ISTIOD, 'global:\n', 'global:\n  istioNamespace: default\n'],
    'namespace that istiod is told'],
  ['a release in another namespace', 'helm', [HELM_ISTIOD, '--namespace istio-system', '--namespace default'],
    'namespaces of releases'],
  ['another chart', 'helm', [HELM_ISTIOD, 'istiod istiod', 'istiod base'], 'releases is'],
  ['another version of a chart', 'helm', [HELM_ISTIOD, '1.31.0', '1.30.0'], 'releases is'],
  ['the file of another release', 'helm', [HELM_ISTIOD, '--values istiod.yaml', '--values istio-base.yaml'],
    'files of releases'],
  ['another revision of istiod', 'helm', [HELM_ISTIOD, 'global:\n', 'revision: stable\nglobal:\n'], 'releases is'],
  ['a release that is missing', 'helm', ['cluster1/helm/istio-base.yaml', undefined, undefined], 'releases is'],
  ['a kustomization of values', 'helm', ['cluster1/kustomization.yaml', 'resources:\n', 'resources:\n- helm\n'],
    'resources is'],
  ['another network of a gateway', 'helm', [HELM_GATEWAY, 'network: network1', 'network: network2'],
    'network of the gateway'],
  ['another network view', 'helm', [HELM_GATEWAY, 'VIEW: network1', 'VIEW: network2'], 'network view'],
  ['a port that is not open', 'helm', [HELM_GATEWAY, 'port: 15443', 'port: 15444'], 'port of the Gateway'],
  ['no gateway', 'helm', [HELM_GATEWAY, undefined, undefined], 'gateway and exposed services'],
  ['an IstioOperator for nobody', 'helm',
    [PLANE, undefined, 'kind: IstioOperator\nmetadata: {name: y}\nspec: {values: {global: {}}}'], 'IstioOperators is'],
  ['another network of what is rendered', 'rendered', [RENDERED, 'network1', 'network2'],
    'network of an IstioOperator'],
  ['another cluster of what is rendered', 'rendered',
    [RENDERED, 'clusterName\\":\\"cluster1', 'clusterName\\":\\"cluster2'], 'mesh and cluster'],
  ['another version that renders', 'rendered', [RENDERED, 'version: "1.31.0"', 'version: "1.30.0"'],
    'versions of IstioOperators'],
  ['no gateway', 'rendered', [RENDERED_GATEWAY, undefined, undefined], 'gateway and exposed services'],
])('the reader sees %s of %s', (_, installer, change, seen) => expectSeen({ installer }, change, seen));

function expectSeen(settings: Plain, [path, from, to]: Change, seen: string): void {
  const mesh = {
    ...twoNetworks(), ...settings, remoteCredentials: { plainToken: { unsafePlainText: marker('$(cluster)') } },
  };
  const { [path]: before, ...others } = inCode(mesh) as Files;
  expect(violations({ ...others, ...before !== undefined && { [path]: before } }, meant(mesh))).toEqual([]);
  const after = from === undefined ? to : before.replace(from, () => to!);
  expect(after).not.toBe(before);
  expect(violations({ ...others, ...after !== undefined && { [path]: after } }, meant(mesh)).join('\n'))
    .toContain(seen);
}
