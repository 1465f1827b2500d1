import type { ApiObject, ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { objectIn, Step } from '../core/step';
import { TLS_PORT_NAME } from '../settings/east-west-gateway-defaults';
import type { EastWestGatewayNetworkPolicy, EastWestGatewayPort } from '../settings/east-west-gateway-options';

/** Ports that Istio's own policies open at every gateway: health checks, and metrics of the agent and of Envoy. */
const PROXY_PORTS = [15021, 15020, 15090];

/** The gateway whose pods a NetworkPolicy selects. */
interface SelectedGateway extends Construct {
  readonly name: string;
  readonly namespace: string;
  readonly selectorLabels: { readonly [name: string]: string };
}

/**
 * The NetworkPolicy of a gateway's pods. It limits incoming traffic only.
 *
 * Its name has a prefix, because Istio's gateway charts name their own policies after the gateway and its revision.
 */
export function gatewayNetworkPolicy(
  gateway: SelectedGateway, ports: readonly EastWestGatewayPort[], { ipBlocks }: EastWestGatewayNetworkPolicy,
): ApiObject {
  const opened = ports.map(({ name, port, targetPort = port }) => [name, targetPort] as const);
  const tls = opened.flatMap(([name, port]) => name === TLS_PORT_NAME ? [port] : []);
  // A policy allows everything that one of its rules allows, so that only one rule contains the port for tls.
  const others = [...new Set([...opened.map(([, port]) => port), ...PROXY_PORTS])].filter(port => !tls.includes(port));
  return objectIn<ApiObjectProps>(Step.EAST_WEST_GATEWAY, gateway, 'NetworkPolicy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `cross-network-${gateway.name}`, namespace: gateway.namespace },
    spec: {
      podSelector: { matchLabels: gateway.selectorLabels },
      policyTypes: ['Ingress'],
      ingress: [
        { ...ipBlocks && { from: ipBlocks.map(cidr => ({ ipBlock: { cidr } })) }, ports: tcp(tls) },
        { ports: tcp(others) },
      ],
    },
  });
}

function tcp(ports: number[]): object[] {
  return ports.map(port => ({ protocol: 'TCP', port }));
}
