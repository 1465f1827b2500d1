import { type ApiObjectProps, ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { DeliveredMesh, Delivery } from './delivery';
import type { GitOpsProvider } from './git-ops-provider';
import { GIT_OPS } from './git-ops-rule';
import { gitOpsChartMark } from '../../core/brand';
import type { Diagnostic } from '../../core/diagnostic';
import { ruleError } from '../../core/evaluate';
import type { Step } from '../../core/step';
import { HelmRelease } from '../installer/helm-release';

/** The generated files of the clusters by their paths. */
type Files = ReadonlyMap<string, string>;

/** Where an object is written, and whether it is. */
interface Place {
  readonly directory: string;
  readonly isWanted: () => boolean;
}

/** The contents of a GitOps tool's directory. */
export interface GitOpsFiles {
  /** The objects, each with the directory of its file below that of the tool. */
  readonly objects: ReadonlyArray<{ readonly directory: string; readonly object: ApiObject }>;
  /** Further directories that the kustomization of the tool's directory lists. */
  readonly listedDirectories: readonly string[];
  readonly errors: readonly Diagnostic[];
}

/**
 * The objects that make a GitOps tool apply the directories of the clusters.
 *
 * They exist as soon as the mesh does, so that users can patch them. But users may add objects and Helm releases to a
 * cluster until synth, so only `resolve` decides which steps a cluster has.
 */
export class GitOpsChart extends Chart implements Delivery {
  private readonly places = new Map<ApiObject, Place>();
  private readonly listedDirectories: string[] = [];
  private readonly deliveredReleases = new Set<HelmRelease>();
  private readonly stepsWithReleases = new Set<string>();
  private readonly errors: Diagnostic[] = [];
  private files: Files = new Map();

  constructor(
    scope: Construct,
    private readonly gitOps: GitOpsProvider,
    private readonly mesh: DeliveredMesh,
    private readonly clusters: ReadonlyMap<string, Construct>,
  ) {
    super(scope, gitOps._directory, { disableResourceNameHashes: true });
    gitOpsChartMark.set(this);
    gitOps._deliver(this, mesh);
    this.deliverReleases();
  }

  has(cluster: string, step: Step): boolean {
    return this.files.has(`${cluster}/${step}/kustomization.yaml`);
  }

  hasReleases(cluster: string, step: Step): boolean {
    return this.stepsWithReleases.has(`${cluster}/${step}`);
  }

  clusterScope(cluster: string): Construct {
    return this.clusters.get(cluster)!;
  }

  releasesOf(cluster: string): readonly HelmRelease[] {
    return HelmRelease.findAll(this.clusterScope(cluster));
  }

  object(
    id: string, manifest: ApiObjectProps & { readonly [field: string]: any }, directory = '', isWanted = () => true,
  ): ApiObject {
    const object = new ApiObject(this, id, manifest);
    this.places.set(object, { directory, isWanted });
    return object;
  }

  list(directory: string): void {
    this.listedDirectories.push(directory);
  }

  /** What to write, given the files of the clusters. */
  resolve(files: Files): GitOpsFiles {
    this.files = files; // for the fields and conditions that depend on the steps of a cluster
    this.deliverReleases(); // which users have added since
    const objects = this.node.findAll().filter(ApiObject.isApiObject)
      .map(object => ({ object, place: this.places.get(object) })) // objects that users added have none
      .filter(({ place }) => place === undefined || place.isWanted())
      .map(({ object, place }) => ({ object, directory: place?.directory ?? '' }));
    return { objects, listedDirectories: this.listedDirectories, errors: this.errors };
  }

  private deliverReleases(): void {
    for (const cluster of this.mesh.clusters) {
      for (const release of this.releasesOf(cluster.name).filter(one => !this.deliveredReleases.has(one))) {
        this.deliveredReleases.add(release);
        this.stepsWithReleases.add(`${cluster.name}/${release._step}`);
        const problems = this.gitOps._deliverRelease(this, this.mesh, cluster, release);
        this.errors.push(...problems.flatMap(found =>
          found ? [ruleError(GIT_OPS, found, { constructs: [release.node.path] })] : []));
      }
    }
  }
}
