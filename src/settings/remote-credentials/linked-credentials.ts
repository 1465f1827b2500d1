import type { LinkedDelivery } from './credential-delivery';
import { CredentialsProvider } from './credentials-provider';
import { LinkDestination } from './link-destination';
import type { Serialized } from '../../core/provider';
import { type MaybeProblem, prefixed } from '../../core/rule';

/**
 * How `istio-mesh link` creates remote secrets.
 */
export interface LinkedOptions {
  /**
   * Where the remote secrets of this cluster are written, with which its istiod reads its peers. They are encrypted for
   * the cluster that receives them, so `$(cluster)` is the name of that cluster.
   *
   * The command writes directly to a cluster whose own credentials are not `linked`.
   *
   * @default LinkDestination.peers()
   */
  readonly into?: LinkDestination;
}

/** Credentials that `istio-mesh link` writes to the peers. */
export class LinkedCredentials extends CredentialsProvider {
  private readonly destination: LinkDestination;

  constructor(options: LinkedOptions | undefined) {
    super('linked', options);
    this.destination = options?.into ?? LinkDestination.peers();
  }

  get _delivery(): LinkedDelivery {
    return { kind: 'linked', destination: this.destination };
  }

  get _problems(): readonly MaybeProblem[] {
    return this.destination._problems.map(found => prefixed('linked.into.', found));
  }

  _serializedFor(relocate: (path: string) => string): Serialized {
    return typeof this._serialized === 'string' ? this._serialized
      : { linked: { into: this.destination._serializedFor(relocate) } };
  }
}
