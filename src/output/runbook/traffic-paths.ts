import { code, groupedBy, namesOf, table } from './markdown';
import type { ClusterModel, GatewayModel, MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { TLS_PORT_NAME } from '../../settings/east-west-gateway-defaults';
import { tlsPort } from '../../settings/gateway-address';
import { isInternal, serviceType } from '../../settings/gateway-service';
import { shellWord } from '../../util/shell-word';

export const TROUBLESHOOTING = 'https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/';

/** The address at which the other networks reach a gateway. */
export interface GatewayAddress {
  /** Kind of the address, as Markdown. */
  readonly kind: string;
  readonly port: string;
}

/** The address at which the other networks reach the gateway of a cluster. */
export function gatewayAddress(gateway: GatewayModel): GatewayAddress {
  const { service = {}, loadBalancer } = gateway;
  const type = serviceType(gateway);
  if (type === 'NodePort') {
    return nodeAddress(gateway);
  }
  const cloud = loadBalancer ? [loadBalancer._kind] : [];
  const properties = [...cloud, ...isInternal(gateway) ? ['internal'] : []].join(', ');
  const fixedAddress = service.loadBalancerIP ? ` ${code(service.loadBalancerIP)}` : '';
  const external = (service.externalIPs ?? []).map(code).join(', ');
  const addresses = [
    ...type === 'LoadBalancer' ? [`load balancer${properties && ` (${properties})`}${fixedAddress}`] : [],
    ...external ? [`external IPs ${external}`] : [],
  ];
  return { kind: addresses.join(', and '), port: String(tlsPort(gateway)) };
}

function nodeAddress({ loadBalancer, ports = [] }: GatewayModel): GatewayAddress {
  const { nodeSelector = {} } = loadBalancer?._service() ?? {};
  const labels = Object.entries(nodeSelector).map(([label, value]) => code(`${label}=${value}`)).join(', ');
  const { nodePort } = ports.find(({ name }) => name === TLS_PORT_NAME) ?? {};
  return {
    kind: `\`ExternalIP\` of the nodes${labels && ` with ${labels}`}`,
    port: nodePort === undefined ? 'a node port that Kubernetes assigns' : String(nodePort),
  };
}

/** The addresses at which each cluster reaches the services of its peers. */
export function trafficPathsSection({ clusters }: MeshModel): string {
  const gateways = clusters.filter(({ eastWestGateway }) => eastWestGateway);
  const { name: first, context, clusterDomain } = clusters[0];
  return [
    'Services with the same name and namespace share their endpoints across the mesh. '
    + 'A proxy connects directly to the pods of its own cluster, and to those of linked clusters on the same network. '
    + 'To reach linked clusters on other networks, it connects to their east-west gateways.',
    clusters.length > MANY_CLUSTERS ? summaryTable(clusters) : matrix(clusters),
    ...gateways.length === 0 ? [] : [gatewayTable(gateways)],
    `To list the endpoints that a proxy knows, e.g. in ${code(first)}, insert a pod that has a sidecar, and a Service:`,
    `    istioctl --context ${shellWord(context)} proxy-config endpoints POD.NAMESPACE `
    + `--cluster 'outbound|PORT||SERVICE.NAMESPACE.svc.${clusterDomain}'`,
    'If the command lists only endpoints of the same cluster, a remote secret is missing or its token is not valid. '
    + 'If it lists addresses of pods on another network, istiod does not know a gateway of that network. '
    + '`istio-mesh verify` detects both. '
    + `See also [Istio: multicluster troubleshooting](${TROUBLESHOOTING}).`,
  ].join('\n\n');
}

function gatewayTable(clusters: readonly ClusterModel[]): string {
  const addresses = groupedBy(clusters, ({ eastWestGateway }) => gatewayAddress(eastWestGateway!));
  const rows = addresses.map(([some, { kind, port }]) => [namesOf(some), kind, port]);
  return table(['East-west gateway of', 'Address', 'Port'], rows);
}

function matrix(clusters: readonly ClusterModel[]): string {
  const rows = clusters.map(from => [code(from.name), ...clusters.map(to => path(from, to))]);
  return table(['from \\ to', ...clusters.map(({ name }) => code(name))], rows);
}

/** The path between two clusters: istiod prefers the target's own gateway, or else uses all gateways of its network. */
function path(from: ClusterModel, to: ClusterModel): string {
  if (from === to) {
    return 'own pods';
  }
  if (!from.peers.includes(to)) {
    return '–';
  }
  if (from.network === to.network) {
    return 'pods';
  }
  const gateways = to.eastWestGateway ? [to]
    : from.peers.filter(({ network, eastWestGateway }) => network === to.network && eastWestGateway);
  return gateways.length > 0 ? `gateway of ${namesOf(gateways)}` : 'pods (unreachable)';
}

/** A table with one row for all clusters that reach equally many others. */
function summaryTable(clusters: readonly ClusterModel[]): string {
  const networks = clustersByNetwork(clusters);
  const rows = groupedBy(clusters, ({ network, peers }) => {
    const sameNetwork = networks.get(network ?? '')!.length - 1;
    const otherNetworks = clusters.length - 1 - sameNetwork;
    const near = peers.filter(peer => peer.network === network).length;
    return [
      share(near, sameNetwork, 'every other cluster on its network', 'clusters on its network'),
      share(peers.length - near, otherNetworks, 'every cluster on another network', 'clusters on other networks'),
    ];
  });
  const head = ['Cluster', 'Sends directly to pods of', 'Sends to the gateways of'];
  return table(head, rows.map(([some, cells]) => [namesOf(some), ...cells]));
}

function share(count: number, total: number, all: string, noun: string): string {
  if (total === 0) {
    return '–';
  }
  return count === total ? all : `${count} of ${total} ${noun}`;
}
