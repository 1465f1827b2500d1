import type { ClusterProps, EastWestGatewaySettings } from './mesh-props';
import type { ResourceFiles } from './resource-files';
import type { Environment } from '../istio/istiod-environment';
import type { ApiServerProps } from '../settings/api-server-props';
import type { ControlPlaneOptions } from '../settings/control-plane-options';
import type { EastWestGatewayOptions } from '../settings/east-west-gateway-options';
import type { ExposedServicesOptions } from '../settings/exposed-services-options';
import type { GitOps } from '../settings/git-ops/git-ops';
import type { Installer } from '../settings/installer/installer';
import type { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import type { PemDirectory } from '../settings/trust/pem-directory';
import type { Trust } from '../settings/trust/trust';
import type { Fields } from '../util/map';
import type { Path } from '../util/path';

/** A cluster of the mesh, with all defaults and dependent settings resolved. */
export interface ClusterModel {
  readonly name: string;
  /** The place of the cluster in the definition. */
  readonly path: Path;
  readonly istioVersion?: string;
  readonly network?: string;
  readonly context: string;
  readonly apiServer?: string;
  readonly apiServerProps: ApiServerProps;
  readonly namespace: string;
  /** Revision label of istiod, empty for Istio's `default`; the revision in `controlPlane` is the configured one. */
  readonly revision: string;
  readonly controlPlane: ControlPlaneOptions;
  readonly clusterDomain: string;
  readonly canary?: ClusterProps['canary'];
  /** Revision labels of istiod by tag. */
  readonly revisionTags: { readonly [tag: string]: string };
  /** Configured revisions by tag, of the same control planes. */
  readonly configuredTags: { readonly [tag: string]: string };
  readonly installer: Installer;
  readonly trust: Trust;
  /** The PEM files of the intermediate CA, if the definition names a directory. */
  readonly pemDirectory?: PemDirectory;
  readonly remoteCredentials: RemoteCredentials;
  readonly reader: NonNullable<ClusterProps['reader']>;
  /** Names that the cluster lists as its peers. */
  readonly namedPeers: readonly string[];
  /** The clusters that it is linked with, in the order of the definition. */
  readonly peers: readonly ClusterModel[];
  /** Environment variables that its istiod needs to read the peers, in addition to the user's own. */
  readonly environment: Environment;
  /** The configured gateway settings, even if no gateway is installed. */
  readonly gatewaySettings: EastWestGatewaySettings;
  /** The gateway, if one is installed. */
  readonly eastWestGateway?: GatewayModel;
  readonly exposedServices: ExposedServicesOptions;
  readonly resources: readonly string[];
  /** Finds the files of the globs; shared by all clusters. */
  readonly resourceFiles: ResourceFiles;
  /** The merged settings as plain data, in the spelling of mesh.yaml. */
  readonly settings: Fields;
}

/** An east-west gateway, with all defaults resolved. */
export interface GatewayModel extends EastWestGatewayOptions {
  readonly network: string;
  readonly namespace: string;
  readonly revision: string;
  readonly istioVersion?: string;
  readonly installer: Installer;
}

/** The resolved mesh; immutable plain data. */
export interface MeshModel {
  readonly meshID: string;
  readonly clusters: readonly ClusterModel[];
  /** The tool that applies the generated manifests, if any. */
  readonly gitOps?: GitOps;
  /** Reasons for acknowledged warnings, by rule code. */
  readonly acknowledge: { readonly [code: string]: string };
  /** Directory that relative paths start from. */
  readonly directory: string;
}


/** As the name of a peer: all other clusters. */
export const ALL_CLUSTERS = '*';
