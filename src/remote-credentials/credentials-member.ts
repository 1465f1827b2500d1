import { KubeconfigUser } from './kubeconfig';
import { Family } from '../family';

/**
 * What each member of `RemoteCredentials` tells of itself; what most of them have in common is said here.
 *
 * @internal
 */
export abstract class CredentialsMember extends Family {
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
}
