import { alike, code, namesOf, table } from './markdown';
import type { ClusterModel, GatewayModel, MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { TLS_PORT_NAME } from '../../settings/east-west-gateway-defaults';
import { tlsPort } from '../../settings/gateway-address';
import { isInternal, serviceType } from '../../settings/gateway-service';
import { shellWord } from '../../util/shell-word';

/** Where the other networks find a gateway. */
export interface GatewayAddress {
  /** What kind of address it is, as Markdown. */
  readonly kind: string;
  readonly port: string;
}

/** Where the other networks find the gateway of a cluster. */
export function gatewayAddress(gateway: GatewayModel): GatewayAddress {
  const { service = {}, loadBalancer, ports = [] } = gateway;
  const { nodePort } = ports.find(({ name }) => name === TLS_PORT_NAME) ?? {};
  const external = (service.externalIPs ?? []).map(code).join(', ');
  if (serviceType(gateway) === 'NodePort') {
    const labels = Object.entries(loadBalancer?._service().nodeSelector ?? {}).map(([label, value]) => code(`${label}=${value}`)).join(', ');
    return { kind: `the \`ExternalIP\` of the nodes${labels && ` with ${labels}`}`, port: nodePort === undefined ? 'a node port, which Kubernetes chooses' : String(nodePort) };
  }
  const kinds = [...loadBalancer ? [loadBalancer._kind] : [], ...isInternal(gateway) ? ['internal'] : []].join(', ');
  const balanced = serviceType(gateway) === 'LoadBalancer' ? [`load balancer${kinds && ` (${kinds})`}${service.loadBalancerIP ? ` ${code(service.loadBalancerIP)}` : ''}`] : [];
  return { kind: [...balanced, ...external ? [`external IPs ${external}`] : []].join(', and '), port: String(tlsPort(gateway)) };
}

/** Who hears whom, and at which addresses. */
export function endpointsSection({ clusters }: MeshModel): string {
  const gateways = clusters.filter(({ eastWestGateway }) => eastWestGateway);
  const rows = alike(gateways, ({ eastWestGateway }) => gatewayAddress(eastWestGateway!));
  const { name: first, context } = clusters[0];
  return [
    'Endpoints of one Service in one namespace are one list in the whole mesh. A proxy sends to the addresses of pods in its own cluster and in linked clusters '
    + 'of its network, and to the gateway where the network is another one.',
    clusters.length > MANY_CLUSTERS ? summaryTable(clusters) : matrix(clusters),
    ...rows.length === 0 ? [] : [
      table(['East-west gateway of', 'Its address', 'Port'], rows.map(([some, { kind, port }]) => [namesOf(some), kind, port])),
    ],
    `To look, e.g. in ${code(first)}, with a pod of yours that has a sidecar, and your Service:`,
    `    istioctl --context ${shellWord(context)} proxy-config endpoints POD.NAMESPACE --cluster 'outbound|PORT||SERVICE.NAMESPACE.svc.${clusters[0].clusterDomain}'`,
    'Own endpoints alone: the link is missing, or its token is not taken. Addresses of pods of another network: istiod knows no gateway there. '
    + '`istio-mesh verify` tells which. [Istio\'s own page on it](https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/)',
  ].join('\n\n');
}

function matrix(clusters: readonly ClusterModel[]): string {
  const cell = (from: ClusterModel, to: ClusterModel) => from === to ? 'own pods' : from.peers.includes(to) ? wayTo(from, to) : '–';
  return table(['from \\ to', ...clusters.map(({ name }) => code(name))], clusters.map(from => [code(from.name), ...clusters.map(to => cell(from, to))]));
}

/** istiod prefers the gateway of the cluster itself, and then takes those of its network. */
function wayTo(from: ClusterModel, to: ClusterModel): string {
  if (from.network === to.network) {
    return 'pods';
  }
  const gateways = to.eastWestGateway ? [to] : from.peers.filter(({ network, eastWestGateway }) => network === to.network && eastWestGateway);
  return gateways.length > 0 ? `gateway of ${namesOf(gateways)}` : 'pods, which it does not reach';
}

/** A row for all clusters that hear alike. */
function summaryTable(clusters: readonly ClusterModel[]): string {
  const networks = clustersByNetwork(clusters);
  const rows = alike(clusters, ({ network, peers }) => {
    const near = peers.filter(peer => peer.network === network).length;
    const far = peers.length - near;
    const onNetwork = networks.get(network ?? '')!.length;
    const [allNear, allFar] = [onNetwork - 1, clusters.length - onNetwork];
    return [
      allNear === 0 ? '–' : near === allNear ? 'every other cluster of its network' : `${near} of ${allNear} clusters of its network`,
      allFar === 0 ? '–' : far === allFar ? 'every cluster of another network' : `${far} of ${allFar} clusters of other networks`,
    ];
  });
  return table(['Cluster', 'hears by the addresses of their pods', 'hears by their gateways'], rows.map(([some, cells]) => [namesOf(some), ...cells]));
}
