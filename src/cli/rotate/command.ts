import type { Command } from 'commander';
import { clusterCommand, jsonText, FAILURE, wholeNumber } from '../arguments';

interface RotateArguments {
  readonly output: string;
  readonly cluster?: readonly string[];
  readonly timeout: number;
  readonly dryRun?: boolean;
}

const DESCRIPTION = 'give the spare token of each cluster to its peers, and revoke the token that they used before';

/** `istio-mesh rotate`. */
export function rotateCommand(): Command {
  return clusterCommand('rotate', DESCRIPTION)
    .option('--cluster <cluster...>', 'rotate only the tokens of these clusters')
    .option('--dry-run', 'show what would be done, without changing anything')
    .option('--timeout <seconds>', 'how long to wait for each istiod, token and API server', wholeNumber, 120)
    .action(async (file: string, { output, cluster, timeout, ...options }: RotateArguments) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { loadMesh } = await import('../load-mesh.js');
      const { rotate } = await import('./rotate.js');
      const isText = output === 'text';
      const rotationOptions = { ...options, timeoutSeconds: timeout };
      const outcomes = await rotate(loadMesh(file), cluster, rotationOptions, (name, line) => {
        process.stdout.write(isText ? tinted(`${name}: ${line}\n`, process.stdout) : '');
      });
      process.stdout.write(isText ? '' : jsonText(outcomes));
      process.exitCode = outcomes.some(({ state }) => state === 'failed') ? FAILURE : 0;
    });
}
