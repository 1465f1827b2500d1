import { COLOURS } from './colours';
import {
  type ClusterBox, type GatewayLabel, type MeshGraph, type NetworkFrame, type NetworkGroup, LEGEND,
} from './graph';

/*
 * HTML-like labels of Graphviz: tables, whose layout Graphviz computes.
 */

/** Largest width of a letter in the font size of names, in points. */
const LETTER_WIDTH = 7;

/** Size of small letters relative to those of names. */
const SMALL = 5 / 6;

const POINTS_PER_INCH = 72;

/** The boxes of clusters in rows, as the label of one node. */
export function clustersTable(boxes: readonly ClusterBox[], rowWidth: number): string {
  const perRow = boxesPerRow(boxes.length, boxWidth(boxes), boxHeight(boxes), rowWidth);
  return table(grid(boxes, perRow), 8);
}

/** The title of a network's frame, with texts about its links. */
export function frameTitle({ network, linkedWithin, notes }: NetworkFrame): string {
  const links = linkedWithin === undefined ? '' : tag([linkedWithin], COLOURS.direct);
  const noteRows = notes.map(note => row(cell(small(note, COLOURS.muted), 'COLSPAN="2"')));
  return table(`${row(`${cell(bold(network))}${links}`)}${noteRows.join('')}`, 4);
}

/** Networks with the same links, each in its own frame. */
export function groupTable({ title, frames }: NetworkGroup, rowWidth: number): string {
  const boxes = frames.flatMap(frame => frame.boxes);
  const height = Math.max(...frames.map(frame => boxHeight(frame.boxes) * frame.boxes.length)) + 50;
  const perRow = Math.min(boxesPerRow(frames.length, boxWidth(boxes), height, rowWidth), frames.length);
  const look = `BORDER="1" CELLBORDER="0" CELLSPACING="5" CELLPADDING="4" STYLE="ROUNDED" COLOR="${COLOURS.crossing}"`;
  const titleRow = row(cell(bold(title), `COLSPAN="${perRow}"`));
  return `<<TABLE ${look}>${titleRow}${rows(frames.map(frameCell), perRow)}</TABLE>>`;
}

function frameCell({ network, linkedWithin, notes, boxes, gateways }: NetworkFrame): string {
  const title = [bold(network), ...notes.map(note => small(note, COLOURS.muted))].join('<BR/>');
  const content = [
    row(cell(title)),
    ...linkedWithin === undefined ? [] : [row(tag([linkedWithin], COLOURS.direct))],
    grid(boxes, 1),
    ...gateways.map(({ lines }) => row(tag(lines, COLOURS.crossing))),
  ].join('');
  const look = `BORDER="1" STYLE="ROUNDED" COLOR="${COLOURS.frameLine}" BGCOLOR="${COLOURS.frame}" CELLPADDING="1"`;
  return cell(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="3">${content}</TABLE>`, look);
}

/** The label of a gateway, which lies on the edge of its frame. */
export function gatewayTable(gateway: GatewayLabel): string {
  const look = 'PORT="tag" BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" STYLE="ROUNDED"';
  const colour = `COLOR="${COLOURS.crossing}" BGCOLOR="${COLOURS.crossing}"`;
  return `<<TABLE ${look} ${colour}>${row(`<TD>${tagText(gatewayLines(gateway))}</TD>`)}</TABLE>>`;
}

/** A single kind of gateway gets two lines, for port and address; several get one line each. */
function gatewayLines({ lines }: GatewayLabel): readonly string[] {
  return lines.length === 1 ? /^(.*\d) (.*)$/.exec(lines[0])!.slice(1) : lines;
}

/** Height of a gateway's label in inches. */
export function gatewayHeight(gateway: GatewayLabel): string {
  return (0.2 + 0.18 * gatewayLines(gateway).length).toFixed(2);
}

/** Average width of a small letter, and the padding around a label, in points. */
const SMALL_LETTER_WIDTH = 5.2;
const LABEL_PADDING = 14;

/**
 * Distance between two ranks in inches.
 *
 * Half of the widest gateway label lies in it. Graphviz needs most of that width again to end an arrow at the label.
 */
export function rankSeparation({ frames }: MeshGraph): string {
  const lines = frames.flatMap(({ gateways }) => gateways.flatMap(gatewayLines));
  const longest = Math.max(8, ...lines.map(({ length }) => length));
  return ((longest * SMALL_LETTER_WIDTH + LABEL_PADDING) / 2 * 1.8 / POINTS_PER_INCH).toFixed(2);
}

/** The symbol of a full mesh. */
export function junctionTable(label: string, colour: string): string {
  return table(tag([label], colour), 0);
}

/** A text in the middle of an arrow. */
export function noteTable(label: string): string {
  return table(cell(small(label, COLOURS.text), `BGCOLOR="${COLOURS.background}"`), 0);
}

/** The title of the diagram, with a summary and a legend of the symbols that it contains. */
export function titleTable(graph: MeshGraph): string {
  const title = cell(`<FONT POINT-SIZE="16">${bold(graph.meshID)}</FONT>`, 'COLSPAN="2"');
  const summary = cell(escaped(graph.summary), 'COLSPAN="2"');
  const content = [row(title), row(summary), ...legendRows(graph)].join('');
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="2">${content}</TABLE>>`;
}

function legendRows({ frames, groups, arrows, junctions }: MeshGraph): string[] {
  const allFrames = [...frames, ...groups.flatMap(group => group.frames)];
  const hasDirectLinks = allFrames.some(({ linkedWithin }) => linkedWithin !== undefined)
    || arrows.some(({ isDirect }) => isDirect) || junctions.some(({ frame }) => frame !== undefined);
  const hasGateways = allFrames.some(({ gateways }) => gateways.length > 0);
  const entry = (symbol: string, meaning: string) => row(`${symbol}${cell(small(meaning, COLOURS.text))}`);
  return [
    ...hasDirectLinks ? [entry(dashedLine(COLOURS.direct), LEGEND.direct)] : [],
    ...hasGateways ? [
      entry(solidLine(COLOURS.crossing), LEGEND.crossing),
      entry(tag(['15443'], COLOURS.crossing), LEGEND.gateway),
    ] : [],
  ];
}

function dashedLine(colour: string): string {
  return lineCell(dash(colour, 7).repeat(3), 3);
}

function solidLine(colour: string): string {
  return lineCell(dash(colour, 27), 0);
}

function dash(colour: string, width: number): string {
  return `<TD BGCOLOR="${colour}" WIDTH="${width}" HEIGHT="2" FIXEDSIZE="TRUE"></TD>`;
}

function lineCell(dashes: string, spacing: number): string {
  return `<TD><TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="${spacing}">${row(dashes)}</TABLE></TD>`;
}

function grid(boxes: readonly ClusterBox[], perRow: number): string {
  return rows(boxes.map(boxCell), perRow);
}

function boxCell({ id, name, lines }: ClusterBox): string {
  const text = [bold(name), ...lines.map(line => small(line, COLOURS.muted))].join('<BR/>');
  const colours = `COLOR="${COLOURS.boxLine}" BGCOLOR="${COLOURS.box}"`;
  return cell(text, `PORT="${id}" BORDER="1" STYLE="ROUNDED" ${colours} CELLPADDING="6"`);
}

/** Width of the widest box in points. */
function boxWidth(boxes: readonly ClusterBox[]): number {
  const widths = boxes.flatMap(({ name, lines }) =>
    [name.length * LETTER_WIDTH, ...lines.map(({ length }) => length * LETTER_WIDTH * SMALL)]);
  return Math.max(...widths) + 20;
}

/** Height of the highest box in points. */
function boxHeight(boxes: readonly ClusterBox[]): number {
  return 30 + 12 * Math.max(...boxes.map(({ lines }) => lines.length));
}

/** Largest height of a table relative to its width. */
const MAX_ASPECT_RATIO = 2.2;

/** As many boxes as fit in the width, or more if the table would be too high. */
function boxesPerRow(count: number, width: number, height: number, rowWidth: number): number {
  return Math.max(1, Math.floor(rowWidth / width), Math.round(Math.sqrt(count * height / width / MAX_ASPECT_RATIO)));
}

function rows(cells: readonly string[], perRow: number): string {
  const count = Math.ceil(cells.length / perRow);
  return Array.from({ length: count }, (_, i) => row(cells.slice(i * perRow, (i + 1) * perRow).join(''))).join('');
}

function row(cells: string): string {
  return `<TR>${cells}</TR>`;
}

/** A table of rows, or of one row if cells are given. */
function table(content: string, spacing: number): string {
  const tableRows = content.startsWith('<TR>') ? content : row(content);
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="${spacing}" CELLPADDING="4">${tableRows}</TABLE>>`;
}

/** A cell with text on a coloured background. */
function tag(lines: readonly string[], colour: string): string {
  return `<TD PORT="tag" BORDER="1" STYLE="ROUNDED" COLOR="${colour}" BGCOLOR="${colour}">${tagText(lines)}</TD>`;
}

function tagText(lines: readonly string[]): string {
  return lines.map(line => small(` ${line} `, COLOURS.onColour)).join('<BR/>');
}

function cell(content: string, attributes = ''): string {
  return `<TD ALIGN="LEFT" BALIGN="LEFT"${attributes && ` ${attributes}`}>${content}</TD>`;
}

function small(value: string, colour: string): string {
  return `<FONT POINT-SIZE="10" COLOR="${colour}">${escaped(value)}</FONT>`;
}

function bold(value: string): string {
  return `<B>${escaped(value)}</B>`;
}

const ENTITIES: { readonly [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for HTML and XML. */
export function escaped(value: string): string {
  return value.replace(/[&<>"]/g, character => ENTITIES[character]);
}
