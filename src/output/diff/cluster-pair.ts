import type { ChangeDetails, Comparison } from './change';
import { type FlatSettings, findDifferingKeys, flattenCluster } from './flat-settings';
import type { ClusterModel } from '../../definition/mesh-model';

/** The same cluster in the old and in the new mesh. */
export interface ClusterPair {
  readonly comparison: Comparison;
  readonly before: ClusterModel;
  readonly after: ClusterModel;
  readonly settingsBefore: FlatSettings;
  readonly settingsAfter: FlatSettings;
  /** Keys of the settings that differ. */
  readonly differingKeys: readonly string[];
}

/** Describes the changes of certain settings in more than `old → new`. */
export interface ChangeDetector {
  /** Matches the keys of these settings. */
  readonly settings: RegExp;
  /** Returns the changes of a cluster; entries that are undefined do not count. */
  readonly detect: (pair: ClusterPair) => ReadonlyArray<ChangeDetails | undefined>;
}

export function clusterPair(comparison: Comparison, before: ClusterModel, after: ClusterModel): ClusterPair {
  const [settingsBefore, settingsAfter] = [flattenCluster(before), flattenCluster(after)];
  const differingKeys = findDifferingKeys(settingsBefore, settingsAfter);
  return { comparison, before, after, settingsBefore, settingsAfter, differingKeys };
}

/** Keys of the differing settings that match an expression. */
export function differingKeysMatching({ differingKeys }: ClusterPair, settings: RegExp): string[] {
  return differingKeys.filter(key => settings.test(key));
}
