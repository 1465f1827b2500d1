import {
  type Diagnostic, type RuleReference, diagnosticLine, diagnosticSentence, foldEqual, placeInFile,
} from '../core/diagnostic';
import { present } from '../util/map';

/** How diagnostics are printed, by the name of the format. */
export const FORMATS: { readonly [format: string]: (diagnostics: readonly Diagnostic[]) => string } = {
  text: diagnosticText,
  json: diagnostics => `${JSON.stringify(diagnostics.map(jsonOf), undefined, 2)}\n`,
  github: diagnostics => diagnostics.map(annotation).join(''),
};

/** More lines of one rule do not help a reader; programs get all of them. */
const MAX_LINES_OF_A_RULE = 20;

/** A line for each diagnostic; those that are equal in several clusters share one. */
export function diagnosticText(diagnostics: readonly Diagnostic[]): string {
  const folded = foldEqual(diagnostics);
  const counts = new Map<string | undefined, number>();
  const lines = folded.map(diagnostic => {
    const { severity, rule } = diagnostic;
    const count = (counts.get(rule?.code) ?? 0) + 1;
    counts.set(rule?.code, count);
    if (!rule || count <= MAX_LINES_OF_A_RULE) {
      return `${severity}: ${diagnosticLine(diagnostic)}\n`;
    }
    return count === MAX_LINES_OF_A_RULE + 1 ? rule : '';
  });
  return lines.map(line => typeof line === 'string' ? line : overflow(line, counts.get(line.code)!)).join('');
}

function overflow({ severity, code }: RuleReference, count: number): string {
  const rest = (count - MAX_LINES_OF_A_RULE).toLocaleString('en');
  return `${severity}: … and ${rest} more of ${code}; istio-mesh check --format json lists all\n`;
}

function jsonOf({ severity, rule, place, message, suggestion, clusters }: Diagnostic): object {
  const { file, line, column } = place;
  const path = placeInFile(place);
  return {
    severity,
    ...rule && { code: rule.code, title: rule.title },
    file,
    ...line && { line, column },
    ...path && { path },
    ...clusters.length > 0 && { clusters },
    message,
    suggestion,
    ...rule && { see: rule.see },
  };
}

/** A workflow command, which GitHub shows next to the line of the file. */
function annotation(diagnostic: Diagnostic): string {
  const { severity, rule, place } = diagnostic;
  const { file, line, column: col } = place;
  const properties = Object.entries(present({ file, line, col, title: rule?.code }))
    .map(([key, value]) => `${key}=${escaped(String(value)).replace(/:/g, '%3A').replace(/,/g, '%2C')}`);
  const text = [placeInFile(place), diagnosticSentence(diagnostic)].filter(Boolean).join(': ');
  return `::${severity} ${properties.join(',')}::${escaped(text)}\n`;
}

function escaped(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
