import type { Path } from '../util/path';

/** What breaking a rule leads to. */
export enum Severity {
  /** Something refuses or ignores it, now or in the cluster: nothing is written. */
  ERROR = 'error',
  /** It works, and has hurt others: it is said at each synth until it is acknowledged. */
  WARNING = 'warning',
}

/** What is told of a rule, by its code. */
export interface RuleText {
  /** `IM` and three digits, of this rule for ever. */
  readonly code: string;
  /** Code of the rule that says the same of a definition: whoever acknowledges that one, acknowledges this. */
  readonly sameAs?: string;
  readonly severity: Severity;
  /** The rule in one line. */
  readonly title: string;
  /** What is seen where the rule is broken and nobody says so. */
  readonly symptom: string;
  readonly fix: string;
  /** Istio's page or issue that tells of it. */
  readonly see: string;
}

/** Where a subject breaks a rule, and in one sentence the value, the rule and the fix. */
export type Finding = readonly [path: Path, message: string];

/** One thing that must hold, and the function that finds where it does not. */
export interface Rule<Subject> extends RuleText {
  readonly check: (subject: Subject) => ReadonlyArray<Finding | undefined>;
}

/** A finding where there is a message, and otherwise none. */
export function found(path: Path, message: string | undefined): Finding | undefined {
  return message === undefined ? undefined : [path, message];
}

/** Everything that rules find in a subject, each with its rule. */
export function judged<Subject>(rules: ReadonlyArray<Rule<Subject>>, subject: Subject): Array<readonly [rule: RuleText, finding: Finding]> {
  return rules.flatMap(rule => rule.check(subject).filter(finding => finding !== undefined).map(finding => [rule, finding] as const));
}

/** What the rules find wrong with a construct's own properties, as sentences that end with the code. */
export function sentences<Subject>(rules: ReadonlyArray<Rule<Subject>>, subject: Subject): string[] {
  return judged(rules, subject).filter(([{ severity }]) => severity === Severity.ERROR).map(([rule, [, message]]) => coded(message, rule));
}

/** A sentence that ends with the code of its rule. */
export function coded(message: string, { code }: Pick<RuleText, 'code'>): string {
  return `${message} (${code})`;
}
