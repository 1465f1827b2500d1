import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { marker } from './invariants';

/** Which meshes are made; the same number makes the same again. */
export const SEED = Number(process.env.ISTIO_MESH_SEED ?? 20261123);

/** Plain data, as it would stand in mesh.yaml. */
export interface Plain { [key: string]: any }

/** A setting that stands somewhere, e.g. `eastWestGateway.name`. */
type Setting = readonly [path: string, ...values: unknown[]];

// of an authority that nobody has the key of
const CA_PEM = readFileSync(join(__dirname, '..', 'bench', 'ca.crt'), 'utf-8');

const LONGEST = 'a'.repeat(63);
const NAMES = [
  ...Array.from({ length: 12 }, (_, i) => `cluster${i + 1}`),
  '0', '007', '1e3', '0x1f', '0b11', '0o17', '1-1', '2026-01-31', 'true', 'no', 'y', 'off', 'null', 'nan', 'tostring',
  'proto', 'kubernetes', 'istioctl', LONGEST,
];
const NETWORKS = [
  'network1', 'network2', '007', '1.30', '1_000', 'NO', 'Null', '1e3', '2026-1-2', '0X1F', '1_0e1', '0o1_7', 'a.b_c',
  'N'.repeat(63),
];

/** Gives every cluster of those names its secrets, in the environment and in a directory. */
export function giveSecrets(directory: string): void {
  for (const name of NAMES) {
    process.env[`ISTIO_TOKEN_${name.toUpperCase().replace(/-/g, '_')}`] = marker(name);
    writeFileSync(join(directory, `${name}.token`), `${marker(name)}\n`);
    writeFileSync(join(directory, `${name}.key`),
      `-----BEGIN PRIVATE KEY-----\n${marker(name)}\n-----END PRIVATE KEY-----\n`);
  }
  writeFileSync(join(directory, 'ca.crt'), CA_PEM);
  process.env.ISTIO_TOKEN = marker('nobody');
}

const env = (suffix: string) => ({ env: `ISTIO_${suffix}_$(cluster)` });
const file = (directory: string, suffix: string) => ({ file: join(directory, `$(cluster).${suffix}`) });

/** What somebody may say, with the directory of the secrets. */
function settings(secrets: string): readonly Setting[] {
  return [
    ['istioVersion', '1.31.0', '1.30.2'],
    ['namespace', 'mesh-a', '007', 'true', LONGEST],
    ['profile', 'minimal', 'demo'],
    ['hub', 'registry/mesh', 'docker.io/007', 'no', '0x1f', '12:30', ''],
    ['tag', '1.30', 'no', '0X1F', 'nan'],
    ['revision', '', 'stable', '1-31-0', '2026-01-31', '1-1', 'x'.repeat(56)],
    ['canary', { revision: '1-32-0', istioVersion: '1.32.0' },
      { revision: 'x'.repeat(49), istioVersion: '1.32.0', tag: '1.32' }],
    ['revisionTags', { prod: 'default' }, { 'prod': 'default', '2026-1': 'default' }, { default: 'stable' },
      { ['x'.repeat(43)]: '1-32-0' }],
    ['compatibilityVersion', '1.30'],
    ['context', 'admin@$(cluster)', 'it\'s', ''],
    ['installer', 'istioctl', 'rendered', { rendered: { istioctl: './bin/istioctl-$(istioVersion)' } }, 'helm',
      { helm: { repository: 'oci://registry.example.com/istio' } }],
    ['trust', 'external', { pem: join(secrets, 'keys') }, { certManager: { issuerRef: { name: '007' } } },
      {
        certManager: {
          issuerRef: { name: 'no', kind: 'Issuer' }, duration: '720h', privateKey: { algorithm: 'ECDSA' },
        },
      },
      { externalSecrets: { secretStoreRef: { name: '1e3' } } },
      { externalSecrets: { secretStoreRef: { name: 'vault' }, key: '1.30', refreshInterval: '30m' } }],
    ['reader', { activeToken: 'green' }],
    ['apiServer', 'https://api.$(cluster).example.com', 'https://[2001:db8::1]:6443/$(cluster)'],
    ['caData', CA_PEM, Buffer.from(CA_PEM).toString('base64')],
    ['tlsServerName', '$(cluster).internal', '1.30'],
    ['proxyUrl', 'http://10.0.0.1:3128', 'socks5://proxy:1080'],
    ['remoteCredentials', 'linked', { linked: { into: 'sops' } },
      { linked: { into: { sealedSecrets: { certificate: '/sealing/$(cluster).pem' } } } },
      { plainToken: env('TOKEN') }, { plainToken: file(secrets, 'token') },
      { plainToken: { unsafePlainText: marker('$(cluster)') } },
      {
        authProvider: {
          config: { 'client-id': '007', 'issuer-url': 'https://$(cluster)' },
          secretConfig: { 'id-token': env('TOKEN') },
        },
      },
      { clientCertificate: { certificate: { file: join(secrets, 'ca.crt') }, key: file(secrets, 'key') } }],
    ['values', { global: { logAsJson: true, networkPolicy: { enabled: true } } },
      { global: { proxy: { clusterDomain: 'prod.local' }, imagePullSecrets: ['nan', '2026-01-31'] } },
      { pilot: { autoscaleMin: 2, env: { A: 'no', B: '0X1F', C: '1_0e1' } } },
      { sidecarInjectorWebhook: { rewriteAppHTTPProbe: false } }],
    ['meshConfig', { accessLogFile: '' }, { accessLogFile: '/dev/stdout', rootNamespace: 'yes' },
      { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }],
    ['components', { pilot: { k8s: { resources: { requests: { cpu: '500m' } } } } },
      { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] }],
    ['exposedServices.hosts', ['*.local'], ['*'], ['*.sample.svc.cluster.local', 'prod/web.prod.svc.cluster.local'],
      ['./*.cluster.local']],
    ['eastWestGateway.install', 'auto', 'always'],
    ['eastWestGateway.name', 'istio-east', 'nan', '2026-01-31', '1-1', 'e'.repeat(54)],
    ['eastWestGateway.ports', [{ name: 'tls', port: 15444 }],
      [{ name: 'tls', port: 443, targetPort: 8443, nodePort: 30443 }, { name: 'status-port', port: 15021 }]],
    ['eastWestGateway.loadBalancer', 'aws', { aws: { internal: true, dualStack: true, preserveClientIP: true } },
      'gke', { gke: { internal: false } }, 'aks', { aks: { internal: true } }, { metalLb: '007' },
      { nodePort: { pool: 'no' } }],
    ['eastWestGateway.networkPolicy', {}, { ipBlocks: ['10.0.0.0/8', '2001:db8::/32'] }],
    ['eastWestGateway.service', { annotations: { a: '1_0e1', b: 'true' } }, { externalIPs: ['192.0.2.1'] },
      { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] }],
    ['eastWestGateway.autoscaling', { minReplicas: 2, maxReplicas: 3 }, { targetCPUUtilizationPercentage: 60 }],
    ['eastWestGateway.nodeSelector', { pool: '1e3' }],
    ['eastWestGateway.env', { A: 'on', B: '$(cluster)' }],
    ['eastWestGateway.podAnnotations', { a: '0o1_7' }],
    ['eastWestGateway.tolerations', [{ key: 'edge', operator: 'Exists' }]],
    ['eastWestGateway.priorityClassName', 'null'],
  ];
}

const NO_NAME = [
  'Cluster1', 'a.b', '', '-a', 'a-', 'a b', 'a\nb', 'ä', '__proto__', '../../x', 'constructor', 'argocd',
  `${LONGEST}a`, 7, true, null,
];
const NO_LABEL = ['', 'a b', '-a', 'a/b', 'a:b', '.', `${LONGEST}a`, 'a\nb', 7, 1.3, false, null];

/**
 * What somebody gets wrong; each alone is refused at a cluster of two networks, or where `/` starts its path at the
 * mesh.
 */
export const MISTAKES: readonly Setting[] = [
  ['/meshID', ...NO_LABEL],
  ['/clusters', [], {}, null, 'cluster1'],
  ['name', ...NO_NAME],
  ['network', ...NO_LABEL],
  ['istioVersion', '1.31', 'latest', 'v1.31.0', '', 1.31, null, '1.9.0'],
  ['namespace', 'Istio', 'a.b', '', 'a\tb', 7],
  ['hub', '007', 'true', 't', '1_000', '1.30', 'nan', '0X1F', '*x', 'a b', 'https://registry/mesh', 7],
  ['tag', 'a b', 'a:b', '-a', 7],
  ['revision', '1.31.0', 'true', '007', '0x1f', 'no', 'null', 'nan', 't', 'A', 'x'.repeat(57), true],
  ['canary', { revision: '1.32.0', istioVersion: '1.32.0' }, { revision: '1-32-0' },
    { revision: 'default', istioVersion: '1.32.0' }, { revision: '0b11', istioVersion: '1.32.0' },
    { revision: 'next', istioVersion: '1.32.0', tag: 'a b' }, 'stable', []],
  ['revisionTags', { default: 'default' }, { prod: 'nowhere' }, { Prod: 'default' }, { '007': 'default' },
    { no: 'default' }, { 'a.b': 'default' }, { ['x'.repeat(44)]: 'default' }, { prod: 7 }, ['prod'], 'prod'],
  ['profile', 'ambient', 'defualt', ''],
  ['compatibilityVersion', '1.30.1', 1.3],
  ['apiServer', 'cluster1', 'http://cluster1', 'https://localhost:6443', 'https://127.1', 'https://[::1]',
    `https://me:${marker('url')}@cluster1`, `me:${marker('url')}@cluster1:6443`, 'https://clus\nter1', 'https://a\\b',
    'https://a/ b', 'https://a}b', 'https:////a', 'https://a/%zz', 6443],
  ['proxyUrl', 'ftp://proxy', 'proxy', `http://me:${marker('url')}@proxy`, 'http://pro\nxy'],
  ['caData', 'nonsense', '', `${CA_PEM}-----BEGIN PRIVATE KEY-----\n${marker('ca')}\n-----END PRIVATE KEY-----\n`],
  ['peers', ['nobody'], ['constructor'], 'cluster1', [7], ['a\nb']],
  ['trust', 'cert-manager', 'pem', { pem: 7 }, { pem: ' ' }, { certManager: {} },
    { certManager: { issuerRef: { name: 'A B' } } }, { certManager: { issuerRef: { name: 'a' }, duration: '90d' } },
    { externalSecrets: {} }, { externalSecrets: { secretStoreRef: { name: 'a', kind: 'Store' } } }],
  ['remoteCredentials', 'exec', 'plainToken', marker('form'), { plainToken: marker('form') },
    { plainToken: { env: 'NOT_SET' } }, { plainToken: { unsafePlainText: `${marker('blank')} ` } },
    { plainToken: { unsafePlainText: 7 } }, { plainToken: { file: '/nowhere' } }, { plainToken: { file: '/' } },
    { authProvider: { name: 'gcp' } }, { tokenFile: 'x' },
    { authProvider: { config: { 'id-token': marker('config') } } },
    { clientCertificate: { certificate: env('TOKEN'), key: env('TOKEN') } }, { clientCertificate: {} }, ['linked'],
    { linked: 'sops' }, { linked: { into: 'vault' } }, { linked: { into: { sealedSecrets: { certificate: '' } } } }],
  ['values', { global: { network: 'network9' } }, { global: { netwrok: 'a' } },
    { global: { proxy: { clusterDomain: 'PROD' } } }, { global: { proxy: { clusterDomain: '' } } },
    { global: { proxy: { clusterDomain: '1.30' } } },
    { global: { imagePullSecrets: ['007'] } }, { global: { imagePullSecrets: ['no'] } }, { revisionTags: ['prod'] },
    { defaultRevision: 'a' }, { global: { meshID: '' } }, { constructor: {} }, { pilot: { autoscaleMin: '2' } }, []],
  ['meshConfig', { trustDomain: 'a b' }, { accessLog: '' }, { defaultConfig: { meshId: 'x' } }, 'x'],
  ['components', { pilots: {} }, { ingressGateways: [{ name: 'istio-eastwestgateway' }] }, { ingressGateways: {} }],
  ['exposedServices.hosts', [], ['*.example.com'], ['web'], [''], ['/*.local'], ['a b/*.local'], ['*.Local'],
    ['*.local\n'], '*.local'],
  ['eastWestGateway.network', 'network9', ''],
  ['eastWestGateway.revision', 'nowhere', 'default'],
  ['eastWestGateway.install', 'never', 'Always', true],
  ['eastWestGateway.name', 'East', '', '007', 'true', 'no', 'null', '0x1f', '1e3', 'e'.repeat(55), 'a\nb'],
  ['eastWestGateway.ports', [], [{ name: 'http', port: 80 }], [{ name: 'tls', port: 443 }],
    [{ name: 'tls', port: 0.5 }], [{ name: 'tls', port: 1e9 }], [{ name: 'tls' }],
    [{ name: 'tls', port: 15443, nodePorts: 1 }]],
  ['eastWestGateway.loadBalancer', 'azure', { aws: { intern: true } }, 'metalLb', { metalLb: 7 }, {},
    { aws: {}, gke: {} }],
  ['eastWestGateway.networkPolicy', { ipBlocks: [] }, { ipBlocks: ['10.0.0.1'] }, { ipBlock: [] }, true],
  ['eastWestGateway.service', { type: 'ClusterIP' }, { type: 'Loadbalancer' }, { externalIPs: ['a'] },
    { loadBalancerSourceRanges: ['10.0.0.0'] }, { ipFamilies: ['ipv4'] }],
  ['eastWestGateway.autoscaling', { minReplicas: 0 }, { minReplicas: 9 }, { maxReplicas: 2 ** 40 }, { enabled: 'no' }],
  ['eastWestGateway.replicaCount', 2, -1],
  ['eastWestGateway.env', { ISTIO_META_REQUESTED_NETWORK_VIEW: 'x' }, { A: 1 }, ['A']],
  ['installer', 'kubectl', ['helm'], { helm: { repository: 'charts' } }, { helm: { repo: 'https://charts' } },
    { rendered: { istioctl: '' } }, { rendered: 'istioctl' }],
  ['resources', ['nothing/*.yaml'], [''], [7]],
  ['netwrok', 'network1'],
  ['__proto__', {}],
  ['constructor', null],
];

function put(into: Plain, path: string, value: unknown): Plain {
  const [key, ...rest] = path.split('.');
  const own = rest.length > 0 ? put(into[key] ?? {}, rest.join('.'), value) : typeof value === 'object'
    ? JSON.parse(JSON.stringify(value)) : value;
  return Object.defineProperty(into, key, { value: own, enumerable: true, writable: true, configurable: true });
}

const weighted = <T>(...choices: Array<[weight: number, arbitrary: fc.Arbitrary<T>]>) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const one = (choices: readonly Setting[]) =>
  fc.constantFrom(...choices.flatMap(([path, ...values]) => values.map(value => [path, value] as const)));
const namesUpTo = (maxLength: number) => fc.shuffledSubarray(NAMES, { minLength: 1, maxLength });
const TWELVE = { minLength: 12, maxLength: 12 };
const bits = fc.array(fc.boolean(), { minLength: 144, maxLength: 144 });

/** For each cluster what it gives as its peers. */
type Peers = (names: string[], i: number) => string[] | undefined;
const EVERYBODY: Peers = () => undefined;
const HUB: Peers = (names, i) => i === 0 ? ['*'] : [names[0]];
const symmetrical =
  (links: boolean[]): Peers => (names, i) =>
    names.filter((_, j) => j !== i && links[12 * Math.min(i, j) + Math.max(i, j)]);
const lopsided = (links: boolean[]): Peers => (names, i) => names.filter((_, j) => j !== i && links[12 * i + j]);

type Mistake = [mistake: readonly [string, unknown], where: number];
const mistake: fc.Arbitrary<Mistake> = fc.tuple(one(MISTAKES), fc.integer({ min: -2, max: 11 }));

/**
 * Random meshes: most are small, and in four of ten somebody got something wrong. Their secrets are where `giveSecrets`
 * put them.
 */
export function randomMeshes(secrets: string): fc.Arbitrary<Plain> {
  const some = (maxLength: number) => fc.array(one(settings(secrets)), { maxLength });
  return fc.record({
    names: weighted([12, namesUpTo(3)], [5, namesUpTo(6)], [1, namesUpTo(12)]),
    networks: fc.shuffledSubarray(NETWORKS, { minLength: 1, maxLength: 3 })
      .chain(few => fc.array(fc.constantFrom(...few), TWELVE)),
    peers: weighted([8, fc.constant(EVERYBODY)], [2, fc.constant(HUB)], [6, bits.map(symmetrical)],
      [1, bits.map(lopsided)]),
    ofDefaults: some(3),
    ofMesh: some(4),
    ofClusters: fc.array(some(2), TWELVE),
    mistakes: weighted<Mistake[]>([6, fc.constant([])], [4, fc.array(mistake, { minLength: 1, maxLength: 2 })]),
  }).map(({ names, networks, peers, ofDefaults, ofMesh, ofClusters, mistakes }) => {
    const clusters: Plain[] =
      names.map((name, i) => ({ name, network: networks[i], ...peers(names, i) && { peers: peers(names, i) } }));
    const mesh: Plain = { ...twoNetworks(), clusters, defaults: {} };
    const said = [ofDefaults, ofMesh, ...ofClusters];
    [mesh.defaults, mesh, ...clusters].forEach((place, i) =>
      said[i].forEach(([path, value]) => put(place, path, value)));
    const ofMeshLast = mistakes.sort(([[a]], [[b]]) => Number(a.startsWith('/')) - Number(b.startsWith('/')));
    ofMeshLast.forEach(([what, where]) => wrong(mesh, what, where));
    return mesh;
  });
}

/** The mesh that each mistake is made in. */
export function twoNetworks(): Plain {
  const clusters = [{ name: 'cluster1', network: 'network1' }, { name: 'cluster2', network: 'network2' }];
  return { meshID: 'mesh1', istioVersion: '1.31.0', apiServer: 'https://$(cluster).example.com:6443', clusters };
}

/** Makes a mistake at a cluster, or at -1 for all of them and at -2 in the defaults. */
export function wrong(mesh: Plain, [path, value]: readonly [string, unknown], where: number): Plain {
  const place = path.startsWith('/') || where === -1 ? mesh : where === -2 ? mesh.defaults
    : mesh.clusters[where % mesh.clusters.length];
  put(place, path.replace('/', ''), value);
  return mesh;
}
