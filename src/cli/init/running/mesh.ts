import type { InitialCluster, InitialMesh } from '../initial-mesh';
import type { KubeContext } from '../kubeconfig-contexts';
import type { RunningCluster } from './cluster-objects';
import { runningCluster } from './cluster-objects';
import { runningFindings } from './manifest-diagnostics';
import { runningGateway } from './east-west-gateway';
import { runningInstaller } from './installer';
import { apiServerSettings, linkNotes, RunningLinks, runningLinks, tokenNotes } from './links';
import { listedGateways } from './operator-gateways';
import type { RunningMember } from './cluster';
import { memberOf, networkOf } from './cluster';
import { meshNotes, peerNotes, planeNotes } from './notes';
import { ISTIO_SYSTEM } from '../../../istio/names';
import { revisionLabel } from '../../../istio/revisions';
import { DocumentTexts } from '../../../rules/manifest/documents';
import { filled, present } from '../../../util/map';
import { inOneLine } from '../../../util/text';
import { withProgress } from '../../clusters/progress';

/**
 * The mesh that runs in the clusters of some contexts.
 *
 * @param known the contexts of the user's kubeconfig
 * @throws when one of the clusters cannot be read: with all that cannot
 */
export async function runningMesh(contexts: readonly string[], known: readonly KubeContext[]): Promise<InitialMesh> {
  const results = await withProgress('clusters read', contexts.length, done =>
    Promise.allSettled(contexts.map(context => runningCluster(context).finally(done))));
  const problems = results.flatMap(result => result.status === 'rejected' ? [(result.reason as Error).message] : []);
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  return meshOfClusters(results.map(result => (result as PromiseFulfilledResult<RunningCluster>).value), known);
}

/**
 * A mesh whose tree changes nothing that is right in these clusters.
 *
 * @param known contexts with the API servers as the user reaches them, for clusters that no peer reads
 */
export function meshOfClusters(clusters: readonly RunningCluster[], known: readonly KubeContext[] = []): InitialMesh {
  const members = clusters.map(memberOf);
  const links = new RunningLinks(members.flatMap(({ name, cluster }) => runningLinks(name, cluster)));
  const meshID = mostOften(members.map(({ plane }) => plane.meshID).filter(Boolean)) ?? UNNAMED;
  const servers = new Map(known.map(({ name, server }) => [name, server]));
  const texts = new DocumentTexts();
  const parts = members.map(member => clusterPart(member, members, links, servers.get(member.cluster.context)));
  return {
    mesh: { meshID },
    clusters: parts.map(({ initial }) => initial),
    notes: [
      ...members.flatMap(({ name, cluster }) => runningFindings(name, cluster, texts)),
      ...meshNotes(members, meshID),
      ...parts.flatMap(({ notes }) => notes),
      ...members.flatMap(({ name, cluster }) => tokenNotes(name, cluster.context, links)),
    ].map(inOneLine),
  };
}

/** What a mesh is called whose control planes have no name for it. */
const UNNAMED = 'mesh1';

function mostOften(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  values.forEach(value => counts.set(value, (counts.get(value) ?? 0) + 1));
  return [...counts].reduce<[string | undefined, number]>((best, one) => one[1] > best[1] ? one : best, [undefined, 0])[0];
}

/** What the file says of one cluster, and what its author should know. */
function clusterPart(
  member: RunningMember, members: readonly RunningMember[], links: RunningLinks, server: string | undefined,
): { initial: InitialCluster; notes: string[] } {
  const { cluster, istiod, plane, name, revisionTags, others: [canary] } = member;
  const peers = members.filter(other => other !== member && links.link(name, other.name));
  const installer = runningInstaller(name, istiod, plane.revision);
  const isRead = peers.length > 0 || links.to(name).length > 0;
  const reached = isRead ? apiServerSettings(name, cluster, links, server) : { settings: {}, notes: [] };
  const gateway = runningGateway(member, peers.some(peer => networkOf(peer) !== networkOf(member)));
  const components = filled({
    pilot: filled(plane.pilot),
    cni: cluster.cni && { enabled: true },
    ...installer.installer === undefined && listedGateways(cluster, istiod),
  });
  const settings = present({
    istioVersion: plane.istioVersion,
    network: networkOf(member),
    ...reached.settings,
    context: cluster.context === name ? undefined : cluster.context,
    peers: peers.length === members.length - 1 ? undefined : peers.map(peer => peer.name),
    namespace: cluster.namespace === ISTIO_SYSTEM ? undefined : cluster.namespace,
    hub: plane.hub,
    tag: plane.tag,
    revision: plane.revision || undefined,
    canary: canary && present({ revision: revisionLabel(canary.revision), istioVersion: canary.istioVersion, tag: canary.tag }),
    revisionTags: filled(revisionTags),
    installer: installer.installer,
    values: filled(plane.values),
    meshConfig: filled(plane.meshConfig),
    components,
    remoteCredentials: links.areByHand(name) ? undefined : 'external',
    ...gateway.settings,
  });
  return {
    initial: { name, settings },
    notes: [
      ...planeNotes(member),
      ...installer.notes,
      ...reached.notes,
      ...peerNotes(member, members, links),
      ...links.in(name).flatMap(link => linkNotes(link, cluster)),
      ...gateway.notes,
    ],
  };
}
