import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { type Cluster, type MeshProps, type RevisionTagProps, Mesh, RevisionTag } from '../../src';
import { quietApp, treeOf, twoClusters, twoNetworks } from '../support/mesh-util';
import { OF_MESH } from '../support/of-mesh';
import { codedProblems } from '../support/util';

const PROD: RevisionTagProps = { tag: 'prod', revision: '1-31-0' };

function objectsOf(props: RevisionTagProps): any[] {
  const chart = Testing.chart();
  new RevisionTag(chart, 'tag', props);
  return Testing.synth(chart);
}

/** A tag as Istio makes it. */
interface Rendered {
  readonly tag: string;
  readonly revision: string;
  readonly namespace: string;
  readonly values: MeshProps['values'];
  readonly objects: any[];
}

const RENDERED = loadAll(readFileSync(join(__dirname, '..', 'istio', 'revision-tags.yaml'), 'utf-8')) as Rendered[];

/** Labels that tell who installs an object and removes it again: for these, neither istioctl nor Helm does. */
const INSTALLERS = [
  'app.kubernetes.io/instance', 'app.kubernetes.io/managed-by', 'app.kubernetes.io/version', 'helm.sh/chart', 'release',
  'install.operator.istio.io/owning-resource', 'operator.istio.io/component',
];

function withoutInstaller(object: any): any {
  const labels = Object.entries(object.metadata.labels).filter(([name]) => !INSTALLERS.includes(name));
  return { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(labels) } };
}

const byKind = (a: any, b: any) => a.kind < b.kind ? -1 : 1;

test.each(RENDERED)('the tag $tag of $revision in $namespace is the one that Istio makes, field by field',
  ({ tag, revision, namespace, values, objects }) => {
    const isDefault = revision === 'default';
    const mesh =
    new Mesh(quietApp(), 'mesh',
      twoClusters({ namespace, values, revisionTags: { [tag]: revision }, ...!isDefault && { revision } }));
    const ofTag =
    new Set(mesh.cluster('cluster1').revisionTags.flatMap(one =>
      [one.webhooks, one.service, ...one.validator ? [one.validator] : []]));
    expect([...ofTag].map(object => object.toJson()).sort(byKind)).toEqual(objects.map(withoutInstaller).sort(byKind));
  });

test('the labels of installers are all that is left out of what Istio makes', () => {
  const labels = RENDERED.flatMap(({ objects }) => objects.flatMap(({ metadata }) => Object.keys(metadata.labels)));
  expect(INSTALLERS.filter(name => !labels.includes(name))).toEqual([]);
  expect(objectsOf({ tag: 'default', revision: 'a' }).flatMap(({ metadata }) => Object.keys(metadata.labels))
    .filter(name => INSTALLERS.includes(name))).toEqual([]);
});

test('a tag alone is of the namespace istio-system', () => {
  expect(objectsOf(PROD).map(({ kind, metadata: { name, namespace } }) => [kind, name, namespace])).toEqual([
    ['MutatingWebhookConfiguration', 'istio-revision-tag-prod', undefined],
    ['Service', 'istiod-revision-tag-prod', 'istio-system'],
  ]);
  expect(objectsOf({ ...PROD, namespace: 'istio-green' })[0].metadata.name).toBe('istio-revision-tag-prod-istio-green');
});

test('istiod fills in its authority, which no manifest names, so that applying one again changes nothing', () => {
  expect(JSON.stringify(objectsOf({ tag: 'default', revision: 'a' }))).not.toContain('caBundle');
});

test('the empty revision is the one that Istio calls default', () => {
  expect(objectsOf({ ...PROD, revision: '' })).toEqual(objectsOf({ ...PROD, revision: 'default' }));
  expect(new RevisionTag(Testing.chart(), 'tag', { ...PROD, revision: '' }))
    .toMatchObject({ tag: 'prod', revision: 'default', namespace: 'istio-system' });
});

test('only the tag default stands for istio-injection, validates, and may inject what has no label', () => {
  const webhooks = (tag: string, enableNamespacesByDefault?: boolean) =>
    objectsOf({ tag, revision: 'a', enableNamespacesByDefault })[0].webhooks.map(({ name }: any) =>
      name.replace('.sidecar-injector.istio.io', ''));
  expect(webhooks('prod', true)).toEqual(['rev.namespace', 'rev.object']);
  expect(webhooks('default')).toEqual(['rev.namespace', 'rev.object', 'namespace', 'object']);
  expect(webhooks('default', true)).toEqual(['rev.namespace', 'rev.object', 'namespace', 'object', 'auto']);
  expect(objectsOf({ tag: 'default', revision: 'a' }).map(({ kind }) => kind))
    .toContain('ValidatingWebhookConfiguration');
});

test('the webhooks are the default child, and a patch stays', () => {
  const chart = Testing.chart();
  const tag = new RevisionTag(chart, 'tag', PROD);
  expect(ApiObject.of(tag)).toBe(tag.webhooks);
  tag.webhooks.addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'));
  expect(Testing.synth(chart)[0].webhooks[0].failurePolicy).toBe('Ignore');
});

test('what Kubernetes or Istio would refuse is refused, all at once', () => {
  expect(codedProblems(() =>
    new RevisionTag(Testing.chart(), 'tag', { tag: '007', revision: '1.31.0', namespace: 'Istio' }))).toEqual([
    "revision tag '007' is not read as a string by istioctl or Istio's charts, even in quotes; write e.g. 'r007' "
      + '(IM086)',
    "revision '1.31.0' contains dots, which Istio does not allow in a revision; write '1-31-0' (IM010)",
    expect.stringMatching(/^namespace 'Istio' is not a valid DNS label .* \(IM012\)$/),
  ]);
  expect(codedProblems(() => objectsOf({ ...PROD, tag: 'a'.repeat(44) }))).toEqual([
    `revision tag '${'a'.repeat(44)}' has 44 characters, but 'istiod-revision-tag-${'a'.repeat(44)}' must be a DNS `
      + 'label of at most 63; shorten it to at most 43 (IM086)',
  ]);
  expect(codedProblems(() => objectsOf({ ...PROD, tag: 'a'.repeat(43) }))).toEqual([]);
});

const UPGRADE = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };

function clusterOf(props: Partial<MeshProps>): Cluster {
  return new Mesh(quietApp(), 'mesh', twoNetworks(props)).cluster('cluster1');
}

test('the tags of a cluster stand in the step of the control plane', () => {
  expect(Object.keys(treeOf(twoClusters({ ...UPGRADE, revisionTags: { prod: '1-31-0', default: '1-32-0' } })))
    .filter(path => /^cluster1\/30/.test(path))).toEqual([
    'cluster1/30-control-plane/kustomization.yaml',
    'cluster1/30-control-plane/mutatingwebhookconfiguration-istio-revision-tag-default.yaml',
    'cluster1/30-control-plane/mutatingwebhookconfiguration-istio-revision-tag-prod.yaml',
    'cluster1/30-control-plane/service-istiod-revision-tag-default.yaml',
    'cluster1/30-control-plane/service-istiod-revision-tag-prod.yaml',
    'cluster1/30-control-plane/validatingwebhookconfiguration-istiod-default-validator.yaml',
  ]);
});

test('moving the tag changes its objects and nothing else, and moving it back gives the same tree again', () => {
  const [before, after, again] = [
    '1-31-0', '1-32-0', '1-31-0',
  ].map(prod => treeOf(twoNetworks({ ...UPGRADE, revisionTags: { prod } })));
  expect(Object.keys(after).filter(path => after[path] !== before[path]))
    .toEqual(['cluster1', 'cluster2'].flatMap(name => [
      `${name}/30-control-plane/mutatingwebhookconfiguration-istio-revision-tag-prod.yaml`,
      `${name}/30-control-plane/service-istiod-revision-tag-prod.yaml`,
    ]).concat(OF_MESH));
  expect(again).toEqual(before);
});

test('the east-west gateway follows the one tag, and the revision where there are several or its own is said', () => {
  const revisionOf = (props: Partial<MeshProps>) => clusterOf({ ...UPGRADE, ...props }).eastWestGateway!.revision;
  expect(revisionOf({ revisionTags: { prod: '1-32-0' } })).toBe('prod');
  expect(revisionOf({ revisionTags: { prod: '1-31-0', next: '1-32-0' } })).toBe('1-31-0');
  expect(revisionOf({ revisionTags: { prod: '1-31-0', next: '1-32-0' }, eastWestGateway: { revision: 'next' } }))
    .toBe('next');
  expect(revisionOf({ revisionTags: {} })).toBe('1-31-0');
});

test('tags of the mesh and of a cluster merge', () => {
  const mesh =
    new Mesh(quietApp(), 'mesh',
      twoClusters({ ...UPGRADE, revisionTags: { prod: '1-31-0', next: '1-31-0' } },
        { revisionTags: { next: '1-32-0' } }));
  const tags = (name: string) => mesh.cluster(name).revisionTags.map(({ tag, revision }) => [tag, revision]);
  expect(tags('cluster1')).toEqual([['next', '1-32-0'], ['prod', '1-31-0']]);
  expect(tags('cluster2')).toEqual([['next', '1-31-0'], ['prod', '1-31-0']]);
});
