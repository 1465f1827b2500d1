import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Mesh, MeshApp } from '../../../src';
import { check } from '../../../src/cli/check/check';
import { type Diagnostic, errorDiagnostic } from '../../../src/core/diagnostic';
import { type RuleText, problem, Severity } from '../../../src/core/rule';
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
    "error: mesh.yaml:6:22: clusters[1].network: cluster 'cluster2': network 'net work' is not a valid label value; "
      + "use 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit (IM006)",
  ]);
});

test('a file that is no YAML is a finding, and so is one that is not there', () => {
  expect(said(project('meshID: [')).map(line => line.slice(0, 20)))
    .toEqual([expect.stringMatching(/^error: mesh\.yaml:1:\d/)]);
  expect(check('/nowhere/mesh.yaml', 'dist'))
    .toEqual([
      errorDiagnostic(problem('there is no such file', 'name a mesh file, e.g. mesh.yaml'),
        { file: '/nowhere/mesh.yaml' }),
    ]);
});

test.each<[string, (dist: string) => void, string[]]>([
  ['a file that was edited', dist => appendFileSync(join(dist, 'cluster1/kustomization.yaml'), '# by hand\n'), [
    `error: dist/cluster1/kustomization.yaml: the file differs from what mesh.yaml generates; ${AGAIN}`,
  ]],
  ['a file that was removed', dist => rmSync(join(dist, 'cluster1/istioctl/eastwest.yaml')), [
    `error: dist/cluster1/istioctl/eastwest.yaml: mesh.yaml generates this file, and it is missing; ${AGAIN}`,
  ]],
  ['a list of files that a killed synth left', dist => writeFileSync(join(dist, '.istio-mesh.json'), '{"files": []}'), [
    'error: dist/.istio-mesh.json: the output is incomplete: a synth did not finish, or other files were written '
      + `since; ${AGAIN}`,
  ]],
])('%s is told by its name', (_, edit, lines) => {
  const paths = project();
  edit(paths.dist);
  expect(said(paths)).toEqual(lines);
});

test('a definition that was changed since is told by the files that it would change', () => {
  expect(said(project(MESH.replace('istioVersion: 1.31.0', 'istioVersion: 1.31.0\nrevision: stable')))).toEqual([
    ...['cluster1', 'cluster2'].flatMap(name =>
      ['control-plane', 'eastwest'].map(file =>
        `error: dist/${name}/istioctl/${file}.yaml: the file differs from what mesh.yaml generates; ${AGAIN}`)),
    ...['mesh.yaml', 'mesh.md',
      'mesh.svg'].map(file => `error: dist/${file}: the file differs from what mesh.yaml generates; ${AGAIN}`),
  ]);
});

test('a cluster that left the mesh is told by the files that it left', () => {
  const told = said(project(MESH.split('\n').slice(0, 5).join('\n')));
  expect(told).toContain('error: dist/cluster2/kustomization.yaml: mesh.yaml does not generate this file any more; '
    + `${AGAIN}`);
  expect(told[told.length - 1]).toMatch(/^error: … and \d+ more of IM100; istio-mesh check --format json lists all$/);
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
  expect(FORMATS.text(check(paths.dist, '')))
    .toMatch(/^error: .*gateway-cross-network-gateway\.yaml:14:7: Gateway 'cross-network-gateway': .* 15444 .*\(IM162\)\n$/);
});

const DIAGNOSTIC: Diagnostic = {
  severity: Severity.ERROR,
  rule: TREE_RULE,
  place: { file: 'dist/a,b.yaml', line: 3, column: 7, path: ['spec', 'x'] },
  message: '100% wrong\nhere',
  suggestion: 'write 1',
  clusters: ['cluster1'],
};

test('findings for a program have their parts, and those for a code host its own form', () => {
  expect(JSON.parse(FORMATS.json([DIAGNOSTIC]))).toEqual([{
    severity: 'error',
    code: 'IM100',
    title: TREE_RULE.title,
    file: 'dist/a,b.yaml',
    line: 3,
    column: 7,
    path: 'spec.x',
    clusters: ['cluster1'],
    message: '100% wrong\nhere',
    suggestion: 'write 1',
    see: TREE_RULE.see,
  }]);
  expect(FORMATS.github([DIAGNOSTIC]))
    .toBe("::error file=dist/a%2Cb.yaml,line=3,col=7,title=IM100::spec.x: cluster 'cluster1': 100%25 wrong%0Ahere; "
      + 'write 1 (IM100)\n');
});

test('after twenty of one code, errors or warnings, people are told how many more there are, and programs get all of '
  + 'them', () => {
  const warning = { ...TREE_RULE, code: 'IM999', severity: Severity.WARNING };
  const line =
    (file: string, rule: RuleText = TREE_RULE): Diagnostic => ({
      ...DIAGNOSTIC,
      severity: rule.severity,
      rule,
      place: { file },
      message: 'is wrong',
      suggestion: undefined,
      clusters: [],
    });
  const unreadable =
    Array.from({ length: 30 }, () => errorDiagnostic(problem('there is no such file'), { file: 'x.yaml' }));
  const many = Array.from({ length: 1254 }, (_, i) => [line(`a${i}`, warning), ...i < 21 ? [line(`b${i}`)] : []])
    .flat();
  const complaints = [...many, ...unreadable, line('c', { ...TREE_RULE, code: 'IM998' })];
  expect(FORMATS.text(complaints)).toBe([
    ...Array.from({ length: 20 }, (_, i) => `warning: a${i}: is wrong (IM999)\nerror: b${i}: is wrong (IM100)\n`),
    'warning: … and 1,234 more of IM999; istio-mesh check --format json lists all\n',
    'error: … and 1 more of IM100; istio-mesh check --format json lists all\n',
    ...Array.from({ length: 30 }, () => 'error: x.yaml: there is no such file\n'),
    'error: c: is wrong (IM998)\n',
  ].join(''));
  expect(JSON.parse(FORMATS.json(complaints))).toHaveLength(complaints.length);
  expect(FORMATS.github(complaints).trim().split('\n')).toHaveLength(complaints.length);
});

test('twenty of one code are all printed', () => {
  const all =
    Array.from({ length: 20 },
      (_, i): Diagnostic => ({ ...DIAGNOSTIC, place: { ...DIAGNOSTIC.place, line: i }, message: `${i}` }));
  expect(FORMATS.text(all).trim().split('\n')).toHaveLength(20);
});

test('equal diagnostics of several clusters are one line, at the place of the first', () => {
  const of = (i: number, message = 'is wrong'): Diagnostic =>
    ({
      ...DIAGNOSTIC,
      place: { file: 'mesh.yaml', line: i, column: 1, path: ['clusters', i, 'hub'] },
      message,
      clusters: [`c${i}`],
    });
  expect(FORMATS.text([of(0), of(1)]))
    .toBe("error: mesh.yaml:0:1: clusters[0].hub: clusters 'c0', 'c1': is wrong; write 1 (IM100)\n");
  expect(FORMATS.text([0, 1, 2, 3, 4].map(i => of(i))))
    .toBe("error: mesh.yaml:0:1: clusters[0].hub: clusters 'c0', 'c1', 'c2' and 2 more: is wrong; write 1 (IM100)\n");
  expect(FORMATS.text([of(0), of(1, 'is missing')]).trim().split('\n')).toHaveLength(2);
  expect(JSON.parse(FORMATS.json([of(0), of(1)]))).toHaveLength(2);
});

test('diagnostics without a cluster are not folded', () => {
  const none = { ...DIAGNOSTIC, clusters: [] };
  expect(FORMATS.text([none, none]).trim().split('\n')).toHaveLength(2);
});

test('a manifest cannot move the cursor of who reads what is wrong with it', () => {
  const paths = project();
  writeFileSync(join(paths.dist, 'cluster1', 'x.yaml'),
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: "\\e[31mA\\nerror: b"}\n');
  expect(FORMATS.text(check(join(paths.dist, 'cluster1'), ''))).not.toMatch(/\x1b|^error: b/m);
});
