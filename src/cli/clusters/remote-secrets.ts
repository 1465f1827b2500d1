import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import { type LiveObject, Kubectl } from './kubectl';
import type { ClusterModel } from '../../definition/mesh-model';
import { REMOTE_SECRET_LABEL, remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import { fromBase64, toBase64 } from '../../util/base64';
import { type Fields, fieldsAt, isMap } from '../../util/map';

/** Labels of objects that `istio-mesh` created, and may remove. */
export const MANAGED_BY = { 'app.kubernetes.io/managed-by': 'istio-mesh' };

/** Whether `istio-mesh` created an object. */
export function isManaged({ metadata }: LiveObject): boolean {
  return Object.entries(MANAGED_BY).every(([key, value]) => metadata.labels?.[key] === value);
}

/** The remote secrets in a cluster, and Secrets without the label that have the name of one for these peers. */
export async function readRemoteSecrets(
  { context, namespace }: ClusterModel, peers: readonly string[],
): Promise<LiveObject[]> {
  const kubectl = new Kubectl(context);
  const labelled = await kubectl.list('secret', namespace, `--selector=${REMOTE_SECRET_LABEL}=true`);
  return withUnlabelled(kubectl, namespace, labelled, peers);
}

/** Labelled remote secrets, and Secrets without the label that have the name of one for these peers. */
export async function withUnlabelled(
  kubectl: Kubectl, namespace: string, labelled: readonly LiveObject[], peers: readonly string[],
): Promise<LiveObject[]> {
  const known = labelled.map(({ metadata }) => metadata).filter(metadata => metadata.namespace === namespace)
    .map(({ name }) => name);
  const missing = peers.map(peer => remoteSecretMetadata(peer, namespace).name).filter(name => !known.includes(name));
  return [...labelled, ...await kubectl.objects(missing.map(name => `secret/${name}`), namespace)];
}

/** The kubeconfig for a peer that istiod finds in a Secret; undefined if it finds none. */
export function kubeconfigIn({ metadata, data = {} }: LiveObject, peer: string): string | undefined {
  const isRemoteSecret = metadata.labels?.[REMOTE_SECRET_LABEL] === 'true';
  return isRemoteSecret && peer in data ? fromBase64(data[peer]) : undefined;
}

/**
 * The remote secret for a peer.
 *
 * @param existing the Secret that it replaces, whose other labels and annotations are kept
 */
export function remoteSecretFor(
  { namespace }: ClusterModel, peer: string, kubeconfig: string, existing?: LiveObject,
): object {
  const metadata = remoteSecretMetadata(peer, namespace);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...metadata,
      ...existing && { resourceVersion: existing.metadata.resourceVersion },
      labels: { ...existing?.metadata.labels, ...existing ? {} : MANAGED_BY, ...metadata.labels },
      annotations: { ...existing?.metadata.annotations, ...metadata.annotations },
    },
    data: { [peer]: toBase64(kubeconfig) },
  };
}

/** Whether two kubeconfigs have the same content, regardless of order and formatting. */
export function isSameKubeconfig(one: string, other: string): boolean {
  return one === other || isDeepStrictEqual(contentOf(one), contentOf(other));
}

/** The cluster and the user of the current context of a kubeconfig; empty if they are missing or cannot be read. */
export function currentContext(kubeconfig: string): { readonly cluster: any; readonly user: any } {
  const { 'current-context': current, contexts, clusters, users } = contentOf(kubeconfig);
  const context = entryOf(contexts, current, 'context');
  return { cluster: entryOf(clusters, context.cluster, 'cluster'), user: entryOf(users, context.user, 'user') };
}

function entryOf(list: unknown, name: unknown, kind: string): Fields {
  return fieldsAt((Array.isArray(list) ? list : []).filter(isMap).find(entry => entry.name === name), kind);
}

function contentOf(kubeconfig: string): Fields {
  try {
    const { preferences, ...content } = parse(kubeconfig, { logLevel: 'error' }); // a warning would show the token
    return content; // without the empty preferences that older versions of istioctl write
  } catch {
    return { kubeconfig };
  }
}
