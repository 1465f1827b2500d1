import { type LinkOptions, type LinkOutcome, failed } from './link-outcome';
import type { ClusterModel } from '../../definition/mesh-model';
import { remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import { type LiveObject, Kubectl, kubectlCommand } from '../clusters/kubectl';
import type { OutcomeState } from '../clusters/outcome-state';
import {
  isManaged, isSameKubeconfig, kubeconfigIn, readRemoteSecrets, remoteSecretFor,
} from '../clusters/remote-secrets';

/** What to do with a remote secret. */
interface SecretPlan extends LinkOutcome {
  /** The Secret to create or replace; undefined if it is unchanged. */
  readonly secret?: object;
}

/** Writes the remote secrets of a cluster directly into the cluster. */
export class SecretLinks {
  private readonly kubectl: Kubectl;

  /** @param kubeconfigsOf the valid kubeconfigs for a peer; the first one is written */
  constructor(
    private readonly cluster: ClusterModel,
    private readonly options: LinkOptions,
    private readonly kubeconfigsOf: (peer: ClusterModel) => Promise<string[]>,
  ) {
    this.kubectl = new Kubectl(cluster.context);
  }

  /** Writes the remote secrets for these peers, and reports or removes those for clusters that are not peers. */
  async write(peers: readonly ClusterModel[]): Promise<LinkOutcome[]> {
    const secrets = await readRemoteSecrets(this.cluster, peers.map(({ name }) => name));
    const plans = await Promise.all(peers.map(peer => this.plan(peer, secrets)));
    const rewritten = new Set(plans.filter(({ secret }) => secret).map(({ peer }) => this.nameFor(peer)));
    const others = secrets.filter(({ metadata }) => !rewritten.has(metadata.name));
    return [...await this.carryOut(plans), ...this.options.only ? [] : await this.prune(others)];
  }

  private nameFor(peer: string): string {
    return remoteSecretMetadata(peer, this.cluster.namespace).name;
  }

  private async plan(peer: ClusterModel, secrets: readonly LiveObject[]): Promise<SecretPlan> {
    const { cluster } = this;
    const outcome = { cluster: cluster.name, peer: peer.name };
    try {
      const kubeconfigs = await this.kubeconfigsOf(peer);
      const isValid = (secret: LiveObject) => {
        const kubeconfig = kubeconfigIn(secret, peer.name);
        return kubeconfig !== undefined && kubeconfigs.some(valid => isSameKubeconfig(kubeconfig, valid));
      };
      const existing = secrets.find(({ metadata }) => metadata.name === this.nameFor(peer.name));
      const foreign = secrets.find(secret => secret !== existing && kubeconfigIn(secret, peer.name) !== undefined);
      if (foreign && (existing || !isValid(foreign))) {
        throw new Error(this.duplicateMessage(foreign.metadata.name, peer.name));
      }
      if (foreign || existing && isValid(existing) && Object.keys(existing.data).length === 1) {
        return { ...outcome, state: 'right' };
      }
      const secret = remoteSecretFor(cluster, peer.name, kubeconfigs[0], existing);
      return { ...outcome, state: existing ? 'changed' : 'new', secret };
    } catch (error) {
      return failed(cluster, peer.name, error);
    }
  }

  private duplicateMessage(secret: string, peer: string): string {
    return `Secret '${secret}' also contains '${peer}', and istiod uses the Secret that it reads first; `
      + `remove it: ${kubectlCommand(this.cluster, `delete secret ${secret}`)}`;
  }

  private async carryOut(plans: readonly SecretPlan[]): Promise<LinkOutcome[]> {
    const secretsOf = (state: OutcomeState) =>
      plans.flatMap(plan => plan.state === state && plan.secret ? [plan.secret] : []);
    const errors = new Map<OutcomeState, unknown>();
    const write = async (state: OutcomeState, action: () => Promise<void>) =>
      this.options.dryRun || await action().catch(error => errors.set(state, error));
    await write('new', () => this.kubectl.create(secretsOf('new')));
    // also if creating failed: otherwise existing Secrets would keep their old tokens
    await write('changed', () => this.kubectl.replace(secretsOf('changed')));
    return plans.map(({ secret, ...outcome }) => {
      const error = secret && errors.get(outcome.state);
      return error ? failed(this.cluster, outcome.peer, error) : outcome;
    });
  }

  /** Reports or removes the remote secrets for clusters that are not peers. */
  private async prune(secrets: readonly LiveObject[]): Promise<LinkOutcome[]> {
    const known = new Set([this.cluster.name, ...this.cluster.peers.map(({ name }) => name)]);
    const obsolete = secrets.flatMap(secret =>
      Object.keys(secret.data ?? {}).filter(peer => !known.has(peer)).map(peer => ({ peer, secret })));
    return Promise.all(obsolete.map(({ peer, secret }) => this.pruneSecret(peer, secret)));
  }

  private async pruneSecret(peer: string, secret: LiveObject): Promise<LinkOutcome> {
    const { cluster, options: { dryRun, prune } } = this;
    const { name } = secret.metadata;
    const outcome = { cluster: cluster.name, peer };
    if (!isManaged(secret) || Object.keys(secret.data).length > 1) {
      const reason = `Secret '${name}' contains '${peer}', which is not a peer, but istio-mesh did not create it; `
        + 'remove it yourself if it is not needed';
      return { ...outcome, state: 'left', reason };
    }
    if (!prune) {
      const reason = `'${peer}' is no longer a peer; run again with --prune to remove Secret '${name}'`;
      return { ...outcome, state: 'left', reason };
    }
    try {
      if (!dryRun) {
        await this.kubectl.delete('secret', name, cluster.namespace);
      }
      return { ...outcome, state: 'removed' };
    } catch (error) {
      return failed(cluster, peer, error);
    }
  }
}
