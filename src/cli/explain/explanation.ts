import type { RuleText } from '../../core/rule';
import { Severity } from '../../core/rule';
import { ALL_RULES } from '../../rules/all-rules';
import { nearest } from '../../util/suggestions';

/**
 * What there is to say of a rule.
 *
 * @param code as messages write it; lower case will do
 * @throws with the nearest code where no rule has that one
 */
export function ruleOf(code: string): RuleText {
  const rule = ALL_RULES.find(one => one.code === code.toUpperCase());
  if (!rule) {
    throw new Error(`'${code}' is the code of no rule; ${nearest(code.toUpperCase(), ALL_RULES.map(one => one.code))}`);
  }
  return rule;
}

/** A rule for whoever met its code in a message. */
export function explanation({ code, sameAs, severity, title, symptom, fix, see }: RuleText): string {
  const silencing = `told at each synth and check until the mesh says why it is right here: acknowledge: {${sameAs ?? code}: REASON}`;
  return [
    `${code}: ${title}`,
    `  where it is broken   ${symptom}`,
    `  what to do           ${fix}`,
    `  severity             ${severity === Severity.ERROR ? 'error: nothing is written' : `warning: ${silencing}`}`,
    ...sameAs ? [`  of a definition      ${sameAs}`] : [],
    `  see                  ${see}`,
    '',
  ].join('\n');
}
