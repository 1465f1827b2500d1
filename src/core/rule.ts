import type { Path } from '../util/path';

/** What violating a rule leads to. */
export enum Severity {
  /** A component rejects or ignores the setting, now or in the cluster: nothing is written. */
  ERROR = 'error',
  /** It works, and has caused trouble for others: reported at each synth until it is acknowledged. */
  WARNING = 'warning',
}

/** What is documented about a rule, by its code. */
export interface RuleText {
  /** `IM` and three digits; stable, and never used for another rule. */
  readonly code: string;
  /** Code of the equivalent rule for a definition: acknowledging that one acknowledges this one too. */
  readonly sameAs?: string;
  readonly severity: Severity;
  /** The rule in one line. */
  readonly title: string;
  /** What happens in a mesh that violates the rule unnoticed. */
  readonly symptom: string;
  readonly fix: string;
  /** Istio's page or issue about it. */
  readonly see: string;
}

/** What is wrong with a value, and what to do about it. */
export interface Problem {
  /** The value and the rule it violates. */
  readonly message: string;
  /** The fix, as an instruction; absent if the message makes it obvious. */
  readonly suggestion?: string;
}

/** A problem, or the result of a condition before `&&` that does not hold. */
export type MaybeProblem = Problem | '' | false | undefined;

/**
 * What is wrong with a value.
 *
 * @param message the value and the rule it violates
 * @param suggestion the fix, as an instruction
 */
export function problem(message: string, suggestion?: string): Problem {
  return { message, suggestion };
}

/** The problem with text before its message, e.g. the place of the value. */
export function prefixed(prefix: string, found: MaybeProblem): Problem | undefined {
  return found ? { ...found, message: prefix + found.message } : undefined;
}

/** The problem in one sentence. */
export function problemText({ message, suggestion }: Problem): string {
  return suggestion === undefined ? message : `${message}; ${suggestion}`;
}

/** Where a subject violates a rule, and how. */
export interface Violation extends Problem {
  readonly path: Path;
  /** Names of the clusters that it concerns, where the subject is a mesh. */
  readonly clusters?: readonly string[];
}

/** One thing that must hold, and the function that finds where it does not. */
export interface Rule<Subject> extends RuleText {
  readonly check: Check<Subject>;
}

/** Finds where a subject violates a rule. */
export type Check<Subject> = (subject: Subject) => Violation[];

export type Rules<Subject> = ReadonlyArray<Rule<Subject>>;

/** The problems as violations at a path. */
export function violations(path: Path, ...problems: readonly MaybeProblem[]): Violation[] {
  return problems.flatMap(found => found ? [{ ...found, path }] : []);
}

/** An error about a value that cannot be used. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(message: string, suggestion?: string) {
    super(problemText({ message, suggestion }));
    this.problem = { message, suggestion };
  }
}

/** The problem that a function throws; undefined if it returns. */
export function problemThrown(check: () => unknown): Problem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof ProblemError ? error.problem : problem((error as Error).message);
  }
}
