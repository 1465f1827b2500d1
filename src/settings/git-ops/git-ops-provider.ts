import type { Annotations, DeliveredCluster, DeliveredMesh, DeliveredObject, Delivery } from './delivery';
import type { Command } from '../../core/command';
import { Provider } from '../../core/provider';
import type { Step } from '../../core/step';
import type { Path } from '../../util/path';
import type { HelmRelease } from '../installer/helm-release';

/**
 * What each member of `GitOps` does.
 *
 * @internal
 */
export abstract class GitOpsProvider extends Provider {
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
  abstract _deliver(chart: Delivery, mesh: DeliveredMesh): void;

  /**
   * Makes the objects that have the tool install a release of Helm; nothing where it installs none.
   *
   * @returns what it cannot do with the release
   * @internal
   */
  _deliverRelease(_chart: Delivery, _mesh: DeliveredMesh, _cluster: DeliveredCluster, _release: HelmRelease): string[] {
    return [];
  }

  /**
   * What is done once, when the tree is committed.
   *
   * @param where path of the tree
   * @internal
   */
  abstract _handOver(mesh: DeliveredMesh, where: string): Command;

  /**
   * What it calls the turn in which it applies a step of a cluster.
   *
   * @internal
   */
  abstract _turnOf(mesh: DeliveredMesh, cluster: DeliveredCluster, step: Step): string;

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
  abstract _problems(mesh: DeliveredMesh): ReadonlyArray<readonly [path: Path, message: string]>;
}
