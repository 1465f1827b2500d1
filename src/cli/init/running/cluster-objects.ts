import { NETWORK_LABEL } from '../../../istio/labels';
import { ROOT_CONFIG_MAP } from '../../../istio/names';
import { REMOTE_SECRET_LABEL } from '../../../istio/remote-secret-metadata';
import { type LiveObject, Kubectl } from '../../clusters/kubectl';

/** The objects of Istio's multicluster installation in a cluster, regardless of the tool that created them. */
export interface ClusterObjects {
  readonly context: string;
  /** Namespace of the control planes. */
  readonly namespace: string;
  /** Deployments of istiod, one for each revision. */
  readonly istiods: readonly LiveObject[];
  /** Deployments, Services, HorizontalPodAutoscalers and PodDisruptionBudgets of Istio's gateways. */
  readonly gateways: readonly LiveObject[];
  /** DaemonSet of the CNI agent. */
  readonly cni?: LiveObject;
  /** Services with the network label, by which istiod finds the gateways of a network. */
  readonly networkServices: readonly LiveObject[];
  /** ConfigMaps with the values and the mesh configuration of each control plane. */
  readonly configMaps: readonly LiveObject[];
  /** Injection webhooks of revision tags. */
  readonly tags: readonly LiveObject[];
  /** Istio Gateways with a server in the TLS mode AUTO_PASSTHROUGH. */
  readonly passthroughs: readonly LiveObject[];
  /** Remote secrets, in all namespaces. */
  readonly remoteSecrets: readonly LiveObject[];
  /** Namespace of the control plane, its Secret cacerts, and the ConfigMaps with CA certificates. */
  readonly others: readonly LiveObject[];
}

/** ConfigMap with the CA certificate of the API server; Kubernetes creates it in every namespace. */
export const API_SERVER_CA_CONFIG_MAP = 'kube-root-ca.crt';

const WORKLOAD_KINDS = 'deployment,service,horizontalpodautoscaler,poddisruptionbudget';

/**
 * Reads the objects of a cluster. It makes few calls, because each one starts a kubectl process.
 *
 * @throws if the cluster does not respond, has no istiod, or has istiods in several namespaces
 */
export async function readClusterObjects(context: string): Promise<ClusterObjects> {
  const kubectl = new Kubectl(context);
  const [workloads, cni, networkServices, tags, gateways, remoteSecrets] = await Promise.all([
    kubectl.list(WORKLOAD_KINDS, undefined, '--selector=istio'),
    kubectl.list('daemonset', undefined, '--selector=k8s-app=istio-cni-node'),
    kubectl.list('service', undefined, `--selector=${NETWORK_LABEL}`),
    kubectl.list('mutatingwebhookconfiguration', undefined, '--selector=istio.io/tag'),
    kubectl.list('gateway.networking.istio.io', undefined),
    kubectl.list('secret', undefined, `--selector=${REMOTE_SECRET_LABEL}=true`),
  ]);
  const istiods = workloads.filter(({ kind, metadata }) =>
    kind === 'Deployment' && metadata.labels?.istio === 'pilot');
  const namespace = controlPlaneNamespace(istiods, context);
  const [configMaps, others] = await Promise.all([
    kubectl.list('configmap', namespace, '--selector=istio.io/rev'),
    kubectl.objects([
      `namespace/${namespace}`,
      'secret/cacerts',
      `configmap/${ROOT_CONFIG_MAP}`,
      `configmap/${API_SERVER_CA_CONFIG_MAP}`,
    ], namespace),
  ]);
  return {
    context,
    namespace,
    istiods,
    gateways: workloads.filter(({ metadata }) => !['pilot', 'istiod'].includes(metadata.labels?.istio ?? '')),
    cni: cni[0],
    networkServices,
    configMaps,
    tags,
    passthroughs: gateways.filter(isPassthrough),
    remoteSecrets,
    others,
  };
}

function controlPlaneNamespace(istiods: readonly LiveObject[], context: string): string {
  const namespaces = [...new Set(istiods.map(({ metadata }) => metadata.namespace!))];
  if (namespaces.length === 0) {
    throw new Error(`context '${context}': no Deployment of istiod found; omit this context`);
  }
  if (namespaces.length > 1) {
    throw new Error(`context '${context}': istiod runs in the namespaces ${namespaces.join(', ')}, but all control `
      + 'planes of a cluster must be in one namespace; remove the others first');
  }
  return namespaces[0];
}

function isPassthrough({ spec }: LiveObject): boolean {
  return spec?.servers?.some((server: LiveObject) => server.tls?.mode === 'AUTO_PASSTHROUGH') ?? false;
}

/** Finds an object by its kind and name, and optionally by its namespace. */
export function findObject(
  objects: readonly LiveObject[], kind: string, name: string, namespace?: string,
): LiveObject | undefined {
  return objects.find(object => object.kind === kind
    && object.metadata.name === name
    && (namespace === undefined || object.metadata.namespace === namespace));
}
