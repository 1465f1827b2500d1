import { checkEachCluster, checkSetting } from './cluster-rule';
import { type MaybeProblem, type Rules, type Violation, problem, Severity, violations } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { dnsLabelProblem, labelValueProblem, RESERVED_DIRECTORIES } from '../../istio/names';
import { revisionLabel, revisionsInUse } from '../../istio/revisions';
import type { Path } from '../../util/path';

const MODELS = 'https://istio.io/latest/docs/ops/deployment/deployment-models/';
const BEFORE_YOU_BEGIN = 'https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/';
const RELEASES = 'https://istio.io/latest/docs/releases/supported-releases/';

/** Rules for the names of the mesh, its clusters and networks, and for Istio versions. */
export const NAME_RULES: Rules<MeshModel> = [
  {
    code: 'IM002',
    severity: Severity.ERROR,
    title: 'meshID is a valid label value',
    symptom: 'proxies report the trust domain as the mesh, so one mesh appears as several',
    fix: 'set meshID to 1 to 63 letters, digits, -, _ and .',
    see: `${MODELS}#multiple-meshes`,
    check: ({ meshID }) => violations(['meshID'], meshID.trim() === ''
      ? problem('meshID is empty', 'set it to a name for the mesh, e.g. mesh1')
      : labelValueProblem('meshID', meshID)),
  },
  {
    code: 'IM003',
    severity: Severity.ERROR,
    title: 'a mesh has at least one cluster',
    symptom: 'no manifests are generated',
    fix: 'list the clusters',
    see: `${MODELS}#multiple-clusters`,
    check: ({ clusters }) => violations(['clusters'],
      clusters.length === 0 && problem('clusters is empty', 'list at least one cluster')),
  },
  {
    code: 'IM004',
    severity: Severity.ERROR,
    title: 'a cluster name is a lower-case DNS label, and not the name of a reserved directory',
    symptom: 'istioctl accepts upper case, but in the last step the API server rejects the remote secret with that '
      + 'name',
    fix: 'use 1 to 63 lower-case letters, digits and -',
    see: BEFORE_YOU_BEGIN,
    check: checkEachCluster(({ name }) =>
      violations(['name'], dnsLabelProblem('name', name), reservedNameProblem(name))),
  },
  {
    code: 'IM005',
    severity: Severity.ERROR,
    title: 'cluster names are unique',
    symptom: 'istiod logs that the cluster is already registered and ignores the second one, so its endpoints are '
      + 'never used',
    fix: 'give each cluster its own name',
    see: BEFORE_YOU_BEGIN,
    check: repeatedNames,
  },
  {
    code: 'IM006',
    severity: Severity.ERROR,
    title: 'a cluster has a network, which is a valid label value',
    symptom: 'a cluster without a network is on the unnamed network by itself, and other clusters send traffic to pod '
      + 'addresses that they cannot reach',
    fix: 'use the same network for clusters whose pods reach each other directly, and a different network for every '
      + 'other cluster',
    see: `${MODELS}#network-models`,
    check: checkSetting(['network'], ({ network }) => networkProblem(network)),
  },
  {
    code: 'IM007',
    severity: Severity.ERROR,
    title: 'a control plane has a full Istio version',
    symptom: 'the istioctl version for the installation is unknown, and version skew between clusters is not detected',
    fix: 'write it as x.y.z, e.g. 1.31.0',
    see: RELEASES,
    check: checkEachCluster(({ istioVersion, canary }) => [
      ...violations(['istioVersion'], istioVersion === undefined
        ? problem('istioVersion is missing', 'set it to a full version such as 1.31.0')
        : versionProblem('istioVersion', istioVersion)),
      ...violations(['canary', 'istioVersion'], canary && versionProblem('canary.istioVersion', canary.istioVersion)),
    ]),
  },
  {
    code: 'IM008',
    severity: Severity.ERROR,
    title: 'the Istio version is 1.22 or newer',
    symptom: 'the API server does not know networking.istio.io/v1, and rejects the Gateway',
    fix: 'upgrade Istio first, one minor version at a time',
    see: 'https://istio.io/latest/blog/2024/v1-apis/',
    check: checkEachCluster(({ istioVersion, canary }) => [
      ...violations(['istioVersion'], ageProblem('istioVersion', istioVersion)),
      ...violations(['canary', 'istioVersion'], ageProblem('canary.istioVersion', canary?.istioVersion)),
    ]),
  },
  {
    code: 'IM009',
    severity: Severity.WARNING,
    title: 'linked clusters use Istio versions that are at most one minor version apart',
    symptom: 'proxies and gateways do not understand the configuration of an istiod of the other version; Istio tests '
      + 'only one minor version of skew',
    fix: 'upgrade the oldest cluster first',
    see: `${RELEASES}#support-status-of-istio-releases`,
    check: versionSkews,
  },
];

function reservedNameProblem(name: string): MaybeProblem {
  if (name === 'constructor') {
    return problem('name \'constructor\' cannot be the id of a construct', 'choose another name');
  }
  return RESERVED_DIRECTORIES.includes(name)
    && problem(`name '${name}' is reserved for a directory next to those of the clusters`,
      'choose another name');
}

function networkProblem(network: string | undefined): MaybeProblem {
  return network === undefined
    ? problem('network is missing',
      'set the same network for clusters whose pods reach each other directly, and different networks for clusters '
        + 'whose pods do not')
    : labelValueProblem('network', network);
}

function repeatedNames({ clusters }: MeshModel): Violation[] {
  const first = new Map<string, number>();
  return clusters.flatMap((cluster, i) => {
    const { name } = cluster;
    if (!first.has(name)) {
      first.set(name, i);
      return [];
    }
    return [{
      path: [...cluster.path, 'name'],
      ...problem(`name '${name}' is already used by clusters[${first.get(name)}], and istiod ignores a second cluster `
        + 'with the same name', 'choose another name'),
    }];
  });
}

/** Clusters that use a version which is too old for a version that a peer uses. */
function versionSkews(mesh: MeshModel): Violation[] {
  const versions = new Map(mesh.clusters.map(cluster => [cluster, versionsInUse(cluster)]));
  const newerPeer = (cluster: ClusterModel, own: number) => {
    const isTooNew = ({ version }: UsedVersion) => (minor(version) ?? own) > own + 1;
    const peer = cluster.peers.find(one => versions.get(one)!.some(isTooNew));
    return peer && { name: peer.name, version: versions.get(peer)!.find(isTooNew)!.version };
  };
  return checkEachCluster(cluster => versions.get(cluster)!.flatMap(({ path, version }) => {
    const own = minor(version);
    const peer = own === undefined ? undefined : newerPeer(cluster, own);
    return violations(path, peer && problem(`${path.join('.')} '${version}' is more than one minor version behind `
      + `'${peer.version}' of its peer '${peer.name}'`, 'upgrade this cluster first'));
  }))(mesh);
}

/** A version that serves proxies, and the path of its setting. */
interface UsedVersion { readonly path: Path; readonly version?: string }

/** The versions of the control planes that the tags and the gateway of a cluster use. */
function versionsInUse(cluster: ClusterModel): UsedVersion[] {
  const { revision, istioVersion, canary } = cluster;
  const revisions = revisionsInUse(cluster);
  return [
    ...revisions.includes(revisionLabel(revision)) ? [{ path: ['istioVersion'], version: istioVersion }] : [],
    ...canary && revisions.includes(canary.revision)
      ? [{ path: ['canary', 'istioVersion'], version: canary.istioVersion }] : [],
  ];
}

const VERSION = /^(\d+)\.(\d+)\.\d+(-[0-9A-Za-z.-]+)?$/;

/** Message about text that is not a full version of Istio. */
export function versionProblem(field: string, version: string): MaybeProblem {
  return VERSION.test(version) ? undefined
    : problem(`${field} '${version}' is not a full Istio version`, 'write it as x.y.z, e.g. 1.31.0');
}

const OLDEST = 22;

/** Message about a version that is too old for the generated manifests. */
export function ageProblem(field: string, version: string | undefined): MaybeProblem {
  return (minor(version) ?? OLDEST) >= OLDEST ? undefined
    : problem(`${field} '${version}' does not support networking.istio.io/v1, the API version of the generated Gateway`,
      `upgrade to 1.${OLDEST} or newer`);
}

/** The minor version of an Istio 1 version. */
export function minor(version: string | undefined): number | undefined {
  const [, major, second] = VERSION.exec(version ?? '') ?? [];
  return major === '1' ? Number(second) : undefined;
}
