import { checkSetting, checkShared, clusterViolation, rulesOfPart } from './cluster-rule';
import { type MaybeProblem, type Rules, type Violation, prefixed, problem, Severity } from '../../core/rule';
import { type ClusterModel, type MeshModel, ALL_CLUSTERS } from '../../definition/mesh-model';
import { apiServerProblem } from '../../istio/kubeconfig';
import { caFile } from '../../settings/remote-credentials/credential-delivery';
import { nearest } from '../../util/suggestions';
import { API_SERVER_RULES, CREDENTIALS_RULES } from '../construct/api-server-rules';

const DISCOVERY = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery';

/** Rules for the links between clusters, and for how peers reach the API servers. */
export const LINK_RULES: Rules<MeshModel> = [
  {
    code: 'IM030',
    severity: Severity.ERROR,
    title: 'a cluster with peers has an API server, unless its remote secrets are created externally',
    symptom: 'no remote secret can be created for the cluster, and no peer discovers its endpoints',
    fix: 'set apiServer to the https URL at which the peers reach it',
    see: DISCOVERY,
    check: checkSetting(['apiServer'], missingApiServer),
  },
  ...rulesOfPart(API_SERVER_RULES, ({ apiServer, apiServerProps: { caData, proxyUrl } }) =>
    ({ apiServer, caData, proxyUrl })),
  ...rulesOfPart(CREDENTIALS_RULES, cluster => hasUsedKubeconfig(cluster) ? cluster.remoteCredentials : undefined,
    'remoteCredentials'),
  {
    code: 'IM039',
    severity: Severity.ERROR,
    title: 'the definition contains no secrets',
    symptom: 'the secret is written to mesh.yaml, which is committed',
    fix: 'reference the secret instead',
    see: DISCOVERY,
    check: checkSetting(['remoteCredentials'], exposedSecret),
  },
  {
    code: 'IM036',
    severity: Severity.WARNING,
    title: 'a kubeconfig contains the CA of its API server',
    symptom: 'istiod trusts only public CAs, and reports a certificate signed by an unknown authority',
    fix: 'set caData, or put a file ca.crt next to the token',
    see: 'https://github.com/istio/istio/issues/38997',
    check: checkSetting(['caData'], missingCa),
  },
  {
    code: 'IM037',
    severity: Severity.ERROR,
    title: 'no two clusters have the same API server',
    symptom: 'two names refer to the same cluster: its endpoints appear twice, and the other cluster is never read',
    fix: 'set the API server of each cluster',
    see: DISCOVERY,
    check: checkShared(['apiServer'], serverOf, ({ apiServer }, { name }) => problem(
      `apiServer '${apiServer}' is already used by '${name}', so both names refer to the same cluster`,
      'set the API server of each cluster')),
  },
  {
    code: 'IM038',
    severity: Severity.ERROR,
    title: 'peers are clusters of the mesh that list each other',
    symptom: 'istiod discovers endpoints in only one direction, and traffic in the other direction stays local',
    fix: 'list both clusters as peers of each other, or neither',
    see: DISCOVERY,
    check: inconsistentPeers,
  },
];

/** Credentials are checked only if they become part of a generated kubeconfig that some peer uses. */
function hasUsedKubeconfig({ peers, remoteCredentials }: ClusterModel): boolean {
  return peers.length > 0 && remoteCredentials._delivery.kind === 'tree';
}

function missingApiServer({ apiServer, peers, remoteCredentials }: ClusterModel): MaybeProblem {
  if (apiServer !== undefined || peers.length === 0 || remoteCredentials._delivery.kind === 'external') {
    return undefined;
  }
  const readers = peers.length === 1 ? `its peer '${peers[0].name}' needs` : `its ${peers.length} peers need`;
  return problem(`apiServer is missing, which ${readers} to read this cluster`,
    'set it to an https URL that peers can reach');
}

function exposedSecret(cluster: ClusterModel): MaybeProblem {
  const { peers, remoteCredentials: { _delivery: delivery } } = cluster;
  return peers.length === 0 && delivery.kind === 'tree'
    && prefixed('remoteCredentials: ', delivery.exposedSecret);
}

function missingCa(cluster: ClusterModel): MaybeProblem {
  const { apiServerProps, remoteCredentials } = cluster;
  if (!hasUsedKubeconfig(cluster) || apiServerProps.caData !== undefined || caFile(remoteCredentials)) {
    return undefined;
  }
  return problem('caData is missing, so the istiods of the peers trust this API server only if a public CA signed its '
    + 'certificate', 'set caData to its CA certificate');
}

/** Host and path of the API server of a cluster, if it is valid. */
function serverOf({ apiServer }: ClusterModel): string | undefined {
  if (apiServer === undefined || apiServerProblem('apiServer', apiServer)) {
    return undefined;
  }
  const { host, pathname } = new URL(apiServer);
  return host + pathname.replace(/\/+$/, '');
}

function inconsistentPeers({ clusters }: MeshModel): Violation[] {
  const peersOf = new Map(clusters.map(({ name, namedPeers }) => [name, new Set(namedPeers)]));
  return clusters.flatMap(cluster => cluster.namedPeers.flatMap((peer, i) => {
    const found = peerProblem(cluster.name, peer, peersOf);
    return found ? [clusterViolation(cluster, ['peers', i], found)] : [];
  }));
}

/** @param peersOf the names that each cluster lists as its peers */
function peerProblem(
  name: string, peer: string, peersOf: ReadonlyMap<string, ReadonlySet<string>>,
): MaybeProblem {
  if (peer === ALL_CLUSTERS) {
    return undefined;
  }
  if (peer === name) {
    return problem('peers contains the cluster itself, which needs no link', `remove '${peer}'`);
  }
  const others = peersOf.get(peer);
  if (!others) {
    const candidates = [...peersOf.keys()].filter(candidate => candidate !== name);
    return problem(`peers contains '${peer}', which is not a cluster of this mesh`, nearest(peer, candidates));
  }
  return others.has(ALL_CLUSTERS) || others.has(name) ? undefined
    : problem(`peers contains '${peer}', which does not list '${name}' as its peer, so endpoints would be discovered `
      + 'in only one direction', `add '${name}' to the peers of '${peer}', or remove '${peer}' here`);
}
