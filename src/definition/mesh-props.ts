import type { ApiServerProps } from '../settings/api-server-props';
import type { Canary, ControlPlaneOptions } from '../settings/control-plane-options';
import type { EastWestGatewayOptions } from '../settings/east-west-gateway-options';
import type { ExposedServicesOptions } from '../settings/exposed-services-options';
import type { GitOps } from '../settings/git-ops/git-ops';
import type { Installer } from '../settings/installer/installer';
import type { IstioReaderOptions } from '../settings/reader-options';
import type { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import type { Trust } from '../settings/trust/trust';

/**
 * When a cluster gets an east-west gateway.
 */
export enum GatewayInstall {
  /** When the cluster is linked with a cluster of another network. */
  AUTO = 'auto',
  /** Always. */
  ALWAYS = 'always',
  /** Never. */
  NEVER = 'never',
}

/**
 * The east-west gateway of a cluster of the mesh.
 */
export interface EastWestGatewaySettings extends EastWestGatewayOptions {
  /**
   * When the cluster gets the gateway, and with it the services exposed on it.
   *
   * @default GatewayInstall.AUTO
   */
  readonly install?: GatewayInstall;

  /**
   * Network that the gateway serves. Label: `topology.istio.io/network`.
   *
   * Any network other than the cluster's own is rejected: istiod would never send traffic through such a gateway.
   *
   * @default - the cluster's network
   */
  readonly network?: string;
}

/**
 * Settings of a cluster: set them on the mesh to apply to all clusters, or on one cluster to override.
 *
 * Maps merge key by key; lists and providers are replaced as a whole.
 * `$(cluster)` in any string is replaced with the cluster's name.
 */
export interface ClusterSettings extends ControlPlaneOptions, ApiServerProps {
  /**
   * Istio version of the control plane, as `x.y.z`. Required on the mesh or on the cluster.
   *
   * @default - none; a cluster without a version is rejected
   */
  readonly istioVersion?: string;

  /**
   * Network of the cluster's pods: pods on one network reach each other directly. Required on the mesh or on the
   * cluster.
   *
   * Istio name: `values.global.network`.
   *
   * @default - none; a cluster without a network is rejected, because one flat network and several networks need
   * different installations
   * @see https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models
   */
  readonly network?: string;

  /**
   * URL of the API server as the other clusters reach it. Required for a cluster with peers, unless another tool
   * provides the remote secrets.
   *
   * Kubeconfig field: `clusters[].cluster.server`.
   *
   * @default - none; a cluster with peers is rejected without it
   */
  readonly apiServer?: string;

  /**
   * Context of the cluster in your kubeconfig, for the commands that synth prints.
   *
   * @default - the cluster's name
   */
  readonly context?: string;

  /**
   * Names of the clusters to link with, or `*` for all. Two clusters are linked if each names the other.
   *
   * An empty list detaches the cluster. Naming a cluster that does not name this one is an error.
   *
   * @default ['*']
   */
  readonly peers?: string[];

  /**
   * A second control plane next to the first, with another revision.
   *
   * @default - one control plane
   */
  readonly canary?: Canary;

  /**
   * Revision tags: the revision of each tag, which is that of the control plane or of the canary; `default` for none.
   *
   * The east-west gateway follows the tag if there is only one. The tag `default` also applies to namespaces with the
   * label `istio-injection: enabled`.
   *
   * @default - no tags
   * @see https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels
   */
  readonly revisionTags?: { [tag: string]: string };

  /**
   * How the control plane and the gateway are installed.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;

  /**
   * What provides the cluster's intermediate CA, signed by the root CA of the mesh: the Secret `cacerts`.
   *
   * @default Trust.external()
   */
  readonly trust?: Trust;

  /**
   * How the peers authenticate at this cluster's API server.
   *
   * @default RemoteCredentials.linked()
   */
  readonly remoteCredentials?: RemoteCredentials;

  /**
   * The reader service account, with which the peers' istiods read this cluster.
   *
   * @default - it has the permissions of Istio's own reader, and the blue token is active
   */
  readonly reader?: IstioReaderOptions;

  /**
   * The east-west gateway.
   *
   * @default - installed if the cluster is linked with a cluster on another network
   */
  readonly eastWestGateway?: EastWestGatewaySettings;

  /**
   * The services that the east-west gateway exposes to the other networks.
   *
   * @default - every service of the cluster domain
   */
  readonly exposedServices?: ExposedServicesOptions;

  /**
   * Globs of your own manifests, which are written unchanged to the step `70-resources`.
   *
   * The Namespaces of gateways in `components` are written to `00-namespace`; if no manifest describes one, a plain
   * Namespace is generated. Relative to the mesh file, or to the working directory if the mesh is defined in code.
   *
   * @default - none
   */
  readonly resources?: string[];
}

/**
 * A cluster of the mesh.
 */
export interface ClusterProps extends ClusterSettings {
  /**
   * Name of the cluster: a DNS label in lower case, unique in the mesh.
   *
   * Istio names: `values.global.multiCluster.clusterName`, the data key of the remote secret, and
   * `istioctl create-remote-secret --name`.
   */
  readonly name: string;
}

/**
 * A multi-primary mesh.
 */
export interface MeshProps extends ClusterSettings {
  /**
   * Name of the mesh, the same in every cluster. Istio name: `values.global.meshID`.
   */
  readonly meshID: string;

  /**
   * The clusters, each a primary.
   */
  readonly clusters: ClusterProps[];

  /**
   * Settings that the mesh and the clusters override, e.g. those of a company.
   *
   * @default - none
   */
  readonly defaults?: ClusterSettings;

  /**
   * The tool that applies the generated manifests from a Git repository.
   *
   * @default - none; synth prints the commands
   */
  readonly gitOps?: GitOps;

  /**
   * Acknowledged warnings: the reason for each, by rule code, e.g. `{ IM049: 'a firewall protects it' }`.
   *
   * @default - every synth prints all warnings
   */
  readonly acknowledge?: { [code: string]: string };
}
