import { code, groupedBy, namesOf, table } from './markdown';
import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { MANY_CLUSTERS } from '../../definition/topology';
import { REMOTE_SECRET_PREFIX } from '../../istio/remote-secret-metadata';
import { TokenSlot } from '../../settings/reader-options';
import { keyOf } from '../../settings/remote-credentials/external-secrets-options';
import { linkTarget, writesLinkFiles } from '../../settings/remote-credentials/links';
import { unreachable } from '../../util/unreachable';

/** Which clusters read each cluster, and how they get the credentials. */
export function linksSection({ meshID, clusters }: MeshModel): string {
  const rows = groupedBy(clusters, cluster => [
    readers(cluster, clusters),
    cluster.remoteCredentials._kind,
    deliveryText(cluster, meshID),
  ]);
  const secretName = code(`${REMOTE_SECRET_PREFIX}NAME`);
  const namespaces = [...new Set(clusters.map(({ namespace }) => code(namespace)))].join(', ');
  return [
    'A cluster reads a peer with a remote secret, which contains a kubeconfig. Unless the table shows something else, '
    + `the remote secret for the peer \`NAME\` is the Secret ${secretName} in the namespace of `
    + `istiod (${namespaces}), with the label \`istio/multiCluster: "true"\`.`,
    table(['Cluster', 'Read by', 'Credentials', 'Delivery'], rows.map(([some, cells]) => [namesOf(some), ...cells])),
    ...linkFiles(clusters),
  ].join('\n\n');
}

/** The clusters that read a cluster; if almost all do, the others are named. */
function readers({ name, peers }: ClusterModel, clusters: readonly ClusterModel[]): string {
  if (peers.length === 0) {
    return 'no cluster';
  }
  const others = clusters.filter(cluster => cluster.name !== name && !peers.includes(cluster));
  if (others.length === 0 && peers.length > 1) {
    return 'every other cluster';
  }
  const isShorter = peers.length > MANY_CLUSTERS && others.length <= MANY_CLUSTERS;
  return isShorter ? `every other cluster except ${namesOf(others)}` : namesOf(peers);
}

/** How the credentials of a cluster get to its peers. */
function deliveryText({ name, reader, remoteCredentials }: ClusterModel, meshID: string): string {
  const delivery = remoteCredentials._delivery;
  const token = `token of ${code(IstioReader.accountName(reader.activeToken ?? TokenSlot.BLUE))}`;
  switch (delivery.kind) {
    case 'linked':
      return `${token}, by \`istio-mesh link\``;
    case 'store': {
      const key = keyOf(delivery.options, meshID, name);
      const start = key.lastIndexOf(name);
      const pattern = start < 0 ? key : `${key.slice(0, start)}NAME${key.slice(start + name.length)}`;
      return `${token}, through the store ${code(delivery.options.secretStoreRef.name)} at ${code(pattern)}`;
    }
    case 'external': {
      const path = delivery.kubeconfigPath;
      return path ? `external, in files below ${code(path)} of istiod instead of Secrets`
        : 'external, not part of the output directory';
    }
    case 'tree': {
      const credentials = delivery.token ? `${token}, ` : '';
      const { setting } = delivery.optIn ?? {};
      const optIn = setting ? `; the istiods of the peers are configured to accept ${code(setting)}` : '';
      return `${credentials}in the output directory, step \`60-remote-secrets\` of each peer${optIn}`;
    }
    default:
      return unreachable(delivery);
  }
}

/** The clusters whose remote secrets are files outside the output directory. */
function linkFiles(clusters: readonly ClusterModel[]): string[] {
  const groups = groupedBy(clusters.filter(writesLinkFiles), cluster => linkTarget(cluster).kind);
  return groups.map(([some, kind]) => {
    const content = kind === 'sops' ? 'a Secret that is encrypted by SOPS' : 'a SealedSecret';
    return `For ${namesOf(some)}, the remote secrets are files in \`../links/CLUSTER/\`, each with ${content}.`;
  });
}
