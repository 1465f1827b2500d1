/**
 * One of the two reader service accounts of a cluster, which have different tokens.
 */
export enum TokenSlot {
  /** The account whose name ends in `-blue`. */
  BLUE = 'blue',
  /** The account whose name ends in `-green`. */
  GREEN = 'green',
}

/**
 * Permissions of the reader service accounts.
 */
export enum ReaderRole {
  /** The permissions of the reader in Istio's chart, including Secrets. */
  FULL = 'full',
  /** The same without Secrets, which istiod only needs if it serves gateways of another cluster. */
  MINIMAL = 'minimal',
}

/**
 * Settings of the reader service accounts, with which the peers' istiods authenticate.
 */
export interface IstioReaderOptions {
  /**
   * The account whose token the peers get. Both accounts always exist, so that the peers can get the other token before
   * this one is deleted.
   *
   * @default TokenSlot.BLUE
   */
  readonly activeToken?: TokenSlot;

  /**
   * Permissions of the accounts, which must be the same in linked clusters.
   *
   * Without access to Secrets, the variable `PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER` (from Istio 1.31 on) makes the
   * istiods that read the cluster skip them. Only istiods that serve gateways of another cluster need its Secrets.
   *
   * @default ReaderRole.FULL
   * @see https://github.com/istio/istio/issues/59845
   */
  readonly role?: ReaderRole;
}

/** The other one of the two accounts, whose token the next rotation activates. */
export function otherSlot(slot: TokenSlot): TokenSlot {
  return slot === TokenSlot.BLUE ? TokenSlot.GREEN : TokenSlot.BLUE;
}
