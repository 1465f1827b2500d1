/**
 * The source that has the tree. Kustomization field: `spec.sourceRef`.
 */
export interface FluxSourceRef {
  /**
   * Kind of the source: `GitRepository`, `OCIRepository`, `Bucket` or `ExternalArtifact`. Kustomization field:
   * `spec.sourceRef.kind`.
   *
   * @default 'GitRepository'
   */
  readonly kind?: string;

  /**
   * Name of the source. Kustomization field: `spec.sourceRef.name`.
   *
   * @default 'flux-system'
   */
  readonly name?: string;

  /**
   * Namespace of the source. Kustomization field: `spec.sourceRef.namespace`.
   *
   * @default - that of the Kustomizations
   */
  readonly namespace?: string;
}

/**
 * A Secret with a kubeconfig. Kustomization field: `spec.kubeConfig.secretRef`.
 */
export interface FluxKubeConfigSecretRef {
  /**
   * Name of the Secret, with `$(cluster)` for the name of the cluster. Kustomization field:
   * `spec.kubeConfig.secretRef.name`.
   */
  readonly name: string;

  /**
   * Key of the kubeconfig in the Secret, with `$(cluster)` for the name of the cluster. Kustomization field:
   * `spec.kubeConfig.secretRef.key`.
   *
   * @default - Flux looks for `value`, then for `value.yaml`
   */
  readonly key?: string;
}

/**
 * A ConfigMap that tells how to sign in at a cloud's API server without a secret. Kustomization field:
 * `spec.kubeConfig.configMapRef`.
 */
export interface FluxKubeConfigMapRef {
  /**
   * Name of the ConfigMap, with `$(cluster)` for the name of the cluster. Kustomization field:
   * `spec.kubeConfig.configMapRef.name`.
   */
  readonly name: string;
}

/**
 * How a Flux that runs in one cluster reaches each cluster of the mesh: one of the two. Kustomization field:
 * `spec.kubeConfig`.
 */
export interface FluxKubeConfig {
  /**
   * A Secret with a kubeconfig, e.g. that of Cluster API: `{ name: '$(cluster)-kubeconfig' }`.
   *
   * @default - configMapRef
   */
  readonly secretRef?: FluxKubeConfigSecretRef;

  /**
   * A ConfigMap that tells how to sign in without a secret.
   *
   * @default - secretRef
   */
  readonly configMapRef?: FluxKubeConfigMapRef;
}

/**
 * A Secret with keys of age or OpenPGP. Kustomization field: `spec.decryption.secretRef`.
 */
export interface FluxDecryptionSecretRef {
  /**
   * Name of the Secret, with `$(cluster)` for the name of the cluster. Kustomization field:
   * `spec.decryption.secretRef.name`.
   */
  readonly name: string;
}

/**
 * How Flux decrypts what SOPS encrypted. Kustomization field: `spec.decryption`.
 */
export interface FluxDecryption {
  /**
   * Secret with the keys of age or OpenPGP. Kustomization field: `spec.decryption.secretRef`.
   *
   * @default - none; the keys are those of a cloud, to which the account of Flux has access
   */
  readonly secretRef?: FluxDecryptionSecretRef;

  /**
   * ServiceAccount that has access to the keys of a cloud. Kustomization field: `spec.decryption.serviceAccountName`.
   *
   * @default - that of Flux
   */
  readonly serviceAccountName?: string;
}

/**
 * How Flux finds the tree, and the clusters.
 */
export interface FluxOptions {
  /**
   * The source that has the tree. Kustomization field: `spec.sourceRef`.
   *
   * @default - the GitRepository `flux-system`, which `flux bootstrap` makes
   */
  readonly sourceRef?: FluxSourceRef;

  /**
   * Path of the tree in the source. Kustomization field: `spec.path`, which goes on to a directory of it.
   *
   * @default './dist'
   */
  readonly path?: string;

  /**
   * How often Flux compares a cluster with the tree. Kustomization field: `spec.interval`.
   *
   * @default '10m'
   */
  readonly interval?: string;

  /**
   * How soon Flux tries again what failed. Kustomization field: `spec.retryInterval`.
   *
   * @default '1m'
   */
  readonly retryInterval?: string;

  /**
   * How long Flux waits for what it applied to be ready. Kustomization field: `spec.timeout`.
   *
   * @default '5m'
   */
  readonly timeout?: string;

  /**
   * Namespace of the Kustomizations.
   *
   * @default 'flux-system'
   */
  readonly namespace?: string;

  /**
   * Whether Flux deletes what is no longer in the tree. Kustomization field: `spec.prune`.
   *
   * @default true
   */
  readonly prune?: boolean;

  /**
   * ServiceAccount in whose name Flux applies, with `$(cluster)` for the name of the cluster. Kustomization field:
   * `spec.serviceAccountName`.
   *
   * @default - that of Flux
   */
  readonly serviceAccountName?: string;

  /**
   * How a Flux that runs in one cluster, the hub, reaches each cluster of the mesh. Kustomization field:
   * `spec.kubeConfig`.
   *
   * @default - a Flux runs in each cluster, and applies what is there for it
   */
  readonly kubeConfig?: FluxKubeConfig;

  /**
   * How Flux decrypts what SOPS encrypted: the links of clusters that get them so, and the user's own manifests.
   * Kustomization field: `spec.decryption`.
   *
   * @default - the keys in the Secret `sops-age` decrypt the links
   */
  readonly decryption?: FluxDecryption;
}
