import { lifted, ofEachCluster } from './cluster-rule';
import type { Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, GatewayModel, MeshModel } from '../../definition/mesh-model';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { nearest } from '../../util/suggestions';
import { EXPOSED_SERVICES_RULES } from '../construct/exposed-services-rules';
import { GATEWAY_RULES } from '../construct/gateway-rules';

const MULTI_NETWORK = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/';

/** Gateways between the networks, and what they expose. */
export const NETWORK_RULES: ReadonlyArray<Rule<MeshModel>> = [
  ...lifted<GatewayModel>(GATEWAY_RULES, cluster => cluster.eastWestGateway, 'eastWestGateway'),
  {
    code: 'IM051',
    severity: Severity.ERROR,
    title: 'a gateway is for the network of its cluster',
    symptom: 'no endpoint is on the gateway\'s network, so that it is never chosen, and the others send to pods that they cannot reach',
    fix: 'leave eastWestGateway.network out',
    see: `${MULTI_NETWORK}#install-the-east-west-gateway-in-cluster2`,
    check: ofEachCluster(({ network, gatewaySettings }) => [
      found(['eastWestGateway', 'network'], network === undefined || gatewaySettings.network === undefined || gatewaySettings.network === network ? undefined
        : `eastWestGateway.network '${gatewaySettings.network}' is not the cluster's network '${network}': no endpoint of this cluster is on '${gatewaySettings.network}', so that istiod never chooses the gateway; remove it`),
    ]),
  },
  {
    code: 'IM052',
    severity: Severity.ERROR,
    title: 'each network is reached through a gateway that both sides know',
    symptom: 'istiod sends the other network the addresses of pods, and requests time out',
    fix: 'let the cluster, or a peer of both on its network, have a gateway',
    see: MULTI_NETWORK,
    check: ofEachCluster(cluster => [found(['eastWestGateway', 'install'], unreachedProblem(cluster))]),
  },
  {
    code: 'IM053',
    severity: Severity.WARNING,
    title: 'no gateway stands where every peer is on one network',
    symptom: 'a load balancer is paid for and open to others, and nothing ever goes through it',
    fix: 'leave eastWestGateway.install at auto',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/',
    check: ofEachCluster(({ eastWestGateway, network, peers }) => [
      found(['eastWestGateway', 'install'], eastWestGateway && peers.every(peer => peer.network === network)
        ? `eastWestGateway.install 'always' makes a gateway that nothing goes through, since no peer is on another network than '${network}'; remove it` : undefined),
    ]),
  },
  {
    code: 'IM054',
    severity: Severity.ERROR,
    title: 'a gateway follows a revision that is installed in its cluster, or a tag of the cluster',
    symptom: 'nobody injects the gateway, and its pod never starts: its image is auto',
    fix: 'use a tag of the cluster, or the revision of the cluster or of its canary',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#canary-upgrade-advanced',
    check: ofEachCluster(({ revision, canary, revisionTags, eastWestGateway, gatewaySettings: { revision: ofGateway } }) => {
      const installed = [...Object.keys(revisionTags), revision, ...canary ? [canary.revision] : []];
      return [found(['eastWestGateway', 'revision'], eastWestGateway && ofGateway !== undefined && !installed.includes(ofGateway)
        ? `eastWestGateway.revision '${ofGateway}' is not installed here, so that nobody would inject the gateway; ${nearest(ofGateway, installed.filter(Boolean))}` : undefined)];
    }),
  },
  {
    code: 'IM055',
    severity: Severity.ERROR,
    title: 'one IstioOperator owns a gateway',
    symptom: 'each installation of one takes the gateway from the other',
    fix: 'say its settings at eastWestGateway',
    see: 'https://github.com/istio/istio/issues/29633',
    check: ofEachCluster(({ settings, gatewaySettings: { name = DEFAULT_NAME } }) => {
      const { ingressGateways, egressGateways } = (settings.components ?? {}) as { [list: string]: Array<{ name?: string }> | undefined };
      return Object.entries({ ingressGateways, egressGateways }).map(([list, entries]) => found(['components', list], entries?.some(entry => entry.name === name)
        ? `components.${list} has '${name}', which eastWestGateway installs already; say its settings there, and remove it here` : undefined));
    }),
  },
  ...lifted(EXPOSED_SERVICES_RULES, ({ exposedServices: { hosts }, clusterDomain }) => hosts && { hosts, clusterDomain }, 'exposedServices'),
];

/** The services of a cluster are reached from another network through a gateway of its own network, known to both sides. */
function unreachedProblem(cluster: ClusterModel): string | undefined {
  if (cluster.eastWestGateway || cluster.network === undefined) {
    return undefined;
  }
  const neighbours = cluster.peers.filter(peer => peer.network === cluster.network && peer.eastWestGateway);
  const unreached = cluster.peers.filter(peer => peer.network !== undefined && peer.network !== cluster.network)
    .find(peer => !neighbours.some(neighbour => neighbour.peers.includes(peer)));
  return unreached
    && `eastWestGateway.install 'never' leaves '${unreached.name}' on network '${unreached.network}' no way to network '${cluster.network}': istiod would send it pod addresses that it cannot reach; remove it, or install a gateway in a peer of both on network '${cluster.network}'`;
}
