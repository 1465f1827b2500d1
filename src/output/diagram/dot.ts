import { type Column, assignColumns } from './assign-columns';
import { COLOURS } from './colours';
import type { Arrow, GatewayLabel, Junction, MeshGraph, NetworkFrame } from './graph';
import {
  clustersTable, frameTitle, gatewayHeight, gatewayTable, groupTable, junctionTable, noteTable, rankSeparation,
  titleTable,
} from './html-labels';

/** Width of a row of boxes in points: in the only network or group, in one of several groups, and in a network. */
const ROW_WIDTH = { single: 520, group: 360, network: 160 } as const;

/** Draws a graph in Graphviz' language: two columns of networks, with the links across networks between them. */
export function dot(graph: MeshGraph): string {
  const { meshID, frames, groups, arrows, junctions } = graph;
  const columns = assignColumns(graph);
  const isSingle = frames.length + groups.length === 1;
  const frameWidth = isSingle ? ROW_WIDTH.single : ROW_WIDTH.network;
  const groupWidth = isSingle ? ROW_WIDTH.single : ROW_WIDTH.group;
  const ends = new Map<string, End>([
    ...frames.flatMap(frame => frameEnds(frame, columns.get(frame.id)!)),
    ...groups.map(({ id }): [string, End] => [id, { node: id, depth: 1, column: columns.get(id)! }]),
  ]);
  const crossingArrows = arrows.filter(({ isDirect }) => !isDirect);
  const crossingJunctions = junctions.filter(({ frame }) => frame === undefined);
  const linkedEnds = new Set([...crossingArrows, ...crossingJunctions].flatMap(link => link.ends));
  const font = `fontname="Arial", fontsize=12, fontcolor="${COLOURS.text}"`;
  const layout = `rankdir=LR, outputorder=edgesfirst, nodesep=0.12, ranksep=${rankSeparation(graph)}, pad=0.1`;
  const lines = [
    `digraph "${meshID.replace(/["\\]/g, '\\$&')}" {`,
    `  graph [${layout}, bgcolor="${COLOURS.background}"]`,
    `  graph [${font}, labelloc=t, labeljust=l, label=${titleTable(graph)}]`,
    `  node [shape=plain, ${font}]`,
    '  edge [dir=both, arrowsize=0.7, penwidth=1.5]',
    ...frames.flatMap(frame => frameLines(frame, graph, columns.get(frame.id)!, frameWidth)),
    ...groups.map(group => `  ${group.id} [class="group", label=${groupTable(group, groupWidth)}]`),
    ...crossingArrows.flatMap((arrow, i) => crossingArrowLines(arrow, `m${i + 1}`, ends)),
    ...crossingJunctions.flatMap(junction => crossingJunctionLines(junction, ends)),
    ...invisibleLines(graph, linkedEnds, ends),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** A possible end of an arrow: a node, or a port of it. */
interface End {
  readonly node: string;
  readonly port?: string;
  /** 0 if the node is in the rank of the gateways, 1 if it is in the rank behind them. */
  readonly depth: 0 | 1;
  readonly column: Column;
}

function frameEnds(frame: NetworkFrame, column: Column): Array<[string, End]> {
  const [firstNode] = clusterNodes(frame);
  const nodeOf = (box: string) => frame.isOneNode ? firstNode : box;
  return [
    [frame.id, { node: firstNode, depth: 1, column }],
    ...frame.boxes.map(({ id }): [string, End] => [id, { node: nodeOf(id), port: id, depth: 1, column }]),
    ...frame.gateways.map(({ id }): [string, End] => [id, { node: id, port: 'tag', depth: 0, column }]),
  ];
}

/** The nodes with the clusters of a network: one for all, or one for each. */
function clusterNodes({ id, boxes, isOneNode }: NetworkFrame): string[] {
  return isOneNode ? [`${id}c`] : boxes.map(box => box.id);
}

/** Up to so many boxes are stacked; more are drawn one behind the other, where arrows between them have room. */
const MAX_STACKED = 3;

const DIRECT_STYLE = `class="direct", style=dashed, color="${COLOURS.direct}"`;
const CROSSING_STYLE = `class="crossing", color="${COLOURS.crossing}"`;

/**
 * Draws a network.
 *
 * Its frame has no margin, and its gateways have no width for the layout, so that they lie half inside and half outside
 * of the frame. The distance between the frame and the boxes comes from the tables in the nodes.
 */
function frameLines(frame: NetworkFrame, graph: MeshGraph, column: Column, rowWidth: number): string[] {
  const { id, boxes, gateways, isOneNode } = frame;
  const nodes = clusterNodes(frame);
  const label = (i: number) => clustersTable(isOneNode ? boxes : [boxes[i]], rowWidth);
  const look = `style="rounded,filled", color="${COLOURS.frameLine}", fillcolor="${COLOURS.frame}"`;
  return [
    `  subgraph cluster_${id} {`,
    `    graph [class="network", ${look}, margin=0, label=${frameTitle(frame)}]`,
    ...nodes.map((node, i) => `    ${node} [class="cluster", label=${label(i)}]`),
    ...gateways.map(gatewayNode),
    ...sameRank(gateways.map(gateway => gateway.id)),
    ...gateways.map(gateway => gatewayLine(gateway, nodes[0], column)),
    ...directArrowLines(frame, graph),
    ...directJunctionLines(frame, graph, column),
    '  }',
  ];
}

function gatewayNode(gateway: GatewayLabel): string {
  const size = `fixedsize=true, width=0.01, height=${gatewayHeight(gateway)}`;
  return `    ${gateway.id} [class="gateway", ${size}, label=${gatewayTable(gateway)}]`;
}

/** A line between a gateway and its cluster; it is invisible if the gateways of all clusters are one node. */
function gatewayLine({ id, box }: GatewayLabel, clusterNode: string, column: Column): string {
  const look = box === undefined ? 'style=invis' : `color="${COLOURS.frameLine}"`;
  const cluster = box === undefined ? clusterNode : `${box}:${box}`;
  return lineToMiddle(cluster, `${id}:tag`, column, `class="own", dir=none, weight=8, ${look}`);
}

/** A line within a frame, whose second end is nearer to the middle of the diagram. */
function lineToMiddle(outer: string, inner: string, column: Column, look: string): string {
  const ends = column === 'left' ? `${outer}:e -> ${inner}:w` : `${inner}:e -> ${outer}:w`;
  return `    ${ends} [${look}]`;
}

function sameRank(nodes: readonly string[]): string[] {
  return nodes.length > 1 ? [`    {rank=same; ${nodes.join('; ')}}`] : [];
}

function directArrowLines(frame: NetworkFrame, { arrows }: MeshGraph): string[] {
  const boxes = new Set(frame.boxes.map(box => box.id));
  const pairs = arrows.filter(({ isDirect, ends: [end] }) => isDirect && boxes.has(end)).map(({ ends }) => ends);
  if (pairs.length === 0) {
    return [];
  }
  const isStacked = boxes.size <= MAX_STACKED && frame.gateways.length > 0;
  return [
    ...isStacked ? sameRank(clusterNodes(frame)) : [],
    // of two stacked nodes, Graphviz draws the head of an arrow above its tail
    ...pairs.map(([a, b]) => isStacked ? [b, a] : [a, b])
      .map(([a, b]) => `    ${a}:${a} -> ${b}:${b} [${DIRECT_STYLE}]`),
  ];
}

function directJunctionLines(frame: NetworkFrame, { junctions }: MeshGraph, column: Column): string[] {
  const direction = column === 'left' ? 'forward' : 'back';
  return junctions.filter(junction => junction.frame === frame.id).flatMap(({ id, label, ends }) => [
    `    ${id} [class="junction", label=${junctionTable(label, COLOURS.direct)}]`,
    ...ends.map(end => lineToMiddle(`${id}:tag`, `${end}:${end}`, column, `${DIRECT_STYLE}, dir=${direction}`)),
  ]);
}

/** Ranks between the columns, so that the arrows have room. */
const RANKS_BETWEEN = 2;

/** Draws an arrow across networks; one within a column, or with a label, leads through a node in the middle. */
function crossingArrowLines({ ends: [a, b], label }: Arrow, middle: string, ends: ReadonlyMap<string, End>): string[] {
  const [one, other] = [ends.get(a)!, ends.get(b)!];
  if (one.column !== other.column && label === undefined) {
    const [left, right] = one.column === 'left' ? [one, other] : [other, one];
    const length = RANKS_BETWEEN + one.depth + other.depth;
    return [`  ${portOf(left)} -> ${portOf(right)} [${CROSSING_STYLE}, minlen=${length}]`];
  }
  const look = label === undefined
    ? `shape=point, width=0.03, color="${COLOURS.crossing}"`
    : `label=${noteTable(label)}`;
  return [
    `  ${middle} [class="pairs", ${look}]`,
    ...[one, other].map(end => halfArrow({ left: middle, right: middle }, end, 1)),
  ];
}

function crossingJunctionLines(junction: Junction, ends: ReadonlyMap<string, End>): string[] {
  const { id, label } = junction;
  const sides = { left: `${id}:tag:w`, right: `${id}:tag:e` };
  return [
    `  ${id} [class="junction", label=${junctionTable(label, COLOURS.crossing)}]`,
    ...junction.ends.map(end => halfArrow(sides, ends.get(end)!, RANKS_BETWEEN)),
  ];
}

/** A line from the middle to an end, with the arrow head at the end. */
function halfArrow(middle: { readonly [side in Column]: string }, end: End, ranks: number): string {
  const look = `${CROSSING_STYLE}, minlen=${ranks + end.depth}`;
  return end.column === 'left'
    ? `  ${portOf(end)} -> ${middle.left} [${look}, dir=back]`
    : `  ${middle.right} -> ${portOf(end)} [${look}, dir=forward]`;
}

function portOf({ node, port, column }: End): string {
  return port === undefined ? node : `${node}:${port}:${column === 'left' ? 'e' : 'w'}`;
}

/** Invisible lines that keep networks without links to others in the two columns. */
function invisibleLines(
  { frames, groups }: MeshGraph, linked: ReadonlySet<string>, ends: ReadonlyMap<string, End>,
): string[] {
  const unlinkedFrames = frames.filter(({ id, gateways }) =>
    ![id, ...gateways.map(gateway => gateway.id)].some(end => linked.has(end)));
  const nodes = [
    ...unlinkedFrames.map(frame => frame.gateways[0]?.id ?? clusterNodes(frame)[0]),
    ...groups.map(({ id }) => id).filter(id => !linked.has(id)),
  ];
  const nodesIn = (column: Column) => nodes.filter(node => ends.get(node)?.column === column);
  const [left, right] = [nodesIn('left'), nodesIn('right')];
  return left.slice(0, right.length)
    .map((node, i) => `  ${node} -> ${right[i]} [style=invis, minlen=${RANKS_BETWEEN}]`);
}
