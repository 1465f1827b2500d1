import type { Annotations, DeliveredCluster, DeliveredMesh, DeliveredObject, Delivery } from './delivery';
import type { Command } from '../../core/command';
import { Provider } from '../../core/provider';
import type { MaybeProblem, Violation } from '../../core/rule';
import type { Step } from '../../core/step';
import type { HelmRelease } from '../installer/helm-release';

/**
 * What each `GitOps` provides.
 *
 * @internal
 */
export abstract class GitOpsProvider extends Provider {
  /**
   * Name of the tool, for messages.
   *
   * @internal
   */
  abstract get _title(): string;

  /**
   * Directory of its objects, next to those of the clusters.
   *
   * @internal
   */
  abstract get _directory(): string;

  /**
   * Settings and clusters that it does not support, by their path in the definition.
   *
   * @internal
   */
  abstract _problems(mesh: DeliveredMesh): Violation[];

  /**
   * Creates the objects that make the tool apply each cluster's directory.
   *
   * @internal
   */
  abstract _deliver(chart: Delivery, mesh: DeliveredMesh): void;

  /**
   * Creates the objects that make the tool install a Helm release, if it needs any.
   *
   * @returns problems with the release
   * @internal
   */
  _deliverRelease(
    _chart: Delivery, _mesh: DeliveredMesh, _cluster: DeliveredCluster, _release: HelmRelease,
  ): MaybeProblem[] {
    return [];
  }

  /**
   * Annotations of a cluster's object that configure the tool.
   *
   * @internal
   */
  abstract _annotations(object: DeliveredObject): Annotations;

  /**
   * When it applies a step of a cluster, e.g. `wave 10`; for the step `helm`, when it installs the Helm releases.
   *
   * @internal
   */
  abstract _orderOf(mesh: DeliveredMesh, cluster: DeliveredCluster, step: Step): string;

  /**
   * The command to run once, after the first commit of the output directory.
   *
   * @param where path of the output directory
   * @internal
   */
  abstract _bootstrap(mesh: DeliveredMesh, where: string): Command;
}
