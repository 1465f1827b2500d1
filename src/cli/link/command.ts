import { resolve } from 'path';
import type { Command } from 'commander';
import { clusterCommand, jsonText, REFUSED, wholeNumber } from '../arguments';

interface LinkArguments {
  readonly output: string;
  readonly timeout: number;
  readonly links?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/** `istio-mesh link`. */
export function linkCommand(): Command {
  return clusterCommand('link', 'let every istiod read its peers: write the missing and the changed remote Secrets of linked credentials, into the clusters or into files')
    .option('--dry-run', 'tell what would be written, and write nothing')
    .option('--prune', 'remove the links of clusters that left the mesh')
    .option('--links <directory>', 'where links are written that are files, one directory for each cluster (default: links beside the output directory)')
    .option('--timeout <seconds>', 'how long to wait for the token of a cluster', wholeNumber, 60)
    .action(async (file: string, { output, timeout, links, ...options }: LinkArguments) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { Linking } = await import('./link.js');
      const { linkLine, linkSummary } = await import('./link-outcome.js');
      const { meshOf } = await import('../load-mesh.js');
      const { linksOf } = await import('../../output/links-directory.js');
      const isText = output === 'text';
      const linking = new Linking(meshOf(file), { ...options, links: resolve(links ?? linksOf(file)), timeoutSeconds: timeout });
      const outcomes = await linking.run(some => {
        process.stdout.write(isText ? linkLine(some) : '');
      });
      process.stdout.write(isText ? tinted(linkSummary(outcomes, options), process.stdout) : jsonText(outcomes));
      process.exitCode = outcomes.some(({ state }) => state === 'failed') ? REFUSED : 0;
    });
}
