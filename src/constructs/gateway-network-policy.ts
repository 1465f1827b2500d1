import type { ApiObject, ApiObjectProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { objectIn, Step } from '../core/step';
import { TLS_PORT_NAME } from '../settings/east-west-gateway-defaults';
import type { EastWestGatewayNetworkPolicy, EastWestGatewayPort } from '../settings/east-west-gateway-options';

/** What Istio's own policies leave open at every gateway: health checks, and metrics of the agent and of Envoy. */
const PROXY_PORTS = [15021, 15020, 15090];

/** The gateway whose pods a NetworkPolicy selects. */
interface SelectedGateway extends Construct {
  readonly name: string;
  readonly namespace: string;
  readonly selectorLabels: { readonly [name: string]: string };
}

/**
 * The NetworkPolicy of a gateway's pods: who may come in, and nothing of where they may go.
 *
 * Istio's gateway charts name theirs after the gateway, and after the revision behind a `-`; with a word in front, this one is none of them.
 */
export function gatewayNetworkPolicy(
  gateway: SelectedGateway, ports: readonly EastWestGatewayPort[], { ipBlocks }: EastWestGatewayNetworkPolicy,
): ApiObject {
  const opened = ports.map(({ name, port, targetPort = port }) => [name, targetPort] as const);
  const tls = opened.flatMap(([name, port]) => name === TLS_PORT_NAME ? [port] : []);
  // a policy opens what any of its rules opens, so that a pod's port for tls is in no rule but its own
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
