import type { DeliveredCluster } from './delivery';
import type { FluxOptions } from './flux-options';
import type { FluxSettings } from './flux-settings';
import { forCluster } from './flux-settings';
import { dnsLabelProblem, isObjectName, objectNameProblem } from '../../istio/names';
import type { Path } from '../../util/path';
import { normalize } from '../../util/posix-path';
import { hasLinks } from '../remote-credentials/links';

type Problem = readonly [path: Path, message: string];

const MAX_NAME = 63;
const DURATION = /^(\d+(\.\d+)?(ms|s|m|h))+$/;
const SOURCE_KINDS = ['GitRepository', 'OCIRepository', 'Bucket', 'ExternalArtifact'];

/**
 * What Flux, or the API server, would refuse.
 *
 * @param suffixesOf gives the ends of the names of a cluster's Kustomizations
 */
export function fluxProblems(
  settings: FluxSettings, clusters: readonly DeliveredCluster[], suffixesOf: (cluster: DeliveredCluster) => readonly string[],
): Problem[] {
  const { options } = settings;
  const ofOptions: Array<[keyof FluxOptions, string | undefined]> = [
    ['path', pathProblem(options.path, clusters)],
    ['interval', durationProblem('interval', options.interval)],
    ['retryInterval', durationProblem('retryInterval', options.retryInterval)],
    ['timeout', durationProblem('timeout', options.timeout)],
    ['namespace', options.namespace === undefined ? undefined : dnsLabelProblem('namespace', options.namespace)],
    ['sourceRef', sourceProblem(options)],
    ['kubeConfig', kubeConfigProblem(options, clusters)],
    ['serviceAccountName', nameProblem('serviceAccountName', options.serviceAccountName, clusters)],
    ['decryption', nameProblem('decryption.secretRef.name', options.decryption?.secretRef?.name, clusters)
      ?? nameProblem('decryption.serviceAccountName', options.decryption?.serviceAccountName, clusters)],
  ];
  return [
    ...ofOptions.flatMap(([option, message]): Problem[] => message === undefined ? [] : [[['gitOps', 'flux', option], `gitOps: flux: ${message}`]]),
    ...clusters.flatMap(cluster => {
      const names = suffixesOf(cluster).map(suffix => settings.metadata(cluster, suffix).name);
      const message = ownNameProblem('Kustomization', names.reduce((a, b) => b.length > a.length ? b : a));
      return message === undefined ? [] : [[[...cluster.path, 'name'], `cluster '${cluster.name}': ${message}`] as const];
    }),
  ];
}

/** What is wrong with the name of an object that is made of those of mesh and cluster. */
export function ownNameProblem(kind: string, name: string): string | undefined {
  if (!isObjectName(name)) {
    return `its ${kind} would be '${name}', which is no name of an object; use lower-case letters, digits, '-' and '.' in meshID`;
  }
  return name.length <= MAX_NAME ? undefined
    : `its ${kind} '${name}' has ${name.length} characters, and Flux labels with it what it applies, which takes ${MAX_NAME}; shorten meshID or the cluster's name by ${name.length - MAX_NAME}`;
}

function pathProblem(path: string | undefined, clusters: readonly DeliveredCluster[]): string | undefined {
  if (path === undefined) {
    return undefined;
  }
  if (path.includes('$(')) {
    return `path '${path}' is that of the whole tree, and nothing stands for a cluster in it: the directory of each is below; remove '$(…)'`;
  }
  const inside = normalize(path);
  if (path.trim() === '' || inside.startsWith('/') || inside.split('/')[0] === '..') {
    return `path '${path}' is no path in the source; write that of the tree from the source's root, e.g. './dist'`;
  }
  const linked = clusters.find(hasLinks);
  return linked && ['.', './'].includes(inside)
    ? `path '${path}' is all of the source, and the links of '${linked.name}' lie beside the tree; put both into a directory each, e.g. './dist' and './links'` : undefined;
}

function durationProblem(field: string, duration: string | undefined): string | undefined {
  return duration === undefined || DURATION.test(duration) ? undefined
    : `${field} '${duration}' is no duration that Flux takes: hours (h), minutes (m), seconds (s) and milliseconds (ms); write e.g. '10m'`;
}

function sourceProblem({ sourceRef: { kind, name, namespace } = {} }: FluxOptions): string | undefined {
  if (kind !== undefined && !SOURCE_KINDS.includes(kind)) {
    return `sourceRef.kind '${kind}' is no source of Flux; write ${SOURCE_KINDS.slice(0, -1).join(', ')} or ${SOURCE_KINDS[SOURCE_KINDS.length - 1]}`;
  }
  return (name === undefined ? undefined : objectNameProblem('sourceRef.name', name))
    ?? (namespace === undefined ? undefined : dnsLabelProblem('sourceRef.namespace', namespace));
}

function kubeConfigProblem({ kubeConfig }: FluxOptions, clusters: readonly DeliveredCluster[]): string | undefined {
  if (!kubeConfig) {
    return undefined;
  }
  const { secretRef, configMapRef } = kubeConfig;
  if (!secretRef === !configMapRef) {
    return `kubeConfig has ${secretRef ? 'both secretRef and configMapRef' : 'neither secretRef nor configMapRef'}; say one of the two`;
  }
  const field = secretRef ? 'secretRef' : 'configMapRef';
  const seen = new Map<string, string>();
  for (const { name } of clusters) {
    const form = JSON.stringify(forCluster(name, kubeConfig));
    const other = seen.get(form);
    if (other !== undefined) {
      return `kubeConfig.${field} is the same for '${other}' and '${name}', so that what is for both would go to one; put $(cluster) into its name`;
    }
    seen.set(form, name);
  }
  return nameProblem(`kubeConfig.${field}.name`, (secretRef ?? configMapRef)!.name, clusters);
}

/** The name of an object that may be another one for each cluster. */
function nameProblem(field: string, name: string | undefined, clusters: readonly DeliveredCluster[]): string | undefined {
  return name === undefined ? undefined
    : clusters.map(cluster => objectNameProblem(field, forCluster(cluster.name, { name }).name)).find(problem => problem !== undefined);
}
