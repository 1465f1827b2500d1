import { type ApplyOptions, type SecretOutcome, Cacerts } from './cacerts';
import { type CreateOptions, type FilesOutcome, CertificateFiles } from './certificate-files';
import { diagnosticSentence } from '../../core/diagnostic';
import { evaluateRules } from '../../core/evaluate';
import { Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { type IntermediateCa, certificatesIn } from '../../istio/intermediate-ca';
import { PEM_RULES } from '../../rules/mesh/pem-rules';
import { groupBy } from '../../util/map';
import { countsByState, reasonLines, STATE_WORDS } from '../clusters/outcome-state';

export interface CertsOptions extends CreateOptions, ApplyOptions {
  /** Create the Secret `cacerts` in each cluster. */
  readonly apply?: boolean;
}

/** What happened to the intermediate CA of a cluster. */
export interface CertsOutcome extends Partial<Omit<FilesOutcome, 'isNewRoot'>>, Partial<SecretOutcome> {
  readonly cluster: string;
  /** Kind of the trust provider. */
  readonly trust: string;
  /** The PEM directory, if its root CA is new. */
  readonly newRoot?: string;
  /** Which component creates the Secret, if it is not this command. */
  readonly provisionedBy?: string;
  /** The reason for a state, and what to do about it. */
  readonly reason?: string;
}

/** Creates the missing CAs of clusters with `trust: pem`, and the Secrets `cacerts`. */
export class Certs {
  constructor(private readonly mesh: MeshModel, private readonly options: CertsOptions) {}

  /**
   * Processes all clusters; a failure at one cluster does not stop the others.
   *
   * @param report called with the outcome of a cluster as soon as it is done
   */
  async run(report: (outcome: CertsOutcome) => void): Promise<CertsOutcome[]> {
    const files = await this.createFiles();
    return Promise.all(this.mesh.clusters.map(async cluster => {
      const outcome = await this.outcomeOf(cluster, files.get(cluster));
      report(outcome);
      return outcome;
    }));
  }

  /** Creates the files of each PEM directory; files that synth would reject count as failed. */
  private async createFiles(): Promise<Map<ClusterModel, FilesOutcome>> {
    const directories = groupBy(this.mesh.clusters, ({ pemDirectory }) => pemDirectory?.path);
    directories.delete(undefined);
    const created = await Promise.all([...directories.values()]
      .map(clusters => new CertificateFiles(clusters, this.options).create()));
    const outcomes = new Map(created.flatMap(clusterOutcomes => [...clusterOutcomes]));
    const errors = evaluateRules(PEM_RULES, this.mesh).filter(({ severity }) => severity === Severity.ERROR);
    for (const error of errors) {
      const cluster = this.mesh.clusters.find(one => one.path[1] === error.place.path![1])!;
      if (outcomes.get(cluster)!.files !== 'failed') {
        outcomes.set(cluster, { files: 'failed', reason: diagnosticSentence(error) });
      }
    }
    return outcomes;
  }

  private async outcomeOf(cluster: ClusterModel, files: FilesOutcome | undefined): Promise<CertsOutcome> {
    const { name, trust: { _kind: trust, _provisionedBy: provisionedBy }, pemDirectory } = cluster;
    if (!files) {
      return { cluster: name, trust, provisionedBy };
    }
    const { isNewRoot, ...filesOutcome } = files;
    const isApplied = this.options.apply && files.files !== 'failed';
    return {
      cluster: name,
      trust,
      ...isNewRoot && { newRoot: pemDirectory!.shown() },
      ...filesOutcome,
      ...isApplied && await new Cacerts(cluster, authorityOf(cluster), this.options).apply(),
    };
  }
}

/** The files of a cluster; in a dry run that did not create them, only the existing root CA. */
function authorityOf({ name, pemDirectory }: ClusterModel): IntermediateCa {
  const { ca } = pemDirectory!.of(name);
  if (ca) {
    return ca;
  }
  const text = pemDirectory!.textOf('root-cert.pem');
  const root = text === undefined ? undefined : { name: 'root-cert.pem', text, certificates: certificatesIn(text) };
  return { missing: [], root };
}

/** A line for a cluster: the component that creates its Secret, or what this command did. */
export function certsLine({ cluster, trust, provisionedBy, files, secret }: CertsOutcome): string {
  if (provisionedBy) {
    return `${cluster}: trust is ${trust}: ${provisionedBy}\n`;
  }
  return `${cluster}: files ${STATE_WORDS[files!]}${secret ? `, Secret ${STATE_WORDS[secret]}` : ''}\n`;
}

/** Each reason once, and the number of files and Secrets in each state. */
export function certsSummary(outcomes: readonly CertsOutcome[], { dryRun }: Pick<CertsOptions, 'dryRun'>): string {
  const notes = dryRun ? [] : newRootNotes(outcomes);
  const files = countsByState(outcomes.map(outcome => outcome.files));
  const secrets = countsByState(outcomes.map(({ secret }) => secret));
  const counts = [...files ? [`files: ${files}`] : [], ...secrets ? [`Secrets: ${secrets}`] : []].join('; ');
  const summary = counts || 'nothing to do: no cluster has trust: pem';
  const ending = dryRun ? ' (dry run: nothing was written)' : '';
  return `${[...reasonLines(outcomes, isFailed), ...notes].join('')}${summary}${ending}\n`;
}

function newRootNotes(outcomes: readonly CertsOutcome[]): string[] {
  return [...new Set(outcomes.flatMap(({ newRoot }) => newRoot ?? []))]
    .map(path => `note: '${path}' has a new root CA; `
      + 'move its root-key.pem to a safe place until you add another cluster\n');
}

/** Whether the intermediate CA of a cluster is not ready, and something is left to do. */
export function isFailed({ files, secret }: CertsOutcome): boolean {
  return files === 'failed' || secret === 'failed';
}
