import { isMap } from '../map';
import { ISTIO_SYSTEM } from '../names';

/**
 * What the IstioOperators say: Istio's own words, in Istio's own spelling.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
 */

/** Plain data in Istio's own spelling. */
export interface Fields { readonly [field: string]: unknown }

/** A control plane, before it is written for a particular installer. */
export interface ControlPlane {
  readonly meshID: string;
  readonly clusterName: string;
  readonly network: string;
  readonly namespace: string;
  readonly revision: string;
  readonly profile?: string;
  readonly hub?: string;
  readonly tag?: string;
  readonly compatibilityVersion?: string;
  readonly values?: Fields;
  readonly meshConfig?: Fields;
  readonly components?: Fields;
}

/** An east-west gateway, before it is written for a particular installer. */
export interface Gateway {
  readonly name: string;
  readonly namespace: string;
  readonly network: string;
  readonly revision: string;
  readonly labels: { readonly [name: string]: string };
  /** Kubernetes settings of the gateway. IstioOperator field: `components.ingressGateways[].k8s`. */
  readonly k8s: Fields;
  /** Helm values of the gateway. IstioOperator field: `values.gateways.istio-ingressgateway`. */
  readonly values: Fields;
}

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
        k8s: gateway.k8s,
      }],
    },
    values: {
      gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway', ...gateway.values } },
      global: { ...istioNamespaceField(gateway.namespace), network: gateway.network },
    },
  };
}

function namespaceField(namespace: string): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { namespace };
}

function istioNamespaceField(namespace: string): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { istioNamespace: namespace };
}

/** Maps merge key by key, everything else is replaced. */
export function overlay(base: Fields, over: Fields): Fields {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const below = merged.get(key);
    merged.set(key, isMap(below) && isMap(value) ? overlay(below, value) : value);
  }
  return Object.fromEntries(merged);
}
