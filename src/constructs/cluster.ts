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
 * Made by `Mesh`; own charts and objects go below it.
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

  /** The revision tags; with the Sail operator none, since a tag is an object of its own there. */
  get revisionTags(): RevisionTag[] {
    return [...this.parts.revisionTags];
  }

  /** The account that the peers' istiods read this cluster with, unless somebody else brings the links. */
  get reader(): IstioReader | undefined {
    return this.parts.reader;
  }

  /** The object that makes the Secret `cacerts`, where the tree has one. */
  get cacerts(): ApiObject | undefined {
    return this.parts.cacerts;
  }

  /** The east-west gateway, where there is one. */
  get eastWestGateway(): EastWestGateway | undefined {
    return this.parts.eastWestGateway;
  }

  /** What the east-west gateway exposes, where there is one. */
  get exposedServices(): ExposedServices | undefined {
    return this.parts.exposedServices;
  }

  /** The Secrets that lead to the peers, where the tree carries them. */
  get remoteSecrets(): RemoteSecret[] {
    return [...this.parts.remoteSecrets];
  }

  /** What this cluster pushes for its peers, where links travel through External Secrets. */
  get pushedKubeconfig(): PushedKubeconfig | undefined {
    return this.parts.pushedKubeconfig;
  }

  /** What makes the Secrets that lead to the peers, where links travel through External Secrets. */
  get pulledKubeconfigs(): PulledKubeconfig[] {
    return [...this.parts.pulledKubeconfigs];
  }

  /**
   * The objects of this cluster, in the order in which they are applied.
   *
   * Unlike that of other charts it judges this cluster alone, so that a mesh takes no time that grows with the square of its clusters.
   */
  toJson(): any[] {
    return orderedObjects(this).map((object: ApiObject) => object.toJson());
  }
}
