import { lifted, ofCluster, ofEachCluster } from './cluster-rule';
import type { Finding, Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { EVERYBODY } from '../../definition/mesh-model';
import { apiServerProblem } from '../../istio/kubeconfig';
import { caFile } from '../../settings/remote-credentials/credential-delivery';
import { nearest } from '../../util/suggestions';
import { API_SERVER_RULES, CREDENTIALS_RULES } from '../construct/api-server-rules';

const DISCOVERY = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery';

/** Who is linked with whom, and how each is read. */
export const LINK_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM030',
    severity: Severity.ERROR,
    title: 'a cluster with peers has an API server, unless somebody else brings the links',
    symptom: 'no remote Secret can be made for the cluster, and nobody hears it',
    fix: 'give its https URL as the peers reach it',
    see: DISCOVERY,
    check: ofEachCluster(({ apiServer, peers, remoteCredentials }) => [found(['apiServer'], apiServer !== undefined || peers.length === 0 || remoteCredentials._delivery.kind === 'external' ? undefined
      : `apiServer is missing, with which ${peers.length === 1 ? `'${peers[0].name}' reads` : `its ${peers.length} peers read`} this cluster; give its https URL as they reach it`)]),
  },
  ...lifted(API_SERVER_RULES, ({ apiServer, apiServerProps: { caData, proxyUrl } }) => ({ apiServer, caData, proxyUrl })),
  ...lifted(CREDENTIALS_RULES, cluster => travelInTree(cluster) ? cluster.remoteCredentials : undefined, 'remoteCredentials'),
  {
    code: 'IM039',
    severity: Severity.ERROR,
    title: 'no secret stands in the definition itself',
    symptom: 'it is written into mesh.yaml, which is committed',
    fix: 'give it by reference',
    see: DISCOVERY,
    check: ofEachCluster(({ peers, remoteCredentials: { _delivery: delivery } }) => [found(['remoteCredentials'],
      peers.length === 0 && delivery.kind === 'tree' && delivery.exposedSecret ? `remoteCredentials: ${delivery.exposedSecret}` : undefined)]),
  },
  {
    code: 'IM036',
    severity: Severity.WARNING,
    title: 'the authority of an API server travels with the credentials',
    symptom: 'istiod trusts public authorities alone, and says that the certificate is signed by an unknown one',
    fix: 'give caData, or a file ca.crt beside the token',
    see: 'https://github.com/istio/istio/issues/38997',
    check: ofEachCluster(cluster => [found(['caData'], travelInTree(cluster) && cluster.apiServerProps.caData === undefined && !caFile(cluster.remoteCredentials)
      ? 'caData is missing, so that istiod of the peers trusts this API server only if a public authority signed its certificate; give its CA' : undefined)]),
  },
  {
    code: 'IM037',
    severity: Severity.ERROR,
    title: 'no two clusters have one API server',
    symptom: 'two names lead to one cluster: its endpoints are there twice, and the other cluster is never read',
    fix: 'give each cluster its own',
    see: DISCOVERY,
    check: apiServersDiffer,
  },
  {
    code: 'IM038',
    severity: Severity.ERROR,
    title: 'peers are clusters of the mesh that name each other',
    symptom: 'one istiod sees the endpoints of the other cluster and not the reverse, and one direction of the traffic stays local',
    fix: 'name both, or neither',
    see: DISCOVERY,
    check: peersNameEachOther,
  },
];

/** Only a kubeconfig that travels in the tree is judged, and only where it travels to somebody. */
function travelInTree({ peers, remoteCredentials }: ClusterModel): boolean {
  return peers.length > 0 && remoteCredentials._delivery.kind === 'tree';
}

function apiServersDiffer({ clusters }: MeshModel): Finding[] {
  const first = new Map<string, ClusterModel>();
  return clusters.flatMap(cluster => {
    if (cluster.apiServer === undefined || apiServerProblem(cluster.apiServer) !== undefined) {
      return [];
    }
    const { host, pathname } = new URL(cluster.apiServer);
    const server = host + pathname.replace(/\/+$/, '');
    const other = first.get(server);
    if (!other) {
      first.set(server, cluster);
      return [];
    }
    if (other.name === cluster.name) {
      return []; // one mistake, told by the rule for names
    }
    const message = `apiServer '${cluster.apiServer}' is that of '${other.name}' already, so that both names lead to one cluster; give each its own`;
    return [ofCluster(cluster, ['apiServer'], message)];
  });
}

function peersNameEachOther({ clusters }: MeshModel): Finding[] {
  const names = clusters.map(({ name }) => name);
  const named = new Map(clusters.map(({ name, namedPeers }) => [name, new Set(namedPeers)]));
  const problem = (cluster: ClusterModel, peer: string): string | undefined => {
    if (peer === EVERYBODY) {
      return undefined;
    }
    if (peer === cluster.name) {
      return `peers names the cluster itself, which needs no link; remove '${peer}'`;
    }
    const back = named.get(peer);
    if (!back) {
      return `peers names '${peer}', which is no cluster of this mesh; ${nearest(peer, names.filter(name => name !== cluster.name))}`;
    }
    return back.has(EVERYBODY) || back.has(cluster.name) ? undefined
      : `peers names '${peer}', which does not name '${cluster.name}' back: istiod would see the endpoints of one side alone; add '${cluster.name}' to the peers of '${peer}', or remove '${peer}' here`;
  };
  return clusters.flatMap(cluster => cluster.namedPeers.flatMap((peer, i) => {
    const message = problem(cluster, peer);
    return message === undefined ? [] : [ofCluster(cluster, ['peers', i], message)];
  }));
}
