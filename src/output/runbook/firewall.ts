import { gatewayAddress } from './endpoints';
import { alike, code, namesOf, plain, table } from './markdown';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { shownUrl } from '../../istio/kubeconfig';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { annotations } from '../../settings/gateway-service';
import { AWS_PREFIX } from '../../settings/load-balancer';

type Row = readonly [source: string, destination: string, port: string, protocol: string, why: string];

const HTTPS = 'TCP (HTTPS)';
const PORTS = 'https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio';
const PRIVATE = 'https://istio.io/latest/docs/setup/platform-setup/gke/';

/** What must pass for the mesh to work. */
export function firewallSection(mesh: MeshModel): string {
  const { clusters } = mesh;
  const rows = [
    ...apiServerRows(clusters),
    ...gatewayRows(clusters),
    ...networkRows(clusters),
    ...healthRows(clusters),
    ...insideRows(),
    ...userRows(mesh),
  ];
  return [
    'A connection is made from the source to the destination, and answers come on it. Nothing else needs to pass between clusters: '
    + 'no DNS of the clusters, and no istiod of another cluster.',
    table(['Source', 'Destination', 'Port', 'Protocol', 'Why'], rows),
    ...limits(clusters),
    `Sources: [the ports of Istio](${PORTS}), [private control planes](${PRIVATE}).`,
  ].join('\n\n');
}

/** Each istiod reads the API servers of its peers. */
function apiServerRows(clusters: readonly ClusterModel[]): Row[] {
  const read = clusters.filter(({ apiServer, peers }) => apiServer !== undefined && peers.length > 0);
  const why = 'istiod reads Services, endpoints and pods of its peers';
  const readers = (cluster: ClusterModel) => `pods of istiod of ${others(clusters, cluster.peers)}`;
  if (clusters.length > MANY_CLUSTERS) {
    return alike(read, cluster => [
      readers(cluster), isProxied(cluster) ? 'the proxy of' : 'API server of', place(cluster.apiServerProps.proxyUrl ?? cluster.apiServer!).port,
    ]).map(([some, [source, what, port]]) => [source, `${what} ${namesOf(some)}, at its host in [Clusters](#clusters)`, port, HTTPS, why]);
  }
  return read.flatMap((cluster): Row[] => {
    const { name, apiServer, apiServerProps: { proxyUrl } } = cluster;
    const server = place(apiServer!);
    const proxy = proxyUrl === undefined ? undefined : place(proxyUrl);
    return proxy ? [
      [readers(cluster), `proxy ${code(proxy.host)} of ${code(name)}`, proxy.port, 'TCP', why],
      [`proxy ${code(proxy.host)}`, `API server of ${code(name)}, ${code(server.host)}`, server.port, HTTPS, why],
    ] : [[readers(cluster), `API server of ${code(name)}, ${code(server.host)}`, server.port, HTTPS, why]];
  });
}

function isProxied({ apiServerProps }: ClusterModel): boolean {
  return apiServerProps.proxyUrl !== undefined;
}

/** Host and port that a URL leads to. */
function place(url: string): { host: string; port: string } {
  if (!URL.canParse(url)) {
    return { host: shownUrl(url), port: '' };
  }
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: port || ({ 'http:': '80', 'socks5:': '1080' }[protocol] ?? '443') };
}

/** What comes from other networks comes to the gateway. */
function gatewayRows(clusters: readonly ClusterModel[]): Row[] {
  const asked = clusters.filter(({ eastWestGateway, peers, network }) => eastWestGateway && peers.some(peer => peer.network !== network));
  const told = (cluster: ClusterModel) => {
    const { kind, port } = gatewayAddress(cluster.eastWestGateway!);
    return [`pods of ${others(clusters, cluster.peers.filter(({ network }) => network !== cluster.network), cluster.network)}`, kind, port] as const;
  };
  const groups = clusters.length > MANY_CLUSTERS ? alike(asked, told) : asked.map(cluster => [[cluster], told(cluster)] as const);
  return groups.map(([some, [source, kind, port]]) => [source, `east-west gateway of ${namesOf(some)}: ${kind}`, port, 'TCP (mTLS)', 'what pods send to other networks; the source is the address that they leave with, e.g. that of a NAT']);
}

/** Pods of one network reach each other. */
function networkRows(clusters: readonly ClusterModel[]): Row[] {
  const hasNeighbours = ({ peers, network }: ClusterModel) => peers.some(peer => peer.network === network);
  const shared = [...clustersByNetwork(clusters)].filter(([, some]) => some.some(hasNeighbours));
  const row = (which: string): Row => [`pods ${which}`, `pods ${which}`, 'those of your workloads', 'TCP (mTLS)', 'one network: a sidecar connects to the pod itself'];
  return shared.length > MANY_CLUSTERS ? [row('of each network that several clusters are on')]
    : shared.map(([network, some]) => row(`of ${namesOf(some)}, on network ${code(network)}`));
}

/** What the load balancers themselves connect to. */
function healthRows(clusters: readonly ClusterModel[]): Row[] {
  const balanced = clusters.filter(({ eastWestGateway }) => eastWestGateway && gatewayAddress(eastWestGateway).kind.startsWith('load balancer'));
  return alike(balanced, ({ eastWestGateway }) => annotations(eastWestGateway!)[`${AWS_PREFIX}-healthcheck-port`]).map(([some, port]): Row => {
    const source = `load balancer of ${namesOf(some)}`;
    return port === undefined ? [source, 'nodes or pods of its gateway', 'what its cloud checks, or 15021', 'TCP', 'its health check; the gateway answers `/healthz/ready` at 15021']
      : [source, 'pods of its gateway', plain(port), 'TCP (HTTP)', 'its health check, as its annotations say'];
  });
}

function insideRows(): Row[] {
  return [
    ['API server of each cluster', 'pods of its own istiod', '15017', HTTPS, 'webhooks: injection, and validation of Istio\'s configuration; a private control plane needs a rule of its own for it'],
    ['pods with a proxy, gateways too', 'pods of their own istiod', '15012', 'TCP (mTLS)', 'their configuration and their certificates'],
    ['pods of istiod', 'API server of their own cluster', 'that of Service `kubernetes`', HTTPS, 'istiod reads its own cluster, too'],
  ];
}

function userRows({ gitOps }: MeshModel): Row[] {
  return [
    ['your machine', 'API server of each cluster', 'that of your kubeconfig', HTTPS, 'kubectl, istioctl and istio-mesh; nothing else is reached from there'],
    ...gitOps ? [['where the GitOps tool runs', 'API server of each cluster that it applies to, and the Git repository', 'as it is told', 'TCP', 'it applies what is committed'] as Row] : [],
  ];
}

/** What the tree itself limits. */
function limits(clusters: readonly ClusterModel[]): string[] {
  const gateways = clusters.filter(({ eastWestGateway }) => eastWestGateway);
  const told = alike(gateways, ({ eastWestGateway }) => {
    const { service, networkPolicy, name = DEFAULT_NAME } = eastWestGateway!;
    const cidrs = (ranges: readonly string[]) => ranges.map(code).join(', ');
    return [
      ...service?.loadBalancerSourceRanges ? [`its load balancer takes ${cidrs(service.loadBalancerSourceRanges)} alone (\`loadBalancerSourceRanges\`)`] : [],
      ...networkPolicy ? [
        `NetworkPolicy ${code(`cross-network-${name}`)} lets ${networkPolicy.ipBlocks ? cidrs(networkPolicy.ipBlocks) : 'everybody'} to the port of mTLS, `
        + 'and everybody to those for health and metrics',
      ] : [],
    ];
  }).filter(([, sentences]) => sentences.length > 0);
  return told.length === 0 ? [] : [`What the tree limits already:\n\n${told.map(([some, sentences]) => `- ${namesOf(some)}: ${sentences.join('; ')}`).join('\n')}`];
}

/** Clusters as the source of something; all of them, or all of the other networks, need no names. */
function others(clusters: readonly ClusterModel[], peers: readonly ClusterModel[], network?: string): string {
  const all = network === undefined ? clusters.length - 1 : clusters.filter(one => one.network !== network).length;
  return peers.length === all && all > 1 ? network === undefined ? 'every other cluster' : 'every cluster of another network' : namesOf(peers);
}
