import { TokenSlot } from '../istio-reader';
import { ClusterModel, MeshModel } from '../mesh-model';
import { remoteSecretMetadata } from '../remote-secret-metadata';
import { Kubectl, LiveObject } from './kubectl';
import { kubeconfigWith, ReaderToken, readerTokens, slotsOf } from './reader-tokens';
import { isMadeHere, isSameKubeconfig, kubeconfigIn, remoteSecret, remoteSecrets } from './remote-secrets';

export interface LinkOptions {
  /** Tell what would be done, and do nothing. */
  readonly dryRun?: boolean;
  /** Remove the links of clusters that left the mesh. */
  readonly prune?: boolean;
  /** How long to wait for a token of a cluster. */
  readonly timeoutSeconds: number;
  /** The one cluster whose token is given to its peers, and the slot of that token. @default every cluster, and the slot that it says */
  readonly only?: { readonly source: string; readonly slot: TokenSlot };
}

/** What became of a link. */
export type LinkState = 'new' | 'changed' | 'right' | 'removed' | 'left' | 'failed';

/** What became of the link with which a cluster reads a peer. */
export interface LinkOutcome {
  readonly cluster: string;
  readonly peer: string;
  readonly state: LinkState;
  /** Why, and what to do about it. */
  readonly reason?: string;
}

/** A link as it is and as it should be. */
interface Plan extends LinkOutcome {
  /** The Secret to make or to replace. */
  readonly secret?: object;
}

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
    const { only } = this.options;
    const peers = cluster.peers.filter(peer => peer.remoteCredentials._isLinked && (only?.source ?? peer.name) === peer.name);
    try {
      const secrets = await remoteSecrets(cluster, peers.map(({ name }) => name));
      const plans = await Promise.all(peers.map(peer => this.plan(cluster, peer, secrets)));
      return [...await this.carryOut(cluster, plans), ...only ? [] : await this.prune(cluster, secrets)];
    } catch (error) {
      return peers.map(peer => failed(cluster, peer.name, error));
    }
  }

  private async plan(cluster: ClusterModel, peer: ClusterModel, secrets: readonly LiveObject[]): Promise<Plan> {
    try {
      const kubeconfigs = (await this.tokensOf(peer)).map(token => kubeconfigWith(peer, token));
      const isRight = (secret: LiveObject) => {
        const kubeconfig = kubeconfigIn(secret, peer.name);
        return kubeconfig !== undefined && kubeconfigs.some(right => isSameKubeconfig(kubeconfig, right));
      };
      const { name } = remoteSecretMetadata(peer.name, cluster.namespace);
      const own = secrets.find(({ metadata }) => metadata.name === name);
      const foreign = secrets.find(secret => secret !== own && kubeconfigIn(secret, peer.name) !== undefined);
      if (foreign && (own || !isRight(foreign))) {
        throw new Error(`Secret '${foreign.metadata.name}' has '${peer.name}' too, and istiod takes what it saw first; `
          + `remove it: kubectl --context ${cluster.context} -n ${cluster.namespace} delete secret ${foreign.metadata.name}`);
      }
      const outcome = { cluster: cluster.name, peer: peer.name };
      if (foreign || own && isRight(own) && Object.keys(own.data).length === 1) {
        return { ...outcome, state: 'right' };
      }
      return { ...outcome, state: own ? 'changed' : 'new', secret: remoteSecret(cluster, peer.name, kubeconfigs[0], own) };
    } catch (error) {
      return failed(cluster, peer.name, error);
    }
  }

  private async carryOut(cluster: ClusterModel, plans: readonly Plan[]): Promise<LinkOutcome[]> {
    const secrets = (state: LinkState) => plans.flatMap(plan => plan.state === state && plan.secret ? [plan.secret] : []);
    const kubectl = new Kubectl(cluster.context);
    let problem: unknown;
    try {
      if (!this.options.dryRun) {
        await kubectl.create(secrets('new'));
        await kubectl.replace(secrets('changed'));
      }
    } catch (error) {
      problem = error;
    }
    return plans.map(({ secret, ...outcome }) => secret && problem ? failed(cluster, outcome.peer, problem) : outcome);
  }

  /** The links of clusters that are no peers any more. */
  private async prune(cluster: ClusterModel, secrets: readonly LiveObject[]): Promise<LinkOutcome[]> {
    const peers = new Set([cluster.name, ...cluster.peers.map(({ name }) => name)]);
    const strangers = secrets.flatMap(secret => Object.keys(secret.data ?? {}).filter(peer => !peers.has(peer)).map(peer => ({ peer, secret })));
    return Promise.all(strangers.map(async ({ peer, secret }): Promise<LinkOutcome> => {
      const { name } = secret.metadata;
      const outcome = { cluster: cluster.name, peer };
      if (!isMadeHere(secret) || Object.keys(secret.data).length > 1) {
        return { ...outcome, state: 'left', reason: `'${peer}' is no peer here, and Secret '${name}' was made by somebody else; remove it yourself if it is not meant` };
      }
      if (!this.options.prune) {
        return { ...outcome, state: 'left', reason: `'${peer}' is no peer any more; run again with --prune to remove Secret '${name}'` };
      }
      try {
        if (!this.options.dryRun) {
          await new Kubectl(cluster.context).delete('secret', name, cluster.namespace);
        }
        return { ...outcome, state: 'removed' };
      } catch (error) {
        return failed(cluster, peer, error);
      }
    }));
  }

  /** Asked once for each cluster, however many read it. */
  private tokensOf(peer: ClusterModel): Promise<ReaderToken[]> {
    const slots = this.options.only ? [this.options.only.slot] : slotsOf(peer);
    const tokens = this.tokens.get(peer.name) ?? readerTokens(peer, slots, this.options.timeoutSeconds);
    this.tokens.set(peer.name, tokens);
    return tokens;
  }
}

function failed({ name }: ClusterModel, peer: string, error: unknown): LinkOutcome {
  return { cluster: name, peer, state: 'failed', reason: (error as Error).message };
}

/** One line for a cluster: its links by what became of them. */
export function linkLine(outcomes: readonly LinkOutcome[]): string {
  const told = byState(outcomes).map(([state, some]) => `${state} ${some.map(({ peer }) => peer).join(', ')}`);
  return outcomes.length === 0 ? '' : `${outcomes[0].cluster}: ${told.join('; ')}\n`;
}

/** What needs an eye, each reason once, and the count of everything. */
export function linkSummary(outcomes: readonly LinkOutcome[], { dryRun }: { readonly dryRun?: boolean }): string {
  const reasons = [...new Set(outcomes.flatMap(({ state, reason }) => reason ? [`${state === 'failed' ? 'error' : 'note'}: ${reason}\n`] : []))];
  const counts = byState(outcomes).map(([state, some]) => `${some.length} ${state}`).join(', ') || 'none to make: no cluster has the credentials linked';
  return `${reasons.join('')}links: ${counts}${dryRun ? ' (dry run: nothing was written)' : ''}\n`;
}

function byState(outcomes: readonly LinkOutcome[]): Array<[LinkState, LinkOutcome[]]> {
  const states: LinkState[] = ['new', 'changed', 'right', 'removed', 'left', 'failed'];
  return states.map((state): [LinkState, LinkOutcome[]] => [state, outcomes.filter(outcome => outcome.state === state)])
    .filter(([, some]) => some.length > 0);
}
