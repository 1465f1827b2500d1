import { join } from 'path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import {
  Cluster, EastWestGateway, ExposedServices, IstioPrimary, IstioReader, Mesh, MeshApp, RemoteCredentials,
  RemoteSecret, SecretValue,
} from '../../src';
import { directoryWith, quietApp, twoClusters, twoNetworks } from '../support/mesh-util';
import { problems } from '../support/util';

const TOKEN = RemoteCredentials.plainToken(SecretValue.unsafePlainText('t0ken'));

function meshOf(props = twoNetworks()): Mesh {
  return new Mesh(quietApp(), 'mesh1', props);
}

function identities(objects: any[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

test('a mesh has its ID and its clusters, in the order of the definition', () => {
  const mesh =
    meshOf({
      meshID: 'mesh7', istioVersion: '1.31.0', network: 'network1', peers: [], clusters: [{ name: 'b' }, { name: 'a' }],
    });
  expect(mesh.meshID).toBe('mesh7');
  expect(mesh.clusters.map(({ name }) => name)).toEqual(['b', 'a']);
});

test('a cluster is found by its name, and as a child of the mesh', () => {
  const mesh = meshOf();
  expect(mesh.cluster('cluster2').name).toBe('cluster2');
  expect(mesh.node.findChild('cluster2')).toBe(mesh.cluster('cluster2'));
});

test('a cluster that the mesh does not have is refused with those it has', () => {
  expect(() => meshOf().cluster('cluster3'))
    .toThrow(new Error("mesh 'mesh1' has no cluster 'cluster3'; its clusters are cluster1, cluster2"));
});

test('a cluster has its network and its peers', () => {
  const { network, peers } = meshOf().cluster('cluster2');
  expect({ network, peers }).toEqual({ network: 'network2', peers: ['cluster1'] });
});

test('every construct of a cluster exists when the constructor returns', () => {
  const cluster = meshOf(twoNetworks({ remoteCredentials: TOKEN })).cluster('cluster1');
  expect(cluster.primary).toBeInstanceOf(IstioPrimary);
  expect(cluster.reader).toBeInstanceOf(IstioReader);
  expect(cluster.eastWestGateway).toBeInstanceOf(EastWestGateway);
  expect(cluster.exposedServices).toBeInstanceOf(ExposedServices);
  expect(cluster.remoteSecrets).toEqual([expect.any(RemoteSecret)]);
  expect(cluster.remoteSecrets[0].clusterName).toBe('cluster2');
});

test('the constructs of a cluster are its children, each of the name of its class', () => {
  const cluster = meshOf(twoNetworks({ remoteCredentials: TOKEN })).cluster('cluster1');
  expect(cluster.node.children.map(({ node }) => node.id))
    .toEqual(['IstioPrimary', 'IstioReader', 'EastWestGateway', 'ExposedServices', 'RemoteSecret-cluster2']);
});

test('clusters of one network have neither a gateway nor exposed services', () => {
  const { eastWestGateway, exposedServices } = meshOf(twoClusters()).cluster('cluster1');
  expect([eastWestGateway, exposedServices]).toEqual([undefined, undefined]);
});

test('credentials that travel outside the tree leave no remote Secrets in it', () => {
  expect(meshOf().cluster('cluster1').remoteSecrets).toEqual([]);
});

test('only the peers whose credentials travel in the tree have a Secret in it', () => {
  const mesh = meshOf(twoClusters({}, {}, { remoteCredentials: TOKEN }));
  expect(mesh.clusters.map(cluster => cluster.remoteSecrets.map(({ clusterName }) => clusterName)))
    .toEqual([['cluster2'], []]);
});

test('what was made can be patched at once', () => {
  const cluster = meshOf(twoNetworks({ remoteCredentials: TOKEN })).cluster('cluster1');
  cluster.primary.controlPlane.addJsonPatch(JsonPatch.add('/spec/hub', 'registry.example.com'));
  cluster.eastWestGateway!.installation.addJsonPatch(JsonPatch.add('/spec/tag', '1.31.0-fips'));
  cluster.remoteSecrets[0].secret.addJsonPatch(JsonPatch.add('/metadata/annotations/owner', 'team-a'));
  ApiObject.of(cluster.reader!).metadata.addLabel('owner', 'team-a');
  const [role, operator, gateway, secret] = [
    'ClusterRole istio-mesh-reader-istio-system', 'IstioOperator control-plane', 'IstioOperator eastwest',
    'Secret istio-remote-secret-cluster2',
  ]
    .map(wanted => Testing.synth(cluster).find(object => identities([object])[0] === wanted));
  expect(role.metadata.labels).toEqual({ owner: 'team-a' });
  expect(operator.spec.hub).toBe('registry.example.com');
  expect(gateway.spec.tag).toBe('1.31.0-fips');
  expect(secret.metadata.annotations).toEqual({ 'networking.istio.io/cluster': 'cluster2', 'owner': 'team-a' });
});

test('a patch of one cluster\'s remote Secret leaves the same Secret of another cluster alone', () => {
  const { clusters } =
    meshOf({
      ...twoClusters({ remoteCredentials: TOKEN }),
      clusters: ['a', 'b', 'c'].map(name => ({ name, apiServer: `https://${name}` })),
    });
  clusters[0].remoteSecrets[1].secret.addJsonPatch(JsonPatch.add('/metadata/annotations/owner', 'team-a'));
  const annotations = clusters.slice(0, 2)
    .map(cluster =>
      Testing.synth(cluster).find(object => object.metadata.name === 'istio-remote-secret-c').metadata.annotations);
  expect(annotations).toEqual([
    { 'networking.istio.io/cluster': 'c', 'owner': 'team-a' }, { 'networking.istio.io/cluster': 'c' },
  ]);
});

test('the default child of a construct is its main object, and ApiObject.of finds it', () => {
  const { primary, reader, eastWestGateway, exposedServices } = meshOf().cluster('cluster1');
  expect(ApiObject.of(primary)).toBe(primary.controlPlane);
  expect(reader!.node.defaultChild).toBe(reader!.clusterRole);
  expect(eastWestGateway!.node.defaultChild).toBe(eastWestGateway!.installation);
  expect(exposedServices!.node.defaultChild).toBe(exposedServices!.gateway);
});

test('Testing.synth gives the objects of a cluster under any app, in the order in which they are applied', () => {
  const expected = [
    'Namespace istio-system',
    'ServiceAccount istio-mesh-reader-blue',
    'ServiceAccount istio-mesh-reader-green',
    'ClusterRole istio-mesh-reader-istio-system',
    'ClusterRoleBinding istio-mesh-reader-istio-system',
    'Secret istio-mesh-reader-blue',
    'Secret istio-mesh-reader-green',
    'Gateway cross-network-gateway',
    'Secret istio-remote-secret-cluster2',
    'ConfigMap own',
    'IstioOperator control-plane',
    'IstioOperator eastwest',
  ];
  for (const app of [quietApp(), Testing.app()]) {
    const cluster = new Mesh(app, 'mesh1', twoNetworks({ remoteCredentials: TOKEN })).cluster('cluster1');
    new ApiObject(cluster, 'own', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } });
    expect(identities(Testing.synth(cluster))).toEqual(expected);
  }
});

test('a mesh in a stock app is refused at synth, with the one fix that it has', () => {
  const app = new App({ outdir: directoryWith({}) });
  new Mesh(app, 'mesh1', twoClusters());
  expect(() => app.synth()).toThrow(new Error([
    'Validation failed with the following errors:',
    '  [mesh1] a Mesh needs a directory for each cluster, which a stock App does not write; use MeshApp',
  ].join('\n')));
});

test('a mesh below a chart is refused: its clusters would share the directory of that chart', () => {
  const app = quietApp();
  new Mesh(new Chart(app, 'istio'), 'mesh1', twoClusters());
  expect(problems(() => app.synth()))
    .toEqual([
      '[istio/mesh1] a Mesh is below a chart, whose directory all of its clusters would share; make it a child of the '
        + 'MeshApp',
    ]);
});

test('a Mesh knows a Mesh, and nothing else', () => {
  const mesh = meshOf();
  expect([mesh, mesh.cluster('cluster1'), mesh.node.root, undefined, 'mesh'].map(x => Mesh.isMesh(x)))
    .toEqual([true, false, false, false, false]);
});

test('a MeshApp knows a MeshApp, and nothing else', () => {
  const mesh = meshOf();
  expect([mesh.node.root, mesh, new App({ outdir: 'dist' }), null].map(x => MeshApp.isMeshApp(x)))
    .toEqual([true, false, false, false]);
});

test('a cluster is a chart', () => {
  expect(Chart.isChart(meshOf().cluster('cluster1'))).toBe(true);
  expect(meshOf().cluster('cluster1')).toBeInstanceOf(Cluster);
});

test('a company\'s defaults lie below the settings of a mesh', () => {
  const { clusters } =
    meshOf(twoClusters({ defaults: { hub: 'registry.example.com', profile: 'minimal' }, profile: 'default' }));
  expect(clusters[1].primary.controlPlane.toJson().spec)
    .toMatchObject({ hub: 'registry.example.com', profile: 'default' });
});

test('what a caller changes in its settings afterwards changes nothing', () => {
  const annotations: { [name: string]: string } = { a: '1' };
  const mesh = meshOf(twoNetworks({ eastWestGateway: { service: { annotations } } }));
  annotations.b = '2';
  const { spec } = mesh.cluster('cluster1').eastWestGateway!.installation.toJson();
  expect(spec.components.ingressGateways[0].k8s.serviceAnnotations).toEqual({ a: '1' });
});

test('resources of a mesh in code start from the working directory', () => {
  const directory = directoryWith({ 'own/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n' });
  const before = process.cwd();
  try {
    process.chdir(directory);
    expect(identities(Testing.synth(meshOf(twoClusters({ resources: ['own/*.yaml'] })).cluster('cluster1'))))
      .toContain('ConfigMap own');
    expect(problems(() => meshOf(twoClusters({}, { resources: ['none/*.yaml'] })))).toEqual([
      'clusters[0].resources[0]: cluster \'cluster1\': resources has \'none/*.yaml\', which matches no file below '
        + `'${directory}'; correct it, or remove it`,
    ]);
  } finally {
    process.chdir(before);
  }
});

test('a mesh file may stand in another directory', () => {
  const directory =
    directoryWith({
      'deep/mesh.yaml': 'meshID: mesh1\nistioVersion: 1.31.0\nclusters:\n- {name: cluster1, network: network1}\n',
    });
  expect(Mesh.fromFile(quietApp(), 'mesh1', join(directory, 'deep', 'mesh.yaml')).cluster('cluster1').network)
    .toBe('network1');
});

test('a definition that holds itself is refused', () => {
  const global: { [key: string]: unknown } = {};
  global.proxy = global;
  expect(() => new Mesh(quietApp(), 'mesh1', { ...twoClusters(), values: { global } }))
    .toThrow('the definition contains itself: a map or list is nested in itself');
});
