import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import { ClusterModel } from '../mesh-model';
import { REMOTE_SECRET_LABEL, remoteSecretMetadata } from '../remote-secret';
import { Kubectl, LiveObject } from './kubectl';

/** A Secret in which istiod of a cluster finds another one, or a key of it where it holds several. */
export interface RemoteLink {
  /** Name of the other cluster: the key, from which alone istiod takes it. */
  readonly peer: string;
  readonly kubeconfig: string;
  readonly secret: LiveObject;
}

/** Says of a Secret that `istio-mesh link` made it, and may remove it. */
const MADE_HERE = { 'app.kubernetes.io/managed-by': 'istio-mesh' };

/** The links that a cluster has: everything that its istiod reads of others. */
export async function remoteLinks({ context, namespace }: ClusterModel): Promise<RemoteLink[]> {
  const secrets = await new Kubectl(context).list('secret', namespace, `--selector=${REMOTE_SECRET_LABEL}=true`);
  return secrets.flatMap(secret => Object.entries<string>(secret.data ?? {}).map(([peer, data]) =>
    ({ peer, kubeconfig: Buffer.from(data, 'base64').toString(), secret })));
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

/** Whether `istio-mesh link` made a Secret. */
export function isMadeHere({ metadata }: LiveObject): boolean {
  return Object.entries(MADE_HERE).every(([key, value]) => metadata.labels?.[key] === value);
}

/** Whether two kubeconfigs say the same, in whatever order and form. */
export function isSameKubeconfig(one: string, other: string): boolean {
  return one === other || isDeepStrictEqual(said(one), said(other));
}

function said(kubeconfig: string): unknown {
  try {
    const { preferences, ...rest } = parse(kubeconfig); // older istioctl write empty ones
    return rest;
  } catch {
    return kubeconfig;
  }
}
