import type { HelmRelease } from './helm-release';
import { shellWord } from '../../util/shell-word';

const VALUES = '--values';

/** The command that installs or upgrades a Helm release, to be run in the directory of its values file. */
function helmCommand(release: HelmRelease, file: string): string {
  const { releaseName, chart, repository, version, namespace, createNamespace, wait } = release;
  const source = repository.startsWith('oci://') ? [`${repository.replace(/\/+$/, '')}/${chart}`]
    : [chart, '--repo', repository];
  return [
    'helm', 'upgrade', '--install', releaseName, ...source, '--version', version, '--namespace', namespace,
    ...createNamespace ? ['--create-namespace'] : [],
    ...wait ? ['--wait'] : [],
    VALUES, file,
  ].map(shellWord).join(' ');
}

/** The first line of a values file. */
export function commandLine(release: HelmRelease, file: string): string {
  return `# ${helmCommand(release, file)}\n`;
}

/**
 * The command in the first line of a values file, to be run in another directory.
 *
 * @param context as a shell word
 * @param path path of the file from that directory, as a shell word
 */
export function commandOf(text: string, context: string, path: string): string {
  const [first] = text.split('\n');
  return `${first.slice(2, first.lastIndexOf(VALUES))}--kube-context ${context} ${VALUES} ${path}`;
}
