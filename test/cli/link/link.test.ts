import { join } from 'path';
import { parse } from 'yaml';
import { Linking } from '../../../src/cli/link/link';
import type { LinkOptions } from '../../../src/cli/link/link-outcome';
import { linkLine, linkSummary } from '../../../src/cli/link/link-outcome';
import { meshOf } from '../../../src/cli/load-mesh';
import { base64, FakeClusters, tokenSecret } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one}, {name: two}, {name: three}]
`;

let clusters: FakeClusters;

beforeEach(() => {
  clusters = new FakeClusters('one', 'two', 'three');
  ['one', 'two', 'three'].forEach(name => clusters.put(name, tokenSecret('blue', `${name}-blue`), tokenSecret('green', `${name}-green`)));
});

/** What is told of a run. */
async function link(mesh = MESH, options: Partial<LinkOptions> = {}): Promise<string[]> {
  const told: string[] = [];
  const outcomes = await new Linking(meshOf(join(directoryWith({ 'mesh.yaml': mesh }), 'mesh.yaml')), { timeoutSeconds: 0, ...options })
    .run(some => told.push(linkLine(some)));
  return [...told.sort(), linkSummary(outcomes, options)].join('').trim().split('\n');
}

const secretOf = (cluster: string, peer: string) => clusters.get(cluster, 'Secret', `istio-remote-secret-${peer}`);
const kubeconfigOf = (cluster: string, peer: string) => Buffer.from(secretOf(cluster, peer).data[peer], 'base64').toString();

test('every cluster gets a Secret for each of its peers, as istioctl would make it', async () => {
  expect(await link()).toEqual(['one: new two, three', 'three: new one, two', 'two: new one, three', 'links: 6 new']);
  expect(secretOf('one', 'two').metadata).toMatchObject({
    namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' }, annotations: { 'networking.istio.io/cluster': 'two' },
  });
  expect(parse(kubeconfigOf('one', 'two'))).toEqual({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'two',
    'clusters': [{ name: 'two', cluster: { 'server': 'https://two.example.com:6443', 'certificate-authority-data': base64('authority') } }],
    'contexts': [{ name: 'two', context: { cluster: 'two', user: 'two' } }],
    'users': [{ name: 'two', user: { token: 'two-blue' } }],
  });
});

test('what is right is not touched, and each cluster is asked as often as it was when there were fewer', async () => {
  await link();
  clusters.calls();
  expect(await link()).toEqual(['one: right two, three', 'three: right one, two', 'two: right one, three', 'links: 6 right']);
  expect(clusters.calls().sort()).toEqual(['one', 'two', 'three'].flatMap(name =>
    [`${name} get secret`, `${name} get secret/istio-mesh-reader-blue secret/istio-mesh-reader-green`]).sort());
});

test('only the links of a token that changed are written again, and what others said of the Secret stays', async () => {
  await link();
  const labelled = secretOf('one', 'two');
  clusters.put('one', { ...labelled, metadata: { ...labelled.metadata, labels: { ...labelled.metadata.labels, team: 'mesh' } } });
  clusters.put('two', tokenSecret('blue', 'another'), tokenSecret('green', 'yet-another'));
  expect(await link()).toEqual(['one: changed two; right three', 'three: changed two; right one', 'two: right one, three', 'links: 2 changed, 4 right']);
  expect(kubeconfigOf('one', 'two')).toContain('token: another');
  expect(secretOf('one', 'two').metadata.labels).toMatchObject({ 'team': 'mesh', 'istio/multiCluster': 'true' });
});

test('the token of either slot is right after a rotation, unless the definition names the slot', async () => {
  await link(MESH.replace('apiServer', 'reader: {activeToken: green}\napiServer'));
  expect(kubeconfigOf('one', 'two')).toContain('token: two-green');
  expect(await link()).toContain('links: 6 right');
  expect(await link(MESH.replace('apiServer', 'reader: {activeToken: blue}\napiServer'))).toContain('links: 6 changed');
});

test('a token that a rotation is about to retire is given to nobody who has none', async () => {
  const blue = clusters.get('two', 'Secret', 'istio-mesh-reader-blue');
  clusters.put('two', { ...blue, metadata: { ...blue.metadata, annotations: { 'istio-mesh/retiring': '{}' } } });
  await link();
  expect([kubeconfigOf('one', 'two'), kubeconfigOf('one', 'three')]).toEqual([expect.stringContaining('token: two-green'), expect.stringContaining('token: three-blue')]);
});

test('a kubeconfig that says the same in another order is right, as older istioctl wrote it', async () => {
  await link();
  const secret = secretOf('one', 'two');
  const { clusters: servers, ...rest } = parse(kubeconfigOf('one', 'two'));
  clusters.put('one', { ...secret, data: { two: base64(JSON.stringify({ ...rest, preferences: {}, clusters: servers })) } });
  expect(await link()).toContain('links: 6 right');
});

test('a second key in a Secret is another cluster to istiod, and goes', async () => {
  await link();
  const secret = secretOf('one', 'two');
  clusters.put('one', { ...secret, data: { ...secret.data, tow: secret.data.two } });
  expect(await link()).toEqual(['one: changed two; right three', 'three: right one, two', 'two: right one, three', 'links: 1 changed, 5 right']);
  expect(Object.keys(secretOf('one', 'two').data)).toEqual(['two']);
});

test('a Secret with a wrong key is mended, and not pruned for the key that it had', async () => {
  await link();
  const secret = secretOf('one', 'two');
  clusters.put('one', { ...secret, data: { tow: secret.data.two } });
  expect(await link(MESH, { prune: true })).toEqual(['one: changed two; right three', 'three: right one, two', 'two: right one, three', 'links: 1 changed, 5 right']);
  expect(Object.keys(secretOf('one', 'two').data)).toEqual(['two']);
});

test('a Secret that may not be made keeps no changed token from another peer', async () => {
  await link();
  clusters.remove('one', 'Secret', 'istio-remote-secret-three');
  clusters.put('two', tokenSecret('blue', 'another'), tokenSecret('green', 'yet-another'));
  clusters.refuse('one', 'create', 'Error from server (Forbidden): exceeded quota');
  expect(await link()).toEqual(['one: changed two; failed three', 'three: changed two; right one', 'two: right one, three',
    "error: context 'one': kubectl create: Error from server (Forbidden): exceeded quota", 'links: 2 changed, 3 right, 1 failed']);
  expect(kubeconfigOf('one', 'two')).toContain('token: another');
});

test('a Secret of another name that has the peer is told, and nothing is written beside it', async () => {
  const data = { two: base64('{}') };
  clusters.put('one', { kind: 'Secret', metadata: { name: 'by-hand', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } }, data });
  expect(await link()).toEqual(['one: new three; failed two', 'three: new one, two', 'two: new one, three',
    "error: Secret 'by-hand' has 'two' too, and istiod takes what it saw first; remove it: kubectl --context one -n istio-system delete secret by-hand",
    'links: 5 new, 1 failed']);
  expect(secretOf('one', 'two')).toBeUndefined();
});

test('a dry run tells and writes nothing', async () => {
  const before = clusters.names('one');
  expect(await link(MESH, { dryRun: true })).toContain('links: 6 new (dry run: nothing was written)');
  expect(clusters.names('one')).toEqual(before);
});

test('a cluster that left keeps its link until it is pruned, and what somebody else made stays', async () => {
  await link();
  const data = { elsewhere: base64('{}') };
  clusters.put('one', { kind: 'Secret', metadata: { name: 'by-hand', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } }, data });
  const smaller = MESH.replace(', {name: three}', '');
  expect(await link(smaller)).toEqual(['one: right two; left elsewhere, three', 'two: right one; left three',
    "note: 'elsewhere' is no peer here, and Secret 'by-hand' was made by somebody else; remove it yourself if it is not meant",
    "note: 'three' is no peer any more; run again with --prune to remove Secret 'istio-remote-secret-three'",
    'links: 2 right, 3 left']);
  expect(await link(smaller, { prune: true })).toContain('links: 2 right, 2 removed, 1 left');
  expect([secretOf('one', 'three'), secretOf('two', 'three')]).toEqual([undefined, undefined]);
  expect(clusters.names('one')).toContain('secret/by-hand');
});

test('a cluster without a token, or that does not answer, stops no other', async () => {
  clusters.put('two', tokenSecret('blue'));
  clusters.refuse('three', 'create', 'Error from server (Forbidden): secrets is forbidden');
  expect(await link()).toEqual(['one: new three; failed two', 'three: failed one, two', 'two: new one, three',
    "error: Secret 'istio-mesh-reader-blue' in namespace 'istio-system' of context 'two' has no token after 0 s; apply the step 00-namespace of 'two' first",
    "error: context 'three': kubectl create: Error from server (Forbidden): secrets is forbidden",
    'links: 3 new, 3 failed']);
});

test('two clusters of one context are refused, since each would be linked with itself', async () => {
  await expect(link(MESH.replace('{name: two}', '{name: two, context: one}'))).rejects.toThrow(
    "clusters 'one' and 'two' are the same: both have the context 'one' and the namespace 'istio-system'; give each cluster a different context");
});

test('a context that kubectl does not know is told', async () => {
  expect(await link(MESH.replace('{name: three}', '{name: three, context: admin@three}'))).toContain(
    'error: context \'admin@three\': kubectl get: error: context "admin@three" does not exist');
});

test('a token that comes late is waited for', async () => {
  clusters.put('two', tokenSecret('blue'));
  setTimeout(() => clusters.put('two', tokenSecret('blue', 'late')), 500);
  expect(await link(MESH, { timeoutSeconds: 20 })).toContain('links: 6 new');
});

test('clusters whose links somebody else brings are left out', async () => {
  process.env.ISTIO_TOKEN = 'x';
  expect(await link(MESH.replace('apiServer', 'remoteCredentials: {plainToken: {env: ISTIO_TOKEN}}\napiServer'))).toEqual([
    'links: none to make: no cluster has the credentials linked',
  ]);
});
