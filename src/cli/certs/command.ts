import { type Command, InvalidArgumentError } from 'commander';
import { clusterCommand, jsonText, FAILURE, wholeNumber } from '../arguments';
import type { CertsOptions } from './certs';

/** A century, like the default of Istio's own tool. */
const MAX_DAYS = 36_500;
const DEFAULT_DAYS = 3650;

function parseDays(text: string): number {
  const days = wholeNumber(text);
  if (days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`Write a number from 1 to ${MAX_DAYS}.`);
  }
  return days;
}

interface CertsArguments extends CertsOptions { readonly output: string }

/** `istio-mesh certs`. */
export function certsCommand(): Command {
  return clusterCommand('certs', 'create any missing root and intermediate CAs, in the directory of trust: pem')
    .option('--apply', 'create the Secret cacerts in each cluster; run this before istiod starts')
    .option('--renew', 'replace a Secret cacerts that has another intermediate CA of the same root CA')
    .option('--dry-run', 'show what would be written, without writing anything')
    .option('--days <days>', 'validity of a new intermediate CA', parseDays, DEFAULT_DAYS)
    .option('--root-days <days>', 'validity of a new root CA', parseDays, DEFAULT_DAYS)
    .action(async (file: string, { output, ...options }: CertsArguments) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { Certs, certsLine, certsSummary, isFailed } = await import('./certs.js');
      const { loadMesh } = await import('../load-mesh.js');
      const isText = output === 'text';
      const outcomes = await new Certs(loadMesh(file), options).run(outcome => {
        process.stdout.write(isText ? certsLine(outcome) : '');
      });
      process.stdout.write(isText ? tinted(certsSummary(outcomes, options), process.stdout) : jsonText(outcomes));
      process.exitCode = outcomes.some(isFailed) ? FAILURE : 0;
    });
}
