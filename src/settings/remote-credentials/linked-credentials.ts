import { CredentialsProvider } from './credentials-provider';
import type { LinkDestination } from './link-destination';
import type { Serialized } from '../../core/provider';

/**
 * How `istio-mesh link` makes links.
 */
export interface LinkedOptions {
  /**
   * Where the links are written that this cluster gets, with which its istiod reads its peers: they are encrypted for the cluster that they
   * are for, and so `$(cluster)` in it is that one.
   *
   * A cluster whose own credentials are others than `linked` gets the links of its peers straight.
   *
   * @default LinkDestination.peers()
   */
  readonly into?: LinkDestination;
}

/** Credentials that the command `link` brings to the peers. */
export class LinkedCredentials extends CredentialsProvider {
  constructor(private readonly options?: LinkedOptions) {
    super('linked', options);
  }

  get _isLinked(): boolean {
    return true;
  }

  get _usesReaderToken(): boolean {
    return true;
  }

  get _linkDestination(): LinkDestination | undefined {
    return this.options?.into;
  }

  get _problems(): string[] {
    return (this._linkDestination?._problems ?? []).map(problem => `linked.into.${problem}`);
  }

  _serializedFor(fromThere: (path: string) => string): Serialized {
    return this._linkDestination ? { linked: { into: this._linkDestination._serializedFor(fromThere) } } : this._serialized;
  }
}
