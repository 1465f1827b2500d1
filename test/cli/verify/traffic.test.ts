import { join } from 'path';
import { meshOf } from '../../../src/cli/load-mesh';
import { TrafficProbe } from '../../../src/cli/verify/traffic';
import { FakeClusters } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one}, {name: two}]
`;
const NAMESPACE = 'probe';
const MADE_HERE = { 'app.kubernetes.io/managed-by': 'istio-mesh' };

let clusters: FakeClusters;

beforeEach(() => {
  clusters = new FakeClusters('one', 'two');
  ['one', 'two'].forEach(name => {
    clusters.put(name, { kind: 'Deployment', metadata: { name: 'helloworld', namespace: NAMESPACE }, status: { readyReplicas: 1 } });
    heard(name, '     24 Hello version: v1\n     26 Hello version: v2\n');
  });
});

/** What the client of a cluster leaves behind. */
function heard(name: string, message: string): void {
  const containerStatuses = [{ name: 'helloworld-client', state: { terminated: { message } } }];
  clusters.put(name, { kind: 'Pod', metadata: { name: 'helloworld-client', namespace: NAMESPACE }, status: { containerStatuses } });
}

/** What is told of every pair. */
async function traffic(text = MESH): Promise<string[]> {
  const mesh = meshOf(join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
  const results = await new TrafficProbe(mesh, { namespace: NAMESPACE, serverImage: 'server', clientImage: 'client', timeoutSeconds: 0 }).run();
  return results.map(({ from, to, check, finding, detail }) => `${from} ${to} ${check} ${finding}: ${detail}`);
}

test('every cluster hears itself and its peers, and nothing is left', async () => {
  expect(await traffic()).toEqual([
    "one one traffic ok: of 50 requests 24 were answered by v1 of 'one', and 0 failed",
    "one two traffic ok: of 50 requests 26 were answered by v2 of 'two', and 0 failed",
    "two two traffic ok: of 50 requests 26 were answered by v2 of 'two', and 0 failed",
    "two one traffic ok: of 50 requests 24 were answered by v1 of 'one', and 0 failed",
  ]);
  expect([clusters.get('one', 'Namespace', NAMESPACE, ''), clusters.get('two', 'Namespace', NAMESPACE, '')]).toEqual([undefined, undefined]);
});

test.each([
  ['injection is by label where no revision is installed', '', { 'istio-injection': 'enabled' }],
  ['the revision', 'revision: stable', { 'istio.io/rev': 'stable' }],
  ['the one tag', 'revision: stable\nrevisionTags: {prod: stable}', { 'istio.io/rev': 'prod' }],
  ['the revision where tags are several', 'revision: stable\nrevisionTags: {prod: stable, test: stable}', { 'istio.io/rev': 'stable' }],
])('the pods follow what the gateway follows: %s', async (_, settings, label) => {
  const labels: unknown[] = [];
  const put = jest.spyOn(clusters, 'kubectl');
  await traffic(`${MESH}${settings}\n`);
  put.mock.calls.forEach(([args, input]) => args.includes('apply') && JSON.parse(input).items.forEach(({ kind, metadata }: any) => kind === 'Namespace' && labels.push(metadata.labels)));
  expect(labels).toHaveLength(2);
  labels.forEach(found => {
    expect(found).toMatchObject(label);
    expect(Object.keys(found as object).filter(name => /^istio/.test(name))).toEqual(Object.keys(label));
  });
});

test('a peer whose requests fail is red, and the requests that the time was enough for are counted', async () => {
  heard('one', '      3 Hello version: v1\n      2 failed: curl: (28) timed out\n');
  expect((await traffic())[1]).toBe("one two traffic red: of 5 requests none was answered by v2 of 'two', and 2 failed (curl: (28) timed out); "
    + 'see that the roots are one, and that the gateway lets port 15443 through');
});

test('a cluster in which nobody could be asked is red, since that was asked for', async () => {
  clusters.refuse('two', 'apply', 'Error from server (Forbidden): no');
  expect((await traffic()).slice(2)).toEqual([
    "two two traffic red: nobody was asked: context 'two': kubectl apply: Error from server (Forbidden): no",
    "two one traffic unknown: context 'two': kubectl apply: Error from server (Forbidden): no",
  ]);
});

test('what a killed run left is removed first, since its client heard what was true then', async () => {
  clusters.put('one', { kind: 'Namespace', metadata: { name: NAMESPACE, labels: MADE_HERE } });
  await traffic();
  expect(clusters.calls().filter(call => /^one (?!get)/.test(call))).toEqual(['one delete namespace probe', 'one apply', 'one apply', 'one delete namespace probe']);
});

test('a namespace of somebody else is left alone', async () => {
  clusters.put('one', { kind: 'Namespace', metadata: { name: NAMESPACE } });
  expect((await traffic())[0]).toBe("one one traffic red: nobody was asked: namespace 'probe' is there already; name another one with --namespace");
  expect(clusters.get('one', 'Namespace', NAMESPACE, '')).toBeDefined();
});

test('what could not be removed is told', async () => {
  clusters.refuse('one', 'delete', 'Error from server (Forbidden): no');
  expect((await traffic())[4]).toBe("one one cleanup red: context 'one': kubectl delete: Error from server (Forbidden): no; remove it: kubectl --context one delete namespace probe");
});

test('an interruption ends the wait, and what was made is removed', async () => {
  clusters.put('one', { kind: 'Deployment', metadata: { name: 'helloworld', namespace: NAMESPACE }, status: {} });
  const results = traffic();
  setImmediate(() => process.emit('SIGINT'));
  expect((await results)[0]).toBe('one one traffic red: nobody was asked: it was interrupted');
  expect(clusters.get('one', 'Namespace', NAMESPACE, '')).toBeUndefined();
});
