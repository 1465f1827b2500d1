import type { LinkTarget } from './link-destination';
import type { RemoteCredentials } from './remote-credentials';

/** Directory of remote secrets in files, next to the output directory. */
export const LINKS_DIRECTORY = 'links';

interface ReadCluster {
  readonly remoteCredentials: RemoteCredentials;
}

/** A cluster and the clusters it is linked with. */
export interface LinkedCluster extends ReadCluster {
  readonly peers: readonly ReadCluster[];
}

/** Where `istio-mesh link` writes the remote secrets of a cluster. */
export function linkTarget({ remoteCredentials: { _delivery: delivery } }: ReadCluster): LinkTarget {
  return delivery.kind === 'linked' ? delivery.destination._target : { kind: 'cluster' };
}

/** Whether `istio-mesh link` writes the remote secrets of a cluster to files. */
export function writesLinkFiles(cluster: ReadCluster): boolean {
  return linkTarget(cluster).kind !== 'cluster';
}

/** Whether a cluster has remote secrets in files. */
export function hasLinkFiles(cluster: LinkedCluster): boolean {
  return writesLinkFiles(cluster) && cluster.peers.some(isLinked);
}

/** Whether `istio-mesh link` writes the credentials of a cluster to its peers. */
export function isLinked({ remoteCredentials }: ReadCluster): boolean {
  return remoteCredentials._delivery.kind === 'linked';
}

/** Whether `istio-mesh rotate` can give every peer of a cluster another token, without a commit. */
export function canRotate(cluster: LinkedCluster): boolean {
  return isLinked(cluster) && !cluster.peers.some(writesLinkFiles);
}
