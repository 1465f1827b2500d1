import type { ClusterModel } from '../../definition/mesh-model';
import { type Istiod, readIstiods } from '../clusters/istiods';
import type { LiveObject } from '../clusters/kubectl';
import { REVOCATION_MARK } from '../clusters/reader-tokens';

/** A cluster with its istiods. */
export interface ClusterIstiods {
  readonly cluster: ClusterModel;
  readonly istiods: readonly Istiod[];
}

/** State of istiods before their remote secrets change, by `<cluster>/<pod>`. */
export interface IstiodSnapshot {
  readonly [istiod: string]: {
    readonly started?: number;
    /** Number of remote secret events since it started. */
    readonly events: number;
  };
}

/** The istiods of several clusters. */
export async function readAllIstiods(clusters: readonly ClusterModel[]): Promise<ClusterIstiods[]> {
  return Promise.all(clusters.map(async cluster => ({ cluster, istiods: await readIstiods(cluster) })));
}

/** The state of the istiods of some clusters. */
export function snapshotOf(all: readonly ClusterIstiods[], names: readonly string[]): IstiodSnapshot {
  const entries = all.filter(({ cluster }) => names.includes(cluster.name)).flatMap(({ cluster, istiods }) =>
    istiods.map(({ pod, started, secretEvents }) => [`${cluster.name}/${pod}`, { started, events: secretEvents }]));
  return Object.fromEntries(entries);
}

/** The snapshot of an interrupted rotation, which it stored in the Secret of the token to revoke. */
export function storedSnapshot({ metadata }: LiveObject): IstiodSnapshot {
  try {
    return { ...JSON.parse(metadata.annotations![REVOCATION_MARK]) };
  } catch { // this command did not write it
    return {};
  }
}

/** Whether an istiod has processed a changed remote secret since a snapshot, or started after it. */
export function hasSeenChange(
  snapshot: IstiodSnapshot, cluster: string, { pod, started, secretEvents }: Istiod,
): boolean {
  const before = snapshot[`${cluster}/${pod}`];
  const isRestarted = before?.started !== undefined && started !== before.started;
  return before === undefined || isRestarted || secretEvents > before.events;
}
