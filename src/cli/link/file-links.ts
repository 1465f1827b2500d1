import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import type { LinkForm, ShownSecret } from './link-form';
import { encryptable, fileName, isShown, isWrittenHere, shownIn } from './link-form';
import type { LinkOptions, LinkOutcome } from './link-outcome';
import { failed } from './link-outcome';
import { SealedSecretForm } from './sealed-secret-form';
import { SopsForm } from './sops-form';
import type { ClusterModel } from '../../definition/mesh-model';
import { LINK_PREFIX } from '../../istio/remote-secret-metadata';
import { KUSTOMIZATION } from '../../output/links-directory';
import { LinksKustomization, newKustomization } from '../../output/links-kustomization';
import { linkTarget } from '../../settings/remote-credentials/links';
import { shownPath } from '../../util/host/files';
import { withStaging } from '../../util/host/staging';

/** A link as it is and as it should be. */
interface Plan extends LinkOutcome {
  /** Name of its file. */
  readonly name: string;
  /** The Secret to encrypt. */
  readonly secret?: any;
  /** What to write, once that is known. */
  readonly text?: string;
}

/** The links that a cluster gets in files, whose Secrets are encrypted before anything is written. */
export class FileLinks {
  private readonly directory: string;

  /**
   * @param links directory of the links of all clusters
   * @param kubeconfigsOf gives those that are right for a peer, the one to write first
   */
  constructor(
    private readonly cluster: ClusterModel,
    links: string,
    private readonly options: LinkOptions,
    private readonly kubeconfigsOf: (peer: ClusterModel) => Promise<string[]>,
  ) {
    this.directory = join(links, cluster.name);
  }

  /**
   * What became of the links to these peers, and of those to others.
   *
   * @param directory directory that paths of the definition start from
   */
  async write(peers: readonly ClusterModel[], directory: string): Promise<LinkOutcome[]> {
    if (peers.length === 0) {
      return this.prune();
    }
    const target = linkTarget(this.cluster);
    const form = target.kind === 'sealedSecrets' ? await SealedSecretForm.of(this.cluster, target.options, directory) : new SopsForm();
    const kustomization = this.kustomization();
    const plans = await Promise.all(peers.map(peer => this.plan(form, peer, kustomization)));
    const strays = this.options.only ? [] : this.strays(peers.map(({ name }) => fileName(form, name)));
    const encrypted = this.options.dryRun ? plans : await Promise.all(plans.map(plan => this.encrypted(form, plan)));
    this.carryOut(kustomization, [...encrypted, ...strays]);
    return [...encrypted, ...strays].map(({ name, secret, text, ...outcome }) => outcome);
  }

  /** What became of files from when the cluster got links in some. */
  prune(): LinkOutcome[] {
    const strays = this.strays([]);
    try {
      if (strays.some(({ state }) => state === 'removed')) {
        this.carryOut(this.kustomization(), strays);
      }
      return strays.map(({ name, ...outcome }) => outcome);
    } catch (error) {
      return strays.map(({ peer }) => failed(this.cluster, peer, error));
    }
  }

  private kustomization(): LinksKustomization {
    const path = join(this.directory, KUSTOMIZATION);
    try {
      return new LinksKustomization(existsSync(path) ? readFileSync(path, 'utf-8') : newKustomization(this.cluster.name));
    } catch (error) {
      throw new Error(`'${shownPath(path)}' ${(error as Error).message}`);
    }
  }

  private async plan(form: LinkForm, peer: ClusterModel, kustomization: LinksKustomization): Promise<Plan> {
    const name = fileName(form, peer.name);
    const file = shownPath(join(this.directory, name));
    const outcome = { cluster: this.cluster.name, peer: peer.name, name, file };
    try {
      const before = this.shown(name);
      if (before && !isWrittenHere(before)) {
        throw new Error(`'${file}' was not written by istio-mesh link, which would replace it; move it away`);
      }
      const secrets = (await this.kubeconfigsOf(peer)).map(kubeconfig => encryptable(this.cluster, peer.name, kubeconfig, form, before));
      const isRight = before && secrets.some(secret => isShown(secret, form, before));
      return { ...outcome, state: !before ? 'new' : isRight && kustomization.lists(name) ? 'right' : 'changed', ...!isRight && { secret: secrets[0] } };
    } catch (error) {
      return { ...failed(this.cluster, peer.name, error), name, file };
    }
  }

  private shown(name: string): ShownSecret | undefined {
    const path = join(this.directory, name);
    try {
      return existsSync(path) ? shownIn(readFileSync(path, 'utf-8')) : undefined;
    } catch {
      throw new Error(`'${shownPath(path)}' is no object that Kubernetes knows; restore it, or remove it to have it made anew`);
    }
  }

  private async encrypted(form: LinkForm, plan: Plan): Promise<Plan> {
    const { name, file, peer, secret } = plan;
    if (!secret) {
      return plan;
    }
    try {
      const text = await form.encrypt(secret, join(this.directory, name));
      if (text.includes(secret.data[peer]) || !isShown(secret, form, shownIn(text))) {
        throw new Error(`what came back for '${file}' is not that link, encrypted, and was not written; see that kubeseal and sops on the PATH are those programs`);
      }
      return { ...plan, text };
    } catch (error) {
      return { ...failed(this.cluster, peer, error), name, file };
    }
  }

  /** At no moment does the kustomization name a file that is not there. */
  private carryOut(kustomization: LinksKustomization, plans: readonly Plan[]): void {
    const [listed, removed] = [['new', 'changed'], ['removed']].map(states => plans.filter(({ state }) => states.includes(state)));
    if (this.options.dryRun || listed.length + removed.length === 0) {
      return;
    }
    withStaging(this.directory, staging => {
      const place = (name: string, text: string) => {
        writeFileSync(join(staging, name), text);
        renameSync(join(staging, name), join(this.directory, name));
      };
      listed.forEach(({ name, text }) => text !== undefined && place(name, text));
      place(KUSTOMIZATION, kustomization.with(listed.map(({ name }) => name), removed.map(({ name }) => name)));
      removed.forEach(({ name }) => rmSync(join(this.directory, name)));
    });
  }

  /** Files of links that the cluster does not get, or not there. */
  private strays(wanted: readonly string[]): Plan[] {
    const names = existsSync(this.directory) ? readdirSync(this.directory).sort() : [];
    return names.filter(name => LINK_FILE.test(name) && !wanted.includes(name)).map((name): Plan => {
      const file = shownPath(join(this.directory, name));
      const outcome = { cluster: this.cluster.name, peer: LINK_FILE.exec(name)![1], name, file };
      try {
        const left = (why: string): Plan => ({ ...outcome, state: 'left', reason: `'${file}' is no link of '${this.cluster.name}'${why}` });
        return !isWrittenHere(this.shown(name)!) ? left(', and was made by somebody else; remove it yourself if it is not meant')
          : this.options.prune ? { ...outcome, state: 'removed' } : left(' any more; run again with --prune to remove it');
      } catch (error) {
        return { ...outcome, ...failed(this.cluster, outcome.peer, error) };
      }
    });
  }
}

const LINK_FILE = new RegExp(`^(?:sealedsecret|secret)-${LINK_PREFIX}(.+)\\.yaml$`);
