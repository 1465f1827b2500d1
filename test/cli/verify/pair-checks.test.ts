import { MESH, meshCertificates, NAMES, rootsConfigMap, RunningMesh } from '../../support/running-mesh';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
jest.mock('../../../src/cli/verify/api-server-probe', () =>
  jest.requireActual('../../support/fake-api-servers').probes());

const certificates = meshCertificates();
let mesh: RunningMesh;
beforeEach(async () => {
  mesh = await RunningMesh.start(certificates);
});

const SECRET = 'istio-remote-secret-two';
const STATUS_TYPE = '# TYPE istiod_remote_cluster_sync_status gauge';

test.each<[what: string, change: () => void, ...failures: string[]]>([
  [
    'a remote secret in another namespace',
    () => {
      const secret = mesh.clusters.get('one', 'Secret', SECRET);
      mesh.clusters.remove('one', 'Secret', SECRET);
      mesh.clusters.put('one', { ...secret, metadata: { ...secret.metadata, namespace: 'default' } });
    },
    "one two secret: namespace 'istio-system' has no remote secret for 'two', "
      + "and istiod does not read the one in 'default'; run istio-mesh link",
  ],
  [
    'a remote secret without the label',
    () => mesh.editRemoteSecret(secret => ({ ...secret, metadata: { ...secret.metadata, labels: {} } })),
    "one two label: Secret 'istio-remote-secret-two' does not have the label istio/multiCluster=true, "
      + 'without which istiod ignores it; run istio-mesh link',
  ],
  [
    'a wrong key',
    () => mesh.editRemoteSecret(secret => ({ ...secret, data: { tow: secret.data.two } })),
    "one two key: Secret 'istio-remote-secret-two' must have the key 'two', the name of the cluster, but has 'tow'; "
      + 'run istio-mesh link',
  ],
  [
    'two remote secrets',
    () => mesh.editRemoteSecret(secret => ({ ...secret, metadata: { ...secret.metadata, name: 'another' } })),
    "one two key: the Secrets 'another' and 'istio-remote-secret-two' both contain 'two', "
      + 'and istiod uses the one that it reads first; remove one of them',
  ],
  [
    'another API server',
    () => mesh.editKubeconfig(/https:\S+/, 'https://elsewhere'),
    'one two server: the kubeconfig is for https://elsewhere, '
      + "but the API server of 'two' is https://two.example.com:6443; run istio-mesh link",
  ],
  [
    'another API server with a password in its URL',
    () => mesh.editKubeconfig(/https:\S+/, 'https://user:a-secret@elsewhere'),
    'one two server: the kubeconfig is for https://elsewhere/, '
      + "but the API server of 'two' is https://two.example.com:6443; run istio-mesh link",
  ],
  [
    'an untrusted API server',
    () => mesh.apiServers.respond('two-blue', 'untrusted', 'self-signed certificate'),
    'one two server: the kubeconfig does not trust the certificate of https://two.example.com:6443 '
      + '(self-signed certificate); set caData to the CA certificate that signed it, or run istio-mesh link',
  ],
  [
    'a rejected token',
    () => {
      mesh.editKubeconfig(/token: .*/, 'token: old');
      mesh.apiServers.respond('old', 'unauthorized');
    },
    "one two token: the API server of 'two' rejects the token (401), which is not one of its reader service accounts; "
      + 'run istio-mesh link',
  ],
  [
    'a token without permissions',
    () => mesh.apiServers.respond('two-blue', 'forbidden'),
    "one two token: the account of the token has no permission to read 'two' (403); "
      + "apply the step 00-namespace of 'two'",
  ],
  [
    'an istiod that cannot reach the API server',
    () => mesh.putPeerState('one', 'timeout'),
    "one two synced: istiod-1 reports 'timeout': the API server of 'two' must be reachable from the istiod pods "
      + "of 'one', not only from here; see the log: kubectl --context one -n istio-system logs istiod-1",
  ],
  [
    'an istiod that does not know the peer',
    () => mesh.putMetrics('one', [STATUS_TYPE, 'istio_build{component="pilot",tag="1.31.0"} 1']),
    "one two synced: istiod-1 does not know 'two', although the remote secret is correct; "
      + 'istiod can hang after it loses a broken link; '
      + 'restart it: kubectl --context one -n istio-system rollout restart deployment -l app=istiod',
  ],
  [
    'a large version skew',
    () => mesh.putPeerState('two', 'synced', '1.29.7'),
    versionFailure('one two', '1.31.0 and 1.29.7'),
    versionFailure('two one', '1.29.7 and 1.31.0'),
  ],
])('%s fails exactly the expected checks', async (_, change, ...failures) => {
  change();
  expect((await mesh.failures()).sort()).toEqual([...failures].sort());
});

function versionFailure(pair: string, versions: string): string {
  return `${pair} version: the control planes are more than one minor version apart: ${versions}; `
    + 'upgrade the older one';
}

test.each<[what: string, change: () => void]>([
  ['a bundle with both root CAs', () => {
    mesh.clusters.put('two', rootsConfigMap(certificates.otherRoot, certificates.root));
  }],
  ['the token of the other slot', () => mesh.editKubeconfig(/two-blue/, 'two-green')],
  ['a client that istiod has replaced', () => mesh.putPeerState('one', 'closed')],
  ['the same API server with a trailing slash', () => mesh.editKubeconfig(/(https:\S+)/, '$1/')],
  ['a version skew of one minor version', () => mesh.putPeerState('two', 'synced', '1.30.4')],
])('%s does not fail', async (_, change) => {
  change();
  expect(await mesh.failures()).toEqual([]);
});

test('a missing remote secret that is in a file is fixed by a commit', async () => {
  mesh.clusters.remove('one', 'Secret', SECRET);
  const definition = MESH.replace('network: n1', 'network: n1, remoteCredentials: {linked: {into: sops}}');
  expect(await mesh.failures(definition)).toEqual([
    "one two secret: namespace 'istio-system' has no remote secret for 'two'; "
      + 'run istio-mesh link, and commit links/one',
  ]);
});

test('remote secrets that istio-mesh does not create are checked too', async () => {
  mesh.clusters.remove('one', 'Secret', SECRET);
  const failuresWith = (credentials: string) =>
    mesh.failures(MESH.replace('name: two,', `name: two, remoteCredentials: ${credentials},`));
  expect(await failuresWith('{externalSecrets: {secretStoreRef: {name: vault}}}')).toEqual([
    "one two secret: namespace 'istio-system' has no remote secret for 'two'; check the status of its ExternalSecret: "
      + 'kubectl --context one -n istio-system describe externalsecret istio-remote-secret-two',
  ]);
  expect(await failuresWith('external')).toEqual([
    "one two secret: namespace 'istio-system' has no remote secret for 'two'; "
      + 'create or update it outside of istio-mesh (remoteCredentials: external)',
  ]);
  expect(await failuresWith('{external: {kubeconfigPath: /etc/peers}}')).toEqual([]);
});

describe('a canary', () => {
  const definition = (revision: string) => MESH.replace(
    'network: n1', `network: n1, canary: {revision: next, istioVersion: 1.32.0}, revisionTags: {prod: ${revision}}`);
  const putCanary = (version: string, state: string) => {
    mesh.putIstiod('one', 'istiod-1', 'default');
    mesh.putIstiod('one', 'istiod-next', 'next');
    mesh.putMetrics('one', [
      `istio_build{component="pilot",tag="${version}"} 1`,
      `istiod_remote_cluster_sync_status{cluster="two",status="${state}"} 1`,
    ], 'istiod-next');
  };

  test('counts for version skew as soon as a tag selects it', async () => {
    putCanary('1.33.0', 'synced');
    expect(await mesh.failures(definition('default'))).toEqual([]);
    expect((await mesh.failures(definition('next'))).sort()).toEqual([
      versionFailure('one two', '1.33.0 and 1.31.0'),
      versionFailure('two one', '1.31.0 and 1.33.0'),
    ]);
  });

  test('fails if it has not synced a peer, because proxies that move to it would lose the peer', async () => {
    putCanary('1.32.0', 'timeout');
    expect(await mesh.failures(definition('default'))).toEqual([
      expect.stringMatching(/^one two synced: istiod-next reports 'timeout': /),
    ]);
  });
});

test('an unreadable certificate in the ConfigMap does not stop other checks', async () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n';
  mesh.clusters.put('two', rootsConfigMap({ certificate }));
  expect(await mesh.failures()).toEqual([]);
  expect(await mesh.unknowns()).toContain("one two root: ConfigMap 'istio-ca-root-cert' of 'two' has no root CA yet");
});

test('without access to the Secrets of all namespaces, those of istiod\'s namespace are read', async () => {
  const message = 'Error from server (Forbidden): secrets is forbidden';
  NAMES.forEach(name => mesh.clusters.refuse(name, '--all-namespaces', message));
  expect([await mesh.failures(), await mesh.unknowns()]).toEqual([[], []]);
});

test('checks that cannot be evaluated are unknown', async () => {
  mesh.apiServers.respond('two-blue', 'unreachable', 'getaddrinfo ENOTFOUND');
  mesh.putMetrics('two', ['istio_build{component="pilot",tag="unknown"} 1']);
  expect(await mesh.failures()).toEqual([]);
  expect(await mesh.unknowns()).toEqual([
    'one two server: https://two.example.com:6443 cannot be reached from here (getaddrinfo ENOTFOUND); '
      + "the check 'synced' shows whether istiod reaches it",
    "one two version: istiod of 'two' does not report its version",
    'two one synced: istiod reports the sync state only from Istio 1.29 on',
    "two one version: istiod of 'two' does not report its version",
  ]);
});

test('the timeout of a client that may be replaced is unknown', async () => {
  mesh.putPeerState('one', 'timeout', '1.31.0', Date.parse('2026-11-23T10:00:00Z') / 1000);
  const changeAt = (time: string) => mesh.editRemoteSecret(secret => {
    const times = { creationTimestamp: '2026-11-23T10:01:00Z', managedFields: [{ time }] };
    return { ...secret, metadata: { ...secret.metadata, ...times } };
  });
  changeAt('2026-11-23T10:02:00Z');
  expect(await mesh.failures()).toEqual([]);
  expect((await mesh.unknowns())[0]).toMatch(/^one two synced: istiod-1 reports 'timeout', which it also does after /);
  changeAt('2026-11-23T10:01:00Z');
  expect(await mesh.failures()).toHaveLength(1);
});
