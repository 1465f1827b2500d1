/** Label of a remote secret: istiod reads only the Secrets in its namespace that have it with the value `true`. */
export const REMOTE_SECRET_LABEL = 'istio/multiCluster';

/** Annotation that names the cluster of a remote secret for people; istiod uses only the data key. */
export const REMOTE_SECRET_ANNOTATION = 'networking.istio.io/cluster';

/** Prefix of the name of a remote secret; the name of the cluster follows. */
export const REMOTE_SECRET_PREFIX = 'istio-remote-secret-';

/** The metadata of the remote secret for a cluster, as `istioctl create-remote-secret` writes it. */
export function remoteSecretMetadata(clusterName: string, namespace: string) {
  return {
    name: REMOTE_SECRET_PREFIX + clusterName,
    namespace,
    labels: { [REMOTE_SECRET_LABEL]: 'true' },
    annotations: { [REMOTE_SECRET_ANNOTATION]: clusterName },
  };
}
