export { Mesh } from './constructs/mesh';
export { Cluster } from './constructs/cluster';
export { MeshApp } from './output/mesh-app';
export { ManifestValidation } from './rules/manifest-validation';
export { GatewayInstall } from './definition/mesh-props';
export { IstioPrimary } from './constructs/istio-primary';
export { RevisionTag } from './constructs/revision-tag';
export { ReaderRole, TokenSlot } from './settings/reader-options';
export { IstioReader } from './constructs/istio-reader';
export { EastWestGateway } from './constructs/east-west-gateway';
export { ExposedServices } from './constructs/exposed-services';
export { RemoteSecret } from './constructs/remote-secret';
export { PushedKubeconfig } from './constructs/pushed-kubeconfig';
export { PulledKubeconfig } from './constructs/pulled-kubeconfig';
export { GitOps } from './settings/git-ops/git-ops';
export { Installer } from './settings/installer/installer';
export { HelmRelease } from './settings/installer/helm-release';
export { SailUpdateStrategyType } from './settings/installer/sail-options';
export { RemoteCredentials } from './settings/remote-credentials/remote-credentials';
export { LinkDestination } from './settings/remote-credentials/link-destination';
export { Trust } from './settings/trust/trust';
export { LoadBalancer } from './settings/load-balancer';
export { SecretValue } from './settings/secret-value';

export type { MeshProps, ClusterProps, ClusterSettings, EastWestGatewaySettings } from './definition/mesh-props';
export type { MeshAppProps } from './output/mesh-app';
export type { ControlPlaneOptions, Canary } from './settings/control-plane-options';
export type { IstioPrimaryProps } from './constructs/istio-primary';
export type { RevisionTagProps } from './constructs/revision-tag';
export type { IstioReaderOptions } from './settings/reader-options';
export type { IstioReaderProps } from './constructs/istio-reader';
export type { EastWestGatewayProps } from './constructs/east-west-gateway';
export type {
  EastWestGatewayOptions, EastWestGatewayPort, EastWestGatewayService, EastWestGatewayAutoscaling,
  EastWestGatewayPodDisruptionBudget,
  EastWestGatewayNetworkPolicy,
} from './settings/east-west-gateway-options';
export type { HelmOptions } from './settings/installer/helm-installer';
export type { IstioctlOptions } from './settings/installer/istioctl-installer';
export type { HelmReleaseProps } from './settings/installer/helm-release';
export type { ExposedServicesOptions } from './settings/exposed-services-options';
export type { ExposedServicesProps } from './constructs/exposed-services';
export type { ApiServerProps } from './settings/api-server-props';
export type { RemoteSecretProps } from './constructs/remote-secret';
export type { PushedKubeconfigProps } from './constructs/pushed-kubeconfig';
export type { PulledKubeconfigProps } from './constructs/pulled-kubeconfig';
export type { AuthProviderOptions, ClientCertificateOptions } from './settings/remote-credentials/tree-credentials';
export type { LinkedOptions } from './settings/remote-credentials/linked-credentials';
export type { SealedSecretsOptions } from './settings/remote-credentials/link-destination';
export type { ExternalSecretsOptions, SecretStoreRef } from './settings/remote-credentials/external-secrets-options';
export type { ExternalCredentialsOptions } from './settings/remote-credentials/external-credentials';
export type { UnsafeExecOptions } from './settings/remote-credentials/unsafe-credentials';
export type { SailOptions, SailUpdateStrategy } from './settings/installer/sail-options';
export type {
  CertManagerTrustOptions, CertManagerIssuerRef, CertManagerPrivateKey,
} from './settings/trust/cert-manager';
export type { ExternalSecretsTrustOptions } from './settings/trust/external-secrets';
export type {
  FluxOptions, FluxSourceRef, FluxKubeConfig, FluxKubeConfigSecretRef, FluxKubeConfigMapRef, FluxDecryption,
  FluxDecryptionSecretRef,
} from './settings/git-ops/flux-options';
export type { ArgoCdOptions } from './settings/git-ops/argo-cd-options';
export type { CloudLoadBalancerOptions, AwsLoadBalancerOptions } from './settings/load-balancer';
export type { RenderedOptions } from './settings/installer/rendered-installer';

export * as istio from '../imports/install.istio.io';
