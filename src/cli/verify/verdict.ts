/** What a check found. */
export enum Finding {
  OK = 'ok',
  /** Something that keeps traffic from the peer, and what to do about it. */
  RED = 'red',
  /** It cannot be told from here. */
  UNKNOWN = 'unknown',
  /** Another check tells why this one makes no sense. */
  SKIPPED = 'skipped',
}

export interface Verdict {
  readonly finding: Finding;
  /** What was seen; of what is red also the rule and the fix. */
  readonly detail?: string;
}

export const ok = (detail?: string): Verdict => ({ finding: Finding.OK, detail });
export const red = (detail: string): Verdict => ({ finding: Finding.RED, detail });
export const unknown = (detail: string): Verdict => ({ finding: Finding.UNKNOWN, detail });
export const SKIPPED: Verdict = { finding: Finding.SKIPPED };

/** One thing that must hold, for a cluster or for a pair of them. */
export interface Check<Subject> {
  /** One word, by which a cell of the matrix names it. */
  readonly name: string;
  /** Checks that must not be red for this one to make sense. */
  readonly needs?: readonly string[];
  readonly judge: (subject: Subject) => Verdict;
}

/** What every check says of a subject, by its name. */
export function verdicts<Subject>(checks: ReadonlyArray<Check<Subject>>, subject: Subject): Map<string, Verdict> {
  const found = new Map<string, Verdict>();
  for (const { name, needs = [], judge } of checks) {
    const isBlocked = needs.some(need => [Finding.RED, Finding.SKIPPED].includes(found.get(need)!.finding));
    found.set(name, isBlocked ? SKIPPED : judge(subject));
  }
  return found;
}
