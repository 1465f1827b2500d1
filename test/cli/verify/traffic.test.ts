import { join } from 'path';
import { loadMesh } from '../../../src/cli/load-mesh';
import { TrafficProbe } from '../../../src/cli/verify/traffic';
import { after } from '../../support/fake-clock';
import { FakeClusters } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
jest.mock('../../../src/cli/clusters/clock', () => jest.requireActual('../../support/fake-clock'));

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one}, {name: two}]
`;
const NAMESPACE = 'probe';
const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'istio-mesh' };

let clusters: FakeClusters;

beforeEach(() => {
  clusters = new FakeClusters('one', 'two');
  ['one', 'two'].forEach(name => {
    clusters.put(name, {
      kind: 'Deployment',
      metadata: { name: 'helloworld', namespace: NAMESPACE },
      status: { readyReplicas: 1 },
    });
    setResponses(name, '     24 Hello version: v1\n     26 Hello version: v2\n');
  });
});

/** Sets the responses that the client of a cluster received. */
function setResponses(name: string, message: string): void {
  const containerStatuses = [{ name: 'helloworld-client', state: { terminated: { message } } }];
  clusters.put(name, {
    kind: 'Pod',
    metadata: { name: 'helloworld-client', namespace: NAMESPACE },
    status: { containerStatuses },
  });
}

/** The results of all pairs, one per line. */
async function traffic(text = MESH, timeoutSeconds = 0): Promise<string[]> {
  const mesh = loadMesh(join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
  const results = await new TrafficProbe(mesh, {
    namespace: NAMESPACE,
    serverImage: 'server',
    clientImage: 'client',
    timeoutSeconds,
  }).run();
  return results.map(({ from, to, check, finding, detail }) => `${from} ${to} ${check} ${finding}: ${detail}`);
}

/** The objects of a kind that a run applies. */
async function appliedObjects(kind: string, text: string): Promise<any[]> {
  const kubectl = jest.spyOn(clusters, 'kubectl');
  await traffic(text);
  return kubectl.mock.calls.filter(([args]) => args.includes('apply'))
    .flatMap(([, input]) => JSON.parse(input).items).filter(object => object.kind === kind);
}

test('every cluster receives responses from itself and its peers, and all objects are removed', async () => {
  expect(await traffic()).toEqual([
    "one one traffic ok: v1 of 'one' answered 24 of 50 requests, and none failed",
    "one two traffic ok: v2 of 'two' answered 26 of 50 requests, and none failed",
    "two two traffic ok: v2 of 'two' answered 26 of 50 requests, and none failed",
    "two one traffic ok: v1 of 'one' answered 24 of 50 requests, and none failed",
  ]);
  expect(clusters.get('one', 'Namespace', NAMESPACE, '')).toBeUndefined();
  expect(clusters.get('two', 'Namespace', NAMESPACE, '')).toBeUndefined();
});

test.each([
  ['no revision', '', { 'istio-injection': 'enabled' }],
  ['a revision', 'revision: stable', { 'istio.io/rev': 'stable' }],
  ['a single tag', 'revision: stable\nrevisionTags: {prod: stable}', { 'istio.io/rev': 'prod' }],
  [
    'the revision if there are several tags',
    'revision: stable\nrevisionTags: {prod: stable, test: stable}',
    { 'istio.io/rev': 'stable' },
  ],
])('sidecars are injected by the revision or tag that the gateway uses: %s', async (_, settings, label) => {
  const namespaces = await appliedObjects('Namespace', `${MESH}${settings}\n`);
  const labels = namespaces.map(({ metadata }) => metadata.labels);
  expect(labels).toHaveLength(2);
  labels.forEach(found => {
    expect(found).toMatchObject(label);
    expect(Object.keys(found as object).filter(name => /^istio/.test(name))).toEqual(Object.keys(label));
  });
});

test('the DestinationRule has a short host, which matches with any clusterDomain', async () => {
  const text = `${MESH}values: {global: {proxy: {clusterDomain: example.internal}}}\n`;
  const [rule] = await appliedObjects('DestinationRule', text);
  expect(rule.metadata).toEqual({ name: 'helloworld', namespace: NAMESPACE });
  expect(rule.spec).toEqual({
    host: 'helloworld',
    trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
  });
});

test('a peer without responses fails, with the number of requests that were sent in time', async () => {
  setResponses('one', '      3 Hello version: v1\n      2 failed: curl: (28) timed out\n');
  expect((await traffic())[1]).toBe(
    "one two traffic red: v2 of 'two' answered 0 of 5 requests, and 2 failed (curl: (28) timed out); "
      + 'check that both clusters have the same root CA, and that the gateway is reachable on port 15443',
  );
});

test('a cluster that cannot send requests fails', async () => {
  clusters.refuse('two', 'apply', 'Error from server (Forbidden): no');
  expect((await traffic()).slice(2)).toEqual([
    "two two traffic red: no requests were sent: context 'two': kubectl apply: Error from server (Forbidden): no",
    "two one traffic unknown: context 'two': kubectl apply: Error from server (Forbidden): no",
  ]);
});

test('objects of a killed run are removed first, because its client has old responses', async () => {
  clusters.put('one', { kind: 'Namespace', metadata: { name: NAMESPACE, labels: MANAGED_BY } });
  await traffic();
  expect(clusters.calls().filter(call => /^one (?!get)/.test(call))).toEqual([
    'one delete namespace probe',
    'one apply',
    'one apply',
    'one delete namespace probe',
  ]);
});

test('a foreign namespace is neither used nor removed', async () => {
  clusters.put('one', { kind: 'Namespace', metadata: { name: NAMESPACE } });
  expect((await traffic())[0]).toBe(
    "one one traffic red: no requests were sent: namespace 'probe' exists, and istio-mesh did not create it; "
      + 'choose another one with --namespace',
  );
  expect(clusters.get('one', 'Namespace', NAMESPACE, '')).toBeDefined();
});

test('a failed removal is reported', async () => {
  clusters.refuse('one', 'delete', 'Error from server (Forbidden): no');
  expect((await traffic())[4]).toBe(
    "one one cleanup red: context 'one': kubectl delete: Error from server (Forbidden): no; "
      + 'remove the namespace: kubectl --context one delete namespace probe',
  );
});

test('an interruption ends the waiting, and created objects are removed', async () => {
  clusters.put('one', { kind: 'Deployment', metadata: { name: 'helloworld', namespace: NAMESPACE }, status: {} });
  after(1500, () => process.emit('SIGINT'));
  expect((await traffic(MESH, 60))[0]).toBe('one one traffic red: no requests were sent: the command was interrupted');
  expect(clusters.get('one', 'Namespace', NAMESPACE, '')).toBeUndefined();
});
