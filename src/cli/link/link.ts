import { resolve } from 'path';
import { FileLinks } from './file-links';
import { type LinkOptions, type LinkOutcome, failed } from './link-outcome';
import { SecretLinks } from './secret-links';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { isLinked, LINKS_DIRECTORY, writesLinkFiles } from '../../settings/remote-credentials/links';
import { type ReaderToken, kubeconfigWith, usableSlots, waitForReaderTokens } from '../clusters/reader-tokens';

/** Writes the missing and changed remote secrets of clusters with `remoteCredentials: linked`. */
export class Linker {
  private readonly tokens = new Map<string, Promise<ReaderToken[]>>();

  constructor(private readonly mesh: MeshModel, private readonly options: LinkOptions) {}

  /**
   * Links all clusters; a failure at one cluster does not stop the others.
   *
   * @param report called with the outcomes of a cluster as soon as it is done
   */
  async run(report: (outcomes: readonly LinkOutcome[]) => void): Promise<LinkOutcome[]> {
    const outcomes = await Promise.all(this.mesh.clusters.map(async cluster => {
      const clusterOutcomes = await this.linkCluster(cluster);
      report(clusterOutcomes);
      return clusterOutcomes;
    }));
    return outcomes.flat();
  }

  private async linkCluster(cluster: ClusterModel): Promise<LinkOutcome[]> {
    const { only } = this.options;
    const peers = cluster.peers.filter(peer => isLinked(peer) && (only?.source ?? peer.name) === peer.name);
    try {
      return await this.linkPeers(cluster, peers);
    } catch (error) {
      return peers.map(peer => failed(cluster, peer.name, error));
    }
  }

  private async linkPeers(cluster: ClusterModel, peers: readonly ClusterModel[]): Promise<LinkOutcome[]> {
    const { only, links = resolve(LINKS_DIRECTORY) } = this.options;
    const kubeconfigsOf = async (peer: ClusterModel) =>
      (await this.tokensOf(peer)).map(token => kubeconfigWith(peer, token));
    const files = new FileLinks(cluster, links, this.options, kubeconfigsOf);
    if (writesLinkFiles(cluster)) {
      return files.write(peers, this.mesh.directory);
    }
    const secrets = await new SecretLinks(cluster, this.options, kubeconfigsOf).write(peers);
    return [...secrets, ...only ? [] : files.prune()];
  }

  /** The tokens of a cluster, read once for all of its peers. */
  private tokensOf(cluster: ClusterModel): Promise<ReaderToken[]> {
    const { only, timeoutSeconds } = this.options;
    const slots = only ? [only.slot] : usableSlots(cluster);
    const tokens = this.tokens.get(cluster.name) ?? waitForReaderTokens(cluster, slots, timeoutSeconds);
    this.tokens.set(cluster.name, tokens);
    return tokens;
  }
}
