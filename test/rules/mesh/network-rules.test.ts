import { type ClusterProps, type EastWestGatewaySettings, GatewayInstall, LoadBalancer } from '../../../src';
import { ofOne, problemsOf, problemsOfOne } from '../../support/mesh-problems';
import { twoClusters, twoNetworks } from '../../support/mesh-util';

test('a gateway serves the network of its cluster', () => {
  const gateway = (network: string) =>
    ({ network: 'network1', eastWestGateway: { install: GatewayInstall.ALWAYS, network } });
  expect(problemsOfOne(gateway('network1'))).toEqual([]);
  expect(problemsOfOne(gateway('network2'))).toEqual([
    ofOne('eastWestGateway.network', "eastWestGateway.network 'network2' is not the network of the cluster, "
      + "'network1': no endpoint of this cluster is on 'network2', so istiod never chooses the gateway; remove it"),
  ]);
});

const NEVER: EastWestGatewaySettings = { install: GatewayInstall.NEVER };

function unreachable(peer: string, theirs: string, own: string): string {
  return `eastWestGateway.install 'never' leaves '${peer}' on network '${theirs}' without a route to network '${own}': `
    + 'istiod would send it pod addresses that it cannot reach; remove it, or install a gateway in a cluster on '
    + `network '${own}' that is a peer of both`;
}

test('a cluster that another network reaches has a gateway', () => {
  expect(problemsOf(twoClusters({}, { network: 'a', eastWestGateway: NEVER }, { network: 'b' }))).toEqual([
    ofOne('eastWestGateway.install', unreachable('cluster2', 'b', 'a')),
  ]);
});

test('a cluster that only its own network reaches needs no gateway', () => {
  expect(problemsOf(twoClusters({ eastWestGateway: NEVER }))).toEqual([]);
  expect(problemsOf(twoNetworks({ eastWestGateway: NEVER, peers: [] }))).toEqual([]);
});

test('the gateway can be in another cluster on the same network that both sides are linked with', () => {
  const ofNetwork = (name: string, network: string, more: Partial<ClusterProps> = {}) =>
    ({ name, network, apiServer: `https://${name}`, ...more });
  const a1 = ofNetwork('a1', 'a', { eastWestGateway: NEVER });
  const linkedWithA1 = { peers: ['a1'], eastWestGateway: { install: GatewayInstall.ALWAYS } };
  expect(problemsOf({ ...twoClusters(), clusters: [a1, ofNetwork('a2', 'a'), ofNetwork('b1', 'b')] })).toEqual([]);
  expect(problemsOf({ ...twoClusters(), clusters: [a1, ofNetwork('a2', 'a', linkedWithA1), ofNetwork('b1', 'b')] }))
    .toEqual([
      `clusters[0].eastWestGateway.install: cluster 'a1': ${unreachable('b1', 'b', 'a')}`,
    ]);
});

test('gateway settings that Kubernetes or istioctl would reject are reported, if the gateway is installed', () => {
  const eastWestGateway = { ports: [{ name: 'tls', port: 443 }], service: { type: 'ClusterIP' } };
  expect(problemsOfOne({ eastWestGateway })).toEqual([]);
  expect(problemsOfOne({
    eastWestGateway: {
      install: GatewayInstall.ALWAYS,
      ports: [{ name: 'tls', port: 443, targetPort: 8443 }],
    },
  })).toEqual([]);
  expect(problemsOfOne({ eastWestGateway: { ...eastWestGateway, install: GatewayInstall.ALWAYS } })).toEqual([
    ofOne('eastWestGateway', "eastWestGateway: targetPort 443 of 'tls' is not between 1024 and 65535, and istioctl "
      + 'rejects it because the pods of the gateway run without privileges; set targetPort, e.g. to 8443'),
    ofOne('eastWestGateway', "eastWestGateway: service.type 'ClusterIP' gives the gateway no external address, and "
      + 'istiod ignores it; use LoadBalancer, loadBalancer nodePort, or externalIPs'),
  ]);
  expect(problemsOfOne({
    eastWestGateway: {
      install: GatewayInstall.ALWAYS,
      loadBalancer: LoadBalancer.nodePort({ pool: 'edge' }),
    },
  })).toEqual([]);
});

test('exposed hosts match services of the cluster domain', () => {
  expect(problemsOfOne({ exposedServices: { hosts: ['*.prod.svc.cluster.local'] } })).toEqual([]);
  expect(problemsOfOne({ exposedServices: { hosts: ['*.local', '*.example.com'] } })).toEqual([
    ofOne('exposedServices.hosts', "exposedServices: hosts contains '*.example.com', which matches no service in the "
      + "cluster domain 'cluster.local', so nothing would be exposed; write '*.cluster.local', or a narrower host such "
      + "as '*.prod.svc.cluster.local'"),
  ]);
  const values = { global: { proxy: { clusterDomain: 'example.com' } } };
  expect(problemsOfOne({ values, exposedServices: { hosts: ['*.example.com'] } })).toEqual([]);
  expect(problemsOfOne({ values, exposedServices: { hosts: [] } })).toEqual([
    ofOne('exposedServices.hosts', 'exposedServices: hosts is empty, and istiod rejects a Gateway without hosts; write '
      + "'*.example.com' for every service"),
  ]);
});
