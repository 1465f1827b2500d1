import type { Violation, Rule } from '../../core/rule';

/** Applies one mesh rule, by its code, to a part of a manifest, so that both are validated in the same way. */
export function applyRule<Subject>(rules: ReadonlyArray<Rule<Subject>>, code: string, subject: Subject): Violation[] {
  return rules.filter(rule => rule.code === code).flatMap(rule => rule.check(subject))
    .filter(found => found !== undefined);
}
