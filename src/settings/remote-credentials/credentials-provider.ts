import type { ExternalSecretsOptions } from './external-secrets-options';
import type { LinkDestination } from './link-destination';
import type { Serialized } from '../../core/provider';
import { Provider } from '../../core/provider';
import type { KubeconfigUser } from '../../istio/kubeconfig';

/** What istiod refuses in a kubeconfig unless it is told not to. */
export interface Allowance {
  /** The word that it must be told. */
  readonly word: string;
  /** What the istiods do for this cluster, and what every kubeconfig may have them do from then on. */
  readonly cost: string;
}

/**
 * What each member of `RemoteCredentials` tells of itself; what most of them have in common is said here.
 *
 * @internal
 */
export abstract class CredentialsProvider extends Provider {
  /**
   * The `users[].user` fields of the kubeconfig, or undefined where the tree carries none.
   *
   * @throws with the value, the rule and the fix when istiod would refuse them or when a secret cannot be read
   * @internal
   */
  _user(): KubeconfigUser | undefined {
    return undefined;
  }

  /**
   * Whether the tree carries the kubeconfig, as a Secret in each of the peers.
   *
   * @internal
   */
  get _inTree(): boolean {
    return false;
  }

  /**
   * Whether the command `link` brings the credential to the peers.
   *
   * @internal
   */
  get _isLinked(): boolean {
    return false;
  }

  /**
   * Where the command writes the links that the cluster gets; straight into it where nothing is said.
   *
   * @internal
   */
  get _linkDestination(): LinkDestination | undefined {
    return undefined;
  }

  /**
   * Whether somebody else brings the kubeconfig, and nothing need be known of the API server.
   *
   * @internal
   */
  get _isExternal(): boolean {
    return false;
  }

  /**
   * Whether the kubeconfig has a token of the cluster's own reader account.
   *
   * @internal
   */
  get _usesReaderToken(): boolean {
    return false;
  }

  /**
   * How the kubeconfig travels through a store of External Secrets, where it does.
   *
   * @internal
   */
  get _externalSecrets(): ExternalSecretsOptions | undefined {
    return undefined;
  }

  /**
   * What the istiods that read the cluster must be told to allow.
   *
   * @internal
   */
  get _allowance(): Allowance | undefined {
    return undefined;
  }

  /**
   * Directory in which the istiods that read the cluster find its kubeconfig, where that is in no Secret.
   *
   * @internal
   */
  get _kubeconfigPath(): string | undefined {
    return undefined;
  }

  /**
   * What is wrong with its settings, whether anybody gets the credential or not.
   *
   * @internal
   */
  get _problems(): string[] {
    return [];
  }

  /**
   * What the definition itself would give away, whether anybody gets the credential or not.
   *
   * @internal
   */
  get _exposed(): string | undefined {
    return undefined;
  }

  /**
   * Path of the file `ca.crt` beside the credential, where the credential is read from a file.
   *
   * @internal
   */
  _caFile(): string | undefined {
    return undefined;
  }

  /**
   * The written form for a mesh file that lies elsewhere.
   *
   * @param _fromThere gives a path as it is written there
   * @internal
   */
  _serializedFor(_fromThere: (path: string) => string): Serialized {
    return this._serialized;
  }
}
