import type { Construct } from 'constructs';
import type { ArgoCdOptions } from './argo-cd-options';
import { waveOf } from './argo-cd-waves';
import type { DeliveredCluster } from './delivery';
import { objectIn, Step } from '../../core/step';
import type { Fields } from '../../util/map';
import { overlay } from '../../util/map';
import { join } from '../../util/posix-path';
import { toYaml } from '../../util/yaml-text';
import { KUBE_SYSTEM } from '../installer/cni-namespace';
import type { HelmRelease } from '../installer/helm-release';
import { hasLinks, LINKS_DIRECTORY } from '../remote-credentials/links';

/** A source of an Application. */
export interface Source {
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly [field: string]: unknown;
}

/**
 * Where the objects of a cluster come from: its directory in the tree, that of its links where those are files, and the charts that Helm
 * would install.
 *
 * All of them in one Application, since waves order what one Application has, and nothing else: what a chart makes has none, and so comes
 * with the control plane, after namespace and trust. Were it an Application of its own, istiod could start before its cacerts are there.
 */
export function sourcesOf(options: ArgoCdOptions, cluster: DeliveredCluster, releases: readonly HelmRelease[]): Source[] {
  return [
    treeSource(options, cluster.name),
    ...hasLinks(cluster) ? [linksSource(options, cluster.name)] : [],
    ...releases.map(release => releaseSource(release, cluster.namespace)),
  ];
}

/** The namespaces that releases of a cluster bring with them, which Argo CD makes for an Application's own alone; every cluster has kube-system. */
export function addNamespaces(cluster: Construct, releases: readonly HelmRelease[]): void {
  const bringing = releases.filter(({ createNamespace, namespace }) => createNamespace && namespace !== KUBE_SYSTEM);
  const names = new Set(bringing.map(({ namespace }) => namespace));
  names.forEach(name => objectIn(Step.NAMESPACE, cluster, `Namespace-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

/** The directory of a cluster, or of whatever stands for its name in a template. */
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
 * Values are text, since an object would lose its nulls, by which a chart's own defaults are removed.
 *
 * Argo CD knows a registry by its address alone, and that it is one by the Secret of the repository (`enableOCI`).
 */
function releaseSource(release: HelmRelease, namespace: string): Source {
  const values = inItsWave(release);
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

/** Istio's chart of gateways alone takes annotations for all that it makes; its pods must wait for the webhook that makes them whole. */
function inItsWave({ chart, values, _step }: HelmRelease): Fields {
  return chart === 'gateway' && _step === Step.EAST_WEST_GATEWAY ? overlay({ annotations: waveOf(_step) }, values) : values;
}
