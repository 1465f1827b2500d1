/**
 * The source with the output directory. Kustomization field: `spec.sourceRef`.
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
 * A ConfigMap that configures authentication at a cloud's API server without a secret. Kustomization field:
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
 * How the Flux of a hub cluster authenticates at each cluster of the mesh: set one of the two. Kustomization field:
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
   * A ConfigMap that configures authentication without a secret.
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
 * How Flux decrypts files that are encrypted by SOPS. Kustomization field: `spec.decryption`.
 */
export interface FluxDecryption {
  /**
   * Secret with the keys of age or OpenPGP. Kustomization field: `spec.decryption.secretRef`.
   *
   * @default - none; the keys are in a cloud's key management service, to which the account of Flux has access
   */
  readonly secretRef?: FluxDecryptionSecretRef;

  /**
   * ServiceAccount with access to the keys in a cloud. Kustomization field: `spec.decryption.serviceAccountName`.
   *
   * @default - that of Flux
   */
  readonly serviceAccountName?: string;
}

/**
 * How Flux finds the output directory and the clusters.
 */
export interface FluxOptions {
  /**
   * The source with the output directory. Kustomization field: `spec.sourceRef`.
   *
   * @default - the GitRepository `flux-system`, which `flux bootstrap` creates
   */
  readonly sourceRef?: FluxSourceRef;

  /**
   * Path of the output directory in the source. Kustomization field: `spec.path`, which also has a directory in it.
   *
   * @default './dist'
   */
  readonly path?: string;

  /**
   * How often Flux reconciles a cluster. Kustomization field: `spec.interval`.
   *
   * @default '10m'
   */
  readonly interval?: string;

  /**
   * How soon Flux retries after a failure. Kustomization field: `spec.retryInterval`.
   *
   * @default '1m'
   */
  readonly retryInterval?: string;

  /**
   * How long Flux waits until the applied objects are ready. Kustomization field: `spec.timeout`.
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
   * Whether Flux deletes objects that were removed from the output directory. Kustomization field: `spec.prune`.
   *
   * @default true
   */
  readonly prune?: boolean;

  /**
   * ServiceAccount that Flux impersonates, with `$(cluster)` for the name of the cluster. Kustomization field:
   * `spec.serviceAccountName`.
   *
   * @default - that of Flux
   */
  readonly serviceAccountName?: string;

  /**
   * How the Flux of a hub cluster authenticates at each cluster of the mesh. Kustomization field: `spec.kubeConfig`.
   *
   * @default - each cluster runs its own Flux
   */
  readonly kubeConfig?: FluxKubeConfig;

  /**
   * How Flux decrypts files that are encrypted by SOPS: remote secrets, and your own manifests. Kustomization field:
   * `spec.decryption`.
   *
   * @default - remote secrets are decrypted with the keys in the Secret `sops-age`
   */
  readonly decryption?: FluxDecryption;
}
