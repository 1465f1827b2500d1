import { writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { Mesh, MeshApp, MeshProps } from '../src';
import { Asked, marker, violations } from './invariants';
import type { Files } from './mesh-util';
import { CA_PEM, temporaryDirectory } from './util';
import { MeshError } from '../src/problems';

// Trees stay in memory: the test of the writer is another.
let mockWritten: Files | undefined;
jest.mock('../src/tree-writer', () => ({ writeTree: (_: string, tree: ReadonlyMap<string, string>) => { mockWritten = Object.fromEntries(tree); } }));

const RUNS = Number(process.env.ISTIO_MESH_RUNS ?? 2000);
const SEED = Number(process.env.ISTIO_MESH_SEED ?? 20261123);
const LIMIT = Number(process.env.ISTIO_MESH_SECONDS ?? 60) * 1000;

/** Plain data, as it would stand in mesh.yaml. */
interface Plain { [key: string]: any }

/** A setting that stands somewhere, e.g. `eastWestGateway.name`. */
type Setting = readonly [path: string, ...values: unknown[]];

const LONGEST = 'a'.repeat(63);
const NAMES = [
  ...Array.from({ length: 12 }, (_, i) => `cluster${i + 1}`),
  '0', '007', '1e3', '0x1f', '0b11', '0o17', '1-1', '2026-01-31', 'true', 'no', 'y', 'off', 'null', 'nan', 'tostring', 'proto', 'kubernetes', 'istioctl', LONGEST,
];
const NETWORKS = ['network1', 'network2', '007', '1.30', '1_000', 'NO', 'Null', '1e3', '2026-1-2', '0X1F', '1_0e1', '0o1_7', 'a.b_c', 'N'.repeat(63)];

/** Where every cluster of those names has its secrets. */
const secrets = temporaryDirectory();
const env = (suffix: string) => ({ env: `ISTIO_${suffix}_$(cluster)` });
const file = (suffix: string) => ({ file: join(secrets, `$(cluster).${suffix}`) });

beforeAll(() => {
  for (const name of NAMES) {
    process.env[`ISTIO_TOKEN_${name.toUpperCase().replace(/-/g, '_')}`] = marker(name);
    writeFileSync(join(secrets, `${name}.token`), `${marker(name)}\n`);
    writeFileSync(join(secrets, `${name}.key`), `-----BEGIN PRIVATE KEY-----\n${marker(name)}\n-----END PRIVATE KEY-----\n`);
  }
  writeFileSync(join(secrets, 'ca.crt'), CA_PEM);
  process.env.ISTIO_TOKEN = marker('nobody');
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});

const SETTINGS: readonly Setting[] = [
  ['istioVersion', '1.31.0', '1.30.2'],
  ['namespace', 'mesh-a', '007', 'true', LONGEST],
  ['profile', 'minimal', 'demo'],
  ['hub', 'registry/mesh', '007', ''],
  ['tag', '1.30', 'no', '0X1F'],
  ['revision', '', 'stable', '1-31-0', 'x'.repeat(56)],
  ['canary', { revision: '1-32-0', istioVersion: '1.32.0' }, { revision: 'x'.repeat(49), istioVersion: '1.32.0', tag: '1.32' }],
  ['compatibilityVersion', '1.30'],
  ['context', 'admin@$(cluster)', 'it\'s', ''],
  ['installer', 'istioctl'],
  ['reader', { activeToken: 'green' }],
  ['apiServer', 'https://api.$(cluster).example.com', 'https://[2001:db8::1]:6443/$(cluster)'],
  ['caData', CA_PEM, Buffer.from(CA_PEM).toString('base64')],
  ['tlsServerName', '$(cluster).internal', '1.30'],
  ['proxyUrl', 'http://10.0.0.1:3128', 'socks5://proxy:1080'],
  ['remoteCredentials', 'linked', { plainToken: env('TOKEN') }, { plainToken: file('token') }, { plainToken: { unsafePlainText: marker('$(cluster)') } },
    { authProvider: { config: { 'client-id': '007', 'issuer-url': 'https://$(cluster)' }, secretConfig: { 'id-token': env('TOKEN') } } },
    { clientCertificate: { certificate: { file: join(secrets, 'ca.crt') }, key: file('key') } }],
  ['values', { global: { logAsJson: true } }, { global: { proxy: { clusterDomain: 'prod.local' } } }, { pilot: { autoscaleMin: 2, env: { A: 'no', B: '0X1F', C: '1_0e1' } } }, { sidecarInjectorWebhook: { rewriteAppHTTPProbe: false } }],
  ['meshConfig', { accessLogFile: '' }, { accessLogFile: '/dev/stdout', rootNamespace: 'yes' }, { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }],
  ['components', { pilot: { k8s: { resources: { requests: { cpu: '500m' } } } } }, { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] }],
  ['exposedServices.hosts', ['*.local'], ['*'], ['*.sample.svc.cluster.local', 'prod/web.prod.svc.cluster.local'], ['./*.cluster.local']],
  ['eastWestGateway.install', 'auto', 'always'],
  ['eastWestGateway.name', 'istio-east', '007', 'true', 'e'.repeat(54)],
  ['eastWestGateway.ports', [{ name: 'tls', port: 15444 }], [{ name: 'tls', port: 443, targetPort: 8443, nodePort: 30443 }, { name: 'status-port', port: 15021 }]],
  ['eastWestGateway.loadBalancer', 'aws', { aws: { internal: true } }, 'gke', { gke: { internal: false } }, 'aks', { aks: { internal: true } }, { metalLb: '007' }, { nodePort: { pool: 'no' } }],
  ['eastWestGateway.service', { annotations: { a: '1_0e1', b: 'true' } }, { externalIPs: ['192.0.2.1'] }, { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] }],
  ['eastWestGateway.autoscaling', { minReplicas: 2, maxReplicas: 3 }, { targetCPUUtilizationPercentage: 60 }],
  ['eastWestGateway.nodeSelector', { pool: '1e3' }],
  ['eastWestGateway.env', { A: 'on', B: '$(cluster)' }],
  ['eastWestGateway.podAnnotations', { a: '0o1_7' }],
  ['eastWestGateway.tolerations', [{ key: 'edge', operator: 'Exists' }]],
  ['eastWestGateway.priorityClassName', 'null'],
];

const NO_NAME = ['Cluster1', 'a.b', '', '-a', 'a-', 'a b', 'a\nb', 'ä', '__proto__', '../../x', 'constructor', 'argocd', `${LONGEST}a`, 7, true, null];
const NO_LABEL = ['', 'a b', '-a', 'a/b', 'a:b', '.', `${LONGEST}a`, 'a\nb', 7, 1.3, false, null];

/** What somebody gets wrong; each alone is refused at a cluster of two networks, or where `/` starts its path at the mesh. */
const MISTAKES: readonly Setting[] = [
  ['/meshID', ...NO_LABEL],
  ['/clusters', [], {}, null, 'cluster1'],
  ['name', ...NO_NAME],
  ['network', ...NO_LABEL],
  ['istioVersion', '1.31', 'latest', 'v1.31.0', '', 1.31, null, '1.9.0'],
  ['namespace', 'Istio', 'a.b', '', 'a\tb', 7],
  ['revision', '1.31.0', 'true', '007', 'A', 'x'.repeat(57), true],
  ['canary', { revision: '1.32.0', istioVersion: '1.32.0' }, { revision: '1-32-0' }, { revision: 'default', istioVersion: '1.32.0' }, 'stable', []],
  ['profile', 'ambient', 'defualt', ''],
  ['compatibilityVersion', '1.30.1', 1.3],
  ['apiServer', 'cluster1', 'http://cluster1', 'https://localhost:6443', 'https://127.1', 'https://[::1]', `https://me:${marker('url')}@cluster1`, `me:${marker('url')}@cluster1:6443`, 'https://clus\nter1', 'https://a\\b', 'https://a/ b', 6443],
  ['proxyUrl', 'ftp://proxy', 'proxy', `http://me:${marker('url')}@proxy`, 'http://pro\nxy'],
  ['caData', 'nonsense', '', `${CA_PEM}-----BEGIN PRIVATE KEY-----\n${marker('ca')}\n-----END PRIVATE KEY-----\n`],
  ['peers', ['nobody'], ['constructor'], 'cluster1', [7], ['a\nb']],
  ['remoteCredentials', 'exec', 'plainToken', marker('form'), { plainToken: marker('form') }, { plainToken: { env: 'NOT_SET' } }, { plainToken: { unsafePlainText: `${marker('blank')} ` } },
    { plainToken: { unsafePlainText: 7 } }, { plainToken: { file: '/nowhere' } }, { plainToken: { file: '/' } }, { authProvider: { name: 'gcp' } }, { tokenFile: 'x' },
    { authProvider: { config: { 'id-token': marker('config') } } }, { clientCertificate: { certificate: env('TOKEN'), key: env('TOKEN') } }, { clientCertificate: {} }, ['linked']],
  ['values', { global: { network: 'network9' } }, { global: { netwrok: 'a' } }, { global: { proxy: { clusterDomain: 'PROD' } } }, { global: { proxy: { clusterDomain: '' } } }, { global: { meshID: '' } }, { constructor: {} }, { pilot: { autoscaleMin: '2' } }, []],
  ['meshConfig', { trustDomain: 'a b' }, { accessLog: '' }, { defaultConfig: { meshId: 'x' } }, 'x'],
  ['components', { pilots: {} }, { ingressGateways: [{ name: 'istio-eastwestgateway' }] }, { ingressGateways: {} }],
  ['exposedServices.hosts', [], ['*.example.com'], ['web'], [''], ['/*.local'], ['a b/*.local'], ['*.Local'], ['*.local\n'], '*.local'],
  ['eastWestGateway.network', 'network9', ''],
  ['eastWestGateway.revision', 'nowhere', 'default'],
  ['eastWestGateway.install', 'never', 'Always', true],
  ['eastWestGateway.name', 'East', '', 'e'.repeat(55), 'a\nb'],
  ['eastWestGateway.ports', [], [{ name: 'http', port: 80 }], [{ name: 'tls', port: 443 }], [{ name: 'tls', port: 0.5 }], [{ name: 'tls', port: 1e9 }], [{ name: 'tls' }], [{ name: 'tls', port: 15443, nodePorts: 1 }]],
  ['eastWestGateway.loadBalancer', 'azure', { aws: { intern: true } }, 'metalLb', { metalLb: 7 }, {}, { aws: {}, gke: {} }],
  ['eastWestGateway.service', { type: 'ClusterIP' }, { type: 'Loadbalancer' }, { externalIPs: ['a'] }, { loadBalancerSourceRanges: ['10.0.0.0'] }, { ipFamilies: ['ipv4'] }],
  ['eastWestGateway.autoscaling', { minReplicas: 0 }, { minReplicas: 9 }, { maxReplicas: 2 ** 40 }, { enabled: 'no' }],
  ['eastWestGateway.replicaCount', 2, -1],
  ['eastWestGateway.env', { ISTIO_META_REQUESTED_NETWORK_VIEW: 'x' }, { A: 1 }, ['A']],
  ['resources', ['nothing/*.yaml'], [''], [7]],
  ['netwrok', 'network1'],
  ['__proto__', {}],
  ['constructor', null],
];

function put(into: Plain, path: string, value: unknown): Plain {
  const [key, ...rest] = path.split('.');
  const own = rest.length > 0 ? put(into[key] ?? {}, rest.join('.'), value) : typeof value === 'object' ? JSON.parse(JSON.stringify(value)) : value;
  return Object.defineProperty(into, key, { value: own, enumerable: true, writable: true, configurable: true });
}

const weighted = <T>(...choices: Array<[weight: number, arbitrary: fc.Arbitrary<T>]>) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const one = (settings: readonly Setting[]) =>
  fc.constantFrom(...settings.flatMap(([path, ...values]) => values.map(value => [path, value] as const)));
const some = (maxLength: number) => fc.array(one(SETTINGS), { maxLength });
const namesUpTo = (maxLength: number) => fc.shuffledSubarray(NAMES, { minLength: 1, maxLength });
const TWELVE = { minLength: 12, maxLength: 12 };
const bits = fc.array(fc.boolean(), { minLength: 144, maxLength: 144 });

/** For each cluster what it gives as its peers. */
type Peers = (names: string[], i: number) => string[] | undefined;
const EVERYBODY: Peers = () => undefined;
const HUB: Peers = (names, i) => i === 0 ? ['*'] : [names[0]];
const symmetrical = (links: boolean[]): Peers => (names, i) => names.filter((_, j) => j !== i && links[12 * Math.min(i, j) + Math.max(i, j)]);
const lopsided = (links: boolean[]): Peers => (names, i) => names.filter((_, j) => j !== i && links[12 * i + j]);

type Mistake = [mistake: readonly [string, unknown], where: number];
const mistake: fc.Arbitrary<Mistake> = fc.tuple(one(MISTAKES), fc.integer({ min: -2, max: 11 }));

/** Random meshes: most are small, and in four of ten somebody got something wrong. */
const MESHES: fc.Arbitrary<Plain> = fc.record({
  names: weighted([12, namesUpTo(3)], [5, namesUpTo(6)], [1, namesUpTo(12)]),
  networks: fc.shuffledSubarray(NETWORKS, { minLength: 1, maxLength: 3 }).chain(few => fc.array(fc.constantFrom(...few), TWELVE)),
  peers: weighted([8, fc.constant(EVERYBODY)], [2, fc.constant(HUB)], [6, bits.map(symmetrical)], [1, bits.map(lopsided)]),
  ofDefaults: some(3),
  ofMesh: some(4),
  ofClusters: fc.array(some(2), TWELVE),
  mistakes: weighted<Mistake[]>([6, fc.constant([])], [4, fc.array(mistake, { minLength: 1, maxLength: 2 })]),
}).map(({ names, networks, peers, ofDefaults, ofMesh, ofClusters, mistakes }) => {
  const clusters: Plain[] = names.map((name, i) => ({ name, network: networks[i], ...peers(names, i) && { peers: peers(names, i) } }));
  const mesh: Plain = { ...twoNetworks(), clusters, defaults: {} };
  const said = [ofDefaults, ofMesh, ...ofClusters];
  [mesh.defaults, mesh, ...clusters].forEach((place, i) => said[i].forEach(([path, value]) => put(place, path, value)));
  const ofMeshLast = mistakes.sort(([[a]], [[b]]) => Number(a.startsWith('/')) - Number(b.startsWith('/')));
  ofMeshLast.forEach(([what, where]) => wrong(mesh, what, where));
  return mesh;
});

/** The mesh that each mistake is made in. */
function twoNetworks(): Plain {
  const clusters = [{ name: 'cluster1', network: 'network1' }, { name: 'cluster2', network: 'network2' }];
  return { meshID: 'mesh1', istioVersion: '1.31.0', apiServer: 'https://$(cluster).example.com:6443', clusters };
}

/** Makes a mistake at a cluster, or at -1 for all of them and at -2 in the defaults. */
function wrong(mesh: Plain, [path, value]: readonly [string, unknown], where: number): Plain {
  const place = path.startsWith('/') || where === -1 ? mesh : where === -2 ? mesh.defaults : mesh.clusters[where % mesh.clusters.length];
  put(place, path.replace('/', ''), value);
  return mesh;
}

const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a mesh means: the library's way from layers to clusters, gone by somebody else. */
function meant({ defaults, meshID, clusters, ...settings }: Plain): Asked {
  const merged = (below: Plain, above: Plain): Plain => ({
    ...below,
    ...Object.fromEntries(Object.entries(above).map(([key, value]) =>
      [key, isMap(below[key]) && isMap(value) && !['remoteCredentials', 'loadBalancer'].includes(key) ? merged(below[key], value) : value])),
  });
  const variable = (name: string) => name.toUpperCase().replace(/-/g, '_');
  const named = (value: any, name: string, key = ''): any => typeof value === 'string' ? value.replace(/\$\(cluster\)/g, key === 'env' ? variable(name) : name)
    : Array.isArray(value) ? value.map(entry => named(entry, name))
      : isMap(value) ? Object.fromEntries(Object.entries(value).map(([at, entry]) => [at, named(entry, name, at)])) : value;
  return { meshID, clusters: clusters.map((own: Plain) => named(merged(merged(defaults ?? {}, settings), own), own.name)) };
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

/** What is wrong with how a mesh is refused. */
function badlyTold({ problems, stack }: MeshError, mesh: Plain): string[] {
  const faults = problems.filter(problem => !MISSING.test(problem)).flatMap(problem => {
    const [, place, sentence] = PLACE.exec(problem) ?? [];
    if (place === undefined) {
      return [`no place first: ${problem}`];
    }
    const path = place.split(/[.[\]']+/).filter(Boolean);
    const at = (from: unknown, keys: string[]) => keys.reduce<any>((value, key) => value?.[key], from);
    const values = [at(mesh, path), at(mesh, path.slice(2)), at(mesh.defaults, path.slice(2))].filter(value => value !== undefined);
    const words = [path.at(-1)!, 'is missing', ...values.flatMap(value => isMap(value) ? 'a map' : Array.isArray(value) ? 'a list' : value === null ? 'nothing (null)' : String(value).trim() || '\'\'')];
    return [
      ...words.some(word => sentence.includes(word)) || path.includes('remoteCredentials') ? [] : [`neither ${words.join(' nor ')} is in: ${problem}`],
      ...problem.length > 800 ? [`too long: ${problem}`] : [],
      ...Array.from(problem.matchAll(/[\x00-\x1f\x7f]|undefined|\[object|MARK-|KRAM/g), ([word]) => `${JSON.stringify(word)} is in: ${problem}`),
    ];
  });
  return [...faults, ...problems.length === 0 ? ['no problem is told'] : [], .../\n\s+at /.test(stack!) ? ['a stack is told'] : []];
}

function judged(result: Files | MeshError, mesh: Plain): string[] {
  return result instanceof MeshError ? badlyTold(result, mesh) : violations(result, meant(mesh));
}

test('whatever passes the rules is a sound tree, from code and from a file alike, and whatever does not is told well', () => {
  const figures = { accepted: 0, refused: 0 };
  fc.assert(fc.property(MESHES, fc.nat({ max: 7 }), (mesh, again) => {
    const result = inCode(mesh);
    figures[result instanceof MeshError ? 'refused' : 'accepted']++;
    expect(judged(result, mesh)).toEqual([]);
    if (again === 0) {
      expect(inFile(mesh)).toEqual(result instanceof MeshError ? expect.any(MeshError) : result);
    }
  }), { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: LIMIT });
  const runs = figures.accepted + figures.refused;
  expect(figures.accepted / runs).toBeGreaterThan(0.4);
  expect(figures.refused / runs).toBeGreaterThan(0.2);
}, 2 * LIMIT);

test.each(MISTAKES.map(([path, ...values]) => ({ path, values })))('each mistake at $path is refused and told well', ({ path, values }) => {
  const results = values.map(value => {
    const mesh = wrong(twoNetworks(), [path, value], 0);
    const result = inCode(mesh);
    return [value, result instanceof MeshError ? judged(result, mesh) : 'is not refused'];
  });
  expect(results).toEqual(values.map(value => [value, []]));
});

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
  ['a file in two kustomizations', ['cluster1/kustomization.yaml', 'resources:\n', 'resources:\n- 00-namespace/namespace-istio-system.yaml\n'], 'resources is'],
  ['a kustomization of an IstioOperator', ['cluster1/kustomization.yaml', 'resources:\n', 'resources:\n- istioctl\n'], 'resources is'],
  ['no order', [STEP, 'fifo', 'legacy'], 'order is'],
  ['no kustomization', [STEP, undefined, undefined], 'what should be there is not'],
  ['no YAML', [PLANE, undefined, '{'], 'cannot be read'],
  ['a word of YAML 1.1', [NAMESPACE, 'network1', 'no'], 'yaml 1.1 is'],
  ['a word of YAML 1.2', [NAMESPACE, 'network1', '0o17'], 'yaml 1.1 is'],
  ['a number of Go', [NAMESPACE, 'network1', '0X1F'], 'kubectl reads a number'],
  ['a label that is no string', [NAMESPACE, 'network1', '7'], 'labels has 7, which is no string'],
  ['a link that is missing', [SECRET, undefined, undefined], 'who is read'],
  ['a link with itself', [SECRET, '  cluster2: |', '  cluster1: |'], 'who is read'],
  ['a link twice', [`${SECRET}.yaml`, undefined, 'metadata: {labels: {istio/multiCluster: "true"}}\nstringData: {cluster2: "{}"}'], 'who is read'],
  ['a second cluster in a Secret', [SECRET, 'stringData:\n', 'stringData:\n  cluster3: "{}"\n'], 'who is read'],
  ['a Secret that istiod does not see', [SECRET, '"true"', 'true'], 'labels has true'],
  ['a Secret in another namespace', [SECRET, 'namespace: istio-system', 'namespace: default'], 'remote Secret is'],
  ['a Secret with the name of another', [SECRET, 'networking.istio.io/cluster: cluster2', 'networking.istio.io/cluster: cluster1'], 'remote Secret is'],
  ['another name in a kubeconfig', [SECRET, 'current-context: cluster2', 'current-context: cluster1'], 'names of the kubeconfig'],
  ['the API server of another', [SECRET, 'https://cluster2', 'https://cluster1'], 'server is'],
  ['an API server that Go refuses', [SECRET, 'https://cluster2', 'https://cluster2\\'], 'istiod cannot use the server'],
  ['another kind of credentials', [SECRET, 'token:', 'tokenFile:'], 'user is'],
  ['the token of another cluster', [SECRET, marker('cluster2'), marker('cluster1')], 'has a secret of \'cluster1\''],
  ['a token elsewhere', [PLANE, 'mesh1', marker('cluster2')], 'has a secret of \'cluster2\''],
  ['a token in base64', [PLANE, 'mesh1', Buffer.from(marker('cluster1')).toString('base64')], 'has a secret of \'cluster1\''],
  ['a private key', [PLANE, 'mesh1', Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')], 'has a secret of \'?\''],
  ['another network of the namespace', [NAMESPACE, 'network1', 'network2'], 'network of the namespace'],
  ['another network of the control plane', [PLANE, 'network: network1', 'network: network2'], 'network of an IstioOperator'],
  ['another network of the gateway', [EAST_WEST, 'network: network1\n      name', 'network: network2\n      name'], 'network of a gateway'],
  ['another network view', [EAST_WEST, 'value: network1', 'value: network2'], 'network view'],
  ['another cluster', [PLANE, 'clusterName: cluster1', 'clusterName: cluster2'], 'mesh and cluster'],
  ['another mesh', [PLANE, 'mesh1', 'mesh2'], 'mesh and cluster'],
  ['an IstioOperator without a name of its own', [EAST_WEST, 'name: eastwest', 'name: control-plane'], 'IstioOperators is'],
  ['an IstioOperator in another\'s file', ['cluster1/istioctl/x.yaml', undefined, 'kind: IstioOperator\nmetadata: {name: y}\nspec: {values: {global: {}}}'], 'their files is'],
  ['another kind for istioctl', [PLANE, 'kind: IstioOperator', 'kind: Istio'], 'their kinds is'],
  ['another namespace of a control plane', [PLANE, 'namespace: istio-system', 'namespace: default'], 'namespaces of an IstioOperator'],
  ['a revision that is not installed', [EAST_WEST, 'revision: ""', 'revision: stable'], 'revision \'stable\' of the gateway is not installed'],
  ['no gateway', [EAST_WEST, undefined, undefined], 'gateway and exposed services'],
  ['no way to the other network', ['cluster2/istioctl/eastwest.yaml', undefined, undefined], 'no gateway leads to \'cluster2\''],
  ['a Gateway of another gateway', [GATEWAY, 'istio: eastwestgateway', 'istio: ingressgateway'], 'what the Gateway selects'],
  ['a port that is not open', [GATEWAY, 'number: 15443', 'number: 15444'], 'port of the Gateway'],
  ['a port at which nobody looks', [EAST_WEST, '15443', '15444'], 'port at which istiod looks'],
  ['other hosts', [GATEWAY, '*.local', '*.example'], 'hosts is'],
  ['a host that istiod refuses', [GATEWAY, '*.local', '/*.local'], 'istiod refuses the host'],
])('the reader sees %s', (_, [path, from, to], seen) => {
  const mesh = { ...twoNetworks(), remoteCredentials: { plainToken: { unsafePlainText: marker('$(cluster)') } } };
  const { [path]: before, ...others } = inCode(mesh) as Files;
  expect(violations({ ...others, ...before !== undefined && { [path]: before } }, meant(mesh))).toEqual([]);
  const after = from === undefined ? to : before.replace(from, () => to!);
  expect(after).not.toBe(before);
  expect(violations({ ...others, ...after !== undefined && { [path]: after } }, meant(mesh)).join('\n')).toContain(seen);
});
