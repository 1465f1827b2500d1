import { TokenSlot } from '../../constructs/istio-reader';
import type { ClusterModel } from '../../definition/mesh-model';
import { takesFiles } from '../../output/links-directory';

/** The slot of the token that the next rotation gives, or gave before. */
export function otherSlot(slot: TokenSlot): TokenSlot {
  return slot === TokenSlot.BLUE ? TokenSlot.GREEN : TokenSlot.BLUE;
}

/** Whether `istio-mesh rotate` alone can give every peer of a cluster another token. */
export function isGivenHere({ peers, remoteCredentials }: ClusterModel): boolean {
  return remoteCredentials._isLinked && !peers.some(takesFiles);
}
