import { checkEachCluster, checkSetting } from './cluster-rule';
import { type MaybeProblem, type Rules, prefixed, problem, Severity, violations } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { DEFAULT_DOMAIN } from '../../istio/domains';

/** Rules for the domains that linked clusters need in common, and for the settings of `trust`. */
export const TRUST_RULES: Rules<MeshModel> = [
  {
    code: 'IM020',
    severity: Severity.ERROR,
    title: 'linked clusters have the same trust domain, or each is an alias in the other',
    symptom: 'the proxies of one cluster reject the certificates of the other, and every request between them fails in '
      + 'the TLS handshake',
    fix: 'set the same meshConfig.trustDomain, or add the other trust domain to meshConfig.trustDomainAliases',
    see: 'https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/',
    check: checkSetting(['meshConfig', 'trustDomain'], trustDomainProblem),
  },
  {
    code: 'IM021',
    severity: Severity.WARNING,
    title: 'linked clusters have the same cluster domain',
    symptom: 'a service has a different name in each cluster, so it is not the same service and traffic stays local',
    fix: 'set the same values.global.proxy.clusterDomain',
    see: 'https://istio.io/latest/docs/ops/deployment/deployment-models/#dns-with-multiple-clusters',
    check: checkSetting(['values', 'global', 'proxy', 'clusterDomain'], clusterDomainProblem),
  },
  {
    code: 'IM022',
    severity: Severity.ERROR,
    title: 'cert-manager and External Secrets accept the settings of cacerts',
    symptom: 'the API server rejects the object, or the object never produces a Secret, and istiod creates its own '
      + 'root CA',
    fix: 'change the setting as the message describes',
    see: 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/',
    check: checkEachCluster(({ trust }) =>
      trust._problems.flatMap(found => violations(['trust'], prefixed('trust.', found)))),
  },
];

function trustDomainProblem(cluster: ClusterModel): MaybeProblem {
  const accepted = [trustDomain(cluster), ...aliases(cluster)];
  const peer = cluster.peers.find(one => !accepted.includes(trustDomain(one)));
  return peer && problem(
    `trust domain '${trustDomain(peer)}' of its peer '${peer.name}' is neither the trust domain of this cluster, `
      + `'${trustDomain(cluster)}', nor one of its aliases`,
    'add it to meshConfig.trustDomainAliases, or set the same meshConfig.trustDomain for both',
  );
}

function clusterDomainProblem({ clusterDomain, peers }: ClusterModel): MaybeProblem {
  const peer = peers.find(one => one.clusterDomain !== clusterDomain);
  return peer && problem(`cluster domain '${clusterDomain}' differs from '${peer.clusterDomain}' of its peer `
    + `'${peer.name}', so their services are never the same service`, 'set the same cluster domain for both');
}

interface TrustSettings {
  readonly trustDomain?: string;
  readonly trustDomainAliases?: readonly string[];
}

function trustDomain({ settings }: ClusterModel): string {
  return (settings.meshConfig as TrustSettings | undefined)?.trustDomain ?? DEFAULT_DOMAIN;
}

function aliases({ settings }: ClusterModel): readonly string[] {
  return (settings.meshConfig as TrustSettings | undefined)?.trustDomainAliases ?? [];
}
