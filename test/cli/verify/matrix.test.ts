import { matrix } from '../../../src/cli/verify/matrix';
import { type VerificationResult, verifyMesh } from '../../../src/cli/verify/verification';
import { linesOf, MESH, meshCertificates, meshFrom, RunningMesh } from '../../support/running-mesh';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
jest.mock('../../../src/cli/verify/api-server-probe', () =>
  jest.requireActual('../../support/fake-api-servers').probes());

const certificates = meshCertificates();
let mesh: RunningMesh;
beforeEach(async () => {
  mesh = await RunningMesh.start(certificates);
});

test('a working mesh has no failed checks', async () => {
  const results = await verifyMesh(meshFrom());
  expect(results.filter(({ finding }) => finding !== 'ok')).toEqual([]);
  const token = { from: 'one', to: 'two', check: 'token', finding: 'ok', detail: 'blue, unknown age' };
  expect(results).toContainEqual(token);
  expect(matrix(results)).toBe(`┌───────────┬─────┬─────┐
│ from \\ to │ one │ two │
├───────────┼─────┼─────┤
│ one       │ ok  │ ok  │
├───────────┼─────┼─────┤
│ two       │ ok  │ ok  │
└───────────┴─────┴─────┘
2 clusters, 2 links: no failed checks
`);
});

test('a cell shows the failed check, a line below the fix, and dependent checks are skipped', async () => {
  mesh.clusters.remove('one', 'Secret', 'istio-remote-secret-two');
  mesh.putPeerState('one', 'timeout');
  const text = matrix(await verifyMesh(meshFrom()));
  expect(text).toBe(`┌───────────┬─────┬────────┐
│ from \\ to │ one │ two    │
├───────────┼─────┼────────┤
│ one       │ ok  │ secret │
├───────────┼─────┼────────┤
│ two       │ ok  │ ok     │
└───────────┴─────┴────────┘
one -> two: secret: namespace 'istio-system' has no remote secret for 'two'; run istio-mesh link
2 clusters, 2 links: 1 failed check
`);
});

test('checks that could not be evaluated have a question mark, and their reasons are listed once', async () => {
  mesh.apiServers.respond('two-blue', 'unreachable', 'getaddrinfo ENOTFOUND');
  mesh.putMetrics('two', ['istio_build{component="pilot",tag="unknown"} 1']);
  const [, , , one, , two, , ...lines] = matrix(await verifyMesh(meshFrom())).split('\n');
  expect(one).toMatch(/^│ one +│ ok +│ ok, server\? version\? │$/);
  expect(two).toMatch(/^│ two +│ ok, synced\? version\? │ ok +│$/);
  expect(lines).toEqual([
    expect.stringMatching(/^server\?: https:\/\/two\.example\.com:6443 cannot be reached from here /),
    "version?: istiod of 'two' does not report its version (2 times)",
    'synced?: istiod reports the sync state only from Istio 1.29 on',
    '2 clusters, 2 links: no failed checks',
    '',
  ]);
});

test('a cluster that does not respond fails only the check of its context', async () => {
  const results = await verifyMesh(meshFrom(MESH.replace('name: two,', 'name: two, context: nowhere,')));
  const message = "context 'nowhere': kubectl get: error: context \"nowhere\" does not exist";
  expect(linesOf(results, 'red')).toEqual([
    `two two context: ${message}; check that this command works: kubectl --context nowhere get namespaces`,
  ]);
  expect(linesOf(results, 'unknown')[0]).toBe(`one two root: ${message}`);
  expect(results.filter(({ from, finding }) => from === 'two' && finding === 'ok')).toEqual([]);
  expect(matrix(results)).toMatch(/│ one +│ ok +│ ok, root\? version\? +│\n.*\n│ two +│ \? +│ context +│/);
});

test('the table is left out if there are too many clusters for a terminal', () => {
  const results = Array.from({ length: 13 }, (_, i) =>
    ({ from: `c${i}`, to: `c${i}`, check: 'istiod', finding: 'ok' }) as VerificationResult);
  expect(matrix(results)).toBe('13 clusters, 0 links: no failed checks\n');
  expect(matrix(results.slice(1)).split('\n').length).toBeGreaterThan(20);
});
