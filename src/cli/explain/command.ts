import { Command } from 'commander';
import { outputOption } from '../arguments';

/** `istio-mesh explain`. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('tell what the code at the end of a message stands for, or list all codes')
    .argument('[code]', 'code of a rule, e.g. IM012')
    .addOption(outputOption('rules'))
    .action(async (code: string | undefined, { output }: { output: string }) => {
      const { explanation, ruleOf } = await import('./explanation.js');
      const { ALL_RULES } = await import('../../rules/all-rules.js');
      const rules = code === undefined ? ALL_RULES : [ruleOf(code)];
      const text = () => code === undefined ? rules.map(rule => `${rule.code}  ${rule.title}\n`).join('') : explanation(rules[0]);
      process.stdout.write(output === 'text' ? text() : `${JSON.stringify(rules, ['code', 'sameAs', 'severity', 'title', 'symptom', 'fix', 'see'], 2)}\n`);
    });
}
