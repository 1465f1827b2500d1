import { Command } from 'commander';
import { FAILURE } from './arguments';
import { certsCommand } from './certs/command';
import { checkCommand } from './check/command';
import { completionCommand, completionServerCommand } from './completion/command';
import { diffCommand } from './diff/command';
import { explainCommand } from './explain/command';
import { graphCommand } from './graph/command';
import { FIRST_STEPS, GENERAL_HELP, withHelp } from './help';
import { initCommand } from './init/command';
import { libraryManifest } from './library-manifest';
import { linkCommand } from './link/command';
import { rotateCommand } from './rotate/command';
import { synthCommand } from './synth/command';
import { verifyCommand } from './verify/command';

/** The program and its commands; docs/reference/command-line.md is generated from it. */
export const program = new Command('istio-mesh')
  .description('One mesh definition in, one directory of manifests for every cluster out.')
  .version(libraryManifest().version)
  .showHelpAfterError()
  .enablePositionalOptions()
  .addHelpText('after', GENERAL_HELP);

/** The commands in the groups that help shows. */
const COMMANDS = {
  'Create a mesh:': [initCommand, synthCommand],
  'Inspect a mesh:': [checkCommand, diffCommand, explainCommand, graphCommand],
  'Operate a mesh:': [certsCommand, linkCommand, verifyCommand, rotateCommand],
  'Shell completion:': [completionCommand],
};
for (const [group, commands] of Object.entries(COMMANDS)) {
  commands.forEach(command => program.addCommand(withHelp(command().copyInheritedSettings(program).helpGroup(group))));
}
program.addCommand(completionServerCommand(), { hidden: true });

/** Runs the command that this process was started with. */
export function run(): void {
  // If the reader of the output ends early, e.g. `head`, changes of the clusters still continue to their end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`cannot write the output: ${error.message}\n`);
      process.exitCode = FAILURE;
    }
  });
  const hasNoArguments = process.argv.length === 2;
  (hasNoArguments ? Promise.resolve(process.stdout.write(FIRST_STEPS)) : program.parseAsync()).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = FAILURE;
  });
}
