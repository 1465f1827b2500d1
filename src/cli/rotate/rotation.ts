import { setTimeout } from 'timers/promises';
import { rotationWarning } from './known-bugs';
import { IstioReader, readerAccount, tokenSecret } from '../../constructs/istio-reader';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { otherSlot, TokenSlot } from '../../settings/reader-options';
import { usesReaderToken } from '../../settings/remote-credentials/credential-delivery';
import { isLinked, LINKS_DIRECTORY, takesFiles } from '../../settings/remote-credentials/links';
import { shellWord } from '../../util/shell-word';
import type { Istiod } from '../clusters/istiods';
import { istiodsOf } from '../clusters/istiods';
import type { LiveObject } from '../clusters/kubectl';
import { Kubectl } from '../clusters/kubectl';
import type { ReaderToken } from '../clusters/reader-tokens';
import { kubeconfigWith, readerTokens, RETIRING, tokenSecrets, tokensIn } from '../clusters/reader-tokens';
import { isSameKubeconfig, kubeconfigIn, remoteSecrets } from '../clusters/remote-secrets';
import { POLL_MILLISECONDS, until } from '../clusters/until';
import { Linking } from '../link/link';
import { probe, ProbeResult } from '../verify/api-server-probe';
import { SYNCED } from '../verify/pair-checks';

export interface RotationOptions {
  readonly dryRun?: boolean;
  /** How long to wait for an istiod, a token or an API server. */
  readonly timeoutSeconds: number;
}

/** After which a token Secret that has none is made again. */
const REMAKE_SECONDS = 5;

/** The control planes of a peer. */
interface IstiodsOf {
  readonly cluster: ClusterModel;
  readonly istiods: readonly Istiod[];
}

/** What each istiod that must see another Secret had seen before, by its cluster and pod. */
interface Seen {
  readonly [istiod: string]: Pick<Istiod, 'started'> & { readonly events: number };
}

/** What the istiods of some peers have seen. */
function ofClusters(all: readonly IstiodsOf[], names: readonly string[]): Seen {
  return Object.fromEntries(all.filter(({ cluster }) => names.includes(cluster.name)).flatMap(({ cluster, istiods }) =>
    istiods.map(({ pod, started, secretEvents }) => [`${cluster.name}/${pod}`, { started, events: secretEvents }])));
}

/** Whether an earlier run was about to retire the token of a Secret. */
function isRetiring(secret: LiveObject | undefined): boolean {
  return secret?.metadata.annotations?.[RETIRING] !== undefined;
}

/** What stands in the mark of an earlier run. */
function seenIn({ metadata }: LiveObject): Seen {
  try {
    return { ...JSON.parse(metadata.annotations![RETIRING]) };
  } catch { // somebody else wrote it
    return {};
  }
}

/** Gives the spare token of one cluster to all of its peers, and retires the other as soon as nobody needs it. */
export class Rotation {
  private readonly peers: readonly ClusterModel[];
  private readonly kubectl: Kubectl;

  constructor(
    private readonly mesh: MeshModel,
    private readonly source: ClusterModel,
    private readonly options: RotationOptions,
    private readonly say: (line: string) => void,
  ) {
    this.peers = source.peers;
    this.kubectl = new Kubectl(source.context);
  }

  /**
   * @throws when a step fails; nothing is retired then, and the next run goes on from there
   */
  async run(): Promise<void> {
    const found = await tokenSecrets(this.source);
    const secretOf = (slot: TokenSlot) => found.find(({ metadata }) => metadata.name === IstioReader.accountName(slot));
    const secrets = new Map(Object.values(TokenSlot).map(slot => [slot, secretOf(slot)]));
    const tokens = tokensIn(found, Object.values(TokenSlot));
    const old = await this.retiringSlot(tokens, secrets);
    const next = otherSlot(old);
    const before = await this.istiods();
    before.forEach(({ cluster, istiods }) => istiods.forEach(({ version }) => version && this.warn(rotationWarning(cluster.name, version))));
    this.say(`${old} -> ${next}, for ${this.peers.map(({ name }) => name).join(', ')}`);
    if (this.options.dryRun) {
      return;
    }
    const [given] = await readerTokens(this.source, [next], this.options.timeoutSeconds);
    await this.refuseUntaken(given);
    const retired = secrets.get(old);
    const seenBefore = isRetiring(retired) ? seenIn(retired!) : ofClusters(before, await this.without(given)); // who has the token already has seen it
    if (retired) {
      await this.mark(old, seenBefore);
    }
    const changed = await this.give(next);
    await this.untilSynced({ ...ofClusters(before, changed), ...seenBefore });
    await this.refuseUnlessEverybodyHas(given);
    await this.retire(old, tokens.find(({ slot }) => slot === old));
  }

  /** The slot that an earlier run was about to retire, or else the one that most peers have. */
  private async retiringSlot(tokens: readonly ReaderToken[], secrets: ReadonlyMap<TokenSlot, LiveObject | undefined>): Promise<TokenSlot> {
    const slots = [...secrets.keys()];
    const marked = slots.find(slot => isRetiring(secrets.get(slot)));
    if (marked) {
      this.say(`goes on where an earlier rotation stopped: ${marked} is to be retired`);
      return marked;
    }
    const missing = slots.filter(slot => secrets.get(slot) === undefined);
    if (missing.length === 1) { // whoever has its token is cut off already, so that nobody may keep it
      this.say(`goes on where an earlier rotation stopped: ${missing[0]} is not there`);
      return missing[0];
    }
    const kubeconfigs = await this.kubeconfigs();
    const holders = (slot: TokenSlot) => {
      const token = tokens.find(one => one.slot === slot);
      return token ? kubeconfigs.filter(({ kubeconfig }) => kubeconfig?.includes(token.token)).length : 0;
    };
    const first = this.source.reader.activeToken ?? TokenSlot.BLUE;
    return holders(otherSlot(first)) > holders(first) ? otherSlot(first) : first;
  }

  /** A run that goes on must wait for the same istiods, so the mark says what they had seen; one may have stood still since. */
  private async mark(slot: TokenSlot, seen: Seen): Promise<void> {
    const { metadata, ...secret } = tokenSecret(slot, this.source.namespace);
    const annotations = { ...metadata.annotations, [RETIRING]: JSON.stringify(seen) };
    await this.kubectl.apply([{ ...secret, metadata: { ...metadata, annotations } }]);
  }

  /** Gives the new token to every peer, and tells who had another one. */
  private async give(slot: TokenSlot): Promise<string[]> {
    const only = { source: this.source.name, slot };
    const outcomes = await new Linking(this.mesh, { timeoutSeconds: this.options.timeoutSeconds, only }).run(() => undefined);
    const failed = outcomes.filter(({ state }) => state === 'failed');
    if (failed.length > 0) {
      throw new Error(`${failed.map(({ cluster, reason }) => `'${cluster}' did not get the new token: ${reason}`).join('; ')}; nothing was retired, run again`);
    }
    const changed = outcomes.filter(({ state }) => state !== 'right').map(({ cluster }) => cluster);
    this.say(changed.length > 0 ? `given to ${changed.join(', ')}` : 'everybody has it');
    return changed;
  }

  private async istiods(): Promise<IstiodsOf[]> {
    return Promise.all(this.peers.map(async cluster => ({ cluster, istiods: await istiodsOf(cluster) })));
  }

  /** Waits until every istiod that got another Secret has seen it, and all of them have the cluster synced, twice in a row. */
  private async untilSynced(seenBefore: Seen): Promise<void> {
    const start = Date.now();
    for (let inARow = 0; inARow < 2;) {
      const behind = await this.behind(seenBefore);
      inARow = behind.length === 0 ? inARow + 1 : 0;
      if (behind.length > 0 && Date.now() - start > this.options.timeoutSeconds * 1000) {
        throw new Error(`${behind.join(', ')} ${behind.length === 1 ? 'has' : 'have'} not synced '${this.source.name}' with the new token after ${this.options.timeoutSeconds} s; `
          + 'both tokens are valid, so that nothing is lost; see istio-mesh verify, and run again');
      }
      await setTimeout(POLL_MILLISECONDS);
    }
    this.say(`synced everywhere after ${Math.round((Date.now() - start) / 1000)} s`);
  }

  /** The istiods that have not seen their new Secret, or not synced with it. */
  private async behind(seenBefore: Seen): Promise<string[]> {
    return (await this.istiods()).flatMap(({ cluster, istiods }) => istiods.filter(({ pod, started, clusters, secretEvents }) => {
      const before = seenBefore[`${cluster.name}/${pod}`];
      const hasSeen = before === undefined || secretEvents > before.events || before.started !== undefined && started !== before.started;
      return !hasSeen || clusters && !SYNCED.includes(clusters.get(this.source.name) ?? '');
    }).map(({ pod }) => `${pod} of '${cluster.name}'`));
  }

  /** What every peer reads the cluster with. */
  private async kubeconfigs(): Promise<Array<{ peer: string; kubeconfig?: string }>> {
    return Promise.all(this.peers.map(async cluster => {
      const secrets = await remoteSecrets(cluster, []);
      return { peer: cluster.name, kubeconfig: secrets.flatMap(secret => kubeconfigIn(secret, this.source.name) ?? [])[0] };
    }));
  }

  /** Somebody may have written a Secret since; who has not the new token would be cut off. */
  private async refuseUnlessEverybodyHas(given: ReaderToken): Promise<void> {
    const without = (await this.without(given)).map(peer => `'${peer}'`);
    if (without.length > 0) {
      throw new Error(`${without.join(', ')} ${without.length === 1 ? 'has' : 'have'} another token again, which something else writes there; nothing was retired, find it and run again`);
    }
  }

  /** The peers that have another token. */
  private async without(given: ReaderToken): Promise<string[]> {
    const right = kubeconfigWith(this.source, given);
    return (await this.kubeconfigs()).filter(({ kubeconfig = '' }) => !isSameKubeconfig(kubeconfig, right)).map(({ peer }) => peer);
  }

  private async refuseUntaken(token: ReaderToken): Promise<void> {
    const { result, detail } = await probe(kubeconfigWith(this.source, token));
    if (![ProbeResult.ANSWERS, ProbeResult.UNREACHABLE, ProbeResult.NOT_TRIED].includes(result)) {
      throw new Error(`the ${token.slot} token cannot be given out: the API server does not take it (${detail}); see istio-mesh verify`);
    }
  }

  /** A token ends with its account alone: another Secret of the same account would get the same token. */
  private async retire(slot: TokenSlot, token: ReaderToken | undefined): Promise<void> {
    const name = IstioReader.accountName(slot);
    for (const kind of ['serviceaccount', 'secret']) { // the account first: from then on no run can bring the token back
      await this.kubectl.delete(kind, name, this.source.namespace);
    }
    await this.remake(slot);
    const isRefused = token && await this.untilRefused(token);
    this.say(`${slot} is retired${isRefused ? ': the API server refuses its old token' : ''}, and has another one for the next rotation`);
  }

  /** Kubernetes may take a new token Secret for one of the account that is gone, and delete it. */
  private async remake(slot: TokenSlot): Promise<void> {
    const end = Date.now() + this.options.timeoutSeconds * 1000;
    for (let isThere = false; !isThere;) {
      await this.kubectl.apply([readerAccount(slot, this.source.namespace), tokenSecret(slot, this.source.namespace)]);
      isThere = await readerTokens(this.source, [slot], REMAKE_SECONDS).then(() => true, error => {
        if (Date.now() > end) {
          throw error;
        }
        return false;
      });
    }
  }

  /** The API server believes a token for some seconds after it is gone. */
  private async untilRefused(token: ReaderToken): Promise<boolean> {
    const result = await until(this.options.timeoutSeconds, async () => {
      const { result: said } = await probe(kubeconfigWith(this.source, token));
      return said === ProbeResult.ANSWERS ? undefined : said;
    });
    if (!result) {
      throw new Error(`the API server of '${this.source.name}' still takes the old ${token.slot} token; see who made it anew: kubectl --context ${shellWord(this.source.context)} -n ${this.source.namespace} get secrets`);
    }
    return result === ProbeResult.UNAUTHORIZED;
  }

  private warn(warning: string | undefined): void {
    if (warning) {
      this.say(`warning: ${warning}`);
    }
  }
}

/** What to commit where files say which token travels, so that it changes without this command. */
export function commitsInstead(cluster: ClusterModel): string[] {
  const { name, context, namespace, reader, peers, remoteCredentials } = cluster;
  if (!usesReaderToken(remoteCredentials)) {
    return [`'${name}' is not read with a token of a reader account; change its credentials where they come from`];
  }
  const old = reader.activeToken ?? TokenSlot.BLUE;
  const next = otherSlot(old);
  const files = isLinked(cluster) ? peers.filter(takesFiles).map(peer => `${LINKS_DIRECTORY}/${peer.name}`).join(', ') : undefined;
  const made = files ? `what synth and then istio-mesh link make of it, in ${files}` : `what synth makes of it${remoteCredentials._delivery.kind === 'tree' ? ' with that token' : ''}`;
  return [
    `${files ? `links to '${name}' are files, which say` : `the tree of '${name}' says`} which token travels; commit instead:`,
    `1. reader: {activeToken: ${next}} at '${name}', and ${made}; wait until every peer has it, and istio-mesh verify is green`,
    `2. then: kubectl --context ${shellWord(context)} -n ${namespace} delete serviceaccount ${IstioReader.accountName(old)}, which ends its token; whoever applies 00-namespace makes account and Secret anew`,
  ];
}
