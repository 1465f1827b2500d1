import { readdirSync } from 'fs';
import { init } from '../../../../src/cli/init/init';
import { base64, FakeClusters } from '../../../support/fake-clusters';
import {
  type CertificateObjects,
  certificateObjects, change, guideMesh, NAMES, readMesh, TOKEN_NOTES, tokenNote,
} from '../../../support/guide-mesh';
import { guideObjects, link, MARKER, token } from '../../../support/guide-objects';
import { temporaryDirectory } from '../../../support/util';

jest.mock(
  '../../../../src/util/host/child-process',
  () => jest.requireActual('../../../support/fake-clusters').programs(),
);

let certificates: CertificateObjects;
let clusters: FakeClusters;

beforeAll(async () => { certificates = await certificateObjects(); });
beforeEach(() => { clusters = guideMesh(certificates); });

test('a mesh that was installed with Istio\'s guide is read as a user would define it', async () => {
  const { one, notes, ...mesh } = await readMesh();
  expect(mesh).toEqual({
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    network: '$(cluster)',
    apiServer: 'https://$(cluster).example.com:6443',
    hub: 'docker.io/istio',
    eastWestGateway: {
      ports: [
        { name: 'status-port', port: 15021 },
        { name: 'tls', port: 15443 },
        { name: 'tls-istiod', port: 15012 },
        { name: 'tls-webhook', port: 15017 },
      ],
    },
    clusters: [{ name: 'one' }, { name: 'two' }],
  });
  expect(notes).toEqual(TOKEN_NOTES);
});

test('each cluster is read with eight calls of kubectl, and not modified', async () => {
  await readMesh();
  const calls = clusters.calls();
  expect(calls).toHaveLength(16);
  expect(calls.filter(call => !call.includes(' get '))).toEqual([]);
});

test('the mesh and its notes contain no tokens and no keys', async () => {
  change(clusters, 'Secret', 'cacerts', ({ data }) => {
    data['ca-key.pem'] = base64(`-----BEGIN PRIVATE KEY-----\n${MARKER}`);
  });
  const broken = { ...link('three'), data: { three: base64(`token: "${MARKER}\n: {`) } };
  clusters.put('two', link('one', { user: { username: MARKER, password: MARKER } }), broken);
  const text = JSON.stringify(await readMesh());
  expect(text).toContain("reads 'one' with username");
  expect(text).not.toContain(MARKER);
  expect(text).not.toContain(token('one').split('.')[1]);
});

test('a context that differs from the name of its cluster is kept', async () => {
  expect((await readMesh('one')).one.context).toBeUndefined();
  clusters = new FakeClusters('admin@one');
  clusters.put('admin@one', ...guideObjects({ name: 'one' }));
  expect((await readMesh('admin@one')).one.context).toBe('admin@one');
});

test('notes report different mesh IDs and root CAs, and a missing cacerts', async () => {
  const renameMesh = ({ data }: any) => { data.values = data.values.replace('mesh1', 'mesh2'); };
  change(clusters, 'ConfigMap', 'istio-sidecar-injector', renameMesh, 'two');
  clusters.remove('two', 'Secret', 'cacerts');
  clusters.put('two', certificates.otherRoot);
  expect((await readMesh()).notes.filter((note: string) => !TOKEN_NOTES.includes(note))).toEqual([
    "'two' has the mesh ID 'mesh2', but the mesh definition sets 'mesh1', which proxies use after they restart",
    "'two' has no Secret cacerts, so its istiod creates its own root CA, which no other cluster trusts",
    "'one' and 'two' trust different root CAs, so requests between them fail; provide cacerts from the same root CA in "
      + 'both before you link them',
  ]);
});

test('all clusters that cannot be read are reported together', async () => {
  clusters = new FakeClusters(...NAMES);
  clusters.refuse('two', 'get', 'Unable to connect to the server');
  await expect(readMesh()).rejects.toThrow("context 'one': no Deployment of istiod found; omit this context\n"
    + "context 'two': kubectl get: Unable to connect to the server");
});

test('istiods in several namespaces are an error', async () => {
  const [istiod] = guideObjects({ name: 'one' }).filter(({ kind }) => kind === 'Deployment');
  clusters.put('one', { ...istiod, metadata: { ...istiod.metadata, namespace: 'other' } });
  await expect(readMesh()).rejects.toThrow(/^context 'one': istiod runs in the namespaces .*, but all control planes /);
});

describe('init --from-contexts', () => {
  test('writes the file, and prints the notes and the errors to fix before synth', async () => {
    clusters.remove('two', 'Secret', 'istio-remote-secret-one');
    const directory = temporaryDirectory();
    const output = await init(directory, { fromContexts: NAMES });
    expect(output.split('\n').filter(line => line.startsWith('note: '))).toEqual([
      expect.stringMatching(/^note: fix before synth: clusters\[0\]\.apiServer: cluster 'one': .*\(IM030\)$/),
      expect.stringMatching(/^note: no other cluster reads 'one' yet/),
      expect.stringMatching(/^note: 'two' has no remote secret for 'one'/),
      `note: ${tokenNote('two')}`,
    ]);
    expect(readdirSync(directory)).toContain('mesh.yaml');
  });

  test('needs contexts if it cannot ask for them', async () => {
    await expect(init(temporaryDirectory(), { fromContexts: true }))
      .rejects.toThrow('--from-contexts has no value; name the contexts of all clusters of the mesh');
  });

  test('writes nothing if a cluster cannot be read', async () => {
    const directory = temporaryDirectory();
    await expect(init(directory, { fromContexts: ['one', 'missing'] }))
      .rejects.toThrow('context "missing" does not exist');
    expect(readdirSync(directory)).toEqual([]);
  });
});
