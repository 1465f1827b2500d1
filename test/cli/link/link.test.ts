import { join } from 'path';
import { parse } from 'yaml';
import { Linker } from '../../../src/cli/link/link';
import { type LinkOptions, linkLine, linkSummary } from '../../../src/cli/link/link-outcome';
import { loadMesh } from '../../../src/cli/load-mesh';
import { after } from '../../support/fake-clock';
import { base64, FakeClusters, tokenSecret } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
jest.mock('../../../src/cli/clusters/clock', () => jest.requireActual('../../support/fake-clock'));

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one}, {name: two}, {name: three}]
`;

let clusters: FakeClusters;

beforeEach(() => {
  clusters = new FakeClusters('one', 'two', 'three');
  ['one', 'two', 'three'].forEach(name =>
    clusters.put(name, tokenSecret('blue', `${name}-blue`), tokenSecret('green', `${name}-green`)),
  );
});

/** The text output of a run. */
async function link(mesh = MESH, options: Partial<LinkOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  const model = loadMesh(join(directoryWith({ 'mesh.yaml': mesh }), 'mesh.yaml'));
  const outcomes = await new Linker(model, { timeoutSeconds: 0, ...options })
    .run(clusterOutcomes => lines.push(linkLine(clusterOutcomes)));
  return [...lines.sort(), linkSummary(outcomes, options)].join('').trim().split('\n');
}

const secretOf = (cluster: string, peer: string) => clusters.get(cluster, 'Secret', `istio-remote-secret-${peer}`);
const kubeconfigOf = (cluster: string, peer: string) =>
  Buffer.from(secretOf(cluster, peer).data[peer], 'base64').toString();

test('every cluster gets a remote secret for each of its peers, like those that istioctl creates', async () => {
  expect(await link()).toEqual(['one: new two, three', 'three: new one, two', 'two: new one, three', 'links: 6 new']);
  expect(secretOf('one', 'two').metadata).toMatchObject({
    namespace: 'istio-system',
    labels: { 'istio/multiCluster': 'true' },
    annotations: { 'networking.istio.io/cluster': 'two' },
  });
  expect(parse(kubeconfigOf('one', 'two'))).toEqual({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'two',
    'clusters': [
      {
        name: 'two',
        cluster: { 'server': 'https://two.example.com:6443', 'certificate-authority-data': base64('authority') },
      },
    ],
    'contexts': [{ name: 'two', context: { cluster: 'two', user: 'two' } }],
    'users': [{ name: 'two', user: { token: 'two-blue' } }],
  });
});

test('unchanged remote secrets are not written, and each cluster is read only once', async () => {
  await link();
  clusters.calls();
  expect(await link()).toEqual([
    'one: unchanged two, three',
    'three: unchanged one, two',
    'two: unchanged one, three',
    'links: 6 unchanged',
  ]);
  expect(clusters.calls().sort()).toEqual(['one', 'two', 'three'].flatMap(name =>
    [`${name} get secret`, `${name} get secret/istio-mesh-reader-blue secret/istio-mesh-reader-green`]).sort());
});

test('only remote secrets with a changed token are written, and foreign labels are kept', async () => {
  await link();
  const labelled = secretOf('one', 'two');
  clusters.put('one', {
    ...labelled,
    metadata: { ...labelled.metadata, labels: { ...labelled.metadata.labels, team: 'mesh' } },
  });
  clusters.put('two', tokenSecret('blue', 'another'), tokenSecret('green', 'yet-another'));
  expect(await link()).toEqual([
    'one: changed two; unchanged three',
    'three: changed two; unchanged one',
    'two: unchanged one, three',
    'links: 2 changed, 4 unchanged',
  ]);
  expect(kubeconfigOf('one', 'two')).toContain('token: another');
  expect(secretOf('one', 'two').metadata.labels).toMatchObject({ 'team': 'mesh', 'istio/multiCluster': 'true' });
});

test('the token of either slot is valid, unless the definition sets activeToken', async () => {
  await link(MESH.replace('apiServer', 'reader: {activeToken: green}\napiServer'));
  expect(kubeconfigOf('one', 'two')).toContain('token: two-green');
  expect(await link()).toContain('links: 6 unchanged');
  expect(await link(MESH.replace('apiServer', 'reader: {activeToken: blue}\napiServer'))).toContain('links: 6 changed');
});

test('a new remote secret does not get a token that a rotation is about to revoke', async () => {
  const blue = clusters.get('two', 'Secret', 'istio-mesh-reader-blue');
  clusters.put('two', { ...blue, metadata: { ...blue.metadata, annotations: { 'istio-mesh/retiring': '{}' } } });
  await link();
  expect([kubeconfigOf('one', 'two'), kubeconfigOf('one', 'three')]).toEqual([
    expect.stringContaining('token: two-green'),
    expect.stringContaining('token: three-blue'),
  ]);
});

test('a kubeconfig with the same content in the order of older versions of istioctl is unchanged', async () => {
  await link();
  const secret = secretOf('one', 'two');
  const { clusters: servers, ...rest } = parse(kubeconfigOf('one', 'two'));
  clusters.put('one', {
    ...secret,
    data: { two: base64(JSON.stringify({ ...rest, preferences: {}, clusters: servers })) },
  });
  expect(await link()).toContain('links: 6 unchanged');
});

test('a second key in a remote secret, which istiod takes for another cluster, is removed', async () => {
  await link();
  const secret = secretOf('one', 'two');
  clusters.put('one', { ...secret, data: { ...secret.data, tow: secret.data.two } });
  expect(await link()).toEqual([
    'one: changed two; unchanged three',
    'three: unchanged one, two',
    'two: unchanged one, three',
    'links: 1 changed, 5 unchanged',
  ]);
  expect(Object.keys(secretOf('one', 'two').data)).toEqual(['two']);
});

test('a remote secret with a wrong key is corrected, and not pruned because of that key', async () => {
  await link();
  const secret = secretOf('one', 'two');
  clusters.put('one', { ...secret, data: { tow: secret.data.two } });
  expect(await link(MESH, { prune: true })).toEqual([
    'one: changed two; unchanged three',
    'three: unchanged one, two',
    'two: unchanged one, three',
    'links: 1 changed, 5 unchanged',
  ]);
  expect(Object.keys(secretOf('one', 'two').data)).toEqual(['two']);
});

test('a remote secret that cannot be created does not keep other peers from getting a changed token', async () => {
  await link();
  clusters.remove('one', 'Secret', 'istio-remote-secret-three');
  clusters.put('two', tokenSecret('blue', 'another'), tokenSecret('green', 'yet-another'));
  clusters.refuse('one', 'create', 'Error from server (Forbidden): exceeded quota');
  expect(await link()).toEqual([
    'one: changed two; failed three',
    'three: changed two; unchanged one',
    'two: unchanged one, three',
    "error: context 'one': kubectl create: Error from server (Forbidden): exceeded quota",
    'links: 2 changed, 3 unchanged, 1 failed',
  ]);
  expect(kubeconfigOf('one', 'two')).toContain('token: another');
});

test('a Secret of another name for the same peer is reported, and no second one is created', async () => {
  const data = { two: base64('{}') };
  clusters.put('one', {
    kind: 'Secret',
    metadata: { name: 'manual', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } },
    data,
  });
  expect(await link()).toEqual([
    'one: new three; failed two',
    'three: new one, two',
    'two: new one, three',
    "error: Secret 'manual' also contains 'two', and istiod uses the Secret that it reads first; "
      + 'remove it: kubectl --context one -n istio-system delete secret manual',
    'links: 5 new, 1 failed',
  ]);
  expect(secretOf('one', 'two')).toBeUndefined();
});

test('a dry run reports new remote secrets and writes nothing', async () => {
  const before = clusters.names('one');
  expect(await link(MESH, { dryRun: true })).toContain('links: 6 new (dry run: nothing was written)');
  expect(clusters.names('one')).toEqual(before);
});

test('the remote secret of a cluster that left is kept until it is pruned, a foreign one is always kept', async () => {
  await link();
  const data = { elsewhere: base64('{}') };
  clusters.put('one', {
    kind: 'Secret',
    metadata: { name: 'manual', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } },
    data,
  });
  const smaller = MESH.replace(', {name: three}', '');
  expect(await link(smaller)).toEqual([
    'one: unchanged two; kept three, elsewhere',
    'two: unchanged one; kept three',
    "note: 'three' is no longer a peer; run again with --prune to remove Secret 'istio-remote-secret-three'",
    "note: Secret 'manual' contains 'elsewhere', which is not a peer, but istio-mesh did not create it; "
      + 'remove it yourself if it is not needed',
    'links: 2 unchanged, 3 kept',
  ]);
  expect(await link(smaller, { prune: true })).toContain('links: 2 unchanged, 2 removed, 1 kept');
  expect([secretOf('one', 'three'), secretOf('two', 'three')]).toEqual([undefined, undefined]);
  expect(clusters.names('one')).toContain('secret/manual');
});

test('a cluster without a token, or one that rejects requests, does not stop the others', async () => {
  clusters.put('two', tokenSecret('blue'));
  clusters.refuse('three', 'create', 'Error from server (Forbidden): secrets is forbidden');
  expect(await link()).toEqual([
    'one: new three; failed two',
    'three: failed one, two',
    'two: new one, three',
    "error: Secret 'istio-mesh-reader-blue' in namespace 'istio-system' of context 'two' has no token after 0 s; "
      + "apply the step 00-namespace of 'two' first",
    "error: context 'three': kubectl create: Error from server (Forbidden): secrets is forbidden",
    'links: 3 new, 3 failed',
  ]);
});

test('two clusters with the same context are rejected, because each would be linked with itself', async () => {
  const sameContext = MESH.replace('{name: two}', '{name: two, context: one}');
  await expect(link(sameContext)).rejects.toThrow("clusters 'one' and 'two' are the same: both have the context 'one'");
});

test('a context that kubectl does not know is reported', async () => {
  expect(await link(MESH.replace('{name: three}', '{name: three, context: admin@three}'))).toContain(
    'error: context \'admin@three\': kubectl get: error: context "admin@three" does not exist');
});

test('a missing token is waited for', async () => {
  clusters.put('two', tokenSecret('blue'));
  after(500, () => clusters.put('two', tokenSecret('blue', 'late')));
  expect(await link(MESH, { timeoutSeconds: 20 })).toContain('links: 6 new');
});

test('clusters with other credentials are left out', async () => {
  process.env.ISTIO_TOKEN = 'x';
  expect(
    await link(MESH.replace('apiServer', 'remoteCredentials: {plainToken: {env: ISTIO_TOKEN}}\napiServer')),
  ).toEqual(['nothing to do: no cluster has remoteCredentials: linked']);
});
