import { clusterDomainOf } from './control-planes';
import { eastWestGatewaysOf } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { type Part, objectsOf } from './parts';
import { type MaybeProblem, type Problem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { DEFAULT_DOMAIN } from '../../istio/domains';
import { isDnsLabel } from '../../istio/names';

const DESTINATION_RULE = 'DestinationRule.networking.istio.io';

/** A policy in a DestinationRule, and the policies that it inherits from. */
interface Policy {
  readonly policy: Part;
  readonly parents: readonly Part[];
}

/** The policies of a DestinationRule: its own, and those of its ports and subsets. */
function policiesOf(rule: Part): Policy[] {
  const ofRule = rule.at('spec', 'trafficPolicy');
  const subsets = rule.at('spec', 'subsets').items.map(subset => subset.at('trafficPolicy'));
  return [
    ...withPorts({ policy: ofRule, parents: [] }),
    ...subsets.flatMap(subset => withPorts({ policy: subset, parents: [ofRule] })),
  ];
}

function withPorts({ policy, parents }: Policy): Policy[] {
  const ports = policy.at('portLevelSettings').items;
  return [{ policy, parents }, ...ports.map(port => ({ policy: port, parents: [policy, ...parents] }))];
}

function localityFindings(cluster: ClusterManifests): Violation[] {
  return objectsOf(cluster, DESTINATION_RULE).flatMap(policiesOf).flatMap(({ policy, parents }) => {
    const setting = policy.at('loadBalancer', 'localityLbSetting');
    const isEnabled = setting.isPresent && setting.at('enabled').value !== false;
    const isFailover = isEnabled && !setting.at('distribute').isPresent;
    const detectsOutliers = [policy, ...parents].some(one => one.at('outlierDetection').isPresent);
    return setting.found(isFailover && !detectsOutliers
      && problem('localityLbSetting has no effect without outlierDetection, with which proxies detect that a locality '
        + 'fails', 'add trafficPolicy.outlierDetection'));
  });
}

/** TLS modes of a client that do not use the mutual TLS of the mesh. */
const FOREIGN_TLS = ['DISABLE', 'SIMPLE', 'MUTUAL'];

/** Whether a host is a service of the mesh, according to its name. */
function isInMesh(host: string, clusterDomain: string): boolean {
  return host === '*.local' || host.endsWith('.svc') || host.endsWith(`.${clusterDomain}`) || !host.includes('.');
}

/** Policies with which traffic does not use the mutual TLS of the mesh, which gateways need to route it. */
function foreignTlsFindings(cluster: ClusterManifests): Violation[] {
  if (eastWestGatewaysOf(cluster).length === 0) {
    return [];
  }
  const clusterDomain = clusterDomainOf(cluster) ?? DEFAULT_DOMAIN;
  const servers = objectsOf(cluster, 'PeerAuthentication.security.istio.io')
    .map(policy => policy.at('spec', 'mtls', 'mode')).filter(({ value }) => value === 'DISABLE');
  const clients = objectsOf(cluster, DESTINATION_RULE)
    .filter(rule => isInMesh(rule.at('spec', 'host').text ?? '', clusterDomain)).flatMap(policiesOf)
    .map(({ policy }) => policy.at('tls', 'mode')).filter(({ value }) => FOREIGN_TLS.includes(String(value)));
  return [
    ...servers.flatMap(mode => mode.found(foreignTlsProblem(mode, 'PERMISSIVE or STRICT'))),
    ...clients.flatMap(mode => mode.found(foreignTlsProblem(mode, 'ISTIO_MUTUAL'))),
  ];
}

function foreignTlsProblem({ value }: Part, fix: string): Problem {
  return problem(`mode '${value}' is not the mutual TLS of the mesh, without which no traffic passes an east-west `
    + 'gateway, so endpoints on other networks are left out', `write ${fix}`);
}

const EXPORTED_KINDS = ['VirtualService', 'DestinationRule', 'ServiceEntry'].map(kind => `${kind}.networking.istio.io`);
const EXPORT_ANNOTATION = 'networking.istio.io/exportTo';

function exportProblem(value: string, words: readonly string[]): MaybeProblem {
  const shown = words.map(word => `'${word}'`).join(', ');
  return words.includes(value) || isDnsLabel(value) ? undefined
    : problem(`exportTo '${value}' is not ${shown} or a namespace, so no proxy would see this`, 'write one of these');
}

function exportFindings(cluster: ClusterManifests): Violation[] {
  const fields = objectsOf(cluster, ...EXPORTED_KINDS).flatMap(object => object.at('spec', 'exportTo').items);
  const annotations = objectsOf(cluster, 'Service')
    .map(service => service.at('metadata', 'annotations', EXPORT_ANNOTATION));
  const valuesOf = ({ text = '' }: Part) => text.split(',').map(value => value.trim()).filter(value => value !== '');
  return [
    ...fields.flatMap(part => part.found(part.text && exportProblem(part.text, ['.', '*']))),
    ...annotations.flatMap(part =>
      valuesOf(part).flatMap(value => part.found(exportProblem(value, ['.', '*', '~'])))),
  ];
}

/** Rules for the policies of users, as far as they affect traffic between clusters. */
export const TRAFFIC_RULES: Rules<ClusterManifests> = [
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
    title: 'traffic between networks uses the mutual TLS of the mesh',
    symptom: 'the endpoints on other networks are missing from \'istioctl proxy-config endpoint\', and traffic stays '
      + 'local',
    fix: 'use PERMISSIVE or STRICT, and ISTIO_MUTUAL in a DestinationRule',
    see: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/',
    check: foreignTlsFindings,
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
