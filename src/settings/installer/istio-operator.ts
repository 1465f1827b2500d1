import type { ControlPlane, Gateway } from './control-plane';
import { ISTIO_SYSTEM } from '../../istio/names';
import type { Fields } from '../../util/map';
import { overlay, present } from '../../util/map';

/**
 * What the IstioOperators say: Istio's own words, in Istio's own spelling.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
 */

/** `spec` of the IstioOperator of a control plane. */
export function controlPlaneSpec(plane: ControlPlane): Fields {
  return {
    ...plane.profile && { profile: plane.profile },
    ...plane.hub && { hub: plane.hub },
    ...plane.tag && { tag: plane.tag },
    ...plane.compatibilityVersion && { compatibilityVersion: plane.compatibilityVersion },
    ...plane.revision && { revision: plane.revision },
    ...namespaceField(plane.namespace),
    ...plane.meshConfig && { meshConfig: plane.meshConfig },
    ...plane.components && { components: plane.components },
    values: overlay(plane.values ?? {}, {
      global: {
        ...istioNamespaceField(plane.namespace),
        meshID: plane.meshID,
        multiCluster: { clusterName: plane.clusterName },
        network: plane.network,
      },
    }),
  };
}

/**
 * `spec` of the IstioOperator of a second control plane.
 *
 * Without the gateways: they have no revision in their names, so a second owner would take those of the first control plane away.
 */
export function canarySpec(plane: ControlPlane): Fields {
  const gateways = Object.entries(DEFAULT_GATEWAYS).map(([list, name]) => [list, [{ name, enabled: false }]]);
  return controlPlaneSpec({ ...plane, components: { ...plane.components, ...Object.fromEntries(gateways) } });
}

const DEFAULT_GATEWAYS = { ingressGateways: 'istio-ingressgateway', egressGateways: 'istio-egressgateway' };

/**
 * `spec` of the IstioOperator of an east-west gateway: what Istio's gen-eastwest-gateway.sh prints, and the settings beyond it.
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
  const { enabled, minReplicas, maxReplicas, targetCPUUtilizationPercentage } = autoscaling;
  return {
    ...present({ autoscaleEnabled: enabled, autoscaleMin: minReplicas, autoscaleMax: maxReplicas }),
    ...targetCPUUtilizationPercentage !== undefined && { cpu: { targetAverageUtilization: targetCPUUtilizationPercentage } },
  };
}

function namespaceField(namespace: string): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { namespace };
}

function istioNamespaceField(namespace: string): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { istioNamespace: namespace };
}
