import type { EastWestGateway } from './east-west-gateways';
import { clusterNetwork, crossNetworkPort, isReached, NETWORK_LABEL, ofEachGateway } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { nameOf } from './parts';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { NETWORK_VIEW } from '../../settings/east-west-gateway-defaults';

const MULTI_NETWORK = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/';

/** What a gateway says of its network in one place, as a message calls it. */
function placeName(part: Part): string {
  return part.key === 'value' || part.key === NETWORK_VIEW ? NETWORK_VIEW : part.key === 'network' ? 'values.global.network' : part.path.includes('selector') ? 'the selector' : `label ${NETWORK_LABEL}`;
}

/** The places of a gateway that differ from the one that the most important of them names. */
function networkDifferences({ networks, labels, env, part }: EastWestGateway, cluster: ClusterManifests): Finding[] {
  const own = clusterNetwork(cluster)?.network;
  const said = networks.map(({ text }) => text);
  const expected = said.includes(own) ? own : labels.at(NETWORK_LABEL).text ?? said[0];
  const missing = [
    ...labels.at(NETWORK_LABEL).isThere ? []
      : part.found(`the label ${NETWORK_LABEL} is missing, by which alone istiod finds the gateway of a network; write ${NETWORK_LABEL}: ${expected}`),
    ...!env || networks.some(({ key }) => key === 'value') ? []
      : (env.isThere ? env : part).found(`the variable ${NETWORK_VIEW} is missing, without which the gateway sends requests on to other networks; set it to '${expected}'`),
  ];
  return [...missing, ...networks.flatMap(place => place.found(place.text === undefined || place.text === expected ? undefined
    : `${placeName(place)} says network '${place.text}', and the gateway is for '${expected}' elsewhere; write '${expected}' in every place`))];
}

/** A gateway that says one network everywhere, and not that of its cluster. */
function foreignNetwork(gateway: EastWestGateway, cluster: ClusterManifests): Finding[] {
  const own = clusterNetwork(cluster);
  const [first, ...others] = gateway.networks;
  return !own || first.text === undefined || first.text === own.network || others.some(({ text }) => text !== first.text) ? []
    : first.found(`network '${first.text}' is not '${own.network}', that of ${nameOf(own.saidBy)}: no endpoint of this cluster is on '${first.text}', so that istiod never chooses the gateway; write '${own.network}'`);
}

function listenerFindings(gateway: EastWestGateway): Finding[] {
  const port = crossNetworkPort(gateway);
  const ports = gateway.service.at('ports');
  return isReached(gateway) ? []
    : (ports.isThere ? ports : gateway.part).found(`the Service has no port ${port}, at which the other networks look for the gateway of its label ${NETWORK_LABEL}, so that istiod ignores it; add the port, or remove the label where this is no gateway`);
}

/** How istiod knows the gateway of a network. */
export const GATEWAY_NETWORK_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM151',
    severity: Severity.ERROR,
    title: 'a gateway says the same network in every place',
    symptom: 'the gateway has the endpoints of another network than its label says, and answers 503',
    fix: 'write one network in the label, the selector and the variable',
    see: 'https://github.com/istio/istio/issues/40709',
    check: ofEachGateway(networkDifferences),
  },
  {
    code: 'IM152',
    severity: Severity.ERROR,
    title: 'the gateway of a cluster is for the network of that cluster',
    symptom: 'no endpoint is on the gateway\'s network, so that it is never chosen, and the others send to pods that they cannot reach',
    fix: 'write the network of the control plane',
    see: `${MULTI_NETWORK}#install-the-east-west-gateway-in-cluster2`,
    check: ofEachGateway(foreignNetwork),
  },
  {
    code: 'IM153',
    severity: Severity.ERROR,
    title: 'the Service of a network\'s gateway has the port for the other networks',
    symptom: 'istiod logs "is labeled as gateway, but does not listen", and the others send to pods that they cannot reach',
    fix: 'add port 15443, or the one that the label networking.istio.io/gatewayPort names',
    see: `${MULTI_NETWORK}#install-the-east-west-gateway-in-cluster1`,
    check: ofEachGateway(listenerFindings),
  },
];
