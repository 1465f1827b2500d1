import { normalize } from 'path-browserify';
import type { DeliveredCluster } from './delivery';
import type { FluxOptions } from './flux-options';
import { type FluxSettings, forCluster } from './flux-settings';
import { type MaybeProblem, type Violation, prefixed, problem, violations } from '../../core/rule';
import { dnsLabelProblem, isObjectName, objectNameProblem } from '../../istio/names';
import { goDurationProblem } from '../go-duration';
import { hasLinkFiles } from '../remote-credentials/links';

/** Maximum length of an object's name: Flux labels what it applies with it. */
const MAX_NAME = 63;

const SOURCE_KINDS = ['GitRepository', 'OCIRepository', 'Bucket', 'ExternalArtifact'];

/**
 * Settings that Flux, or the API server, would reject.
 *
 * @param suffixesOf returns the ends of the names of a cluster's Kustomizations
 */
export function fluxProblems(
  settings: FluxSettings,
  clusters: readonly DeliveredCluster[],
  suffixesOf: (cluster: DeliveredCluster) => readonly string[],
): Violation[] {
  return [
    ...optionProblems(settings.options, clusters),
    ...clusters.flatMap(cluster => {
      const names = suffixesOf(cluster).map(suffix => settings.metadata(cluster, suffix).name);
      const longest = names.reduce((a, b) => b.length > a.length ? b : a);
      return violations([...cluster.path, 'name'],
        prefixed(`cluster '${cluster.name}': `, ownNameProblem('Kustomization', longest)));
    }),
  ];
}

function optionProblems(options: FluxOptions, clusters: readonly DeliveredCluster[]): Violation[] {
  const { path, interval, retryInterval, timeout, namespace, serviceAccountName, decryption } = options;
  const problems: { readonly [option in keyof FluxOptions]: MaybeProblem } = {
    path: pathProblem(path, clusters),
    interval: durationProblem('interval', interval),
    retryInterval: durationProblem('retryInterval', retryInterval),
    timeout: durationProblem('timeout', timeout),
    namespace: namespace !== undefined && dnsLabelProblem('namespace', namespace),
    sourceRef: sourceProblem(options),
    kubeConfig: kubeConfigProblem(options, clusters),
    serviceAccountName: nameProblem('serviceAccountName', serviceAccountName, clusters),
    decryption: nameProblem('decryption.secretRef.name', decryption?.secretRef?.name, clusters)
      || nameProblem('decryption.serviceAccountName', decryption?.serviceAccountName, clusters),
  };
  return Object.entries(problems).flatMap(([option, found]) =>
    violations(['gitOps', 'flux', option], prefixed('gitOps: flux: ', found)));
}

/** What is wrong with the name of an object that contains those of mesh and cluster. */
export function ownNameProblem(kind: string, name: string): MaybeProblem {
  if (!isObjectName(name)) {
    return problem(`the name '${name}' of its ${kind} is not valid`,
      'use lower-case letters, digits, \'-\' and \'.\' in meshID');
  }
  return name.length <= MAX_NAME ? undefined
    : problem(`the name '${name}' of its ${kind} has ${name.length} characters, but Flux uses it as a label value, `
      + `which is limited to ${MAX_NAME}`, `shorten meshID or the cluster's name by ${name.length - MAX_NAME}`);
}

function pathProblem(path: string | undefined, clusters: readonly DeliveredCluster[]): MaybeProblem {
  if (path === undefined) {
    return undefined;
  }
  if (path.includes('$(')) {
    return problem(`path '${path}' must be the same for all clusters, since their directories are below it`,
      'remove \'$(…)\'');
  }
  const normalized = normalize(path);
  if (path.trim() === '' || normalized.startsWith('/') || normalized.split('/')[0] === '..') {
    return problem(`path '${path}' is not a relative path inside the source`, 'write e.g. \'./dist\'');
  }
  const linked = clusters.find(hasLinkFiles);
  return linked && ['.', './'].includes(normalized)
    && problem(`path '${path}' is the root of the source, but the files of remote secrets of '${linked.name}' are next `
      + 'to the output directory', 'use a subdirectory, e.g. \'./dist\'');
}

/** Flux does not support units below a millisecond. */
function durationProblem(field: string, duration: string | undefined): MaybeProblem {
  return goDurationProblem(field, duration, '10m', /[nuµ]s/);
}

function sourceProblem({ sourceRef: { kind, name, namespace } = {} }: FluxOptions): MaybeProblem {
  if (kind !== undefined && !SOURCE_KINDS.includes(kind)) {
    return problem(`sourceRef.kind '${kind}' is not a kind of Flux source`, `write one of ${SOURCE_KINDS.join(', ')}`);
  }
  return (name !== undefined && objectNameProblem('sourceRef.name', name))
    || (namespace !== undefined && dnsLabelProblem('sourceRef.namespace', namespace));
}

function kubeConfigProblem({ kubeConfig }: FluxOptions, clusters: readonly DeliveredCluster[]): MaybeProblem {
  if (!kubeConfig) {
    return undefined;
  }
  const { secretRef, configMapRef } = kubeConfig;
  if (!secretRef === !configMapRef) {
    const both = secretRef ? 'both secretRef and configMapRef' : 'neither secretRef nor configMapRef';
    return problem(`kubeConfig has ${both}`, 'set one of the two');
  }
  const field = secretRef ? 'secretRef' : 'configMapRef';
  const seen = new Map<string, string>();
  for (const { name } of clusters) {
    const ofCluster = JSON.stringify(forCluster(name, kubeConfig));
    const other = seen.get(ofCluster);
    if (other !== undefined) {
      return problem(`kubeConfig.${field} is the same for '${other}' and '${name}', so both would be deployed to one `
        + 'cluster', 'add $(cluster) to its name');
    }
    seen.set(ofCluster, name);
  }
  return nameProblem(`kubeConfig.${field}.name`, (secretRef ?? configMapRef)!.name, clusters);
}

/** What is wrong with the name of an object that may differ between clusters. */
function nameProblem(
  field: string, name: string | undefined, clusters: readonly DeliveredCluster[],
): MaybeProblem {
  return name === undefined ? undefined : clusters
    .map(cluster => objectNameProblem(field, forCluster(cluster.name, { name }).name))
    .find(found => found !== undefined);
}
