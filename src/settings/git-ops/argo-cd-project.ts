import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** Kinds outside of namespaces that Istio's charts have, or that the Sail operator takes: what is not in the tree any more must be pruned too. */
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
 * What the Applications of a mesh may do: take what they take now, and apply it to the clusters of the mesh.
 *
 * All namespaces are theirs, since a ClusterRoleBinding, which Istio needs, would give as much, and since Argo CD leaves objects where
 * they are that it may not see: the last one of a namespace could never be pruned.
 *
 * @param sources of all Applications
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

/** Istio's kinds, and those of objects without a namespace; where these have one after all, naming the kind here does nothing. */
function whitelist(clusters: readonly IConstruct[]): object[] {
  const objects = clusters.flatMap(cluster => cluster.node.findAll()).filter(ApiObject.isApiObject);
  const own = objects.filter(({ metadata }) => metadata.namespace === undefined)
    .map(({ apiGroup, kind }) => [apiGroup === 'core' ? '' : apiGroup, kind] as const);
  const kinds = new Map([...ISTIO_KINDS, ...own].map(([group, kind]) => [`${group}/${kind}`, { group, kind }]));
  return [...kinds.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, kind]) => kind);
}
