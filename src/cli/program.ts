import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Command } from 'commander';
import { REFUSED } from './arguments';
import { certsCommand } from './certs/command';
import { checkCommand } from './check/command';
import { completionCommand, completionServerCommand } from './completion/command';
import { diffCommand } from './diff/command';
import { explainCommand } from './explain/command';
import { graphCommand } from './graph/command';
import { FIRST_STEPS, GENERAL_HELP, taught } from './help';
import { initCommand } from './init/command';
import { linkCommand } from './link/command';
import { rotateCommand } from './rotate/command';
import { synthCommand } from './synth/command';
import { verifyCommand } from './verify/command';

/** From lib/src/cli, or from src/cli where the sources are run. */
function packageVersion(): string {
  const manifest = ['../..', '../../..'].map(up => join(__dirname, up, 'package.json')).find(existsSync)!;
  return JSON.parse(readFileSync(manifest, 'utf-8')).version;
}

/** The command line: what is parsed, and what the page about it is made of. */
export const program = new Command('istio-mesh')
  .description('One mesh definition in, one directory of manifests for every cluster out.')
  .version(packageVersion())
  .showHelpAfterError()
  .enablePositionalOptions()
  .addHelpText('after', GENERAL_HELP);

/** By what they are for, as help has them. */
const COMMANDS = {
  'Make a mesh:': [initCommand, synthCommand],
  'Look at a mesh:': [checkCommand, diffCommand, explainCommand, graphCommand],
  'Run a mesh:': [certsCommand, linkCommand, verifyCommand, rotateCommand],
  'In your shell:': [completionCommand],
};
for (const [group, commands] of Object.entries(COMMANDS)) {
  commands.forEach(command => program.addCommand(taught(command().copyInheritedSettings(program).helpGroup(group))));
}
program.addCommand(completionServerCommand(), { hidden: true });

/** Runs the command that this process was started with. */
export function run(): void {
  // Whoever reads the output may have enough of it, e.g. `head`: what is being done to clusters is done to its end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`the output cannot be written: ${error.message}\n`);
      process.exitCode = REFUSED;
    }
  });
  const hasNoArguments = process.argv.length === 2;
  (hasNoArguments ? Promise.resolve(process.stdout.write(FIRST_STEPS)) : program.parseAsync()).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = REFUSED;
  });
}
