import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * Cluster-scoped kinds of Istio's charts and the Sail operator: Argo CD must be able to prune those that were removed.
 */
const ISTIO_KINDS: ReadonlyArray<readonly [group: string, kind: string]> = [
  ['', 'Namespace'],
  ['admissionregistration.k8s.io', 'MutatingWebhookConfiguration'],
  ['admissionregistration.k8s.io', 'ValidatingAdmissionPolicy'],
  ['admissionregistration.k8s.io', 'ValidatingAdmissionPolicyBinding'],
  ['admissionregistration.k8s.io', 'ValidatingWebhookConfiguration'],
  ['apiextensions.k8s.io', 'CustomResourceDefinition'],
  ['rbac.authorization.k8s.io', 'ClusterRole'],
  ['rbac.authorization.k8s.io', 'ClusterRoleBinding'],
  ['sailoperator.io', 'Istio'],
  ['sailoperator.io', 'IstioCNI'],
  ['sailoperator.io', 'IstioRevisionTag'],
  ['sailoperator.io', 'ZTunnel'],
];

/**
 * Permissions of the Applications of a mesh: their sources, and the clusters of the mesh.
 *
 * All namespaces are allowed, since Istio needs ClusterRoleBindings, which give access to all of them. Also, Argo CD
 * does not prune objects that it may not see, so the last object of a namespace could never be pruned.
 *
 * @param repositories repositories of all Applications
 */
export function projectSpec(
  meshID: string, repositories: readonly string[], destinations: readonly string[], clusters: readonly IConstruct[],
): object {
  return {
    description: `Istio mesh ${meshID}`,
    sourceRepos: [...new Set(repositories)],
    destinations: destinations.map(name => ({ name, namespace: '*' })),
    clusterResourceWhitelist: whitelist(clusters),
  };
}

/** Istio's kinds, and those of objects without a namespace; listing the kind of a namespaced object has no effect. */
function whitelist(clusters: readonly IConstruct[]): object[] {
  const objects = clusters.flatMap(cluster => cluster.node.findAll()).filter(ApiObject.isApiObject);
  const own = objects.filter(({ metadata }) => metadata.namespace === undefined)
    .map(({ apiGroup, kind }) => [apiGroup === 'core' ? '' : apiGroup, kind] as const);
  const kinds = new Map([...ISTIO_KINDS, ...own].map(([group, kind]) => [`${group}/${kind}`, { group, kind }]));
  return [...kinds.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, kind]) => kind);
}
