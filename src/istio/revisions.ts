/** The revisions of a cluster, and the tags and the gateway that use them. */
export interface ClusterRevisions {
  /** Revision of istiod, empty for Istio's `default`. */
  readonly revision: string;
  readonly canary?: { readonly revision: string };
  readonly revisionTags: { readonly [tag: string]: string };
  readonly eastWestGateway?: { readonly revision?: string };
}

/** Istio's name for the revision of a control plane without one. */
export const DEFAULT_REVISION = 'default';

/** A revision as Istio's labels contain it. */
export function revisionLabel(revision: string): string {
  return revision || DEFAULT_REVISION;
}

/** Name of istiod's Deployment, Service and Helm release, for a revision or an empty string. */
export function istiodName(revision: string): string {
  return revision === '' ? 'istiod' : `istiod-${revision}`;
}

type InstalledRevisions = Pick<ClusterRevisions, 'revision' | 'canary'>;

/** The installed revisions of a cluster, as labels contain them: the control plane's, then the canary's. */
export function installedRevisions({ revision, canary }: InstalledRevisions): string[] {
  return [revision, ...canary ? [canary.revision] : []].map(revisionLabel);
}

/** The name that injected pods use: the only tag of the cluster if it has exactly one, otherwise its revision. */
export function injectionRevision(cluster: Pick<ClusterRevisions, 'revision' | 'revisionTags'>): string {
  const { revision, revisionTags } = cluster;
  const tags = Object.keys(revisionTags);
  return tags.length === 1 ? tags[0] : revision;
}

/**
 * The installed revisions whose istiods serve proxies.
 *
 * Tags point to revisions; without tags, the revision of the control plane is in use. The gateway adds its own.
 */
export function revisionsInUse(cluster: ClusterRevisions): string[] {
  const { revision, revisionTags, eastWestGateway } = cluster;
  const tagged = Object.keys(revisionTags).length > 0 ? Object.values(revisionTags) : [revision];
  const name = eastWestGateway?.revision ?? revision;
  const ofGateway = eastWestGateway ? [Object.hasOwn(revisionTags, name) ? revisionTags[name] : name] : [];
  const inUse = new Set([...tagged, ...ofGateway].map(revisionLabel));
  return installedRevisions(cluster).filter(installed => inUse.has(installed));
}
