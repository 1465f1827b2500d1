import type { ClusterModel } from './mesh-model';
import { groupBy } from '../util/map';

/** With more clusters, diagrams and tables show networks, because one line per pair would be too many to read. */
export const MANY_CLUSTERS = 12;

/** Two clusters that are linked with each other, in the order of the definition. */
export type Pair = readonly [ClusterModel, ClusterModel];

/** The clusters of each network, in the order of the definition. */
export function clustersByNetwork(clusters: readonly ClusterModel[]): Map<string, ClusterModel[]> {
  return groupBy(clusters, ({ network = '' }) => network);
}

/** Each pair of linked clusters, once. */
export function linkedPairs(clusters: readonly ClusterModel[]): Pair[] {
  const places = new Map(clusters.map((cluster, i) => [cluster.name, i]));
  return clusters.flatMap((cluster, i) =>
    cluster.peers.filter(({ name }) => places.get(name)! > i).map((peer): Pair => [cluster, peer]));
}
