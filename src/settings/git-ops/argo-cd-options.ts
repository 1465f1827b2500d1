/**
 * How Argo CD finds the tree, and the clusters.
 */
export interface ArgoCdOptions {
  /**
   * URL of the Git repository that the tree is committed to, without credentials. Application field: `spec.source.repoURL`.
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
   * AppProject of the Applications that is there already, and may do what they need. Application field: `spec.project`.
   *
   * @default - one that is made, with the meshID as its name
   */
  readonly project?: string;

  /**
   * Name of the Application of a cluster, with `$(cluster)` for the cluster's name: up to 63 characters.
   *
   * @default '<meshID>-$(cluster)'
   */
  readonly applicationName?: string;

  /**
   * Name by which Argo CD knows a cluster, with `$(cluster)` for its name in the mesh. Application field: `spec.destination.name`.
   *
   * @default '$(cluster)'
   */
  readonly destinationName?: string;

  /**
   * Whether one ApplicationSet makes the Applications; they are the same then.
   *
   * @default false
   */
  readonly applicationSet?: boolean;

  /**
   * Whether commits are applied, and drift is repaired, without anybody's asking. Application field: `spec.syncPolicy.automated`.
   *
   * @default true
   */
  readonly automated?: boolean;

  /**
   * Whether what an Application has applied goes with it, but for what is protected: the finalizer `resources-finalizer.argocd.argoproj.io`, and
   * for an ApplicationSet no `preserveResourcesOnDeletion`.
   *
   * Without it the mesh goes on when an Application is removed by a mistake. `argocd app delete` asks for itself what goes: it wants
   * `--cascade=false`.
   *
   * @default false
   */
  readonly cascade?: boolean;
}
