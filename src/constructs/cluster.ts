import { type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EastWestGateway } from './east-west-gateway';
import type { ExposedServices } from './exposed-services';
import type { IstioPrimary } from './istio-primary';
import type { IstioReader } from './istio-reader';
import { orderedObjects } from './ordered-objects';
import type { PulledKubeconfig } from './pulled-kubeconfig';
import type { PushedKubeconfig } from './pushed-kubeconfig';
import type { RemoteSecret } from './remote-secret';
import type { RevisionTag } from './revision-tag';
import { type ClusterParts, type MeshContext, clusterParts } from './steps';
import type { ClusterModel } from '../definition/mesh-model';

/**
 * A cluster of a mesh: the chart whose objects go to the cluster's directory.
 *
 * `Mesh` creates it. Add your own charts and objects below it.
 */
export class Cluster extends Chart {
  /** @internal */
  static _of(scope: Construct, model: ClusterModel, context: MeshContext): Cluster {
    return new Cluster(scope, model, context);
  }

  /** Name of the cluster. */
  readonly name: string;

  /** Network of the cluster's pods. */
  readonly network: string;

  /** Names of the clusters that it is linked with. */
  readonly peers: string[];

  private readonly parts: ClusterParts;

  private constructor(scope: Construct, model: ClusterModel, context: MeshContext) {
    super(scope, model.name, { disableResourceNameHashes: true });
    this.name = model.name;
    this.network = model.network!;
    this.peers = model.peers.map(peer => peer.name);
    this.parts = clusterParts(this, context, model);
  }

  /** The namespace and the control plane. */
  get primary(): IstioPrimary {
    return this.parts.primary;
  }

  /** The revision tags; none with the Sail operator, which has its own object for tags. */
  get revisionTags(): RevisionTag[] {
    return [...this.parts.revisionTags];
  }

  /** The reader service accounts of the peers' istiods, unless another tool provides the remote secrets. */
  get reader(): IstioReader | undefined {
    return this.parts.reader;
  }

  /** The object that creates the Secret `cacerts`, if the generated manifests include one. */
  get cacerts(): ApiObject | undefined {
    return this.parts.cacerts;
  }

  /** The east-west gateway, if the cluster has one. */
  get eastWestGateway(): EastWestGateway | undefined {
    return this.parts.eastWestGateway;
  }

  /** The services that the east-west gateway exposes, if the cluster has one. */
  get exposedServices(): ExposedServices | undefined {
    return this.parts.exposedServices;
  }

  /** The remote secrets of the peers, if the generated manifests include them. */
  get remoteSecrets(): RemoteSecret[] {
    return [...this.parts.remoteSecrets];
  }

  /** The kubeconfig that this cluster pushes for its peers, with External Secrets. */
  get pushedKubeconfig(): PushedKubeconfig | undefined {
    return this.parts.pushedKubeconfig;
  }

  /** The objects that create the remote secrets of the peers, with External Secrets. */
  get pulledKubeconfigs(): PulledKubeconfig[] {
    return [...this.parts.pulledKubeconfigs];
  }

  /**
   * The objects of this cluster, in the order in which they are applied.
   *
   * Unlike the method of other charts, it validates only this cluster, so that the time for a mesh does not grow with
   * the square of its clusters.
   */
  toJson(): any[] {
    return orderedObjects(this).map((object: ApiObject) => object.toJson());
  }
}
