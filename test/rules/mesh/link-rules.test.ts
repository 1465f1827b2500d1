import { RemoteCredentials, SecretValue } from '../../../src';
import { ofOne, problemsOf, problemsOfOne, SERVER } from '../../support/mesh-problems';
import { twoClusters } from '../../support/mesh-util';
import { CA_PEM } from '../../support/util';

test('a cluster with peers has an API server', () => {
  expect(problemsOfOne({ apiServer: undefined, peers: [] })).toEqual([]);
  expect(problemsOfOne({ apiServer: undefined })).toEqual([
    ofOne('apiServer', "apiServer is missing, which its peer 'cluster2' needs to read this cluster; set it to an https "
      + 'URL that peers can reach'),
  ]);
  const [, ...others] = ['cluster1', 'cluster2', 'cluster3'].map(name => ({ name, apiServer: `https://${name}` }));
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'cluster1' }, ...others] })).toEqual([
    ofOne('apiServer', 'apiServer is missing, which its 2 peers need to read this cluster; set it to an https URL that '
      + 'peers can reach'),
  ]);
});

test('an API server is an https URL', () => {
  expect(problemsOfOne({ apiServer: 'https://203.0.113.7:6443/k8s/clusters/1' })).toEqual([]);
  expect(problemsOfOne({ apiServer: 'api.example.com' })).toEqual([
    ofOne('apiServer', `apiServer 'api.example.com' is not a valid URL; ${SERVER}`),
  ]);
  expect(problemsOfOne({ apiServer: 'http://api.example.com' })).toEqual([
    ofOne('apiServer', `apiServer 'http://api.example.com' does not use https; ${SERVER}`),
  ]);
});

test.each(['localhost', '127.0.0.1', '0.0.0.0', '[::1]'])('other clusters cannot reach the API server %s', host => {
  expect(problemsOfOne({ apiServer: `https://${host}:6443` })).toEqual([
    ofOne('apiServer', `apiServer 'https://${host}:6443' is a loopback address, which the other clusters `
      + `cannot reach; ${SERVER}`),
  ]);
});

test('a password in the URL of an API server is rejected and not printed', () => {
  expect(problemsOfOne({ apiServer: 'https://admin:s3cret@api.example.com' })).toEqual([
    ofOne('apiServer', "apiServer of host 'api.example.com' has credentials in its URL; configure them in "
      + 'remoteCredentials instead'),
  ]);
});

test('no two clusters have the same API server, in any spelling', () => {
  expect(problemsOfOne({ apiServer: 'https://cluster2.example.com:8443' })).toEqual([]);
  expect(problemsOfOne({ apiServer: 'https://cluster2.example.com:6443/other' })).toEqual([]);
  for (const apiServer of ['https://cluster2.example.com:6443', 'https://CLUSTER2.example.com:6443/']) {
    expect(problemsOfOne({ apiServer })).toEqual([
      "clusters[1].apiServer: cluster 'cluster2': apiServer 'https://cluster2.example.com:6443' is already used by "
        + "'cluster1', so both names refer to the same cluster; set the API server of each cluster",
    ]);
  }
});

test('caData is a certificate', () => {
  expect(problemsOfOne({ caData: CA_PEM })).toEqual([]);
  expect(problemsOfOne({ caData: Buffer.from(CA_PEM).toString('base64') })).toEqual([]);
  expect(problemsOfOne({ caData: '/etc/ca.crt' })).toEqual([
    ofOne('caData', "caData '/etc/ca.crt' is not a certificate; write the CA certificate of the API server as PEM, or "
      + 'as base64 of PEM'),
  ]);
});

test('peers list each other', () => {
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: ['cluster1'] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: ['*'] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['*'] }, { peers: [] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: [] }))).toEqual([
    ofOne('peers[0]', "peers contains 'cluster2', which does not list 'cluster1' as its peer, so endpoints would be "
      + "discovered in only one direction; add 'cluster1' to the peers of 'cluster2', or remove 'cluster2' here"),
  ]);
});

test('a peer is another cluster of the mesh', () => {
  expect(problemsOfOne({ peers: ['cluster2', 'cluster3'] })).toEqual([
    ofOne('peers[1]', "peers contains 'cluster3', which is not a cluster of this mesh; did you mean 'cluster2'?"),
  ]);
  expect(problemsOfOne({ peers: ['cluster1', 'cluster2'] })).toEqual([
    ofOne('peers[0]', "peers contains the cluster itself, which needs no link; remove 'cluster1'"),
  ]);
});

test('the mesh can list a hub as the peer of every cluster, if the hub has its own peers', () => {
  expect(problemsOf(twoClusters({ peers: ['cluster1'] }, { peers: ['*'] }))).toEqual([]);
});

test('credentials in the generated manifests can be read at synth', () => {
  const remoteCredentials = RemoteCredentials.plainToken(SecretValue.env('ISTIO_MESH_TEST_$(cluster)'));
  const messages = [ofOne('remoteCredentials', "remoteCredentials: environment variable 'ISTIO_MESH_TEST_CLUSTER1' is "
    + 'not set; set it before synth')];
  expect(problemsOfOne({ remoteCredentials })).toEqual(messages);
  process.env.ISTIO_MESH_TEST_CLUSTER1 = 't0ken';
  try {
    expect(problemsOfOne({ remoteCredentials })).toEqual([]);
  } finally {
    delete process.env.ISTIO_MESH_TEST_CLUSTER1;
  }
});

test('credentials of a cluster without peers are not read', () => {
  expect(problemsOfOne({
    remoteCredentials: RemoteCredentials.plainToken(SecretValue.file('no/such/file')),
    peers: [],
  })).toEqual([]);
});

test('an empty token is rejected', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('')) })).toEqual([
    ofOne('remoteCredentials', 'remoteCredentials: unsafePlainText is empty; write the secret, or a reference to it'),
  ]);
});

test('credentials that istiod refuses are refused', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ config: { 'client-id': 'istio' } }) }))
    .toEqual([]);
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ config: { 'id-token': 't0ken' } }) }))
    .toEqual([
      ofOne('remoteCredentials',
        "remoteCredentials: authProvider.config has 'id-token', which is a secret and would be written into "
        + 'dist/mesh.yaml; move it to secretConfig, by reference'),
    ]);
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ name: 'gcp' }) })).toEqual([
    ofOne('remoteCredentials',
      "remoteCredentials: authProvider.name 'gcp' is not supported by istiod, which only has 'oidc'; use oidc, or "
        + 'unsafeExec with a program that prints a token'),
  ]);
  const path = SecretValue.unsafePlainText('/etc/tls.crt');
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.clientCertificate({ certificate: path, key: path }) }))
    .toEqual([
      ofOne('remoteCredentials',
        'remoteCredentials: clientCertificate.certificate is not PEM text, and istiod rejects file paths in a '
        + 'kubeconfig; write the content, e.g. with SecretValue.file'),
    ]);
});
