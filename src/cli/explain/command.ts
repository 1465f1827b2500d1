import { Command } from 'commander';
import { outputOption } from '../arguments';

const JSON_KEYS = ['code', 'sameAs', 'severity', 'title', 'symptom', 'fix', 'see'];

/** `istio-mesh explain`. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('describe a rule by its code, which is at the end of each message, or list all rules')
    .argument('[code]', 'code of a rule, e.g. IM012')
    .addOption(outputOption('rules'))
    .action(async (code: string | undefined, { output }: { output: string }) => {
      const { explanation, ruleOf } = await import('./explanation.js');
      const { ALL_RULES } = await import('../../rules/all-rules.js');
      const rules = code === undefined ? ALL_RULES : [ruleOf(code)];
      if (output === 'json') {
        process.stdout.write(`${JSON.stringify(rules, JSON_KEYS, 2)}\n`);
      } else if (code === undefined) {
        process.stdout.write(rules.map(rule => `${rule.code}  ${rule.title}\n`).join(''));
      } else {
        process.stdout.write(explanation(rules[0]));
      }
    });
}
