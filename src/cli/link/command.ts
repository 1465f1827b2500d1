import { resolve } from 'path';
import type { Command } from 'commander';
import { clusterCommand, jsonText, FAILURE, wholeNumber } from '../arguments';

interface LinkArguments {
  readonly output: string;
  readonly timeout: number;
  readonly links?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

const DESCRIPTION = 'create or update the remote secrets through which each istiod discovers its peers, '
  + 'in the clusters or in encrypted files';

const LINKS = 'directory for remote secrets in files, with a subdirectory for each cluster '
  + '(default: links next to the output directory)';

/** `istio-mesh link`. */
export function linkCommand(): Command {
  return clusterCommand('link', DESCRIPTION)
    .option('--dry-run', 'show what would be written, without writing anything')
    .option('--prune', 'remove the remote secrets of clusters that left the mesh')
    .option('--links <directory>', LINKS)
    .option('--timeout <seconds>', 'how long to wait for the token of a cluster', wholeNumber, 60)
    .action(async (file: string, { output, timeout, links, ...options }: LinkArguments) => {
      const { tinted } = await import('../../util/host/terminal.js');
      const { Linker } = await import('./link.js');
      const { linkLine, linkSummary } = await import('./link-outcome.js');
      const { loadMesh } = await import('../load-mesh.js');
      const { defaultLinksDirectory } = await import('../../output/links-directory.js');
      const isText = output === 'text';
      const directory = resolve(links ?? defaultLinksDirectory(file));
      const linker = new Linker(loadMesh(file), { ...options, links: directory, timeoutSeconds: timeout });
      const outcomes = await linker.run(clusterOutcomes => {
        process.stdout.write(isText ? linkLine(clusterOutcomes) : '');
      });
      process.stdout.write(isText ? tinted(linkSummary(outcomes, options), process.stdout) : jsonText(outcomes));
      process.exitCode = outcomes.some(({ state }) => state === 'failed') ? FAILURE : 0;
    });
}
