import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as certificates from '../../../src/cli/certs/certificates';
import type { CertsOptions, CertsOutcome } from '../../../src/cli/certs/certs';
import { Certs, certsLine, certsSummary } from '../../../src/cli/certs/certs';
import { meshOf } from '../../../src/cli/load-mesh';
import { authorityFiles, newRoot, smallKey } from '../../support/authorities';
import { base64, FakeClusters } from '../../support/fake-clusters';
import type { Files } from '../../support/mesh-util';
import { directoryWith, filesOf } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
trust: {pem: keys}
clusters: [{name: one}, {name: two}]
`;

const { newKey } = certificates;
jest.spyOn(certificates, 'newKey').mockImplementation(async () => smallKey()); // those of the command take seconds

/** Files that were made once, for tests of what comes after. */
let made: Files;
beforeAll(async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  await certs(directory);
  made = Object.fromEntries(Object.entries(filesOf(join(directory, 'keys'))).map(([path, text]) => [`keys/${path}`, text]));
});

const DAYS = { days: 3650, rootDays: 3650 };

async function run(directory: string, options: Partial<CertsOptions> = {}): Promise<CertsOutcome[]> {
  return new Certs(meshOf(join(directory, 'mesh.yaml')), { ...DAYS, ...options }).run(() => undefined);
}

/** What is told of a run in a directory with a mesh file. */
async function certs(directory: string, options: Partial<CertsOptions> = {}): Promise<string[]> {
  const told: string[] = [];
  const outcomes = await new Certs(meshOf(join(directory, 'mesh.yaml')), { ...DAYS, ...options }).run(outcome => told.push(certsLine(outcome)));
  return [...told.sort(), certsSummary(outcomes, options)].join('').split(`${directory}/`).join('').trim().split('\n');
}

const keysOf = (directory: string) => filesOf(join(directory, 'keys'));
const withoutFiles = (...prefixes: string[]) => Object.fromEntries(Object.entries(made).filter(([path]) => !prefixes.some(prefix => path.startsWith(`keys/${prefix}`))));
const ROOT_NOTE = "note: 'keys' has a new root; keep its root-key.pem where nobody else gets it, and off this machine until the next cluster comes";

describe('the files', () => {
  test('are a root and an authority for each cluster, which istiod takes', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH.replace('network:', 'namespace: mesh\nnetwork:') });
    expect(await certs(directory)).toEqual(['one: files new', 'two: files new', ROOT_NOTE, 'files: 2 new']);
    const files = keysOf(directory);
    expect(Object.keys(files)).toEqual([
      '.gitignore', ...['one', 'two'].flatMap(name => ['ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'].map(file => `${name}/${file}`)), 'root-cert.pem', 'root-key.pem',
    ].sort());
    const root = new X509Certificate(files['root-cert.pem']);
    expect([root.ca, root.verify(root.publicKey), root.checkPrivateKey(createPrivateKey(files['root-key.pem'])), root.subject]).toEqual([true, true, true, 'O=Istio\nCN=Root CA']);
    for (const name of ['one', 'two']) {
      const own = new X509Certificate(files[`${name}/ca-cert.pem`]);
      expect([own.ca, own.checkIssued(root), own.verify(root.publicKey), own.checkPrivateKey(createPrivateKey(files[`${name}/ca-key.pem`]))]).toEqual([true, true, true, true]);
      expect([own.subject, own.subjectAltName]).toEqual([`O=Istio\nCN=Intermediate CA\nL=${name}`, 'DNS:istiod.mesh.svc']);
      expect(files[`${name}/cert-chain.pem`]).toBe(files[`${name}/ca-cert.pem`] + files['root-cert.pem']);
      expect(files[`${name}/root-cert.pem`]).toBe(files['root-cert.pem']);
    }
    expect(files['one/ca-key.pem']).not.toBe(files['two/ca-key.pem']);
    expect(files['.gitignore']).toBe('*\n');
  });

  test('say pathlen 0 and the key usage of Istio\'s own tool', () => {
    const { pki } = jest.requireActual<typeof import('node-forge')>('node-forge');
    const extensions = (path: string, name: string): any => pki.certificateFromPem(made[`keys/${path}`]).getExtension(name);
    expect(extensions('one/ca-cert.pem', 'basicConstraints')).toMatchObject({ cA: true, pathLenConstraint: 0, critical: true });
    expect(extensions('root-cert.pem', 'basicConstraints').pathLenConstraint).toBeUndefined();
    for (const path of ['one/ca-cert.pem', 'root-cert.pem']) {
      expect(extensions(path, 'keyUsage')).toMatchObject({ critical: true, digitalSignature: true, nonRepudiation: true, keyEncipherment: true, keyCertSign: true, dataEncipherment: false });
    }
  });

  test('are RSA of 4096 bits', async () => {
    expect(createPrivateKey(await newKey()).asymmetricKeyDetails).toMatchObject({ modulusLength: 4096 });
  }, 60_000);

  test('last as long as is said, and no longer than their root', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH });
    await certs(directory, { rootDays: 20, days: 10 });
    rmSync(join(directory, 'keys', 'two'), { recursive: true });
    await certs(directory, { days: 30 });
    const days = (path: string) => Math.round((Date.parse(new X509Certificate(keysOf(directory)[path]).validTo) - Date.now()) / 86_400_000);
    expect(['root-cert.pem', 'one/ca-cert.pem', 'two/ca-cert.pem'].map(days)).toEqual([20, 10, 20]);
  });

  test('can be read by nobody else', () => {
    const directory = directoryWith({ 'mesh.yaml': MESH });
    return certs(directory).then(() => {
      const mode = (path: string) => (statSync(join(directory, 'keys', path)).mode % 0o1000).toString(8);
      expect(['.', 'one', 'root-key.pem', 'one/ca-key.pem', 'two/ca-key.pem'].map(mode)).toEqual(['700', '700', '600', '600', '600']);
    });
  });

  test('are left alone when they are there', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH, ...made });
    expect(await certs(directory)).toEqual(['one: files right', 'two: files right', 'files: 2 right']);
    expect(keysOf(directory)).toEqual(keysOf(directoryWith(made)));
  });

  test('of a cluster that is new come under the root that is there', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH.replace('{name: two}', '{name: two}, {name: three}'), ...made });
    expect(await certs(directory)).toEqual(['one: files right', 'three: files new', 'two: files right', 'files: 1 new, 2 right']);
    const files = keysOf(directory);
    expect(files).toMatchObject(keysOf(directoryWith(made)));
    expect(new X509Certificate(files['three/ca-cert.pem']).verify(new X509Certificate(files['root-cert.pem']).publicKey)).toBe(true);
  });

  test('need no key of the root when nothing is missing', async () => {
    expect(await certs(directoryWith({ 'mesh.yaml': MESH, ...withoutFiles('root-key') }))).toContain('files: 2 right');
    expect(await certs(directoryWith({ 'mesh.yaml': MESH, ...withoutFiles('root-') }))).toContain('files: 2 right');
  });

  test('are told and not made in a dry run', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH });
    expect(await certs(directory, { dryRun: true })).toEqual(['one: files new', 'two: files new', 'files: 2 new (dry run: nothing was written)']);
    expect(readdirSync(directory)).toEqual(['mesh.yaml']);
  });

  test('come with an ignore file, but not over one that is there', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH, 'keys/.gitignore': '' });
    await certs(directory);
    expect(keysOf(directory)['.gitignore']).toBe('');
  });
});

describe('a run that was killed', () => {
  test('after any of its writes is finished by the next', async () => {
    for (const prefixes of [['one', 'two', 'root-'], ['one', 'two', 'root-cert'], ['one', 'two'], ['two']]) {
      const directory = directoryWith({ 'mesh.yaml': MESH, ...withoutFiles(...prefixes) });
      const before = keysOf(directory);
      expect((await certs(directory)).at(-1)).toMatch(/^files: (\d new(, \d right)?)$/);
      expect(keysOf(directory)).toMatchObject(before);
      expect(await certs(directory)).toContain('files: 2 right');
    }
  });

  test('leaves nothing beside the files after the next', async () => {
    const leftover = (pid: number) => `keys/.root-key.pem.istio-mesh-${pid}-0a1b2c/root-key.pem`;
    const gone = 4_194_305; // above what Linux gives
    const directory = directoryWith({ 'mesh.yaml': MESH, [leftover(gone)]: 'half' });
    await certs(directory);
    expect(Object.keys(keysOf(directory)).filter(path => path.includes('istio-mesh'))).toEqual([]);

    const done = directoryWith({ 'mesh.yaml': MESH, ...made, [leftover(gone)]: 'whole' });
    expect(await certs(done)).toContain('files: 2 right');
    expect(keysOf(done)).toEqual(keysOf(directoryWith(made)));

    const busy = directoryWith({ 'mesh.yaml': MESH, [leftover(process.ppid)]: 'half' });
    expect((await run(busy)).map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringMatching(/^process \d+ is writing '.*keys\/root-key.pem' at this moment; wait until it is done, /)));
  });
});

test('a root that appears while another is made is not overwritten', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  jest.spyOn(certificates, 'newKey').mockImplementationOnce(async () => {
    writeFileSync(join(directory, 'keys', 'root-key.pem'), 'of somebody else');
    return smallKey();
  });
  expect(await certs(directory)).toEqual(['one: files failed', 'two: files failed',
    "error: 'keys/root-key.pem' appeared in the meantime, and is not replaced; another run makes the same files: when it is done, run this again", 'files: 2 failed']);
  expect(Object.keys(keysOf(directory))).toEqual(['.gitignore', 'root-key.pem']);
  expect(keysOf(directory)['root-key.pem']).toBe('of somebody else');
});

describe('what cannot be signed is refused', () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const other = newRoot();
  const over = newRoot(-1 / 48);
  test.each<[string, () => Files, string]>([
    ['without the key of the root', () => withoutFiles('two', 'root-key'),
      "root-key.pem is not in 'keys', and nobody else can sign what is missing; bring it back for this run"],
    ['without the root of the others', () => withoutFiles('two', 'root-'),
      "'two' has no files in 'keys', and root-cert.pem and root-key.pem, under which those of 'one' were made, are not there; add the two, or make its files with the tool that made the others"],
    ['with the key of another root', () => ({ ...withoutFiles('two'), 'keys/root-key.pem': other.key }),
      "root-key.pem in 'keys' is the key of no authority in root-cert.pem; write the two that were made together"],
    ['with a key that nobody can read', () => ({ ...withoutFiles('two'), 'keys/root-key.pem': 'none' }),
      "root-key.pem in 'keys' cannot sign: it is no private key in PEM without a password; make the files with the tool that made it"],
    ['with a key of another kind', () => ({ ...withoutFiles('two'), 'keys/root-key.pem': elliptic }),
      "root-key.pem in 'keys' cannot sign: it is a key of the kind ec, and istio-mesh certs signs with RSA alone; make the files with the tool that made it"],
    ['with a root that is over', () => ({ 'keys/root-cert.pem': over.certificate, 'keys/root-key.pem': over.key }),
      `in 'keys': root-cert.pem ended on ${new Date(Date.now() - 1_800_000).toISOString().slice(0, 10)}, and istiod refuses it; what it signs is refused too, so begin with another directory`],
  ])('%s', async (_, files, sentence) => {
    const directory = directoryWith({ 'mesh.yaml': MESH, ...files() });
    const before = keysOf(directory);
    const lines = await certs(directory);
    expect([lines.filter(line => line.startsWith('error: ')), lines.at(-1)?.includes('failed')]).toEqual([[`error: ${sentence}`], true]);
    expect(keysOf(directory)).toEqual(before);
  });

  test('in the output directory, whatever its name', async () => {
    const sentence = (tree: string, place: string) => `error: the PEM directory '${place}' is inside of the output directory '${tree}', which is committed, and which cdk8s synth empties; name one outside of it`;
    const directory = directoryWith({ 'mesh.yaml': MESH.replace('pem: keys', 'pem: build/keys'), 'build/.istio-mesh.json': '{}' });
    expect(await certs(directory)).toContain(sentence('build', 'build/keys'));
    expect(existsSync(join(directory, 'build', 'keys'))).toBe(false);

    const beside = directoryWith({ 'mesh.yaml': MESH.replace('pem: keys', 'pem: dist/keys') });
    const before = process.cwd();
    process.chdir(beside);
    try {
      expect(await certs(beside)).toContain(sentence('dist', 'dist/keys'));
    } finally {
      process.chdir(before);
    }
  });

  test('in two directories of linked clusters, which would get a root each', async () => {
    const mesh = MESH.replace('pem: keys', 'pem: $(cluster)');
    const directory = directoryWith({ 'mesh.yaml': mesh });
    expect(await certs(directory)).toEqual(['one: files failed', 'two: files failed', ...[['one', 'two'], ['two', 'one']].map(([own, peer]) =>
      `error: '${join(directory, own)}' has no root, and '${peer}', which is linked with '${own}', has its files in '${join(directory, peer)}', so that each would get a root of its own; name one directory for both, or put root-cert.pem and root-key.pem of one root into each`.split(`${directory}/`).join('')), 'files: 2 failed']);
    expect(await certs(directoryWith({ 'mesh.yaml': `${mesh}peers: []\n` }))).toContain('files: 2 new');
  });
});

test('a cluster whose directory has something else stops no other', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH, ...withoutFiles('one', 'two'), 'keys/one/notes': 'mine' });
  expect(await certs(directory)).toEqual(['one: files failed', 'two: files new',
    "error: 'keys/one' has something that is no authority, and is not replaced; move it away, and run this again", 'files: 1 new, 1 failed']);
  expect(keysOf(directory)['one/notes']).toBe('mine');
});

test('a cluster that gets its authority from elsewhere is told as such', async () => {
  const trusts = ['external', '{certManager: {issuerRef: {name: root}}}', '{externalSecrets: {secretStoreRef: {name: vault}}}'];
  const clusters = trusts.map((trust, i) => `{name: c${i}, trust: ${trust}}`).join(', ');
  const directory = directoryWith({ 'mesh.yaml': MESH.replace(/clusters: .*/, `clusters: [${clusters}]`) });
  expect(await certs(directory, { apply: true })).toEqual([
    'c0: trust is external: the Secret cacerts is managed outside this tool',
    'c1: trust is certManager: cert-manager creates the Secret cacerts, from the Certificate in 10-trust',
    'c2: trust is externalSecrets: External Secrets creates the Secret cacerts, from the ExternalSecret in 10-trust',
    'files: none to make: no cluster has the trust pem',
  ]);
});

describe('the Secrets', () => {
  let clusters: FakeClusters;
  let directory: string;

  beforeEach(() => {
    clusters = new FakeClusters('one', 'two');
    ['one', 'two'].forEach(name => clusters.put(name, { kind: 'Namespace', metadata: { name: 'istio-system' } }));
    directory = directoryWith({ 'mesh.yaml': MESH, ...made });
  });

  const apply = (options: Partial<CertsOptions> = {}) => certs(directory, { apply: true, ...options });
  const secretOf = (cluster: string) => clusters.get(cluster, 'Secret', 'cacerts');
  const encoded = (files: Files) => Object.fromEntries(Object.entries(files).map(([name, text]) => [name, base64(text)]));
  const put = (cluster: string, data: object, metadata = {}) =>
    clusters.put(cluster, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system', resourceVersion: '7', ...metadata }, data });
  const authority = (cluster: string) => Object.fromEntries(Object.entries(keysOf(directory)).filter(([path]) => path.startsWith(`${cluster}/`)).map(([path, text]) => [path.slice(cluster.length + 1), text]));

  test('are made of the files, and are right the next time', async () => {
    expect(await apply()).toEqual(['one: files right, Secret new', 'two: files right, Secret new', 'files: 2 right; Secrets: 2 new']);
    expect(secretOf('one')).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'Opaque',
      data: encoded(authority('one')),
      metadata: { name: 'cacerts', namespace: 'istio-system', labels: { 'app.kubernetes.io/managed-by': 'istio-mesh' } },
    });
    const before = secretOf('one');
    expect(await apply()).toEqual(['one: files right, Secret right', 'two: files right, Secret right', 'files: 2 right; Secrets: 2 right']);
    expect(secretOf('one')).toEqual(before);
  });

  test('come with files that are made at once', async () => {
    rmSync(join(directory, 'keys'), { recursive: true });
    expect(await apply()).toEqual(['one: files new, Secret new', 'two: files new, Secret new', `${ROOT_NOTE}`, 'files: 2 new; Secrets: 2 new']);
    expect(secretOf('two').data).toEqual(encoded(authority('two')));
  });

  test('are told and not written in a dry run, with or without files', async () => {
    expect(await apply({ dryRun: true })).toContain('files: 2 right; Secrets: 2 new (dry run: nothing was written)');
    const data = encoded(authority('two'));
    put('one', data);
    expect(await apply({ dryRun: true, renew: true })).toContain('files: 2 right; Secrets: 1 new, 1 changed (dry run: nothing was written)');
    rmSync(join(directory, 'keys', 'one'), { recursive: true });
    expect(await apply({ dryRun: true, renew: true })).toContain('files: 1 new, 1 right; Secrets: 1 new, 1 changed (dry run: nothing was written)');
    rmSync(join(directory, 'keys'), { recursive: true });
    expect(await apply({ dryRun: true, renew: true })).toContain('files: 2 new; Secrets: 1 new, 1 failed (dry run: nothing was written)');
    expect([secretOf('one').data, secretOf('two')]).toEqual([data, undefined]);
  });

  test('wait for their namespace, and what fails at one cluster stops no other', async () => {
    clusters.remove('one', 'Namespace', 'istio-system', '');
    clusters.refuse('two', 'create', 'Error from server (Forbidden): secrets is forbidden');
    expect(await apply()).toEqual(['one: files right, Secret failed', 'two: files right, Secret failed',
      "error: namespace 'istio-system' of context 'one' is not there; apply the step 00-namespace of 'one' first",
      "error: context 'two': kubectl create: Error from server (Forbidden): secrets is forbidden",
      'files: 2 right; Secrets: 2 failed']);
    clusters.refuse('two', 'create');
    expect(await apply()).toContain('files: 2 right; Secrets: 1 new, 1 failed');
  });

  test('of another root are never replaced', async () => {
    const data = encoded(authorityFiles(newRoot()));
    put('one', data);
    for (const options of [{}, { renew: true }]) {
      expect(await apply(options)).toContain("error: Secret 'cacerts' in namespace 'istio-system' of context 'one' has another root, which is never replaced, since its workloads trust that alone; "
        + 'make the files of all clusters under that root, or remove the Secret (kubectl --context one -n istio-system delete secret cacerts), run this again, and restart istiod and then all workloads');
    }
    expect(secretOf('one').data).toEqual(data);
  });

  test('that istiod made for itself are not replaced', async () => {
    put('one', { ...encoded(authorityFiles(newRoot())), 'istio-generated': '' });
    expect(await apply({ renew: true })).toContain("error: Secret 'cacerts' in namespace 'istio-system' of context 'one' has the root that istiod made for itself, and every workload of the cluster trusts that alone; "
      + 'to change it, remove it (kubectl --context one -n istio-system delete secret cacerts), run this again, and restart istiod and then all workloads');
  });

  test('that are no whole authority are told', async () => {
    const { 'root-cert.pem': root, ...rest } = encoded(authority('one'));
    put('one', rest);
    put('two', { ...rest, 'root-cert.pem': base64('none') });
    expect((await apply()).slice(2, 4)).toEqual([
      "error: Secret 'cacerts' in namespace 'istio-system' of context 'one' is no whole authority: 'root-cert.pem' is missing or unreadable, and istiod does not start with it; remove it: kubectl --context one -n istio-system delete secret cacerts",
      "error: Secret 'cacerts' in namespace 'istio-system' of context 'two' is no whole authority: root-cert.pem is missing or unreadable, and istiod does not start with it; remove it: kubectl --context two -n istio-system delete secret cacerts",
    ]);
  });

  test('of another intermediate are replaced when that is asked for, and keep what others said of them', async () => {
    const renamed = `${authority('one')['root-cert.pem']}\n`;
    put('one', { ...encoded({ ...authority('two'), 'root-cert.pem': renamed }), 'ca-crl.pem': base64('crl') }, { labels: { team: 'mesh' } });
    expect(await apply()).toEqual(['one: files right, Secret left', 'two: files right, Secret new',
      "note: Secret 'cacerts' in namespace 'istio-system' of context 'one' has another intermediate of the same root, with which all is well; run again with --renew to replace it",
      'files: 2 right; Secrets: 1 new, 1 left']);
    expect(await apply({ renew: true })).toContain('files: 2 right; Secrets: 1 changed, 1 right');
    expect(secretOf('one').metadata.labels).toEqual({ team: 'mesh' });
    expect(secretOf('one').data).toEqual({ ...encoded({ ...authority('one'), 'root-cert.pem': renamed }), 'ca-crl.pem': base64('crl') });
    expect(await apply({ renew: true })).toContain('files: 2 right; Secrets: 2 right');
  });

  test('in the layout of cert-manager are left, under the same root', async () => {
    const { 'ca-cert.pem': certificate, 'ca-key.pem': key, 'root-cert.pem': root } = authority('two');
    put('one', encoded({ 'tls.crt': certificate, 'tls.key': key, 'ca.crt': root }));
    expect(await apply({ renew: true })).toContain("note: Secret 'cacerts' in namespace 'istio-system' of context 'one' is in the layout of cert-manager, under the same root; say trust: external for this cluster, or certManager, if that is meant");
  });

  test('that come after istiod started tell what to restart, until it publishes their root', async () => {
    const restart = "note: istiod of 'one' started before, and its workloads trust another root until it and then they are restarted: kubectl --context one -n istio-system rollout restart deployment --selector=app=istiod";
    const own = newRoot().certificate;
    clusters.put('one', { kind: 'Secret', metadata: { name: 'istio-ca-secret', namespace: 'istio-system' }, data: { 'ca-cert.pem': base64(own) } });
    expect(await apply()).toEqual(['one: files right, Secret new', 'two: files right, Secret new', restart, 'files: 2 right; Secrets: 2 new']);
    const published = (root: string) => clusters.put('one', { kind: 'ConfigMap', metadata: { name: 'istio-ca-root-cert', namespace: 'istio-system' }, data: { 'root-cert.pem': root } });
    published(own);
    expect(await apply()).toContain(restart);
    published(authority('one')['root-cert.pem']);
    expect(await apply()).toEqual(['one: files right, Secret right', 'two: files right, Secret right', 'files: 2 right; Secrets: 2 right']);
  });

  test('are not brought of files that are not right', async () => {
    rmSync(join(directory, 'keys', 'two'), { recursive: true });
    rmSync(join(directory, 'keys', 'root-key.pem'));
    await certs(directory);
    expect((await apply()).slice(0, 2)).toEqual(['one: files right, Secret new', 'two: files failed']);
    expect(secretOf('two')).toBeUndefined();
  });

  test('no message and no outcome shows a key', async () => {
    put('one', encoded(authorityFiles(newRoot())));
    const outcomes = await run(directory, { apply: true });
    expect(JSON.stringify(outcomes)).not.toMatch(/BEGIN|[A-Za-z0-9+/]{40}/);
    expect(outcomes).toEqual([
      { cluster: 'one', trust: 'pem', files: 'right', secret: 'failed', reason: expect.any(String) },
      { cluster: 'two', trust: 'pem', files: 'right', secret: 'new', reason: undefined },
    ]);
  });
});

test('the definition that synth wrote leads to the same files', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH.replace('pem: keys', 'pem: ../keys'), ...made });
  mkdirSync(join(directory, 'dist'));
  cpSync(join(directory, 'mesh.yaml'), join(directory, 'dist', 'mesh.yaml'));
  expect(await certs(join(directory, 'dist'))).toContain('files: 2 right');
});

test('files that synth would refuse are not brought, and stop no other cluster and no other command', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH, ...withoutFiles('one/ca-key', 'two') });
  expect(await certs(directory)).toEqual(['one: files failed', 'two: files new',
    "error: cluster 'one': trust: 'ca-key.pem' is missing in 'keys/one', and istiod does not start with a part of the files; add what is missing, or remove the directory and run istio-mesh certs (IM023)",
    'files: 1 new, 1 failed']);
});
