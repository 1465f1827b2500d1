import type { CredentialDelivery } from './credential-delivery';
import { type Serialized, Provider } from '../../core/provider';
import type { MaybeProblem } from '../../core/rule';

/**
 * What each `RemoteCredentials` provides.
 *
 * @internal
 */
export abstract class CredentialsProvider extends Provider {
  /** @internal */
  abstract get _delivery(): CredentialDelivery;

  /**
   * Problems with its settings, reported even if the cluster has no peers.
   *
   * @internal
   */
  get _problems(): readonly MaybeProblem[] {
    return [];
  }

  /**
   * The serialized form for a mesh file in another directory.
   *
   * @param _relocate converts a path to one that is valid there
   * @internal
   */
  _serializedFor(_relocate: (path: string) => string): Serialized {
    return this._serialized;
  }
}
