import { LinkedEnds, replaceFullMeshes } from './full-mesh-junctions';
import { type Arrow, type Junction, type NetworkFrame, FULL_MESH } from './graph';
import {
  type ClusterNumbers, type GraphParts, type Network, boxId, countPairs, frameOf, gatewayLine, numberJunctions,
} from './graph-parts';
import type { ClusterModel } from '../../definition/mesh-model';
import { linkedPairs } from '../../definition/topology';

interface DrawnLinks {
  readonly arrows: readonly Arrow[];
  readonly junctions: ReadonlyArray<Omit<Junction, 'id'>>;
}

/** Builds the graph of a small mesh, in which each link is an arrow between two clusters or their gateways. */
export function clusterGraph(networks: readonly Network[], numbers: ClusterNumbers): GraphParts {
  const links = [...networks.map(network => linksWithin(network, numbers)), linksAcross(numbers)];
  return {
    frames: networks.map(network => clusterFrame(network, numbers)),
    groups: [],
    arrows: links.flatMap(({ arrows }) => arrows),
    junctions: numberJunctions(links.flatMap(({ junctions }) => junctions)),
  };
}

function clusterFrame(network: Network, numbers: ClusterNumbers): NetworkFrame {
  const withGateway = network.members.filter(({ eastWestGateway }) => eastWestGateway);
  return {
    ...frameOf(network, numbers),
    gateways: withGateway.map(cluster => ({
      id: endId(cluster, numbers),
      box: boxId(cluster, numbers),
      lines: [gatewayLine(cluster)],
    })),
    linkedWithin: isLabelledFullMesh(network) ? FULL_MESH : undefined,
    notes: [],
    isOneNode: isLabelledFullMesh(network) && withGateway.length === 0,
  };
}

/** The node at which arrows from other networks end: the gateway, or the box of a cluster without one. */
function endId(cluster: ClusterModel, numbers: ClusterNumbers): string {
  return cluster.eastWestGateway ? `g${numbers.get(cluster)}` : boxId(cluster, numbers);
}

/** Of two clusters that are linked, an arrow is clearer than a label. */
const MIN_LABELLED_CLUSTERS = 3;

/** Whether a label replaces the arrows within a network, because all its clusters are linked with each other. */
function isLabelledFullMesh({ members }: Network): boolean {
  return members.length >= MIN_LABELLED_CLUSTERS && linkedPairs(members).length === countPairs(members.length);
}

function linksWithin(network: Network, numbers: ClusterNumbers): DrawnLinks {
  if (isLabelledFullMesh(network)) {
    return { arrows: [], junctions: [] };
  }
  const ends = network.members.map(cluster => boxId(cluster, numbers));
  const pairs = linkedPairs(network.members).map(([a, b]) => [boxId(a, numbers), boxId(b, numbers)] as const);
  const { arrows, fullMeshes } = replaceFullMeshes(ends, new LinkedEnds(pairs));
  return {
    arrows: arrows.map(arrow => ({ ends: arrow, isDirect: true })),
    junctions: fullMeshes.map(mesh => ({ frame: network.id, ends: mesh, label: FULL_MESH })),
  };
}

function linksAcross(numbers: ClusterNumbers): DrawnLinks {
  const clusters = [...numbers.keys()];
  const networkOf = new Map(clusters.map(cluster => [endId(cluster, numbers), cluster.network]));
  const pairs = linkedPairs(clusters)
    .filter(([a, b]) => a.network !== b.network)
    .map(([a, b]) => [endId(a, numbers), endId(b, numbers)] as const);
  const areOnDifferentNetworks = (a: string, b: string) => networkOf.get(a) !== networkOf.get(b);
  const ends = [...networkOf.keys()];
  const { arrows, fullMeshes } = replaceFullMeshes(ends, new LinkedEnds(pairs), areOnDifferentNetworks);
  return {
    arrows: arrows.map(arrow => ({ ends: arrow, isDirect: false })),
    junctions: fullMeshes.map(mesh => ({ ends: mesh, label: FULL_MESH })),
  };
}
