import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { clusterCommand, jsonText, REFUSED, wholeNumber } from '../arguments';
import type { CertsOptions } from './certs';

/** A century, and what Istio's own tool takes. */
const MAX_DAYS = 36_500;
const DEFAULT_DAYS = 3650;

function someDays(text: string): number {
  const days = wholeNumber(text);
  if (days < 1 || days > MAX_DAYS) {
    throw new InvalidArgumentError(`Write a number from 1 to ${MAX_DAYS}.`);
  }
  return days;
}

interface CertsArguments extends CertsOptions { readonly output: string }

/** `istio-mesh certs`. */
export function certsCommand(): Command {
  return clusterCommand('certs', 'make what is missing of a root and a signing authority for each cluster, in the directory of the trust pem')
    .option('--apply', 'bring the authorities to the clusters: the Secret cacerts, before istiod starts')
    .option('--renew', 'replace a Secret that has another authority of the same root')
    .option('--dry-run', 'tell what would be written, and write nothing')
    .option('--days <days>', 'how long a new authority of a cluster lasts', someDays, DEFAULT_DAYS)
    .option('--root-days <days>', 'how long a new root lasts', someDays, DEFAULT_DAYS)
    .action(async (file: string, { output, ...options }: CertsArguments) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { Certs, certsLine, certsSummary, isFailed } = await import('./certs.js');
      const { meshOf } = await import('../load-mesh.js');
      const isText = output === 'text';
      const outcomes = await new Certs(meshOf(file), options).run(outcome => {
        process.stdout.write(isText ? certsLine(outcome) : '');
      });
      process.stdout.write(isText ? tinted(certsSummary(outcomes, options), process.stdout) : jsonText(outcomes));
      process.exitCode = outcomes.some(isFailed) ? REFUSED : 0;
    });
}
