import { type FakeClusters, base64 } from '../../../support/fake-clusters';
import {
  type CertificateObjects,
  certificateObjects, change, guideMesh, NAMES, NAMESPACE, readMesh, TOKEN_NOTES, tokenNote,
} from '../../../support/guide-mesh';
import { link, MARKER } from '../../../support/guide-objects';

jest.mock(
  '../../../../src/util/host/child-process',
  () => jest.requireActual('../../../support/fake-clusters').programs(),
);

let certificates: CertificateObjects;
let clusters: FakeClusters;

beforeAll(async () => { certificates = await certificateObjects(); });
beforeEach(() => { clusters = guideMesh(certificates); });

test('another CA, a proxy and a TLS server name are read', async () => {
  const caData = base64(certificates.otherRoot.data['root-cert.pem']);
  clusters.put('two', link('one', {
    cluster: { 'certificate-authority-data': caData, 'tls-server-name': 'inner', 'proxy-url': 'http://proxy:3128' },
  }));
  expect((await readMesh()).clusters[0])
    .toMatchObject({ caData, tlsServerName: 'inner', proxyUrl: 'http://proxy:3128' });
});

test('the URL of a proxy is not read if it contains a password', async () => {
  clusters.put('two', link('one', { cluster: { 'proxy-url': `http://me:${MARKER}@proxy:3128` } }));
  const mesh = await readMesh();
  expect(JSON.stringify(mesh)).not.toContain(MARKER);
  expect(mesh.notes).toContain("the proxy for the API server of 'one' is not in the mesh definition, because its URL "
    + 'may contain a password; set proxyUrl without credentials');
});

const DELETE = 'kubectl --context one -n istio-system delete secret';

test.each<[string, () => void, string]>([
  [
    'a missing link',
    () => clusters.remove('one', 'Secret', 'istio-remote-secret-two'),
    "'one' has no remote secret for 'two', but 'two' has one for 'one', so requests only go from 'two' to 'one'; "
      + 'istio-mesh link creates the missing one',
  ],
  [
    'a link to a cluster without a context',
    () => clusters.put('one', link('three')),
    "'one' reads 'three' with the Secret 'istio-remote-secret-three', but none of the contexts leads to 'three'; "
      + `add its context, or delete the Secret: ${DELETE} istio-remote-secret-three`,
  ],
  [
    'a link of a cluster to itself',
    () => clusters.put('one', link('one')),
    "the Secret 'istio-remote-secret-one' in 'one' leads to 'one' itself, so istiod ignores it; "
      + `delete it: ${DELETE} istio-remote-secret-one`,
  ],
  [
    'a link without a token',
    () => clusters.put('two', link('one', { user: { exec: { command: 'aws' } } })),
    "the Secret 'istio-remote-secret-one' in 'two' reads 'one' with exec instead of a token; the mesh definition sets "
      + 'remoteCredentials: external, so istio-mesh link does not change it',
  ],
  [
    'a link that accepts any certificate',
    () => clusters.put('two', link('one', { cluster: { 'insecure-skip-tls-verify': true } })),
    "the links to 'one' accept any certificate from its API server (insecure-skip-tls-verify), but the generated links "
      + 'do not; if the certificate was not issued by the cluster\'s own CA, set caData',
  ],
  [
    'a remote secret with another name',
    () => {
      const [secret, name] = [clusters.get('one', 'Secret', 'istio-remote-secret-two'), 'mine'];
      clusters.remove('one', 'Secret', 'istio-remote-secret-two');
      clusters.put('one', { ...secret, metadata: { ...secret.metadata, name } });
    },
    "the remote secret for 'two' in 'one' is named 'mine', but istio-mesh link names it 'istio-remote-secret-two', "
      + "and does not create a second one; delete 'mine' right before you link: in between, 'one' sends no requests "
      + "to 'two'",
  ],
])('a note reports %s', async (_, prepare, note) => {
  prepare();
  expect((await readMesh()).notes).toContain(note);
});

test('links without a token, and those that a controller created, are not managed', async () => {
  clusters.put('two', link('one', { user: { exec: { command: 'aws' } } }));
  change(clusters, 'Secret', 'istio-remote-secret-two', ({ metadata }) => {
    metadata.ownerReferences = [{ kind: 'ExternalSecret' }];
  });
  const mesh = await readMesh();
  expect(mesh.remoteCredentials).toBe('external');
  expect(mesh.notes).toContain("the Secret 'istio-remote-secret-two' in 'one' belongs to an object of kind "
    + 'ExternalSecret; the mesh definition sets remoteCredentials: external, so istio-mesh link does not change it');
  expect(mesh.notes.filter((note: string) => TOKEN_NOTES.includes(note))).toEqual([]);
});

test('clusters without links are not peers, and need no API server', async () => {
  NAMES.forEach((name, i) => clusters.remove(name, 'Secret', `istio-remote-secret-${NAMES[1 - i]}`));
  const mesh = await readMesh();
  expect(mesh).toMatchObject({ peers: [] });
  expect(mesh.apiServer).toBeUndefined();
});

test('the API server of a cluster that no other cluster reads comes from the kubeconfig', async () => {
  clusters.remove('two', 'Secret', 'istio-remote-secret-one');
  const { clusters: [one], notes } = await readMesh();
  expect(one.apiServer).toBe('https://one.kubeconfig:6443');
  expect(notes).toContain("no other cluster reads 'one' yet, so the URL of its API server for other clusters is "
    + 'unknown; the mesh definition has the URL in your kubeconfig, https://one.kubeconfig:6443; '
    + 'change apiServer if the other clusters need a different URL');
});

/** A token with some claims, for the link from two to one. */
function putToken(secretName: string): void {
  const claims = {
    'kubernetes.io/serviceaccount/secret.name': secretName, 'kubernetes.io/serviceaccount/namespace': NAMESPACE,
  };
  const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  clusters.put('two', link('one', { user: { token } }));
}

test.each([
  ['it belongs to the generated reader service account', 'istio-mesh-reader-blue'],
  ['its Secret does not have a valid name, which could inject a command', '$(reboot)'],
])('no note asks to revoke a token if %s', async (_, secretName) => {
  putToken(secretName);
  expect((await readMesh()).notes).toEqual([tokenNote('two')]);
});
