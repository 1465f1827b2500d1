/**
 * How the Sail operator brings another version.
 */
export enum SailUpdateStrategyType {
  /** The control plane is replaced. */
  IN_PLACE = 'InPlace',
  /** A second control plane comes up beside the first, which stays until no workload uses it. */
  REVISION_BASED = 'RevisionBased',
}

/**
 * How the Sail operator brings another version of Istio. Field: `spec.updateStrategy`.
 */
export interface SailUpdateStrategy {
  /**
   * In place, or as a revision of its own. Field: `spec.updateStrategy.type`.
   *
   * With `RevisionBased` the revision is the name of the `Istio` object and its version, e.g. `default-v1-31-0`: the gateway follows it by
   * itself, and the user's namespaces need it as their label `istio.io/rev`.
   *
   * @default SailUpdateStrategyType.IN_PLACE
   */
  readonly type?: SailUpdateStrategyType;

  /**
   * Seconds for which a control plane that no workload uses any more is kept. Field: `spec.updateStrategy.inactiveRevisionDeletionGracePeriodSeconds`.
   *
   * @default - Sail's own, 30
   */
  readonly inactiveRevisionDeletionGracePeriodSeconds?: number;
}

/**
 * What the Sail operator is told beyond Istio's settings.
 *
 * @see https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md
 */
export interface SailOptions {
  /**
   * Sail's own name of the version, where it is another one: an alias as `v1.31-latest`, which follows the operator, or a version before
   * the release, as `v1.31.0-rc.0`. Field: `spec.version`.
   *
   * @default - `v` and the Istio version, e.g. `v1.31.0`
   */
  readonly version?: string;

  /**
   * How another version is brought. Field: `spec.updateStrategy`.
   *
   * @default - in place
   */
  readonly updateStrategy?: SailUpdateStrategy;
}
