/** Whether a check passed; the values are part of the JSON output. */
export enum CheckStatus {
  OK = 'ok',
  FAILED = 'red',
  /** The check could not be evaluated from here. */
  UNKNOWN = 'unknown',
  /** A check that it depends on failed. */
  SKIPPED = 'skipped',
}

/** The result of a check. */
export interface CheckResult {
  /** Named as in the JSON output. */
  readonly finding: CheckStatus;
  /** What was found; for a failed check also how to fix it. */
  readonly detail?: string;
}

export const ok = (detail?: string): CheckResult => ({ finding: CheckStatus.OK, detail });
export const failed = (detail: string): CheckResult => ({ finding: CheckStatus.FAILED, detail });
export const unknown = (detail: string): CheckResult => ({ finding: CheckStatus.UNKNOWN, detail });

/** A check of a cluster, or of a pair of clusters. */
export interface Check<Subject> {
  /** One word, which appears in the cells of the matrix. */
  readonly name: string;
  /** Names of the checks without which this one is skipped if they fail. */
  readonly needs?: readonly string[];
  readonly evaluate: (subject: Subject) => CheckResult;
}

/** The results of checks by their names; a check must come after those that it needs. */
export function evaluateChecks<Subject>(
  checks: ReadonlyArray<Check<Subject>>, subject: Subject,
): Map<string, CheckResult> {
  const results = new Map<string, CheckResult>();
  for (const { name, needs = [], evaluate } of checks) {
    const isBlocked = needs.map(need => results.get(need)!.finding)
      .some(finding => finding === CheckStatus.FAILED || finding === CheckStatus.SKIPPED);
    results.set(name, isBlocked ? { finding: CheckStatus.SKIPPED } : evaluate(subject));
  }
  return results;
}
