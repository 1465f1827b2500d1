import { controlPlanesOf } from './control-planes';
import { eastWestGatewaysOf } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { objectsOf } from './parts';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { dnsLabelProblem } from '../../istio/names';

const DESTINATION_RULE = 'DestinationRule.networking.istio.io';

/** The policies of a DestinationRule, each with those that stand around it. */
function policies(rule: Part): Array<{ readonly policy: Part; readonly around: readonly Part[] }> {
  const own = rule.at('spec', 'trafficPolicy');
  const ports = (policy: Part, around: readonly Part[]) => policy.at('portLevelSettings').items.map(port => ({ policy: port, around: [policy, ...around] }));
  const subsets = rule.at('spec', 'subsets').items.map(subset => subset.at('trafficPolicy'));
  return [{ policy: own, around: [] }, ...ports(own, []), ...subsets.flatMap(subset => [{ policy: subset, around: [own] }, ...ports(subset, [own])])];
}

function localityFindings(cluster: ClusterManifests): Finding[] {
  return objectsOf(cluster, DESTINATION_RULE).flatMap(rule => policies(rule).flatMap(({ policy, around }) => {
    const setting = policy.at('loadBalancer', 'localityLbSetting');
    const isFailover = setting.isThere && setting.at('enabled').value !== false && !setting.at('distribute').isThere;
    return setting.found(isFailover && ![policy, ...around].some(one => one.at('outlierDetection').isThere)
      ? 'localityLbSetting has no effect without outlierDetection, by which alone a proxy knows that a locality fails; add trafficPolicy.outlierDetection' : undefined);
  }));
}

/** Modes of a client without the mesh's own TLS. */
const FOREIGN_TLS = ['DISABLE', 'SIMPLE', 'MUTUAL'];

/** Whether a host is a service of the mesh, as far as its name tells. */
function isInMesh(host: string, clusterDomain: string): boolean {
  return host === '*.local' || host.endsWith('.svc') || host.endsWith(`.${clusterDomain}`) || !host.includes('.');
}

/** Policies that keep the traffic between networks from being mutual TLS of the mesh, by which alone a gateway knows where it goes. */
function plainTraffic(cluster: ClusterManifests): Finding[] {
  if (eastWestGatewaysOf(cluster).length === 0) {
    return [];
  }
  const clusterDomain = controlPlanesOf(cluster).find(plane => plane.clusterDomain !== undefined)?.clusterDomain ?? 'cluster.local';
  const accepting = objectsOf(cluster, 'PeerAuthentication.security.istio.io').map(policy => policy.at('spec', 'mtls', 'mode'));
  const sending = objectsOf(cluster, DESTINATION_RULE).filter(rule => isInMesh(rule.at('spec', 'host').text ?? '', clusterDomain))
    .flatMap(rule => policies(rule).map(({ policy }) => policy.at('tls', 'mode')));
  return [...accepting.filter(({ value }) => value === 'DISABLE'), ...sending.filter(({ value }) => FOREIGN_TLS.includes(String(value)))].flatMap(mode =>
    mode.found(`mode '${mode.value}' is not the mesh's own mutual TLS, which alone goes through an east-west gateway, so that endpoints on other networks are left out; write ${mode.path.includes('mtls') ? 'PERMISSIVE or STRICT' : 'ISTIO_MUTUAL'}`));
}

const EXPORTING = ['VirtualService', DESTINATION_RULE.split('.')[0], 'ServiceEntry'].map(kind => `${kind}.networking.istio.io`);
const EXPORT_ANNOTATION = 'networking.istio.io/exportTo';

function exportProblem(value: string, words: readonly string[]): string | undefined {
  return words.includes(value) || dnsLabelProblem('exportTo', value) === undefined ? undefined
    : `exportTo '${value}' is neither ${words.map(word => `'${word}'`).join(' nor ')} nor a namespace, so that nobody would see this; write one of them`;
}

function exportFindings(cluster: ClusterManifests): Finding[] {
  const objects = objectsOf(cluster, ...EXPORTING).flatMap(object => object.at('spec', 'exportTo').items)
    .flatMap(part => part.found(part.text && exportProblem(part.text, ['.', '*'])));
  const services = objectsOf(cluster, 'Service').map(service => service.at('metadata', 'annotations', EXPORT_ANNOTATION))
    .flatMap(part => (part.text ?? '').split(',').map(value => value.trim()).filter(value => value !== '')
      .flatMap(value => part.found(exportProblem(value, ['.', '*', '~']))));
  return [...objects, ...services];
}

/** What traffic across clusters needs of the policies that everybody writes. */
export const TRAFFIC_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM191',
    severity: Severity.WARNING,
    title: 'locality load balancing in a DestinationRule has outlierDetection',
    symptom: 'traffic goes to a locality that fails, and never to the next one',
    fix: 'add trafficPolicy.outlierDetection',
    see: 'https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/failover/',
    check: localityFindings,
  },
  {
    code: 'IM192',
    severity: Severity.WARNING,
    title: 'traffic between networks is mutual TLS of the mesh',
    symptom: 'the endpoints on other networks are missing in \'istioctl proxy-config endpoint\', and traffic stays local',
    fix: 'use PERMISSIVE or STRICT, and ISTIO_MUTUAL in a DestinationRule',
    see: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
    check: plainTraffic,
  },
  {
    code: 'IM193',
    severity: Severity.ERROR,
    title: 'exportTo is ".", "*" or a namespace',
    symptom: 'no proxy sees the route, the rule or the service',
    fix: 'write ".", "*" or the name of a namespace',
    see: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/',
    check: exportFindings,
  },
];
