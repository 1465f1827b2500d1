import type { Rule, Rules, RuleText, Violation } from '../../core/rule';

function ruleOf<Subject>(rules: Rules<Subject>, code: string): Rule<Subject> {
  return rules.find(rule => rule.code === code)!;
}

/** Applies one mesh rule, by its code, to a part of a manifest, so that both are validated in the same way. */
export function applyRule<Subject>(rules: Rules<Subject>, code: string, subject: Subject): Violation[] {
  return [...ruleOf(rules, code).check(subject)];
}

/** The texts of a mesh rule for a rule about manifests that reports the same. */
export function sameAs<Subject>(rules: Rules<Subject>, code: string): RuleText {
  const { check, ...text } = ruleOf(rules, code);
  return { ...text, sameAs: code };
}
