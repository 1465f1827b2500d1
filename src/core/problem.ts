/** What is wrong with a value, and what to do about it. */
export interface Problem {
  /** The value and the rule it violates. */
  readonly message: string;
  /** The fix, as an instruction; absent if the message makes it obvious. */
  readonly suggestion?: string;
}

/** A problem, or the falsy result of a condition before `&&`. */
export type MaybeProblem = Problem | '' | false | undefined;

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
