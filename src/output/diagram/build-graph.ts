import { clusterGraph } from './cluster-graph';
import type { MeshGraph } from './graph';
import type { Network } from './graph-parts';
import { networkGraph } from './network-graph';
import type { MeshModel } from '../../definition/mesh-model';
import { clustersByNetwork, linkedPairs, MANY_CLUSTERS } from '../../definition/topology';
import { counted } from '../../util/text';

/** Builds the graph of a mesh, which is the same for all formats. */
export function meshGraph({ meshID, clusters }: MeshModel): MeshGraph {
  const networks = [...clustersByNetwork(clusters)]
    .map(([name, members], i): Network => ({ id: `n${i + 1}`, name, members }));
  const numbers = new Map(clusters.map((cluster, i) => [cluster, i + 1]));
  const summary = `${counted(clusters.length, 'cluster')} on ${counted(networks.length, 'network')}, `
    + counted(linkedPairs(clusters).length, 'linked pair');
  const parts = clusters.length <= MANY_CLUSTERS ? clusterGraph(networks, numbers) : networkGraph(networks, numbers);
  return { meshID, summary, ...parts };
}
