import type { Probe } from './api-server-probe';
import type { ClusterState } from './cluster-state';
import { REMOTE_SECRET_LABEL, remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import { LINKS_DIRECTORY, writesLinkFiles } from '../../settings/remote-credentials/links';
import { unreachable } from '../../util/unreachable';
import { type LiveObject, kubectlCommand } from '../clusters/kubectl';
import { kubeconfigIn } from '../clusters/remote-secrets';

/** A cluster that sends requests, and a peer that receives them. */
export interface Pair {
  readonly from: ClusterState;
  readonly to: ClusterState;
  /** The response of the peer's API server to the kubeconfig with which the cluster reads it. */
  readonly probe?: Probe;
}

/** The kubeconfig with which a cluster reads a peer. */
export function kubeconfigFor(peer: string, state: ClusterState): string | undefined {
  const secret = remoteSecretFor(peer, state);
  return secret && kubeconfigIn(secret, peer);
}

/** The Secret in which istiod of a cluster finds the kubeconfig for a peer. */
export function remoteSecretFor(peer: string, { model, remoteSecrets }: ClusterState): LiveObject | undefined {
  return remoteSecrets.value?.find(secret => isReadByIstiod(secret, model.namespace) && peer in (secret.data ?? {}));
}

/** Whether the istiod in a namespace reads a Secret as a remote secret. */
export function isReadByIstiod({ metadata: { namespace, labels } }: LiveObject, istiodNamespace: string): boolean {
  return namespace === istiodNamespace && labels?.[REMOTE_SECRET_LABEL] === 'true';
}

/** The Secrets that seem to be the remote secret for the peer, whether correct or not. */
export function candidateSecrets({ from, to }: Pair, secrets: readonly LiveObject[]): LiveObject[] {
  const { name } = remoteSecretMetadata(to.model.name, from.model.namespace);
  return secrets.filter(({ metadata, data = {} }) => metadata.name === name || to.model.name in data);
}

/** How to fix the remote secret, which depends on the credentials of the peer. */
export function remoteSecretFix({ from, to }: Pair): string {
  const { name, namespace } = from.model;
  const delivery = to.model.remoteCredentials._delivery;
  switch (delivery.kind) {
    case 'linked':
      return `run istio-mesh link${writesLinkFiles(from.model) ? `, and commit ${LINKS_DIRECTORY}/${name}` : ''}`;
    case 'tree':
      return `apply the step 60-remote-secrets of '${name}'`;
    case 'store':
      return 'check the status of its ExternalSecret: '
        + kubectlCommand(from.model, `describe externalsecret ${remoteSecretMetadata(to.model.name, namespace).name}`);
    case 'external':
      return 'create or update it outside of istio-mesh (remoteCredentials: external)';
    default:
      return unreachable(delivery);
  }
}
