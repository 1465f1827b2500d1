import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import * as certificates from '../../../src/cli/certs/certificates';
import { newRoot, smallKey } from '../../support/authorities';
import {
  certs, certsOutcomes, createdFiles, keysOf, MESH, NEW_ROOT_NOTE, useSmallKeys, without,
} from '../../support/certs-run';
import { type Files, directoryWith } from '../../support/mesh-util';

const { newKey } = certificates;
useSmallKeys();

let created: Files;
beforeAll(async () => {
  created = await createdFiles();
}, 30_000);

describe('the files', () => {
  test('are a root CA and an intermediate CA for each cluster', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH.replace('network:', 'namespace: mesh\nnetwork:') });
    expect(await certs(directory)).toEqual(['one: files new', 'two: files new', NEW_ROOT_NOTE, 'files: 2 new']);
    const files = keysOf(directory);
    expect(Object.keys(files)).toEqual(
      [
        '.gitignore',
        ...['one', 'two'].flatMap(name =>
          ['ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'].map(file => `${name}/${file}`),
        ),
        'root-cert.pem',
        'root-key.pem',
      ].sort(),
    );
    const root = new X509Certificate(files['root-cert.pem']);
    expect([
      root.ca,
      root.verify(root.publicKey),
      root.checkPrivateKey(createPrivateKey(files['root-key.pem'])),
      root.subject,
    ]).toEqual([true, true, true, 'O=Istio\nCN=Root CA']);
    for (const name of ['one', 'two']) {
      const intermediate = new X509Certificate(files[`${name}/ca-cert.pem`]);
      expect([
        intermediate.ca,
        intermediate.checkIssued(root),
        intermediate.verify(root.publicKey),
        intermediate.checkPrivateKey(createPrivateKey(files[`${name}/ca-key.pem`])),
      ]).toEqual([true, true, true, true]);
      expect([intermediate.subject, intermediate.subjectAltName]).toEqual([
        `O=Istio\nCN=Intermediate CA\nL=${name}`,
        'DNS:istiod.mesh.svc',
      ]);
      expect(files[`${name}/cert-chain.pem`]).toBe(files[`${name}/ca-cert.pem`] + files['root-cert.pem']);
      expect(files[`${name}/root-cert.pem`]).toBe(files['root-cert.pem']);
    }
    expect(files['one/ca-key.pem']).not.toBe(files['two/ca-key.pem']);
    expect(files['.gitignore']).toBe('*\n');
  });

  test('have pathlen 0 and the key usage of Istio\'s own tool', () => {
    const { pki } = jest.requireActual<typeof import('node-forge')>('node-forge');
    const extensions = (path: string, name: string): any =>
      pki.certificateFromPem(created[`keys/${path}`]).getExtension(name);
    expect(extensions('one/ca-cert.pem', 'basicConstraints')).toMatchObject({
      cA: true,
      pathLenConstraint: 0,
      critical: true,
    });
    expect(extensions('root-cert.pem', 'basicConstraints').pathLenConstraint).toBeUndefined();
    for (const path of ['one/ca-cert.pem', 'root-cert.pem']) {
      expect(extensions(path, 'keyUsage')).toMatchObject({
        critical: true,
        digitalSignature: true,
        nonRepudiation: true,
        keyEncipherment: true,
        keyCertSign: true,
        dataEncipherment: false,
      });
    }
  });

  test('have RSA keys of 4096 bits', async () => {
    expect(createPrivateKey(await newKey()).asymmetricKeyDetails).toMatchObject({ modulusLength: 4096 });
  }, 60_000);

  test('are valid for the given number of days, but no longer than their root CA', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH });
    await certs(directory, { rootDays: 20, days: 10 });
    rmSync(join(directory, 'keys', 'two'), { recursive: true });
    await certs(directory, { days: 30 });
    const days = (path: string) =>
      Math.round((Date.parse(new X509Certificate(keysOf(directory)[path]).validTo) - Date.now()) / 86_400_000);
    expect(['root-cert.pem', 'one/ca-cert.pem', 'two/ca-cert.pem'].map(days)).toEqual([20, 10, 20]);
  });

  test('cannot be read by other users', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH });
    await certs(directory);
    const mode = (path: string) => (statSync(join(directory, 'keys', path)).mode % 0o1000).toString(8);
    expect(['.', 'one'].map(mode)).toEqual(['700', '700']);
    expect(['root-key.pem', 'one/ca-key.pem', 'two/ca-key.pem'].map(mode)).toEqual(['600', '600', '600']);
  });

  test('are unchanged if they exist', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH, ...created });
    expect(await certs(directory)).toEqual(['one: files unchanged', 'two: files unchanged', 'files: 2 unchanged']);
    expect(keysOf(directory)).toEqual(keysOf(directoryWith(created)));
  });

  test('of a new cluster are signed by the existing root CA', async () => {
    const directory = directoryWith({
      'mesh.yaml': MESH.replace('{name: two}', '{name: two}, {name: three}'),
      ...created,
    });
    expect(await certs(directory)).toEqual([
      'one: files unchanged',
      'three: files new',
      'two: files unchanged',
      'files: 1 new, 2 unchanged',
    ]);
    const files = keysOf(directory);
    expect(files).toMatchObject(keysOf(directoryWith(created)));
    expect(
      new X509Certificate(files['three/ca-cert.pem']).verify(new X509Certificate(files['root-cert.pem']).publicKey),
    ).toBe(true);
  });

  test('need no key of the root CA if nothing is missing', async () => {
    expect(await certs(directoryWith({ 'mesh.yaml': MESH, ...without(created, 'root-key') }))).toContain(
      'files: 2 unchanged',
    );
    expect(await certs(directoryWith({ 'mesh.yaml': MESH, ...without(created, 'root-') }))).toContain(
      'files: 2 unchanged',
    );
  });

  test('are reported and not created in a dry run', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH });
    expect(await certs(directory, { dryRun: true })).toEqual([
      'one: files new',
      'two: files new',
      'files: 2 new (dry run: nothing was written)',
    ]);
    expect(readdirSync(directory)).toEqual(['mesh.yaml']);
  });

  test('include a .gitignore, which does not replace an existing one', async () => {
    const directory = directoryWith({ 'mesh.yaml': MESH, 'keys/.gitignore': '' });
    await certs(directory);
    expect(keysOf(directory)['.gitignore']).toBe('');
  });
});

describe('a killed run', () => {
  test('is completed by the next run, whatever it wrote', async () => {
    for (const prefixes of [['one', 'two', 'root-'], ['one', 'two', 'root-cert'], ['one', 'two'], ['two']]) {
      const directory = directoryWith({ 'mesh.yaml': MESH, ...without(created, ...prefixes) });
      const before = keysOf(directory);
      expect((await certs(directory)).at(-1)).toMatch(/^files: (\d new(, \d unchanged)?)$/);
      expect(keysOf(directory)).toMatchObject(before);
      expect(await certs(directory)).toContain('files: 2 unchanged');
    }
  });

  test('leaves no temporary files after the next run', async () => {
    const leftover = (pid: number) => `keys/.root-key.pem.istio-mesh-${pid}-0a1b2c/root-key.pem`;
    const gone = 4_194_305; // above the process ids of Linux
    const directory = directoryWith({ 'mesh.yaml': MESH, [leftover(gone)]: 'half' });
    await certs(directory);
    expect(Object.keys(keysOf(directory)).filter(path => path.includes('istio-mesh'))).toEqual([]);

    const done = directoryWith({ 'mesh.yaml': MESH, ...created, [leftover(gone)]: 'whole' });
    expect(await certs(done)).toContain('files: 2 unchanged');
    expect(keysOf(done)).toEqual(keysOf(directoryWith(created)));

    const busy = directoryWith({ 'mesh.yaml': MESH, [leftover(process.ppid)]: 'half' });
    expect((await certsOutcomes(busy)).map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringMatching(/^process \d+ is writing '.*keys\/root-key.pem'/)),
    );
  });
});

test('a root CA that another run creates at the same time is not overwritten', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  jest.spyOn(certificates, 'newKey').mockImplementationOnce(async () => {
    writeFileSync(join(directory, 'keys', 'root-key.pem'), 'of another run');
    return smallKey();
  });
  expect(await certs(directory)).toEqual([
    'one: files failed',
    'two: files failed',
    "error: another run has just created 'keys/root-key.pem', which is not replaced; "
      + 'wait until that run has ended, and run this command again',
    'files: 2 failed',
  ]);
  expect(Object.keys(keysOf(directory))).toEqual(['.gitignore', 'root-key.pem']);
  expect(keysOf(directory)['root-key.pem']).toBe('of another run');
});

describe('no file is created', () => {
  const HALF_AN_HOUR_AGO = new Date(Date.now() - 1_800_000).toISOString().slice(0, 10);
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const other = newRoot();
  const expired = newRoot(-1 / 48);
  test.each<[string, () => Files, string]>([
    [
      'without the key of the root CA',
      () => without(created, 'two', 'root-key'),
      "'keys' has no root-key.pem, which must sign the missing certificates; restore it for this run",
    ],
    [
      'without the root CA of the other files',
      () => without(created, 'two', 'root-'),
      "'two' has no files in 'keys', and root-cert.pem and root-key.pem, which signed those of 'one', are missing; "
        + "add these two, or create the files of 'two' with the tool that created the others",
    ],
    [
      'with the key of another root CA',
      () => ({ ...without(created, 'two'), 'keys/root-key.pem': other.key }),
      "root-key.pem in 'keys' is not the key of a CA certificate in root-cert.pem; "
        + 'write a key and a certificate that belong together',
    ],
    [
      'with an unreadable key',
      () => ({ ...without(created, 'two'), 'keys/root-key.pem': 'none' }),
      "cannot sign with root-key.pem in 'keys': it is not a PEM private key without a password; "
        + 'create the files with the tool that created this key',
    ],
    [
      'with a key of another type',
      () => ({ ...without(created, 'two'), 'keys/root-key.pem': elliptic }),
      "cannot sign with root-key.pem in 'keys': it is a key of the type ec, and istio-mesh certs supports only RSA; "
        + 'create the files with the tool that created this key',
    ],
    [
      'with an expired root CA',
      () => ({ 'keys/root-cert.pem': expired.certificate, 'keys/root-key.pem': expired.key }),
      `root-cert.pem in 'keys' expired on ${HALF_AN_HOUR_AGO}, so istiod rejects certificates that it signs; `
        + 'use another directory',
    ],
  ])('%s', async (_, files, message) => {
    const directory = directoryWith({ 'mesh.yaml': MESH, ...files() });
    const before = keysOf(directory);
    const lines = await certs(directory);
    expect([lines.filter(line => line.startsWith('error: ')), lines.at(-1)?.includes('failed')]).toEqual([
      [`error: ${message}`],
      true,
    ]);
    expect(keysOf(directory)).toEqual(before);
  });

  test('in an output directory of any name', async () => {
    const message = (output: string, directory: string) =>
      `error: the PEM directory '${directory}' is inside the output directory '${output}', `
      + 'which is committed, and which cdk8s synth empties; use a directory outside of it';
    const directory = directoryWith({
      'mesh.yaml': MESH.replace('pem: keys', 'pem: build/keys'),
      'build/.istio-mesh.json': '{}',
    });
    expect(await certs(directory)).toContain(message('build', 'build/keys'));
    expect(existsSync(join(directory, 'build', 'keys'))).toBe(false);

    const project = directoryWith({ 'mesh.yaml': MESH.replace('pem: keys', 'pem: dist/keys') });
    const before = process.cwd();
    process.chdir(project);
    try {
      expect(await certs(project)).toContain(message('dist', 'dist/keys'));
    } finally {
      process.chdir(before);
    }
  });

  test('in two directories of linked clusters, which would each get a root CA', async () => {
    const mesh = MESH.replace('pem: keys', 'pem: $(cluster)');
    const message = (cluster: string, peer: string) =>
      `error: '${cluster}' has no root CA, and '${peer}', a peer of '${cluster}', has its files in '${peer}', `
      + 'so each would get its own root CA; '
      + 'use one directory for both, or put root-cert.pem and root-key.pem of one root CA into each';
    expect(await certs(directoryWith({ 'mesh.yaml': mesh }))).toEqual([
      'one: files failed',
      'two: files failed',
      message('one', 'two'),
      message('two', 'one'),
      'files: 2 failed',
    ]);
    expect(await certs(directoryWith({ 'mesh.yaml': `${mesh}peers: []\n` }))).toContain('files: 2 new');
  });
});

test('a cluster with other files in its directory does not stop the others', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH, ...without(created, 'one', 'two'), 'keys/one/notes': 'mine' });
  expect(await certs(directory)).toEqual([
    'one: files failed',
    'two: files new',
    "error: 'keys/one' exists without an intermediate CA, and is not replaced; "
      + 'move it away, and run this command again',
    'files: 1 new, 1 failed',
  ]);
  expect(keysOf(directory)['one/notes']).toBe('mine');
});

test('a cluster with another trust provider is reported', async () => {
  const trusts = [
    'external',
    '{certManager: {issuerRef: {name: root}}}',
    '{externalSecrets: {secretStoreRef: {name: vault}}}',
  ];
  const clusters = trusts.map((trust, i) => `{name: c${i}, trust: ${trust}}`).join(', ');
  const directory = directoryWith({ 'mesh.yaml': MESH.replace(/clusters: .*/, `clusters: [${clusters}]`) });
  expect(await certs(directory, { apply: true })).toEqual([
    expect.stringMatching(/^c0: trust is external: /),
    expect.stringMatching(/^c1: trust is certManager: cert-manager /),
    expect.stringMatching(/^c2: trust is externalSecrets: External Secrets /),
    'nothing to do: no cluster has trust: pem',
  ]);
});

test('the generated mesh.yaml refers to the same files', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH.replace('pem: keys', 'pem: ../keys'), ...created });
  mkdirSync(join(directory, 'dist'));
  cpSync(join(directory, 'mesh.yaml'), join(directory, 'dist', 'mesh.yaml'));
  expect(await certs(join(directory, 'dist'))).toContain('files: 2 unchanged');
});

test('files that synth would reject are reported, and do not stop other clusters', async () => {
  const directory = directoryWith({ 'mesh.yaml': MESH, ...without(created, 'one/ca-key', 'two') });
  expect(await certs(directory)).toEqual([
    'one: files failed',
    'two: files new',
    expect.stringMatching(/^error: cluster 'one': trust: 'ca-key.pem' is missing in 'keys\/one', .* \(IM023\)$/),
    'files: 1 new, 1 failed',
  ]);
});
