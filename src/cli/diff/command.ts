import { Command, Option } from 'commander';

/** The exit codes of diff(1), for `--exit-code`. */
const DIFFERENT = 1;
const FAILED = 2;

interface DiffOptions {
  readonly from?: string;
  readonly to?: string;
  readonly format: string;
  readonly exitCode?: boolean;
}

/** `istio-mesh diff`. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('show how a change of the mesh definition affects the mesh: '
      + 'between two Git revisions of a file, or between two files')
    .argument('[file]', 'mesh definition: your mesh.yaml, or the resolved one that synth wrote', 'dist/mesh.yaml')
    .argument('[after]', 'the changed mesh definition, to compare two files without Git')
    .option('--from <revision>', 'Git revision with the old mesh definition (default: HEAD)')
    .option('--to <revision>', 'Git revision with the new mesh definition (default: the working tree)')
    .addOption(new Option('-f, --format <format>', 'output format')
      .choices(['text', 'markdown', 'json']).default('text'))
    .option('--exit-code', `exit with ${DIFFERENT} if there is a change, and with ${FAILED} if the comparison fails`)
    .action(async (file: string, after: string | undefined, options: DiffOptions, command: Command) => {
      if (after !== undefined && (options.from ?? options.to) !== undefined) {
        command.error('error: --from and --to cannot be combined with two files; leave them out');
      }
      try {
        await diff(file, after, options);
      } catch (error) {
        if (!options.exitCode) {
          throw error;
        }
        process.stderr.write(`${(error as Error).message}\n`);
        process.exitCode = FAILED;
      }
    });
}

async function diff(file: string, after: string | undefined, options: DiffOptions): Promise<void> {
  const { from = 'HEAD', to, format, exitCode } = options;
  const { diffFiles, diffRevisions } = await import('./diff-definitions.js');
  const { colours } = await import('../../util/host/terminal.js');
  const { DIFF_FORMATS } = await import('../../output/diff/formats.js');
  const { isEmpty } = await import('../../output/diff/report.js');
  const report = after === undefined ? await diffRevisions(file, { from, to }) : diffFiles(file, after);
  process.stdout.write(DIFF_FORMATS[format](report, colours(process.stdout)));
  process.exitCode = exitCode && !isEmpty(report) ? DIFFERENT : 0;
}
