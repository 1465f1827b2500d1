import { COLOURS } from './colours';
import type { Arrow, Frame, Junction, MeshGraph } from './graph';
import type { Side } from './sides';
import { sidesOf } from './sides';
import { boxesTable, frameTitle, groupTable, plainTable, rankSeparation, signHeight, signTable, tagTable, titleTable } from './tables';

/** Points that boxes may take beside each other: where there is nothing else, in a group of networks, and in a network. */
const ROOM = { alone: 520, group: 360, network: 160 } as const;

/** The picture as Graphviz takes it: two columns of networks, and the links across networks between them. */
export function dot(graph: MeshGraph): string {
  const { meshID, frames, groups, arrows, junctions } = graph;
  const sides = sidesOf(graph);
  const isAlone = frames.length + groups.length === 1;
  const ends = new Map<string, End>([
    ...frames.flatMap(frame => frameEnds(frame, sides.get(frame.id)!)),
    ...groups.map(({ id }): [string, End] => [id, { node: id, depth: 1, side: sides.get(id)! }]),
  ]);
  const across = arrows.filter(({ isDirect }) => !isDirect);
  const meeting = junctions.filter(({ frame }) => frame === undefined);
  const text = `fontname="Arial", fontsize=12, fontcolor="${COLOURS.text}"`;
  const lines = [
    `digraph "${meshID.replace(/["\\]/g, '\\$&')}" {`,
    `  graph [rankdir=LR, outputorder=edgesfirst, nodesep=0.12, ranksep=${rankSeparation(graph)}, pad=0.1, bgcolor="${COLOURS.paper}"]`,
    `  graph [${text}, labelloc=t, labeljust=l, label=${titleTable(graph)}]`,
    `  node [shape=plain, ${text}]`,
    '  edge [dir=both, arrowsize=0.7, penwidth=1.5]',
    ...frames.flatMap(frame => frameLines(frame, graph, sides.get(frame.id)!, isAlone ? ROOM.alone : ROOM.network)),
    ...groups.map(group => `  ${group.id} [class="group", label=${groupTable(group, isAlone ? ROOM.alone : ROOM.group)}]`),
    ...across.flatMap((arrow, i) => acrossLines(arrow, `m${i + 1}`, ends)),
    ...meeting.flatMap(junction => junctionLines(junction, ends)),
    ...aside(graph, new Set([...across, ...meeting].flatMap(link => link.ends)), ends),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** What an arrow ends at: a node, or a place in it, and whether that stands where gateways do, or one rank behind them. */
interface End { readonly node: string; readonly port?: string; readonly depth: 0 | 1; readonly side: Side }

function frameEnds(frame: Frame, side: Side): Array<[string, End]> {
  const whole = nodesOf(frame)[0];
  return [
    [frame.id, { node: whole, depth: 1, side }],
    ...frame.boxes.map(({ id }): [string, End] => [id, { node: frame.isWhole ? whole : id, port: id, depth: 1, side }]),
    ...frame.gateways.map(({ id }): [string, End] => [id, { node: id, port: 'tag', depth: 0, side }]),
  ];
}

function nodesOf({ id, boxes, isWhole }: Frame): string[] {
  return isWhole ? [`${id}c`] : boxes.map(box => box.id);
}

/** So many boxes are above each other; more than these, one behind the other, where the arrows between them have room. */
const STACKED = 3;

const DIRECT = `class="direct", style=dashed, color="${COLOURS.direct}"`;
const ACROSS = `class="crossing", color="${COLOURS.crossing}"`;

/**
 * A network. Its frame has no margin, and its gateways no width for the layout, so that they lie half in and half out of the frame: what keeps the
 * boxes from it is around each of them.
 */
function frameLines(frame: Frame, { arrows, junctions }: MeshGraph, side: Side, room: number): string[] {
  const { id, boxes, gateways, isWhole } = frame;
  const nodes = nodesOf(frame);
  const own = new Set(boxes.map(box => box.id));
  const direct = arrows.filter(({ isDirect, ends: [end] }) => isDirect && own.has(end));
  const isStacked = boxes.length <= STACKED && gateways.length > 0;
  const outwards = (outer: string, inner: string, look: string) => `    ${side === 'left' ? `${outer}:e -> ${inner}:w` : `${inner}:e -> ${outer}:w`} [${look}]`;
  const same = (of: readonly string[]) => of.length > 1 ? [`    {rank=same; ${of.join('; ')}}`] : [];
  return [
    `  subgraph cluster_${id} {`,
    `    graph [class="network", style="rounded,filled", color="${COLOURS.frameLine}", fillcolor="${COLOURS.frame}", margin=0, label=${frameTitle(frame)}]`,
    ...nodes.map((node, i) => `    ${node} [class="cluster", label=${boxesTable(isWhole ? boxes : [boxes[i]], room)}]`),
    ...gateways.map(gateway => `    ${gateway.id} [class="gateway", fixedsize=true, width=0.01, height=${signHeight(gateway)}, label=${signTable(gateway)}]`),
    ...same(gateways.map(gateway => gateway.id)),
    ...gateways.map(({ id: gateway, box }) => outwards(box === undefined ? nodes[0] : `${box}:${box}`, `${gateway}:tag`, `class="own", dir=none, weight=8, ${box === undefined ? 'style=invis' : `color="${COLOURS.frameLine}"`}`)),
    ...isStacked && direct.length > 0 ? same(nodes) : [],
    // of two above each other, Graphviz puts the second first
    ...direct.map(({ ends: [a, b] }) => isStacked ? [b, a] : [a, b]).map(([a, b]) => `    ${a}:${a} -> ${b}:${b} [${DIRECT}]`),
    ...junctions.filter(junction => junction.frame === id).flatMap(junction => [
      `    ${junction.id} [class="junction", label=${tagTable(junction.label, COLOURS.direct)}]`,
      ...junction.ends.map(end => outwards(`${junction.id}:tag`, `${end}:${end}`, `${DIRECT}, dir=${side === 'left' ? 'forward' : 'back'}`)),
    ]),
    '  }',
  ];
}

/** Ranks between the columns, in which the arrows have room. */
const BETWEEN = 2;

/** An arrow between the columns; one that stays on its side, or says something, has a point in the middle. */
function acrossLines({ ends: [a, b], label }: Arrow, middle: string, ends: ReadonlyMap<string, End>): string[] {
  const [one, other] = [ends.get(a)!, ends.get(b)!];
  if (one.side !== other.side && label === undefined) {
    const [from, to] = one.side === 'left' ? [one, other] : [other, one];
    return [`  ${place(from)} -> ${place(to)} [${ACROSS}, minlen=${BETWEEN + one.depth + other.depth}]`];
  }
  const look = label === undefined ? `shape=point, width=0.03, color="${COLOURS.crossing}"` : `label=${plainTable(label)}`;
  return [`  ${middle} [class="pairs", ${look}]`, ...[one, other].map(end => towards([middle, middle], end, 1))];
}

function junctionLines({ id, label, ends: of }: Junction, ends: ReadonlyMap<string, End>): string[] {
  return [`  ${id} [class="junction", label=${tagTable(label, COLOURS.crossing)}]`, ...of.map(end => towards([`${id}:tag:w`, `${id}:tag:e`], ends.get(end)!, BETWEEN))];
}

/** Half of an arrow, with the head at its end. */
function towards([left, right]: readonly [string, string], end: End, ranks: number): string {
  const look = `${ACROSS}, minlen=${ranks + end.depth}`;
  return end.side === 'left' ? `  ${place(end)} -> ${left} [${look}, dir=back]` : `  ${right} -> ${place(end)} [${look}, dir=forward]`;
}

function place({ node, port, side }: End): string {
  return port === undefined ? node : `${node}:${port}:${side === 'left' ? 'e' : 'w'}`;
}

/** What is linked with nothing else stands in two columns too. */
function aside({ frames, groups }: MeshGraph, linked: ReadonlySet<string>, ends: ReadonlyMap<string, End>): string[] {
  const nodes = [
    ...frames.filter(({ id, gateways }) => ![id, ...gateways.map(gateway => gateway.id)].some(end => linked.has(end)))
      .map(frame => frame.gateways[0]?.id ?? nodesOf(frame)[0]),
    ...groups.filter(({ id }) => !linked.has(id)).map(({ id }) => id),
  ];
  const on = (side: Side) => nodes.filter(node => ends.get(node)?.side === side);
  return on('left').flatMap((node, i) => on('right')[i] === undefined ? [] : [`  ${node} -> ${on('right')[i]} [style=invis, minlen=${BETWEEN}]`]);
}
