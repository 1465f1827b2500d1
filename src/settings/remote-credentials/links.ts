import type { RemoteCredentials } from './remote-credentials';

/** A cluster and the clusters it is linked with. */
export interface LinkedCluster {
  readonly remoteCredentials: RemoteCredentials;
  readonly peers: ReadonlyArray<{ readonly remoteCredentials: RemoteCredentials }>;
}

/** Whether `istio-mesh rotate` alone can give every peer of a cluster another token. */
export function isGivenHere({ peers, remoteCredentials }: LinkedCluster): boolean {
  return remoteCredentials._isLinked && !peers.some(takesFiles);
}

/** Directory beside that of a tree in which links lie that are written into files. */
export const LINKS_DIRECTORY = 'links';

/** Whether a cluster gets its links in files, if it gets any. */
export function takesFiles({ remoteCredentials }: Pick<LinkedCluster, 'remoteCredentials'>): boolean {
  return remoteCredentials._linkDestination?._fileKind !== undefined;
}

/** Whether a cluster has a directory of links, which are files then. */
export function hasLinks(cluster: LinkedCluster): boolean {
  return takesFiles(cluster) && cluster.peers.some(({ remoteCredentials }) => remoteCredentials._isLinked);
}
