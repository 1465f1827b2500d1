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
   * Any other network than the cluster's own is refused: istiod would never send traffic through such a gateway.
   *
   * @default - the cluster's network
   */
  readonly network?: string;
}

/**
 * What is said of one cluster: of all of them at the mesh, and again at a cluster for that one.
 *
 * Maps merge key by key; lists and providers are replaced as a whole.
 * `$(cluster)` in any string stands for the cluster's name.
 */
export interface ClusterSettings extends ControlPlaneOptions, ApiServerProps {
  /**
   * Istio version of the control plane, as `x.y.z`. Required here or at the cluster.
   *
   * @default - none; a cluster without one is refused
   */
  readonly istioVersion?: string;

  /**
   * Network of the cluster's pods: pods of one network reach each other directly. Required here or at the cluster.
   *
   * Istio name: `values.global.network`.
   *
   * @default - none; a flat network and several networks are different worlds, so a cluster without one is refused
   * @see https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models
   */
  readonly network?: string;

  /**
   * URL of the API server as the other clusters reach it. Required of a cluster that has peers, unless somebody else brings
   * the links.
   *
   * Kubeconfig field: `clusters[].cluster.server`.
   *
   * @default - none; a cluster with peers is refused without
   */
  readonly apiServer?: string;

  /**
   * Context of the cluster in the user's own kubeconfig, for the commands that synth prints.
   *
   * @default - the cluster's name
   */
  readonly context?: string;

  /**
   * Names of the clusters to link with, or `*` for all. Two clusters are linked when each names the other.
   *
   * An empty list detaches the cluster. A cluster named here that does not name this one back is an error.
   *
   * @default ['*']
   */
  readonly peers?: string[];

  /**
   * A second control plane beside the first, of another revision.
   *
   * @default - one control plane
   */
  readonly canary?: Canary;

  /**
   * Revision tags: for each the revision that it stands for, that of the control plane or of the canary, `default` for none.
   *
   * The east-west gateway follows the one tag, where there is just one. The tag `default` also stands for `istio-injection: enabled`.
   *
   * @default - no tags
   * @see https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels
   */
  readonly revisionTags?: { [tag: string]: string };

  /**
   * Who installs the control plane and the gateway.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;

  /**
   * Who brings the signing authority of the cluster, under the root that all clusters share: the Secret `cacerts`.
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
   * The account that the peers' istiods read this cluster with.
   *
   * @default - it may read what Istio's own reader may, and the blue token is the active one
   */
  readonly reader?: IstioReaderOptions;

  /**
   * The east-west gateway.
   *
   * @default - installed when the cluster is linked with another network
   */
  readonly eastWestGateway?: EastWestGatewaySettings;

  /**
   * What the east-west gateway exposes to the other networks.
   *
   * @default - every service of the cluster domain
   */
  readonly exposedServices?: ExposedServicesOptions;

  /**
   * Globs of the user's own manifests, which go to the step `70-resources` as they are; a Namespace that a gateway of `components` is
   * installed in goes to `00-namespace`, where a plain one is made of those that no manifest describes.
   *
   * Relative to the mesh file, or to the working directory when the mesh is written in code.
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
   * Istio names: `values.global.multiCluster.clusterName`, the data key of the remote secret, `istioctl create-remote-secret --name`.
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
   * Settings below the mesh's own, e.g. a company's.
   *
   * @default - none
   */
  readonly defaults?: ClusterSettings;

  /**
   * The tool that applies the tree from a Git repository.
   *
   * @default - none; synth tells the commands
   */
  readonly gitOps?: GitOps;

  /**
   * Warnings that are right here: a reason for each, by the code of its rule, e.g. `{ IM049: 'a firewall stands before it' }`.
   *
   * @default - every warning is told at each synth
   */
  readonly acknowledge?: { [code: string]: string };
}
