import { rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse, parseDocument } from 'yaml';
import { Linker } from '../../../src/cli/link/link';
import { type LinkOptions, linkLine, linkSummary } from '../../../src/cli/link/link-outcome';
import { loadMesh } from '../../../src/cli/load-mesh';
import { newRoot } from '../../support/authorities';
import { base64, FakeClusters, tokenSecret } from '../../support/fake-clusters';
import { decrypted, FakeSealers } from '../../support/fake-sealers';
import { type Files, directoryWith, filesOf } from '../../support/mesh-util';
import { CA_PEM } from '../../support/util';

jest.mock('../../../src/util/host/child-process', () => jest.requireActual('../../support/fake-sealers').programs());

const NAMES = ['one', 'two', 'three'];
const SEALED = '{sealedSecrets: {certificate: certs/sealing/$(cluster).pem}}';

/** Three clusters, the first of which gets its remote secrets in files. */
const mesh = (into: string) => `meshID: mesh1
istioVersion: 1.31.0
network: network1
apiServer: https://$(cluster).example.com:6443
clusters: [{name: one, remoteCredentials: {linked: {into: ${into}}}}, {name: two}, {name: three}]
`;

let clusters: FakeClusters;
let sealers: FakeSealers;
let directory: string;

beforeEach(() => {
  clusters = new FakeClusters(...NAMES);
  sealers = new FakeSealers();
  NAMES.forEach(name => clusters.put(name, tokenSecret('blue', `${name}-blue`), tokenSecret('green', `${name}-green`)));
  directory = directoryWith({ 'certs/sealing/one.pem': CA_PEM });
});

/** The text output of a run, without the name of the temporary directory. */
async function link(text: string, options: Partial<LinkOptions> = {}): Promise<string[]> {
  writeFileSync(join(directory, 'mesh.yaml'), text);
  const lines: string[] = [];
  const linkOptions = { timeoutSeconds: 0, links: join(directory, 'links'), ...options };
  const outcomes = await new Linker(loadMesh(join(directory, 'mesh.yaml')), linkOptions)
    .run(clusterOutcomes => lines.push(linkLine(clusterOutcomes)));
  return [...lines.sort(), linkSummary(outcomes, options)].join('').split(`${directory}/`).join('').trim().split('\n');
}

const write = (path: string, text: string) => writeFileSync(join(directory, path), text);
const links = (): Files =>
  Object.fromEntries(Object.entries(filesOf(directory)).filter(([path]) => path.startsWith('links/')));
const resources = () => parse(links()['links/one/kustomization.yaml']).resources;

describe.each([
  [
    'SealedSecrets',
    SEALED,
    'sealedsecret',
    ({ spec }: any) => ({ metadata: spec.template.metadata, data: spec.encryptedData }),
  ],
  ['SOPS files', 'sops', 'secret', (object: any) => object],
])('as %s', (_, into, kind, secretIn) => {
  const nameOf = (peer: string) => `${kind}-istio-remote-secret-${peer}.yaml`;
  const pathOf = (peer: string) => `links/one/${nameOf(peer)}`;
  const secretOf = (peer: string) => secretIn(parse(links()[pathOf(peer)]));
  const kubeconfigOf = (peer: string) => parse(decrypted(secretOf(peer).data[peer]));

  test('the cluster gets a file for each of its peers, and the peers get remote secrets directly', async () => {
    expect(await link(mesh(into))).toEqual([
      'one: new two, three',
      'three: new one, two',
      'two: new one, three',
      'links: 6 new; commit links/one',
    ]);
    expect(Object.keys(links())).toEqual(['links/one/kustomization.yaml', pathOf('three'), pathOf('two')]);
    expect(resources()).toEqual([nameOf('two'), nameOf('three')]);
    expect(secretOf('two').metadata).toMatchObject({
      name: 'istio-remote-secret-two',
      namespace: 'istio-system',
      labels: { 'istio/multiCluster': 'true' },
      annotations: { 'networking.istio.io/cluster': 'two' },
    });
    expect(kubeconfigOf('two')).toMatchObject({ 'current-context': 'two', 'users': [{ user: { token: 'two-blue' } }] });
    expect(clusters.names('one')).toEqual(['secret/istio-mesh-reader-blue', 'secret/istio-mesh-reader-green']);
    const tokensForPeers = 'one get secret/istio-mesh-reader-blue secret/istio-mesh-reader-green';
    expect(clusters.calls().filter(call => call.startsWith('one '))).toEqual([tokensForPeers]);
  });

  test('no secret appears in the arguments of programs, or in plain text below links', async () => {
    await link(mesh(into));
    const everywhere = [...sealers.calls(), ...Object.values(links())].join('\n');
    for (const peer of ['two', 'three']) {
      const kubeconfig = Buffer.from(
        clusters.get(peer === 'two' ? 'three' : 'two', 'Secret', `istio-remote-secret-${peer}`).data[peer],
        'base64',
      ).toString();
      [`${peer}-blue`, base64(`${peer}-blue`), base64(kubeconfig), base64('authority')].forEach(secret =>
        expect(everywhere).not.toContain(secret),
      );
    }
  });

  test('a file with the token of either slot is unchanged, unless the definition sets activeToken', async () => {
    await link(mesh(into).replace('apiServer', 'reader: {activeToken: green}\napiServer'));
    const before = links();
    sealers.calls();
    expect(await link(mesh(into))).toContain('links: 6 unchanged');
    expect(sealers.calls()).toEqual([]);
    expect(links()).toEqual(before);
    expect(await link(mesh(into).replace('apiServer', 'reader: {activeToken: blue}\napiServer'))).toContain(
      'links: 6 changed; commit links/one',
    );
    expect(kubeconfigOf('two').users[0].user.token).toBe('two-blue');
  });

  test('a file is written again for another token or namespace, and after an edit', async () => {
    await link(mesh(into));
    clusters.put('two', tokenSecret('blue', 'another'), tokenSecret('green', 'yet-another'));
    expect(await link(mesh(into))).toEqual([
      'one: changed two; unchanged three',
      'three: changed two; unchanged one',
      'two: unchanged one, three',
      'links: 2 changed, 4 unchanged; commit links/one',
    ]);
    expect(kubeconfigOf('two').users[0].user.token).toBe('another');
    write(pathOf('two'), links()[pathOf('two')].replace('istio/multiCluster: "true"', 'istio/multiCluster: "false"'));
    expect((await link(mesh(into)))[0]).toBe('one: changed two; unchanged three');
    NAMES.forEach(name =>
      ['blue', 'green'].forEach(slot =>
        clusters.put(name, {
          ...clusters.get(name, 'Secret', `istio-mesh-reader-${slot}`),
          metadata: { name: `istio-mesh-reader-${slot}`, namespace: 'mesh' },
        }),
      ),
    );
    expect((await link(mesh(into).replace('apiServer', 'namespace: mesh\napiServer')))[0]).toBe(
      'one: changed two, three',
    );
    expect(secretOf('two').metadata.namespace).toBe('mesh');
  });

  test('foreign fields of the Secret and of the kustomization are kept', async () => {
    await link(mesh(into));
    const document = parseDocument(links()[pathOf('two')]);
    document.setIn([...(kind === 'secret' ? [] : ['spec', 'template']), 'metadata', 'labels', 'team'], 'mesh');
    write(pathOf('two'), document.toString());
    write(
      'links/one/kustomization.yaml',
      `# mine\nkind: Kustomization\nresources:\n- other.yaml # too\n- ./${nameOf('two')}\nnamespace: 0777\n`,
    );
    clusters.put('two', tokenSecret('blue', 'another'), tokenSecret('green', 'yet-another'));
    expect((await link(mesh(into)))[0]).toBe('one: changed two, three'); // the kustomization did not list the third
    expect(secretOf('two').metadata.labels).toMatchObject({ 'team': 'mesh', 'istio/multiCluster': 'true' });
    expect(links()['links/one/kustomization.yaml']).toBe(
      `# mine\nkind: Kustomization\nresources:\n- other.yaml # too\n- ./${nameOf('two')}\n- ${nameOf('three')}\n`
        + 'namespace: 0777\n',
    );
  });

  test('a dry run reports new files and writes nothing', async () => {
    expect(await link(mesh(into), { dryRun: true })).toContain('links: 6 new (dry run: nothing was written)');
    expect(links()).toEqual({});
    await link(mesh(into));
    const before = links();
    expect((await link(mesh(into).replace(', {name: three}', ''), { dryRun: true, prune: true }))[0]).toBe(
      'one: unchanged two; removed three',
    );
    expect(links()).toEqual(before);
  });

  test('the file of a cluster that left is kept until it is pruned, and a foreign file is always kept', async () => {
    await link(mesh(into));
    write(pathOf('elsewhere'), 'kind: Secret\n');
    write('links/one/mine.yaml', 'kind: ConfigMap\n');
    const smaller = mesh(into).replace(', {name: three}', '');
    expect(await link(smaller)).toEqual([
      'one: unchanged two; kept elsewhere, three',
      'two: unchanged one; kept three',
      `note: '${pathOf('elsewhere')}' is not needed by 'one', but istio-mesh link did not write it; remove it yourself`,
      `note: '${pathOf('three')}' is no longer needed by 'one'; run again with --prune to remove it`,
      "note: 'three' is no longer a peer; run again with --prune to remove Secret 'istio-remote-secret-three'",
      'links: 2 unchanged, 3 kept',
    ]);
    expect(await link(smaller, { prune: true })).toContain('links: 2 unchanged, 2 removed, 1 kept; commit links/one');
    expect(Object.keys(links()).map(path => path.slice('links/one/'.length))).toEqual(
      ['kustomization.yaml', 'mine.yaml', nameOf('elsewhere'), nameOf('two')].sort(),
    );
    expect(resources()).toEqual([nameOf('two')]);
  });

  test('files of a cluster that no longer gets its remote secrets in files are pruned too', async () => {
    await link(mesh(into));
    expect((await link(mesh('peers')))[0]).toBe('one: new two, three; kept three, two');
    const list = links()['links/one/kustomization.yaml'];
    write('links/one/kustomization.yaml', '[');
    expect((await link(mesh('peers'), { prune: true }))[0]).toBe('one: unchanged two, three; failed three, two');
    write('links/one/kustomization.yaml', list);
    expect((await link(mesh('peers'), { prune: true }))[0]).toBe('one: unchanged two, three; removed three, two');
    expect(Object.keys(links())).toEqual(['links/one/kustomization.yaml']);
    expect(resources()).toEqual([]);
    await link(mesh(into));
    const unlinked = mesh(into)
      .replace('{name: one,', '{name: one, peers: [],')
      .replace('{name: two}, {name: three}', '{name: two, peers: [three]}, {name: three, peers: [two]}');
    expect((await link(unlinked, { prune: true }))[0]).toBe('one: removed three, two');
  });

  test('a foreign file is not replaced', async () => {
    await link(mesh(into));
    const foreign =
      kind === 'secret'
        ? 'kind: Secret\nmetadata: {name: mine}\n'
        : 'kind: SealedSecret\nspec: {template: {metadata: {name: mine}}, encryptedData: {}}\n';
    write(pathOf('two'), foreign);
    write(pathOf('three'), '[');
    expect(await link(mesh(into))).toEqual([
      'one: failed two, three',
      'three: unchanged one, two',
      'two: unchanged one, three',
      `error: '${pathOf('two')}' was not written by istio-mesh link, and is not replaced; move it away`,
      `error: '${pathOf('three')}' is not a Kubernetes object; restore it, or remove it and run this command again`,
      'links: 4 unchanged, 2 failed',
    ]);
    expect(links()[pathOf('two')]).toBe(foreign);
    expect((await link(mesh(into).replace(', {name: three}', ''), { prune: true }))[0]).toBe('one: failed two, three');
  });

  test('an invalid kustomization stops the cluster before anything is written', async () => {
    await link(mesh(into));
    const before = links();
    for (const text of ['', 'resources: x\nkind: Kustomization\n', '[']) {
      write('links/one/kustomization.yaml', text);
      expect(await link(mesh(into))).toContainEqual(
        expect.stringMatching(/^error: 'links\/one\/kustomization.yaml' is /),
      );
    }
    rmSync(join(directory, 'links/one/kustomization.yaml'));
    expect((await link(mesh(into)))[0]).toBe('one: changed two, three');
    expect(links()).toEqual(before);
  });

  test('a cluster without a token, and a program that fails, do not stop the others', async () => {
    clusters.put('two', tokenSecret('blue'));
    expect(await link(mesh(into))).toEqual([
      'one: new three; failed two',
      'three: new one; failed two',
      'two: new one, three',
      "error: Secret 'istio-mesh-reader-blue' in namespace 'istio-system' of context 'two' has no token after 0 s; "
        + "apply the step 00-namespace of 'two' first",
      'links: 4 new, 2 failed; commit links/one',
    ]);
    expect(resources()).toEqual([nameOf('three')]);
    clusters.put('two', tokenSecret('blue', 'two-blue'));
    const program = kind === 'secret' ? 'sops' : 'kubeseal';
    sealers.refusals.set(program, 'no key');
    expect(await link(mesh(into))).toEqual([
      'one: unchanged three; failed two',
      'three: new two; unchanged one',
      'two: unchanged one, three',
      `error: ${program}: no key`,
      'links: 1 new, 4 unchanged, 1 failed',
    ]);
    expect(Object.keys(links())).not.toContain(pathOf('two'));
  });

  test('output that is not encrypted, or not the Secret, is not written', async () => {
    for (const mistake of [(...[, input]: readonly [unknown, string]) => input, () => '{}', () => 'kind: [']) {
      sealers.mistakes.set('sops', mistake).set('kubeseal', mistake);
      expect((await link(mesh(into), { prune: true }))[0]).toBe('one: failed two, three');
      expect(links()).toEqual({});
    }
  });
});

describe('the sealing certificate', () => {
  const OTHER = newRoot().certificate;

  test('is read from a file, and Secrets are sealed again when it changes', async () => {
    await link(mesh(SEALED));
    expect(sealers.calls()).toEqual(
      ['two', 'three'].map(
        () => `kubeseal --format=json --scope=strict --cert=${join(directory, 'certs/sealing/one.pem')}`,
      ),
    );
    write('certs/sealing/one.pem', OTHER);
    expect((await link(mesh(SEALED)))[0]).toBe('one: changed two, three');
    expect((await link(mesh(SEALED)))[0]).toBe('one: unchanged two, three');
  });

  test('is requested from the controller by default', async () => {
    sealers.certificates.set('one', CA_PEM);
    expect((await link(mesh('sealedSecrets')))[0]).toBe('one: new two, three');
    expect(sealers.calls()).toEqual([
      'kubeseal --fetch-cert --context=one',
      ...['two', 'three'].map(() => 'kubeseal --format=json --scope=strict --context=one'),
    ]);
    await link(mesh('{sealedSecrets: {controllerName: sealed, controllerNamespace: secrets}}'));
    expect(sealers.calls()).toEqual([
      'kubeseal --fetch-cert --context=one --controller-name=sealed --controller-namespace=secrets',
    ]);
  });

  test('is fetched from a URL', async () => {
    sealers.certificates.set('https://seal.example.com/v1/cert.pem', CA_PEM);
    expect((await link(mesh('{sealedSecrets: {certificate: https://seal.example.com/v1/cert.pem}}')))[0]).toBe(
      'one: new two, three',
    );
  });

  test('is reported when it is missing or invalid', async () => {
    rmSync(join(directory, 'certs/sealing/one.pem'));
    expect(await link(mesh(SEALED))).toEqual([
      'one: failed two, three',
      'three: new one, two',
      'two: new one, three',
      "error: the sealing certificate 'certs/sealing/one.pem' does not exist; "
        + 'fetch it: kubeseal --context one --fetch-cert > certs/sealing/one.pem',
      'links: 4 new, 2 failed',
    ]);
    write('certs/sealing/one.pem', 'PRIVATE');
    expect(await link(mesh(SEALED))).toContain(
      "error: 'certs/sealing/one.pem' is not a PEM certificate; use the output of kubeseal --fetch-cert",
    );
    expect(await link(mesh('{sealedSecrets: {certificate: certs}}'))).toContain(
      "error: cannot read the sealing certificate 'certs' (EISDIR); make it a readable file",
    );
    sealers.certificates.set('one', '<html>');
    expect(await link(mesh('sealedSecrets'))).toContain(
      "error: the response of the controller of 'one' is not a PEM certificate; "
        + 'use the output of kubeseal --fetch-cert',
    );
  });
});

test('sops receives the path of the file, and encrypts only the data', async () => {
  await link(mesh('sops'));
  expect(sealers.calls()).toEqual(
    ['two', 'three'].map(
      peer =>
        `sops encrypt --filename-override ${join(directory, `links/one/secret-istio-remote-secret-${peer}.yaml`)} `
        + '--input-type yaml --output-type yaml --encrypted-regex ^(data|stringData)$',
    ),
  );
});
