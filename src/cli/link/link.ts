import { resolve } from 'path';
import { FileLinks } from './file-links';
import type { LinkOptions, LinkOutcome } from './link-outcome';
import { failed } from './link-outcome';
import { SecretLinks } from './secret-links';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { isLinked, LINKS_DIRECTORY, takesFiles } from '../../settings/remote-credentials/links';
import type { ReaderToken } from '../clusters/reader-tokens';
import { kubeconfigWith, readerTokens, slotsOf } from '../clusters/reader-tokens';

/** Writes every missing or changed link of the clusters whose credentials are `linked`, and touches nothing that is right. */
export class Linking {
  private readonly tokens = new Map<string, Promise<ReaderToken[]>>();

  constructor(private readonly mesh: MeshModel, private readonly options: LinkOptions) {}

  /**
   * What became of every link; what fails at one cluster stops no other.
   *
   * @param told is called with the links of each cluster as soon as that is done
   */
  async run(told: (outcomes: readonly LinkOutcome[]) => void): Promise<LinkOutcome[]> {
    const outcomes = await Promise.all(this.mesh.clusters.map(async cluster => {
      const done = await this.linkCluster(cluster);
      told(done);
      return done;
    }));
    return outcomes.flat();
  }

  private async linkCluster(cluster: ClusterModel): Promise<LinkOutcome[]> {
    const { only, links = resolve(LINKS_DIRECTORY) } = this.options;
    const peers = cluster.peers.filter(peer => isLinked(peer) && (only?.source ?? peer.name) === peer.name);
    const kubeconfigsOf = async (peer: ClusterModel) => (await this.tokensOf(peer)).map(token => kubeconfigWith(peer, token));
    try {
      const files = new FileLinks(cluster, links, this.options, kubeconfigsOf);
      return takesFiles(cluster) ? await files.write(peers, this.mesh.directory)
        : [...await new SecretLinks(cluster, this.options, kubeconfigsOf).write(peers), ...only ? [] : files.prune()];
    } catch (error) {
      return peers.map(peer => failed(cluster, peer.name, error));
    }
  }

  /** Asked once for each cluster, however many read it. */
  private tokensOf(peer: ClusterModel): Promise<ReaderToken[]> {
    const slots = this.options.only ? [this.options.only.slot] : slotsOf(peer);
    const tokens = this.tokens.get(peer.name) ?? readerTokens(peer, slots, this.options.timeoutSeconds);
    this.tokens.set(peer.name, tokens);
    return tokens;
  }
}
