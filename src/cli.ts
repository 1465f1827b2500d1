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
import { FIRST_STEPS, GENERAL_HELP, withHelp } from './cli/help';
import { initCommand } from './cli/init/command';
import { linkCommand } from './cli/link/command';
import { rotateCommand } from './cli/rotate/command';
import { synthCommand } from './cli/synth/command';
import { verifyCommand } from './cli/verify/command';

/** Read from the package.json above lib/src, or above src if the sources run directly. */
function packageVersion(): string {
  const paths = [join(__dirname, '..', 'package.json'), join(__dirname, '..', '..', 'package.json')];
  const manifest = paths.find(existsSync)!;
  return JSON.parse(readFileSync(manifest, 'utf-8')).version;
}

/** The program and its commands; docs/reference/command-line.md is generated from it. */
export const program = new Command('istio-mesh')
  .description('One mesh definition in, one directory of manifests for every cluster out.')
  .version(packageVersion())
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

if (require.main === module) {
  // If the reader of the output ends early, e.g. `head`, changes of the clusters still continue to their end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      process.stderr.write(`cannot write the output: ${error.message}\n`);
      process.exitCode = REFUSED;
    }
  });
  const isAskedNothing = process.argv.length === 2;
  (isAskedNothing ? Promise.resolve(process.stdout.write(FIRST_STEPS)) : program.parseAsync()).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = REFUSED;
  });
}
