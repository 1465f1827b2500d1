import { type Column, assignColumns } from './assign-columns';
import { meshGraph } from './build-graph';
import type { ClusterBox, Junction, NetworkFrame, NetworkGroup } from './graph';
import type { MeshModel } from '../../definition/mesh-model';
import { groupBy } from '../../util/map';
import { joinInLines } from '../../util/text';

/** Number of characters in a line of names. */
const LINE_LENGTH = 60;

/** Width in pixels that fits such a line; Mermaid would wrap a longer one. */
const WRAPPING_WIDTH = 600;

/** Draws a mesh as a Mermaid flowchart, which Git hosts display in Markdown. */
export function mermaid(model: MeshModel): string {
  const graph = meshGraph(model);
  const { meshID, summary, frames, groups, arrows, junctions } = graph;
  const columns = assignColumns(graph);
  const frameOfGateway = new Map(frames.flatMap(({ id, gateways }) => gateways.map(gateway => [gateway.id, id])));
  const columnOf = (end: string) => columns.get(frameOfGateway.get(end) ?? end);
  const junctionsOf = (id: string | undefined) => junctions.filter(({ frame }) => frame === id);
  const lines = [
    `%%{init: {"flowchart": {"wrappingWidth": ${WRAPPING_WIDTH}}}}%%`,
    'flowchart LR',
    `accTitle: ${meshID}`,
    `accDescr: ${summary}`,
    ...frames.flatMap(frame => frameLines(frame, junctionsOf(frame.id), columns.get(frame.id)!)),
    ...groups.map(groupLine),
    ...arrows.filter(({ isDirect }) => !isDirect).map(({ ends: [a, b], label }) => {
      const [from, to] = columnOf(a) === 'right' ? [b, a] : [a, b];
      return `${from} <==>${label ? `|${quoted(label)}|` : ''} ${to}`;
    }),
    ...arrows.filter(({ isDirect }) => isDirect).map(({ ends: [a, b] }) => `${a} <-.-> ${b}`),
    ...junctionsOf(undefined).flatMap(({ id, label, ends }) => [
      `${id}(${quoted(label)}):::junction`,
      ...ends.map(end => columnOf(end) === 'left' ? `${end} <==> ${id}` : `${id} <==> ${end}`),
    ]),
    'classDef gateway fill:#1a5fb4,stroke:#1a5fb4,color:#ffffff',
    'classDef junction fill:#5e5c64,stroke:#5e5c64,color:#ffffff',
  ];
  return `${lines.join('\n')}\n`;
}

/** A network, with a node for each cluster, or one node for all of them. */
function frameLines(frame: NetworkFrame, junctions: readonly Junction[], column: Column): string[] {
  const { id, network, boxes, gateways, isOneNode } = frame;
  const allClusters = `${id}c`;
  const lineToMiddle = (outer: string, line: string, inner: string) =>
    column === 'left' ? `  ${outer} ${line} ${inner}` : `  ${inner} ${line} ${outer}`;
  return [
    `subgraph ${id}[${quoted([network, ...notesOf(frame)].join(': '))}]`,
    '  direction LR',
    ...isOneNode
      ? [`  ${allClusters}[${quoted(...clusterLines(boxes))}]`]
      : boxes.map(box => `  ${box.id}[${quoted(box.name, ...box.lines)}]`),
    ...gateways.flatMap(({ id: gateway, box = allClusters, lines }) => [
      `  ${gateway}([${quoted('gateway', ...lines)}]):::gateway`,
      lineToMiddle(box, '---', gateway),
    ]),
    ...junctions.flatMap(junction => [
      `  ${junction.id}(${quoted(junction.label)}):::junction`,
      ...junction.ends.map(end => lineToMiddle(junction.id, '<-.->', end)),
    ]),
    'end',
  ];
}

/** A group is one node: Mermaid would draw a node for each network in one row. */
function groupLine({ id, title, frames }: NetworkGroup): string {
  const boxes = frames.flatMap(({ network, boxes: ofNetwork }) =>
    ofNetwork.map(box => box.name === network ? box : { ...box, name: `${network}: ${box.name}` }));
  const notes = new Set(frames.flatMap(notesOf));
  return `${id}[${quoted(title, ...notes, ...clusterLines(boxes))}]`;
}

function notesOf({ linkedWithin, notes }: NetworkFrame): string[] {
  return [...linkedWithin === undefined ? [] : [`${linkedWithin}, directly`], ...notes];
}

/** Lists the clusters below what is installed in them. */
function clusterLines(boxes: readonly ClusterBox[]): string[] {
  return [...groupBy(boxes, ({ lines }) => lines.join(', '))].flatMap(([installation, group]) =>
    [`${installation}:`, ...joinInLines(group.map(({ name }) => name), ', ', LINE_LENGTH)]);
}

const ENTITIES: { readonly [character: string]: string } = {
  '"': '#quot;', '#': '#35;', '<': '#lt;', '>': '#gt;', '&': '#amp;', '`': '#96;',
};

/** A label in quotes, with entities for the characters that have a meaning in Mermaid. */
function quoted(...lines: readonly string[]): string {
  return `"${lines.map(line => line.replace(/["#<>&`]/g, character => ENTITIES[character])).join('<br/>')}"`;
}
