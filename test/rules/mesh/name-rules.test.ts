import { type ClusterProps, GatewayInstall, Mesh } from '../../../src';
import { ofOne, problemsOf, problemsOfOne, SYNTAX } from '../../support/mesh-problems';
import { quietApp, twoClusters } from '../../support/mesh-util';
import { warningsOf } from '../../support/util';

test('a mesh has a name', () => {
  for (const meshID of ['', ' ']) {
    expect(problemsOf(twoClusters({ meshID }))).toEqual([
      'meshID: meshID is empty; set it to a name for the mesh, e.g. mesh1',
    ]);
  }
});

test('the name of a mesh is a valid label value', () => {
  expect(problemsOf(twoClusters({ meshID: 'Mesh_1.prod' }))).toEqual([]);
  expect(problemsOf(twoClusters({ meshID: 'mesh 1' }))).toEqual([
    "meshID: meshID 'mesh 1' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and "
      + 'ending with a letter or digit',
  ]);
});

test('a mesh has at least one cluster', () => {
  expect(problemsOf({ ...twoClusters(), clusters: [] })).toEqual([
    'clusters: clusters is empty; list at least one cluster',
  ]);
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'cluster1' }] })).toEqual([]);
});

test('the name of a cluster is a lower-case DNS label', () => {
  expect(problemsOfOne({ name: `${'a'.repeat(62)}9` })).toEqual([]);
  expect(problemsOfOne({ name: 'Cluster_1' })).toEqual([
    `clusters[0].name: cluster 'Cluster_1': name 'Cluster_1' is not a valid DNS label (${SYNTAX}); write 'cluster-1'`,
  ]);
  expect(problemsOfOne({ name: 'a'.repeat(64) })).toEqual([
    `clusters[0].name: cluster '${'a'.repeat(64)}': name '${'a'.repeat(64)}' is not a valid DNS label (${SYNTAX}); `
      + `write '${'a'.repeat(63)}'`,
  ]);
});

test.each(['argocd', 'flux'])('no cluster has the name %s, which is reserved for GitOps objects', name => {
  expect(problemsOfOne({ name: `${name}-1` })).toEqual([]);
  expect(problemsOfOne({ name })).toEqual([
    `clusters[0].name: cluster '${name}': name '${name}' is reserved for a directory next to those of the clusters; `
      + 'choose another name',
  ]);
});

test('cluster names are unique', () => {
  expect(problemsOfOne({ name: 'cluster2' })).toEqual([
    "clusters[1].name: name 'cluster2' is already used by clusters[0], and istiod ignores a second cluster with the "
      + 'same name; choose another name',
  ]);
});

test('a cluster has its own network or that of the mesh', () => {
  const [cluster1, cluster2] = twoClusters().clusters;
  const withoutNetwork = { meshID: 'mesh1', istioVersion: '1.31.0' };
  expect(problemsOf({ ...withoutNetwork, clusters: [{ ...cluster1, network: 'a' }, { ...cluster2, network: 'b' }] }))
    .toEqual([]);
  expect(problemsOf({ ...withoutNetwork, clusters: [cluster1, { ...cluster2, network: 'b' }] })).toEqual([
    ofOne('network', 'network is missing; set the same network for clusters whose pods reach each other directly, and '
      + 'different networks for clusters whose pods do not'),
  ]);
});

test('a network is a valid label value', () => {
  expect(problemsOfOne({ network: 'Network_1.prod' })).toEqual([]);
  for (const network of ['', 'net work', '-net', 'n'.repeat(64)]) {
    expect(problemsOfOne({ network })).toEqual([
      ofOne('network', `network '${network}' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and `
        + "'.', starting and ending with a letter or digit"),
    ]);
  }
});

test('a cluster has a full Istio version', () => {
  expect(problemsOfOne({ istioVersion: '1.31.0-rc.1' })).toEqual([]);
  for (const istioVersion of ['1.31', 'v1.31.0', 'latest', '']) {
    expect(problemsOfOne({ istioVersion })).toEqual([
      ofOne('istioVersion', `istioVersion '${istioVersion}' is not a full Istio version; write it as x.y.z, e.g. `
        + '1.31.0'),
    ]);
  }
  const { istioVersion, ...unversioned } = twoClusters({}, {}, { istioVersion: '1.31.0' });
  expect(problemsOf(unversioned)).toEqual([
    ofOne('istioVersion', 'istioVersion is missing; set it to a full version such as 1.31.0'),
  ]);
});

test('no cluster has the name constructor, which cannot be the id of a construct', () => {
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'constructor', apiServer: 'https://10.0.0.1' }] })).toEqual([
    "clusters[0].name: cluster 'constructor': name 'constructor' cannot be the id of a construct; choose another name",
  ]);
});

/** Warnings of a mesh whose second cluster has Istio 1.31.0. */
function skew(first: Partial<ClusterProps>, second: Partial<ClusterProps> = {}): string[] {
  return warningsOf(new Mesh(quietApp(), 'mesh', twoClusters({}, first, second))).filter(([code]) => code === 'IM009')
    .map(([, sentence]) => sentence);
}

test('version skew is between the control planes that tags and gateways use', () => {
  const canary = { revision: 'next', istioVersion: '1.33.0' };
  const behind = (field: string, version: string, other: string, peer: string) =>
    expect.stringContaining(`${field} '${version}' is more than one minor version behind '${other}' of its peer `
      + `'${peer}'; upgrade this cluster first (IM009)`);
  const ahead = { istioVersion: '1.32.0', revision: 'now', canary };
  expect(skew(ahead)).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'now' } })).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }))
    .toEqual([behind('istioVersion', '1.31.0', '1.33.0', 'cluster1')]);
  expect(skew({ ...ahead, eastWestGateway: { install: GatewayInstall.ALWAYS, revision: 'next' } }))
    .toEqual([behind('istioVersion', '1.31.0', '1.33.0', 'cluster1')]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }, {
    revision: 'old',
    canary: { revision: 'new', istioVersion: '1.32.0' },
    revisionTags: { prod: 'new' },
  })).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }, {
    revision: 'old',
    istioVersion: '1.32.0',
    canary: { revision: 'new', istioVersion: '1.30.0' },
    revisionTags: { prod: 'new' },
  }))
    .toEqual([behind('canary.istioVersion', '1.30.0', '1.33.0', 'cluster1')]);
});
