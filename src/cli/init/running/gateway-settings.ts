import { isSameQuantities } from './quantities';
import type { RunningCluster } from './cluster-objects';
import type { EastWestGatewayPort } from '../../../settings/east-west-gateway-options';
import type { Fields } from '../../../util/map';
import { filled, present } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** A gateway: its Deployment, and what belongs to it. */
export interface GatewayParts {
  readonly deployment: LiveObject;
  readonly service?: LiveObject;
  readonly autoscaler?: LiveObject;
  readonly budget?: LiveObject;
}

export function partsOf({ gateways }: RunningCluster, deployment: LiveObject): GatewayParts {
  const { name, namespace } = deployment.metadata;
  const near = gateways.filter(({ metadata }) => metadata.namespace === namespace);
  return {
    deployment,
    service: near.find(({ kind, metadata }) => kind === 'Service' && metadata.name === name),
    autoscaler: near.find(({ kind, spec }) => kind === 'HorizontalPodAutoscaler' && spec?.scaleTargetRef?.name === name),
    budget: near.find(({ kind, metadata }) => kind === 'PodDisruptionBudget' && metadata.name === name),
  };
}

/** The ports of a Service, without what Kubernetes fills in. */
export function portsOf({ spec }: LiveObject): EastWestGatewayPort[] {
  const ports: ReadonlyArray<EastWestGatewayPort & { targetPort?: unknown }> = spec?.ports ?? [];
  return ports.map(({ name, port, targetPort, nodePort }) => present({
    name,
    port,
    targetPort: targetPort === port ? undefined : targetPort,
    nodePort: spec?.type === 'NodePort' ? nodePort : undefined,
  }) as unknown as EastWestGatewayPort);
}

/** What programs write at a Service, and no user. */
const BY_PROGRAMS = [
  /^(kubectl\.kubernetes\.io|meta\.helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io)\//,
  /ip-allocated-from-pool$/,
  /^cloud\.google\.com\/neg/,
];

/** The settings of a Service, without what Kubernetes fills in. */
export function serviceSettings({ metadata: { annotations = {} }, spec = {} }: LiveObject): Fields {
  const { type, loadBalancerIP, loadBalancerClass, loadBalancerSourceRanges, externalTrafficPolicy, externalIPs, ipFamilies, ipFamilyPolicy } = spec;
  const isDual = ipFamilyPolicy !== undefined && ipFamilyPolicy !== 'SingleStack';
  return present({
    type: type === 'LoadBalancer' ? undefined : type,
    annotations: filled(Object.fromEntries(Object.entries(annotations).filter(([name]) => !BY_PROGRAMS.some(one => one.test(name))))),
    loadBalancerIP,
    loadBalancerClass,
    loadBalancerSourceRanges,
    externalTrafficPolicy: externalTrafficPolicy === 'Local' ? externalTrafficPolicy : undefined,
    externalIPs,
    ...isDual && { ipFamilies, ipFamilyPolicy },
  });
}

const RESOURCES = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } };

/** Annotations that charts and `kubectl rollout restart` write. */
const NOT_OF_USER = /^(inject\.istio\.io\/templates|sidecar\.istio\.io\/inject|istio\.io\/rev|prometheus\.io\/\w+|kubectl\.kubernetes\.io\/restartedAt)$/;

/** What is said of the pods beyond what charts say. */
export function podSettings({ deployment }: GatewayParts): Fields {
  const { metadata = {}, spec = {} } = deployment.spec?.template ?? {};
  const { resources = {} } = proxyOf(deployment);
  const annotations = Object.entries((metadata.annotations ?? {}) as Fields).filter(([name]) => !NOT_OF_USER.test(name));
  const affinity = Object.entries((spec.affinity ?? {}) as Fields).filter(([, rules]) => Object.keys(rules as Fields).length > 0);
  return present({
    resources: isSameQuantities(resources, RESOURCES) ? undefined : resources,
    nodeSelector: filled(spec.nodeSelector ?? {}),
    tolerations: spec.tolerations?.length > 0 ? spec.tolerations : undefined,
    affinity: filled(Object.fromEntries(affinity)),
    podAnnotations: filled(Object.fromEntries(annotations)),
    priorityClassName: spec.priorityClassName,
  });
}

/** The variables of the proxy, in their order. */
export function variablesOf(deployment: LiveObject): readonly Fields[] {
  return proxyOf(deployment).env ?? [];
}

function proxyOf(deployment: LiveObject): { readonly resources?: Fields; readonly env?: readonly Fields[] } {
  return deployment.spec?.template?.spec?.containers?.find((one: Fields) => one.name === 'istio-proxy') ?? {};
}

const AUTOSCALING = { minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 80 };

/** How many pods there are, and how many stay, where that is not what charts say. */
export function replicaSettings({ deployment, autoscaler, budget }: GatewayParts): Fields {
  const { minAvailable, maxUnavailable } = budget?.spec ?? {};
  const podDisruptionBudget = filled({ minAvailable, maxUnavailable });
  if (!autoscaler) {
    const { replicas } = deployment.spec ?? {};
    return present({ autoscaling: { enabled: false }, replicaCount: replicas === 1 ? undefined : replicas, podDisruptionBudget });
  }
  const { minReplicas = 1, maxReplicas, metrics = [] } = autoscaler.spec ?? {};
  const targetCPUUtilizationPercentage = metrics.find((metric: any) => metric.resource?.name === 'cpu')?.resource.target?.averageUtilization;
  const found = Object.entries({ minReplicas, maxReplicas, targetCPUUtilizationPercentage })
    .filter(([name, value]) => value !== AUTOSCALING[name as keyof typeof AUTOSCALING]);
  const isOfChart = minReplicas > 1 && minAvailable === 1 && maxUnavailable === undefined;
  return present({ autoscaling: filled(Object.fromEntries(found)), podDisruptionBudget: isOfChart ? undefined : podDisruptionBudget });
}
