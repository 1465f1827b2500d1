import { codeSpan } from './change';
import type { ClusterPair } from './cluster-pair';
import type { ClusterModel } from '../../definition/mesh-model';
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
    inManifests: 'it is in their generated manifests',
    externalSecrets: 'External Secrets provides it',
    external: 'provide it yourself (remoteCredentials: external)',
  });
  return `peers need a new kubeconfig, but no restart: ${hint}`;
}

/** How the remote secrets for new links of these clusters are created. */
export function addedLinksHint(clusters: readonly ClusterModel[], file: string): string {
  return joinHints(clusters, cluster => hintFor(cluster, {
    linked: `run ${linkCommandLine(file)}`,
    inManifests: 'the remote secrets are in the generated manifests',
    externalSecrets: 'External Secrets provides the remote secrets',
    external: 'provide the remote secrets yourself (remoteCredentials: external)',
  }));
}

/** How the remote secrets for removed links of these clusters are deleted. */
export function removedLinksHint(clusters: readonly ClusterModel[], file: string): string {
  const fromManifests = 'delete the objects of step 60-remote-secrets that are no longer generated '
    + '(a GitOps tool with pruning does it automatically)';
  const hints = joinHints(clusters, cluster => hintFor(cluster, {
    linked: `run ${linkCommandLine(file, ' --prune')}`,
    inManifests: fromManifests,
    externalSecrets: fromManifests,
    external: 'delete the remote secrets yourself (remoteCredentials: external)',
  }));
  return `the endpoints behind these links disappear when the remote secrets are deleted; ${hints}`;
}

type CredentialsKind = 'linked' | 'inManifests' | 'externalSecrets' | 'external';

function hintFor({ remoteCredentials }: ClusterModel, hints: { readonly [kind in CredentialsKind]: string }): string {
  if (remoteCredentials._isLinked) {
    return hints.linked;
  }
  if (remoteCredentials._inTree) {
    return hints.inManifests;
  }
  return remoteCredentials._externalSecrets ? hints.externalSecrets : hints.external;
}

function joinHints(clusters: readonly ClusterModel[], hint: (cluster: ClusterModel) => string): string {
  return [...new Set(clusters.map(hint))].join('; ');
}
