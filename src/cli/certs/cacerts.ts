import type { ClusterModel } from '../../definition/mesh-model';
import {
  type IntermediateCa, certificatesIn, haveOneRoot, shareRoot, intermediateCa,
} from '../../istio/intermediate-ca';
import { ROOT_CONFIG_MAP } from '../../istio/names';
import { fromBase64, toBase64 } from '../../util/base64';
import { type LiveObject, Kubectl, kubectlCommand, RESTART_ISTIOD } from '../clusters/kubectl';
import { MANAGED_BY } from '../clusters/remote-secrets';

/** What happened to the Secret `cacerts` of a cluster. */
export interface SecretOutcome {
  readonly secret: 'new' | 'changed' | 'right' | 'left' | 'failed';
  /** The reason, and what to do about it. */
  readonly reason?: string;
}

export interface ApplyOptions {
  /** Report what would be written, without writing anything. */
  readonly dryRun?: boolean;
  /** Replace an intermediate CA by another one of the same root CA. */
  readonly renew?: boolean;
}

/** An outcome, and the object to write for it. */
interface SecretPlan extends SecretOutcome {
  readonly object?: object;
}

/** Creates the Secret `cacerts` in a cluster, and never replaces its root CA. */
export class Cacerts {
  private readonly kubectl: Kubectl;

  /**
   * @param authority files of the Secret; in a dry run that did not create them, only the root CA
   */
  constructor(
    private readonly cluster: ClusterModel,
    private readonly authority: IntermediateCa,
    private readonly options: ApplyOptions,
  ) {
    this.kubectl = new Kubectl(cluster.context);
  }

  async apply(): Promise<SecretOutcome> {
    try {
      const existing = await this.kubectl.get('secret', 'cacerts', this.cluster.namespace);
      const { object, ...outcome } = existing ? this.planReplacement(existing) : await this.planCreation();
      if (object && !this.options.dryRun) {
        await (existing ? this.kubectl.replace([object]) : this.kubectl.create([object]));
      }
      return { ...outcome, reason: outcome.reason ?? await this.restartHint() };
    } catch (error) {
      return { secret: 'failed', reason: (error as Error).message };
    }
  }

  private async planCreation(): Promise<SecretPlan> {
    const { name, namespace, context } = this.cluster;
    if (!await this.kubectl.get('namespace', namespace)) {
      throw new Error(`namespace '${namespace}' of context '${context}' does not exist; `
        + `apply the step 00-namespace of '${name}' first`);
    }
    const metadata = { name: 'cacerts', namespace, labels: MANAGED_BY };
    const object = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: encode(this.authority) };
    return { secret: 'new', object };
  }

  /**
   * Keeps the other fields of an existing Secret, and the exact bytes of its root CA.
   *
   * istiod compares these bytes before it loads a new intermediate CA.
   */
  private planReplacement(existing: LiveObject): SecretPlan {
    const current = authorityIn(existing);
    this.requireReplaceable(existing, current);
    if (hasSameIntermediate(current, this.authority)) {
      return { secret: 'right' };
    }
    if ('tls.crt' in existing.data) {
      return {
        secret: 'left',
        reason: `${this.secretName} has the file names of cert-manager and the same root CA; `
          + 'if this is intended, set trust: external or trust: certManager for this cluster',
      };
    }
    if (!this.options.renew) {
      return {
        secret: 'left',
        reason: `${this.secretName} has another intermediate CA of the same root CA, which also works; `
          + 'run again with --renew to replace it',
      };
    }
    const data = { ...existing.data, ...encode(this.authority), 'root-cert.pem': existing.data['root-cert.pem'] };
    return { secret: 'changed', object: { ...existing, data } };
  }

  private requireReplaceable(existing: LiveObject, { missing, root }: IntermediateCa): void {
    const remove = kubectlCommand(this.cluster, 'delete secret cacerts');
    const replaceRoot = `delete the Secret (${remove}), run this command again, `
      + 'and restart istiod and then all workloads';
    if ('istio-generated' in (existing.data ?? {})) {
      throw new Error(`${this.secretName} has the root CA that istiod created for itself, `
        + `and the workloads of the cluster trust only this one; to replace it, ${replaceRoot}`);
    }
    if (missing.length > 0 || !root?.certificates) {
      const files = missing.map(name => `'${name}'`).join(', ') || `'${root?.name}'`;
      throw new Error(`${this.secretName} has missing or unreadable files (${files}), and istiod does not start `
        + `with it; delete the Secret: ${remove}`);
    }
    if (!haveOneRoot({ missing, root }, this.authority)) {
      throw new Error(`${this.secretName} has another root CA, which is never replaced, because the workloads `
        + `of the cluster trust only this one; create the files of all clusters under it, or ${replaceRoot}`);
    }
  }

  private get secretName(): string {
    return `Secret 'cacerts' in namespace '${this.cluster.namespace}' of context '${this.cluster.context}'`;
  }

  /** What to restart if istiod still signs under another root CA. */
  private async restartHint(): Promise<string | undefined> {
    const roots = certificatesIn(await this.currentRoot() ?? '');
    return !roots || shareRoot(roots, this.authority.root?.certificates ?? []) ? undefined
      : `istiod of '${this.cluster.name}' started before the Secret existed, so its workloads trust another root CA; `
        + 'restart istiod, and then the workloads: '
        + kubectlCommand(this.cluster, RESTART_ISTIOD);
  }

  /** The root CA that istiod publishes, or that it created for itself and has not published yet. */
  private async currentRoot(): Promise<string | undefined> {
    const { namespace } = this.cluster;
    const configMap = await this.kubectl.get('configmap', ROOT_CONFIG_MAP, namespace);
    const published = configMap?.data?.['root-cert.pem'];
    if (published !== undefined) {
      return published;
    }
    const selfSigned = await this.kubectl.get('secret', 'istio-ca-secret', namespace);
    return selfSigned && decode(selfSigned).get('ca-cert.pem');
  }
}

/** The intermediate CA in a Secret `cacerts`. */
export function authorityIn(secret: LiveObject): IntermediateCa {
  return intermediateCa(decode(secret));
}

function decode({ data }: LiveObject): Map<string, string> {
  const entries = Object.entries<string>(data ?? {});
  return new Map(entries.map(([key, value]) => [key, fromBase64(value)]));
}

function encode({ certificate, key, chain, root }: IntermediateCa): { [file: string]: string } {
  const files = [certificate, key, chain, root].filter(file => file !== undefined);
  return Object.fromEntries(files.map(({ name, text }) => [name, toBase64(text)]));
}

/** Whether two intermediate CAs of the same root CA have the same certificate, key and chain. */
function hasSameIntermediate(one: IntermediateCa, other: IntermediateCa): boolean {
  const textsOf = ({ certificate, key, chain }: IntermediateCa) =>
    [certificate, key, chain].map(file => file?.text.trim()).join('\n');
  return textsOf(one) === textsOf(other);
}
