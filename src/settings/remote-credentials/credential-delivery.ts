import type { ExternalSecretsOptions } from './external-secrets-options';
import type { LinkDestination } from './link-destination';
import type { Problem } from '../../core/rule';
import type { PeerRequirements } from '../../istio/istiod-environment';
import type { KubeconfigUser } from '../../istio/kubeconfig';
import { unreachable } from '../../util/unreachable';
import type { SecretValue } from '../secret-value';

/** How the kubeconfig of a cluster gets to its peers. */
export type CredentialDelivery = TreeDelivery | LinkedDelivery | StoreDelivery | ExternalDelivery;

/** As remote secrets in the directories of the peers. */
export interface TreeDelivery {
  readonly kind: 'tree';
  /**
   * Reads the `users[].user` fields of the kubeconfig.
   *
   * @throws when a secret cannot be read, or istiod would reject it
   */
  readonly readUser: () => KubeconfigUser;
  /** Source of the reader token, if the credential is one. */
  readonly token?: SecretValue;
  /** What istiod must be configured to accept, if it rejects the kubeconfig by default. */
  readonly optIn?: KubeconfigOptIn;
  /** Problem with a secret that the definition contains in plain text. */
  readonly exposedSecret?: Problem;
}

/** With a reader token, by `istio-mesh link`. */
export interface LinkedDelivery {
  readonly kind: 'linked';
  /** Where the command writes the remote secrets of the cluster itself, with which its istiod reads its peers. */
  readonly destination: LinkDestination;
}

/** With a reader token, through a secret store. */
export interface StoreDelivery {
  readonly kind: 'store';
  readonly options: ExternalSecretsOptions;
}

/** By other means than this library. */
export interface ExternalDelivery {
  readonly kind: 'external';
  /** Directory in the container of the peers' istiods with the kubeconfig, if that is not in a Secret. */
  readonly kubeconfigPath?: string;
}

/** A kind of kubeconfig that istiod rejects unless it is configured to accept it. */
export interface KubeconfigOptIn {
  /** Word in the variable that configures istiod. */
  readonly setting: string;
  /** What istiod does for this cluster, and what any kubeconfig can then make it do. */
  readonly risk: string;
}

interface Credentials {
  readonly _delivery: CredentialDelivery;
}

/** Whether the peers authenticate with a token of the cluster's reader service accounts. */
export function usesReaderToken({ _delivery: delivery }: Credentials): boolean {
  switch (delivery.kind) {
    case 'tree': return delivery.token !== undefined;
    case 'linked':
    case 'store': return true;
    case 'external': return false;
    default: return unreachable(delivery);
  }
}

/** What the peers' istiods need in order to read the cluster. */
export function istiodRequirements({ _delivery: delivery }: Credentials): PeerRequirements {
  switch (delivery.kind) {
    case 'tree': return { kubeconfigOption: delivery.optIn?.setting };
    case 'external': return { kubeconfigPath: delivery.kubeconfigPath };
    case 'linked':
    case 'store': return {};
    default: return unreachable(delivery);
  }
}

/** Path of the `ca.crt` next to a token that is read from a file. */
export function caFile({ _delivery: delivery }: Credentials): string | undefined {
  const source = delivery.kind === 'tree' ? delivery.token?._source : undefined;
  return source?.kind === 'file' ? source.path.replace(/[^/\\]*$/, 'ca.crt') : undefined;
}
