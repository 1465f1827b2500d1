import isEqual from 'fast-deep-equal';
import { type Change, type Comparison, joinNames } from './change';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';
import { groupBy } from '../../util/map';

/** Formats a part of a sentence, e.g. as code. */
type Format = (text: string) => string;

/** One sentence of the report, about the mesh or about all clusters with the same change. */
export interface MergedChange extends Omit<Change, 'sentence' | 'values'> {
  /** Returns the sentence, with names and values in a format. */
  readonly describe: (format: Format) => string;
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
  const namesFor = clusterNamer(comparison);
  return groups.map(group => mergeGroup(group, namesFor));
}

function mergeGroup(group: readonly Change[], namesFor: ClusterNamer): MergedChange {
  const [{ sentence, values: firstValues, ...first }] = group;
  const clusters = group.flatMap(change => change.clusters);
  const hasEqualValues = group.every(({ values }) => isEqual(values, firstValues));
  const values = hasEqualValues ? firstValues : valuesWithPlaceholder(group[0]);
  const describe = (format: Format) => sentence.replace(/\{(\w+)\|?(\w*)\}/g, (_, word, plural) => {
    if (plural) {
      return clusters.length > 1 ? plural : word;
    }
    return word === 'clusters' ? namesFor(clusters, format) : format(values[word]);
  });
  return { ...first, clusters, describe };
}

/** Groups changes that differ at most in the cluster, and whose values are equal in the given form. */
function groupChanges(changes: readonly Change[], valuesOf: (change: Change) => Change['values']): Change[][] {
  const groups = groupBy(changes, change => {
    const { kind, impact, clusters, sentence, consequence } = change;
    return JSON.stringify([kind, impact, clusters.length > 0, sentence, valuesOf(change), consequence]);
  });
  return [...groups.values()];
}

/** The values with `$(cluster)` instead of the name of the cluster, as a setting of the mesh would be written. */
function valuesWithPlaceholder({ values, clusters: [name] }: Change): Change['values'] {
  if (!name) {
    return values;
  }
  const wholeName = new RegExp(`(?<![A-Za-z0-9])${name.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`, 'g');
  return Object.fromEntries(Object.entries(values)
    .map(([key, value]) => [key, value.replace(wholeName, () => '$(cluster)')]));
}

type ClusterNamer = (names: readonly string[], format: Format) => string;

/** Names a set of clusters: all clusters, all clusters of a network, or a list of names. */
function clusterNamer({ before, after }: Comparison): ClusterNamer {
  const oldNames = new Set(before.clusters.map(({ name }) => name));
  const staying = new Set(after.clusters.map(({ name }) => name).filter(name => oldNames.has(name)));
  const hasNewClusters = staying.size < after.clusters.length;
  const minimum = hasNewClusters ? 3 : 2;
  const areAllStaying = (names: readonly string[]) =>
    names.length >= minimum && names.length === staying.size && names.every(name => staying.has(name));
  const networks = new Map([...clustersByNetwork(after.clusters)]
    .map(([network, clusters]) => [clusters.map(({ name }) => name).join('\n'), network]));

  return (names, format) => {
    const allClusters = `all ${names.length.toLocaleString('en')} clusters`;
    if (areAllStaying(names) && hasNewClusters) {
      return `${allClusters} that stay`;
    }
    if (areAllStaying(names)) {
      return names.length === 2 ? 'both clusters' : allClusters;
    }
    const network = networks.get(names.join('\n'));
    if (names.length > 2 && network) {
      return `${allClusters} of ${format(network)}`;
    }
    return joinNames(names.map(format), MANY_CLUSTERS);
  };
}
