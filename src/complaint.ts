import { coded, RuleText, Severity } from './rules/rule';

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
  text: complaints => complaints.map(complaint => `${severity(complaint)}: ${complaint.place}: ${sentence(complaint)}\n`).join(''),
  json: complaints => `${JSON.stringify(complaints.map(data), undefined, 2)}\n`,
  github: complaints => complaints.map(annotation).join(''),
};

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
