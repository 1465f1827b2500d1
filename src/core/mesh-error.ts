import { type Diagnostic, diagnosticLine, errorDiagnostic, foldEqual } from './diagnostic';
import type { MaybeProblem } from './rule';
import { inOneLine } from '../util/text';

/**
 * Every error at once.
 *
 * Its stack is only its message: the mistake is in the definition, not in the code that reads it.
 */
export class MeshError extends Error {
  /**
   * @param subject what is invalid, e.g. `mesh 'mesh1'`
   */
  constructor(subject: string, readonly diagnostics: readonly Diagnostic[]) {
    const lines = foldEqual(diagnostics).map(diagnosticLine);
    const count = lines.length === 1 ? 'a problem' : `${lines.length} problems`;
    super(`${inOneLine(subject)} has ${count}:${lines.map(line => `\n  ${line}`).join('')}`);
    this.name = 'MeshError';
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Throws every error that was found, all at once.
 *
 * @param errors diagnostics, or problems without a place
 */
export function throwErrors(subject: string, errors: ReadonlyArray<Diagnostic | MaybeProblem>): void {
  const found = errors.filter(error => typeof error === 'object')
    .map(error => 'severity' in error ? error : errorDiagnostic(error));
  if (found.length > 0) {
    throw new MeshError(subject, found);
  }
}
