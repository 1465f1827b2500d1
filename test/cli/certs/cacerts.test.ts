import { rmSync } from 'fs';
import { join } from 'path';
import type { CertsOptions } from '../../../src/cli/certs/certs';
import { authorityFiles, newRoot } from '../../support/authorities';
import { certs, certsOutcomes, createdFiles, keysOf, MESH, NEW_ROOT_NOTE, useSmallKeys } from '../../support/certs-run';
import { base64, FakeClusters } from '../../support/fake-clusters';
import { type Files, directoryWith } from '../../support/mesh-util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-clusters').programs());
useSmallKeys();

const REPLACE_ROOT = 'delete the Secret (kubectl --context one -n istio-system delete secret cacerts), '
  + 'run this command again, and restart istiod and then all workloads';

const incomplete = (context: string) =>
  `error: Secret 'cacerts' in namespace 'istio-system' of context '${context}' has missing or unreadable files `
  + "('root-cert.pem'), and istiod does not start with it; "
  + `delete the Secret: kubectl --context ${context} -n istio-system delete secret cacerts`;

let created: Files;
beforeAll(async () => {
  created = await createdFiles();
}, 30_000);

let clusters: FakeClusters;
let directory: string;

beforeEach(() => {
  clusters = new FakeClusters('one', 'two');
  ['one', 'two'].forEach(name => clusters.put(name, { kind: 'Namespace', metadata: { name: 'istio-system' } }));
  directory = directoryWith({ 'mesh.yaml': MESH, ...created });
});

const apply = (options: Partial<CertsOptions> = {}) => certs(directory, { apply: true, ...options });
const secretOf = (cluster: string) => clusters.get(cluster, 'Secret', 'cacerts');
const encode = (files: Files) => Object.fromEntries(Object.entries(files).map(([name, text]) => [name, base64(text)]));
const put = (cluster: string, data: object, metadata = {}) =>
  clusters.put(cluster, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'cacerts', namespace: 'istio-system', resourceVersion: '7', ...metadata },
    data,
  });
const filesOfCluster = (cluster: string) =>
  Object.fromEntries(
    Object.entries(keysOf(directory))
      .filter(([path]) => path.startsWith(`${cluster}/`))
      .map(([path, text]) => [path.slice(cluster.length + 1), text]),
  );

test('a Secret is created from the files, and unchanged the next time', async () => {
  expect(await apply()).toEqual([
    'one: files unchanged, Secret new',
    'two: files unchanged, Secret new',
    'files: 2 unchanged; Secrets: 2 new',
  ]);
  expect(secretOf('one')).toMatchObject({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    data: encode(filesOfCluster('one')),
    metadata: { name: 'cacerts', namespace: 'istio-system', labels: { 'app.kubernetes.io/managed-by': 'istio-mesh' } },
  });
  const before = secretOf('one');
  expect(await apply()).toEqual([
    'one: files unchanged, Secret unchanged',
    'two: files unchanged, Secret unchanged',
    'files: 2 unchanged; Secrets: 2 unchanged',
  ]);
  expect(secretOf('one')).toEqual(before);
});

test('files and Secrets are created in one run', async () => {
  rmSync(join(directory, 'keys'), { recursive: true });
  expect(await apply()).toEqual([
    'one: files new, Secret new',
    'two: files new, Secret new',
    NEW_ROOT_NOTE,
    'files: 2 new; Secrets: 2 new',
  ]);
  expect(secretOf('two').data).toEqual(encode(filesOfCluster('two')));
});

test('a dry run reports Secrets and writes nothing, with or without files', async () => {
  expect(await apply({ dryRun: true })).toContain('files: 2 unchanged; Secrets: 2 new (dry run: nothing was written)');
  const data = encode(filesOfCluster('two'));
  put('one', data);
  expect(await apply({ dryRun: true, renew: true })).toContain(
    'files: 2 unchanged; Secrets: 1 new, 1 changed (dry run: nothing was written)',
  );
  rmSync(join(directory, 'keys', 'one'), { recursive: true });
  expect(await apply({ dryRun: true, renew: true })).toContain(
    'files: 1 new, 1 unchanged; Secrets: 1 new, 1 changed (dry run: nothing was written)',
  );
  rmSync(join(directory, 'keys'), { recursive: true });
  expect(await apply({ dryRun: true, renew: true })).toContain(
    'files: 2 new; Secrets: 1 new, 1 failed (dry run: nothing was written)',
  );
  expect([secretOf('one').data, secretOf('two')]).toEqual([data, undefined]);
});

test('a missing namespace is reported, and a failure at one cluster does not stop the others', async () => {
  clusters.remove('one', 'Namespace', 'istio-system', '');
  clusters.refuse('two', 'create', 'Error from server (Forbidden): secrets is forbidden');
  expect(await apply()).toEqual([
    'one: files unchanged, Secret failed',
    'two: files unchanged, Secret failed',
    "error: namespace 'istio-system' of context 'one' does not exist; apply the step 00-namespace of 'one' first",
    "error: context 'two': kubectl create: Error from server (Forbidden): secrets is forbidden",
    'files: 2 unchanged; Secrets: 2 failed',
  ]);
  clusters.refuse('two', 'create');
  expect(await apply()).toContain('files: 2 unchanged; Secrets: 1 new, 1 failed');
});

test('a Secret of another root CA is never replaced', async () => {
  const data = encode(authorityFiles(newRoot()));
  put('one', data);
  for (const options of [{}, { renew: true }]) {
    expect(await apply(options)).toContain(
      "error: Secret 'cacerts' in namespace 'istio-system' of context 'one' has another root CA, "
        + 'which is never replaced, because the workloads of the cluster trust only this one; '
        + `create the files of all clusters under it, or ${REPLACE_ROOT}`,
    );
  }
  expect(secretOf('one').data).toEqual(data);
});

test('a Secret that istiod created for itself is not replaced', async () => {
  put('one', { ...encode(authorityFiles(newRoot())), 'istio-generated': '' });
  expect(await apply({ renew: true })).toContain(
    "error: Secret 'cacerts' in namespace 'istio-system' of context 'one' has the root CA "
      + 'that istiod created for itself, and the workloads of the cluster trust only this one; '
      + `to replace it, ${REPLACE_ROOT}`,
  );
});

test('an incomplete Secret is reported', async () => {
  const { 'root-cert.pem': root, ...rest } = encode(filesOfCluster('one'));
  put('one', rest);
  put('two', { ...rest, 'root-cert.pem': base64('none') });
  expect((await apply()).slice(2, 4)).toEqual([incomplete('one'), incomplete('two')]);
});

test('a Secret with another intermediate CA is replaced on request, and foreign fields are kept', async () => {
  const sameRoot = `${filesOfCluster('one')['root-cert.pem']}\n`;
  put(
    'one',
    { ...encode({ ...filesOfCluster('two'), 'root-cert.pem': sameRoot }), 'ca-crl.pem': base64('crl') },
    { labels: { team: 'mesh' } },
  );
  expect(await apply()).toEqual([
    'one: files unchanged, Secret kept',
    'two: files unchanged, Secret new',
    "note: Secret 'cacerts' in namespace 'istio-system' of context 'one' has another intermediate CA of the same root "
      + 'CA, which also works; run again with --renew to replace it',
    'files: 2 unchanged; Secrets: 1 new, 1 kept',
  ]);
  expect(await apply({ renew: true })).toContain('files: 2 unchanged; Secrets: 1 changed, 1 unchanged');
  expect(secretOf('one').metadata.labels).toEqual({ team: 'mesh' });
  expect(secretOf('one').data).toEqual({
    ...encode({ ...filesOfCluster('one'), 'root-cert.pem': sameRoot }),
    'ca-crl.pem': base64('crl'),
  });
  expect(await apply({ renew: true })).toContain('files: 2 unchanged; Secrets: 2 unchanged');
});

test('a Secret with the file names of cert-manager and the same root CA is kept', async () => {
  const { 'ca-cert.pem': certificate, 'ca-key.pem': key, 'root-cert.pem': root } = filesOfCluster('two');
  put('one', encode({ 'tls.crt': certificate, 'tls.key': key, 'ca.crt': root }));
  expect(await apply({ renew: true })).toContain(
    "note: Secret 'cacerts' in namespace 'istio-system' of context 'one' has the file names of cert-manager and the "
      + 'same root CA; if this is intended, set trust: external or trust: certManager for this cluster',
  );
});

test('a restart is suggested as long as istiod publishes another root CA', async () => {
  const restart = "note: istiod of 'one' started before the Secret existed, so its workloads trust another root CA; "
    + 'restart istiod, and then the workloads: '
    + 'kubectl --context one -n istio-system rollout restart deployment -l app=istiod';
  const otherRoot = newRoot().certificate;
  clusters.put('one', {
    kind: 'Secret',
    metadata: { name: 'istio-ca-secret', namespace: 'istio-system' },
    data: { 'ca-cert.pem': base64(otherRoot) },
  });
  expect(await apply()).toEqual([
    'one: files unchanged, Secret new',
    'two: files unchanged, Secret new',
    restart,
    'files: 2 unchanged; Secrets: 2 new',
  ]);
  const publish = (root: string) =>
    clusters.put('one', {
      kind: 'ConfigMap',
      metadata: { name: 'istio-ca-root-cert', namespace: 'istio-system' },
      data: { 'root-cert.pem': root },
    });
  publish(otherRoot);
  expect(await apply()).toContain(restart);
  publish(filesOfCluster('one')['root-cert.pem']);
  expect(await apply()).toEqual([
    'one: files unchanged, Secret unchanged',
    'two: files unchanged, Secret unchanged',
    'files: 2 unchanged; Secrets: 2 unchanged',
  ]);
});

test('no Secret is created from invalid files', async () => {
  rmSync(join(directory, 'keys', 'two'), { recursive: true });
  rmSync(join(directory, 'keys', 'root-key.pem'));
  await certs(directory);
  expect((await apply()).slice(0, 2)).toEqual(['one: files unchanged, Secret new', 'two: files failed']);
  expect(secretOf('two')).toBeUndefined();
});

test('no message and no outcome shows a key', async () => {
  put('one', encode(authorityFiles(newRoot())));
  const outcomes = await certsOutcomes(directory, { apply: true });
  expect(JSON.stringify(outcomes)).not.toMatch(/BEGIN|[A-Za-z0-9+/]{40}/);
  expect(outcomes).toEqual([
    { cluster: 'one', trust: 'pem', files: 'right', secret: 'failed', reason: expect.any(String) },
    { cluster: 'two', trust: 'pem', files: 'right', secret: 'new', reason: undefined },
  ]);
});
