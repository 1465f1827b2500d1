import type { MergedChange } from './merge-changes';
import { type DiffReport, groupByImpact, headline, isEmpty } from './report';
import { type Diagnostic, diagnosticLine } from '../../core/diagnostic';
import { Severity } from '../../core/rule';
import { type Colours, uncoloured } from '../../util/host/terminal';
import { inOneLine } from '../../util/text';
import { code } from '../runbook/markdown';

type DiffFormat = (report: DiffReport, colours?: Colours) => string;

/** Functions that write a report, by the name of the format. */
export const DIFF_FORMATS: { readonly [name: string]: DiffFormat } = { text, markdown, json };

function plainSentence(change: MergedChange): string {
  return change.describe(inOneLine);
}

function plainConsequence(consequence: string): string {
  return inOneLine(consequence.replace(/`/g, ''));
}

function text(report: DiffReport, { bold, red, yellow, dim }: Colours = uncoloured()): string {
  const severityWord = (severity: Severity) => severity === Severity.ERROR ? red('error') : yellow('warning');
  const changeLines = (change: MergedChange) => [
    `  ${plainSentence(change)}`,
    ...change.consequence ? [dim(`    ${plainConsequence(change.consequence)}`)] : [],
  ];
  return [
    bold(headline(report)),
    ...report.diagnostics.map(diagnostic => `${severityWord(diagnostic.severity)}: ${diagnosticLine(diagnostic)}`),
    ...groupByImpact(report).flatMap(([heading, changes]) => ['', bold(heading), ...changes.flatMap(changeLines)]),
    '',
  ].join('\n');
}

/** The other items of a longer list are collapsed. */
const MAX_VISIBLE_ITEMS = 10;

/**
 * For a comment on a pull request.
 *
 * Texts from the definition are code, so that they are neither markup nor mention anyone.
 */
function markdown(report: DiffReport): string {
  const diagnostics = report.diagnostics.map(markdownDiagnostic);
  return [
    `### ${upperFirst(headline(report, code))}`,
    ...diagnostics.length > 0 ? ['', ...collapsibleList('errors and warnings', diagnostics)] : [],
    ...groupByImpact(report).flatMap(([heading, changes]) =>
      ['', `**${heading}**`, '', ...collapsibleList(heading.toLowerCase(), changes.map(markdownChange))]),
    '',
  ].join('\n');
}

function markdownChange(change: MergedChange): string {
  const consequence = change.consequence ? `  \n  ${inOneLine(change.consequence)}` : '';
  return `- ${change.describe(code)}${consequence}`;
}

function markdownDiagnostic(diagnostic: Diagnostic): string {
  return `- **${diagnostic.severity}** ${code(diagnosticLine(diagnostic))}`;
}

function collapsibleList(title: string, items: readonly string[]): string[] {
  if (items.length <= MAX_VISIBLE_ITEMS) {
    return [...items];
  }
  const rest = items.slice(MAX_VISIBLE_ITEMS);
  return [
    ...items.slice(0, MAX_VISIBLE_ITEMS),
    '', `<details><summary>${rest.length} more: ${title}</summary>`, '',
    ...rest,
    '', '</details>',
  ];
}

function upperFirst(words: string): string {
  return words[0].toUpperCase() + words.slice(1);
}

function json(report: DiffReport): string {
  const { meshID, from, to } = report;
  const changes = report.changes.map(change => ({
    impact: change.impact,
    kind: change.kind,
    clusters: change.clusters,
    text: plainSentence(change),
    ...change.consequence && { consequence: plainConsequence(change.consequence) },
  }));
  const problems = report.diagnostics.map(diagnostic => ({
    severity: diagnostic.severity,
    code: diagnostic.rule?.code,
    message: diagnosticLine(diagnostic),
  }));
  return `${JSON.stringify({ meshID, from, to, isChanged: !isEmpty(report), changes, problems }, undefined, 2)}\n`;
}
