/** The revisions of a cluster, and what follows them. */
export interface ClusterRevisions {
  /** Revision of istiod, empty for Istio's `default`. */
  readonly revision: string;
  readonly canary?: { readonly revision: string };
  readonly revisionTags: { readonly [tag: string]: string };
  readonly eastWestGateway?: { readonly revision?: string };
}

/** What Istio calls the revision of a control plane that has none. */
export const DEFAULT_REVISION = 'default';

/** A revision as Istio's labels have it. */
export function revisionLabel(revision: string): string {
  return revision || DEFAULT_REVISION;
}

/** Name of istiod's Deployment, Service and release, of a revision as it is said. */
export function istiodName(revision: string): string {
  return revision === '' ? 'istiod' : `istiod-${revision}`;
}

/** The revisions that are installed in a cluster, as labels have them: that of its control plane, and that of its canary. */
export function installedRevisions({ revision, canary }: Pick<ClusterRevisions, 'revision' | 'canary'>): string[] {
  return [revision, ...canary ? [canary.revision] : []].map(revisionLabel);
}

/** What injected pods of a cluster follow: its tag where it has just one, and otherwise the revision of its control plane. */
export function followedName({ revision, revisionTags }: Pick<ClusterRevisions, 'revision' | 'revisionTags'>): string {
  const tags = Object.keys(revisionTags);
  return tags.length === 1 ? tags[0] : revision;
}

/** The installed revisions that a cluster's tags and gateway lead to; without tags, its control plane's and that of the gateway. */
export function followedRevisions(cluster: ClusterRevisions): string[] {
  const { revision, revisionTags, eastWestGateway } = cluster;
  const ofTags = Object.keys(revisionTags).length > 0 ? Object.values(revisionTags) : [revision];
  const name = eastWestGateway?.revision ?? revision;
  const ofGateway = eastWestGateway ? [Object.hasOwn(revisionTags, name) ? revisionTags[name] : name] : [];
  const followed = new Set([...ofTags, ...ofGateway].map(revisionLabel));
  return installedRevisions(cluster).filter(installed => followed.has(installed));
}
