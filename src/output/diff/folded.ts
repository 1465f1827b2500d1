import type { Change, Compared, Impact, Who } from './change';
import { listed } from './change';
import { clustersByNetwork, MANY_CLUSTERS } from '../../definition/topology';

/** What one sentence tells, of one cluster or of several. */
export interface Folded {
  readonly kind: string;
  readonly impact: Impact;
  readonly clusters: readonly string[];
  /** The sentence, with names and values written by the given functions. */
  readonly sentence: (names: (text: string) => string, values: (text: string) => string) => string;
  /** What a reviewer must know, commands in backticks. */
  readonly consequence?: string;
}

/** Changes that are the same in several clusters, but for the clusters' names in them, are one. */
export function folded(changes: readonly Change[], compared: Compared): Folded[] {
  const places = new Map(changes.map((change, i) => [change, i]));
  const alike = grouped(changes.map(change => [change]), ({ values }) => values);
  const single = alike.filter(({ length }) => length === 1);
  const asOfAll = grouped(single, ({ values, clusters: [name] }) => values.map(value => nameless(value, name)));
  const groups = [...alike.filter(({ length }) => length > 1), ...asOfAll]
    .sort(([one], [other]) => places.get(one)! - places.get(other)!);
  const subjects = subjectsOf(compared);
  return groups.map(group => {
    const [first] = group;
    const names = group.flatMap(({ clusters }) => clusters);
    const isAlike = group.every(({ values }) => values.every((value, i) => value === first.values[i]));
    const values = isAlike ? first.values : first.values.map(value => nameless(value, first.clusters[0]));
    return {
      kind: first.kind,
      impact: first.impact,
      clusters: names,
      sentence: (name, value) => first.says(subjects(names, name), values.map(value)),
      consequence: first.consequence,
    };
  });
}

/** Groups of changes that are the same, and have the same values in some form, as larger groups. */
function grouped(groups: ReadonlyArray<readonly Change[]>, form: (change: Change) => readonly string[]): Change[][] {
  const found = new Map<string, Change[]>();
  for (const group of groups) {
    const [{ kind, impact, clusters, consequence }] = group;
    const key = JSON.stringify([kind, impact, clusters.length > 0, form(group[0]), consequence]);
    const same = found.get(key);
    same ? same.push(...group) : found.set(key, [...group]);
  }
  return [...found.values()];
}

/** A value as it would stand at the mesh, for all clusters. */
function nameless(value: string, name: string | undefined): string {
  return name ? value.replace(new RegExp(`(?<![A-Za-z0-9])${name.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`, 'g'), () => '$(cluster)') : value;
}

/** Tells of clusters as somebody would who knows the mesh. */
function subjectsOf({ before, after }: Compared): (names: readonly string[], name: (text: string) => string) => Who {
  const older = new Set(before.clusters.map(cluster => cluster.name));
  const stay = new Set(after.clusters.map(cluster => cluster.name).filter(name => older.has(name)));
  const hasNew = stay.size < after.clusters.length;
  const isWhole = (names: readonly string[]) => names.length > (hasNew ? 2 : 1) && names.length === stay.size && names.every(name => stay.has(name));
  const networks = new Map([...clustersByNetwork(after.clusters)].map(([network, clusters]) => [clusters.map(cluster => cluster.name).join('\n'), network]));
  return (names, name) => {
    const network = networks.get(names.join('\n'));
    const text = isWhole(names) ? names.length === 2 ? 'both clusters' : `all ${names.length.toLocaleString('en')} clusters${hasNew ? ' that stay' : ''}`
      : names.length > 2 && network ? `all ${names.length.toLocaleString('en')} clusters of ${name(network)}`
        : listed(names.length > MANY_CLUSTERS ? names.map((one, i) => i < MANY_CLUSTERS ? name(one) : one) : names.map(name), MANY_CLUSTERS);
    return { text, isMany: names.length > 1 };
  };
}
