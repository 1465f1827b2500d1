import type { MaybeProblem, Problem } from './problem';
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
  /** Code of the rule that says the same of a definition: acknowledging that one acknowledges this one too. */
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

/** Where a subject violates a rule, and how. */
export interface Violation extends Problem {
  readonly path: Path;
  /** Names of the clusters that it concerns, where the subject is a mesh. */
  readonly clusters?: readonly string[];
}

/** One thing that must hold, and the function that finds where it does not. */
export interface Rule<Subject> extends RuleText {
  readonly check: (subject: Subject) => ReadonlyArray<Violation | undefined>;
}

/** A violation at a path, if there is a problem. */
export function violation(path: Path, problem: MaybeProblem): Violation | undefined {
  return problem ? { path, ...problem } : undefined;
}
