import type { MeshGraph, NetworkFrame, NetworkGroup } from './graph';

/** The half of the diagram that a network is in; its gateways are at the edge that faces the other half. */
export type Column = 'left' | 'right';

/**
 * Chooses the column of each network and each group, so that the arrows between them run through the middle.
 *
 * Networks with the most arrows come first. Each is placed opposite to most of the networks that its arrows lead to,
 * and otherwise where there is more room.
 */
export function assignColumns(graph: MeshGraph): Map<string, Column> {
  const neighbours = findNeighbours(graph);
  const inJunctions = nodesInJunctions(graph);
  const sizes = new Map([...graph.frames, ...graph.groups].map(node => [node.id, sizeOf(node)]));
  const arrowCount = (node: string) => neighbours.get(node)!.length;
  const isLinked = (node: string) => Number(inJunctions.has(node) || arrowCount(node) > 0);
  const order = [...sizes.keys()].sort((a, b) => isLinked(b) - isLinked(a) || arrowCount(b) - arrowCount(a));

  const columns = new Map<string, Column>();
  const usedRoom = { left: 0, right: 0 };
  for (const node of order) {
    const count = (column: Column) => neighbours.get(node)!.filter(other => columns.get(other) === column).length;
    const preferred = oppositeOf(count('left'), count('right'));
    const column = preferred ?? (usedRoom.left <= usedRoom.right ? 'left' : 'right');
    columns.set(node, column);
    usedRoom[column] += sizes.get(node)!;
  }
  return columns;
}

/** The column with fewer neighbours; undefined if both have as many. */
function oppositeOf(left: number, right: number): Column | undefined {
  if (left === right) {
    return undefined;
  }
  return left > right ? 'right' : 'left';
}

/** The networks and groups that arrows lead to, for each network and group. */
function findNeighbours(graph: MeshGraph): Map<string, string[]> {
  const nodeOf = nodesByEnd(graph);
  const neighbours = new Map([...nodeOf.values()].map(node => [node, [] as string[]]));
  for (const { ends: [a, b], isDirect } of graph.arrows) {
    if (!isDirect) {
      neighbours.get(nodeOf.get(a)!)!.push(nodeOf.get(b)!);
      neighbours.get(nodeOf.get(b)!)!.push(nodeOf.get(a)!);
    }
  }
  return neighbours;
}

function nodesInJunctions(graph: MeshGraph): Set<string> {
  const nodeOf = nodesByEnd(graph);
  const ends = graph.junctions.filter(({ frame }) => frame === undefined).flatMap(junction => junction.ends);
  return new Set(ends.map(end => nodeOf.get(end)!));
}

/** The network or group that contains each possible end of an arrow. */
function nodesByEnd({ frames, groups }: MeshGraph): Map<string, string> {
  return new Map([
    ...frames.flatMap(({ id, boxes, gateways }) =>
      [id, ...[...boxes, ...gateways].map(part => part.id)].map(end => [end, id] as const)),
    ...groups.map(({ id }) => [id, id] as const),
  ]);
}

function sizeOf(node: NetworkFrame | NetworkGroup): number {
  return 'frames' in node ? node.frames.reduce((sum, frame) => sum + sizeOf(frame), 0) : node.boxes.length + 1;
}
