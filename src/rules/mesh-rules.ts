import { DEFAULT_NAME, gatewayProblems } from '../east-west-gateway';
import { hostProblems } from '../exposed-services';
import { Fields } from '../installer/istio-operator';
import { canaryProblems, compatibilityVersionProblem, ownKeyProblems, profileProblem } from '../istio-primary';
import { ClusterModel, EVERYBODY, MeshModel } from '../mesh-model';
import { dnsLabelProblem, labelValueProblem, RESERVED_DIRECTORIES, revisionProblem } from '../names';
import { nearest } from '../nearest';
import { Path, Problem, thrown } from '../problems';
import { apiServerProblem, certificateAuthorityData, proxyUrlProblem } from '../remote-credentials/kubeconfig';
import { credentialsProblem } from '../remote-secret';

/** What one rule finds wrong with a mesh. */
type MeshRule = (mesh: MeshModel) => Problem[];

/** Everything that the rules find wrong with a mesh, in the order of the rules. */
export function meshProblems(mesh: MeshModel): Problem[] {
  return MESH_RULES.flatMap(rule => rule(mesh));
}

/** A rule that judges one cluster at a time. */
function ofEachCluster(rule: (cluster: ClusterModel) => Array<Found | undefined>): MeshRule {
  return mesh => mesh.clusters.flatMap(cluster => rule(cluster)
    .filter(problem => problem !== undefined)
    .map(([key, message]) => clusterProblem(cluster, key, message)));
}

/** What is wrong at a key of a cluster. */
export function clusterProblem(cluster: ClusterModel, key: Path, message: string): Problem {
  return { path: [...cluster.path, ...key], message: `cluster '${cluster.name}': ${message}` };
}

/** A key of a cluster, and what is wrong there. */
type Found = readonly [key: Path, message: string];

function found(key: Path, message: string | undefined): Found | undefined {
  return message === undefined ? undefined : [key, message];
}

const meshIDs: MeshRule = ({ meshID }) => {
  const message = meshID.trim() === '' ? 'meshID is empty; name the mesh, the same in all of its clusters' : labelValueProblem('meshID', meshID);
  return message ? [{ path: ['meshID'], message }] : [];
};

const meshHasClusters: MeshRule = mesh => mesh.clusters.length > 0 ? []
  : [{ path: ['clusters'], message: 'clusters is empty; name at least one cluster' }];

const clusterNames = ofEachCluster(cluster => [
  found(['name'], dnsLabelProblem('name', cluster.name)),
  found(['name'], cluster.name === 'constructor' ? 'name \'constructor\' can be the id of no construct; choose another' : undefined),
  found(['name'], RESERVED_DIRECTORIES.includes(cluster.name) ? `name '${cluster.name}' is that of a directory beside the clusters'; choose another` : undefined),
]);

const clusterNamesAreUnique: MeshRule = mesh => {
  const first = new Map<string, number>();
  return mesh.clusters.flatMap((cluster, i) => {
    if (!first.has(cluster.name)) {
      first.set(cluster.name, i);
      return [];
    }
    const message = `name '${cluster.name}' is that of clusters[${first.get(cluster.name)}] already; istiod ignores the second of a name, so give it one of its own`;
    return [{ path: [...cluster.path, 'name'], message }];
  });
};

const networks = ofEachCluster(({ network }) => [
  found(['network'], network === undefined
    ? 'network is missing; write the same network for clusters whose pods reach each other directly, and one for each where they do not'
    : labelValueProblem('network', network)),
]);

const istioVersions = ofEachCluster(({ istioVersion, canary }) => [
  found(['istioVersion'], istioVersion === undefined ? 'istioVersion is missing; write it as x.y.z, e.g. 1.31.0' : versionProblem('istioVersion', istioVersion)),
  found(['canary', 'istioVersion'], canary && versionProblem('canary.istioVersion', canary.istioVersion)),
]);

function versionProblem(field: string, version: string): string | undefined {
  return /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version) ? undefined : `${field} '${version}' is no Istio version; write it as x.y.z, e.g. 1.31.0`;
}

const revisions = ofEachCluster(({ revision, canary, eastWestGateway, gatewaySettings }) => {
  const installed = [revision, ...canary ? [canary.revision] : []];
  const ofGateway = gatewaySettings.revision;
  return [
    found(['revision'], revision === '' ? undefined : revisionProblem('revision', revision)),
    ...canaryProblems(canary, revision).map(problem => found(['canary', 'revision'], problem)),
    found(['eastWestGateway', 'revision'], eastWestGateway && ofGateway !== undefined && !installed.includes(ofGateway)
      ? `eastWestGateway.revision '${ofGateway}' is not installed here, so that nobody would inject the gateway; ${nearest(ofGateway, installed.filter(Boolean))}` : undefined),
  ];
});

const profiles = ofEachCluster(({ controlPlane: { profile, compatibilityVersion } }) => [
  found(['profile'], profileProblem(profile)),
  found(['compatibilityVersion'], compatibilityVersionProblem(compatibilityVersion)),
]);

const namespaces = ofEachCluster(({ namespace }) => [found(['namespace'], dnsLabelProblem('namespace', namespace))]);

const apiServers = ofEachCluster(({ apiServer, apiServerProps: { caData, proxyUrl }, peers }) => [
  found(['apiServer'], apiServer !== undefined ? apiServerProblem(apiServer) : peers.length === 0 ? undefined
    : `apiServer is missing, with which ${peers.length === 1 ? `'${peers[0].name}' reads` : `its ${peers.length} peers read`} this cluster; give its https URL as they reach it`),
  found(['caData'], caData === undefined ? undefined : thrown(() => certificateAuthorityData(caData))),
  found(['proxyUrl'], proxyUrl === undefined ? undefined : proxyUrlProblem(proxyUrl)),
]);

/** Two names of one API server would make a cluster its own peer. */
const apiServersAreUnique: MeshRule = mesh => {
  const first = new Map<string, ClusterModel>();
  return mesh.clusters.flatMap(cluster => {
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
    return [clusterProblem(cluster, ['apiServer'], message)];
  });
};

const peersNameEachOther: MeshRule = mesh => {
  const byName = new Map(mesh.clusters.map(cluster => [cluster.name, cluster]));
  const named = new Map(mesh.clusters.map(cluster => [cluster.name, new Set(cluster.namedPeers)]));
  const problem = (cluster: ClusterModel, peer: string): string | undefined => {
    if (peer === EVERYBODY) {
      return undefined;
    }
    if (peer === cluster.name) {
      return `peers names the cluster itself, which needs no link; remove '${peer}'`;
    }
    if (!byName.has(peer)) {
      return `peers names '${peer}', which is no cluster of this mesh; ${nearest(peer, [...byName.keys()].filter(name => name !== cluster.name))}`;
    }
    const back = named.get(peer)!;
    return back.has(EVERYBODY) || back.has(cluster.name) ? undefined
      : `peers names '${peer}', which does not name '${cluster.name}' back: istiod would see the endpoints of one side alone; add '${cluster.name}' to the peers of '${peer}', or remove '${peer}' here`;
  };
  return mesh.clusters.flatMap(cluster => cluster.namedPeers.flatMap((peer, i) => {
    const message = problem(cluster, peer);
    return message ? [clusterProblem(cluster, ['peers', i], message)] : [];
  }));
};

const gatewayNetworks = ofEachCluster(({ network, gatewaySettings }) => [
  found(['eastWestGateway', 'network'], gatewaySettings.network === undefined || gatewaySettings.network === network ? undefined
    : `eastWestGateway.network '${gatewaySettings.network}' is not the cluster's network '${network}': no endpoint of this cluster is on '${gatewaySettings.network}', so that istiod never chooses the gateway; remove it`),
]);

/** The services of a cluster are reached from another network through a gateway of its own network, known to both sides. */
const networksHaveGateways = ofEachCluster(cluster => {
  if (cluster.eastWestGateway || cluster.network === undefined) {
    return [];
  }
  const neighbours = cluster.peers.filter(peer => peer.network === cluster.network && peer.eastWestGateway);
  const unreached = cluster.peers.filter(peer => peer.network !== undefined && peer.network !== cluster.network)
    .find(peer => !neighbours.some(neighbour => neighbour.peers.includes(peer)));
  return [
    found(['eastWestGateway', 'install'], unreached
      ? `eastWestGateway.install 'never' leaves '${unreached.name}' on network '${unreached.network}' no way to network '${cluster.network}': istiod would send it pod addresses that it cannot reach; remove it, or install a gateway in a peer of both on network '${cluster.network}'`
      : undefined),
  ];
});

const gateways = ofEachCluster(({ eastWestGateway }) => eastWestGateway
  ? gatewayProblems(eastWestGateway).map(message => found(['eastWestGateway'], message && `eastWestGateway: ${message}`))
  : []);

const exposedHosts = ofEachCluster(({ exposedServices: { hosts }, clusterDomain }) => hosts
  ? hostProblems(hosts, clusterDomain).map(message => found(['exposedServices', 'hosts'], message && `exposedServices: ${message}`))
  : []);

/** Only what travels in the tree is judged, and only where it travels to somebody. */
const credentials = ofEachCluster(({ remoteCredentials, peers }) => {
  const message = peers.length > 0 && remoteCredentials._inTree ? credentialsProblem(remoteCredentials) : undefined;
  return [found(['remoteCredentials'], message && `remoteCredentials: ${message}`)];
});

const ownKeys = ofEachCluster(({ settings }) => ownKeyProblems(settings.values as Fields, settings.meshConfig as Fields));

/** Two IstioOperators that own one gateway take it from each other at every install. */
const gatewayOwners = ofEachCluster(({ settings, gatewaySettings }) => {
  const name = gatewaySettings.name ?? DEFAULT_NAME;
  const { ingressGateways, egressGateways } = (settings.components ?? {}) as { [list: string]: Array<{ name?: string }> | undefined };
  return Object.entries({ ingressGateways, egressGateways }).map(([list, entries]) => found(['components', list], entries?.some(entry => entry.name === name)
    ? `components.${list} has '${name}', which eastWestGateway installs already; say its settings there, and remove it here` : undefined));
});

const MESH_RULES: readonly MeshRule[] = [
  meshIDs,
  meshHasClusters,
  clusterNames,
  clusterNamesAreUnique,
  networks,
  istioVersions,
  revisions,
  profiles,
  namespaces,
  apiServers,
  apiServersAreUnique,
  peersNameEachOther,
  gatewayNetworks,
  networksHaveGateways,
  gateways,
  exposedHosts,
  credentials,
  ownKeys,
  gatewayOwners,
];
