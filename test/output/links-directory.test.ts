import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { parse } from 'yaml';
import {
  type MeshProps, type SealedSecretsOptions, LinkDestination, Mesh, MeshApp, RemoteCredentials,
} from '../../src';
import { check } from '../../src/cli/check/check';
import { defaultLinksDirectory } from '../../src/output/links-directory';
import { LinksKustomization, newKustomization } from '../../src/output/links-kustomization';
import { directoryWith, quietApp, twoClusters } from '../support/mesh-util';
import { problems, temporaryDirectory } from '../support/util';

const SOPS = RemoteCredentials.linked({ into: LinkDestination.sops() });
const sealed = (options?: SealedSecretsOptions) =>
  RemoteCredentials.linked({ into: LinkDestination.sealedSecrets(options) });

/** Synthesizes a mesh, and returns its links directory. */
function synthesizeLinks(props: MeshProps, outdir = join(temporaryDirectory(), 'dist')): string {
  const app = new MeshApp({ outdir, summary: false });
  new Mesh(app, 'mesh1', props);
  app.synth();
  return join(dirname(outdir), 'links');
}

test('synth creates an empty kustomization for each cluster whose remote secrets are files', () => {
  const links = synthesizeLinks(twoClusters({}, { remoteCredentials: SOPS }));
  expect(readdirSync(links)).toEqual(['cluster1']);
  expect(readdirSync(join(links, 'cluster1'))).toEqual(['kustomization.yaml']);
  expect(parse(readFileSync(join(links, 'cluster1/kustomization.yaml'), 'utf-8'))).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [],
  });
});

test('synth creates no links directory without remote secrets in files', () => {
  const external = { remoteCredentials: RemoteCredentials.external() };
  const meshes = [
    twoClusters(),
    twoClusters({ peers: [], remoteCredentials: SOPS }),
    twoClusters({}, { remoteCredentials: SOPS }, external),
  ];
  meshes.forEach(props => expect(existsSync(synthesizeLinks(props))).toBe(false));
});

test('synth never changes an existing kustomization, and does not list it as a generated file', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  const links = synthesizeLinks(twoClusters({ remoteCredentials: SOPS }), outdir);
  writeFileSync(join(links, 'cluster1/kustomization.yaml'), 'mine');
  rmSync(join(links, 'cluster2'), { recursive: true });
  synthesizeLinks(twoClusters({ remoteCredentials: SOPS }), outdir);
  expect(readFileSync(join(links, 'cluster1/kustomization.yaml'), 'utf-8')).toBe('mine');
  expect(readdirSync(links)).toEqual(['cluster1', 'cluster2']);
  expect(readFileSync(join(outdir, '.istio-mesh.json'), 'utf-8')).not.toContain('links');
  expect(check(join(outdir, 'mesh.yaml'), outdir)).toEqual([]);
  expect(check(outdir, outdir)).toEqual([]);
});

test('synth creates no links directory for an invalid mesh, or for files that cdk8s only prints', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  const app = new MeshApp({ outdir, summary: false });
  new Mesh(app, 'mesh1', twoClusters({ remoteCredentials: SOPS }));
  app.node.addValidation({ validate: () => ['no'] });
  expect(problems(() => app.synth())).toEqual(['[] no']);
  expect(readdirSync(dirname(outdir))).toEqual([]);

  const printed = mkdtempSync(join(tmpdir(), 'cdk8s-'));
  try {
    synthesizeLinks(twoClusters({ remoteCredentials: SOPS }), printed);
    expect(existsSync(join(tmpdir(), 'links', 'cluster1'))).toBe(false);
  } finally {
    rmSync(printed, { recursive: true });
  }
});

test('the output directory cannot be the links directory', () => {
  const outdir = join(temporaryDirectory(), 'links');
  const [problem, ...others] = problems(() => synthesizeLinks(twoClusters({ remoteCredentials: SOPS }), outdir));
  expect(problem).toContain(`the output directory '${outdir}' has the name of the directory`);
  expect(others).toEqual([]);
  synthesizeLinks(twoClusters(), outdir);
});

test('the summary of synth recommends to commit the links directory', () => {
  const app = new MeshApp({ outdir: quietApp().outdir });
  new Mesh(app, 'mesh1', twoClusters({}, { remoteCredentials: SOPS }));
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  app.synth();
  const text = String(stderr.mock.calls[0][0]).split(`${dirname(app.outdir)}/`).join('');
  stderr.mockRestore();
  expect(text).toContain('\nthen create 2 remote secrets: istio-mesh link dist/mesh.yaml, and commit links\n');
});

test('the links directory is next to the output directory of a mesh file, or else in the working directory', () => {
  const outdir = join(temporaryDirectory(), 'out', 'dist');
  const links = synthesizeLinks(twoClusters(), outdir);
  expect(defaultLinksDirectory(join(outdir, 'mesh.yaml'))).toBe(links);
  expect(defaultLinksDirectory(join(directoryWith({ 'mesh.yaml': '' }), 'mesh.yaml')))
    .toBe(join(process.cwd(), 'links'));
});

test('a relative path of a certificate is relative to the mesh file, and is adapted in the resolved definition', () => {
  const sealedWith = (certificate: string) => `{linked: {into: {sealedSecrets: {certificate: ${certificate}}}}}`;
  const directory = directoryWith({
    'mesh.yaml': `{meshID: mesh1, istioVersion: 1.31.0, network: network1, apiServer: 'https://$(cluster)', clusters: [
      {name: one, remoteCredentials: ${sealedWith('certs/$(cluster).pem')}},
      {name: two, remoteCredentials: ${sealedWith('/certs/$(cluster).pem')}},
      {name: three, remoteCredentials: ${sealedWith('https://$(cluster)/cert.pem')}},
      {name: four, remoteCredentials: {linked: {into: sealedSecrets}}}]}`,
  });
  const app = new MeshApp({ outdir: join(directory, 'out', 'dist'), summary: false });
  Mesh.fromFile(app, 'mesh', join(directory, 'mesh.yaml'));
  app.synth();
  const { clusters } = parse(readFileSync(join(app.outdir, 'mesh.yaml'), 'utf-8'));
  const destinations = clusters.map(({ remoteCredentials }: any) => remoteCredentials.linked.into);
  expect(destinations.map((into: any) => into.sealedSecrets?.certificate ?? into)).toEqual([
    '../../certs/one.pem', '/certs/two.pem', 'https://three/cert.pem', 'sealedSecrets',
  ]);
});

const FIX = 'write the path of a PEM file, or an https URL';

test.each<[string, SealedSecretsOptions, string]>([
  ['an empty certificate', { certificate: ' ' }, `certificate is empty; ${FIX}, or remove it`],
  ['PEM text', { certificate: '-----BEGIN CERTIFICATE-----' }, `certificate is the PEM text itself; ${FIX}`],
  [
    'a URL without TLS',
    { certificate: 'http://me:secret@seal' },
    `certificate is not an https URL, so an attacker on the way could replace it and read the secrets; ${FIX}`,
  ],
  [
    'a URL with credentials',
    { certificate: 'https://me:secret@seal' },
    "certificate of host 'seal' has credentials in its URL, "
    + `which would be written into the output directory; ${FIX}`,
  ],
  ['an invalid name', { controllerName: 'A b' }, "controllerName 'A b' is "],
  ['an invalid namespace', { controllerNamespace: 'A' }, "controllerNamespace 'A' is not a valid DNS label"],
  [
    'a controller and a certificate',
    { certificate: 'a.pem', controllerName: 'sealed' },
    'controllerName has no effect with a certificate, since the controller is not asked for one; remove one of the two',
  ],
])('%s is rejected', (_, options, message) => {
  const mesh = () => new Mesh(quietApp(), 'mesh1', twoClusters({}, { remoteCredentials: sealed(options) }));
  const place = "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: linked.into.sealedSecrets";
  expect(problems(mesh)).toEqual([expect.stringContaining(`${place}.${message}`)]);
});

describe('LinksKustomization', () => {
  const changed = (text: string, added: string[], removed: string[]) =>
    new LinksKustomization(text).with(added, removed);

  test('adds entries, and removes them until it is empty again', () => {
    const two = changed(newKustomization('one'), ['b.yaml', 'a.yaml'], []);
    expect(parse(two).resources).toEqual(['b.yaml', 'a.yaml']);
    expect(two).toContain('resources:\n- b.yaml\n- a.yaml\n');
    expect(changed(two, [], ['a.yaml', 'b.yaml'])).toBe(newKustomization('one'));
  });

  test.each([
    ['kind: Kustomization\n', 'kind: Kustomization\nresources:\n- a.yaml\n'],
    ['kind: Kustomization\nresources:\nnamespace: x\n', 'kind: Kustomization\nresources:\n- a.yaml\nnamespace: x\n'],
    ['kind: Kustomization\nresources: [b.yaml, gone.yaml]\n', 'kind: Kustomization\nresources: [b.yaml, a.yaml]\n'],
    [
      '# mine\nresources:\n  # first\n  - "b.yaml" # too\n  - ./gone.yaml\nkind: Kustomization\n',
      '# mine\nresources:\n  # first\n  - "b.yaml" # too\n  - a.yaml\nkind: Kustomization\n',
    ],
    [
      'kind: Kustomization\nresources: [{no: name}]\nlabels: [{pairs: {on: 0777}}]\n',
      'kind: Kustomization\nresources: [{no: name}, a.yaml]\nlabels: [{pairs: {on: 0777}}]\n',
    ],
    [
      'kind: Kustomization\nresources: [ ./a.yaml ] # as it is\n',
      'kind: Kustomization\nresources: [ ./a.yaml ] # as it is\n',
    ],
  ])('keeps the text of the user: %j', (before, after) => {
    expect(changed(before, ['a.yaml'], ['gone.yaml'])).toBe(after);
  });
});

test('synth fails while another process writes the same links', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  mkdirSync(join(dirname(outdir), 'links', `.cluster1.istio-mesh-${process.ppid}-0123ab`), { recursive: true });
  expect(() => synthesizeLinks(twoClusters({ remoteCredentials: SOPS }), outdir)).toThrow(
    `process ${process.ppid} is writing '${join(dirname(outdir), 'links', 'cluster1')}'`);
});
