import { type ClusterPair, codeSpan } from './change';
import type { ClusterModel } from '../../definition/mesh-model';
import type { CredentialDelivery } from '../../settings/remote-credentials/credential-delivery';
import { shellWord } from '../../util/shell-word';

/** The command that writes remote secrets, marked as code. */
export function linkCommandLine(file: string, options = ''): string {
  return codeSpan(`istio-mesh link ${shellWord(file)}${options}`);
}

/** How the peers of a cluster get its new kubeconfig. */
export function newKubeconfigHint({ after, comparison: { file } }: ClusterPair): string {
  if (after.peers.length === 0) {
    return 'no other cluster reads this one';
  }
  const hint = hintFor(after, {
    linked: `run ${linkCommandLine(file)}`,
    tree: 'it is in their generated manifests',
    store: 'External Secrets provides it',
    external: 'provide it yourself (remoteCredentials: external)',
  });
  return `peers need a new kubeconfig, but no restart: ${hint}`;
}

/** How the remote secrets for new links of these clusters are created. */
export function addedLinksHint(clusters: readonly ClusterModel[], file: string): string {
  return joinHints(clusters, cluster => hintFor(cluster, {
    linked: `run ${linkCommandLine(file)}`,
    tree: 'the remote secrets are in the generated manifests',
    store: 'External Secrets provides the remote secrets',
    external: 'provide the remote secrets yourself (remoteCredentials: external)',
  }));
}

/** How the remote secrets for removed links of these clusters are deleted. */
export function removedLinksHint(clusters: readonly ClusterModel[], file: string): string {
  const fromManifests = 'delete the objects of step 60-remote-secrets that are no longer generated '
    + '(a GitOps tool with pruning does it automatically)';
  const hints = joinHints(clusters, cluster => hintFor(cluster, {
    linked: `run ${linkCommandLine(file, ' --prune')}`,
    tree: fromManifests,
    store: fromManifests,
    external: 'delete the remote secrets yourself (remoteCredentials: external)',
  }));
  return `the endpoints behind these links disappear when the remote secrets are deleted; ${hints}`;
}

type Hints = { readonly [kind in CredentialDelivery['kind']]: string };

function hintFor({ remoteCredentials }: ClusterModel, hints: Hints): string {
  return hints[remoteCredentials._delivery.kind];
}

function joinHints(clusters: readonly ClusterModel[], hint: (cluster: ClusterModel) => string): string {
  return [...new Set(clusters.map(hint))].join('; ');
}
