import { runningApiServer } from './api-server';
import { type RunningCluster, networkOf, runningCluster } from './cluster';
import { type ClusterObjects, readClusterObjects } from './cluster-objects';
import { objectDiagnostics } from './diagnostics';
import { runningGateway } from './east-west-gateway';
import { runningInstaller } from './installer';
import { RunningLinks, runningLinks } from './links';
import { controlPlaneNotes, linkNotes, meshNotes, peerNotes, tokenNotes } from './notes';
import { operatorGateways } from './operator-gateways';
import { ISTIO_SYSTEM } from '../../../istio/names';
import { revisionLabel } from '../../../istio/revisions';
import { type Fields, filled, groupBy, present } from '../../../util/map';
import { Memo } from '../../../util/memo';
import { inOneLine } from '../../../util/text';
import { withProgress } from '../../clusters/progress';
import type { InitialCluster, InitialMesh } from '../initial-mesh';
import type { KubeContext } from '../kubeconfig-contexts';

/**
 * Reads the running mesh in the clusters of some contexts.
 *
 * @param known the contexts of the user's kubeconfig
 * @throws if clusters cannot be read; the error lists all of them
 */
export async function readRunningMesh(
  contexts: readonly string[], known: readonly KubeContext[],
): Promise<InitialMesh> {
  const results = await withProgress('clusters read', contexts.length, done =>
    Promise.allSettled(contexts.map(context => readClusterObjects(context).finally(done))));
  const problems = results.flatMap(result => result.status === 'rejected' ? [(result.reason as Error).message] : []);
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  return meshOfClusters(results.flatMap(result => result.status === 'fulfilled' ? [result.value] : []), known);
}

/**
 * The mesh that some clusters form. Applying its manifests leaves everything valid in these clusters unchanged.
 *
 * @param known contexts with the user's URLs of the API servers, for clusters that no other cluster reads
 */
export function meshOfClusters(objects: readonly ClusterObjects[], known: readonly KubeContext[] = []): InitialMesh {
  const clusters = objects.map(runningCluster);
  const links = new RunningLinks(clusters.flatMap(cluster => runningLinks(cluster.name, cluster.objects)));
  const meshID = mostFrequent(clusters.map(({ controlPlane }) => controlPlane.meshID).filter(Boolean)) ?? 'mesh1';
  const servers = new Map(known.map(({ name, server }) => [name, server]));
  const memo = new Memo();
  const definitions = clusters.map(cluster =>
    clusterDefinition(cluster, clusters, links, servers.get(cluster.objects.context)));
  return {
    meshID,
    clusters: definitions.map(({ name, settings }) => ({ name, settings })),
    notes: [
      ...clusters.flatMap(cluster => objectDiagnostics(cluster.name, cluster.objects, memo)),
      ...meshNotes(clusters, meshID),
      ...definitions.flatMap(({ notes }) => notes),
      ...clusters.flatMap(cluster => tokenNotes(cluster.name, cluster.objects.context, links)),
    ].map(inOneLine),
  };
}

function mostFrequent(values: readonly string[]): string | undefined {
  const groups = [...groupBy(values, value => value).values()];
  return groups.sort((one, other) => other.length - one.length)[0]?.[0];
}

/** The settings of a cluster in the mesh definition, and notes about it. */
function clusterDefinition(
  cluster: RunningCluster, clusters: readonly RunningCluster[], links: RunningLinks, server: string | undefined,
): InitialCluster & { readonly notes: readonly string[] } {
  const { objects, istiod, controlPlane, name } = cluster;
  const peers = clusters.filter(other => other !== cluster && links.areLinked(name, other.name));
  const isRead = peers.length > 0 || links.to(name).length > 0;
  const apiServer = isRead ? runningApiServer(name, objects, links, server) : { settings: {}, notes: [] };
  const installer = runningInstaller(name, istiod, controlPlane.revision);
  const gateway = runningGateway(cluster, peers.some(peer => networkOf(peer) !== networkOf(cluster)));
  const settings = present({
    network: networkOf(cluster),
    ...apiServer.settings,
    context: objects.context === name ? undefined : objects.context,
    peers: peers.length === clusters.length - 1 ? undefined : peers.map(peer => peer.name),
    namespace: objects.namespace === ISTIO_SYSTEM ? undefined : objects.namespace,
    ...controlPlaneSettings(cluster, installer.installer),
    remoteCredentials: links.areManageable(name) ? undefined : 'external',
    ...gateway.settings,
  });
  return {
    name,
    settings,
    notes: [
      ...controlPlaneNotes(cluster),
      ...installer.notes,
      ...apiServer.notes,
      ...peerNotes(cluster, clusters, links),
      ...links.from(name).flatMap(link => linkNotes(link, objects)),
      ...gateway.notes,
    ],
  };
}

function controlPlaneSettings(cluster: RunningCluster, installer: string | undefined): Fields {
  const { objects, istiod, controlPlane, revisionTags, otherControlPlanes: [canary] } = cluster;
  return {
    istioVersion: controlPlane.istioVersion,
    hub: controlPlane.hub,
    tag: controlPlane.tag,
    revision: controlPlane.revision || undefined,
    canary: canary && present({
      revision: revisionLabel(canary.revision), istioVersion: canary.istioVersion, tag: canary.tag,
    }),
    revisionTags: filled(revisionTags),
    installer,
    values: filled(controlPlane.values),
    meshConfig: filled(controlPlane.meshConfig),
    components: filled({
      pilot: filled(controlPlane.pilot),
      cni: objects.cni && { enabled: true },
      ...installer === undefined && operatorGateways(objects, istiod),
    }),
  };
}
