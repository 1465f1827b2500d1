import { type FlatSettings, findDifferingKeys, flattenCluster } from './flat-settings';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';

/** How disruptive a change is, the most disruptive first. */
export enum Impact {
  /** New resources or identities replace the old ones, because they cannot be changed in place. */
  REBUILD = 'rebuild',
  /** Requests or links can fail during the change, or stop working. */
  INTERRUPTS = 'interrupts',
  /** Pods keep the old setting until they restart. */
  RESTARTS = 'restarts',
  /** The change takes effect when it is applied. */
  CHANGES = 'changes',
}

/** A difference between two versions of a mesh, in one cluster or in the mesh as a whole. */
export interface Change {
  /** Identifies the type of change in the JSON output. */
  readonly kind: string;
  readonly impact: Impact;
  /** Names of the affected clusters; empty if the change affects the mesh as a whole. */
  readonly clusters: readonly string[];
  /**
   * The sentence about the change: `{clusters}` is replaced with the clusters, so that equal changes of several can be
   * merged, `{is|are}` with the word for one or several clusters, and `{name}` with a value.
   */
  readonly sentence: string;
  /** Parts of the sentence that come from the definition, such as the old and the new value, by their names. */
  readonly values: { readonly [name: string]: string };
  /** What a reviewer needs to know about the change, with commands in backticks. */
  readonly consequence?: string;
}

/** A change whose cluster is not filled in yet. */
export type ChangeDetails = Omit<Change, 'clusters'>;

/** A change of one value; undefined if it stays the same. The sentence has the values as `{before}` and `{after}`. */
export function valueChange(
  before: string, after: string, details: Omit<ChangeDetails, 'values'>,
): ChangeDetails | undefined {
  return before === after ? undefined : { ...details, values: { before, after } };
}

/** The two versions of a mesh that are compared. */
export interface Comparison {
  readonly before: MeshModel;
  readonly after: MeshModel;
  /** Path of the new definition, for the commands in consequences. */
  readonly file: string;
}

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

/** Marks a command or a name in a consequence with backticks. */
export function codeSpan(text: string): string {
  return `\`${text.replace(/`/g, '\'')}\``;
}

/** Lists names as `a, b and c`; if there are more than the limit, the last entry is the number of the others. */
export function joinNames(names: readonly string[], limit = Infinity): string {
  const omitted = names.length - limit + 1;
  const entries = names.length > limit
    ? [...names.slice(0, limit - 1), `${omitted.toLocaleString('en')} more`]
    : [...names];
  const last = entries.pop() ?? '';
  return entries.length === 0 ? last : `${entries.join(', ')} and ${last}`;
}
