import { ofEachCluster } from './cluster-rule';
import type { Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';

/** What linked clusters must agree on to believe and find each other. */
export const TRUST_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM020',
    severity: Severity.ERROR,
    title: 'linked clusters have one trust domain, or each is an alias at the other',
    symptom: 'the proxies of one side refuse the certificates of the other, and every request between them fails in the handshake',
    fix: 'set the same meshConfig.trustDomain, or name the other one in meshConfig.trustDomainAliases',
    see: 'https://istio.io/latest/docs/tasks/security/authorization/authz-td-migration/',
    check: ofEachCluster(cluster => {
      const stranger = cluster.peers.find(peer => trustDomain(peer) !== trustDomain(cluster) && !aliases(cluster).includes(trustDomain(peer)));
      return [found(['meshConfig', 'trustDomain'], stranger
        && `trust domain '${trustDomain(stranger)}' of its peer '${stranger.name}' is neither the cluster's own, '${trustDomain(cluster)}', nor one of its aliases; add it to meshConfig.trustDomainAliases, or set the same meshConfig.trustDomain for both`)];
    }),
  },
  {
    code: 'IM021',
    severity: Severity.WARNING,
    title: 'linked clusters have one cluster domain',
    symptom: 'a service has another name in each cluster, so that it is not one service and traffic stays local',
    fix: 'set the same values.global.proxy.clusterDomain',
    see: 'https://istio.io/latest/docs/ops/deployment/deployment-models/#dns-with-multiple-clusters',
    check: ofEachCluster(({ clusterDomain, peers }) => {
      const other = peers.find(peer => peer.clusterDomain !== clusterDomain);
      return [found(['values', 'global', 'proxy', 'clusterDomain'], other
        && `cluster domain '${clusterDomain}' is not that of its peer '${other.name}', '${other.clusterDomain}', so that their services are never one; set the same for both`)];
    }),
  },
  {
    code: 'IM022',
    severity: Severity.ERROR,
    title: 'cert-manager and External Secrets take what is said of cacerts',
    symptom: 'the API server refuses the object, or it stays without a Secret, and istiod makes a root of its own',
    fix: 'write what the message names',
    see: 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/',
    check: ofEachCluster(({ trust }) => trust._problems.map(problem => found(['trust'], problem && `trust.${problem}`))),
  },
];

interface TrustSettings {
  readonly trustDomain?: string;
  readonly trustDomainAliases?: readonly string[];
}

function trustDomain({ settings }: ClusterModel): string {
  return (settings.meshConfig as TrustSettings | undefined)?.trustDomain ?? 'cluster.local';
}

function aliases({ settings }: ClusterModel): readonly string[] {
  return (settings.meshConfig as TrustSettings | undefined)?.trustDomainAliases ?? [];
}
