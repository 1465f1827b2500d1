import type { ControlPlane, Gateway } from './control-plane';
import { ISTIO_SYSTEM } from '../../istio/names';
import { type Fields, overlay, present } from '../../util/map';

/**
 * Specs of IstioOperators, in the spelling of Istio.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
 */

/** `spec` of the IstioOperator of a control plane. */
export function controlPlaneSpec(controlPlane: ControlPlane): Fields {
  const { profile, hub, tag, compatibilityVersion, revision, namespace, meshConfig, components } = controlPlane;
  const { meshID, clusterName, network, values = {} } = controlPlane;
  return {
    ...profile && { profile },
    ...hub && { hub },
    ...tag && { tag },
    ...compatibilityVersion && { compatibilityVersion },
    ...revision && { revision },
    ...namespaceField(namespace),
    ...meshConfig && { meshConfig },
    ...components && { components },
    values: overlay(values, {
      global: { ...istioNamespaceField(namespace), meshID, multiCluster: { clusterName }, network },
    }),
  };
}

/**
 * `spec` of the IstioOperator of a second control plane.
 *
 * It has no gateways: their names contain no revision, so it would take over the gateways of the first control plane.
 */
export function canarySpec(canary: ControlPlane): Fields {
  const gateways = Object.entries(DEFAULT_GATEWAYS).map(([list, name]) => [list, [{ name, enabled: false }]]);
  return controlPlaneSpec({ ...canary, components: { ...canary.components, ...Object.fromEntries(gateways) } });
}

const DEFAULT_GATEWAYS = { ingressGateways: 'istio-ingressgateway', egressGateways: 'istio-egressgateway' };

/**
 * `spec` of the IstioOperator of an east-west gateway: the output of Istio's gen-eastwest-gateway.sh, and further
 * settings.
 *
 * @see https://github.com/istio/istio/blob/master/samples/multicluster/gen-eastwest-gateway.sh
 */
export function gatewaySpec(gateway: Gateway): Fields {
  return {
    revision: gateway.revision,
    profile: 'empty',
    ...namespaceField(gateway.namespace),
    components: {
      ingressGateways: [{
        name: gateway.name,
        label: gateway.labels,
        enabled: true,
        k8s: kubernetesFields(gateway),
      }],
    },
    values: {
      gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway', ...autoscalingValues(gateway) } },
      global: { ...istioNamespaceField(gateway.namespace), network: gateway.network },
    },
  };
}

function kubernetesFields(gateway: Gateway): Fields {
  const { nodeSelector, podAnnotations, podDisruptionBudget, priorityClassName, replicaCount } = gateway;
  const { scheduling, env, serviceAnnotations, service, ports } = gateway;
  return {
    ...scheduling,
    ...present({ nodeSelector, podAnnotations, podDisruptionBudget, priorityClassName, replicaCount }),
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ...Object.keys(serviceAnnotations).length > 0 && { serviceAnnotations },
    service: { ...service, ports },
  };
}

function autoscalingValues({ autoscaling }: Gateway): Fields {
  const { enabled, minReplicas, maxReplicas, targetCPUUtilizationPercentage: utilization } = autoscaling;
  return {
    ...present({ autoscaleEnabled: enabled, autoscaleMin: minReplicas, autoscaleMax: maxReplicas }),
    ...utilization !== undefined && { cpu: { targetAverageUtilization: utilization } },
  };
}

function namespaceField(namespace: string): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { namespace };
}

function istioNamespaceField(namespace: string): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { istioNamespace: namespace };
}
