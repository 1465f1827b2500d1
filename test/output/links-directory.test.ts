import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { parse } from 'yaml';
import type { MeshProps, SealedSecretsOptions } from '../../src';
import { LinkDestination, Mesh, MeshApp, RemoteCredentials } from '../../src';
import { check } from '../../src/cli/check/check';
import { linksOf } from '../../src/output/links-directory';
import { LinksKustomization, newKustomization } from '../../src/output/links-kustomization';
import { directoryWith, quietApp, twoClusters } from '../support/mesh-util';
import { problems, temporaryDirectory } from '../support/util';

const SOPS = RemoteCredentials.linked({ into: LinkDestination.sops() });
const sealed = (options?: SealedSecretsOptions) => RemoteCredentials.linked({ into: LinkDestination.sealedSecrets(options) });

/** Synthesizes a mesh, and gives the directory of its links. */
function linksBy(props: MeshProps, outdir = join(temporaryDirectory(), 'dist')): string {
  const app = new MeshApp({ outdir, summary: false });
  new Mesh(app, 'mesh1', props);
  app.synth();
  return join(dirname(outdir), 'links');
}

test('synth makes a kustomization without entries beside the tree for each cluster that gets links in files', () => {
  const links = linksBy(twoClusters({}, { remoteCredentials: SOPS }));
  expect(readdirSync(links)).toEqual(['cluster1']);
  expect(readdirSync(join(links, 'cluster1'))).toEqual(['kustomization.yaml']);
  expect(parse(readFileSync(join(links, 'cluster1/kustomization.yaml'), 'utf-8'))).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [],
  });
});

test('no directory is made where nothing would lie in it', () => {
  const external = { remoteCredentials: RemoteCredentials.external() };
  const meshes = [twoClusters(), twoClusters({ peers: [], remoteCredentials: SOPS }), twoClusters({}, { remoteCredentials: SOPS }, external)];
  meshes.forEach(props => expect(existsSync(linksBy(props))).toBe(false));
});

test('synth never touches a kustomization that is there, and the tree knows nothing of it', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  const links = linksBy(twoClusters({ remoteCredentials: SOPS }), outdir);
  writeFileSync(join(links, 'cluster1/kustomization.yaml'), 'mine');
  rmSync(join(links, 'cluster2'), { recursive: true });
  linksBy(twoClusters({ remoteCredentials: SOPS }), outdir);
  expect(readFileSync(join(links, 'cluster1/kustomization.yaml'), 'utf-8')).toBe('mine');
  expect(readdirSync(links)).toEqual(['cluster1', 'cluster2']);
  expect(JSON.parse(readFileSync(join(outdir, '.istio-mesh.json'), 'utf-8')).files.filter((path: string) => path.includes('links'))).toEqual([]);
  expect(check(join(outdir, 'mesh.yaml'), outdir)).toEqual([]);
  expect(check(outdir, outdir)).toEqual([]);
});

test('a mesh that is refused, and a tree that is printed and thrown away, have none', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  const app = new MeshApp({ outdir, summary: false });
  new Mesh(app, 'mesh1', twoClusters({ remoteCredentials: SOPS }));
  app.node.addValidation({ validate: () => ['no'] });
  expect(problems(() => app.synth())).toEqual(['[] no']);
  expect(readdirSync(dirname(outdir))).toEqual([]);

  const printed = mkdtempSync(join(tmpdir(), 'cdk8s-'));
  try {
    linksBy(twoClusters({ remoteCredentials: SOPS }), printed);
    expect(existsSync(join(tmpdir(), 'links', 'cluster1'))).toBe(false);
  } finally {
    rmSync(printed, { recursive: true });
  }
});

test('an output directory that has their name is refused', () => {
  const outdir = join(temporaryDirectory(), 'links');
  expect(problems(() => linksBy(twoClusters({ remoteCredentials: SOPS }), outdir))).toEqual([
    `the output directory '${outdir}' has the name of the directory beside it that links are written to; choose another`,
  ]);
  linksBy(twoClusters(), outdir);
});

test('synth tells that they are to be committed', () => {
  const app = new MeshApp({ outdir: quietApp().outdir });
  new Mesh(app, 'mesh1', twoClusters({}, { remoteCredentials: SOPS }));
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  app.synth();
  const told = String(stderr.mock.calls[0][0]).split(`${dirname(app.outdir)}/`).join('');
  stderr.mockRestore();
  expect(told).toContain('\n2 links are not in this tree: run istio-mesh link dist/mesh.yaml, and commit links\n');
});

test('the links of a tree are beside it, and those of another mesh file beside the tree that synth would write here', () => {
  const outdir = join(temporaryDirectory(), 'out', 'dist');
  const links = linksBy(twoClusters(), outdir);
  expect(linksOf(join(outdir, 'mesh.yaml'))).toBe(links);
  expect(linksOf(join(directoryWith({ 'mesh.yaml': '' }), 'mesh.yaml'))).toBe(join(process.cwd(), 'links'));
});

test('a certificate that is a relative path starts from the mesh file, and leads from the tree to the same place', () => {
  const into = (certificate: string) => `{linked: {into: {sealedSecrets: {certificate: ${certificate}}}}}`;
  const directory = directoryWith({
    'mesh.yaml': `{meshID: mesh1, istioVersion: 1.31.0, network: network1, apiServer: 'https://$(cluster)', clusters: [
      {name: one, remoteCredentials: ${into('certs/$(cluster).pem')}}, {name: two, remoteCredentials: ${into('/certs/$(cluster).pem')}},
      {name: three, remoteCredentials: ${into('https://$(cluster)/cert.pem')}}, {name: four, remoteCredentials: {linked: {into: sealedSecrets}}}]}`,
  });
  const app = new MeshApp({ outdir: join(directory, 'out', 'dist'), summary: false });
  Mesh.fromFile(app, 'mesh', join(directory, 'mesh.yaml'));
  app.synth();
  const written = parse(readFileSync(join(app.outdir, 'mesh.yaml'), 'utf-8')).clusters.map(({ remoteCredentials }: any) => remoteCredentials.linked.into);
  expect(written.map((form: any) => form.sealedSecrets?.certificate ?? form)).toEqual(['../../certs/one.pem', '/certs/two.pem', 'https://three/cert.pem', 'sealedSecrets']);
});

test.each<[string, SealedSecretsOptions, string]>([
  ['an empty certificate', { certificate: ' ' }, 'certificate is empty; give the path of a PEM file, or an https URL, or leave it out'],
  ['PEM text', { certificate: '-----BEGIN CERTIFICATE-----' }, 'certificate is the PEM text itself; give the path of a PEM file, or an https URL'],
  ['a URL that is not https', { certificate: 'http://me:secret@seal' }, 'certificate is a URL that is not https, so that whoever answers in its place could read the links; give the path of a PEM file, or an https URL'],
  ['a URL with credentials', { certificate: 'https://me:secret@seal' }, "certificate of host 'seal' has credentials in its URL, which would stand in the tree; give the path of a PEM file, or an https URL"],
  ['a name that is none', { controllerName: 'A b' }, "controllerName 'A b' is not a valid object name (up to 253 lower-case letters, digits, '-' and '.', starting and ending with a letter or digit); write the metadata.name of the object"],
  ['a namespace that is none', { controllerNamespace: 'A' }, "controllerNamespace 'A' is not a valid DNS label (1 to 63 lower-case letters, digits and '-', starting and ending with a letter or digit); write 'a'"],
  ['a controller beside a certificate', { certificate: 'a.pem', controllerName: 'sealed' }, 'controllerName is for asking the controller, which nobody does where certificate is given; remove one of the two'],
])('%s is refused', (_, options, problem) => {
  expect(problems(() => new Mesh(quietApp(), 'mesh1', twoClusters({}, { remoteCredentials: sealed(options) }))))
    .toEqual([`clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: linked.into.sealedSecrets.${problem}`]);
});

describe('a kustomization of links', () => {
  const changed = (text: string, added: string[], removed: string[]) => new LinksKustomization(text).with(added, removed);

  test('gets entries, loses them, and is empty again', () => {
    const two = changed(newKustomization('one'), ['b.yaml', 'a.yaml'], []);
    expect(parse(two).resources).toEqual(['b.yaml', 'a.yaml']);
    expect(two).toContain('resources:\n- b.yaml\n- a.yaml\n');
    expect(changed(two, [], ['a.yaml', 'b.yaml'])).toBe(newKustomization('one'));
  });

  test.each([
    ['kind: Kustomization\n', 'kind: Kustomization\nresources:\n- a.yaml\n'],
    ['kind: Kustomization\nresources:\nnamespace: x\n', 'kind: Kustomization\nresources:\n- a.yaml\nnamespace: x\n'],
    ['kind: Kustomization\nresources: [b.yaml, gone.yaml]\n', 'kind: Kustomization\nresources: [b.yaml, a.yaml]\n'],
    ['# mine\nresources:\n  # first\n  - "b.yaml" # too\n  - ./gone.yaml\nkind: Kustomization\n', '# mine\nresources:\n  # first\n  - "b.yaml" # too\n  - a.yaml\nkind: Kustomization\n'],
    ['kind: Kustomization\nresources: [{no: name}]\nlabels: [{pairs: {on: 0777}}]\n', 'kind: Kustomization\nresources: [{no: name}, a.yaml]\nlabels: [{pairs: {on: 0777}}]\n'],
    ['kind: Kustomization\nresources: [ ./a.yaml ] # as it is\n', 'kind: Kustomization\nresources: [ ./a.yaml ] # as it is\n'],
  ])('keeps what the user wrote: %j', (before, after) => {
    expect(changed(before, ['a.yaml'], ['gone.yaml'])).toBe(after);
  });
});

test('a run of another process that writes the same links at this moment is told', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  mkdirSync(join(dirname(outdir), 'links', `.cluster1.istio-mesh-${process.ppid}-0123ab`), { recursive: true });
  expect(() => linksBy(twoClusters({ remoteCredentials: SOPS }), outdir)).toThrow(`process ${process.ppid} is writing '${join(dirname(outdir), 'links', 'cluster1')}'`);
});
