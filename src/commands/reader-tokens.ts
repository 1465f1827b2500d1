import { setTimeout } from 'timers/promises';
import { IstioReader, TokenSlot } from '../istio-reader';
import { ClusterModel } from '../mesh-model';
import { certificateAuthorityData, kubeconfig } from '../remote-credentials/kubeconfig';
import { Kubectl, LiveObject } from './kubectl';

/** A token of a cluster's reader account, as Kubernetes filled its Secret. */
export interface ReaderToken {
  readonly slot: TokenSlot;
  readonly token: string;
  /** Authority of the API server, base64 of PEM. */
  readonly caData: string;
}

/** How often a cluster is asked whether something is there by now. */
export const POLL_MILLISECONDS = 1000;

/**
 * The tokens that may be given to the peers of a cluster, the one to give first: that of `reader.activeToken`, or where nothing is said
 * both, since a rotation gave out the second.
 *
 * @throws when there is none before the time is over
 */
export async function readerTokens(cluster: ClusterModel, timeoutSeconds: number): Promise<ReaderToken[]> {
  const slots = cluster.reader.activeToken ? [cluster.reader.activeToken] : Object.values(TokenSlot);
  const until = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    const found = await filledTokens(cluster, slots);
    if (found[0]?.slot === slots[0]) {
      return found;
    }
    if (Date.now() >= until) {
      const name = IstioReader.tokenSecretName(slots[0]);
      throw new Error(`Secret '${name}' in namespace '${cluster.namespace}' of context '${cluster.context}' has no token after ${timeoutSeconds} s; `
        + `apply the step 00-namespace of '${cluster.name}' first`);
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}

/** The tokens that are there now, in the order of the slots. */
export async function filledTokens({ context, namespace }: ClusterModel, slots: readonly TokenSlot[]): Promise<ReaderToken[]> {
  const secrets = await new Kubectl(context).list('secret', namespace, '--field-selector=type=kubernetes.io/service-account-token');
  return slots.flatMap(slot => tokenOf(slot, secrets.find(({ metadata }) => metadata.name === IstioReader.tokenSecretName(slot))));
}

function tokenOf(slot: TokenSlot, secret: LiveObject | undefined): ReaderToken[] {
  const { token, 'ca.crt': caData } = secret?.data ?? {};
  return token && caData ? [{ slot, token: Buffer.from(token, 'base64').toString(), caData }] : [];
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
