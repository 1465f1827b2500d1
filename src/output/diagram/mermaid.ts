import type { Box, Frame, Group, Junction } from './graph';
import { meshGraph } from './graph';
import type { Side } from './sides';
import { sidesOf } from './sides';
import type { MeshModel } from '../../definition/mesh-model';

/** Characters of a line of names. */
const LINE = 60;

/** Pixels that such a line has room in; Mermaid breaks longer ones. */
const WIDTH = 600;

/** The picture of a mesh as the text of a Mermaid flowchart, which Git hosts draw. */
export function mermaid(model: MeshModel): string {
  const graph = meshGraph(model);
  const { meshID, summary, frames, groups, arrows, junctions } = graph;
  const sides = sidesOf(graph);
  const sideOf = (end: string) => sides.get(frames.find(frame => frame.gateways.some(({ id }) => id === end))?.id ?? end);
  const lines = [
    `%%{init: {"flowchart": {"wrappingWidth": ${WIDTH}}}}%%`,
    'flowchart LR',
    `accTitle: ${meshID}`,
    `accDescr: ${summary}`,
    ...frames.flatMap(frame => frameLines(frame, junctions.filter(junction => junction.frame === frame.id), sides.get(frame.id)!)),
    ...groups.map(groupLine),
    ...arrows.filter(({ isDirect }) => !isDirect).map(({ ends: [a, b], label }) => {
      const [from, to] = sideOf(a) === 'right' ? [b, a] : [a, b];
      return `${from} <==>${label ? `|${quoted(label)}|` : ''} ${to}`;
    }),
    ...arrows.filter(({ isDirect }) => isDirect).map(({ ends: [a, b] }) => `${a} <-.-> ${b}`),
    ...junctions.filter(({ frame }) => !frame).flatMap(({ id, label, ends }) => [
      `${id}(${quoted(label)}):::junction`,
      ...ends.map(end => sideOf(end) === 'left' ? `${end} <==> ${id}` : `${id} <==> ${end}`),
    ]),
    'classDef gateway fill:#1a5fb4,stroke:#1a5fb4,color:#ffffff',
    'classDef junction fill:#5e5c64,stroke:#5e5c64,color:#ffffff',
  ];
  return `${lines.join('\n')}\n`;
}

/** A network, with a node for each cluster, or with one for all of them. */
function frameLines(frame: Frame, junctions: readonly Junction[], side: Side): string[] {
  const { id, network, boxes, gateways, isWhole } = frame;
  const whole = `${id}c`;
  const towards = (outer: string, line: string, inner: string) => `  ${side === 'left' ? `${outer} ${line} ${inner}` : `${inner} ${line} ${outer}`}`;
  return [
    `subgraph ${id}[${quoted([network, ...notesOf(frame)].join(': '))}]`,
    '  direction LR',
    ...isWhole ? [`  ${whole}[${quoted(...clusterLines(boxes))}]`] : boxes.map(box => `  ${box.id}[${quoted(box.name, ...box.lines)}]`),
    ...gateways.flatMap(({ id: gateway, box = whole, lines }) => [`  ${gateway}([${quoted('gateway', ...lines)}]):::gateway`, towards(box, '---', gateway)]),
    ...junctions.flatMap(junction => [`  ${junction.id}(${quoted(junction.label)}):::junction`, ...junction.ends.map(end => towards(junction.id, '<-.->', end))]),
    'end',
  ];
}

/** Networks in one node, since as many nodes would stand in a row. */
function groupLine({ id, title, frames }: Group): string {
  const boxes = frames.flatMap(({ network, boxes: own }) => own.map(box => box.name === network ? box : { ...box, name: `${network}: ${box.name}` }));
  const notes = new Set(frames.flatMap(notesOf));
  return `${id}[${quoted(title, ...notes, ...clusterLines(boxes))}]`;
}

function notesOf({ within, remarks }: Frame): string[] {
  return [...within === undefined ? [] : [`${within}, directly`], ...remarks];
}

/** What is installed, and below it the clusters that have that, so many in a line. */
function clusterLines(boxes: readonly Box[]): string[] {
  const names = new Map<string, string[]>();
  for (const { name, lines } of boxes) {
    const installed = lines.join(', ');
    const all = names.get(installed);
    all ? all.push(name) : names.set(installed, [name]);
  }
  return [...names].flatMap(([installed, all]) => [`${installed}:`, ...wrapped(all)]);
}

function wrapped(words: readonly string[]): string[] {
  return words.reduce<string[]>((lines, word) => {
    const last = lines[lines.length - 1];
    return last !== undefined && last.length + word.length + 2 <= LINE ? [...lines.slice(0, -1), `${last}, ${word}`] : [...lines, word];
  }, []);
}

const ENTITIES: { readonly [character: string]: string } = { '"': '#quot;', '#': '#35;', '<': '#lt;', '>': '#gt;', '&': '#amp;', '`': '#96;' };

/** A label in quotes, line by line; what Mermaid would take for its own is written as an entity. */
function quoted(...lines: readonly string[]): string {
  return `"${lines.map(line => line.replace(/["#<>&`]/g, character => ENTITIES[character])).join('<br/>')}"`;
}
