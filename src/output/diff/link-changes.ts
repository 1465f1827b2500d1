import { type Change, type Comparison, Impact, joinNames } from './change';
import { addedLinksHint, removedLinksHint } from './remote-secret-hints';
import type { ClusterModel } from '../../definition/mesh-model';
import { linkedPairs, MANY_CLUSTERS } from '../../definition/topology';
import { counted } from '../../util/text';

/** The names of two clusters that read each other. */
type LinkedPair = readonly [string, string];

/** A cluster with others that it is linked with. */
type Hub = readonly [name: string, others: readonly string[]];

/** The links of more hubs are only counted. */
const MAX_HUBS = MANY_CLUSTERS;

type LinksByKey = ReadonlyMap<string, LinkedPair>;

interface LinkDifferences {
  readonly added: readonly LinkedPair[];
  readonly removed: readonly LinkedPair[];
}

/** Links that are added or removed, in one sentence each. */
export function linkChanges(comparison: Comparison): Change[] {
  const { before, after, file } = comparison;
  const { added, removed } = compareLinks(comparison);
  return [
    ...removed.length === 0 ? [] : [{
      ...linkChange('linksRemoved', removed, Impact.INTERRUPTS, before.clusters.length),
      consequence: removedLinksHint(linkedClusters(removed, before.clusters), file),
    }],
    ...added.length === 0 ? [] : [{
      ...linkChange('linksAdded', added, Impact.CHANGES, after.clusters.length),
      consequence: addedLinksHint(linkedClusters(added, after.clusters), file),
    }],
  ];
}

/** Names of the clusters that get or lose a link. */
export function clustersWithChangedLinks(comparison: Comparison): Set<string> {
  const { added, removed } = compareLinks(comparison);
  return new Set([...added, ...removed].flat());
}

function compareLinks({ before, after }: Comparison): LinkDifferences {
  const [oldLinks, newLinks] = [linksByKey(before.clusters), linksByKey(after.clusters)];
  return { added: linksOnlyIn(newLinks, oldLinks), removed: linksOnlyIn(oldLinks, newLinks) };
}

function linksByKey(clusters: readonly ClusterModel[]): LinksByKey {
  return new Map(linkedPairs(clusters).map(([{ name: a }, { name: b }]) => [[a, b].sort().join('\n'), [a, b]]));
}

function linksOnlyIn(links: LinksByKey, other: LinksByKey): LinkedPair[] {
  return [...links].filter(([key]) => !other.has(key)).map(([, link]) => link);
}

function linkedClusters(links: readonly LinkedPair[], clusters: readonly ClusterModel[]): ClusterModel[] {
  const names = new Set(links.flat());
  return clusters.filter(({ name }) => names.has(name));
}

function linkChange(
  kind: 'linksAdded' | 'linksRemoved', links: readonly LinkedPair[], impact: Impact, clusterCount: number,
): Change {
  const hubs = groupByHub(links);
  const listed = hubs.slice(0, MAX_HUBS).map(([hub, others], i) => {
    const isLinkedWithAll = others.length > 2 && others.length === clusterCount - 1 - i;
    return `${hub} ↔ ${isLinkedWithAll ? 'all others' : joinNames(others, MANY_CLUSTERS)}`;
  });
  const omitted = hubs.length > MAX_HUBS ? [`and those of ${counted(hubs.length - MAX_HUBS, 'more cluster')}`] : [];
  return {
    kind,
    impact,
    clusters: [],
    // each direction counts, as in the output of synth and verify
    sentence: `${counted(2 * links.length, 'link')} ${kind === 'linksAdded' ? 'added' : 'removed'}: {pairs}`,
    values: { pairs: [...listed, ...omitted].join('; ') },
  };
}

/** Lists the links by as few clusters as possible: always next the one with most of the remaining links. */
function groupByHub(links: readonly LinkedPair[]): Hub[] {
  const remaining = new Map<string, Set<string>>();
  const add = (one: string, other: string) => remaining.set(one, (remaining.get(one) ?? new Set()).add(other));
  links.forEach(([one, other]) => {
    add(one, other);
    add(other, one);
  });
  const hubs: Hub[] = [];
  while (remaining.size > 0) {
    const [hub, others] = [...remaining].reduce((most, one) => one[1].size > most[1].size ? one : most);
    hubs.push([hub, [...others]]);
    remaining.delete(hub);
    for (const other of others) {
      const left = remaining.get(other)!;
      left.delete(hub);
      if (left.size === 0) {
        remaining.delete(other);
      }
    }
  }
  return hubs;
}
