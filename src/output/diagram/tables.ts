import { COLOURS } from './colours';
import type { Box, Frame, GatewaySign, Group, MeshGraph } from './graph';
import { LEGEND } from './graph';

/*
 * What Graphviz has of HTML: tables, which it lays out by itself.
 */

/** Points that a letter takes at most, in the size of names. */
const LETTER = 7;
const SMALL = 5 / 6;
const INCH = 72;

/** Boxes that are one node, in rows. */
export function boxesTable(boxes: readonly Box[], room: number): string {
  const height = boxHeight(boxes);
  return table(grid(boxes, columns(boxes.length, boxWidth(boxes), height, room)), 8);
}

/** What a network is called, and what is said of it. */
export function frameTitle({ network, within, remarks }: Frame): string {
  const tags = within === undefined ? '' : tag(within, COLOURS.direct);
  return table(`<TR>${cell(bold(network))}${tags}</TR>${remarks.map(remark => `<TR>${cell(small(remark, COLOURS.muted), 'COLSPAN="2"')}</TR>`).join('')}`, 4);
}

/** Networks with the same links, each in a frame of its own. */
export function groupTable({ title, frames }: Group, room: number): string {
  const boxes = frames.flatMap(frame => frame.boxes);
  const height = Math.max(...frames.map(frame => boxHeight(frame.boxes) * frame.boxes.length)) + 50;
  const perRow = Math.min(columns(frames.length, boxWidth(boxes), height, room), frames.length);
  return `<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="5" CELLPADDING="4" STYLE="ROUNDED" COLOR="${COLOURS.crossing}"><TR>${
    cell(bold(title), `COLSPAN="${perRow}"`)}</TR>${rows(frames.map(frameCell), perRow)}</TABLE>>`;
}

function frameCell({ network, within, remarks, boxes, gateways }: Frame): string {
  const lines = [
    `<TR>${cell([bold(network), ...remarks.map(remark => small(remark, COLOURS.muted))].join('<BR/>'))}</TR>`,
    ...within === undefined ? [] : [`<TR>${tag(within, COLOURS.direct)}</TR>`],
    grid(boxes, 1),
    ...gateways.map(({ lines: kinds }) => `<TR>${tag(kinds, COLOURS.crossing)}</TR>`),
  ];
  return cell(`<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="3">${lines.join('')}</TABLE>`,
    `BORDER="1" STYLE="ROUNDED" COLOR="${COLOURS.frameLine}" BGCOLOR="${COLOURS.frame}" CELLPADDING="1"`);
}

/** A gateway, which lies on the edge of its frame. */
export function signTable(gateway: GatewaySign): string {
  const words = signLines(gateway).map(one => small(` ${one} `, COLOURS.onColour)).join('<BR/>');
  return `<<TABLE PORT="tag" BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" STYLE="ROUNDED" COLOR="${COLOURS.crossing}" BGCOLOR="${COLOURS.crossing}"><TR><TD>${words}</TD></TR></TABLE>>`;
}

/** One gateway is told of in two lines, several in one for each kind. */
function signLines({ lines }: GatewaySign): readonly string[] {
  return lines.length === 1 ? /^(.*\d) (.*)$/.exec(lines[0])!.slice(1) : lines;
}

export function signHeight(gateway: GatewaySign): string {
  return (0.2 + 0.18 * signLines(gateway).length).toFixed(2);
}

/** Points that a small letter takes in the middle, and that are around words. */
const SMALL_LETTER = 5.2;
const AROUND = 14;

/** Inches between two ranks. Half of the widest sign lies in there, and behind it Graphviz wants most of that again to end an arrow at a sign. */
export function rankSeparation({ frames }: MeshGraph): string {
  const longest = Math.max(8, ...frames.flatMap(({ gateways }) => gateways.flatMap(signLines)).map(({ length }) => length));
  return ((longest * SMALL_LETTER + AROUND) / 2 * 1.8 / INCH).toFixed(2);
}

/** Some words on a colour, e.g. where links meet. */
export function tagTable(label: string, colour: string): string {
  return table(tag(label, colour), 0);
}

export function plainTable(label: string): string {
  return table(cell(small(label, COLOURS.text), `BGCOLOR="${COLOURS.paper}"`), 0);
}

/** The mesh, how much there is of it, and what the signs mean that are in the picture. */
export function titleTable({ meshID, summary, frames, groups, arrows, junctions }: MeshGraph): string {
  const all = [...frames, ...groups.flatMap(group => group.frames)];
  const hasDirect = all.some(({ within }) => within !== undefined)
    || arrows.some(({ isDirect }) => isDirect) || junctions.some(({ frame }) => frame !== undefined);
  const hasGateways = all.some(({ gateways }) => gateways.length > 0);
  const entry = (drawn: string, what: string) => `<TR>${drawn}${cell(small(what, COLOURS.text))}</TR>`;
  const entries = [
    ...hasDirect ? [entry(line(COLOURS.direct, 3), LEGEND.direct)] : [],
    ...hasGateways ? [entry(line(COLOURS.crossing, 1), LEGEND.crossing), entry(tag('15443', COLOURS.crossing), LEGEND.gateway)] : [],
  ];
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="2"><TR>${cell(`<FONT POINT-SIZE="16">${bold(meshID)}</FONT>`, 'COLSPAN="2"')}</TR><TR>${
    cell(escaped(summary), 'COLSPAN="2"')}</TR>${entries.join('')}</TABLE>>`;
}

/** A line of so many dashes. */
function line(colour: string, dashes: number): string {
  const dash = `<TD BGCOLOR="${colour}" WIDTH="${dashes > 1 ? 7 : 27}" HEIGHT="2" FIXEDSIZE="TRUE"></TD>`;
  return `<TD><TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="${dashes > 1 ? 3 : 0}"><TR>${dash.repeat(dashes)}</TR></TABLE></TD>`;
}

/** Boxes in rows. */
function grid(boxes: readonly Box[], perRow: number): string {
  return rows(boxes.map(({ id, name, lines }) => cell([bold(name), ...lines.map(one => small(one, COLOURS.muted))].join('<BR/>'),
    `PORT="${id}" BORDER="1" STYLE="ROUNDED" COLOR="${COLOURS.boxLine}" BGCOLOR="${COLOURS.box}" CELLPADDING="6"`)), perRow);
}

function boxWidth(boxes: readonly Box[]): number {
  return Math.max(...boxes.flatMap(({ name, lines }) => [name.length * LETTER, ...lines.map(one => one.length * LETTER * SMALL)])) + 20;
}

function boxHeight(boxes: readonly Box[]): number {
  return 30 + 12 * Math.max(...boxes.map(({ lines }) => lines.length));
}

/** How much higher than wide a picture may be. */
const SHAPE = 2.2;

/** As many in a row as there is room for, and more where the rows would be too many. */
function columns(count: number, width: number, height: number, room: number): number {
  return Math.max(1, Math.floor(room / width), Math.round(Math.sqrt(count * height / width / SHAPE)));
}

function rows(cells: readonly string[], perRow: number): string {
  return Array.from({ length: Math.ceil(cells.length / perRow) }, (_, i) => `<TR>${cells.slice(i * perRow, (i + 1) * perRow).join('')}</TR>`).join('');
}

function table(cells: string, spacing: number): string {
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="${spacing}" CELLPADDING="4">${cells.startsWith('<TR>') ? cells : `<TR>${cells}</TR>`}</TABLE>>`;
}

function tag(lines: string | readonly string[], colour: string): string {
  const words = [lines].flat().map(one => small(` ${one} `, COLOURS.onColour)).join('<BR/>');
  return `<TD PORT="tag" BORDER="1" STYLE="ROUNDED" COLOR="${colour}" BGCOLOR="${colour}">${words}</TD>`;
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

/** Text in HTML and in XML. */
export function escaped(value: string): string {
  return value.replace(/[&<>"]/g, character => ENTITIES[character]);
}
