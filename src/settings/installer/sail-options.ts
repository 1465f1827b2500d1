/**
 * How the Sail operator installs another version of Istio.
 */
export enum SailUpdateStrategyType {
  /** The control plane is replaced. */
  IN_PLACE = 'InPlace',
  /** A second control plane is installed. The first one is removed when no workload uses it. */
  REVISION_BASED = 'RevisionBased',
}

/**
 * How the Sail operator installs another version of Istio. Field: `spec.updateStrategy`.
 */
export interface SailUpdateStrategy {
  /**
   * In place, or as a separate revision. Field: `spec.updateStrategy.type`.
   *
   * With `RevisionBased`, the revision consists of the name of the `Istio` object and its version, e.g.
   * `default-v1-31-0`. The gateway follows it automatically. Your namespaces need it in their label `istio.io/rev`.
   *
   * @default SailUpdateStrategyType.IN_PLACE
   */
  readonly type?: SailUpdateStrategyType;

  /**
   * Seconds before an unused control plane is removed. Field:
   * `spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds`.
   *
   * @default - that of Sail: 30
   */
  readonly inactiveRevisionDeletionGracePeriodSeconds?: number;
}

/**
 * Settings of the Sail operator, in addition to those of Istio.
 *
 * @see https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md
 */
export interface SailOptions {
  /**
   * Sail's name for the version: an alias such as `v1.31-latest`, which changes with the operator, or a pre-release
   * such as `v1.31.0-rc.0`. Field: `spec.version`.
   *
   * @default - `v` and the Istio version, e.g. `v1.31.0`
   */
  readonly version?: string;

  /**
   * How another version is installed. Field: `spec.updateStrategy`.
   *
   * @default - in place
   */
  readonly updateStrategy?: SailUpdateStrategy;
}
