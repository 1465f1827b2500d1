import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Gateway } from './control-plane';
import { objectIn, Step } from '../../core/step';
import { REVISION_LABEL } from '../../istio/labels';
import { type Fields, filled, overlay, present } from '../../util/map';
import { autoscalingOf, minimumPods } from '../gateway-service';

/** Annotations of the gateway's pods, which users can override. */
const POD_ANNOTATIONS = {
  'inject.istio.io/templates': 'gateway',
  'prometheus.io/path': '/stats/prometheus',
  'prometheus.io/port': '15020',
  'prometheus.io/scrape': 'true',
};

/** Istio's defaults, in the spelling of the API server, so that an apply finds no difference. */
const RESOURCES = { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } };

/** Variable with which the proxy knows that it cannot open ports below 1024. */
const UNPRIVILEGED = 'ISTIO_META_UNPRIVILEGED_POD';

/**
 * An east-west gateway as Kubernetes objects: those that istioctl generates from its IstioOperator, without the labels
 * that mark objects as managed by istioctl or Helm.
 *
 * The selectors include the network, as with istioctl. The selector of a Deployment is immutable, so a gateway with
 * different selectors could not replace one that istioctl installed.
 *
 * @returns the Deployment
 */
export function injectedGateway(scope: Construct, id: string, gateway: Gateway): ApiObject {
  const { name, namespace, labels, serviceAnnotations } = gateway;
  const account = `${name}-service-account`;
  const sds = `${name}-sds`;
  const object = (kind: string, apiVersion: string, rest: Fields, objectName = name, annotations?: object) =>
    objectIn<Fields>(Step.EAST_WEST_GATEWAY, scope, kind === 'Deployment' ? id : kind, {
      apiVersion, kind, metadata: { name: objectName, namespace, labels, ...annotations && { annotations } }, ...rest,
    });

  object('ServiceAccount', 'v1', {}, account);
  object('Role', RBAC, { rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }] }, sds);
  object('RoleBinding', RBAC, {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: sds },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  }, sds);
  const deployment = object('Deployment', 'apps/v1', { spec: deploymentSpec(gateway, account) });
  object('Service', 'v1', { spec: serviceSpec(gateway) }, name, filled(serviceAnnotations));
  if (autoscalingOf(gateway).enabled) {
    object('HorizontalPodAutoscaler', 'autoscaling/v2', { spec: autoscalerSpec(gateway) });
  }
  const budget = disruptionBudget(gateway);
  if (budget) {
    object('PodDisruptionBudget', 'policy/v1', { spec: { ...budget, selector: { matchLabels: labels } } });
  }
  return deployment;
}

const RBAC = 'rbac.authorization.k8s.io/v1';

function deploymentSpec(gateway: Gateway, account: string): Fields {
  const { labels, replicaCount } = gateway;
  return {
    // each apply would reset an autoscaler's count
    ...!autoscalingOf(gateway).enabled && present({ replicas: replicaCount }),
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' } },
    template: {
      metadata: { annotations: { ...POD_ANNOTATIONS, ...gateway.podAnnotations }, labels: podLabels(gateway) },
      spec: podSpec(gateway, account),
    },
  };
}

function podLabels({ name, revision, labels }: Gateway): Fields {
  return {
    ...labels,
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': revision || 'latest',
    'sidecar.istio.io/inject': 'true',
    ...revision && { [REVISION_LABEL]: revision },
  };
}

/** istiod injects the image, arguments, volumes and user ID, which differs on OpenShift. */
function podSpec(gateway: Gateway, serviceAccountName: string): Fields {
  const { ports, env, nodeSelector, priorityClassName, scheduling: { resources, ...placement } } = gateway;
  const variables = { ...env, [UNPRIVILEGED]: env[UNPRIVILEGED] ?? 'true' };
  return {
    ...placement,
    ...present({ nodeSelector, priorityClassName }),
    serviceAccountName,
    securityContext: { runAsNonRoot: true },
    containers: [{
      name: 'istio-proxy',
      image: 'auto',
      env: Object.entries(variables).map(([name, value]) => ({ name, value })),
      ports: [
        ...ports.map(({ targetPort }) => ({ containerPort: targetPort, protocol: 'TCP' })),
        { containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' },
      ],
      resources: overlay(RESOURCES, resources as Fields ?? {}),
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        privileged: false,
        readOnlyRootFilesystem: true,
      },
    }],
  };
}

function serviceSpec({ service, labels, ports }: Gateway): Fields {
  return { type: 'LoadBalancer', ...service, selector: labels, ports };
}

function autoscalerSpec(gateway: Gateway): Fields {
  const { minReplicas, maxReplicas, targetCPUUtilizationPercentage } = autoscalingOf(gateway);
  return {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: gateway.name },
    minReplicas,
    maxReplicas,
    metrics: [{
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetCPUUtilizationPercentage } },
    }],
  };
}

/**
 * The budget of the user, or else one for gateways of at least two pods: for a single pod, it would block node drains.
 */
function disruptionBudget(gateway: Gateway): Fields | undefined {
  return filled({ ...gateway.podDisruptionBudget }) ?? (minimumPods(gateway) < 2 ? undefined : { minAvailable: 1 });
}
