import type { Network } from './graph-parts';
import { groupBy } from '../../util/map';

/** A network with its links to other networks. */
export interface NetworkLinks {
  readonly network: Network;
  /** Number of linked pairs of clusters, by the id of the other network; networks without one are left out. */
  readonly links: ReadonlyMap<string, number>;
  /** Whether each other network is linked either with all pairs of clusters or with none. */
  readonly isAllOrNothing: boolean;
}

/** Groups the networks that have the same links; a network without an equal one is a group of its own. */
export function groupNetworks(networks: readonly NetworkLinks[]): NetworkLinks[][] {
  const key = ({ network, isAllOrNothing }: NetworkLinks, neighbours: readonly string[]) =>
    isAllOrNothing ? [...neighbours].sort().join() : `single ${network.id}`;
  const unlinked = classify(networks, one => key(one, [...one.links.keys()]));
  const linked = classify(networks, one => key(one, [...one.links.keys(), one.network.id]));
  // Networks of one class are not linked with each other in the first case, and are in the second: none is in both.
  const groups = networks.map(one =>
    [unlinked, linked].map(classes => classes.get(one)!).find(({ length }) => length > 1) ?? [one]);
  return groups.filter(([first], i) => first === networks[i]);
}

/** The class of each value: all values with the same key. */
function classify<Value>(values: readonly Value[], key: (value: Value) => string): Map<Value, Value[]> {
  const classes = [...groupBy(values, key).values()];
  return new Map(classes.flatMap(members => members.map(value => [value, members])));
}
