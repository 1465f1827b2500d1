/**
 * One of the two reader accounts of a cluster, each with a token of its own.
 */
export enum TokenSlot {
  /** The account whose name ends in `-blue`. */
  BLUE = 'blue',
  /** The account whose name ends in `-green`. */
  GREEN = 'green',
}

/**
 * What the reader accounts may read.
 */
export enum ReaderRole {
  /** What the reader of Istio's own chart may: Secrets too. */
  FULL = 'full',
  /** The same without Secrets, which istiod needs only where it serves gateways of another cluster. */
  MINIMAL = 'minimal',
}

/**
 * Settings of the accounts that the peers' istiods read a cluster with.
 */
export interface IstioReaderOptions {
  /**
   * Whose token the peers get. Both accounts are always there, so that the other's can be given out before this one is
   * retired.
   *
   * @default TokenSlot.BLUE
   */
  readonly activeToken?: TokenSlot;

  /**
   * What the accounts may read. Clusters that are linked have the same.
   *
   * Without Secrets, the istiods that read the cluster are told to leave them alone, by
   * `PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER`, which Istio has from 1.31 on. Only istiods that serve gateways of
   * another cluster need its Secrets.
   *
   * @default ReaderRole.FULL
   * @see https://github.com/istio/istio/issues/59845
   */
  readonly role?: ReaderRole;
}

/** The slot of the token that the next rotation gives, or gave before. */
export function otherSlot(slot: TokenSlot): TokenSlot {
  return slot === TokenSlot.BLUE ? TokenSlot.GREEN : TokenSlot.BLUE;
}
