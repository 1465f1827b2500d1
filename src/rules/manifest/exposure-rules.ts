import { controlPlanesOf } from './control-planes';
import type { EastWestGateway } from './east-west-gateways';
import { crossNetworkPort, eastWestGatewaysOf } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { objectsOf, Part } from './parts';
import { shared } from './shared-rules';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { EXPOSED_SERVICES_RULES } from '../construct/exposed-services-rules';

const EXPOSE = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#expose-services-in-cluster1';
const GATEWAY = 'https://istio.io/latest/docs/reference/config/networking/gateway/';
const PASSING = 'AUTO_PASSTHROUGH';
const GATEWAY_KIND = 'Gateway.networking.istio.io';

/** The servers of a Gateway object that pass the traffic of the mesh through by its server name. */
function passingServers(object: Part): Part[] {
  return object.at('spec', 'servers').items.filter(server => server.at('tls', 'mode').value === PASSING);
}

/** The labels that a Gateway object selects and a gateway does not have. */
function missedLabels(object: Part, { podLabels }: EastWestGateway): Part[] {
  return podLabels === undefined ? [] : object.at('spec', 'selector').entries.filter(({ key, text }) => text !== undefined && podLabels.at(key).value !== text);
}

/** The gateways that a Gateway object is for. */
function selectedBy(object: Part, gateways: readonly EastWestGateway[]): EastWestGateway[] {
  return gateways.filter(gateway => missedLabels(object, gateway).length === 0);
}

function selectorFindings(cluster: ClusterManifests): Finding[] {
  const gateways = eastWestGatewaysOf(cluster);
  return gateways.length === 0 ? [] : objectsOf(cluster, GATEWAY_KIND)
    .filter(object => passingServers(object).length > 0 && selectedBy(object, gateways).length === 0)
    .flatMap(object => missedLabels(object, gateways[0]).flatMap(part => part.found(
      `selector ${part.key}: ${part.text} is no label of the gateway '${gateways[0].name}', so that it gets no listener for the other networks; ${fix(part, gateways[0])}`)));
}

function fix({ key }: Part, { podLabels }: EastWestGateway): string {
  const right = podLabels?.at(key).text;
  return right === undefined ? 'remove it' : `write ${key}: ${right}`;
}

function portFindings(cluster: ClusterManifests): Finding[] {
  const gateways = eastWestGatewaysOf(cluster);
  return objectsOf(cluster, GATEWAY_KIND).flatMap(object => passingServers(object).flatMap(server => {
    const port = server.at('port', 'number');
    const said = typeof port.value === 'number' ? `port ${port.value}` : 'the port';
    const [gateway] = selectedBy(object, gateways);
    return port.found(gateway === undefined || port.value === crossNetworkPort(gateway) ? undefined
      : `${said} is not ${crossNetworkPort(gateway)}, at which the other networks reach the gateway '${gateway.name}', so that nobody answers them; write ${crossNetworkPort(gateway)}`);
  }));
}

function modeFindings(cluster: ClusterManifests): Finding[] {
  const gateways = eastWestGatewaysOf(cluster);
  return objectsOf(cluster, GATEWAY_KIND).flatMap(object => object.at('spec', 'servers').items.flatMap(server => {
    const isCross = selectedBy(object, gateways).some(gateway => crossNetworkPort(gateway) === server.at('port', 'number').value);
    const mode = server.at('tls', 'mode');
    return (mode.isThere ? mode : server).found(!isCross || mode.value === PASSING ? undefined
      : `tls.mode ${mode.text === undefined ? 'is missing' : `'${mode.text}'`} at the port of the other networks, where only ${PASSING} leads to the services of the mesh; write ${PASSING}`);
  }));
}

function hostFindings(cluster: ClusterManifests): Finding[] {
  const clusterDomain = controlPlanesOf(cluster).map(plane => plane.clusterDomain).find(domain => domain !== undefined);
  return clusterDomain === undefined ? [] : objectsOf(cluster, GATEWAY_KIND).flatMap(passingServers).map(server => server.at('hosts')).flatMap(hosts => {
    const judged = (part: Part, texts: string[]) => shared(EXPOSED_SERVICES_RULES, 'IM060', { hosts: texts, clusterDomain }).flatMap(({ message }) => part.found(message));
    return hosts.items.length === 0 ? judged(hosts, []) : hosts.items.flatMap(host => host.text === undefined ? [] : judged(host, [host.text]));
  });
}

/** Whether an object makes a gateway answer the other networks, wherever its file lies. */
function isForOthers(object: Part, port: number): boolean {
  return object.at('kind').value === 'Gateway' && (object.at('spec', 'gatewayClassName').isThere || passingServers(object).length > 0
    || object.at('spec', 'servers').items.some(server => server.at('port', 'number').value === port));
}

function unexposed(cluster: ClusterManifests): Finding[] {
  const objects = cluster.manifests.map(({ object }, i) => new Part([i], object));
  const isAnswering = (gateway: EastWestGateway) => objects.some(object => isForOthers(object, crossNetworkPort(gateway)));
  return eastWestGatewaysOf(cluster).filter(gateway => !isAnswering(gateway)).flatMap(({ part, name }) => part.found(
    `no Gateway of this cluster has a server with ${PASSING}, so that the gateway '${name}' answers no other network; add Istio's cross-network-gateway`));
}

/** What an east-west gateway answers the other networks. */
export const EXPOSURE_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM161',
    severity: Severity.ERROR,
    title: 'the Gateway for the other networks selects an east-west gateway',
    symptom: 'connections to port 15443 are refused: the gateway has no listener',
    fix: 'write the label istio of the gateway',
    see: EXPOSE,
    check: selectorFindings,
  },
  {
    code: 'IM162',
    severity: Severity.ERROR,
    title: 'the Gateway for the other networks listens where they knock',
    symptom: 'connections to port 15443 are refused: the gateway has no listener',
    fix: 'write the port of the gateway\'s Service',
    see: EXPOSE,
    check: portFindings,
  },
  {
    code: 'IM163',
    severity: Severity.ERROR,
    title: `the port of the other networks is ${PASSING}`,
    symptom: 'the gateway has no route for the server names of the mesh, and resets every connection',
    fix: `write ${PASSING}`,
    see: `${GATEWAY}#ServerTLSSettings-TLSmode`,
    check: modeFindings,
  },
  {
    code: 'IM164',
    severity: Severity.ERROR,
    title: 'the hosts of the Gateway for the other networks cover services of the cluster domain',
    symptom: 'the gateway has no route for any service, and answers every request from another network with 503',
    fix: 'write *.DOMAIN, or *.NAMESPACE.svc.DOMAIN',
    see: EXPOSE,
    check: hostFindings,
  },
  {
    code: 'IM165',
    severity: Severity.WARNING,
    title: 'a cluster with an east-west gateway exposes services',
    symptom: 'istiod sends the other networks to a gateway that refuses their connections',
    fix: 'apply Istio\'s expose-services.yaml in every cluster with a gateway',
    see: EXPOSE,
    check: unexposed,
  },
];
