import type { Command } from 'commander';
import { clusterCommand, jsonText, REFUSED, wholeNumber } from '../arguments';

interface RotateArguments { readonly output: string; readonly cluster?: readonly string[]; readonly timeout: number; readonly dryRun?: boolean }

/** `istio-mesh rotate`. */
export function rotateCommand(): Command {
  return clusterCommand('rotate', 'give every peer the spare token of a cluster, and retire the other one as soon as nobody needs it')
    .option('--cluster <cluster...>', 'clusters whose tokens are rotated, instead of all, one after the other')
    .option('--dry-run', 'tell what would be done, and do nothing')
    .option('--timeout <seconds>', 'how long to wait for each istiod, token and API server', wholeNumber, 120)
    .action(async (file: string, { output, cluster, timeout, ...options }: RotateArguments) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { meshOf } = await import('../load-mesh.js');
      const { rotate } = await import('./rotate.js');
      const outcomes = await rotate(meshOf(file), cluster, { ...options, timeoutSeconds: timeout }, (name, line) => {
        process.stdout.write(output === 'text' ? tinted(`${name}: ${line}\n`, process.stdout) : '');
      });
      process.stdout.write(output === 'text' ? '' : jsonText(outcomes));
      process.exitCode = outcomes.some(({ state }) => state === 'failed') ? REFUSED : 0;
    });
}
