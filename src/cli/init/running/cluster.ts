import type { ClusterObjects } from './cluster-objects';
import { type RunningControlPlane, runningControlPlane } from './control-plane';
import { DEFAULT_REVISION, revisionLabel } from '../../../istio/revisions';
import type { Fields } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** A cluster of a running mesh, with its control planes and revision tags. */
export interface RunningCluster {
  readonly name: string;
  readonly objects: ClusterObjects;
  /** The control plane that injects pods without a revision label, or else the first one. */
  readonly controlPlane: RunningControlPlane;
  /** The Deployment of that control plane. */
  readonly istiod: LiveObject;
  readonly otherControlPlanes: readonly RunningControlPlane[];
  readonly revisionTags: { readonly [tag: string]: string };
}

/** Settings of the mesh definition that were read from a running cluster, and notes about them. */
export interface RunningSettings {
  readonly settings: Fields;
  readonly notes: readonly string[];
}

/** The network of clusters whose control plane sets none; to Istio, they are all on the same network. */
export const UNNAMED_NETWORK = 'network1';

/** Reads the settings of a cluster from its objects. */
export function runningCluster(objects: ClusterObjects): RunningCluster {
  const tags = revisionTags(objects);
  const installed = objects.istiods.map(istiod => ({ istiod, controlPlane: runningControlPlane(objects, istiod) }));
  const defaultRevision = tags.get(DEFAULT_REVISION) ?? DEFAULT_REVISION;
  const main = installed.find(({ controlPlane }) => revisionLabel(controlPlane.revision) === defaultRevision)
    ?? installed[0];
  if (defaultRevision === DEFAULT_REVISION) {
    tags.delete(DEFAULT_REVISION); // istioctl creates this tag by default
  }
  return {
    ...main,
    objects,
    name: main.controlPlane.clusterName,
    revisionTags: Object.fromEntries(tags),
    otherControlPlanes: installed.filter(one => one !== main).map(({ controlPlane }) => controlPlane),
  };
}

/** The revision that each revision tag points to. */
function revisionTags({ tags }: ClusterObjects): Map<string, string> {
  return new Map(tags.map(({ metadata: { labels } }) =>
    [labels!['istio.io/tag'], labels!['istio.io/rev'] ?? DEFAULT_REVISION]));
}

export function networkOf({ controlPlane }: RunningCluster): string {
  return controlPlane.network || UNNAMED_NETWORK;
}
