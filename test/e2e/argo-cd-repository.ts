import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { NO_METRICS } from './installation';
import type { Cluster } from './lab/cluster';
import { run } from './lab/process';
import type { Tree } from './tree';

export const WAVE = 'argocd.argoproj.io/sync-wave';
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly annotations?: { readonly [name: string]: string };
    readonly creationTimestamp?: string;
  };
  readonly [field: string]: any;
}

/** The repository that Argo CD applies: for each cluster a file with all that its Application's sources hold. */
export class ArgoCdRepository {
  public static async init(tree: Tree): Promise<ArgoCdRepository> {
    const repository = new ArgoCdRepository(tree);
    mkdirSync(repository.path);
    await repository.git('init', '--quiet');
    return repository;
  }

  private constructor(private readonly tree: Tree) {}

  public get path(): string {
    return this.tree.path('repository');
  }

  public file({ name }: Cluster): string {
    return join(this.path, name, 'all.yaml');
  }

  public application({ name }: Cluster): Manifest {
    return parse(readFileSync(this.tree.path('dist', 'argocd', `application-mesh1-${name}.yaml`), 'utf-8'));
  }

  /** What is committed for a cluster. */
  public objects(cluster: Cluster): readonly Manifest[] {
    return parseAllDocuments(readFileSync(this.file(cluster), 'utf-8')).map(document => document.toJS());
  }

  /** What there is in the cluster of that, or of what another file has. */
  public async live(cluster: Cluster, file = this.file(cluster)): Promise<readonly Manifest[]> {
    return JSON.parse(await cluster.kubectl('get', '-f', file, '-n', 'istio-system', '--ignore-not-found', '-o',
      'json')).items;
  }

  /**
   * Commits what kustomize makes of the tree, as Argo CD has it do; each object with the options of its Application,
   * which the agent knows not.
   */
  public async commit(...clusters: readonly Cluster[]): Promise<void> {
    for (const cluster of clusters) {
      const { spec } = this.application(cluster);
      const paths: string[] = (spec.sources ?? [spec.source]).map(({ path }: Manifest) => path);
      const made =
        (await Promise.all(paths.map(path => cluster.kubectl('kustomize', this.tree.path(path))))).join('\n---\n');
      const objects: readonly Manifest[] = parseAllDocuments(made).map(document => document.toJS()).filter(Boolean);
      const noMetrics = { ...NO_METRICS, metadata: { ...NO_METRICS.metadata, annotations: { [WAVE]: '5' } } };
      const all = [...objects, noMetrics].map(object => withOptions(object, spec.syncPolicy.syncOptions));
      mkdirSync(join(this.path, cluster.name), { recursive: true });
      writeFileSync(this.file(cluster),
        all.map(object => stringify(object, { version: '1.1', aliasDuplicateObjects: false })).join('---\n'));
    }
    await this.git('add', '--all');
    await this.git('-c', 'user.name=e2e', '-c', 'user.email=e2e@example.com', 'commit', '--quiet', '--allow-empty',
      '-m', 'mesh');
  }

  private async git(...args: readonly string[]): Promise<void> {
    await run('git', ['-C', this.path, ...args]);
  }
}

/** The agent has no name to own fields by: what is too long for an annotation it replaces. */
function withOptions(object: Manifest, options: readonly string[]): Manifest {
  const { annotations = {} } = object.metadata;
  const own = annotations[SYNC_OPTIONS] ? [annotations[SYNC_OPTIONS]] : [];
  const isLong = options.includes('ServerSideApply=true') && object.kind === 'CustomResourceDefinition';
  const all = [...own, ...options.filter(option => option.startsWith('Skip')), ...isLong ? ['Replace=true'] : []];
  return {
    ...object, metadata: { ...object.metadata, annotations: { ...annotations, [SYNC_OPTIONS]: all.join(',') } },
  };
}
