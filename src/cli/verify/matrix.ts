import { Finding } from './verdict';
import type { Result } from './verification';
import { isRed } from './verification';
import type { Colours } from '../../util/host/terminal';
import { uncoloured } from '../../util/host/terminal';
import { cliTable } from '../../util/libraries';
import { inOneLine } from '../../util/text';

/** More clusters than this fill no terminal: then what is red is told, and the rest is counted. */
const MAX_COLUMNS = 12;

/**
 * The matrix of directed pairs, a row for each cluster that sends, and below it a sentence for each red cell.
 *
 * A cell is `ok`, or the names of the checks that are red there, or with `?` of those that cannot be told; `?` alone where none can.
 */
export function matrix(results: readonly Result[], colours = uncoloured()): string {
  const clusters = [...new Set(results.map(({ from }) => from))];
  const cells = new Map<string, Result[]>();
  for (const result of results) {
    const key = `${result.from}\n${result.to}`;
    cells.set(key, [...cells.get(key) ?? [], result]);
  }
  const rows = clusters.map(from => [from, ...clusters.map(to => cell(cells.get(`${from}\n${to}`) ?? [], colours))]);
  return [
    ...clusters.length <= MAX_COLUMNS ? [table(['from \\ to', ...clusters], rows)] : [],
    ...results.filter(isRed).map(({ from, to, check, detail }) => inOneLine(`${from === to ? from : `${from} -> ${to}`}: ${check}: ${detail}`)),
    ...uncertain(results).map(inOneLine),
    counts(results, cells),
    '',
  ].join('\n');
}

function cell(results: readonly Result[], { red, yellow, green }: Colours): string {
  const told = results.filter(({ finding }) => finding === Finding.RED).map(({ check }) => check);
  const unknown = results.filter(({ finding }) => finding === Finding.UNKNOWN).map(({ check }) => `${check}?`);
  if (told.length > 0) {
    return red(told.join(' '));
  }
  const isAnyOk = results.some(({ finding }) => finding === Finding.OK);
  return unknown.length > 0 ? yellow(isAnyOk ? `ok, ${unknown.join(' ')}` : '?') : results.length > 0 ? green('ok') : '';
}

/** Why something cannot be told, each reason once. */
function uncertain(results: readonly Result[]): string[] {
  const reasons = new Map<string, Result[]>();
  for (const result of results.filter(({ finding }) => finding === Finding.UNKNOWN)) {
    const reason = `${result.check}?: ${result.detail}`;
    reasons.set(reason, [...reasons.get(reason) ?? [], result]);
  }
  return [...reasons].map(([reason, { length }]) => `${reason}${length > 1 ? ` (${length} times)` : ''}`);
}

function counts(results: readonly Result[], cells: ReadonlyMap<string, readonly Result[]>): string {
  const all = [...cells.values()];
  const reds = all.filter(some => some.some(isRed)).length;
  const pairs = new Set(results.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from}\n${to}`)).size;
  return `${all.length - pairs} clusters, ${pairs} links: ${reds === 0 ? 'nothing is red' : `${reds} ${reds === 1 ? 'cell is' : 'cells are'} red`}`;
}

function table(head: string[], rows: string[][]): string {
  const drawn = new (cliTable())({ head, style: { head: [], border: [] } });
  drawn.push(...rows);
  return drawn.toString();
}
