/** istiod reads the Secrets of its namespace that have this label with the value `true`, and no others. */
export const LINK_LABEL = 'istio/multiCluster';

/** Says to people which cluster a remote Secret leads to; istiod takes that from the data key alone. */
export const LINK_ANNOTATION = 'networking.istio.io/cluster';

/** Before the name of the cluster, in that of its remote Secret. */
export const LINK_PREFIX = 'istio-remote-secret-';

/** The metadata of the remote Secret that leads to a cluster, as `istioctl create-remote-secret` writes it. */
export function remoteSecretMetadata(clusterName: string, namespace: string) {
  return {
    name: LINK_PREFIX + clusterName,
    namespace,
    labels: { [LINK_LABEL]: 'true' },
    annotations: { [LINK_ANNOTATION]: clusterName },
  };
}
