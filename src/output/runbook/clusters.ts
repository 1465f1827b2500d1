import { code, namesOf, table } from './markdown';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { shownUrl } from '../../istio/kubeconfig';
import { DEFAULT_REVISION, injectionRevision, revisionLabel } from '../../istio/revisions';

/** A column of the table of clusters. */
interface Column {
  readonly title: string;
  readonly cell: (cluster: ClusterModel) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'Network', cell: ({ network }) => code(network ?? '') },
  { title: 'Istio', cell: ({ istioVersion }) => istioVersion ?? '' },
  { title: 'Revision', cell: ({ revision }) => code(revisionLabel(revision)) },
  { title: 'Canary', cell: ({ canary }) => canary ? `${code(canary.revision)} (${canary.istioVersion})` : '' },
  { title: 'Tags', cell: tags },
  { title: 'Injection label', cell: cluster => code(injectionLabel(cluster)) },
  { title: 'Context', cell: ({ context }) => code(context) },
  { title: 'API server', cell: ({ apiServer }) => optionalUrl(apiServer) },
  { title: 'Proxy of the API server', cell: ({ apiServerProps: { proxyUrl } }) => optionalUrl(proxyUrl) },
  { title: 'Namespace', cell: ({ namespace }) => code(namespace) },
  { title: 'Trust', cell: ({ trust }) => trust._kind },
  { title: 'Installer', cell: ({ installer }) => installer._kind },
];

function tags({ revisionTags }: ClusterModel): string {
  return Object.entries(revisionTags).map(([tag, revision]) => `${code(tag)} → ${code(revision)}`).join(', ');
}

/** The label with which a namespace requests sidecars. */
function injectionLabel(cluster: ClusterModel): string {
  const followed = revisionLabel(injectionRevision(cluster));
  return followed === DEFAULT_REVISION ? 'istio-injection=enabled' : `istio.io/rev=${followed}`;
}

function optionalUrl(url: string | undefined): string {
  return url === undefined ? '' : code(shownUrl(url));
}

/** A table of the clusters and their settings; settings that are the same in all clusters precede it. */
export function clustersSection({ clusters }: MeshModel): string {
  const columns = COLUMNS.map(({ title, cell }) => ({ title, cells: clusters.map(cell) }));
  const isCommon = (cells: readonly string[]) => clusters.length > 1 && cells.every(cell => cell === cells[0]);
  const common = columns.filter(({ cells }) => isCommon(cells) && cells[0] !== '');
  const differing = columns.filter(({ cells }) => !isCommon(cells));
  const rows = clusters.map((cluster, i) => [namesOf([cluster]), ...differing.map(({ cells }) => cells[i])]);
  const settings = common.map(({ title, cells }) => `${title} ${cells[0]}`).join('; ');
  const hasTagToMove = clusters.some(({ canary, revisionTags }) => canary || Object.keys(revisionTags).length > 0);
  return [
    ...settings ? [`All clusters: ${settings}.`] : [],
    table(['Cluster', ...differing.map(({ title }) => title)], rows),
    ...hasTagToMove ? [
      'To move a tag, change its revision in the mesh definition, and synthesize. '
      + 'Then apply step `30-control-plane` of the cluster, restart the gateway, '
      + 'and restart the workloads that follow the tag. To move the tag back, repeat this with the old revision.',
    ] : [],
  ].join('\n\n');
}
