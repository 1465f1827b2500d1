import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Mesh, MeshApp } from '../../../src';
import { check } from '../../../src/cli/check/check';
import { Severity } from '../../../src/core/rule';
import { FORMATS } from '../../../src/output/diagnostic-formats';
import { TREE_RULE } from '../../../src/rules/tree-rule';
import { directoryWith } from '../../support/mesh-util';

const MESH = `meshID: mesh1
istioVersion: 1.31.0
acknowledge: {IM049: test}
clusters:
  - {name: cluster1, network: network1, apiServer: "https://cluster1.example.com:6443"}
  - {name: cluster2, network: network2, apiServer: "https://cluster2.example.com:6443"}
`;

/** A directory with a mesh file, and the tree that was made of it. */
function project(mesh = MESH): { readonly directory: string; readonly mesh: string; readonly dist: string } {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  const paths = { directory, mesh: join(directory, 'mesh.yaml'), dist: join(directory, 'dist') };
  const app = new MeshApp({ outdir: paths.dist, summary: false });
  Mesh.fromFile(app, 'mesh', paths.mesh);
  app.synth();
  writeFileSync(paths.mesh, mesh);
  return paths;
}

/** What is said of a project, with its directory left out. */
function said({ directory, mesh, dist }: ReturnType<typeof project>): string[] {
  return FORMATS.text(check(mesh, dist)).split(`${directory}/`).join('').split('\n').slice(0, -1);
}

const AGAIN = 'run istio-mesh synth mesh.yaml --output dist (IM100)';

test('nothing is wrong with a mesh and the tree that it gave', () => {
  expect(said(project())).toEqual([]);
});

test('a definition is judged without a tree', () => {
  const paths = project(MESH.replace('network: network2', 'network: net work'));
  rmSync(paths.dist, { recursive: true });
  expect(said(paths)).toEqual([
    "error: mesh.yaml:6:22: clusters[1].network: cluster 'cluster2': network 'net work' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit (IM006)",
  ]);
});

test('a file that is no YAML is a finding, and so is one that is not there', () => {
  expect(said(project('meshID: [')).map(line => line.slice(0, 20))).toEqual([expect.stringMatching(/^error: mesh\.yaml:1:\d/)]);
  expect(check('/nowhere/mesh.yaml', 'dist')).toEqual([{ place: '/nowhere/mesh.yaml', message: 'there is no such file; name a mesh file, e.g. mesh.yaml' }]);
});

test.each<[string, (dist: string) => void, string[]]>([
  ['a file that was edited', dist => appendFileSync(join(dist, 'cluster1/kustomization.yaml'), '# by hand\n'), [
    `error: dist/cluster1/kustomization.yaml: the file is not what mesh.yaml gives; ${AGAIN}`,
  ]],
  ['a file that was removed', dist => rmSync(join(dist, 'cluster1/istioctl/eastwest.yaml')), [
    `error: dist/cluster1/istioctl/eastwest.yaml: mesh.yaml gives this file, and it is not there; ${AGAIN}`,
  ]],
  ['a list of files that a killed synth left', dist => writeFileSync(join(dist, '.istio-mesh.json'), '{"files": []}'), [
    `error: dist/.istio-mesh.json: the tree is incomplete: a synth did not end, or other files were written since; ${AGAIN}`,
  ]],
])('%s is told by its name', (_, edit, lines) => {
  const paths = project();
  edit(paths.dist);
  expect(said(paths)).toEqual(lines);
});

test('a definition that was changed since is told by the files that it would change', () => {
  expect(said(project(MESH.replace('istioVersion: 1.31.0', 'istioVersion: 1.31.0\nrevision: stable')))).toEqual([
    ...['cluster1', 'cluster2'].flatMap(name => ['control-plane', 'eastwest'].map(file => `error: dist/${name}/istioctl/${file}.yaml: the file is not what mesh.yaml gives; ${AGAIN}`)),
    ...['mesh.yaml', 'mesh.md', 'mesh.svg'].map(file => `error: dist/${file}: the file is not what mesh.yaml gives; ${AGAIN}`),
  ]);
});

test('a cluster that left the mesh is told by the files that it left', () => {
  const told = said(project(MESH.split('\n').slice(0, 5).join('\n')));
  expect(told).toContain(`error: dist/cluster2/kustomization.yaml: mesh.yaml does not give this file any more; ${AGAIN}`);
  expect(told[told.length - 1]).toMatch(/^error: … and \d+ more of IM100; --format json tells all$/);
});

test('a file of somebody else in the tree is theirs', () => {
  const paths = project();
  writeFileSync(join(paths.dist, 'README.md'), 'by hand');
  expect(said(paths)).toEqual([]);
});

test('an edit that breaks the mesh is told with its place and what it breaks', () => {
  const paths = project();
  const file = join(paths.dist, 'cluster1/50-exposed-services/gateway-cross-network-gateway.yaml');
  writeFileSync(file, readFileSync(file, 'utf-8').replace('number: 15443', 'number: 15444'));
  expect(FORMATS.text(check(paths.dist, ''))).toMatch(/^error: .*gateway-cross-network-gateway\.yaml:14:7: Gateway 'cross-network-gateway': .* 15444 .*\(IM162\)\n$/);
});

const COMPLAINT = { rule: TREE_RULE, place: 'dist/a,b.yaml:3:7: spec.x', message: '100% wrong\nhere' };

test('findings for a program have their parts, and those for a code host its own form', () => {
  expect(JSON.parse(FORMATS.json([COMPLAINT]))).toEqual([{
    severity: 'error', code: 'IM100', title: TREE_RULE.title, file: 'dist/a,b.yaml', line: 3, column: 7, path: 'spec.x', message: '100% wrong\nhere', see: TREE_RULE.see,
  }]);
  expect(FORMATS.github([COMPLAINT])).toBe('::error file=dist/a%2Cb.yaml,line=3,col=7,title=IM100::spec.x: 100%25 wrong%0Ahere (IM100)\n');
});

test('after twenty of one code, errors or warnings, people are told how many more there are, and programs get all of them', () => {
  const warning = { ...TREE_RULE, code: 'IM999', severity: Severity.WARNING };
  const line = (name: string, rule = TREE_RULE) => ({ rule, place: name, message: 'is wrong' });
  const unreadable = Array.from({ length: 30 }, () => ({ place: 'x.yaml', message: 'there is no such file' }));
  const many = Array.from({ length: 1254 }, (_, i) => [line(`a${i}`, warning), ...i < 21 ? [line(`b${i}`)] : []]).flat();
  const complaints = [...many, ...unreadable, line('c', { ...TREE_RULE, code: 'IM998' })];
  expect(FORMATS.text(complaints)).toBe([
    ...Array.from({ length: 20 }, (_, i) => `warning: a${i}: is wrong (IM999)\nerror: b${i}: is wrong (IM100)\n`),
    'warning: … and 1,234 more of IM999; --format json tells all\n',
    'error: … and 1 more of IM100; --format json tells all\n',
    ...Array.from({ length: 30 }, () => 'error: x.yaml: there is no such file\n'),
    'error: c: is wrong (IM998)\n',
  ].join(''));
  expect(JSON.parse(FORMATS.json(complaints))).toHaveLength(complaints.length);
  expect(FORMATS.github(complaints).trim().split('\n')).toHaveLength(complaints.length);
});

test('twenty of one code are all told', () => {
  expect(FORMATS.text(Array.from({ length: 20 }, () => COMPLAINT))).toBe('error: dist/a,b.yaml:3:7: spec.x: 100% wrong\\nhere (IM100)\n'.repeat(20));
});

test('a manifest cannot move the cursor of who reads what is wrong with it', () => {
  const paths = project();
  writeFileSync(join(paths.dist, 'cluster1', 'x.yaml'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: "\\e[31mA\\nerror: b"}\n');
  expect(FORMATS.text(check(join(paths.dist, 'cluster1'), ''))).not.toMatch(/\x1b|^error: b/m);
});
