import type { RuleText } from './rule';
import type { Path } from '../util/path';
import { inOneLine } from '../util/text';

/**
 * One thing that is wrong with what the user said.
 */
export interface Problem {
  /** Where it was said. */
  readonly path: Path;
  /** What it is about, where that is not what stands at the path. */
  readonly about?: Path;
  /** The value, the rule and the fix. */
  readonly message: string;
  /** The rule that is broken. */
  readonly rule: RuleText;
}

/**
 * Everything that is wrong, said at once.
 *
 * Its stack is its message alone: the mistake is in the definition, not in the lines that read it.
 */
export class MeshError extends Error {
  /** One sentence for each problem, its place first. */
  readonly problems: readonly string[];

  /**
   * @param subject what is refused, e.g. `mesh 'mesh1'`
   * @param told one sentence for each problem, its place first
   */
  constructor(subject: string, told: readonly string[]) {
    const problems = told.map(inOneLine);
    super(`${inOneLine(subject)} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map(problem => `  ${problem}`).join('\n')}`);
    this.name = 'MeshError';
    this.problems = problems;
    this.stack = `${this.name}: ${this.message}`;
  }
}

/**
 * Runs every check and throws what they found, all at once.
 */
export function refuse(subject: string, problems: ReadonlyArray<string | undefined>): void {
  const found = problems.filter(problem => problem !== undefined);
  if (found.length > 0) {
    throw new MeshError(subject, found);
  }
}

/** What a function throws, as a problem; undefined when it does not. */
export function thrown(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
