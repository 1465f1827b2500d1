import type { ClusterModel } from '../../definition/mesh-model';
import { MANY_CLUSTERS } from '../../definition/topology';
import { inOneLine } from '../../util/text';

/** Text of a user's as it stands: nothing in it is Markdown, HTML or a second line. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>#~$&]/g, '\\$&');
}

/** A word of a user's or of a program's, in the fence that it needs. */
export function code(text: string): string {
  const shown = oneLine(text);
  const fence = '`'.repeat(longest(shown) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** Lines that are copied or compared, in the fence that they need. */
export function block(language: string, lines: readonly string[]): string {
  const text = lines.join('\n');
  const fence = '`'.repeat(Math.max(longest(text) + 1, 3));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table; columns in which nothing stands are left out. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const used = head.map((_, i) => rows.some(row => row[i] !== ''));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, i) => used[i]).map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Names of clusters; of many, the first and the last. */
export function namesOf(clusters: readonly ClusterModel[]): string {
  const names = clusters.map(({ name }) => code(name));
  return names.length <= MANY_CLUSTERS ? names.join(', ') : `${names[0]} … ${names[names.length - 1]} (${names.length} clusters)`;
}

/** The clusters of which the same is told, with what that is. */
export function alike<T>(clusters: readonly ClusterModel[], told: (cluster: ClusterModel) => T): Array<readonly [ClusterModel[], T]> {
  const groups = new Map<string, readonly [ClusterModel[], T]>();
  for (const cluster of clusters) {
    const one = told(cluster);
    const key = JSON.stringify(one);
    const group = groups.get(key);
    group ? group[0].push(cluster) : groups.set(key, [[cluster], one]);
  }
  return [...groups.values()];
}

function oneLine(text: string): string {
  return inOneLine(text.replace(/[\s\u0000-\u001f]+/g, ' ').trim());
}

/** Length of the longest run of backticks. */
function longest(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 0);
}
