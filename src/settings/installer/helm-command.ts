import type { HelmRelease } from './helm-release';
import { shellWord } from '../../util/shell-word';

const VALUES = '--values';

/** What installs a release of Helm, and upgrades it: the command, run where its file of values is. */
function helmCommand(release: HelmRelease, file: string): string {
  const { releaseName, chart, repository, version, namespace, createNamespace, wait } = release;
  const source = repository.startsWith('oci://') ? [`${repository.replace(/\/+$/, '')}/${chart}`] : [chart, '--repo', repository];
  return [
    'helm', 'upgrade', '--install', releaseName, ...source, '--version', version, '--namespace', namespace,
    ...createNamespace ? ['--create-namespace'] : [],
    ...wait ? ['--wait'] : [],
    VALUES, file,
  ].map(shellWord).join(' ');
}

/** The first line of a file of values. */
export function commandLine(release: HelmRelease, file: string): string {
  return `# ${helmCommand(release, file)}\n`;
}

/**
 * The command that a file of values begins with, run from elsewhere.
 *
 * @param context a word of the shell
 * @param path of the file from there, a word of the shell
 */
export function commandOf(text: string, context: string, path: string): string {
  const [first] = text.split('\n');
  return `${first.slice(2, first.lastIndexOf(VALUES))}--kube-context ${context} ${VALUES} ${path}`;
}
