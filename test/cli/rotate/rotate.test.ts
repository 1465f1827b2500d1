import { join } from 'path';
import { Linker } from '../../../src/cli/link/link';
import { loadMesh } from '../../../src/cli/load-mesh';
import { rotationWarning } from '../../../src/cli/rotate/known-bugs';
import { rotate } from '../../../src/cli/rotate/rotate';
import { errorDiagnostic } from '../../../src/core/diagnostic';
import { MeshError } from '../../../src/core/mesh-error';
import { problem } from '../../../src/core/rule';
import { FakeApiServers } from '../../support/fake-api-servers';
import { after } from '../../support/fake-clock';
import { FakeClusters, tokenSecret } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
jest.mock('../../../src/cli/clusters/clock', () => jest.requireActual('../../support/fake-clock'));

jest.mock('../../../src/cli/verify/api-server-probe', () =>
  jest.requireActual('../../support/fake-api-servers').probes());

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one}, {name: two}, {name: three}]
`;
const NAMES = ['one', 'two', 'three'];
const POD = {
  kind: 'Pod',
  metadata: { name: 'istiod-1', namespace: 'istio-system', labels: { app: 'istiod' } },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

let clusters: FakeClusters;
let apiServers: FakeApiServers;

beforeEach(async () => {
  apiServers = new FakeApiServers();
  clusters = new FakeClusters(...NAMES);
  NAMES.forEach(name => {
    clusters.put(name, POD, ...['blue', 'green'].map(slot => ({ ...tokenSecret(slot, `${name}-${slot}`) })));
    metrics(name, 1);
  });
  await new Linker(mesh(), { timeoutSeconds: 0 }).run(() => undefined);
});

/** Sets the metrics of a cluster's istiod: the number of remote secret events, and its state of `one`. */
function metrics(cluster: string, events: number, state = 'synced', version = '1.31.0'): void {
  clusters.answer(cluster, '/api/v1/namespaces/istio-system/pods/istiod-1:15014/proxy/metrics', [
    `istio_build{component="pilot",tag="${version}"} 1`,
    `istiod_remote_cluster_sync_status{cluster="one",cluster_type="remote",status="${state}"} 1`,
    `remote_cluster_secret_events_total{event="update"} ${events}`,
    '',
  ].join('\n'));
}

const mesh = (text = MESH) => loadMesh(join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
const tokenGivenTo = (cluster: string) =>
  /token: (\S+)/.exec(
    Buffer.from(clusters.get(cluster, 'Secret', 'istio-remote-secret-one').data.one, 'base64').toString(),
  )![1];
const tokenOf = (slot: string) =>
  Buffer.from(clusters.get('one', 'Secret', `istio-mesh-reader-${slot}`).data.token, 'base64').toString();

/**
 * State and lines of a rotation of `one`.
 *
 * The istiods of the clusters in `sees` see their new remote secrets after a moment.
 */
async function rotateOne({ text = MESH, timeoutSeconds = 10, dryRun = false, sees = ['two', 'three'] } = {}): Promise<
  [string, ...string[]]
> {
  apiServers.respond('one-blue', 'unauthorized', 'status 401');
  after(800, () => sees.forEach(name => metrics(name, 2, 'closed')));
  const [{ state, lines }] = await rotate(mesh(text), ['one'], { timeoutSeconds, dryRun }, () => undefined);
  return [state, ...lines.map(line => line.replace(/after \d s/, 'after N s'))];
}

test('every peer gets the spare token, and the old one is revoked by creating its account again', async () => {
  expect(await rotateOne()).toEqual([
    'rotated',
    'blue -> green for two, three',
    'gave green to two, three',
    'all peers synced after N s',
    'revoked blue, and the API server rejects its old token; it has a new token for the next rotation',
  ]);
  expect(NAMES.slice(1).map(tokenGivenTo)).toEqual(['one-green', 'one-green']);
  expect([tokenOf('blue'), tokenOf('green')]).toEqual(['token-1', 'one-green']);
  expect(clusters.get('one', 'ServiceAccount', 'istio-mesh-reader-blue')).toBeDefined();
  expect(clusters.calls().filter(call => call.startsWith('one delete'))).toEqual([
    'one delete serviceaccount istio-mesh-reader-blue',
    'one delete secret istio-mesh-reader-blue',
  ]);
});

test('no token is revoked before every istiod has seen its remote secret', async () => {
  expect(await rotateOne({ timeoutSeconds: 2, sees: ['two'] })).toEqual([
    'failed',
    'blue -> green for two, three',
    'gave green to two, three',
    "error: istiods that have not synced 'one' after N s: istiod-1 of 'three'; "
      + 'both tokens are still valid; find the cause with istio-mesh verify, and run this command again',
  ]);
  expect(tokenOf('blue')).toBe('one-blue');
});

test('an interrupted rotation resumes in the same direction', async () => {
  await rotateOne({ timeoutSeconds: 1, sees: [] });
  expect(await rotateOne()).toEqual([
    'rotated',
    'resuming an interrupted rotation: blue is to be revoked',
    'blue -> green for two, three',
    'all peers have green already',
    'all peers synced after N s',
    'revoked blue, and the API server rejects its old token; it has a new token for the next rotation',
  ]);
});

test('a resumed rotation also waits for istiods that had not seen their remote secret', async () => {
  await rotateOne({ timeoutSeconds: 1, sees: ['two'] });
  expect((await rotateOne({ timeoutSeconds: 1, sees: [] })).slice(1)).toEqual([
    'resuming an interrupted rotation: blue is to be revoked',
    'blue -> green for two, three',
    'all peers have green already',
    expect.stringMatching(/^error: istiods that have not synced 'one' after N s: istiod-1 of 'three'; /),
  ]);
  expect(tokenOf('blue')).toBe('one-blue');
});

test('an account that an interrupted rotation has deleted is created again', async () => {
  await rotateOne();
  clusters.remove('one', 'Secret', 'istio-mesh-reader-blue');
  expect(await rotateOne()).toEqual([
    'rotated',
    'resuming an interrupted rotation: the Secret of blue is missing',
    'blue -> green for two, three',
    'all peers have green already',
    'all peers synced after N s',
    'revoked blue; it has a new token for the next rotation',
  ]);
  expect(tokenOf('blue')).toBe('token-2');
});

test('a missing token Secret is created again after its peers get the other token', async () => {
  clusters.remove('one', 'Secret', 'istio-mesh-reader-blue');
  expect(await rotateOne()).toEqual([
    'rotated',
    'resuming an interrupted rotation: the Secret of blue is missing',
    'blue -> green for two, three',
    'gave green to two, three',
    'all peers synced after N s',
    'revoked blue; it has a new token for the next rotation',
  ]);
  expect(NAMES.slice(1).map(tokenGivenTo)).toEqual(['one-green', 'one-green']);
});

test('a spare token that the API server rejects is not given to the peers', async () => {
  apiServers.respond('one-green', 'unauthorized', 'status 401');
  expect(await rotateOne()).toEqual([
    'failed',
    'blue -> green for two, three',
    "error: the API server of 'one' does not accept the green token (status 401); "
      + 'run istio-mesh verify to find the cause',
  ]);
  expect(NAMES.slice(1).map(tokenGivenTo)).toEqual(['one-blue', 'one-blue']);
});

test('the old token stays valid if a remote secret cannot be written', async () => {
  clusters.refuse('three', 'replace', 'Error from server (Forbidden): no');
  expect(await rotateOne()).toEqual([
    'failed',
    'blue -> green for two, three',
    "error: 'three' did not get the new token: context 'three': kubectl replace: Error from server (Forbidden): no; "
      + 'no token was revoked, run this command again',
  ]);
  expect(tokenOf('blue')).toBe('one-blue');
});

test('a dry run reports the plan and changes nothing', async () => {
  clusters.calls();
  expect(await rotateOne({ dryRun: true })).toEqual(['planned', 'blue -> green for two, three']);
  expect(clusters.calls().filter(call => !call.includes(' get'))).toEqual([]);
});

const COMMITS = "committed files select the token of 'one', so rotate it with commits:";
const WAIT = 'wait until all peers use the new token, and istio-mesh verify reports no failed checks';
const REVOKE =
  '2. revoke the old token: kubectl --context one -n istio-system delete serviceaccount istio-mesh-reader-blue; '
  + 'applying 00-namespace again creates a new account and Secret';

test('if remote secrets are in files, the necessary commits are printed instead', async () => {
  const text = MESH.replace('{name: two}', '{name: two, remoteCredentials: {linked: {into: sops}}}');
  expect(await rotateOne({ text })).toEqual([
    'commits',
    COMMITS,
    "1. set reader: {activeToken: green} for 'one', run synth and then istio-mesh link, "
      + `which changes links/two, and commit the result; ${WAIT}`,
    REVOKE,
  ]);
  expect(
    (await rotateOne({ text: text.replace('{name: one}', '{name: one, reader: {activeToken: green}}') }))[2],
  ).toContain('activeToken: blue');
  expect(tokenOf('blue')).toBe('one-blue');
});

test('if the output directory contains the token, the necessary commits are printed instead', async () => {
  process.env.ISTIO_TOKEN = 'x';
  expect(
    await rotateOne({
      text: MESH.replace('apiServer', 'remoteCredentials: {plainToken: {env: ISTIO_TOKEN}}\napiServer'),
    }),
  ).toEqual([
    'commits',
    COMMITS,
    "1. set reader: {activeToken: green} for 'one', run synth with that token, and commit the result; "
      + WAIT,
    REVOKE,
  ]);
  expect(await rotateOne({ text: MESH.replace('apiServer', 'remoteCredentials: external\napiServer') })).toEqual([
    'commits',
    "the peers of 'one' do not use its reader service accounts; rotate its credentials where they are created",
  ]);
});

test('an unknown cluster is rejected, and the nearest name is suggested', async () => {
  const error = errorDiagnostic(problem("--cluster 'oen' is not a cluster of this mesh", "did you mean 'one'?"));
  await expect(rotate(mesh(), ['oen'], { timeoutSeconds: 0 }, () => undefined))
    .rejects.toThrow(new MeshError("mesh 'mesh1'", [error]));
});

test.each([
  [
    '1.28.9',
    /^istiod 1\.28\.9 of 'two' can hang .*60612\), can lose the endpoints .*61043\), can lose gateways .*60920\) /,
  ],
  ['1.28.9', / when a token changes; upgrade it first$/],
  ['1.29.6', /^istiod 1\.29\.6 of 'two' can lose the endpoints .*, can lose gateways/],
  ['1.29.7', undefined],
  ['1.30.2', /can hang/],
  ['1.30.3', /^istiod 1\.30\.3 of 'two' can lose the endpoints/],
  ['1.30.4', undefined],
  ['1.31.0', undefined],
])('the warning about known bugs of istiod %s is correct', (version, warning) => {
  expect(rotationWarning('two', version)).toEqual(warning ? expect.stringMatching(warning) : undefined);
});
