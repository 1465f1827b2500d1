import { applyRule } from './apply-rule';
import { clusterDomainOf } from './control-planes';
import { type EastWestGateway, crossNetworkPort, eastWestGatewaysOf } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { objectsOf, Part } from './parts';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { EXPOSED_SERVICES_RULES } from '../construct/exposed-services-rules';

const EXPOSE = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#expose-services-in-cluster1';
const GATEWAY = 'https://istio.io/latest/docs/reference/config/networking/gateway/';
const PASSTHROUGH = 'AUTO_PASSTHROUGH';
const GATEWAY_KIND = 'Gateway.networking.istio.io';

/** The servers of a Gateway object that route the traffic of the mesh by its server name. */
function passthroughServers(object: Part): Part[] {
  return object.at('spec', 'servers').items.filter(server => server.at('tls', 'mode').value === PASSTHROUGH);
}

/** The labels in the selector of a Gateway object that the pods of a gateway do not have. */
function unmatchedLabels(object: Part, { podLabels }: EastWestGateway): Part[] {
  return podLabels === undefined ? [] : object.at('spec', 'selector').entries
    .filter(({ key, text }) => text !== undefined && podLabels.at(key).value !== text);
}

/** The gateways that a Gateway object selects. */
function selectedBy(object: Part, gateways: readonly EastWestGateway[]): EastWestGateway[] {
  return gateways.filter(gateway => unmatchedLabels(object, gateway).length === 0);
}

function selectorFindings(cluster: ClusterManifests): Violation[] {
  const gateways = eastWestGatewaysOf(cluster);
  if (gateways.length === 0) {
    return [];
  }
  const [{ name, podLabels }] = gateways;
  return objectsOf(cluster, GATEWAY_KIND)
    .filter(object => passthroughServers(object).length > 0 && selectedBy(object, gateways).length === 0)
    .flatMap(object => unmatchedLabels(object, gateways[0]).flatMap(part => {
      const expected = podLabels?.at(part.key).text;
      const fix = expected === undefined ? 'remove it' : `write ${part.key}: ${expected}`;
      return part.found(problem(`selector ${part.key}: ${part.text} is not a label of the gateway '${name}', so the `
        + 'gateway has no listener for other networks', fix));
    }));
}

function portFindings(cluster: ClusterManifests): Violation[] {
  const gateways = eastWestGatewaysOf(cluster);
  return objectsOf(cluster, GATEWAY_KIND).flatMap(object => passthroughServers(object).flatMap(server => {
    const port = server.at('port', 'number');
    const [gateway] = selectedBy(object, gateways);
    return port.found(gateway && portProblem(port, gateway));
  }));
}

function portProblem(port: Part, gateway: EastWestGateway): MaybeProblem {
  const expected = crossNetworkPort(gateway);
  const shown = typeof port.value === 'number' ? `port ${port.value}` : 'the port';
  return port.value === expected ? undefined
    : problem(`${shown} is not ${expected}, the port to which other networks connect at the gateway '${gateway.name}', `
      + 'so their requests are not answered', `write ${expected}`);
}

function modeFindings(cluster: ClusterManifests): Violation[] {
  const gateways = eastWestGatewaysOf(cluster);
  return objectsOf(cluster, GATEWAY_KIND).flatMap(object => object.at('spec', 'servers').items.flatMap(server => {
    const port = server.at('port', 'number').value;
    const isCrossNetwork = selectedBy(object, gateways).some(gateway => crossNetworkPort(gateway) === port);
    const mode = server.at('tls', 'mode');
    const shown = mode.text === undefined ? 'is missing' : `is '${mode.text}'`;
    return (mode.isPresent ? mode : server).found(isCrossNetwork && mode.value !== PASSTHROUGH
      && problem(`tls.mode ${shown} on the port for other networks, where only ${PASSTHROUGH} routes to the services `
        + 'of the mesh', `write ${PASSTHROUGH}`));
  }));
}

function hostFindings(cluster: ClusterManifests): Violation[] {
  const clusterDomain = clusterDomainOf(cluster);
  if (clusterDomain === undefined) {
    return [];
  }
  const check = (part: Part, hosts: string[]) =>
    part.found(...applyRule(EXPOSED_SERVICES_RULES, 'IM060', { hosts, clusterDomain }));
  const lists = objectsOf(cluster, GATEWAY_KIND).flatMap(passthroughServers).map(server => server.at('hosts'));
  return lists.flatMap(hosts => hosts.items.length === 0 ? check(hosts, [])
    : hosts.items.flatMap(host => host.text === undefined ? [] : check(host, [host.text])));
}

/** Whether an object, applied or not, lets a gateway answer other networks. */
function isForOtherNetworks(object: Part, port: number): boolean {
  if (object.at('kind').value !== 'Gateway') {
    return false;
  }
  return object.at('spec', 'gatewayClassName').isPresent || passthroughServers(object).length > 0
    || object.at('spec', 'servers').items.some(server => server.at('port', 'number').value === port);
}

function unexposed(cluster: ClusterManifests): Violation[] {
  const objects = cluster.manifests.map(({ object }, i) => new Part([i], object));
  const isExposed = (gateway: EastWestGateway) =>
    objects.some(object => isForOtherNetworks(object, crossNetworkPort(gateway)));
  return eastWestGatewaysOf(cluster).filter(gateway => !isExposed(gateway)).flatMap(({ part, name }) => part.found(
    problem(`no Gateway of this cluster has a server with ${PASSTHROUGH}, so the gateway '${name}' does not answer `
      + 'other networks', 'add Istio\'s cross-network-gateway')));
}

/** Rules for the Gateway objects through which an east-west gateway exposes services. */
export const EXPOSURE_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM161',
    severity: Severity.ERROR,
    title: 'the Gateway for other networks selects an east-west gateway',
    symptom: 'connections to port 15443 fail: the gateway has no listener',
    fix: 'use the label istio of the gateway',
    see: EXPOSE,
    check: selectorFindings,
  },
  {
    code: 'IM162',
    severity: Severity.ERROR,
    title: 'the Gateway for other networks listens on the port to which they connect',
    symptom: 'connections to port 15443 fail: the gateway has no listener',
    fix: 'use the port of the gateway\'s Service',
    see: EXPOSE,
    check: portFindings,
  },
  {
    code: 'IM163',
    severity: Severity.ERROR,
    title: `the port for other networks has the TLS mode ${PASSTHROUGH}`,
    symptom: 'the gateway has no route for the server names of the mesh, and resets every connection',
    fix: `write ${PASSTHROUGH}`,
    see: `${GATEWAY}#ServerTLSSettings-TLSmode`,
    check: modeFindings,
  },
  {
    code: 'IM164',
    severity: Severity.ERROR,
    title: 'the hosts of the Gateway for other networks match services of the cluster domain',
    symptom: 'the gateway has no route for any service, and answers every request from another network with 503',
    fix: 'write *.DOMAIN, or *.NAMESPACE.svc.DOMAIN',
    see: EXPOSE,
    check: hostFindings,
  },
  {
    code: 'IM165',
    severity: Severity.WARNING,
    title: 'a cluster with an east-west gateway exposes services',
    symptom: 'istiod sends other networks to a gateway that rejects their connections',
    fix: 'apply Istio\'s expose-services.yaml in every cluster with a gateway',
    see: EXPOSE,
    check: unexposed,
  },
];
