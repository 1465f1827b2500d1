#!/usr/bin/env node
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { Command, Option } from 'commander';
import { check } from './check';
import { FORMATS, severity } from './complaint';
import { Mesh } from './mesh';
import { MeshApp } from './mesh-app';
import { Severity } from './rules/rule';

/** Exit code for a definition that is refused; commander's own, for arguments that are, is the same. */
const REFUSED = 1;

/** From lib/src, or from src where the sources are run. */
function packageVersion(): string {
  const manifest = [join(__dirname, '..', 'package.json'), join(__dirname, '..', '..', 'package.json')].find(existsSync)!;
  return JSON.parse(readFileSync(manifest, 'utf-8')).version;
}

const program = new Command('istio-mesh')
  .description('One mesh definition in, one directory of manifests for every cluster out.')
  .version(packageVersion())
  .showHelpAfterError()
  .enablePositionalOptions();

program.command('synth')
  .description('write the directory of manifests of every cluster')
  .argument('<file>', 'mesh definition, e.g. mesh.yaml')
  .option('-o, --output <directory>', 'directory to write', 'dist')
  .option('-q, --quiet', 'do not tell what was written and what to run next')
  .action((file: string, { output, quiet }: { output: string; quiet?: boolean }) => {
    const app = new MeshApp({ outdir: output, summary: !quiet });
    Mesh.fromFile(app, 'mesh', file);
    app.synth();
  });

program.command('check')
  .description('judge a mesh definition and the tree that was made of it, or any tree of manifests; write nothing')
  .argument('<path>', 'mesh definition, or a directory of manifests')
  .option('-o, --output <directory>', 'the tree that was made of the definition, if it is there', 'dist')
  .addOption(new Option('-f, --format <format>', 'how findings are written').choices(Object.keys(FORMATS)).default('text'))
  .action((path: string, { output, format }: { output: string; format: string }) => {
    const complaints = check(path, output);
    process.stdout.write(FORMATS[format](complaints));
    process.exitCode = complaints.some(complaint => severity(complaint) === Severity.ERROR) ? REFUSED : 0;
  });

try {
  program.parse();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = REFUSED;
}
