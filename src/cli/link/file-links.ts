import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { type LinkOptions, type LinkOutcome, failed } from './link-outcome';
import { SealedSecretFormat } from './sealed-secret-format';
import {
  type EncryptedSecret, type SecretFormat, fileNameFor, isEncryptionOf, isWrittenByLink, parseEncryptedSecret,
  secretToEncrypt,
} from './secret-format';
import { SOPS_FORMAT } from './sops-format';
import type { ClusterModel } from '../../definition/mesh-model';
import { REMOTE_SECRET_PREFIX } from '../../istio/remote-secret-metadata';
import { KUSTOMIZATION } from '../../output/links-directory';
import { LinksKustomization, newKustomization } from '../../output/links-kustomization';
import { linkTarget } from '../../settings/remote-credentials/links';
import { readTextIfPresent, shownPath } from '../../util/host/files';
import { withStaging } from '../../util/host/staging';

/** What to do with the file of a remote secret. */
interface FilePlan extends LinkOutcome {
  /** Name of the file. */
  readonly name: string;
  /** The Secret to encrypt; undefined if the file is unchanged. */
  readonly secret?: any;
  /** Text to write into the file, once the Secret is encrypted. */
  readonly text?: string;
}

const REMOTE_SECRET_FILE = new RegExp(`^(?:sealedsecret|secret)-${REMOTE_SECRET_PREFIX}(.+)\\.yaml$`);

/**
 * Writes the remote secrets of a cluster into encrypted files.
 *
 * All of them are encrypted before any file is written.
 */
export class FileLinks {
  private readonly directory: string;

  /**
   * @param links directory with the files of all clusters
   * @param kubeconfigsOf the valid kubeconfigs for a peer; the first one is written
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
   * Writes the files for these peers, and reports or removes other remote secret files.
   *
   * @param base directory that relative paths in the definition start from
   */
  async write(peers: readonly ClusterModel[], base: string): Promise<LinkOutcome[]> {
    if (peers.length === 0) {
      return this.prune();
    }
    const target = linkTarget(this.cluster);
    const format = target.kind === 'sealedSecrets'
      ? await SealedSecretFormat.of(this.cluster, target.options, base) : SOPS_FORMAT;
    const kustomization = this.readKustomization();
    const plans = await Promise.all(peers.map(peer => this.plan(format, peer, kustomization)));
    const obsolete = this.options.only ? [] : this.planObsolete(peers.map(({ name }) => fileNameFor(name, format)));
    const encrypted = this.options.dryRun ? plans : await Promise.all(plans.map(plan => this.encrypt(format, plan)));
    this.carryOut(kustomization, [...encrypted, ...obsolete]);
    return [...encrypted, ...obsolete].map(({ name, secret, text, ...outcome }) => outcome);
  }

  /** Reports or removes the files of a cluster that no longer gets its remote secrets in files. */
  prune(): LinkOutcome[] {
    const obsolete = this.planObsolete([]);
    try {
      if (obsolete.some(({ state }) => state === 'removed')) {
        this.carryOut(this.readKustomization(), obsolete);
      }
      return obsolete.map(({ name, ...outcome }) => outcome);
    } catch (error) {
      return obsolete.map(({ peer }) => failed(this.cluster, peer, error));
    }
  }

  private readKustomization(): LinksKustomization {
    const path = join(this.directory, KUSTOMIZATION);
    try {
      return new LinksKustomization(readTextIfPresent(path) ?? newKustomization(this.cluster.name));
    } catch (error) {
      throw new Error(`'${shownPath(path)}' ${(error as Error).message}`);
    }
  }

  private async plan(format: SecretFormat, peer: ClusterModel, kustomization: LinksKustomization): Promise<FilePlan> {
    const name = fileNameFor(peer.name, format);
    const file = shownPath(join(this.directory, name));
    const outcome = { cluster: this.cluster.name, peer: peer.name, name, file };
    try {
      const existing = this.readSecret(name);
      if (existing && !isWrittenByLink(existing)) {
        throw new Error(`'${file}' was not written by istio-mesh link, and is not replaced; move it away`);
      }
      const kubeconfigs = await this.kubeconfigsOf(peer);
      const valid = kubeconfigs.map(kubeconfig =>
        secretToEncrypt(this.cluster, peer.name, kubeconfig, format, existing));
      if (!existing) {
        return { ...outcome, state: 'new', secret: valid[0] };
      }
      if (!valid.some(secret => isEncryptionOf(secret, format, existing))) {
        return { ...outcome, state: 'changed', secret: valid[0] };
      }
      return { ...outcome, state: kustomization.lists(name) ? 'right' : 'changed' };
    } catch (error) {
      return { ...failed(this.cluster, peer.name, error), name, file };
    }
  }

  private readSecret(name: string): EncryptedSecret | undefined {
    const path = join(this.directory, name);
    try {
      const text = readTextIfPresent(path);
      return text === undefined ? undefined : parseEncryptedSecret(text);
    } catch {
      throw new Error(`'${shownPath(path)}' is not a Kubernetes object; `
        + 'restore it, or remove it and run this command again');
    }
  }

  private async encrypt(format: SecretFormat, plan: FilePlan): Promise<FilePlan> {
    const { name, file, peer, secret } = plan;
    if (!secret) {
      return plan;
    }
    try {
      const text = await format.encrypt(secret, join(this.directory, name));
      if (text.includes(secret.data[peer]) || !isEncryptionOf(secret, format, parseEncryptedSecret(text))) {
        throw new Error(`'${file}' was not written, because the encrypted output does not match the Secret; `
          + 'check that kubeseal and sops on the PATH are the right programs');
      }
      return { ...plan, text };
    } catch (error) {
      return { ...failed(this.cluster, peer, error), name, file };
    }
  }

  /** Writes and removes files in an order in which the kustomization never names a missing file. */
  private carryOut(kustomization: LinksKustomization, plans: readonly FilePlan[]): void {
    const written = plans.filter(({ state }) => state === 'new' || state === 'changed');
    const removed = plans.filter(({ state }) => state === 'removed');
    if (this.options.dryRun || written.length + removed.length === 0) {
      return;
    }
    const listing = kustomization.with(written.map(({ name }) => name), removed.map(({ name }) => name));
    withStaging(this.directory, staging => {
      const place = (name: string, text: string) => {
        writeFileSync(join(staging, name), text);
        renameSync(join(staging, name), join(this.directory, name));
      };
      written.forEach(({ name, text }) => text !== undefined && place(name, text));
      place(KUSTOMIZATION, listing);
      removed.forEach(({ name }) => rmSync(join(this.directory, name)));
    });
  }

  /** Plans for remote secret files that the cluster does not need, or no longer needs. */
  private planObsolete(needed: readonly string[]): FilePlan[] {
    const names = existsSync(this.directory) ? readdirSync(this.directory).sort() : [];
    return names.filter(name => REMOTE_SECRET_FILE.test(name) && !needed.includes(name))
      .map(name => this.planObsoleteFile(name));
  }

  private planObsoleteFile(name: string): FilePlan {
    const { cluster: { name: cluster }, options } = this;
    const file = shownPath(join(this.directory, name));
    const outcome = { cluster, peer: REMOTE_SECRET_FILE.exec(name)![1], name, file };
    try {
      if (!isWrittenByLink(this.readSecret(name)!)) {
        const reason = `'${file}' is not needed by '${cluster}', but istio-mesh link did not write it; `
          + 'remove it yourself';
        return { ...outcome, state: 'left', reason };
      }
      if (!options.prune) {
        const reason = `'${file}' is no longer needed by '${cluster}'; run again with --prune to remove it`;
        return { ...outcome, state: 'left', reason };
      }
      return { ...outcome, state: 'removed' };
    } catch (error) {
      return { ...outcome, ...failed(this.cluster, outcome.peer, error) };
    }
  }
}
