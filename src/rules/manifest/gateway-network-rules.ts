import {
  type EastWestGateway,
  checkEachGateway, clusterNetwork, crossNetworkPort, hasCrossNetworkPort,
} from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { type Part, nameOf } from './parts';
import { type Rules, type Violation, problem, Severity } from '../../core/rule';
import { NETWORK_LABEL } from '../../istio/labels';
import { NETWORK_VIEW } from '../../settings/east-west-gateway-defaults';

const MULTI_NETWORK = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/';

/** The name of a place that contains the network of a gateway, as messages show it. */
function placeName(part: Part): string {
  if (part.key === 'value' || part.key === NETWORK_VIEW) {
    return NETWORK_VIEW;
  }
  if (part.key === 'network') {
    return 'values.global.network';
  }
  return part.path.includes('selector') ? 'the selector' : `label ${NETWORK_LABEL}`;
}

/** The network that a gateway is for: that of its cluster if any place contains it, otherwise that of its label. */
function expectedNetwork({ networks, labels }: EastWestGateway, cluster: ClusterManifests): string | undefined {
  const ofCluster = clusterNetwork(cluster)?.network;
  const configured = networks.map(({ text }) => text);
  return configured.includes(ofCluster) ? ofCluster : labels.at(NETWORK_LABEL).text ?? configured[0];
}

function networkDifferences(gateway: EastWestGateway, cluster: ClusterManifests): Violation[] {
  const expected = expectedNetwork(gateway, cluster);
  return [
    ...missingPlaces(gateway, expected),
    ...gateway.networks.flatMap(place => place.found(place.text !== undefined && place.text !== expected
      && problem(`network '${place.text}' in ${placeName(place)} differs from '${expected}', the network of the `
        + 'gateway in other places', `write '${expected}' in every place`))),
  ];
}

function missingPlaces({ networks, labels, env, part }: EastWestGateway, expected: string | undefined): Violation[] {
  const hasLabel = labels.at(NETWORK_LABEL).isPresent;
  const hasView = !env || networks.some(({ key }) => key === 'value');
  return [
    ...hasLabel ? [] : part.found(problem(`the label ${NETWORK_LABEL} is missing, without which istiod does not `
      + 'discover the gateway', `add ${NETWORK_LABEL}: ${expected}`)),
    ...hasView ? [] : (env.isPresent ? env : part).found(problem(`the variable ${NETWORK_VIEW} is missing, without `
      + 'which the gateway forwards requests to other networks', `set it to '${expected}'`)),
  ];
}

/** A gateway that has the same network in every place, but not the network of its cluster. */
function foreignNetwork(gateway: EastWestGateway, cluster: ClusterManifests): Violation[] {
  const ofCluster = clusterNetwork(cluster);
  const [first, ...others] = gateway.networks;
  const isConsistent = others.every(({ text }) => text === first.text);
  if (!ofCluster || first.text === undefined || first.text === ofCluster.network || !isConsistent) {
    return [];
  }
  return first.found(problem(`network '${first.text}' is not '${ofCluster.network}', the network of `
    + `${nameOf(ofCluster.object)}: no endpoint of this cluster is on '${first.text}', so istiod never chooses the `
    + 'gateway', `write '${ofCluster.network}'`));
}

function missingPort(gateway: EastWestGateway): Violation[] {
  const port = crossNetworkPort(gateway);
  const ports = gateway.service.at('ports');
  return hasCrossNetworkPort(gateway) ? [] : (ports.isPresent ? ports : gateway.part).found(
    problem(`the Service has no port ${port}, to which other networks connect at a gateway with the label `
      + `${NETWORK_LABEL}, so istiod ignores it`, 'add the port, or remove the label if this is not a gateway'));
}

/** Rules for the network of a gateway. */
export const GATEWAY_NETWORK_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM151',
    severity: Severity.ERROR,
    title: 'a gateway has the same network in every place',
    symptom: 'the gateway has the endpoints of a different network than its label, and answers 503',
    fix: 'write the same network in the label, the selector and the variable',
    see: 'https://github.com/istio/istio/issues/40709',
    check: checkEachGateway(networkDifferences),
  },
  {
    code: 'IM152',
    severity: Severity.ERROR,
    title: 'an installed gateway serves the network of its cluster',
    symptom: 'no endpoint is on the network of the gateway, so istiod never chooses it, and other clusters send '
      + 'traffic to pod addresses that they cannot reach',
    fix: 'use the network of the control plane',
    see: `${MULTI_NETWORK}#install-the-east-west-gateway-in-cluster2`,
    check: checkEachGateway(foreignNetwork),
  },
  {
    code: 'IM153',
    severity: Severity.ERROR,
    title: 'the Service of a gateway has the port for other networks',
    symptom: 'istiod logs "is labeled as gateway, but does not listen", and other clusters send traffic to pod '
      + 'addresses that they cannot reach',
    fix: 'add port 15443, or the port in the label networking.istio.io/gatewayPort',
    see: `${MULTI_NETWORK}#install-the-east-west-gateway-in-cluster1`,
    check: checkEachGateway(missingPort),
  },
];
