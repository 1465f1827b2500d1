import type { EastWestGatewayAutoscaling, EastWestGatewayPort } from './east-west-gateway-options';

/** Default name of a gateway. */
export const DEFAULT_NAME = 'istio-eastwestgateway';

/** Labels of the pods of a gateway, as in Istio's gateway chart. */
export function selectorLabels(name: string): { [label: string]: string } {
  return { app: name, istio: name.replace(/^istio-/, '') };
}

/** Prefix of the IstioOperator of a gateway with another name, so that it never equals that of a control plane. */
export const OPERATOR_PREFIX = 'eastwest-';

/** Variable with which a gateway requests the endpoints for its network from istiod. */
export const NETWORK_VIEW = 'ISTIO_META_REQUESTED_NETWORK_VIEW';

/** Name of the port for traffic from other networks. */
export const TLS_PORT_NAME = 'tls';

/** Port at which istiod expects the gateways of other networks, unless a label of their Service sets another. */
export const CROSS_NETWORK_PORT = 15443;

/** Defaults of Istio's charts for the autoscaler of a gateway. */
export const DEFAULT_AUTOSCALING: Required<EastWestGatewayAutoscaling> = {
  enabled: true, minReplicas: 1, maxReplicas: 5, targetCPUUtilizationPercentage: 80,
};

export const DEFAULT_PORTS: EastWestGatewayPort[] = [
  { name: 'status-port', port: 15021 },
  { name: TLS_PORT_NAME, port: CROSS_NETWORK_PORT },
];
