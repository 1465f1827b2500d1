import { type Change, type Comparison, type Impact, type Subject, joinNames } from './change';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { groupBy } from '../../util/map';

/** Formats a part of a sentence, e.g. as code. */
type Format = (text: string) => string;

/** One sentence of the report, about the mesh or about all clusters with the same change. */
export interface MergedChange {
  readonly kind: string;
  readonly impact: Impact;
  readonly clusters: readonly string[];
  /** Returns the sentence, with names and values in the given formats. */
  readonly describe: (formatName: Format, formatValue: Format) => string;
  /** What a reviewer needs to know about the change, with commands in backticks. */
  readonly consequence?: string;
}

/** Merges the changes that are the same in several clusters, also if values contain the name of each cluster. */
export function mergeChanges(changes: readonly Change[], comparison: Comparison): MergedChange[] {
  const positions = new Map(changes.map((change, i) => [change, i]));
  const byValues = groupChanges(changes, ({ values }) => values);
  const unique = byValues.filter(({ length }) => length === 1).flat();
  const groups = [
    ...byValues.filter(({ length }) => length > 1),
    ...groupChanges(unique, valuesWithPlaceholder),
  ].sort(([a], [b]) => positions.get(a)! - positions.get(b)!);
  const subjectOf = subjectFormatter(comparison);
  return groups.map(group => mergeGroup(group, subjectOf));
}

function mergeGroup(group: readonly Change[], subjectOf: SubjectFormatter): MergedChange {
  const [first] = group;
  const clusters = group.flatMap(change => change.clusters);
  const hasEqualValues = group.every(({ values }) => values.every((value, i) => value === first.values[i]));
  const values = hasEqualValues ? first.values : valuesWithPlaceholder(first);
  return {
    kind: first.kind,
    impact: first.impact,
    clusters,
    describe: (formatName, formatValue) => first.describe(subjectOf(clusters, formatName), values.map(formatValue)),
    consequence: first.consequence,
  };
}

/** Groups changes that differ at most in the cluster, and whose values are equal in the given form. */
function groupChanges(changes: readonly Change[], valuesOf: (change: Change) => readonly string[]): Change[][] {
  const groups = groupBy(changes, change => {
    const { kind, impact, clusters, consequence } = change;
    return JSON.stringify([kind, impact, clusters.length > 0, valuesOf(change), consequence]);
  });
  return [...groups.values()];
}

/** The values with `$(cluster)` instead of the name of the cluster, as a setting of the mesh would be written. */
function valuesWithPlaceholder({ values, clusters: [name] }: Change): readonly string[] {
  if (!name) {
    return values;
  }
  const wholeName = new RegExp(`(?<![A-Za-z0-9])${name.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`, 'g');
  return values.map(value => value.replace(wholeName, () => '$(cluster)'));
}

type SubjectFormatter = (names: readonly string[], formatName: Format) => Subject;

/** Names a set of clusters: all clusters, all clusters of a network, or a list of names. */
function subjectFormatter({ before, after }: Comparison): SubjectFormatter {
  const oldNames = new Set(before.clusters.map(({ name }) => name));
  const staying = new Set(after.clusters.map(({ name }) => name).filter(name => oldNames.has(name)));
  const hasNewClusters = staying.size < after.clusters.length;
  const minimum = hasNewClusters ? 3 : 2;
  const areAllStaying = (names: readonly string[]) =>
    names.length >= minimum && names.length === staying.size && names.every(name => staying.has(name));
  const networks = new Map([...clustersByNetwork(after.clusters)]
    .map(([network, clusters]) => [clusters.map(({ name }) => name).join('\n'), network]));

  const textOf = (names: readonly string[], formatName: Format): string => {
    const allClusters = `all ${names.length.toLocaleString('en')} clusters`;
    if (areAllStaying(names) && hasNewClusters) {
      return `${allClusters} that stay`;
    }
    if (areAllStaying(names)) {
      return names.length === 2 ? 'both clusters' : allClusters;
    }
    const network = networks.get(names.join('\n'));
    if (names.length > 2 && network) {
      return `${allClusters} of ${formatName(network)}`;
    }
    return joinNames(names.map(formatName), MANY_CLUSTERS);
  };
  return (names, formatName) => ({ text: textOf(names, formatName), isPlural: names.length > 1 });
}
