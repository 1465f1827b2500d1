import type { ClusterObjects } from './cluster-objects';
import { hasEqualQuantities } from './quantities';
import { DEFAULT_AUTOSCALING } from '../../../settings/east-west-gateway-defaults';
import { type Fields, filled, present } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** The Deployment of a gateway, with the objects that belong to it. */
export interface GatewayObjects {
  readonly deployment: LiveObject;
  readonly service?: LiveObject;
  readonly autoscaler?: LiveObject;
  readonly disruptionBudget?: LiveObject;
}

export function gatewayObjects({ gateways }: ClusterObjects, deployment: LiveObject): GatewayObjects {
  const { name, namespace } = deployment.metadata;
  const candidates = gateways.filter(({ metadata }) => metadata.namespace === namespace);
  const findNamed = (wanted: string) =>
    candidates.find(({ kind, metadata }) => kind === wanted && metadata.name === name);
  return {
    deployment,
    service: findNamed('Service'),
    autoscaler: candidates.find(({ kind, spec }) =>
      kind === 'HorizontalPodAutoscaler' && spec?.scaleTargetRef?.name === name),
    disruptionBudget: findNamed('PodDisruptionBudget'),
  };
}

/** The ports of a Service, without the defaults of Kubernetes. */
export function portsOf({ spec }: LiveObject): Fields[] {
  const ports: readonly Fields[] = spec?.ports ?? [];
  return ports.map(({ name, port, targetPort, nodePort }) => present({
    name,
    port,
    targetPort: targetPort === port ? undefined : targetPort,
    nodePort: spec?.type === 'NodePort' ? nodePort : undefined,
  }));
}

/** Annotations of a Service that tools write, not users. */
const TOOL_ANNOTATIONS = [
  /^(kubectl\.kubernetes\.io|meta\.helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io)\//,
  /ip-allocated-from-pool$/,
  /^cloud\.google\.com\/neg/,
];

/** The settings of a Service, without the defaults of Kubernetes. */
export function serviceSettings({ metadata: { annotations = {} }, spec = {} }: LiveObject): Fields {
  const { type, loadBalancerIP, loadBalancerClass, loadBalancerSourceRanges, externalIPs } = spec;
  const { externalTrafficPolicy, ipFamilies, ipFamilyPolicy } = spec;
  const isDualStack = ipFamilyPolicy !== undefined && ipFamilyPolicy !== 'SingleStack';
  const isByTool = (name: string) => TOOL_ANNOTATIONS.some(pattern => pattern.test(name));
  return present({
    type: type === 'LoadBalancer' ? undefined : type,
    annotations: filled(annotations, name => !isByTool(name)),
    loadBalancerIP,
    loadBalancerClass,
    loadBalancerSourceRanges,
    externalTrafficPolicy: externalTrafficPolicy === 'Local' ? externalTrafficPolicy : undefined,
    externalIPs,
    ...isDualStack && { ipFamilies, ipFamilyPolicy },
  });
}

const DEFAULT_RESOURCES = {
  requests: { cpu: '100m', memory: '128Mi' },
  limits: { cpu: '2000m', memory: '1024Mi' },
};

/** Annotations of pods that charts and `kubectl rollout restart` write. */
const GENERATED_POD_ANNOTATIONS = new RegExp(`^(${[
  'inject\\.istio\\.io/templates',
  'sidecar\\.istio\\.io/inject',
  'istio\\.io/rev',
  'prometheus\\.io/\\w+',
  'kubectl\\.kubernetes\\.io/restartedAt',
].join('|')})$`);

/** The settings of the pods of a gateway, without the defaults of Istio's charts. */
export function podSettings({ deployment }: GatewayObjects): Fields {
  const { metadata = {}, spec = {} } = deployment.spec?.template ?? {};
  const { resources = {} } = proxyOf(deployment);
  return present({
    resources: hasEqualQuantities(resources, DEFAULT_RESOURCES) ? undefined : resources,
    nodeSelector: filled(spec.nodeSelector),
    tolerations: spec.tolerations?.length > 0 ? spec.tolerations : undefined,
    affinity: filled(spec.affinity, (_, rules) => Object.keys(rules as Fields).length > 0),
    podAnnotations: filled(metadata.annotations, name => !GENERATED_POD_ANNOTATIONS.test(name)),
    priorityClassName: spec.priorityClassName,
  });
}

/** The environment variables of the proxy, in their order. */
export function variablesOf(deployment: LiveObject): readonly Fields[] {
  return proxyOf(deployment).env ?? [];
}

function proxyOf(deployment: LiveObject): { readonly resources?: Fields; readonly env?: readonly Fields[] } {
  return deployment.spec?.template?.spec?.containers?.find((one: Fields) => one.name === 'istio-proxy') ?? {};
}

/** The number of pods of a gateway and its disruption budget, without the defaults of Istio's charts. */
export function replicaSettings({ deployment, autoscaler, disruptionBudget }: GatewayObjects): Fields {
  const { minAvailable, maxUnavailable } = disruptionBudget?.spec ?? {};
  const podDisruptionBudget = filled({ minAvailable, maxUnavailable });
  if (!autoscaler) {
    const { replicas } = deployment.spec ?? {};
    const replicaCount = replicas === 1 ? undefined : replicas;
    return present({ autoscaling: { enabled: false }, replicaCount, podDisruptionBudget });
  }
  const { minReplicas = 1, maxReplicas, metrics = [] } = autoscaler.spec ?? {};
  const cpuMetric = metrics.find((metric: LiveObject) => metric.resource?.name === 'cpu');
  const targetCPUUtilizationPercentage = cpuMetric?.resource.target?.averageUtilization;
  const autoscaling = { minReplicas, maxReplicas, targetCPUUtilizationPercentage };
  const isDefaultBudget = minReplicas > 1 && minAvailable === 1 && maxUnavailable === undefined;
  return present({
    autoscaling: filled(autoscaling, (name, value) => value !== (DEFAULT_AUTOSCALING as Fields)[name]),
    podDisruptionBudget: isDefaultBudget ? undefined : podDisruptionBudget,
  });
}
