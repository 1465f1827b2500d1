export { Mesh } from './mesh';
export { Cluster } from './cluster';
export { MeshApp } from './mesh-app';
export { ManifestValidation } from './manifest-validation';
export { GatewayInstall } from './mesh-props';
export { IstioPrimary } from './istio-primary';
export { RevisionTag } from './revision-tag';
export { IstioReader, ReaderRole, TokenSlot } from './istio-reader';
export { EastWestGateway } from './east-west-gateway';
export { ExposedServices } from './exposed-services';
export { RemoteSecret } from './remote-secret';
export { PushedKubeconfig } from './pushed-kubeconfig';
export { PulledKubeconfig } from './pulled-kubeconfig';
export { GitOps } from './git-ops/git-ops';
export { Installer } from './installer/installer';
export { HelmRelease } from './installer/helm-release';
export { SailUpdateStrategyType } from './installer/sail-options';
export { RemoteCredentials } from './remote-credentials/remote-credentials';
export { LinkDestination } from './remote-credentials/link-destination';
export { Trust } from './trust/trust';
export { LoadBalancer } from './load-balancer';
export { SecretValue } from './secret-value';

export type { MeshProps, ClusterProps, ClusterSettings, EastWestGatewaySettings } from './mesh-props';
export type { MeshAppProps } from './mesh-app';
export type { IstioPrimaryProps, ControlPlaneOptions, Canary } from './istio-primary';
export type { RevisionTagProps } from './revision-tag';
export type { IstioReaderProps, IstioReaderOptions } from './istio-reader';
export type { EastWestGatewayProps } from './east-west-gateway';
export type {
  EastWestGatewayOptions, EastWestGatewayPort, EastWestGatewayService, EastWestGatewayAutoscaling, EastWestGatewayPodDisruptionBudget,
  EastWestGatewayNetworkPolicy,
} from './east-west-gateway-options';
export type { HelmOptions } from './installer/helm-installer';
export type { HelmReleaseProps } from './installer/helm-release';
export type { ExposedServicesProps, ExposedServicesOptions } from './exposed-services';
export type { RemoteSecretProps, ApiServerProps } from './remote-secret';
export type { PushedKubeconfigProps } from './pushed-kubeconfig';
export type { PulledKubeconfigProps } from './pulled-kubeconfig';
export type { AuthProviderOptions, ClientCertificateOptions } from './remote-credentials/tree-credentials';
export type { LinkedOptions } from './remote-credentials/linked-credentials';
export type { SealedSecretsOptions } from './remote-credentials/link-destination';
export type { ExternalSecretsOptions, SecretStoreRef } from './remote-credentials/external-secrets';
export type { ExternalCredentialsOptions } from './remote-credentials/external-credentials';
export type { UnsafeExecOptions } from './remote-credentials/unsafe-credentials';
export type { SailOptions, SailUpdateStrategy } from './installer/sail-options';
export type { CertManagerTrustOptions, CertManagerIssuerRef, CertManagerPrivateKey } from './trust/cert-manager';
export type { ExternalSecretsTrustOptions } from './trust/external-secrets';
export type {
  FluxOptions, FluxSourceRef, FluxKubeConfig, FluxKubeConfigSecretRef, FluxKubeConfigMapRef, FluxDecryption, FluxDecryptionSecretRef,
} from './git-ops/flux-options';
export type { ArgoCdOptions } from './git-ops/argo-cd-options';
export type { CloudLoadBalancerOptions, AwsLoadBalancerOptions } from './load-balancer';
export type { RenderedOptions } from './installer/rendered-installer';

export * as istio from '../imports/install.istio.io';
