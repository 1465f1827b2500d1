import { type Diagnostic, diagnosticLine, errorDiagnostic, foldEqual } from './diagnostic';
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
    super(`${inOneLine(subject)} has ${lines.length === 1 ? 'a problem' : `${lines.length} problems`}:\n${lines.map(line => `  ${line}`).join('\n')}`);
    this.name = 'MeshError';
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Throws every error that was found, all at once.
 *
 * @param errors diagnostics, or messages without a place
 */
export function throwErrors(subject: string, errors: ReadonlyArray<Diagnostic | string | undefined>): void {
  const found = errors.filter(error => error !== undefined).map(error => typeof error === 'string' ? errorDiagnostic(error) : error);
  if (found.length > 0) {
    throw new MeshError(subject, found);
  }
}

/** The message of what a function throws; undefined when it returns. */
export function messageThrown(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
