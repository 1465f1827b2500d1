import type { ClusterModel } from '../../definition/mesh-model';
import type { SigningAuthority } from '../../istio/signing-authority';
import { certificatesIn, haveOneRoot, shareRoot, signingAuthority } from '../../istio/signing-authority';
import { shellWord } from '../../util/shell-word';
import type { LiveObject } from '../clusters/kubectl';
import { Kubectl } from '../clusters/kubectl';
import { MADE_HERE } from '../clusters/remote-secrets';

/** What became of the Secret `cacerts` of a cluster. */
export interface SecretOutcome {
  readonly secret: 'new' | 'changed' | 'right' | 'left' | 'failed';
  /** Why, and what to do about it. */
  readonly reason?: string;
}

export interface BringingOptions {
  /** Tell what would be written, and write nothing. */
  readonly dryRun?: boolean;
  /** Replace an intermediate by another one of the same root. */
  readonly renew?: boolean;
}

/** An outcome that is not carried out yet. */
interface Plan extends SecretOutcome {
  readonly object?: object;
}

/** Brings the Secret `cacerts` to a cluster, and never puts another root into the place of one. */
export class Cacerts {
  private readonly kubectl: Kubectl;

  /**
   * @param authority the files that belong there; in a dry run the root alone, where they are not made yet
   */
  constructor(private readonly cluster: ClusterModel, private readonly authority: SigningAuthority, private readonly options: BringingOptions) {
    this.kubectl = new Kubectl(cluster.context);
  }

  async bring(): Promise<SecretOutcome> {
    try {
      const live = await this.kubectl.get('secret', 'cacerts', this.cluster.namespace);
      const { object, ...outcome } = live ? this.planOver(live) : await this.planFirst();
      if (object && !this.options.dryRun) {
        await (live ? this.kubectl.replace([object]) : this.kubectl.create([object]));
      }
      return { ...outcome, reason: outcome.reason ?? await this.restart() };
    } catch (error) {
      return { secret: 'failed', reason: (error as Error).message };
    }
  }

  private async planFirst(): Promise<Plan> {
    const { name, namespace, context } = this.cluster;
    if (!await this.kubectl.get('namespace', namespace)) {
      throw new Error(`namespace '${namespace}' of context '${context}' is not there; apply the step 00-namespace of '${name}' first`);
    }
    const metadata = { name: 'cacerts', namespace, labels: MADE_HERE };
    return { secret: 'new', object: { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: encoded(this.authority) } };
  }

  /** Over a Secret that is there: what others said of it stays, and its root, whose very bytes istiod compares before it takes a new intermediate. */
  private planOver(live: LiveObject): Plan {
    const { namespace, context } = this.cluster;
    const there = `Secret 'cacerts' in namespace '${namespace}' of context '${context}'`;
    const remove = `kubectl --context ${shellWord(context)} -n ${namespace} delete secret cacerts`;
    const texts = decoded(live);
    const own = signingAuthority(texts);
    if (texts.has('istio-generated')) {
      throw new Error(`${there} has the root that istiod made for itself, and every workload of the cluster trusts that alone; `
        + `to change it, remove it (${remove}), run this again, and restart istiod and then all workloads`);
    }
    if (own.missing.length > 0 || !own.root?.certificates) {
      throw new Error(`${there} is no whole authority: ${own.missing.map(name => `'${name}'`).join(', ') || own.root?.name} ${own.missing.length > 1 ? 'are' : 'is'} missing or unreadable, and istiod does not start with it; `
        + `remove it: ${remove}`);
    }
    if (!haveOneRoot(own, this.authority)) {
      throw new Error(`${there} has another root, which is never replaced, since its workloads trust that alone; `
        + `make the files of all clusters under that root, or remove the Secret (${remove}), run this again, and restart istiod and then all workloads`);
    }
    if (isSame(own, this.authority)) {
      return { secret: 'right' };
    }
    if (texts.has('tls.crt')) {
      return { secret: 'left', reason: `${there} is in the layout of cert-manager, under the same root; say trust: external for this cluster, or certManager, if that is meant` };
    }
    if (!this.options.renew) {
      return { secret: 'left', reason: `${there} has another intermediate of the same root, with which all is well; run again with --renew to replace it` };
    }
    const data = { ...live.data, ...encoded(this.authority), 'root-cert.pem': live.data['root-cert.pem'] };
    return { secret: 'changed', object: { ...live, data } };
  }

  /** What to restart where istiod signs under another root still. */
  private async restart(): Promise<string | undefined> {
    const { name, namespace, context } = this.cluster;
    const published = (await this.kubectl.get('configmap', 'istio-ca-root-cert', namespace))?.data?.['root-cert.pem'];
    const ownMade = published === undefined ? await this.kubectl.get('secret', 'istio-ca-secret', namespace) : undefined;
    const roots = certificatesIn(published ?? (ownMade && decoded(ownMade).get('ca-cert.pem')) ?? '');
    return !roots || shareRoot(roots, this.authority.root?.certificates ?? []) ? undefined
      : `istiod of '${name}' started before, and its workloads trust another root until it and then they are restarted: `
        + `kubectl --context ${shellWord(context)} -n ${namespace} rollout restart deployment --selector=app=istiod`;
  }
}

/** The authority in a Secret `cacerts`. */
export function authorityIn(secret: LiveObject): SigningAuthority {
  return signingAuthority(decoded(secret));
}

function decoded({ data }: LiveObject): Map<string, string> {
  return new Map(Object.entries<string>(data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function encoded({ certificate, key, chain, root }: SigningAuthority): { [file: string]: string } {
  const files = [certificate, key, chain, root].filter(file => file !== undefined);
  return Object.fromEntries(files.map(({ name, text }) => [name, Buffer.from(text).toString('base64')]));
}

/** Whether two authorities of one root sign with the same key and prove it alike. */
function isSame(one: SigningAuthority, other: SigningAuthority): boolean {
  const parts = ({ certificate, key, chain }: SigningAuthority) => [certificate, key, chain].map(file => file?.text.trim()).join('\n');
  return parts(one) === parts(other);
}
