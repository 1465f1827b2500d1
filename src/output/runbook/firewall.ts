import { code, groupedBy, namesOf, plain, table } from './markdown';
import { gatewayAddress } from './traffic-paths';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { shownUrl } from '../../istio/kubeconfig';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { annotations } from '../../settings/gateway-service';
import { AWS_PREFIX } from '../../settings/load-balancer';

/** A kind of connection that firewalls must allow. */
interface Connection {
  readonly source: string;
  readonly destination: string;
  readonly port: string;
  readonly protocol: string;
  readonly reason: string;
}

const HTTPS = 'TCP (HTTPS)';
const MTLS = 'TCP (mTLS)';
const ISTIO_PORTS = 'https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio';
const PRIVATE_CLUSTERS = 'https://istio.io/latest/docs/setup/platform-setup/gke/';

/** The connections that firewalls must allow, and those that the generated manifests already restrict. */
export function firewallSection(mesh: MeshModel): string {
  const { clusters } = mesh;
  const connections = [
    ...apiServerConnections(clusters),
    ...gatewayConnections(clusters),
    ...podConnections(clusters),
    ...healthChecks(clusters),
    ...CONNECTIONS_WITHIN_CLUSTERS,
    ...userConnections(mesh),
  ];
  const rows = connections.map(({ source, destination, port, protocol, reason }) =>
    [source, destination, port, protocol, reason]);
  return [
    'The source opens the connection, and responses use the same connection. '
    + 'The clusters need no other connections between them: no cluster uses the DNS or the istiod of another cluster.',
    table(['Source', 'Destination', 'Port', 'Protocol', 'Reason'], rows),
    ...restrictions(clusters),
    `See also [the ports that Istio uses](${ISTIO_PORTS}) and [private clusters on GKE](${PRIVATE_CLUSTERS}).`,
  ].join('\n\n');
}

/** Each istiod reads the API servers of its peers, directly or through a proxy. */
function apiServerConnections(clusters: readonly ClusterModel[]): Connection[] {
  const discovered = clusters.filter(({ apiServer, peers }) => apiServer !== undefined && peers.length > 0);
  const readers = ({ peers }: ClusterModel) => `istiod pods of ${clustersText(clusters, peers)}`;
  if (clusters.length <= MANY_CLUSTERS) {
    return discovered.flatMap(cluster => toApiServer(cluster, readers(cluster)));
  }
  const groups = groupedBy(discovered, cluster => {
    const { apiServer, apiServerProps: { proxyUrl } } = cluster;
    const { port } = hostAndPort(proxyUrl ?? apiServer!);
    return { source: readers(cluster), isProxy: proxyUrl !== undefined, port };
  });
  return groups.map(([some, { source, isProxy, port }]) => ({
    source,
    destination: `${isProxy ? 'proxy' : 'API server'} of ${namesOf(some)}, see [Clusters](#clusters)`,
    port,
    protocol: HTTPS,
    reason: DISCOVERY,
  }));
}

const DISCOVERY = 'istiod reads Services, endpoints and pods of its peers';

function toApiServer({ name, apiServer, apiServerProps: { proxyUrl } }: ClusterModel, readers: string): Connection[] {
  const server = hostAndPort(apiServer!);
  const destination = `API server of ${code(name)}, ${code(server.host)}`;
  const toServer = { destination, port: server.port, protocol: HTTPS, reason: DISCOVERY };
  if (proxyUrl === undefined) {
    return [{ source: readers, ...toServer }];
  }
  const { host, port } = hostAndPort(proxyUrl);
  return [
    { source: readers, destination: `proxy ${code(host)} of ${code(name)}`, port, protocol: 'TCP', reason: DISCOVERY },
    { source: `proxy ${code(host)}`, ...toServer },
  ];
}

function hostAndPort(url: string): { readonly host: string; readonly port: string } {
  if (!URL.canParse(url)) {
    return { host: shownUrl(url), port: '' };
  }
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port || ({ 'http:': '80', 'socks5:': '1080' }[protocol] ?? '443') };
}

/** Requests from other networks pass through the gateway. */
function gatewayConnections(clusters: readonly ClusterModel[]): Connection[] {
  const targets = clusters.filter(({ eastWestGateway, peers, network }) =>
    eastWestGateway && peers.some(peer => peer.network !== network));
  const sourceAndAddress = ({ eastWestGateway, peers, network }: ClusterModel) => {
    const senders = peers.filter(peer => peer.network !== network);
    return { source: `pods of ${clustersText(clusters, senders, network)}`, ...gatewayAddress(eastWestGateway!) };
  };
  const groups = clusters.length > MANY_CLUSTERS ? groupedBy(targets, sourceAndAddress)
    : targets.map(cluster => [[cluster], sourceAndAddress(cluster)] as const);
  return groups.map(([some, { source, kind, port }]) => ({
    source,
    destination: `east-west gateway of ${namesOf(some)}: ${kind}`,
    port,
    protocol: MTLS,
    reason: 'requests between networks; the source address is the one after NAT, if there is any',
  }));
}

/** Pods on the same network connect to each other directly. */
function podConnections(clusters: readonly ClusterModel[]): Connection[] {
  const hasPeerOnNetwork = ({ peers, network }: ClusterModel) => peers.some(peer => peer.network === network);
  const shared = [...clustersByNetwork(clusters)].filter(([, some]) => some.some(hasPeerOnNetwork));
  const between = (pods: string): Connection => ({
    source: pods,
    destination: pods,
    port: 'the ports of your workloads',
    protocol: MTLS,
    reason: 'on the same network, a sidecar connects directly to the pod',
  });
  return shared.length > MANY_CLUSTERS ? [between('pods of each network that several clusters share')]
    : shared.map(([network, some]) => between(`pods of ${namesOf(some)}, on network ${code(network)}`));
}

/** Load balancers check the health of the gateways. */
function healthChecks(clusters: readonly ClusterModel[]): Connection[] {
  const balanced = clusters.filter(({ eastWestGateway }) =>
    eastWestGateway && gatewayAddress(eastWestGateway).kind.startsWith('load balancer'));
  const annotation = `${AWS_PREFIX}-healthcheck-port`;
  const groups = groupedBy(balanced, ({ eastWestGateway }) => annotations(eastWestGateway!)[annotation]);
  return groups.map(([some, port]) => healthCheck(`load balancer of ${namesOf(some)}`, port));
}

function healthCheck(source: string, annotatedPort: string | undefined): Connection {
  return annotatedPort === undefined ? {
    source,
    destination: 'nodes or pods of its gateway',
    port: '15021, or the port that the cloud chooses',
    protocol: 'TCP',
    reason: 'health check; the gateway answers `/healthz/ready` on port 15021',
  } : {
    source,
    destination: 'pods of its gateway',
    port: plain(annotatedPort),
    protocol: 'TCP (HTTP)',
    reason: 'health check, as the annotations of the Service request',
  };
}

const CONNECTIONS_WITHIN_CLUSTERS: readonly Connection[] = [
  {
    source: 'API server of each cluster',
    destination: 'istiod pods of the same cluster',
    port: '15017',
    protocol: HTTPS,
    reason: 'webhooks for injection and for the validation of Istio\'s configuration; '
      + 'private control planes need a firewall rule for them',
  },
  {
    source: 'pods with a sidecar, and gateways',
    destination: 'istiod pods of the same cluster',
    port: '15012',
    protocol: MTLS,
    reason: 'configuration and certificates of the proxies',
  },
  {
    source: 'istiod pods',
    destination: 'API server of the same cluster',
    port: 'the port of the Service `kubernetes`',
    protocol: HTTPS,
    reason: 'istiod also reads its own cluster',
  },
];

function userConnections({ gitOps }: MeshModel): Connection[] {
  return [
    {
      source: 'your machine',
      destination: 'API server of each cluster',
      port: 'the port in your kubeconfig',
      protocol: HTTPS,
      reason: 'kubectl, istioctl and istio-mesh; your machine needs no other connections to the clusters',
    },
    ...gitOps ? [{
      source: 'GitOps tool',
      destination: 'API server of each cluster that it applies to, and the Git repository',
      port: 'as configured',
      protocol: 'TCP',
      reason: 'the tool applies the commits',
    }] : [],
  ];
}

/** The source addresses that the generated manifests allow, for each gateway that has such a setting. */
function restrictions(clusters: readonly ClusterModel[]): string[] {
  const gateways = clusters.filter(({ eastWestGateway }) => eastWestGateway);
  const restricted = groupedBy(gateways, restrictionsOf).filter(([, sentences]) => sentences.length > 0);
  const items = restricted.map(([some, sentences]) => `- ${namesOf(some)}: ${sentences.join('; ')}`);
  const introduction = 'The generated manifests already restrict connections to these gateways:';
  return items.length === 0 ? [] : [introduction, items.join('\n')];
}

function restrictionsOf({ eastWestGateway }: ClusterModel): string[] {
  const { service, networkPolicy, name = DEFAULT_NAME } = eastWestGateway!;
  const list = (cidrs: readonly string[]) => cidrs.map(code).join(', ');
  const sourceRanges = service?.loadBalancerSourceRanges;
  const mtlsSources = networkPolicy?.ipBlocks ? list(networkPolicy.ipBlocks) : 'any address';
  return [
    ...sourceRanges ? [`the load balancer accepts only ${list(sourceRanges)} (\`loadBalancerSourceRanges\`)`] : [],
    ...networkPolicy ? [
      `the NetworkPolicy ${code(`cross-network-${name}`)} allows ${mtlsSources} to connect to the mTLS port, `
      + 'and any address to connect to the ports for health checks and metrics',
    ] : [],
  ];
}

/**
 * Names peers, unless they are all other clusters or all clusters on other networks.
 *
 * @param network the network that none of the peers is on, if they were selected by that
 */
function clustersText(clusters: readonly ClusterModel[], peers: readonly ClusterModel[], network?: string): string {
  if (network === undefined) {
    return isAll(peers, clusters.length - 1) ? 'every other cluster' : namesOf(peers);
  }
  const onOtherNetworks = clusters.filter(cluster => cluster.network !== network);
  return isAll(peers, onOtherNetworks.length) ? 'every cluster on another network' : namesOf(peers);
}

function isAll(peers: readonly ClusterModel[], count: number): boolean {
  return peers.length === count && count > 1;
}
