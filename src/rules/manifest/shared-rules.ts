import type { Finding, Rule } from '../../core/rule';

/** What a rule of a mesh finds in a part of a manifest, so that both judge alike. */
export function shared<Subject>(rules: ReadonlyArray<Rule<Subject>>, code: string, subject: Subject): Finding[] {
  return rules.filter(rule => rule.code === code).flatMap(rule => rule.check(subject)).filter(finding => finding !== undefined);
}
