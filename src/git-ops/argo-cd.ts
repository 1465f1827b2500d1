import { posix } from 'path';
import { GitOpsChart } from './git-ops-chart';
import { Annotations, DeliveredObject, GitOpsMember } from './git-ops-member';
import { written } from '../family';
import { takesFiles } from '../links-directory';
import type { ClusterModel, MeshModel } from '../mesh-model';
import { isProtected } from './protected-objects';
import { stageOf, Step } from '../step';

/**
 * How Argo CD finds the tree, and the clusters.
 */
export interface ArgoCdOptions {
  /**
   * URL of the Git repository that the tree is committed to. Application field: `spec.source.repoURL`.
   */
  readonly repoURL: string;

  /**
   * Branch, tag or commit. Application field: `spec.source.targetRevision`.
   *
   * @default 'HEAD'
   */
  readonly targetRevision?: string;

  /**
   * Path of the tree in the repository.
   *
   * @default 'dist'
   */
  readonly path?: string;

  /**
   * Namespace of Argo CD.
   *
   * @default 'argocd'
   */
  readonly namespace?: string;

  /**
   * AppProject of the Applications. Application field: `spec.project`.
   *
   * @default - the meshID
   */
  readonly project?: string;

  /**
   * Name by which Argo CD knows a cluster, with `$(cluster)` for its name in the mesh. Application field: `spec.destination.name`.
   *
   * @default '$(cluster)'
   */
  readonly destinationName?: string;
}

const API_VERSION = 'argoproj.io/v1alpha1';
const WAVE = 'argocd.argoproj.io/sync-wave';
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** The tree as Applications. */
export class ArgoCdGitOps extends GitOpsMember {
  constructor(private readonly options: ArgoCdOptions) {
    super({ argoCd: written(options) });
  }

  get _directory(): string {
    return 'argocd';
  }

  _deliver(chart: GitOpsChart, mesh: MeshModel): void {
    const { repoURL, namespace = 'argocd', project = mesh.meshID } = this.options;
    chart.object('AppProject', {
      apiVersion: API_VERSION,
      kind: 'AppProject',
      metadata: { name: project, namespace },
      spec: {
        sourceRepos: [repoURL],
        destinations: mesh.clusters.map(cluster => ({ name: this.destination(cluster), namespace: '*' })),
        clusterResourceWhitelist: [{ group: '*', kind: '*' }],
      },
    });
    mesh.clusters.forEach(cluster => chart.object(`Application-${cluster.name}`, {
      apiVersion: API_VERSION,
      kind: 'Application',
      metadata: { name: `${mesh.meshID}-${cluster.name}`, namespace },
      spec: {
        project,
        ...this.sources(cluster),
        destination: { name: this.destination(cluster), namespace: cluster.namespace },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['ServerSideApply=true', 'SkipDryRunOnMissingResource=true', 'RespectIgnoreDifferences=true'],
        },
      },
    }));
  }

  _annotations(object: DeliveredObject): Annotations {
    const waits = stageOf(Step.RESOURCES) - stageOf(object.step);
    return {
      ...waits > 0 && { [WAVE]: String(-10 * waits) },
      ...isProtected(object) && { [SYNC_OPTIONS]: 'Prune=false,Delete=false' },
    };
  }

  _problems(): [] {
    return [];
  }

  private destination({ name }: ClusterModel): string {
    return (this.options.destinationName ?? '$(cluster)').replace(/\$\(cluster\)/g, () => name);
  }

  /** The tree's directory of a cluster, and that of its links where those are files. */
  private sources(cluster: ClusterModel): object {
    const { repoURL, targetRevision = 'HEAD', path = 'dist' } = this.options;
    const source = (directory: string) => ({ repoURL, targetRevision, path: posix.join(directory, cluster.name) });
    return takesFiles(cluster) ? { sources: [source(path), source(posix.join(path, '../links'))] } : { source: source(path) };
  }
}
