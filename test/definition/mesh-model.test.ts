import { type MeshProps, Installer, LoadBalancer, RemoteCredentials, SecretValue, GatewayInstall } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import type { ClusterModel } from '../../src/definition/mesh-model';
import { resolveMesh } from '../../src/definition/resolve-mesh';
import { twoClusters, twoNetworks } from '../support/mesh-util';

/** The clusters of a definition that the schema takes. */
function clustersOf(props: MeshProps): readonly ClusterModel[] {
  const { model, diagnostics } = resolveMesh(definitionOf(props));
  expect(diagnostics).toEqual([]);
  return model.clusters;
}

test('the settings of a cluster are the mesh\'s, with its own above them and the defaults below', () => {
  const [cluster1, cluster2] = clustersOf(twoClusters(
    { defaults: { hub: 'low', tag: 'low', profile: 'low' }, hub: 'middle', tag: 'middle' }, { hub: 'high' }));
  expect(cluster1.controlPlane).toMatchObject({ profile: 'low', tag: 'middle', hub: 'high' });
  expect(cluster2.controlPlane).toMatchObject({ profile: 'low', tag: 'middle', hub: 'middle' });
});

test('maps merge key by key, at any depth', () => {
  const [{ settings }] = clustersOf(twoClusters(
    {
      defaults: { values: { global: { logAsJson: true } } },
      values: { pilot: { autoscaleMin: 2, cpu: { targetAverageUtilization: 50 } } },
    },
    { values: { pilot: { autoscaleMin: 3 } }, eastWestGateway: { service: { annotations: { b: '2' } } } }));
  expect(settings.values).toEqual({
    global: { logAsJson: true }, pilot: { autoscaleMin: 3, cpu: { targetAverageUtilization: 50 } },
  });
});

test('annotations, which are a map too, merge', () => {
  const [{ gatewaySettings }] = clustersOf(twoClusters(
    { eastWestGateway: { service: { annotations: { a: '1', b: '1' } } } },
    { eastWestGateway: { service: { annotations: { b: '2' } } } }));
  expect(gatewaySettings.service).toEqual({ annotations: { a: '1', b: '2' } });
});

test('a list replaces the list below it', () => {
  const [cluster1, cluster2] = clustersOf(twoClusters(
    { exposedServices: { hosts: ['*.a.svc.cluster.local', '*.b.svc.cluster.local'] } },
    { exposedServices: { hosts: ['*.local'] } }));
  expect(cluster1.exposedServices.hosts).toEqual(['*.local']);
  expect(cluster2.exposedServices.hosts).toEqual(['*.a.svc.cluster.local', '*.b.svc.cluster.local']);
});

test('a member of a family replaces the member below it, even the same one', () => {
  const [cluster1, cluster2] = clustersOf(twoClusters(
    {
      eastWestGateway: { loadBalancer: LoadBalancer.nodePort({ pool: 'a' }) },
      remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('TOKEN')),
    },
    {
      eastWestGateway: { loadBalancer: LoadBalancer.nodePort({ zone: 'b' }) },
      remoteCredentials: RemoteCredentials.linked(),
    }));
  expect(cluster1.settings)
    .toMatchObject({ eastWestGateway: { loadBalancer: { nodePort: { zone: 'b' } } }, remoteCredentials: 'linked' });
  expect(cluster1.gatewaySettings.loadBalancer!._service().annotations)
    .toEqual({ 'traffic.istio.io/nodeSelector': '{"zone":"b"}' });
  expect(cluster2.gatewaySettings.loadBalancer!._service().annotations)
    .toEqual({ 'traffic.istio.io/nodeSelector': '{"pool":"a"}' });
});

test('a cluster says nothing about its mesh', () => {
  const [{ settings }] = clustersOf(twoClusters());
  expect(settings).toEqual({
    istioVersion: '1.31.0', network: 'network1', name: 'cluster1', apiServer: 'https://cluster1.example.com:6443',
  });
});

test('$(cluster) is the name of the cluster, in every string and as often as it stands there', () => {
  const [cluster1, cluster2] = clustersOf({
    ...twoClusters({
      network: '$(cluster)-net',
      context: '$(cluster).$(cluster)',
      eastWestGateway: { nodeSelector: { pool: '$(cluster)' }, loadBalancer: LoadBalancer.metalLb('pool-$(cluster)') },
      exposedServices: { hosts: ['*.$(cluster).svc.cluster.local'] },
      remoteCredentials: RemoteCredentials.plainToken(SecretValue.file('tokens/$(cluster)')),
      defaults: { hub: 'registry/$(cluster)' },
    }),
    apiServer: 'https://$(cluster):6443',
    clusters: [{ name: 'cluster1' }, { name: 'cluster2' }],
  });
  expect(cluster1.settings).toEqual({
    name: 'cluster1',
    istioVersion: '1.31.0',
    network: 'cluster1-net',
    apiServer: 'https://cluster1:6443',
    context: 'cluster1.cluster1',
    hub: 'registry/cluster1',
    eastWestGateway: { nodeSelector: { pool: 'cluster1' }, loadBalancer: { metalLb: 'pool-cluster1' } },
    exposedServices: { hosts: ['*.cluster1.svc.cluster.local'] },
    remoteCredentials: { plainToken: { file: 'tokens/cluster1' } },
  });
  expect(cluster2.network).toBe('cluster2-net');
});

test('in the name of an environment variable $(cluster) is in upper case, with _ for -, and nowhere else', () => {
  const [cluster] = clustersOf({
    meshID: 'mesh1',
    clusters: [{
      name: 'eu-west-1',
      context: '$(cluster)',
      remoteCredentials:
        RemoteCredentials.authProvider({
          config: { env: '$(cluster)' }, secretConfig: { token: SecretValue.env('TOKEN_$(cluster)') },
        }),
    }],
  });
  expect(cluster.settings.remoteCredentials)
    .toEqual({ authProvider: { config: { env: 'eu-west-1' }, secretConfig: { token: { env: 'TOKEN_EU_WEST_1' } } } });
  expect(cluster.context).toBe('eu-west-1');
});

test('what nobody says has its default', () => {
  const [cluster] = clustersOf(twoClusters());
  expect(cluster).toMatchObject({
    context: 'cluster1',
    namespace: 'istio-system',
    revision: '',
    clusterDomain: 'cluster.local',
    namedPeers: ['*'],
    resources: [],
  });
  expect(cluster.installer._serialized).toBe(Installer.istioctl()._serialized);
  expect(cluster.remoteCredentials._serialized).toBe(RemoteCredentials.linked()._serialized);
});

test('all clusters are peers of one another unless they say otherwise', () => {
  const clusters = ['a', 'b', 'c'].map(name => ({ name }));
  expect(clustersOf({ meshID: 'mesh1', clusters }).map(peerNames)).toEqual([['b', 'c'], ['a', 'c'], ['a', 'b']]);
});

test('the spokes of a hub are linked with the hub alone', () => {
  const clusters = [{ name: 'spoke1' }, { name: 'hub', peers: ['*'] }, { name: 'spoke2' }];
  expect(clustersOf({ meshID: 'mesh1', peers: ['hub'], clusters }).map(peerNames))
    .toEqual([['hub'], ['spoke1', 'spoke2'], ['hub']]);
});

test('a cluster without peers is detached, also from clusters that name all', () => {
  const clusters = [{ name: 'a' }, { name: 'b', peers: [] }, { name: 'c' }];
  expect(clustersOf({ meshID: 'mesh1', clusters }).map(peerNames)).toEqual([['c'], [], ['a']]);
});

test('peers have the order of the definition, however they are named', () => {
  const clusters = [{ name: 'a' }, { name: 'b' }, { name: 'c', peers: ['b', 'a', 'b'] }];
  expect(peerNames(clustersOf({ meshID: 'mesh1', clusters })[2])).toEqual(['a', 'b']);
});

function peerNames({ peers }: ClusterModel): string[] {
  return peers.map(({ name }) => name);
}

test('a gateway is installed automatically where a peer is on another network', () => {
  expect(gatewayNetworks(twoClusters())).toEqual([undefined, undefined]);
  expect(gatewayNetworks(twoNetworks())).toEqual(['network1', 'network2']);
  expect(gatewayNetworks(twoNetworks({ eastWestGateway: { install: GatewayInstall.AUTO } })))
    .toEqual(['network1', 'network2']);
});

test('another network without a link to it asks for no gateway', () => {
  expect(gatewayNetworks(twoNetworks({ peers: [] }))).toEqual([undefined, undefined]);
});

test('a gateway that is always installed is there on a single network too', () => {
  expect(gatewayNetworks(twoClusters({}, { eastWestGateway: { install: GatewayInstall.ALWAYS } })))
    .toEqual(['network1', undefined]);
});

test('a gateway that is never installed is not there on several networks either', () => {
  expect(gatewayNetworks(twoNetworks({ eastWestGateway: { install: GatewayInstall.NEVER } })))
    .toEqual([undefined, undefined]);
});

function gatewayNetworks(props: MeshProps): Array<string | undefined> {
  return clustersOf(props).map(({ eastWestGateway }) => eastWestGateway?.network);
}

test('the gateway has the namespace and the revision of its cluster, unless it says another revision', () => {
  const always = { install: GatewayInstall.ALWAYS };
  const [cluster1, cluster2] = clustersOf(twoClusters(
    { namespace: 'mesh-system', revision: '1-31-0', eastWestGateway: always }, {},
    { eastWestGateway: { ...always, revision: '1-32-0' } }));
  expect(cluster1.eastWestGateway).toMatchObject({ namespace: 'mesh-system', revision: '1-31-0' });
  expect(cluster2.eastWestGateway).toMatchObject({ namespace: 'mesh-system', revision: '1-32-0' });
});

test('the cluster domain is the one in Istio\'s values', () => {
  const [cluster1, cluster2] =
    clustersOf(twoClusters({}, { values: { global: { proxy: { clusterDomain: 'prod.example.com' } } } }));
  expect([cluster1.clusterDomain, cluster2.clusterDomain]).toEqual(['prod.example.com', 'cluster.local']);
});
