import { TokenSlot } from './istio-reader';
import { takesFiles } from './links-directory';
import type { ClusterModel } from './mesh-model';

/** The slot of the token that the next rotation gives, or gave before. */
export function otherSlot(slot: TokenSlot): TokenSlot {
  return slot === TokenSlot.BLUE ? TokenSlot.GREEN : TokenSlot.BLUE;
}

/** Whether `istio-mesh rotate` alone can give every peer of a cluster another token. */
export function isGivenHere({ peers, remoteCredentials }: ClusterModel): boolean {
  return remoteCredentials._isLinked && !peers.some(takesFiles);
}
