/**
 * How Argo CD finds the output directory and the clusters.
 */
export interface ArgoCdOptions {
  /**
   * URL of the Git repository with the output directory, without credentials. Application field: `spec.source.repoURL`.
   */
  readonly repoURL: string;

  /**
   * Branch, tag or commit. Application field: `spec.source.targetRevision`.
   *
   * @default 'HEAD'
   */
  readonly targetRevision?: string;

  /**
   * Path of the output directory in the repository.
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
   * Existing AppProject of the Applications, with the permissions that they need. Application field: `spec.project`.
   *
   * @default - an AppProject named after the meshID is created
   */
  readonly project?: string;

  /**
   * Name of the Application of a cluster, with `$(cluster)` for the cluster's name: up to 63 characters.
   *
   * @default '<meshID>-$(cluster)'
   */
  readonly applicationName?: string;

  /**
   * Name of a cluster in Argo CD, with `$(cluster)` for its name in the mesh. Application field:
   * `spec.destination.name`.
   *
   * @default '$(cluster)'
   */
  readonly destinationName?: string;

  /**
   * Whether an ApplicationSet creates the Applications.
   *
   * @default false
   */
  readonly applicationSet?: boolean;

  /**
   * Whether Argo CD syncs new commits and reverts drift automatically. Application field: `spec.syncPolicy.automated`.
   *
   * @default true
   */
  readonly automated?: boolean;

  /**
   * Whether the objects of an Application are deleted with it, except protected ones.
   *
   * It sets the finalizer `resources-finalizer.argocd.argoproj.io`, and removes `preserveResourcesOnDeletion` from an
   * ApplicationSet. Without it, the mesh keeps working when an Application is deleted by mistake. `argocd app delete`
   * deletes the objects anyway, unless you add `--cascade=false`.
   *
   * @default false
   */
  readonly cascade?: boolean;
}
