import type { Change, Compared } from './change';
import type { Leaves } from './settings';
import { differingKeys, leavesOf } from './settings';
import type { ClusterModel } from '../../definition/mesh-model';

/** A cluster that is in both meshes. */
export interface ClusterPair {
  readonly compared: Compared;
  readonly before: ClusterModel;
  readonly after: ClusterModel;
  readonly old: Leaves;
  readonly new: Leaves;
  /** Keys of the settings that differ. */
  readonly differing: readonly string[];
}

/** A subject of a definition, and what is told where it differs. */
export interface Aspect {
  /** The settings that it tells of. */
  readonly settings: RegExp;
  readonly changes: (pair: ClusterPair) => ReadonlyArray<Omit<Change, 'clusters'> | undefined>;
}

/** A cluster with its settings side by side. */
export function clusterPair(compared: Compared, before: ClusterModel, after: ClusterModel): ClusterPair {
  const [older, newer] = [leavesOf(before), leavesOf(after)];
  return { compared, before, after, old: older, new: newer, differing: differingKeys(older, newer) };
}

/** The differing settings among some. */
export function differingIn({ differing }: ClusterPair, settings: RegExp): string[] {
  return differing.filter(key => settings.test(key));
}
