import { LINK_LABEL } from '../../../istio/remote-secret-metadata';
import { NETWORK_LABEL } from '../../../rules/manifest/east-west-gateways';
import type { LiveObject } from '../../clusters/kubectl';
import { Kubectl } from '../../clusters/kubectl';

/** What of Istio's multicluster installation is in a cluster, by whomever it was made. */
export interface RunningCluster {
  readonly context: string;
  /** Namespace of the control planes. */
  readonly namespace: string;
  /** The Deployments of istiod, of every revision. */
  readonly istiods: readonly LiveObject[];
  /** Deployments, Services, HorizontalPodAutoscalers and PodDisruptionBudgets of Istio's gateways. */
  readonly gateways: readonly LiveObject[];
  /** The DaemonSet of the CNI agent, where there is one. */
  readonly cni?: LiveObject;
  /** Services by which istiod finds the gateways of a network. */
  readonly networkServices: readonly LiveObject[];
  /** What each control plane was installed and is configured with. */
  readonly configMaps: readonly LiveObject[];
  /** The injecting webhooks of revision tags. */
  readonly tags: readonly LiveObject[];
  /** Istio's Gateways that pass TLS through by server name. */
  readonly passthroughs: readonly LiveObject[];
  /** The remote Secrets, in whatever namespace. */
  readonly links: readonly LiveObject[];
  /** Namespace and Secrets of the control plane, and the authorities of the cluster. */
  readonly others: readonly LiveObject[];
}

/** What istiod gives to every namespace: the roots that workloads trust. */
export const ROOTS = 'istio-ca-root-cert';

/** What Kubernetes gives to every namespace: the authority of its API server. */
export const API_SERVER_AUTHORITY = 'kube-root-ca.crt';

const OF_GATEWAYS = ['Deployment', 'Service', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'];

/**
 * Reads what is needed of a cluster, in few calls: each is a program that starts.
 *
 * @throws when the cluster does not answer, or has no istiod, or has them in several namespaces
 */
export async function runningCluster(context: string): Promise<RunningCluster> {
  const kubectl = new Kubectl(context);
  const [workloads, cni, networkServices, tags, gateways, secrets] = await Promise.all([
    kubectl.list(OF_GATEWAYS.join(',').toLowerCase(), undefined, '--selector=istio'),
    kubectl.list('daemonset', undefined, '--selector=k8s-app=istio-cni-node'),
    kubectl.list('service', undefined, `--selector=${NETWORK_LABEL}`),
    kubectl.list('mutatingwebhookconfiguration', undefined, '--selector=istio.io/tag'),
    kubectl.list('gateway.networking.istio.io', undefined),
    kubectl.list('secret', undefined, `--selector=${LINK_LABEL}=true`),
  ]);
  const istiods = workloads.filter(({ kind, metadata }) => kind === 'Deployment' && metadata.labels?.istio === 'pilot');
  const namespaces = [...new Set(istiods.map(({ metadata }) => metadata.namespace!))];
  if (namespaces.length !== 1) {
    throw new Error(`context '${context}': ${namespaces.length === 0 ? 'there is no Deployment of istiod, and nothing to read; leave this context out'
      : `istiod runs in the namespaces ${namespaces.join(', ')}, and a cluster of a mesh has one namespace for it; remove the others first`}`);
  }
  const [namespace] = namespaces;
  const [configMaps, others] = await Promise.all([
    kubectl.list('configmap', namespace, '--selector=istio.io/rev'),
    kubectl.objects([`namespace/${namespace}`, 'secret/cacerts', `configmap/${ROOTS}`, `configmap/${API_SERVER_AUTHORITY}`], namespace),
  ]);
  return {
    context,
    namespace,
    istiods,
    gateways: workloads.filter(({ metadata }) => metadata.labels?.istio !== 'pilot' && metadata.labels?.istio !== 'istiod'),
    cni: cni[0],
    networkServices,
    configMaps,
    tags,
    passthroughs: gateways.filter(({ spec }) => spec?.servers?.some((server: LiveObject) => server.tls?.mode === 'AUTO_PASSTHROUGH')),
    links: secrets,
    others,
  };
}

/** An object of a cluster by its kind and name. */
export function objectNamed(objects: readonly LiveObject[], kind: string, name: string, namespace?: string): LiveObject | undefined {
  return objects.find(object => object.kind === kind && object.metadata.name === name
    && (namespace === undefined || object.metadata.namespace === namespace));
}
