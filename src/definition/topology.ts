import type { ClusterModel } from './mesh-model';
import { groupBy } from '../util/map';

/** More of them than this are told of by network, in pictures and in tables: nobody reads a line for each pair. */
export const MANY_CLUSTERS = 12;

/** Two clusters that are linked, each with the other, in the order of the definition. */
export type Pair = readonly [ClusterModel, ClusterModel];

/** The clusters of each network, in the order of the definition. */
export function clustersByNetwork(clusters: readonly ClusterModel[]): Map<string, ClusterModel[]> {
  return groupBy(clusters, ({ network = '' }) => network);
}

/** Every two clusters that are linked, once. */
export function linkedPairs(clusters: readonly ClusterModel[]): Pair[] {
  const places = new Map(clusters.map((cluster, i) => [cluster.name, i]));
  return clusters.flatMap((cluster, i) => cluster.peers.filter(({ name }) => places.get(name)! > i).map((peer): Pair => [cluster, peer]));
}
