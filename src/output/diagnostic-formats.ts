import type { RuleText } from '../core/rule';
import { coded, Severity } from '../core/rule';
import { inOneLine } from '../util/text';

/** One thing that `istio-mesh check` says. */
export interface Complaint {
  /** The rule; none for a file that cannot be read. */
  readonly rule?: RuleText;
  /** Where: `file`, `file:line:column`, or either with the keys behind it. */
  readonly place: string;
  readonly message: string;
}

/** How complaints are written, by the name of the format. */
export const FORMATS: { readonly [format: string]: (complaints: readonly Complaint[]) => string } = {
  text: folded,
  json: complaints => `${JSON.stringify(complaints.map(data), undefined, 2)}\n`,
  github: complaints => complaints.map(annotation).join(''),
};

/** After so many of one code the next ones tell nobody more; programs get all of them. */
const MAX_OF_A_CODE = 20;

function folded(complaints: readonly Complaint[]): string {
  const counts = new Map<RuleText | undefined, number>();
  const numbered = complaints.map(complaint => {
    const count = (counts.get(complaint.rule) ?? 0) + 1;
    counts.set(complaint.rule, count);
    return { complaint, count };
  });
  return numbered.map(({ complaint, count }) => {
    const { place, rule } = complaint;
    if (!rule || count <= MAX_OF_A_CODE) {
      return `${severity(complaint)}: ${inOneLine(`${place}: ${sentence(complaint)}`)}\n`;
    }
    const more = counts.get(rule)! - MAX_OF_A_CODE;
    return count > MAX_OF_A_CODE + 1 ? '' : `${severity(complaint)}: … and ${more.toLocaleString('en')} more of ${rule.code}; --format json tells all\n`;
  }).join('');
}

export function severity({ rule }: Complaint): Severity {
  return rule?.severity ?? Severity.ERROR;
}

function sentence({ rule, message }: Complaint): string {
  return rule ? coded(message, rule) : message;
}

/** The parts of a complaint that a program reads. */
function data(complaint: Complaint): object {
  const { rule, place, message } = complaint;
  const [, file, line, column, path] = /^(.*?)(?::(\d+):(\d+))?(?:: (.*))?$/s.exec(place)!;
  return {
    severity: severity(complaint),
    ...rule && { code: rule.code, title: rule.title },
    file,
    ...line && { line: Number(line), column: Number(column) },
    ...path && { path },
    message,
    ...rule && { see: rule.see },
  };
}

/** A line that a workflow on GitHub shows beside the line of the file. */
function annotation(complaint: Complaint): string {
  const { file, line, column, path } = data(complaint) as { file: string; line?: number; column?: number; path?: string };
  const where = Object.entries({ file, line, col: column, title: complaint.rule?.code }).filter(([, value]) => value !== undefined);
  const properties = where.map(([key, value]) => `${key}=${escaped(String(value)).replace(/:/g, '%3A').replace(/,/g, '%2C')}`).join(',');
  return `::${severity(complaint)} ${properties}::${escaped([path, sentence(complaint)].filter(Boolean).join(': '))}\n`;
}

function escaped(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
