import type { Construct } from 'constructs';
import { join } from 'path-browserify';
import type { ArgoCdOptions } from './argo-cd-options';
import { waveOf } from './argo-cd-waves';
import type { DeliveredCluster } from './delivery';
import { objectIn, Step } from '../../core/step';
import { type Fields, overlay } from '../../util/map';
import { toYaml } from '../../util/yaml-text';
import { KUBE_SYSTEM } from '../installer/cni-namespace';
import type { HelmRelease } from '../installer/helm-release';
import { hasLinkFiles, LINKS_DIRECTORY } from '../remote-credentials/links';

/** A source of an Application. */
export interface Source {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly [field: string]: unknown;
}

/**
 * Sources of a cluster's objects: its directory, the directory of its remote secrets if they are files, and the charts
 * of its Helm releases.
 *
 * All are in one Application, since waves only order the objects of one Application. Objects of charts have no wave, so
 * they are applied with the control plane, after namespace and trust. In a separate Application, istiod could start
 * before its Secret cacerts exists.
 */
export function sourcesOf(
  options: ArgoCdOptions, cluster: DeliveredCluster, releases: readonly HelmRelease[],
): Source[] {
  return [
    treeSource(options, cluster.name),
    ...hasLinkFiles(cluster) ? [linksSource(options, cluster.name)] : [],
    ...releases.map(release => releaseSource(release, cluster.namespace)),
  ];
}

/** Creates the namespaces of a cluster's releases: Argo CD only creates the namespace of the Application. */
export function addNamespaces(cluster: Construct, releases: readonly HelmRelease[]): void {
  const created = releases.filter(({ createNamespace, namespace }) => createNamespace && namespace !== KUBE_SYSTEM);
  for (const name of new Set(created.map(({ namespace }) => namespace))) {
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    objectIn(Step.NAMESPACE, cluster, `Namespace-${name}`, manifest);
  }
}

/** The directory of a cluster; its name may be an expression in a template. */
export function treeSource({ path = 'dist', ...options }: ArgoCdOptions, cluster: string): Source {
  return gitSource(options, join(path, cluster));
}

function linksSource({ path = 'dist', ...options }: ArgoCdOptions, cluster: string): Source {
  return gitSource(options, join(path, '..', LINKS_DIRECTORY, cluster));
}

function gitSource({ repoURL, targetRevision = 'HEAD' }: ArgoCdOptions, path: string): Source {
  return { repoURL, targetRevision, path };
}

/**
 * A Helm release. Its values are text, since an object would lose nulls, which remove the defaults of a chart.
 *
 * Argo CD expects only the address of a registry. The Secret of the repository configures that it is one (`enableOCI`).
 */
function releaseSource(release: HelmRelease, namespace: string): Source {
  const values = valuesWithWave(release);
  return {
    repoURL: release.repository.replace(/^oci:\/\//, ''),
    chart: release.chart,
    targetRevision: release.version,
    helm: {
      releaseName: release.releaseName,
      ...release.namespace !== namespace && { namespace: release.namespace },
      ...Object.keys(values).length > 0 && { values: toYaml(values) },
    },
  };
}

/**
 * Only Istio's gateway chart has a value for annotations of all its objects. Its pods must wait for the injecting
 * webhook.
 */
function valuesWithWave({ chart, values, _step }: HelmRelease): Fields {
  const hasAnnotations = chart === 'gateway' && _step === Step.EAST_WEST_GATEWAY;
  return hasAnnotations ? overlay({ annotations: waveOf(_step) }, values) : values;
}
