import type { BringingOptions, SecretOutcome } from './cacerts';
import { Cacerts } from './cacerts';
import type { FilesOutcome, MakingOptions } from './certificate-files';
import { CertificateFiles } from './certificate-files';
import { diagnosticSentence } from '../../core/diagnostic';
import { evaluateRules } from '../../core/evaluate';
import { Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { SigningAuthority } from '../../istio/signing-authority';
import { certificatesIn, signingAuthority } from '../../istio/signing-authority';
import { PEM_RULES } from '../../rules/mesh/pem-rules';

export interface CertsOptions extends MakingOptions, BringingOptions {
  /** Bring the authorities to the clusters. */
  readonly apply?: boolean;
}

/** What became of the signing authority of a cluster. */
export interface CertsOutcome extends Partial<Omit<FilesOutcome, 'isNewRoot'>>, Partial<SecretOutcome> {
  readonly cluster: string;
  /** Kind of `Trust`. */
  readonly trust: string;
  /** The directory whose root was made, too. */
  readonly newRoot?: string;
  /** Who brings the Secret, where that is not this command. */
  readonly bringer?: string;
  /** Why, and what to do about it. */
  readonly reason?: string;
}

/** Makes the missing signing authorities of the clusters whose trust is `pem`, and brings them there. */
export class Certs {
  constructor(private readonly mesh: MeshModel, private readonly options: CertsOptions) {}

  /**
   * What became of every cluster; what fails at one stops no other.
   *
   * @param told is called with each cluster as soon as that is done
   */
  async run(told: (outcome: CertsOutcome) => void): Promise<CertsOutcome[]> {
    const made = await this.make();
    return Promise.all(this.mesh.clusters.map(async cluster => {
      const outcome = await this.bring(cluster, made.get(cluster));
      told(outcome);
      return outcome;
    }));
  }

  /** What became of the files, directory by directory; none is brought that synth would refuse. */
  private async make(): Promise<Map<ClusterModel, FilesOutcome>> {
    const directories = new Map<string, ClusterModel[]>();
    for (const cluster of this.mesh.clusters.filter(({ pemDirectory }) => pemDirectory)) {
      const { path } = cluster.pemDirectory!;
      directories.set(path, [...directories.get(path) ?? [], cluster]);
    }
    const made = await Promise.all([...directories.values()].map(clusters => new CertificateFiles(clusters, this.options).make()));
    const outcomes = new Map(made.flatMap(some => [...some]));
    for (const error of evaluateRules(PEM_RULES, this.mesh).filter(({ severity }) => severity === Severity.ERROR)) {
      const cluster = this.mesh.clusters.find(one => one.path[1] === error.place.path![1])!;
      const before = outcomes.get(cluster)!;
      outcomes.set(cluster, before.files === 'failed' ? before : { files: 'failed', reason: diagnosticSentence(error) });
    }
    return outcomes;
  }

  private async bring(cluster: ClusterModel, made: FilesOutcome | undefined): Promise<CertsOutcome> {
    const { name, trust: { _kind: trust, _provisionedBy: bringer }, pemDirectory } = cluster;
    if (!made) {
      return { cluster: name, trust, bringer };
    }
    const { isNewRoot, ...outcome } = made;
    return {
      cluster: name,
      trust,
      ...isNewRoot && { newRoot: pemDirectory!.shown() },
      ...outcome,
      ...this.options.apply && outcome.files !== 'failed' && await new Cacerts(cluster, authorityOf(cluster), this.options).bring(),
    };
  }
}

/** The files of a cluster, or where a dry run did not make them the root that they will be made under. */
function authorityOf({ name, pemDirectory }: ClusterModel): SigningAuthority {
  const root = () => {
    const text = pemDirectory!.textOf('root-cert.pem');
    return { missing: [], ...text !== undefined && { root: { name: 'root-cert.pem', text, certificates: certificatesIn(text) } } };
  };
  const { texts } = pemDirectory!.of(name);
  return texts ? signingAuthority(texts) : root();
}

/** One line for a cluster: who brings its authority, or what became of it. */
export function certsLine({ cluster, trust, bringer, files, secret }: CertsOutcome): string {
  return `${cluster}: ${bringer ? `trust is ${trust}: ${bringer}` : `files ${files}${secret ? `, Secret ${secret}` : ''}`}\n`;
}

/** What needs an eye, each reason once, and the count of everything. */
export function certsSummary(outcomes: readonly CertsOutcome[], { dryRun }: { readonly dryRun?: boolean }): string {
  const reasons = outcomes.flatMap(outcome => outcome.reason ? [`${isFailed(outcome) ? 'error' : 'note'}: ${outcome.reason}\n`] : []);
  const roots = outcomes.flatMap(({ newRoot }) => newRoot ? [`note: '${newRoot}' has a new root; keep its root-key.pem where nobody else gets it, and off this machine until the next cluster comes\n`] : []);
  const counted = (noun: string, states: ReadonlyArray<string | undefined>) => {
    const said = ['new', 'changed', 'right', 'left', 'failed'].map(state => [state, states.filter(one => one === state).length] as const).filter(([, count]) => count > 0);
    return said.length > 0 ? [`${noun}: ${said.map(([state, count]) => `${count} ${state}`).join(', ')}`] : [];
  };
  const counts = [...counted('files', outcomes.map(({ files }) => files)), ...counted('Secrets', outcomes.map(({ secret }) => secret))].join('; ')
    || 'files: none to make: no cluster has the trust pem';
  return `${[...new Set([...reasons, ...dryRun ? [] : roots])].join('')}${counts}${dryRun ? ' (dry run: nothing was written)' : ''}\n`;
}

/** Whether something is left to do before the cluster has its authority. */
export function isFailed({ files, secret }: CertsOutcome): boolean {
  return files === 'failed' || secret === 'failed';
}
