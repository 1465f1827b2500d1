import type { EastWestGatewayPort } from './east-west-gateway-options';

/** Name of a gateway, unless another is said. */
export const DEFAULT_NAME = 'istio-eastwestgateway';

/** Labels of the pods of a gateway, as Istio's gateway chart has them. */
export function selectorLabels(name: string): { [label: string]: string } {
  return { app: name, istio: name.replace(/^istio-/, '') };
}

/**
 * Before the name of a gateway of another name, in that of its IstioOperator, so that it is never a control plane's.
 */
export const OPERATOR_PREFIX = 'eastwest-';

/** The variable by which a gateway tells istiod which network it is for. */
export const NETWORK_VIEW = 'ISTIO_META_REQUESTED_NETWORK_VIEW';

/** Name of the port that takes the traffic of the other networks. */
export const TLS_PORT_NAME = 'tls';

/** Port at which istiod looks for the gateways of the other networks, unless their Service's label names another. */
export const CROSS_NETWORK_PORT = 15443;

export const DEFAULT_PORTS: EastWestGatewayPort[] = [
  { name: 'status-port', port: 15021 },
  { name: TLS_PORT_NAME, port: CROSS_NETWORK_PORT },
];
