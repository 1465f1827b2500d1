import { type RuleText, Severity } from '../../core/rule';
import { ALL_RULES } from '../../rules/all-rules';
import { nearest } from '../../util/suggestions';

/**
 * Finds a rule by its code.
 *
 * @param code in upper or lower case
 * @throws when no rule has the code; the message suggests the most similar code
 */
export function ruleOf(code: string): RuleText {
  const rule = ALL_RULES.find(one => one.code === code.toUpperCase());
  if (!rule) {
    throw new Error(`unknown rule code '${code}'; ${nearest(code.toUpperCase(), ALL_RULES.map(one => one.code))}`);
  }
  return rule;
}

/** The description of a rule, for a reader of its code in a message. */
export function explanation({ code, sameAs, severity, title, symptom, fix, see }: RuleText): string {
  const acknowledgement = `acknowledge: {${sameAs ?? code}: REASON}`;
  const effect = severity === Severity.ERROR ? 'error: synth writes nothing'
    : `warning: to silence it, add to the mesh definition ${acknowledgement}`;
  return [
    `${code}: ${title}`,
    `  symptom    ${symptom}`,
    `  fix        ${fix}`,
    `  severity   ${effect}`,
    ...sameAs ? [`  same as    ${sameAs}, the rule for mesh definitions`] : [],
    `  see        ${see}`,
    '',
  ].join('\n');
}
