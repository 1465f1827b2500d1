#!/usr/bin/env node
import { existsSync, readFileSync } from 'fs';
import { join, resolve } from 'path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { check } from './check';
import { Certs, certsLine, CertsOptions, certsSummary, isFailed } from './commands/certs';
import { Linking } from './commands/link';
import { linkLine, linkSummary } from './commands/link-outcome';
import { meshOf } from './commands/mesh-reader';
import { rotate } from './commands/rotate/rotate';
import { matrix } from './commands/verify/matrix';
import { TrafficProbe } from './commands/verify/traffic';
import { isRed, verification } from './commands/verify/verification';
import { FORMATS, severity } from './complaint';
import { explanation, ruleOf } from './explanation';
import { linksOf } from './links-directory';
import { Mesh } from './mesh';
import { MeshApp } from './mesh-app';
import { ALL_RULES } from './rules/all-rules';
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

program.command('explain')
  .description('tell what the code at the end of a message stands for, or list all codes')
  .argument('[code]', 'code of a rule, e.g. IM012')
  .addOption(new Option('-o, --output <format>', 'how rules are written').choices(['text', 'json']).default('text'))
  .action((code: string | undefined, { output }: { output: string }) => {
    const rules = code === undefined ? ALL_RULES : [ruleOf(code)];
    const text = () => code === undefined ? rules.map(rule => `${rule.code}  ${rule.title}\n`).join('') : explanation(rules[0]);
    process.stdout.write(output === 'text' ? text() : `${JSON.stringify(rules, ['code', 'sameAs', 'severity', 'title', 'symptom', 'fix', 'see'], 2)}\n`);
  });

/** Options that all commands on running clusters take. */
function clusterCommand(name: string, description: string): Command {
  return program.command(name)
    .description(description)
    .argument('[file]', 'mesh definition: a mesh.yaml, or the one that synth wrote', 'dist/mesh.yaml')
    .addOption(new Option('-o, --output <format>', 'how results are written').choices(['text', 'json']).default('text'));
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('Write a whole number.');
  }
  return Number(text);
}

clusterCommand('link', 'let every istiod read its peers: write the missing and the changed remote Secrets of linked credentials, into the clusters or into files')
  .option('--dry-run', 'tell what would be written, and write nothing')
  .option('--prune', 'remove the links of clusters that left the mesh')
  .option('--links <directory>', 'where links are written that are files, one directory for each cluster (default: links beside the output directory)')
  .option('--timeout <seconds>', 'how long to wait for the token of a cluster', wholeNumber, 60)
  .action(async (file: string, { output, timeout, links = linksOf(file), ...options }: LinkArguments) => {
    const isText = output === 'text';
    const outcomes = await new Linking(meshOf(file), { ...options, links: resolve(links), timeoutSeconds: timeout }).run(some => {
      process.stdout.write(isText ? linkLine(some) : '');
    });
    process.stdout.write(isText ? linkSummary(outcomes, options) : `${JSON.stringify(outcomes, undefined, 2)}\n`);
    process.exitCode = outcomes.some(({ state }) => state === 'failed') ? REFUSED : 0;
  });

function someDays(text: string): number {
  const days = wholeNumber(text);
  if (days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`Write a number from 1 to ${MAX_DAYS}.`);
  }
  return days;
}

/** A century, and what Istio's own tool takes. */
const MAX_DAYS = 36_500;
const DEFAULT_DAYS = 3650;

clusterCommand('certs', 'make what is missing of a root and a signing authority for each cluster, in the directory of the trust pem')
  .option('--apply', 'bring the authorities to the clusters: the Secret cacerts, before istiod starts')
  .option('--renew', 'replace a Secret that has another authority of the same root')
  .option('--dry-run', 'tell what would be written, and write nothing')
  .option('--days <days>', 'how long a new authority of a cluster lasts', someDays, DEFAULT_DAYS)
  .option('--root-days <days>', 'how long a new root lasts', someDays, DEFAULT_DAYS)
  .action(async (file: string, { output, ...options }: CertsArguments) => {
    const isText = output === 'text';
    const outcomes = await new Certs(meshOf(file), options).run(outcome => {
      process.stdout.write(isText ? certsLine(outcome) : '');
    });
    process.stdout.write(isText ? certsSummary(outcomes, options) : `${JSON.stringify(outcomes, undefined, 2)}\n`);
    process.exitCode = outcomes.some(isFailed) ? REFUSED : 0;
  });

interface CertsArguments extends CertsOptions { readonly output: string }
interface LinkArguments {
  readonly output: string;
  readonly timeout: number;
  readonly links?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

clusterCommand('verify', 'judge every cluster and every directed link as they run now: a matrix, and what to do about each red cell')
  .option('--traffic', 'also run HelloWorld in every cluster, ask from each who answers, and remove it again')
  .option('--namespace <name>', 'namespace of HelloWorld, which the exposed hosts must cover', 'istio-mesh-verify')
  .option('--server-image <image>', 'image of HelloWorld', 'registry.istio.io/release/examples-helloworld-v1:1.0')
  .option('--client-image <image>', 'image with a shell and curl', 'docker.io/curlimages/curl:8.16.0')
  .option('--timeout <seconds>', 'how long to wait for a pod', wholeNumber, 120)
  .action(async (file: string, { output, traffic, timeout, ...options }: VerifyArguments) => {
    const mesh = meshOf(file);
    const results = [...await verification(mesh), ...traffic ? await new TrafficProbe(mesh, { ...options, timeoutSeconds: timeout }).run() : []];
    process.stdout.write(output === 'text' ? matrix(results) : `${JSON.stringify(results, undefined, 2)}\n`);
    process.exitCode = results.some(isRed) ? REFUSED : 0;
  });

interface VerifyArguments {
  readonly output: string;
  readonly traffic?: boolean;
  readonly timeout: number;
  readonly namespace: string;
  readonly serverImage: string;
  readonly clientImage: string;
}

clusterCommand('rotate', 'give every peer the spare token of a cluster, and retire the other one as soon as nobody needs it')
  .option('--cluster <name...>', 'clusters whose tokens are rotated, instead of all, one after the other')
  .option('--dry-run', 'tell what would be done, and do nothing')
  .option('--timeout <seconds>', 'how long to wait for each istiod, token and API server', wholeNumber, 120)
  .action(async (file: string, { output, cluster, timeout, ...options }: RotateArguments) => {
    const outcomes = await rotate(meshOf(file), cluster, { ...options, timeoutSeconds: timeout }, (name, line) => {
      process.stdout.write(output === 'text' ? `${name}: ${line}\n` : '');
    });
    process.stdout.write(output === 'text' ? '' : `${JSON.stringify(outcomes, undefined, 2)}\n`);
    process.exitCode = outcomes.some(({ state }) => state === 'failed') ? REFUSED : 0;
  });

interface RotateArguments { readonly output: string; readonly cluster?: readonly string[]; readonly timeout: number; readonly dryRun?: boolean }

/** Whoever reads the output may have enough of it, e.g. `head`: what is being done to clusters is done to its end. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
});

program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = REFUSED;
});
