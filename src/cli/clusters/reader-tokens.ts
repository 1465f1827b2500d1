import { type LiveObject, Kubectl } from './kubectl';
import { poll } from './poll';
import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel } from '../../definition/mesh-model';
import { certificateAuthorityData, kubeconfig } from '../../istio/kubeconfig';
import { TokenSlot } from '../../settings/reader-options';
import { fromBase64 } from '../../util/base64';

/** A token of a reader service account, from its token Secret. */
export interface ReaderToken {
  readonly slot: TokenSlot;
  readonly token: string;
  /** CA certificate of the API server, base64 of PEM. */
  readonly caData: string;
  /** Creation time of its Secret. */
  readonly created?: string;
  /** Whether a rotation is about to revoke it. */
  readonly isBeingRevoked: boolean;
}

/**
 * Annotation of the token Secret that a rotation will revoke.
 *
 * With it, an interrupted rotation continues in the same direction.
 */
export const REVOCATION_MARK = 'istio-mesh/retiring';

/**
 * The tokens of a cluster that its peers can use.
 *
 * The token of the first slot comes first, unless a rotation is about to revoke it.
 *
 * @throws if the first slot has no token before the timeout
 */
export async function waitForReaderTokens(
  cluster: ClusterModel, slots: readonly TokenSlot[], timeoutSeconds: number,
): Promise<ReaderToken[]> {
  const tokens = await poll(timeoutSeconds, async () => {
    const found = tokensIn(await readTokenSecrets(cluster), slots);
    return found[0]?.slot === slots[0] ? found : undefined;
  });
  if (!tokens) {
    const { name, namespace, context } = cluster;
    throw new Error(`Secret '${IstioReader.accountName(slots[0])}' in namespace '${namespace}' of context '${context}' `
      + `has no token after ${timeoutSeconds} s; apply the step 00-namespace of '${name}' first`);
  }
  return [...tokens].sort((one, other) => Number(one.isBeingRevoked) - Number(other.isBeingRevoked));
}

/**
 * The slots whose tokens the peers of a cluster can use, the preferred one first.
 *
 * Without `reader.activeToken` these are both slots, because a rotation changes which one the peers use.
 */
export function usableSlots({ reader }: ClusterModel): readonly TokenSlot[] {
  return reader.activeToken ? [reader.activeToken] : Object.values(TokenSlot);
}

/** The existing token Secrets of a cluster, with or without a token. */
export async function readTokenSecrets({ context, namespace }: ClusterModel): Promise<LiveObject[]> {
  const references = Object.values(TokenSlot).map(slot => `secret/${IstioReader.accountName(slot)}`);
  return new Kubectl(context).objects(references, namespace);
}

/** The token Secret of a slot. */
export function secretOf(slot: TokenSlot, secrets: readonly LiveObject[]): LiveObject | undefined {
  return secrets.find(({ metadata }) => metadata.name === IstioReader.accountName(slot));
}

/** Whether a rotation is about to revoke the token of a Secret. */
export function isMarked(secret: LiveObject | undefined): boolean {
  return secret?.metadata.annotations?.[REVOCATION_MARK] !== undefined;
}

/** The tokens in token Secrets, in the order of the slots. */
export function tokensIn(secrets: readonly LiveObject[], slots: readonly TokenSlot[]): ReaderToken[] {
  return slots.flatMap(slot => {
    const secret = secretOf(slot, secrets);
    const { token, 'ca.crt': caData } = secret?.data ?? {};
    return !token || !caData ? [] : {
      slot,
      token: fromBase64(token),
      caData,
      created: secret!.metadata.creationTimestamp,
      isBeingRevoked: isMarked(secret),
    };
  });
}

/** The kubeconfig with which a peer reads a cluster. */
export function kubeconfigWith(cluster: ClusterModel, { token, caData: secretCaData }: ReaderToken): string {
  const { caData, tlsServerName, proxyUrl } = cluster.apiServerProps;
  return kubeconfig({
    clusterName: cluster.name,
    server: cluster.apiServer!,
    certificateAuthorityData: caData === undefined ? secretCaData : certificateAuthorityData(caData),
    tlsServerName,
    proxyUrl,
    user: { token },
  });
}
