#!/usr/bin/env node
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Command } from 'commander';
import { REFUSED } from './cli/arguments';
import { certsCommand } from './cli/certs';
import { checkCommand } from './cli/check';
import { diffCommand } from './cli/diff';
import { explainCommand } from './cli/explain';
import { initCommand } from './cli/init';
import { linkCommand } from './cli/link';
import { rotateCommand } from './cli/rotate';
import { synthCommand } from './cli/synth';
import { verifyCommand } from './cli/verify';

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
  .enablePositionalOptions();

const COMMANDS = [initCommand, synthCommand, checkCommand, diffCommand, explainCommand, linkCommand, certsCommand, verifyCommand, rotateCommand];
for (const command of COMMANDS) {
  program.addCommand(command().copyInheritedSettings(program));
}

if (require.main === module) {
  // Whoever reads the output may have enough of it, e.g. `head`: what is being done to clusters is done to its end.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  program.parseAsync().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = REFUSED;
  });
}
