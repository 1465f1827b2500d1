import type { ApiObjectProps } from 'cdk8s';
import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { DeliveredMesh, Delivery } from './delivery';
import type { GitOpsMember } from './git-ops-member';
import { GIT_OPS } from './git-ops-rule';
import { gitOpsChartMark, helmReleaseMark } from '../../core/brand';
import type { Diagnostic } from '../../core/diagnostic';
import { ruleError } from '../../core/evaluate';
import type { Step } from '../../core/step';
import type { HelmRelease } from '../installer/helm-release';

/** A tree while it is made. */
type Files = ReadonlyMap<string, string>;

/**
 * The objects that have a GitOps tool apply the directories of the clusters; its own directory lies beside theirs.
 *
 * Which steps a cluster has is known when its files are, since users add objects until then: an object of a step that has no files is left
 * out, and what tells of steps is resolved by then.
 */
export class GitOpsChart extends Chart implements Delivery {
  private files: Files = new Map();
  private readonly listed: string[] = [];
  private readonly delivered = new Set<HelmRelease>();
  private readonly installed = new Set<string>();
  private readonly found: Diagnostic[] = [];

  constructor(scope: Construct, private readonly gitOps: GitOpsMember, private readonly mesh: DeliveredMesh) {
    super(scope, gitOps._directory, { disableResourceNameHashes: true });
    gitOpsChartMark.set(this);
    gitOps._deliver(this, mesh);
    this.deliverReleases();
  }

  /** Whether a cluster has a step, once its files are made. */
  has(cluster: string, step: Step): boolean {
    return this.files.has(`${cluster}/${step}/kustomization.yaml`);
  }

  /**
   * An object of the tool.
   *
   * @param directory where its file lies, below that of the tool; empty for there itself
   */
  object(id: string, manifest: ApiObjectProps & { readonly [field: string]: any }, directory = '', isWanted: () => boolean = () => true): ApiObject {
    const object = new ApiObject(this, id, manifest);
    PLACES.set(object, { directory, isWanted });
    return object;
  }

  /**
   * Has the kustomization of the tool's directory list one below it; others are applied by an object that names them.
   */
  list(directory: string): void {
    this.listed.push(directory);
  }

  /** The directories below that of the tool that its kustomization lists. */
  get listedDirectories(): readonly string[] {
    return this.listed;
  }

  /** Whether Helm's releases take the place of a step in a cluster. */
  installs(cluster: string, step: Step): boolean {
    return this.installed.has(`${cluster}/${step}`);
  }

  /** The construct of a cluster, a sibling of this chart. */
  clusterScope(cluster: string): Construct {
    return this.node.scope!.node.findChild(cluster) as Construct;
  }

  releasesOf(cluster: string): readonly HelmRelease[] {
    return this.clusterScope(cluster).node.findAll().filter(helmReleaseMark.isOn) as IConstruct[] as HelmRelease[];
  }

  /** What is wrong with what the tool installs. */
  get errors(): readonly Diagnostic[] {
    return this.found;
  }

  /** The objects that are wanted, each with the directory of its file. */
  objectsIn(files: Files): Array<readonly [directory: string, object: ApiObject]> {
    this.files = files;
    this.deliverReleases(); // those that came after the mesh
    return this.node.findAll().filter(ApiObject.isApiObject)
      .map(object => [object, PLACES.get(object)] as const)
      .filter(([, place]) => place?.isWanted() ?? true)
      .map(([object, place]) => [place?.directory ?? '', object]);
  }

  private deliverReleases(): void {
    for (const cluster of this.mesh.clusters) {
      for (const release of this.releasesOf(cluster.name).filter(one => !this.delivered.has(one))) {
        this.delivered.add(release);
        this.installed.add(`${cluster.name}/${release._step}`);
        const problems = this.gitOps._deliverRelease(this, this.mesh, cluster, release);
        this.found.push(...problems.map(problem => ruleError(GIT_OPS, problem, { constructs: [release.node.path] })));
      }
    }
  }
}

const PLACES = new WeakMap<ApiObject, { readonly directory: string; readonly isWanted: () => boolean }>();
