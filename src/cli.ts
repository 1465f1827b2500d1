#!/usr/bin/env node
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Command } from 'commander';
import { REFUSED } from './cli/arguments';
import { certsCommand } from './cli/certs/command';
import { checkCommand } from './cli/check/command';
import { completionCommand, completionServerCommand } from './cli/completion/command';
import { diffCommand } from './cli/diff/command';
import { explainCommand } from './cli/explain/command';
import { graphCommand } from './cli/graph/command';
import { FIRST_STEPS, GENERAL_HELP, taught } from './cli/help';
import { initCommand } from './cli/init/command';
import { linkCommand } from './cli/link/command';
import { rotateCommand } from './cli/rotate/command';
import { synthCommand } from './cli/synth/command';
import { verifyCommand } from './cli/verify/command';

/** From lib/src, or from src where the sources are run. */
function packageVersion(): string {
  const manifest = [join(__dirname, '..', 'package.json'), join(__dirname, '..', '..', 'package.json')].find(existsSync)!;
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

if (require.main === module) {
  // Whoever reads the output may have enough of it, e.g. `head`: what is being done to clusters is done to its end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`the output cannot be written: ${error.message}\n`);
      process.exitCode = REFUSED;
    }
  });
  const isAskedNothing = process.argv.length === 2;
  (isAskedNothing ? Promise.resolve(process.stdout.write(FIRST_STEPS)) : program.parseAsync()).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = REFUSED;
  });
}
