import { checkEachCluster, checkSetting, rulesOfPart } from './cluster-rule';
import { type MaybeProblem, type Rules, type Violation, problem, Severity, violations } from '../../core/rule';
import type { ClusterModel, GatewayModel, MeshModel } from '../../definition/mesh-model';
import { DEFAULT_NAME } from '../../settings/east-west-gateway-defaults';
import { nearest } from '../../util/suggestions';
import { EXPOSED_SERVICES_RULES } from '../construct/exposed-services-rules';
import { GATEWAY_RULES } from '../construct/gateway-rules';

const MULTI_NETWORK = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/';

/** Rules for the gateways between networks, and for the services that they expose. */
export const NETWORK_RULES: Rules<MeshModel> = [
  ...rulesOfPart<GatewayModel>(GATEWAY_RULES, cluster => cluster.eastWestGateway, 'eastWestGateway'),
  {
    code: 'IM051',
    severity: Severity.ERROR,
    title: 'a gateway serves the network of its cluster',
    symptom: 'no endpoint is on the network of the gateway, so istiod never chooses it, and other clusters send '
      + 'traffic to pod addresses that they cannot reach',
    fix: 'remove eastWestGateway.network',
    see: `${MULTI_NETWORK}#install-the-east-west-gateway-in-cluster2`,
    check: checkSetting(['eastWestGateway', 'network'], otherNetworkProblem),
  },
  {
    code: 'IM052',
    severity: Severity.ERROR,
    title: 'each network is reachable through a gateway that both sides know',
    symptom: 'istiod sends pod addresses to the other network, and requests time out',
    fix: 'install a gateway in the cluster, or in a cluster on its network that is a peer of both',
    see: MULTI_NETWORK,
    check: checkSetting(['eastWestGateway', 'install'], unreachableProblem),
  },
  {
    code: 'IM053',
    severity: Severity.WARNING,
    title: 'no gateway is installed if all peers are on the same network',
    symptom: 'the load balancer costs money and can be reached from outside, but no traffic uses it',
    fix: 'set eastWestGateway.install to auto, or remove it',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/',
    check: checkSetting(['eastWestGateway', 'install'], ({ eastWestGateway, network, peers }) =>
      eastWestGateway && peers.every(peer => peer.network === network)
        && problem('eastWestGateway.install \'always\' installs a gateway that no traffic uses, because no peer is on '
          + `a network other than '${network}'`, 'remove it')),
  },
  {
    code: 'IM054',
    severity: Severity.ERROR,
    title: 'a gateway uses a revision or a tag that is installed in its cluster',
    symptom: 'the gateway is not injected, and its pod never starts: its image is auto',
    fix: 'use a tag of the cluster, or the revision of the cluster or of its canary',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#canary-upgrade-advanced',
    check: checkSetting(['eastWestGateway', 'revision'], revisionProblem),
  },
  {
    code: 'IM055',
    severity: Severity.ERROR,
    title: 'only one IstioOperator installs the gateway',
    symptom: 'each installation of one IstioOperator takes the gateway from the other',
    fix: 'configure the gateway with eastWestGateway',
    see: 'https://github.com/istio/istio/issues/29633',
    check: checkEachCluster(repeatedGateways),
  },
  ...rulesOfPart(EXPOSED_SERVICES_RULES, ({ exposedServices: { hosts }, clusterDomain }) =>
    hosts && { hosts, clusterDomain }, 'exposedServices'),
];

function otherNetworkProblem({ network, gatewaySettings: { network: ofGateway } }: ClusterModel): MaybeProblem {
  return network === undefined || ofGateway === undefined || ofGateway === network ? undefined
    : problem(`eastWestGateway.network '${ofGateway}' is not the network of the cluster, '${network}': no endpoint of `
      + `this cluster is on '${ofGateway}', so istiod never chooses the gateway`, 'remove it');
}

/** Other networks reach the services of a cluster through a gateway of its own network that both sides know. */
function unreachableProblem({ eastWestGateway, network, peers }: ClusterModel): MaybeProblem {
  if (eastWestGateway || network === undefined) {
    return undefined;
  }
  const neighbours = peers.filter(peer => peer.network === network && peer.eastWestGateway);
  const remotes = peers.filter(peer => peer.network !== undefined && peer.network !== network);
  const cutOff = remotes.find(peer => !neighbours.some(neighbour => neighbour.peers.includes(peer)));
  return cutOff && problem(
    `eastWestGateway.install 'never' leaves '${cutOff.name}' on network '${cutOff.network}' without a route to network `
      + `'${network}': istiod would send it pod addresses that it cannot reach`,
    `remove it, or install a gateway in a cluster on network '${network}' that is a peer of both`,
  );
}

function revisionProblem(cluster: ClusterModel): MaybeProblem {
  const { revision, canary, revisionTags, eastWestGateway, gatewaySettings: { revision: ofGateway } } = cluster;
  const installed = [...Object.keys(revisionTags), revision, ...canary ? [canary.revision] : []];
  if (!eastWestGateway || ofGateway === undefined || installed.includes(ofGateway)) {
    return undefined;
  }
  return problem(`eastWestGateway.revision '${ofGateway}' is not installed in this cluster, so the gateway would not `
    + 'be injected', nearest(ofGateway, installed.filter(Boolean)));
}

/** Lists of gateways in `components` that contain the east-west gateway. */
function repeatedGateways(
  { settings, gatewaySettings: { name = DEFAULT_NAME } }: ClusterModel,
): Violation[] {
  type Gateways = Array<{ name?: string }> | undefined;
  const { ingressGateways, egressGateways } = (settings.components ?? {}) as { [list: string]: Gateways };
  return Object.entries({ ingressGateways, egressGateways }).flatMap(([list, gateways]) =>
    violations(['components', list], gateways?.some(gateway => gateway.name === name)
      && problem(`components.${list} contains '${name}', which eastWestGateway already installs`,
        'configure it there, and remove it here')));
}
