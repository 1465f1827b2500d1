import { code, namesOf, table } from './markdown';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { shownUrl } from '../../istio/kubeconfig';
import { DEFAULT_REVISION, injectionRevision, revisionLabel } from '../../istio/revisions';

/** A column of the table of clusters. */
interface Column {
  readonly title: string;
  readonly of: (cluster: ClusterModel) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Network', of: ({ network }) => code(network ?? '') },
  { title: 'Istio', of: ({ istioVersion }) => istioVersion ?? '' },
  { title: 'Revision', of: ({ revision }) => code(revisionLabel(revision)) },
  { title: 'Canary', of: ({ canary }) => canary ? `${code(canary.revision)} (${canary.istioVersion})` : '' },
  { title: 'Tags', of: ({ revisionTags }) => Object.entries(revisionTags).map(([tag, revision]) => `${code(tag)} → ${code(revision)}`).join(', ') },
  { title: 'Injected namespaces have', of: cluster => code(injectionLabel(cluster)) },
  { title: 'Context', of: ({ context }) => code(context) },
  { title: 'API server', of: ({ apiServer }) => apiServer === undefined ? '' : code(shownUrl(apiServer)) },
  { title: 'Proxy to it', of: ({ apiServerProps: { proxyUrl } }) => proxyUrl === undefined ? '' : code(shownUrl(proxyUrl)) },
  { title: 'Namespace', of: ({ namespace }) => code(namespace) },
  { title: 'Trust', of: ({ trust }) => trust._kind },
  { title: 'Installer', of: ({ installer }) => installer._kind },
];

/** The label with which a namespace asks for sidecars. */
function injectionLabel(cluster: ClusterModel): string {
  const followed = revisionLabel(injectionRevision(cluster));
  return followed === DEFAULT_REVISION ? 'istio-injection=enabled' : `istio.io/rev=${followed}`;
}

/** Every cluster with what is said of it; what all of them have alike stands once. */
export function clustersSection({ clusters }: MeshModel): string {
  const columns = COLUMNS.map(({ title, of }) => ({ title, cells: clusters.map(of) }));
  const isAlike = (cells: readonly string[]) => clusters.length > 1 && cells.every(cell => cell === cells[0]);
  const common = columns.filter(({ cells }) => isAlike(cells) && cells[0] !== '');
  const differing = columns.filter(({ cells }) => !isAlike(cells));
  return [
    ...common.length > 0 ? [`All clusters: ${common.map(({ title, cells }) => `${title} ${cells[0]}`).join('; ')}.`] : [],
    table(['Cluster', ...differing.map(({ title }) => title)], clusters.map((cluster, i) => [namesOf([cluster]), ...differing.map(({ cells }) => cells[i])])),
    ...clusters.some(({ canary, revisionTags }) => canary || Object.keys(revisionTags).length > 0) ? [
      'A tag moves by one line of the definition: synthesize, apply step `30-control-plane` of the cluster, and restart the gateway and then the workloads that follow the tag. '
      + 'Moving it back is the same.',
    ] : [],
  ].join('\n\n');
}
