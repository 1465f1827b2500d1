import type { LiveObject } from './kubectl';
import { Kubectl } from './kubectl';
import { until } from './until';
import { IstioReader } from '../../constructs/istio-reader';
import type { ClusterModel } from '../../definition/mesh-model';
import { certificateAuthorityData, kubeconfig } from '../../istio/kubeconfig';
import { TokenSlot } from '../../settings/reader-options';

/** A token of a cluster's reader account, as Kubernetes filled its Secret. */
export interface ReaderToken {
  readonly slot: TokenSlot;
  readonly token: string;
  /** Authority of the API server, base64 of PEM. */
  readonly caData: string;
  /** When its Secret was made. */
  readonly created?: string;
  /** Whether a rotation is about to retire it. */
  readonly isRetiring: boolean;
}

/** Stands on the token Secret that a rotation will retire, so that a rotation that was interrupted goes on and not back. */
export const RETIRING = 'istio-mesh/retiring';

/**
 * The tokens of a cluster that its peers may have, that of the first slot first, unless a rotation is about to retire it.
 *
 * @throws when the first slot has none before the time is over
 */
export async function readerTokens(cluster: ClusterModel, slots: readonly TokenSlot[], timeoutSeconds: number): Promise<ReaderToken[]> {
  const filled = await until(timeoutSeconds, async () => {
    const found = tokensIn(await tokenSecrets(cluster), slots);
    return found[0]?.slot === slots[0] ? found : undefined;
  });
  if (!filled) {
    const name = IstioReader.accountName(slots[0]);
    throw new Error(`Secret '${name}' in namespace '${cluster.namespace}' of context '${cluster.context}' has no token after ${timeoutSeconds} s; `
      + `apply the step 00-namespace of '${cluster.name}' first`);
  }
  return [...filled.filter(({ isRetiring }) => !isRetiring), ...filled.filter(({ isRetiring }) => isRetiring)];
}

/** The slots whose token a peer may have, the one to give first: both where nothing is said, since a rotation gives out the second. */
export function slotsOf({ reader }: ClusterModel): readonly TokenSlot[] {
  return reader.activeToken ? [reader.activeToken] : Object.values(TokenSlot);
}

/** The token Secrets of a cluster that are there, filled or not. */
export async function tokenSecrets({ context, namespace }: ClusterModel): Promise<LiveObject[]> {
  return new Kubectl(context).objects(Object.values(TokenSlot).map(slot => `secret/${IstioReader.accountName(slot)}`), namespace);
}

/** The tokens in Secrets that were read, in the order of the slots. */
export function tokensIn(secrets: readonly LiveObject[], slots: readonly TokenSlot[]): ReaderToken[] {
  return slots.flatMap(slot => tokenOf(slot, secrets.find(({ metadata }) => metadata.name === IstioReader.accountName(slot))));
}

function tokenOf(slot: TokenSlot, secret: LiveObject | undefined): ReaderToken[] {
  const { token, 'ca.crt': caData } = secret?.data ?? {};
  const { creationTimestamp: created, annotations = {} } = secret?.metadata ?? {};
  return token && caData ? [{ slot, token: Buffer.from(token, 'base64').toString(), caData, created, isRetiring: RETIRING in annotations }] : [];
}

/** The kubeconfig with which a peer reads a cluster. */
export function kubeconfigWith({ name, apiServer, apiServerProps }: ClusterModel, { token, caData }: ReaderToken): string {
  return kubeconfig({
    clusterName: name,
    server: apiServer!,
    certificateAuthorityData: apiServerProps.caData === undefined ? caData : certificateAuthorityData(apiServerProps.caData),
    tlsServerName: apiServerProps.tlsServerName,
    proxyUrl: apiServerProps.proxyUrl,
    user: { token },
  });
}
