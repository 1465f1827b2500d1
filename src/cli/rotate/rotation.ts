import { type IstiodSnapshot, hasSeenChange, readAllIstiods, snapshotOf, storedSnapshot } from './istiod-snapshot';
import { rotationWarning } from './known-bugs';
import { IstioReader, readerAccount, tokenSecret } from '../../constructs/istio-reader';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { otherSlot, TokenSlot } from '../../settings/reader-options';
import { now, sleep } from '../clusters/clock';
import { type LiveObject, Kubectl, kubectlCommand } from '../clusters/kubectl';
import { poll, POLL_MILLISECONDS } from '../clusters/poll';
import {
  type ReaderToken,
  isMarked, kubeconfigWith, readTokenSecrets, REVOCATION_MARK, secretOf, tokensIn, waitForReaderTokens,
} from '../clusters/reader-tokens';
import { isSameKubeconfig, kubeconfigIn, readRemoteSecrets } from '../clusters/remote-secrets';
import { Linker } from '../link/link';
import { probe, ProbeResult } from '../verify/api-server-probe';
import { SYNCED_STATES } from '../verify/synced-check';

export interface RotationOptions {
  readonly dryRun?: boolean;
  /** How long to wait for an istiod, a token or an API server. */
  readonly timeoutSeconds: number;
}

/** How long to wait for a token before its Secret is created again. */
const RECREATE_SECONDS = 5;

/** Gives the spare token of a cluster to all of its peers, and revokes the other token once no peer uses it. */
export class Rotation {
  private readonly peers: readonly ClusterModel[];
  private readonly kubectl: Kubectl;

  constructor(
    private readonly mesh: MeshModel,
    private readonly source: ClusterModel,
    private readonly options: RotationOptions,
    private readonly report: (line: string) => void,
  ) {
    this.peers = source.peers;
    this.kubectl = new Kubectl(source.context);
  }

  /**
   * Rotates the token.
   *
   * @throws if a step fails; then no token is revoked, and the next run continues from there
   */
  async run(): Promise<void> {
    const secrets = await readTokenSecrets(this.source);
    const tokens = tokensIn(secrets, Object.values(TokenSlot));
    const old = await this.slotToRevoke(tokens, secrets);
    const next = otherSlot(old);
    const istiodsBefore = await readAllIstiods(this.peers);
    const warnings = istiodsBefore.flatMap(({ cluster, istiods }) =>
      istiods.flatMap(({ version }) => version ? rotationWarning(cluster.name, version) ?? [] : []));
    warnings.forEach(warning => this.report(`warning: ${warning}`));
    this.report(`${old} -> ${next} for ${this.peers.map(({ name }) => name).join(', ')}`);
    if (this.options.dryRun) {
      return;
    }
    const [newToken] = await waitForReaderTokens(this.source, [next], this.options.timeoutSeconds);
    await this.requireAccepted(newToken);
    const oldSecret = secretOf(old, secrets);
    // without the peers that have the new token already, since they see no further change
    const snapshot = isMarked(oldSecret) ? storedSnapshot(oldSecret!)
      : snapshotOf(istiodsBefore, await this.peersWithout(newToken));
    if (oldSecret) {
      await this.mark(old, snapshot);
    }
    const changedPeers = await this.distribute(next);
    await this.waitUntilSynced({ ...snapshotOf(istiodsBefore, changedPeers), ...snapshot });
    await this.requireAllPeersHave(newToken);
    await this.revoke(old, tokens.find(({ slot }) => slot === old));
  }

  /** The slot that an interrupted rotation was about to revoke, or the one that most peers use. */
  private async slotToRevoke(tokens: readonly ReaderToken[], secrets: readonly LiveObject[]): Promise<TokenSlot> {
    const slots = Object.values(TokenSlot);
    const marked = slots.find(slot => isMarked(secretOf(slot, secrets)));
    if (marked) {
      this.report(`resuming an interrupted rotation: ${marked} is to be revoked`);
      return marked;
    }
    const missing = slots.filter(slot => secretOf(slot, secrets) === undefined);
    if (missing.length === 1) { // its token is invalid already, so no peer may keep it
      this.report(`resuming an interrupted rotation: the Secret of ${missing[0]} is missing`);
      return missing[0];
    }
    const kubeconfigs = await this.readKubeconfigs();
    const countUsers = (slot: TokenSlot) => {
      const token = tokens.find(one => one.slot === slot);
      return token ? kubeconfigs.filter(({ kubeconfig }) => kubeconfig?.includes(token.token)).length : 0;
    };
    const preferred = this.source.reader.activeToken ?? TokenSlot.BLUE;
    return countUsers(otherSlot(preferred)) > countUsers(preferred) ? otherSlot(preferred) : preferred;
  }

  /** Stores the snapshot with the token to revoke, so that a resumed run waits for the same istiods. */
  private async mark(slot: TokenSlot, snapshot: IstiodSnapshot): Promise<void> {
    const { metadata, ...secret } = tokenSecret(slot, this.source.namespace);
    const annotations = { ...metadata.annotations, [REVOCATION_MARK]: JSON.stringify(snapshot) };
    await this.kubectl.apply([{ ...secret, metadata: { ...metadata, annotations } }]);
  }

  /** Gives a token to all peers, and returns the names of those that had a different one. */
  private async distribute(slot: TokenSlot): Promise<string[]> {
    const only = { source: this.source.name, slot };
    const linker = new Linker(this.mesh, { timeoutSeconds: this.options.timeoutSeconds, only });
    const outcomes = await linker.run(() => undefined);
    const failures = outcomes.filter(({ state }) => state === 'failed')
      .map(({ cluster, reason }) => `'${cluster}' did not get the new token: ${reason}`);
    if (failures.length > 0) {
      throw new Error(`${failures.join('; ')}; no token was revoked, run this command again`);
    }
    const changed = outcomes.filter(({ state }) => state !== 'right').map(({ cluster }) => cluster);
    this.report(changed.length > 0 ? `gave ${slot} to ${changed.join(', ')}` : `all peers have ${slot} already`);
    return changed;
  }

  /** Waits until every istiod has seen its new remote secret and synced the cluster, twice in a row. */
  private async waitUntilSynced(snapshot: IstiodSnapshot): Promise<void> {
    const { source: { name }, options: { timeoutSeconds } } = this;
    const start = now();
    for (let successes = 0; successes < 2;) {
      const behind = await this.istiodsBehind(snapshot);
      successes = behind.length === 0 ? successes + 1 : 0;
      if (behind.length > 0 && now() - start > timeoutSeconds * 1000) {
        throw new Error(`istiods that have not synced '${name}' after ${timeoutSeconds} s: ${behind.join(', ')}; `
          + 'both tokens are still valid; find the cause with istio-mesh verify, and run this command again');
      }
      await sleep(POLL_MILLISECONDS);
    }
    this.report(`all peers synced after ${Math.round((now() - start) / 1000)} s`);
  }

  /** The istiods that have not seen their new remote secret, or have not synced the cluster. */
  private async istiodsBehind(snapshot: IstiodSnapshot): Promise<string[]> {
    const all = await readAllIstiods(this.peers);
    return all.flatMap(({ cluster, istiods }) => istiods.filter(istiod => {
      const state = istiod.clusters?.get(this.source.name) ?? '';
      const isSynced = istiod.clusters === undefined || SYNCED_STATES.includes(state);
      return !isSynced || !hasSeenChange(snapshot, cluster.name, istiod);
    }).map(({ pod }) => `${pod} of '${cluster.name}'`));
  }

  /** The kubeconfig with which each peer reads the cluster. */
  private async readKubeconfigs(): Promise<Array<{ peer: string; kubeconfig?: string }>> {
    return Promise.all(this.peers.map(async cluster => {
      const secrets = await readRemoteSecrets(cluster, []);
      const [kubeconfig] = secrets.flatMap(secret => kubeconfigIn(secret, this.source.name) ?? []);
      return { peer: cluster.name, kubeconfig };
    }));
  }

  /**
   * Checks once more that all peers have a token, because revoking the other one disconnects the rest.
   *
   * Another program may have changed a remote secret.
   */
  private async requireAllPeersHave(token: ReaderToken): Promise<void> {
    const peers = (await this.peersWithout(token)).map(peer => `'${peer}'`);
    if (peers.length > 0) {
      throw new Error(`another program restored a different token in ${peers.join(', ')}; `
        + 'no token was revoked, stop that program and run this command again');
    }
  }

  private async peersWithout(token: ReaderToken): Promise<string[]> {
    const expected = kubeconfigWith(this.source, token);
    return (await this.readKubeconfigs())
      .filter(({ kubeconfig = '' }) => !isSameKubeconfig(kubeconfig, expected)).map(({ peer }) => peer);
  }

  private async requireAccepted(token: ReaderToken): Promise<void> {
    const { result, detail } = await probe(kubeconfigWith(this.source, token));
    if (![ProbeResult.ANSWERS, ProbeResult.UNREACHABLE, ProbeResult.NOT_TRIED].includes(result)) {
      throw new Error(`the API server of '${this.source.name}' does not accept the ${token.slot} token (${detail}); `
        + 'run istio-mesh verify to find the cause');
    }
  }

  /** Deletes the account of a token: a new Secret of the same account would get the same token. */
  private async revoke(slot: TokenSlot, token: ReaderToken | undefined): Promise<void> {
    const name = IstioReader.accountName(slot);
    for (const kind of ['serviceaccount', 'secret']) { // the account first: after that, no run can restore the token
      await this.kubectl.delete(kind, name, this.source.namespace);
    }
    await this.recreate(slot);
    const isRejected = token && await this.waitUntilRejected(token);
    const rejection = isRejected ? ', and the API server rejects its old token' : '';
    this.report(`revoked ${slot}${rejection}; it has a new token for the next rotation`);
  }

  /**
   * Creates an account and its token Secret until Kubernetes has created a token.
   *
   * Kubernetes may delete the new Secret, because it considers it one of the deleted account.
   */
  private async recreate(slot: TokenSlot): Promise<void> {
    const { source } = this;
    const end = now() + this.options.timeoutSeconds * 1000;
    for (let hasToken = false; !hasToken;) {
      await this.kubectl.apply([readerAccount(slot, source.namespace), tokenSecret(slot, source.namespace)]);
      hasToken = await waitForReaderTokens(source, [slot], RECREATE_SECONDS).then(() => true, error => {
        if (now() > end) {
          throw error;
        }
        return false;
      });
    }
  }

  /** Waits until the API server rejects a token, which it accepts for some seconds after the account is deleted. */
  private async waitUntilRejected(token: ReaderToken): Promise<boolean> {
    const result = await poll(this.options.timeoutSeconds, async () => {
      const answer = await probe(kubeconfigWith(this.source, token));
      return answer.result === ProbeResult.ANSWERS ? undefined : answer.result;
    });
    if (!result) {
      throw new Error(`the API server of '${this.source.name}' still accepts the old ${token.slot} token; `
        + `find out what created it again: ${kubectlCommand(this.source, 'get secrets')}`);
    }
    return result === ProbeResult.UNAUTHORIZED;
  }
}
