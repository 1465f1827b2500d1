import { mkdirSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { placeText } from '../../../src/core/diagnostic';
import { problemText } from '../../../src/core/rule';
import { Use } from '../../../src/rules/manifest/kustomizations';
import { type Manifest, manifestsOf, readClusterManifests } from '../../../src/rules/manifest/manifests';
import { Memo } from '../../../src/util/memo';
import { directoryWith, type Files } from '../../support/mesh-util';

/** The manifests in some files of a cluster. */
function manifestsIn(files: Files): readonly Manifest[] {
  return manifestsOf('dist/cluster1', new Map(Object.entries(files))).manifests;
}

/** The values of a list in YAML. */
function values(list: string): unknown[] {
  return manifestsIn({ 'a.yaml': `a: ${list}` })[0].object.a;
}

/** How each file is used. */
function usesOf(files: Files): { [file: string]: Use } {
  return Object.fromEntries(manifestsIn(files).map(({ file, use }) => [file, use]));
}

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sample}\n';
const OPERATOR = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n';

/** A kustomization that lists some files and directories. */
function kustomization(...resources: string[]): string {
  return `kind: Kustomization\nresources: ${JSON.stringify(resources)}\n`;
}

test('a file can have several documents, and empty ones are ignored', () => {
  const manifests = manifestsIn({
    'a.yaml': `---\n${NAMESPACE}---\n---\n# nothing\n---\n${NAMESPACE.replace('sample', 'other')}`,
  });
  expect(manifests.map(({ object }) => object.metadata.name)).toEqual(['sample', 'other']);
  expect(manifests.map(({ place }) => placeText(place(['metadata', 'name'])))).toEqual([
    "dist/cluster1/a.yaml:4:12: Namespace 'sample': metadata.name",
    "dist/cluster1/a.yaml:11:12: Namespace 'other': metadata.name",
  ]);
});

test('a List is split into its objects, each with its place', () => {
  const [manifest] = manifestsIn({
    'list.yaml': 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: a\n  '
      + 'data: {}\n',
  });
  expect(manifest.object.kind).toBe('Secret');
  expect(placeText(manifest.place(['metadata', 'name'])))
    .toBe("dist/cluster1/list.yaml:7:5: Secret 'a': metadata.name");
});

test('JSON is read, too', () => {
  const [manifest] =
    manifestsIn({ 'a.json': '{"apiVersion": "v1", "kind": "Namespace",\n "metadata": {"name": "sample"}}' });
  expect(placeText(manifest.place(['metadata', 'name'])))
    .toBe("dist/cluster1/a.json:2:15: Namespace 'sample': metadata.name");
});

test('scalars are read as YAML 1.1, but dates, times, dots and exponents without digits are strings', () => {
  expect(values('[no, On, 007, 1.30, 1e3, .5, .5e1, 1.e1, ~]'))
    .toEqual([false, true, 7, 1.3, 1000, 0.5, 5, 10, null]);
  expect(values('[2026-01-01, 12:30:45, 1:30, ., e1, -E5, .e1, "no"]'))
    .toEqual(['2026-01-01', '12:30:45', '1:30', '.', 'e1', '-E5', '.e1', 'no']);
});

test('the text of a scalar is available', () => {
  const [manifest] = manifestsIn({ 'a.yaml': 'a: {b: 1.30, c: "", d: {}}\n' });
  expect(['b', 'c', 'd', 'e'].map(key => manifest.source(['a', key])))
    .toEqual(['1.30', undefined, undefined, undefined]);
});

test('a missing key has the place of its parent, and an alias that of its anchor', () => {
  const [manifest] = manifestsIn({ 'a.yaml': 'kind: A\nlabels: &labels\n  a: b\nspec:\n  labels: *labels\n' });
  expect([[], ['spec', 'x', 0, 'y'], ['nothing'], ['spec', 'labels', 'a']].map(path => placeText(manifest.place(path))))
    .toEqual([
      'dist/cluster1/a.yaml:1:1: A',
      'dist/cluster1/a.yaml:4:1: A: spec.x[0].y',
      'dist/cluster1/a.yaml:1:1: A: nothing',
      'dist/cluster1/a.yaml:3:3: A: spec.labels.a',
    ]);
});

const TOO_DEEP = 'lists and maps are nested more than 100 levels deep; use fewer levels in this manifest';

test.each([
  ['a: [', '1:5', 'invalid YAML, which kubectl and istioctl reject: flow sequence in block collection must be '
    + 'sufficiently indented and end with a ]'],
  ['a: b\na: c', '2:1', "'a' is a duplicate key; remove one of the two"],
  ['a: b\n=======\na: c', '2:1', 'the file contains conflict markers (<<<<<<<, >>>>>>>) of an unfinished merge; finish '
    + 'the merge'],
  ['a: *b', '1:4', "the alias '*b' has no anchor before it; write the value out, or set '&b' above"],
  ['a: &a {b: *a}', '1:11', "the alias '*a' is inside its own anchor; write the value out"],
  ['a: {<<: [b]}', '1:9', 'the merge key << needs a map; write an alias of a map after it'],
  ['{a: b}: c', '1:1', 'a list or a map is not a valid key; write a string'],
  ['a:\n  ~: b', '2:3', 'nothing (null) is not a valid key; write a string'],
  ['['.repeat(200), '1:101', TOO_DEEP],
  ['['.repeat(200_000), '1:101', TOO_DEEP],
  [`${'- '.repeat(200)}a`, '1:201', TOO_DEEP],
  [`${'- '.repeat(200_000)}a`, '1:201', TOO_DEEP],
  [`${'? '.repeat(200)}a`, '1:201', TOO_DEEP],
  [Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), '101:101', TOO_DEEP],
  [`a0: &a0 [x]\n${Array.from({ length: 150 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]\n`).join('')}`, '100:12',
    TOO_DEEP],
  ['a: &a [1, 2, 3, 4, 5, 6, 7, 8, '
    + `9]\n${[...'bcdef'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcde'[i]}`)}]\n`).join('')}`,
  '6:26', 'the file has more than 500000 values up to here, including those of aliases, which is too many for a '
    + 'manifest; '
    + 'use fewer aliases'],
])('%.20s is reported, and other files are still read', (text, place, message) => {
  const [manifest, other] = manifestsIn({ 'a.yaml': text, 'b.yaml': NAMESPACE });
  expect(manifest).toMatchObject({ file: 'a.yaml', object: undefined });
  expect(problemText(manifest.mistake!)).toBe(message);
  expect([placeText(manifest.place([])), manifest.source([])]).toEqual([`dist/cluster1/a.yaml:${place}`, undefined]);
  expect(other.object.kind).toBe('Namespace');
});

test('files just below the limits are read', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}x${']'.repeat(depth)}`;
  expect(JSON.stringify(values(nested(98)))).toBe(nested(98).replace('x', '"x"'));
  expect(values(`{list: &list [${'1, '.repeat(900)}], lists: [${'*list, '.repeat(500)}]}`))
    .toMatchObject({ lists: { length: 500 } });
  expect(values('{a: &a {k: 1, l: 1}, b: &b {l: 2, m: 2}, c: {k: 0, <<: [*a, *b]}, d: &d 7, *d : 3}'))
    .toEqual({ a: { k: 1, l: 1 }, b: { l: 2, m: 2 }, c: { k: 0, l: 1, m: 2 }, d: 7, 7: 3 });
});

test.each([
  ['spaces', `a: ${' '.repeat(1_000_000)}b`],
  ['dashes with spaces', `a:\n  ${`-${' '.repeat(40)}`.repeat(90)}b`],
  ['20,000 keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('')],
  ['20,000 aliases', `a: &a x\nb:\n${'- *a\n'.repeat(20_000)}`],
])('many %s are read quickly', (_, text) => {
  const before = process.cpuUsage();
  expect(manifestsIn({ 'a.yaml': text })[0].mistake).toBeUndefined();
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
});

test('brackets in text are not lists', () => {
  expect(manifestsIn({ 'a.yaml': `a: |\n  ${'\\033[0m'.repeat(200)}\n` })[0].object.a).toHaveLength(7 * 200 + 1);
});

test('a directory is read recursively, except hidden files and files that cannot be manifests', () => {
  const directory = directoryWith({
    'b/c/d.yml': NAMESPACE,
    'a.yaml': NAMESPACE,
    'README.md': '',
    '.git/a.yaml': 'x',
    '.istio-mesh.json': '{}',
    'Kustomization': kustomization(),
  });
  mkdirSync(join(directory, 'directory.yaml'));
  const cluster = readClusterManifests(`${directory}/`);
  expect(cluster.files).toEqual(['Kustomization', 'a.yaml', 'b/c/d.yml']);
  expect(cluster.name).toBe(directory.split('/').pop());
  expect(placeText(cluster.manifests[1].place([]))).toBe(`${directory}/a.yaml:1:1: Namespace 'sample'`);
});

test('a file that cannot be read is reported', () => {
  const directory = directoryWith({});
  symlinkSync('nowhere', join(directory, 'link.yaml'));
  writeFileSync(join(directory, 'large.yaml'), `a: ${'x'.repeat(10 * 1024 * 1024)}`);
  writeFileSync(join(directory, 'latin.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe4]));
  expect(readClusterManifests(directory).manifests.map(({ file, mistake }) => [file, problemText(mistake!)])).toEqual([
    ['large.yaml', "the file is larger than 10 MiB, which is too large for a manifest; move it out of the cluster's "
      + 'directory'],
    ['latin.yaml', 'the file is not UTF-8 text; save it as UTF-8'],
    ['link.yaml', 'the file is a symbolic link to a file that does not exist; remove it, or correct the link'],
  ]);
});

test('a file of several clusters is parsed once, and has a place in each', () => {
  const memo = new Memo();
  const files = new Map([['a.yaml', NAMESPACE]]);
  const [one, two] = ['one', 'two'].map(directory => manifestsOf(directory, files, memo).manifests[0]);
  expect(one.object).toBe(two.object);
  expect([one, two].map(({ place }) => placeText(place(['kind']))))
    .toEqual(["one/a.yaml:2:1: Namespace 'sample': kind", "two/a.yaml:2:1: Namespace 'sample': kind"]);
});

test('without a kustomization everything is applied, except the input of programs', () => {
  expect(usesOf({
    'a.yaml': NAMESPACE,
    'b/c.yaml': NAMESPACE,
    'istioctl/d.yaml': OPERATOR,
    'x/helm/values.yaml': 'a: b',
  })).toEqual({
    'a.yaml': Use.APPLIED, 'b/c.yaml': Use.APPLIED, 'istioctl/d.yaml': Use.INPUT, 'x/helm/values.yaml': Use.INPUT,
  });
});

test('IstioOperators that are not applied are input in any directory', () => {
  expect(usesOf({ 'a/eastwest.yaml': OPERATOR, 'b/eastwest.yaml': OPERATOR, 'b/c.yaml': NAMESPACE }))
    .toMatchObject({ 'a/eastwest.yaml': Use.INPUT, 'b/eastwest.yaml': Use.APPLIED });
  expect(usesOf({ 'kustomization.yaml': kustomization('b.yaml'), 'a.yaml': OPERATOR, 'b.yaml': OPERATOR }))
    .toMatchObject({ 'a.yaml': Use.INPUT, 'b.yaml': Use.APPLIED });
});

test('a kustomization applies the files that it lists, and no other files next to or below it', () => {
  const list = kustomization('a.yaml', 'b', 'c/', 'istioctl/d.yaml', 'https://example.com/x.yaml', '../base');
  const files = {
    'kustomization.yaml': `${list}patches: [{path: patch.yaml}]\nconfigMapGenerator: [{files: [key=e.yaml]}]\n`,
    'a.yaml': NAMESPACE,
    'b/kustomization.yml': kustomization('f.yaml'),
    'b/f.yaml': NAMESPACE,
    'b/g.yaml': NAMESPACE,
    'c/h.yaml': NAMESPACE,
    'istioctl/d.yaml': OPERATOR,
    'patch.yaml': NAMESPACE,
    'e.yaml': 'a: b',
    'i/j.yaml': NAMESPACE,
  };
  expect(usesOf(files)).toEqual({
    'kustomization.yaml': Use.KUSTOMIZE,
    'a.yaml': Use.APPLIED,
    'b/kustomization.yml': Use.KUSTOMIZE,
    'b/f.yaml': Use.APPLIED,
    'b/g.yaml': Use.UNUSED,
    'c/h.yaml': Use.APPLIED,
    'istioctl/d.yaml': Use.APPLIED,
    'patch.yaml': Use.KUSTOMIZE,
    'e.yaml': Use.KUSTOMIZE,
    'i/j.yaml': Use.UNUSED,
  });
});

test('a kustomization sets the namespace of its objects, and the outermost one wins', () => {
  const files = {
    'kustomization.yaml': `${kustomization('a.yaml', 'b')}namespace: outer\n`,
    'a.yaml': 'kind: Service\nmetadata: {name: a, namespace: own}\n',
    'b/kustomization.yaml': `${kustomization('c.yaml')}namespace: inner\n`,
    'b/c.yaml': 'kind: Service\nmetadata: {}\n',
  };
  const namespaces = (written: Files) =>
    manifestsIn(written).filter(({ use }) => use === Use.APPLIED).map(({ object }) => object.metadata.namespace);
  expect(namespaces(files)).toEqual(['outer', 'outer']);
  expect(namespaces({ ...files, 'kustomization.yaml': kustomization('a.yaml', 'b') })).toEqual(['own', 'inner']);
  expect(namespaces({ ...files, 'b/kustomization.yaml': kustomization('c.yaml', '..') }))
    .toEqual(['outer', 'outer']); // a cycle does not hang
});
