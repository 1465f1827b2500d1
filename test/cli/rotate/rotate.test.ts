import { join } from 'path';
import { Linking } from '../../../src/cli/link/link';
import { meshOf } from '../../../src/cli/load-mesh';
import { rotationWarning } from '../../../src/cli/rotate/known-bugs';
import { rotate } from '../../../src/cli/rotate/rotate';
import type { Probe, ProbeResult } from '../../../src/cli/verify/api-server-probe';
import { errorDiagnostic } from '../../../src/core/diagnostic';
import { MeshError } from '../../../src/core/mesh-error';
import { FakeClusters, tokenSecret } from '../../support/fake-clusters';
import { directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

/** Tokens that API servers do not take. */
const mockRefused = new Set<string>();
jest.mock('../../../src/cli/verify/api-server-probe', () => ({
  ...jest.requireActual('../../../src/cli/verify/api-server-probe'),
  probe: async (kubeconfig: string): Promise<Probe> => {
    const token = /token: (\S+)/.exec(kubeconfig)![1];
    return { result: (mockRefused.has(token) ? 'unauthorized' : 'answers') as ProbeResult, detail: 'said' };
  },
}));

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one}, {name: two}, {name: three}]
`;
const NAMES = ['one', 'two', 'three'];
const POD = { kind: 'Pod', metadata: { name: 'istiod-1', namespace: 'istio-system', labels: { app: 'istiod' } }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };

let clusters: FakeClusters;

beforeEach(async () => {
  mockRefused.clear();
  clusters = new FakeClusters(...NAMES);
  NAMES.forEach(name => {
    clusters.put(name, POD, ...['blue', 'green'].map(slot => ({ ...tokenSecret(slot, `${name}-${slot}`) })));
    metrics(name, 1);
  });
  await new Linking(mesh(), { timeoutSeconds: 0 }).run(() => undefined);
});

/** What istiod of a cluster says: that it has seen so many Secrets, and the state of `one`. */
function metrics(cluster: string, events: number, state = 'synced', version = '1.31.0'): void {
  clusters.answer(cluster, '/api/v1/namespaces/istio-system/pods/istiod-1:15014/proxy/metrics', [
    `istio_build{component="pilot",tag="${version}"} 1`,
    `istiod_remote_cluster_sync_status{cluster="one",cluster_type="remote",status="${state}"} 1`,
    `remote_cluster_secret_events_total{event="update"} ${events}`,
    '',
  ].join('\n'));
}

const mesh = (text = MESH) => meshOf(join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
const given = (cluster: string) => /token: (\S+)/.exec(Buffer.from(clusters.get(cluster, 'Secret', 'istio-remote-secret-one').data.one, 'base64').toString())![1];
const tokenOf = (slot: string) => Buffer.from(clusters.get('one', 'Secret', `istio-mesh-reader-${slot}`).data.token, 'base64').toString();

/** What is told of a rotation of `one`, as whose istiods see their new Secrets after a moment. */
async function rotateOne({ text = MESH, timeoutSeconds = 10, dryRun = false, sees = ['two', 'three'] } = {}): Promise<[string, ...string[]]> {
  mockRefused.add('one-blue');
  setTimeout(() => sees.forEach(name => metrics(name, 2, 'closed')), 800);
  const [{ state, lines }] = await rotate(mesh(text), ['one'], { timeoutSeconds, dryRun }, () => undefined);
  return [state, ...lines.map(line => line.replace(/after \d s/, 'after N s'))];
}

test('every peer gets the spare token, and the old one ends with its account, which is made anew', async () => {
  expect(await rotateOne()).toEqual(['rotated', 'blue -> green, for two, three', 'given to two, three', 'synced everywhere after N s',
    'blue is retired: the API server refuses its old token, and has another one for the next rotation']);
  expect(NAMES.slice(1).map(given)).toEqual(['one-green', 'one-green']);
  expect([tokenOf('blue'), tokenOf('green')]).toEqual(['token-1', 'one-green']);
  expect(clusters.get('one', 'ServiceAccount', 'istio-mesh-reader-blue')).toBeDefined();
  expect(clusters.calls().filter(call => call.startsWith('one delete'))).toEqual(['one delete serviceaccount istio-mesh-reader-blue', 'one delete secret istio-mesh-reader-blue']);
}, 30_000);

test('nothing is retired before every istiod has seen its Secret', async () => {
  expect(await rotateOne({ timeoutSeconds: 2, sees: ['two'] })).toEqual(['failed', 'blue -> green, for two, three', 'given to two, three',
    "error: istiod-1 of 'three' has not synced 'one' with the new token after N s; both tokens are valid, so that nothing is lost; see istio-mesh verify, and run again"]);
  expect(tokenOf('blue')).toBe('one-blue');
}, 30_000);

test('a rotation that was interrupted goes on, and not back', async () => {
  await rotateOne({ timeoutSeconds: 1, sees: [] });
  expect(await rotateOne()).toEqual(['rotated', 'goes on where an earlier rotation stopped: blue is to be retired', 'blue -> green, for two, three', 'everybody has it',
    'synced everywhere after N s', 'blue is retired: the API server refuses its old token, and has another one for the next rotation']);
}, 30_000);

test('a rotation that goes on waits for the istiods that had not seen their Secret, too', async () => {
  await rotateOne({ timeoutSeconds: 1, sees: ['two'] });
  expect((await rotateOne({ timeoutSeconds: 1, sees: [] })).slice(1)).toEqual(['goes on where an earlier rotation stopped: blue is to be retired', 'blue -> green, for two, three',
    'everybody has it', expect.stringMatching(/^error: istiod-1 of 'three' has not synced 'one' with the new token after N s; /)]);
  expect(tokenOf('blue')).toBe('one-blue');
}, 30_000);

test('an account that an interrupted rotation has retired is made anew', async () => {
  await rotateOne();
  clusters.remove('one', 'Secret', 'istio-mesh-reader-blue');
  expect(await rotateOne()).toEqual(['rotated', 'goes on where an earlier rotation stopped: blue is not there', 'blue -> green, for two, three', 'everybody has it',
    'synced everywhere after N s', 'blue is retired, and has another one for the next rotation']);
  expect(tokenOf('blue')).toBe('token-2');
}, 30_000);

test('a token Secret that somebody removed while peers had its token is made anew when they have the other one', async () => {
  clusters.remove('one', 'Secret', 'istio-mesh-reader-blue');
  expect(await rotateOne()).toEqual(['rotated', 'goes on where an earlier rotation stopped: blue is not there', 'blue -> green, for two, three', 'given to two, three',
    'synced everywhere after N s', 'blue is retired, and has another one for the next rotation']);
  expect(NAMES.slice(1).map(given)).toEqual(['one-green', 'one-green']);
}, 30_000);

test('a spare token that the API server does not take is not given out', async () => {
  mockRefused.add('one-green');
  expect(await rotateOne()).toEqual(['failed', 'blue -> green, for two, three',
    'error: the green token cannot be given out: the API server does not take it (said); see istio-mesh verify']);
  expect(NAMES.slice(1).map(given)).toEqual(['one-blue', 'one-blue']);
}, 30_000);

test('a peer that cannot be written keeps the old token valid', async () => {
  clusters.refuse('three', 'replace', 'Error from server (Forbidden): no');
  expect(await rotateOne()).toEqual(['failed', 'blue -> green, for two, three',
    "error: 'three' did not get the new token: context 'three': kubectl replace: Error from server (Forbidden): no; nothing was retired, run again"]);
  expect(tokenOf('blue')).toBe('one-blue');
}, 30_000);

test('a dry run tells the plan and changes nothing', async () => {
  clusters.calls();
  expect(await rotateOne({ dryRun: true })).toEqual(['planned', 'blue -> green, for two, three']);
  expect(clusters.calls().filter(call => !call.includes(' get'))).toEqual([]);
});

test('where links are files, which another commit must change, the commits are told instead', async () => {
  const text = MESH.replace('{name: two}', '{name: two, remoteCredentials: {linked: {into: sops}}}');
  expect(await rotateOne({ text })).toEqual(['commits', "links to 'one' are files, which say which token travels; commit instead:",
    "1. reader: {activeToken: green} at 'one', and what synth and then istio-mesh link make of it, in links/two; wait until every peer has it, and istio-mesh verify is green",
    '2. then: kubectl --context one -n istio-system delete serviceaccount istio-mesh-reader-blue, which ends its token; whoever applies 00-namespace makes account and Secret anew']);
  expect((await rotateOne({ text: text.replace('{name: one}', '{name: one, reader: {activeToken: green}}') }))[2]).toContain('activeToken: blue');
  expect(tokenOf('blue')).toBe('one-blue');
});

test('where the tree says which token travels, the commits are told instead', async () => {
  process.env.ISTIO_TOKEN = 'x';
  expect(await rotateOne({ text: MESH.replace('apiServer', 'remoteCredentials: {plainToken: {env: ISTIO_TOKEN}}\napiServer') })).toEqual(['commits',
    "the tree of 'one' says which token travels; commit instead:",
    "1. reader: {activeToken: green} at 'one', and what synth makes of it with that token; wait until every peer has it, and istio-mesh verify is green",
    '2. then: kubectl --context one -n istio-system delete serviceaccount istio-mesh-reader-blue, which ends its token; whoever applies 00-namespace makes account and Secret anew']);
  expect(await rotateOne({ text: MESH.replace('apiServer', 'remoteCredentials: external\napiServer') })).toEqual(['commits',
    "'one' is not read with a token of a reader account; change its credentials where they come from"]);
});

test('a cluster that is none is refused with the nearest', async () => {
  await expect(rotate(mesh(), ['oen'], { timeoutSeconds: 0 }, () => undefined)).rejects.toThrow(new MeshError("mesh 'mesh1'", [errorDiagnostic("--cluster 'oen' is no cluster of this mesh; did you mean 'one'?")]));
});

test.each([
  ['1.28.9', /^istiod 1\.28\.9 of 'two' can come to a stop .*60612\), can lose the endpoints .*61043\), can lose gateways .*60920\) when a token changes; upgrade it first$/],
  ['1.29.6', /^istiod 1\.29\.6 of 'two' can lose the endpoints .*, can lose gateways/],
  ['1.29.7', undefined],
  ['1.30.2', /can come to a stop/],
  ['1.30.3', /^istiod 1\.30\.3 of 'two' can lose the endpoints/],
  ['1.30.4', undefined],
  ['1.31.0', undefined],
])('istiod %s is warned of where it is known to fail', (version, warning) => {
  expect(rotationWarning('two', version)).toEqual(warning ? expect.stringMatching(warning) : undefined);
});
