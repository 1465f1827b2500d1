import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import type { LiveObject } from './kubectl';
import { Kubectl } from './kubectl';
import type { ClusterModel } from '../../definition/mesh-model';
import { LINK_LABEL, remoteSecretMetadata } from '../../istio/remote-secret-metadata';

/** Says of an object that a command of `istio-mesh` made it, and may remove it. */
export const MADE_HERE = { 'app.kubernetes.io/managed-by': 'istio-mesh' };

/** The Secrets in which istiod of a cluster finds others, and those that have the name of one for these peers. */
export async function remoteSecrets({ context, namespace }: ClusterModel, peers: readonly string[]): Promise<LiveObject[]> {
  const kubectl = new Kubectl(context);
  return withNamesakes(kubectl, namespace, await kubectl.list('secret', namespace, `--selector=${LINK_LABEL}=true`), peers);
}

/** Some Secrets, and those that have the name of one for these peers without being among them, e.g. for want of the label. */
export async function withNamesakes(
  kubectl: Kubectl, namespace: string, secrets: readonly LiveObject[], peers: readonly string[],
): Promise<LiveObject[]> {
  const known = new Set(secrets.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.name));
  const missing = peers.map(peer => remoteSecretMetadata(peer, namespace).name).filter(name => !known.has(name));
  return [...secrets, ...await kubectl.objects(missing.map(name => `secret/${name}`), namespace)];
}

/** What istiod reads a peer with, if it finds it in this Secret. */
export function kubeconfigIn({ metadata, data = {} }: LiveObject, peer: string): string | undefined {
  return metadata.labels?.[LINK_LABEL] === 'true' && peer in data ? Buffer.from(data[peer], 'base64').toString() : undefined;
}

/** The Secret that links a cluster with a peer; where there is one already, what others said of it stays. */
export function remoteSecret({ namespace }: ClusterModel, peer: string, kubeconfig: string, before?: LiveObject): object {
  const metadata = remoteSecretMetadata(peer, namespace);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...metadata,
      ...before && { resourceVersion: before.metadata.resourceVersion },
      labels: { ...before?.metadata.labels, ...before ? {} : MADE_HERE, ...metadata.labels },
      annotations: { ...before?.metadata.annotations, ...metadata.annotations },
    },
    data: { [peer]: Buffer.from(kubeconfig).toString('base64') },
  };
}

/** Whether a command of `istio-mesh` made an object. */
export function isMadeHere({ metadata }: LiveObject): boolean {
  return Object.entries(MADE_HERE).every(([key, value]) => metadata.labels?.[key] === value);
}

/** Whether two kubeconfigs say the same, in whatever order and form. */
export function isSameKubeconfig(one: string, other: string): boolean {
  return one === other || isDeepStrictEqual(said(one), said(other));
}

function said(kubeconfig: string): unknown {
  try {
    const { preferences, ...rest } = parse(kubeconfig, { logLevel: 'error' }); // older istioctl write empty ones; a warning would show the token
    return rest;
  } catch {
    return kubeconfig;
  }
}
