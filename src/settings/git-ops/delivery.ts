import type { ApiObject, ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Step } from '../../core/step';
import type { ClusterRevisions } from '../../istio/revisions';
import type { Path } from '../../util/path';
import type { HelmRelease } from '../installer/helm-release';
import type { Installer } from '../installer/installer';
import type { LinkedCluster } from '../remote-credentials/links';
import type { Trust } from '../trust/trust';

/** What a GitOps tool reads of a cluster. */
export interface DeliveredCluster extends ClusterRevisions, LinkedCluster {
  readonly name: string;
  /** Path of the cluster in the definition. */
  readonly path: Path;
  readonly namespace: string;
  readonly installer: Installer;
  readonly trust: Trust;
}

/** What a GitOps tool reads of the mesh. */
export interface DeliveredMesh {
  readonly meshID: string;
  readonly clusters: readonly DeliveredCluster[];
}

/** Annotations of an object. */
export interface Annotations { readonly [name: string]: string }

/** A generated object of a cluster, which the tool applies. */
export interface DeliveredObject {
  readonly step: Step;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** The whole object as JSON or YAML. */
  readonly text: string;
}

/** The chart of a GitOps tool's objects. */
export interface Delivery extends Construct {
  /** Whether a cluster has files in a step; known only when the files are generated. */
  has(cluster: string, step: Step): boolean;

  /** Whether a cluster has Helm releases in the place of a step; known only when the files are generated. */
  hasReleases(cluster: string, step: Step): boolean;

  /** The Helm releases of a cluster. */
  releasesOf(cluster: string): readonly HelmRelease[];

  /** The construct of a cluster, for namespaces that the tool needs there. */
  clusterScope(cluster: string): Construct;

  /**
   * Adds an object of the tool.
   *
   * @param directory directory of its file, below the tool's directory; empty for that directory itself
   */
  object(
    id: string,
    manifest: ApiObjectProps & { readonly [field: string]: any },
    directory?: string,
    isWanted?: () => boolean,
  ): ApiObject;

  /** Lists a directory below the tool's in the tool's kustomization. */
  list(directory: string): void;
}
