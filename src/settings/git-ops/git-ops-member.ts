import type { GitOpsChart } from './git-ops-chart';
import type { Command } from '../../core/command';
import { Family } from '../../core/family';
import type { Path } from '../../core/problems';
import { Step } from '../../core/step';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { HelmRelease } from '../installer/helm-release';

/** Annotations of an object. */
export interface Annotations { readonly [name: string]: string }

/** An object of a cluster as the tree has it, for the tool that is to apply it. */
export interface DeliveredObject {
  readonly step: Step;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** The whole object as JSON, or as YAML. */
  readonly text: string;
}

/**
 * What each member of `GitOps` does.
 *
 * @internal
 */
export abstract class GitOpsMember extends Family {
  /**
   * Directory of its objects, beside those of the clusters.
   *
   * @internal
   */
  abstract get _directory(): string;

  /**
   * Makes the objects that have the tool apply each cluster's directory.
   *
   * @internal
   */
  abstract _deliver(chart: GitOpsChart, mesh: MeshModel): void;

  /**
   * Makes the objects that have the tool install a release of Helm; nothing where it installs none.
   *
   * @returns what it cannot do with the release
   * @internal
   */
  _deliverRelease(_chart: GitOpsChart, _mesh: MeshModel, _cluster: ClusterModel, _release: HelmRelease): string[] {
    return [];
  }

  /**
   * What is done once, when the tree is committed.
   *
   * @param where path of the tree
   * @internal
   */
  abstract _handOver(mesh: MeshModel, where: string): Command;

  /**
   * What it calls the turn in which it applies a step of a cluster.
   *
   * @internal
   */
  abstract _turnOf(mesh: MeshModel, cluster: ClusterModel, step: Step): string;

  /**
   * When it installs charts.
   *
   * @internal
   */
  abstract get _turnOfCharts(): string;

  /**
   * What the tool must be told of an object of a cluster, at the object itself.
   *
   * @internal
   */
  abstract _annotations(object: DeliveredObject): Annotations;

  /**
   * What it cannot do with the mesh, by its place in the definition.
   *
   * @internal
   */
  abstract _problems(mesh: MeshModel): ReadonlyArray<readonly [path: Path, message: string]>;
}
