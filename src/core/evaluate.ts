import { type Diagnostic, type Place, type RuleReference, errorDiagnostic } from './diagnostic';
import { type Problem, type Rules, type RuleText, Severity } from './rule';

/** Every violation of some rules by a subject; the places are paths in the subject. */
export function evaluateRules<Subject>(
  rules: Rules<Subject>, subject: Subject,
): Array<Diagnostic & { readonly rule: RuleText }> {
  return rules.flatMap(rule => rule.check(subject).map(({ path, clusters = [], ...problem }) =>
    ({ severity: rule.severity, rule, place: { path }, clusters, ...problem })));
}

/** The errors among the violations, without a place: for the properties of a construct. */
export function ruleErrors<Subject>(rules: Rules<Subject>, subject: Subject): Diagnostic[] {
  return evaluateRules(rules, subject).filter(({ severity }) => severity === Severity.ERROR)
    .map(diagnostic => ({ ...diagnostic, place: {} }));
}

/** An error of a rule, found elsewhere than in the rule's own check. */
export function ruleError(rule: RuleReference, problem: Problem, place?: Place): Diagnostic {
  return { ...errorDiagnostic(problem, place), rule };
}
