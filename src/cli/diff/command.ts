import { Command, Option } from 'commander';

/** Exit codes of diff(1), where they are asked for. */
const DIFFERENT = 1;
const TROUBLE = 2;

interface DiffArguments { readonly from?: string; readonly to?: string; readonly format: string; readonly exitCode?: boolean }

/** `istio-mesh diff`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('tell what a change of the definition does to the mesh: between two revisions of a file in git, or between two files')
    .argument('[file]', 'mesh definition: a mesh.yaml, or the one that synth wrote', 'dist/mesh.yaml')
    .argument('[after]', 'another mesh definition, which the first became')
    .option('--from <revision>', 'revision of git to compare with (default: HEAD)')
    .option('--to <revision>', 'revision of git that is compared (default: the working tree)')
    .addOption(new Option('-f, --format <format>', 'how changes are written').choices(['text', 'markdown', 'json']).default('text'))
    .option('--exit-code', `exit with ${DIFFERENT} where something changes, and with ${TROUBLE} where it cannot be told`)
    .action(async (file: string, after: string | undefined, { from, to, format, exitCode }: DiffArguments, command: Command) => {
      if (after !== undefined && (from ?? to) !== undefined) {
        command.error('error: two files are compared as they are; leave out --from and --to');
      }
      const { filesDiff, revisionsDiff } = await import('./definitions-diff.js');
      const { colours } = await import('../../util/host/terminal.js');
      const { DIFF_FORMATS } = await import('../../output/diff/formats.js');
      const { isEmpty } = await import('../../output/diff/report.js');
      try {
        const report = after === undefined ? await revisionsDiff(file, { from: from ?? 'HEAD', to }) : filesDiff(file, after);
        process.stdout.write(DIFF_FORMATS[format](report, colours(process.stdout)));
        process.exitCode = exitCode && !isEmpty(report) ? DIFFERENT : 0;
      } catch (error) {
        if (!exitCode) {
          throw error;
        }
        process.stderr.write(`${(error as Error).message}\n`);
        process.exitCode = TROUBLE;
      }
    });
}
