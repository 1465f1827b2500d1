import type { Folded } from './folded';
import type { DiffReport } from './report';
import { byImpact, headline, isEmpty } from './report';
import type { Diagnostic } from '../../core/diagnostic';
import { diagnosticLine } from '../../core/diagnostic';
import { Severity } from '../../core/rule';
import type { Colours } from '../../util/host/terminal';
import { uncoloured } from '../../util/host/terminal';
import { inOneLine } from '../../util/text';

/** How a report is written, by the name of the format. */
export const DIFF_FORMATS: { readonly [format: string]: (report: DiffReport, colours?: Colours) => string } = { text, markdown, json };

const AS_IT_IS = (words: string) => inOneLine(words);

/** Without the marks of commands. */
function plain(consequence: string): string {
  return inOneLine(consequence.replace(/`/g, ''));
}

function text(report: DiffReport, { bold, red, yellow, dim }: Colours = uncoloured()): string {
  const lines = (change: Folded) => [`  ${change.sentence(AS_IT_IS, AS_IT_IS)}`, ...change.consequence ? [dim(`    ${plain(change.consequence)}`)] : []];
  return [
    bold(headline(report)),
    ...report.diagnostics.map(diagnostic => `${diagnostic.severity === Severity.ERROR ? red('error') : yellow('warning')}: ${diagnosticLine(diagnostic)}`),
    ...byImpact(report).flatMap(([heading, changes]) => ['', bold(heading), ...changes.flatMap(lines)]),
    '',
  ].join('\n');
}

/** After so many the rest of a list is folded. */
const UNFOLDED = 10;

/** For a comment at a pull request; whatever the definition says is code, so that it is neither markup nor a mention. */
function markdown(report: DiffReport): string {
  const item = (change: Folded) => `- ${change.sentence(code, code)}${change.consequence ? `  \n  ${inOneLine(change.consequence)}` : ''}`;
  const problem = (diagnostic: Diagnostic) => `- **${diagnostic.severity}** ${code(diagnosticLine(diagnostic))}`;
  return [
    `### ${upperFirst(headline(report, code))}`,
    ...report.diagnostics.length > 0 ? ['', ...long('problems', report.diagnostics.map(problem))] : [],
    ...byImpact(report).flatMap(([heading, changes]) => ['', `**${heading}**`, '', ...long(heading.toLowerCase(), changes.map(item))]),
    ...isEmpty(report) || report.changes.length === 0 ? [] : [''],
    '',
  ].join('\n').replace(/\n+$/, '\n');
}

/** A list, folded from where nobody reads on. */
function long(what: string, items: readonly string[]): string[] {
  return items.length <= UNFOLDED ? [...items] : [
    ...items.slice(0, UNFOLDED), '', `<details><summary>${items.length - UNFOLDED} more: ${what}</summary>`, '', ...items.slice(UNFOLDED), '', '</details>',
  ];
}

/** Text as code, whatever it holds. */
function code(words: string): string {
  const line = inOneLine(words);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 || line === '' ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

function upperFirst(words: string): string {
  return words[0].toUpperCase() + words.slice(1);
}

function json(report: DiffReport): string {
  const { meshID, from, to, changes, diagnostics } = report;
  const problems = diagnostics.map(diagnostic =>
    ({ severity: diagnostic.severity, code: diagnostic.rule?.code, message: diagnosticLine(diagnostic) }));
  const told = changes.map(change => ({
    impact: change.impact,
    kind: change.kind,
    clusters: change.clusters,
    text: change.sentence(AS_IT_IS, AS_IT_IS),
    ...change.consequence && { consequence: plain(change.consequence) },
  }));
  return `${JSON.stringify({ meshID, from, to, isChanged: !isEmpty(report), changes: told, problems }, undefined, 2)}\n`;
}
