import type { RunningCluster } from './cluster-objects';
import type { RunningControlPlane } from './control-plane';
import { runningControlPlane } from './control-plane';
import { DEFAULT_REVISION, revisionLabel } from '../../../istio/revisions';
import type { LiveObject } from '../../clusters/kubectl';

/** A cluster of a mesh that runs. */
export interface RunningMember {
  readonly name: string;
  readonly cluster: RunningCluster;
  /** The control plane that pods follow who name no revision, and otherwise the first. */
  readonly plane: RunningControlPlane;
  /** Its Deployment. */
  readonly istiod: LiveObject;
  /** The control planes beside it. */
  readonly others: readonly RunningControlPlane[];
  readonly revisionTags: { readonly [tag: string]: string };
}

/** What clusters without a network are on: they are on one. */
export const UNNAMED_NETWORK = 'network1';

export function memberOf(cluster: RunningCluster): RunningMember {
  const tags = new Map(cluster.tags.map(({ metadata: { labels } }) => [labels!['istio.io/tag'], labels!['istio.io/rev'] ?? DEFAULT_REVISION]));
  const planes = cluster.istiods.map(istiod => ({ istiod, plane: runningControlPlane(cluster, istiod) }));
  const followed = tags.get(DEFAULT_REVISION) ?? DEFAULT_REVISION;
  const first = planes.find(({ plane }) => revisionLabel(plane.revision) === followed) ?? planes[0];
  if (followed === DEFAULT_REVISION) {
    tags.delete(DEFAULT_REVISION); // istioctl makes it by itself
  }
  return {
    ...first,
    cluster,
    name: first.plane.clusterName,
    revisionTags: Object.fromEntries(tags),
    others: planes.filter(one => one !== first).map(({ plane }) => plane),
  };
}

export function networkOf({ plane }: RunningMember): string {
  return plane.network || UNNAMED_NETWORK;
}
