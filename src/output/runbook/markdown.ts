import type { ClusterModel } from '../../definition/mesh-model';
import { MANY_CLUSTERS } from '../../definition/topology';
import { groupBy } from '../../util/map';
import { inOneLine } from '../../util/text';

/** A part of the page below a heading. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The user's text on one line, escaped so that it contains no Markdown or HTML. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>#~$&]/g, '\\$&');
}

/** Inline code, in a fence that is longer than the backticks in it. */
export function code(text: string): string {
  const shown = oneLine(text);
  const fence = '`'.repeat(longestFence(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A code block, in a fence that is longer than the backticks in it. */
export function block(language: string, lines: readonly string[]): string {
  const text = lines.join('\n');
  const fence = '`'.repeat(Math.max(longestFence(text) + 1, 3));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table without the columns that are empty in every row. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const isUsed = head.map((_, i) => rows.some(row => row[i] !== ''));
  const line = (cells: readonly string[]) => {
    const escaped = cells.filter((_, i) => isUsed[i]).map(cell => cell.replace(/\|/g, '\\|'));
    return `| ${escaped.join(' | ')} |`;
  };
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The names of clusters, or of many clusters the first and the last one. */
export function namesOf(clusters: readonly ClusterModel[]): string {
  const names = clusters.map(({ name }) => code(name));
  const range = `${names[0]} … ${names[names.length - 1]} (${names.length} clusters)`;
  return names.length <= MANY_CLUSTERS ? names.join(', ') : range;
}

/** Groups clusters by a property of each, and returns every group with that property. */
export function groupedBy<T>(
  clusters: readonly ClusterModel[], property: (cluster: ClusterModel) => T,
): Array<readonly [ClusterModel[], T]> {
  const groups = groupBy(clusters, cluster => JSON.stringify(property(cluster)));
  return [...groups.values()].map(group => [group, property(group[0])]);
}

function oneLine(text: string): string {
  return inOneLine(text.replace(/[\s\u0000-\u001f]+/g, ' ').trim());
}

/** Length of the longest run of backticks. */
function longestFence(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
