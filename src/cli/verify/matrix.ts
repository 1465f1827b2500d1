import { CheckStatus } from './check-result';
import { type VerificationResult, isFailed } from './verification';
import { type Colours, uncoloured } from '../../util/host/terminal';
import { cliTable } from '../../util/libraries';
import { groupBy } from '../../util/map';
import { counted, inOneLine } from '../../util/text';

/** With more clusters than this, the table does not fit on a terminal and is left out. */
const MAX_COLUMNS = 12;

/**
 * The matrix of a verified mesh, with a row for each cluster that sends requests, and a line for each failed check.
 *
 * A cell shows `ok` or the names of the failed checks. Checks that could not be evaluated have a `?` after their name;
 * a cell with only `?` has no check that passed.
 */
export function matrix(results: readonly VerificationResult[], colours = uncoloured()): string {
  const clusters = [...new Set(results.map(({ from }) => from))];
  const cells = groupBy(results, ({ from, to }) => cellKey(from, to));
  const rowOf = (from: string) =>
    [from, ...clusters.map(to => cellText(cells.get(cellKey(from, to)) ?? [], colours))];
  return [
    ...clusters.length <= MAX_COLUMNS ? [table(['from \\ to', ...clusters], clusters.map(rowOf))] : [],
    ...results.filter(isFailed).map(failureLine),
    ...unknownLines(results),
    summary(results),
    '',
  ].join('\n');
}

function cellKey(from: string, to: string): string {
  return `${from}\n${to}`;
}

function cellText(results: readonly VerificationResult[], { red, yellow, green }: Colours): string {
  const failures = results.filter(isFailed).map(({ check }) => check);
  const unknowns = results.filter(isUnknown).map(({ check }) => `${check}?`);
  if (failures.length > 0) {
    return red(failures.join(' '));
  }
  if (unknowns.length > 0) {
    const isAnyOk = results.some(({ finding }) => finding === CheckStatus.OK);
    return yellow(isAnyOk ? `ok, ${unknowns.join(' ')}` : '?');
  }
  return results.length > 0 ? green('ok') : '';
}

function isUnknown({ finding }: VerificationResult): boolean {
  return finding === CheckStatus.UNKNOWN;
}

function failureLine({ from, to, check, detail }: VerificationResult): string {
  return inOneLine(`${from === to ? from : `${from} -> ${to}`}: ${check}: ${detail}`);
}

/** Why checks could not be evaluated, each reason once. */
function unknownLines(results: readonly VerificationResult[]): string[] {
  const reasons = groupBy(results.filter(isUnknown), ({ check, detail }) => `${check}?: ${detail}`);
  return [...reasons].map(([reason, { length }]) => inOneLine(length > 1 ? `${reason} (${length} times)` : reason));
}

function summary(results: readonly VerificationResult[]): string {
  const countOf = (some: readonly VerificationResult[]) => new Set(some.map(({ from, to }) => cellKey(from, to))).size;
  const clusters = countOf(results.filter(({ from, to }) => from === to));
  const links = countOf(results.filter(({ from, to }) => from !== to));
  const failures = results.filter(isFailed).length;
  const checks = failures === 0 ? 'no failed checks' : counted(failures, 'failed check');
  return `${counted(clusters, 'cluster')}, ${counted(links, 'link')}: ${checks}`;
}

function table(head: string[], rows: string[][]): string {
  const drawn = new (cliTable())({ head, style: { head: [], border: [] } });
  drawn.push(...rows);
  return drawn.toString();
}
