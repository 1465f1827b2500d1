import { join } from 'path';
import { Linking } from '../../../src/cli/link/link';
import { meshOf } from '../../../src/cli/load-mesh';
import type { Probe, ProbeResult } from '../../../src/cli/verify/api-server-probe';
import { matrix } from '../../../src/cli/verify/matrix';
import type { Result } from '../../../src/cli/verify/verification';
import { verification } from '../../../src/cli/verify/verification';
import { certificate } from '../../e2e/lab/certificates';
import type { Certificate } from '../../e2e/lab/certificates';
import { base64, FakeClusters, tokenSecret } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

/** What API servers say; each takes what it gave out, unless this says otherwise. */
const mockSaid = new Map<string, Partial<Probe>>();
jest.mock('../../../src/cli/verify/api-server-probe', () => ({
  ...jest.requireActual('../../../src/cli/verify/api-server-probe'),
  probe: async (kubeconfig: string): Promise<Probe> => {
    const [server, token] = [/server: (\S+)/, /token: (\S+)/].map(pattern => pattern.exec(kubeconfig)![1]);
    return { result: 'answers' as ProbeResult, server, token, detail: 'it answers 200', ...mockSaid.get(token) };
  },
}));

const MESH = `meshID: mesh1
istioVersion: 1.31.0
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one, network: n1}, {name: two, network: n2}]
`;
const NAMES = ['one', 'two'];
const NAMESPACE = 'istio-system';
const METRICS = `/api/v1/namespaces/${NAMESPACE}/pods/istiod-1:15014/proxy/metrics`;
const SECRET = 'istio-remote-secret-two';

let clusters: FakeClusters;
let root: Certificate;
let otherRoot: Certificate;
let authorities: readonly object[];
let expired: object;

const cacerts = (own: Certificate, above: Certificate) => ({
  kind: 'Secret',
  metadata: { name: 'cacerts', namespace: NAMESPACE },
  data: { 'ca-cert.pem': base64(own.certificate), 'ca-key.pem': base64(own.key), 'root-cert.pem': base64(above.certificate), 'cert-chain.pem': base64(own.certificate + above.certificate) },
});
const trusted = (...roots: Certificate[]) => ({
  kind: 'ConfigMap', metadata: { name: 'istio-ca-root-cert', namespace: NAMESPACE }, data: { 'root-cert.pem': roots.map(one => one.certificate).join('') },
});

beforeAll(async () => {
  [root, otherRoot] = await Promise.all([certificate({ commonName: 'root' }), certificate({ commonName: 'another' })]);
  authorities = await Promise.all(NAMES.map(async name => cacerts(await certificate({ commonName: name, issuer: root }), root)));
  expired = cacerts(await certificate({ commonName: 'two', issuer: root, expired: true }), root);
});

beforeEach(async () => {
  mockSaid.clear();
  clusters = new FakeClusters(...NAMES);
  NAMES.forEach((name, i) => {
    const label = { 'topology.istio.io/network': `n${i + 1}` };
    clusters.put(name,
      { kind: 'Namespace', metadata: { name: NAMESPACE, labels: label } },
      { kind: 'Pod', metadata: { name: 'istiod-1', namespace: NAMESPACE, labels: { app: 'istiod' } }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      { kind: 'Service', metadata: { name: 'istio-eastwestgateway', namespace: NAMESPACE, labels: label }, spec: {}, status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
      authorities[i], trusted(root), tokenSecret('blue', `${name}-blue`), tokenSecret('green', `${name}-green`));
    metrics(name, 'synced');
  });
  await new Linking(mesh(), { timeoutSeconds: 0 }).run(() => undefined);
});

/** What istiod of a cluster says of the other one. */
function metrics(name: string, state: string, version = '1.31.0', started = 0): void {
  const [other] = NAMES.filter(one => one !== name);
  clusters.answer(name, METRICS, [
    '# TYPE istiod_remote_cluster_sync_status gauge', `istio_build{component="pilot",tag="${version}"} 1`, `process_start_time_seconds ${started}`,
    `istiod_remote_cluster_sync_status{cluster="${other}",cluster_type="remote",status="closed"} 0`,
    `istiod_remote_cluster_sync_status{cluster="${other}",cluster_type="remote",status="${state}"} 1`, '',
  ].join('\n'));
}

const mesh = (text = MESH) => meshOf(join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
const told = (results: readonly Result[], finding: string) => results.filter(result => result.finding === finding)
  .map(({ from, to, check, detail }) => `${from} ${to} ${check}: ${detail}`);

/** What is red. */
const red = async (text?: string) => told(await verification(mesh(text)), 'red');
const unknown = async (text?: string) => told(await verification(mesh(text)), 'unknown');

/** Changes the Secret with which `one` reads `two`. */
function editLink(edit: (secret: any) => object): void {
  clusters.put('one', edit(clusters.get('one', 'Secret', SECRET)));
}
const editKubeconfig = (pattern: RegExp, text: string) => editLink(secret =>
  ({ ...secret, data: { two: base64(Buffer.from(secret.data.two, 'base64').toString().replace(pattern, text)) } }));

test('nothing is red where everything is right, and the matrix says so', async () => {
  const results = await verification(mesh());
  expect(results.filter(({ finding }) => finding !== 'ok')).toEqual([]);
  expect(results).toContainEqual({ from: 'one', to: 'two', check: 'token', finding: 'ok', detail: 'blue, not known how old' });
  expect(matrix(results)).toBe(`┌───────────┬─────┬─────┐
│ from \\ to │ one │ two │
├───────────┼─────┼─────┤
│ one       │ ok  │ ok  │
├───────────┼─────┼─────┤
│ two       │ ok  │ ok  │
└───────────┴─────┴─────┘
2 clusters, 2 links: nothing is red
`);
});

test('links in files are made anew by a commit', async () => {
  clusters.remove('one', 'Secret', SECRET);
  expect(await red(MESH.replace('network: n1', 'network: n1, remoteCredentials: {linked: {into: sops}}'))).toEqual([
    "one two secret: there is no remote Secret of 'two' in namespace 'istio-system'; run istio-mesh link, and commit links/one",
  ]);
});

test('a red cell names its check, a line below says what to do, and what follows from it is not told', async () => {
  clusters.remove('one', 'Secret', SECRET);
  metrics('one', 'timeout');
  expect(matrix(await verification(mesh()))).toBe(`┌───────────┬─────┬────────┐
│ from \\ to │ one │ two    │
├───────────┼─────┼────────┤
│ one       │ ok  │ secret │
├───────────┼─────┼────────┤
│ two       │ ok  │ ok     │
└───────────┴─────┴────────┘
one -> two: secret: there is no remote Secret of 'two' in namespace 'istio-system'; run istio-mesh link
2 clusters, 2 links: 1 cell is red
`);
});

test('more clusters than a terminal has room for are told without the table', async () => {
  const results = Array.from({ length: 13 }, (_, i) => ({ from: `c${i}`, to: `c${i}`, check: 'istiod', finding: 'ok' }) as Result);
  expect(matrix(results)).toBe('13 clusters, 0 links: nothing is red\n');
  expect(matrix(results.slice(1)).split('\n').length).toBeGreaterThan(20);
});

test.each<[what: string, make: () => void, ...red: string[]]>([
  ['a Secret in another namespace', () => {
    const secret = clusters.get('one', 'Secret', SECRET);
    clusters.remove('one', 'Secret', SECRET);
    clusters.put('one', { ...secret, metadata: { ...secret.metadata, namespace: 'default' } });
  }, "one two secret: there is no remote Secret of 'two' in namespace 'istio-system', and istiod does not look in 'default', where there is one; run istio-mesh link"],
  ['a Secret without the label', () => editLink(secret => ({ ...secret, metadata: { ...secret.metadata, labels: {} } })),
    "one two label: Secret 'istio-remote-secret-two' has no label istio/multiCluster=true, by which alone istiod finds it; run istio-mesh link"],
  ['another key', () => editLink(secret => ({ ...secret, data: { tow: secret.data.two } })),
    "one two key: Secret 'istio-remote-secret-two' has the key 'tow', from which istiod takes the cluster's name, and the peer is 'two'; run istio-mesh link"],
  ['two Secrets', () => editLink(secret => ({ ...secret, metadata: { ...secret.metadata, name: 'by-hand' } })),
    "one two key: the Secrets 'by-hand' and 'istio-remote-secret-two' both have 'two', and istiod takes what it saw first; remove one of the two"],
  ['another API server', () => editKubeconfig(/https:\S+/, 'https://elsewhere'),
    "one two server: the kubeconfig leads to https://elsewhere, and the API server of 'two' is https://two.example.com:6443; run istio-mesh link"],
  ['another API server with a password in its URL', () => editKubeconfig(/https:\S+/, 'https://user:a-secret@elsewhere'),
    "one two server: the kubeconfig leads to https://elsewhere/, and the API server of 'two' is https://two.example.com:6443; run istio-mesh link"],
  ['an untrusted API server', () => mockSaid.set('two-blue', { result: 'untrusted' as ProbeResult, detail: 'self-signed certificate' }),
    'one two server: the certificate of https://two.example.com:6443 is not one that the kubeconfig trusts (self-signed certificate); give the authority that signed it as caData, or run istio-mesh link'],
  ['a token that is refused', () => { editKubeconfig(/token: .*/, 'token: old'); mockSaid.set('old', { result: 'unauthorized' as ProbeResult }); },
    "one two token: the API server of 'two' does not take the token (401), which is none of those that its reader account has; run istio-mesh link"],
  ['a token that may not read', () => mockSaid.set('two-blue', { result: 'forbidden' as ProbeResult }),
    "one two token: the account of the token may not read 'two' (403); apply the step 00-namespace of 'two'"],
  ['an istiod that does not reach the API server', () => metrics('one', 'timeout'),
    "one two synced: istiod-1 is at 'timeout': the API server of 'two' must answer to the pods of istiod in 'one', not only here; see its log: kubectl --context one -n istio-system logs istiod-1"],
  ['an istiod that does not know the peer', () => clusters.answer('one', METRICS, '# TYPE istiod_remote_cluster_sync_status gauge\nistio_build{component="pilot",tag="1.31.0"} 1\n'),
    "one two synced: istiod-1 does not know 'two', although the Secret is right, as when istiod hangs after it lost a link that did not work; restart it: kubectl --context one -n istio-system rollout restart deployment -l app=istiod"],
  ['control planes that are too far apart', () => metrics('two', 'synced', '1.29.7'),
    'one two version: the control planes are more than one minor version apart: 1.31.0 and 1.29.7; upgrade the older one',
    'two one version: the control planes are more than one minor version apart: 1.29.7 and 1.31.0; upgrade the older one'],
  ['no istiod', () => clusters.remove('two', 'Pod', 'istiod-1'), "two two istiod: no pod of istiod is ready in namespace 'istio-system'; install the control plane of 'two'"],
  ['another network label', () => clusters.put('two', { kind: 'Namespace', metadata: { name: NAMESPACE, labels: { 'topology.istio.io/network': 'n1' } } }),
    "two two network: label topology.istio.io/network of namespace 'istio-system' is 'n1', and the network is 'n2'; apply the step 00-namespace of 'two'"],
  ['no gateway', () => clusters.remove('two', 'Service', 'istio-eastwestgateway'),
    "two two gateway: there is no Service of the east-west gateway in namespace 'istio-system', so that no other network reaches 'two'; install the gateway"],
  ['a gateway without address', () => clusters.put('two', { ...clusters.get('two', 'Service', 'istio-eastwestgateway'), status: {} }),
    "two two gateway: Service 'istio-eastwestgateway' has no address, so that other networks send nothing to 'two'; see what its load balancer waits for: kubectl --context two -n istio-system describe service istio-eastwestgateway"],
  ['a gateway of another network', () => clusters.put('two', { ...clusters.get('one', 'Service', 'istio-eastwestgateway') }),
    "two two gateway: label topology.istio.io/network of Service 'istio-eastwestgateway' is 'n1', and the gateway is for 'n2'; install the gateway again"],
  ['no cacerts', () => clusters.remove('two', 'Secret', 'cacerts'),
    "two two cacerts: there is no Secret 'cacerts' in namespace 'istio-system', so that istiod signs with a root of its own, which no other cluster trusts; make it, and restart istiod"],
  ['an empty cacerts', () => clusters.put('two', { kind: 'Secret', metadata: { name: 'cacerts', namespace: NAMESPACE } }),
    "two two cacerts: Secret 'cacerts': it has no root, and istiod does not start with a part of the files"],
  ['an expired authority', () => clusters.put('two', expired), expect.stringMatching(/^two two cacerts: Secret 'cacerts': ca-cert\.pem expired on \S+, and istiod rejects it; create it again under the same root CA$/)],
  ['a root that istiod has not read yet', () => clusters.put('two', trusted(otherRoot)),
    "two two cacerts: istiod does not sign under the root of Secret 'cacerts', which it reads when it starts; restart it: kubectl --context two -n istio-system rollout restart deployment -l app=istiod",
    "one two root: 'one' and 'two' have no root in common, so that every request between them fails in the handshake; give both a Secret cacerts of one root, and restart istiod",
    "two one root: 'two' and 'one' have no root in common, so that every request between them fails in the handshake; give both a Secret cacerts of one root, and restart istiod"],
])('%s is red, and nothing else', async (_, make, ...expected) => {
  make();
  expect((await red()).sort()).toEqual([...expected].sort());
});

const TAGGED = MESH.replace('network: n1', 'network: n1, canary: {revision: next, istioVersion: 1.32.0}, revisionTags: {prod: REVISION}');

/** A pod of the canary of `one`, which says its version and nothing of its peers. */
function canary(version = '1.32.0', ready = 'True'): void {
  const labels = { 'app': 'istiod', 'istio.io/rev': 'next' };
  clusters.put('one', { kind: 'Pod', metadata: { name: 'istiod-next', namespace: NAMESPACE, labels }, status: { conditions: [{ type: 'Ready', status: ready }] } });
  clusters.answer('one', METRICS.replace('istiod-1', 'istiod-next'), ['# TYPE istiod_remote_cluster_sync_status gauge', `istio_build{component="pilot",tag="${version}"} 1`,
    'istiod_remote_cluster_sync_status{cluster="two",cluster_type="remote",status="synced"} 1', ''].join('\n'));
  const first = clusters.get('one', 'Pod', 'istiod-1');
  clusters.put('one', { ...first, metadata: { ...first.metadata, labels: { 'app': 'istiod', 'istio.io/rev': 'default' } } });
}

test('a canary counts for skew as soon as a tag leads to it', async () => {
  canary('1.33.0');
  expect(await red(TAGGED.replace('REVISION', 'default'))).toEqual([]);
  expect((await red(TAGGED.replace('REVISION', 'next'))).sort()).toEqual([
    'one two version: the control planes are more than one minor version apart: 1.33.0 and 1.31.0; upgrade the older one',
    'two one version: the control planes are more than one minor version apart: 1.31.0 and 1.33.0; upgrade the older one',
  ]);
});

test('a tag that leads to a control plane which is not ready is red', async () => {
  canary('1.32.0', 'False');
  expect(await red(TAGGED.replace('REVISION', 'default'))).toEqual([]);
  expect(await red(TAGGED.replace('REVISION', 'next'))).toEqual([
    "one one istiod: no pod of istiod of revision 'next' is ready in namespace 'istio-system', so that no pod starts where it should inject the sidecar; "
      + "install the control planes of 'one', or move its revisionTags back",
  ]);
  canary();
  expect(await red(TAGGED.replace('REVISION', 'next'))).toEqual([]);
});

test('a canary that has not synced a peer is red, since proxies that move to it would lose the peer', async () => {
  canary();
  clusters.answer('one', METRICS.replace('istiod-1', 'istiod-next'), '# TYPE istiod_remote_cluster_sync_status gauge\nistiod_remote_cluster_sync_status{cluster="two",status="timeout"} 1\n');
  expect(await red(TAGGED.replace('REVISION', 'default'))).toEqual([expect.stringMatching(/^one two synced: istiod-next is at 'timeout': /)]);
});

test.each<[what: string, make: () => void]>([
  ['a bundle with the root of each', () => clusters.put('two', trusted(otherRoot, root))],
  ['the token of the other slot', () => editKubeconfig(/two-blue/, 'two-green')],
  ['a client that istiod replaced', () => metrics('one', 'closed')],
  ['the same API server with a slash behind it', () => editKubeconfig(/(https:\S+)/, '$1/')],
  ['a neighbouring minor version', () => metrics('two', 'synced', '1.30.4')],
  ['nodes as addresses', () => {
    const service = clusters.get('two', 'Service', 'istio-eastwestgateway');
    clusters.put('two', { ...service, status: {}, metadata: { ...service.metadata, annotations: { 'traffic.istio.io/nodeSelector': '{}' } } });
  }],
])('%s is not red', async (_, make) => {
  make();
  expect(await red()).toEqual([]);
});

test('a cluster without peers needs no cacerts', async () => {
  NAMES.forEach(name => clusters.remove(name, 'Secret', 'cacerts'));
  expect(await red(MESH.replace('apiServer:', 'peers: []\napiServer:'))).toEqual([]);
});

test('an authority as cert-manager writes it is judged by the root that istiod takes, in whatever namespace', async () => {
  const text = MESH.replace('apiServer:', 'namespace: mesh\napiServer:');
  const inMesh = (object: any) => ({ ...object, metadata: { ...object.metadata, namespace: 'mesh' } });
  const asCertManager = (secret: any) => {
    const { 'ca-cert.pem': certificateText, 'ca-key.pem': key } = secret.data;
    return inMesh({ ...secret, data: { 'tls.crt': certificateText, 'tls.key': key, 'ca.crt': base64(root.certificate), 'root-cert.pem': base64(otherRoot.certificate) } });
  };
  const ofTwo = async () => (await red(text)).filter(line => line.startsWith('two two cacerts'));
  clusters.put('two', inMesh(trusted(root)), asCertManager(authorities[1]));
  expect(await ofTwo()).toEqual([]);
  clusters.put('two', asCertManager(expired));
  expect(await ofTwo()).toEqual([expect.stringContaining('tls.crt expired on')]);
});

test('a ConfigMap with no certificate that can be read stops no other check', async () => {
  const broken = { certificate: '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n' } as Certificate;
  clusters.put('two', trusted(broken));
  expect(await red()).toEqual([]);
  expect(await unknown()).toContain("one two root: ConfigMap 'istio-ca-root-cert' of 'two' has no root yet");
});

test('who may not read the Secrets of all namespaces sees those of istiod\'s', async () => {
  NAMES.forEach(name => clusters.refuse(name, '--all-namespaces', 'Error from server (Forbidden): secrets is forbidden'));
  expect([await red(), await unknown()]).toEqual([[], []]);
});

test('what cannot be told from here is marked, and is not red', async () => {
  mockSaid.set('two-blue', { result: 'unreachable' as ProbeResult, detail: 'getaddrinfo ENOTFOUND' });
  clusters.answer('two', METRICS, 'istio_build{component="pilot",tag="unknown"} 1\n');
  expect(await red()).toEqual([]);
  expect(await unknown()).toEqual([
    "one two server: https://two.example.com:6443 cannot be reached from here (getaddrinfo ENOTFOUND); whether istiod reaches it, 'synced' tells",
    "one two version: istiod of 'two' does not tell its version",
    'two one synced: istiod tells it from Istio 1.29 on',
    "two one version: istiod of 'two' does not tell its version",
  ]);
  expect(matrix(await verification(mesh()))).toMatch(/│ one +│ ok +│ ok, server\? version\? │\n.*\n│ two +│ ok, synced\? version\? │ ok +│/);
});

test('a timeout of a client that may be replaced is marked: istiod tells it of both', async () => {
  metrics('one', 'timeout', '1.31.0', Date.parse('2026-11-23T10:00:00Z') / 1000);
  const changed = (time: string) => editLink(secret => ({ ...secret, metadata: { ...secret.metadata, creationTimestamp: '2026-11-23T10:01:00Z', managedFields: [{ time }] } }));
  changed('2026-11-23T10:02:00Z');
  expect([await red(), (await unknown())[0]]).toEqual([[], expect.stringContaining("one two synced: istiod-1 says 'timeout', as it also does when a kubeconfig that did not work was replaced")]);
  changed('2026-11-23T10:01:00Z');
  expect(await red()).toHaveLength(1);
});

test('a cluster that does not answer is red once and else marked, and the others are judged', async () => {
  const results = await verification(mesh(MESH.replace('name: two,', 'name: two, context: nowhere,')));
  expect(told(results, 'red')).toEqual([
    'two two context: context \'nowhere\': kubectl get: error: context "nowhere" does not exist; see that kubectl --context nowhere get namespaces works',
  ]);
  expect(told(results, 'unknown')[0]).toBe('one two root: context \'nowhere\': kubectl get: error: context "nowhere" does not exist');
  expect(results.filter(({ from, finding }) => from === 'two' && finding === 'ok')).toEqual([]);
  expect(matrix(results)).toMatch(/│ one +│ ok +│ ok, root\? version\? +│\n.*\n│ two +│ \? +│ context +│/);
});

test('links that others bring are judged by what can be seen', async () => {
  clusters.remove('one', 'Secret', SECRET);
  const of = (credentials: string) => red(MESH.replace('name: two,', `name: two, remoteCredentials: ${credentials},`));
  expect(await of('{externalSecrets: {secretStoreRef: {name: vault}}}')).toEqual([
    "one two secret: there is no remote Secret of 'two' in namespace 'istio-system'; see what External Secrets says: kubectl --context one -n istio-system describe externalsecret istio-remote-secret-two",
  ]);
  expect(await of('external')).toEqual(["one two secret: there is no remote Secret of 'two' in namespace 'istio-system'; see to what brings it"]);
  expect(await of('{external: {kubeconfigPath: /etc/peers}}')).toEqual([]);
});
