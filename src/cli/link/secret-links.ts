import type { LinkOptions, LinkOutcome, LinkState } from './link-outcome';
import { failed } from './link-outcome';
import type { ClusterModel } from '../../definition/mesh-model';
import { remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import { shellWord } from '../../util/shell-word';
import type { LiveObject } from '../clusters/kubectl';
import { Kubectl } from '../clusters/kubectl';
import { isMadeHere, isSameKubeconfig, kubeconfigIn, remoteSecret, remoteSecrets } from '../clusters/remote-secrets';

/** A link as it is and as it should be. */
interface Plan extends LinkOutcome {
  /** The Secret to make or to replace. */
  readonly secret?: object;
}

/** The links that a cluster gets as Secrets, straight. */
export class SecretLinks {
  /** @param kubeconfigsOf gives those that are right for a peer, the one to write first */
  constructor(
    private readonly cluster: ClusterModel,
    private readonly options: LinkOptions,
    private readonly kubeconfigsOf: (peer: ClusterModel) => Promise<string[]>,
  ) {}

  /** What became of the links to these peers, and of those to others. */
  async write(peers: readonly ClusterModel[]): Promise<LinkOutcome[]> {
    const secrets = await remoteSecrets(this.cluster, peers.map(({ name }) => name));
    const plans = await Promise.all(peers.map(peer => this.plan(peer, secrets)));
    const rewritten = new Set(plans.flatMap(({ peer, secret }) => secret ? [remoteSecretMetadata(peer, this.cluster.namespace).name] : []));
    const others = secrets.filter(({ metadata }) => !rewritten.has(metadata.name));
    return [...await this.carryOut(plans), ...this.options.only ? [] : await this.prune(others)];
  }

  private async plan(peer: ClusterModel, secrets: readonly LiveObject[]): Promise<Plan> {
    const { cluster } = this;
    try {
      const kubeconfigs = await this.kubeconfigsOf(peer);
      const isRight = (secret: LiveObject) => {
        const kubeconfig = kubeconfigIn(secret, peer.name);
        return kubeconfig !== undefined && kubeconfigs.some(right => isSameKubeconfig(kubeconfig, right));
      };
      const { name } = remoteSecretMetadata(peer.name, cluster.namespace);
      const own = secrets.find(({ metadata }) => metadata.name === name);
      const foreign = secrets.find(secret => secret !== own && kubeconfigIn(secret, peer.name) !== undefined);
      if (foreign && (own || !isRight(foreign))) {
        throw new Error(`Secret '${foreign.metadata.name}' has '${peer.name}' too, and istiod takes what it saw first; `
          + `remove it: kubectl --context ${shellWord(cluster.context)} -n ${cluster.namespace} delete secret ${foreign.metadata.name}`);
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

  private async carryOut(plans: readonly Plan[]): Promise<LinkOutcome[]> {
    const secrets = (state: LinkState) => plans.flatMap(plan => plan.state === state && plan.secret ? [plan.secret] : []);
    const kubectl = new Kubectl(this.cluster.context);
    const problems = new Map<LinkState, unknown>();
    const write = async (state: LinkState, action: () => Promise<void>) =>
      this.options.dryRun || await action().catch(error => problems.set(state, error));
    await write('new', () => kubectl.create(secrets('new')));
    await write('changed', () => kubectl.replace(secrets('changed'))); // also where new ones are refused: these would keep their old tokens
    return plans.map(({ secret, ...outcome }) =>
      secret && problems.has(outcome.state) ? failed(this.cluster, outcome.peer, problems.get(outcome.state)) : outcome);
  }

  /** The links of clusters that are no peers any more. */
  private async prune(secrets: readonly LiveObject[]): Promise<LinkOutcome[]> {
    const { cluster } = this;
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
}
