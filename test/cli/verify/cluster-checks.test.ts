import { base64 } from '../../support/fake-clusters';
import { MESH, meshCertificates, NAMES, rootsConfigMap, RunningMesh } from '../../support/running-mesh';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
jest.mock('../../../src/cli/verify/api-server-probe', () =>
  jest.requireActual('../../support/fake-api-servers').probes());

const certificates = meshCertificates();
let mesh: RunningMesh;
beforeEach(async () => {
  mesh = await RunningMesh.start(certificates);
});

const NAMESPACE = 'istio-system';
const SERVICE = 'istio-eastwestgateway';
const IN_THE_HANDSHAKE = 'have no root CA in common, so every request between them fails in the TLS handshake; '
  + 'create the Secret cacerts of both under the same root CA, and restart istiod';

test.each<[what: string, change: () => void, ...failures: string[]]>([
  [
    'no istiod',
    () => mesh.clusters.remove('two', 'Pod', 'istiod-1'),
    "two two istiod: no istiod pod is ready in namespace 'istio-system'; install the control plane of 'two'",
  ],
  [
    'a wrong network label',
    () => {
      const labels = { 'topology.istio.io/network': 'n1' };
      mesh.clusters.put('two', { kind: 'Namespace', metadata: { name: NAMESPACE, labels } });
    },
    "two two network: label topology.istio.io/network of namespace 'istio-system' is 'n1', but must be 'n2'; "
      + "apply the step 00-namespace of 'two'",
  ],
  [
    'no network label',
    () => mesh.clusters.put('two', { kind: 'Namespace', metadata: { name: NAMESPACE } }),
    "two two network: label topology.istio.io/network of namespace 'istio-system' is missing, but must be 'n2'; "
      + "apply the step 00-namespace of 'two'",
  ],
  [
    'no gateway',
    () => mesh.clusters.remove('two', 'Service', SERVICE),
    "two two gateway: the Service of the east-west gateway does not exist in namespace 'istio-system', "
      + "so other networks cannot reach 'two'; install the gateway",
  ],
  [
    'a gateway without an address',
    () => mesh.clusters.put('two', { ...mesh.clusters.get('two', 'Service', SERVICE), status: {} }),
    "two two gateway: Service 'istio-eastwestgateway' has no address, so other networks cannot send requests to 'two'; "
      + 'check its load balancer: kubectl --context two -n istio-system describe service istio-eastwestgateway',
  ],
  [
    'a gateway of another network',
    () => mesh.clusters.put('two', { ...mesh.clusters.get('one', 'Service', SERVICE) }),
    "two two gateway: label topology.istio.io/network of Service 'istio-eastwestgateway' is 'n1', but must be 'n2'; "
      + 'install the gateway again',
  ],
  [
    'no cacerts',
    () => mesh.clusters.remove('two', 'Secret', 'cacerts'),
    "two two cacerts: Secret 'cacerts' does not exist in namespace 'istio-system', "
      + 'so istiod signs with its own root CA, which no other cluster trusts; create the Secret, and restart istiod',
  ],
  [
    'an empty cacerts',
    () => mesh.clusters.put('two', { kind: 'Secret', metadata: { name: 'cacerts', namespace: NAMESPACE } }),
    "two two cacerts: Secret 'cacerts': it has no root CA certificate, and istiod does not start without it; "
      + 'add the missing files',
  ],
  [
    'an expired intermediate CA',
    () => mesh.clusters.put('two', certificates.expired),
    expect.stringMatching(/^two two cacerts: Secret 'cacerts': ca-cert\.pem expired on \S+, and istiod rejects it; /),
  ],
  [
    'a root CA that istiod has not read yet',
    () => mesh.clusters.put('two', rootsConfigMap(certificates.otherRoot)),
    "two two cacerts: istiod does not sign under the root CA of Secret 'cacerts', which it reads only when it starts; "
      + 'restart it: kubectl --context two -n istio-system rollout restart deployment -l app=istiod',
    `one two root: 'one' and 'two' ${IN_THE_HANDSHAKE}`,
    `two one root: 'two' and 'one' ${IN_THE_HANDSHAKE}`,
  ],
])('%s fails exactly the expected checks', async (_, change, ...failures) => {
  change();
  expect((await mesh.failures()).sort()).toEqual([...failures].sort());
});

test('a gateway with the addresses of nodes does not fail', async () => {
  const service = mesh.clusters.get('two', 'Service', SERVICE);
  const annotations = { 'traffic.istio.io/nodeSelector': '{}' };
  mesh.clusters.put('two', { ...service, status: {}, metadata: { ...service.metadata, annotations } });
  expect(await mesh.failures()).toEqual([]);
});

test('a cluster without peers needs no cacerts', async () => {
  NAMES.forEach(name => mesh.clusters.remove(name, 'Secret', 'cacerts'));
  expect(await mesh.failures(MESH.replace('apiServer:', 'peers: []\napiServer:'))).toEqual([]);
});

test('a Secret of cert-manager is checked with the root CA that istiod uses, in any namespace', async () => {
  const definition = MESH.replace('apiServer:', 'namespace: mesh\napiServer:');
  const inMesh = (object: any) => ({ ...object, metadata: { ...object.metadata, namespace: 'mesh' } });
  const asCertManager = (secret: any) => inMesh({
    ...secret,
    data: {
      'tls.crt': secret.data['ca-cert.pem'],
      'tls.key': secret.data['ca-key.pem'],
      'ca.crt': base64(certificates.root.certificate),
      'root-cert.pem': base64(certificates.otherRoot.certificate),
    },
  });
  const cacertsFailures = async () =>
    (await mesh.failures(definition)).filter(line => line.startsWith('two two cacerts'));
  mesh.clusters.put('two', inMesh(rootsConfigMap(certificates.root)), asCertManager(certificates.cacerts[1]));
  expect(await cacertsFailures()).toEqual([]);
  mesh.clusters.put('two', asCertManager(certificates.expired));
  expect(await cacertsFailures()).toEqual([expect.stringContaining('tls.crt expired on')]);
});

test('a tag for a control plane that is not ready fails', async () => {
  const tagged = (revision: string) => MESH.replace(
    'network: n1', `network: n1, canary: {revision: next, istioVersion: 1.32.0}, revisionTags: {prod: ${revision}}`);
  mesh.putIstiod('one', 'istiod-1', 'default');
  mesh.putIstiod('one', 'istiod-next', 'next', 'False');
  expect(await mesh.failures(tagged('default'))).toEqual([]);
  expect(await mesh.failures(tagged('next'))).toEqual([
    "one one istiod: no istiod pod of revision 'next' is ready in namespace 'istio-system', "
      + 'so pods that need its sidecar injection do not start; '
      + "install all control planes of 'one', or move its revisionTags back",
  ]);
  mesh.putIstiod('one', 'istiod-next', 'next');
  mesh.putMetrics('one', ['istiod_remote_cluster_sync_status{cluster="two",status="synced"} 1'], 'istiod-next');
  expect(await mesh.failures(tagged('next'))).toEqual([]);
});
