import { Command, Option } from 'commander';
import { Severity } from '../../core/rule';
import { FORMATS } from '../../output/diagnostic-formats';
import { FAILURE } from '../arguments';

/** `istio-mesh check`. */
export function checkCommand(): Command {
  return new Command('check')
    .description('validate a mesh definition and its generated manifests, or any directory of manifests')
    .argument('<path>', 'mesh definition, or a directory of manifests')
    .option('-o, --output <directory>', 'output directory of the definition, validated if it exists', 'dist')
    .addOption(new Option('-f, --format <format>', 'output format').choices(Object.keys(FORMATS)).default('text'))
    .action(async (path: string, { output, format }: { output: string; format: string }) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { check } = await import('./check.js');
      const diagnostics = check(path, output);
      const text = FORMATS[format](diagnostics);
      process.stdout.write(format === 'text' ? tinted(text, process.stdout) : text);
      process.exitCode = diagnostics.some(({ severity }) => severity === Severity.ERROR) ? FAILURE : 0;
    });
}
