import { ofEachCluster } from './cluster-rule';
import type { Finding, Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { dnsLabelProblem, labelValueProblem, RESERVED_DIRECTORIES } from '../../istio/names';
import { followedRevisions, revisionLabel } from '../../istio/revisions';
import type { Path } from '../../util/path';

const MODELS = 'https://istio.io/latest/docs/ops/deployment/deployment-models/';
const BEFORE_YOU_BEGIN = 'https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/';
const RELEASES = 'https://istio.io/latest/docs/releases/supported-releases/';

/** What the mesh, its clusters and networks are called, and which Istio they have. */
export const NAME_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM002',
    severity: Severity.ERROR,
    title: 'the mesh has a name, a label value',
    symptom: 'proxies report the trust domain for a mesh, and the clusters of one mesh look like several',
    fix: 'set meshID to 1 to 63 letters, digits, -, _ and .',
    see: `${MODELS}#multiple-meshes`,
    check: ({ meshID }) => [
      found(['meshID'], meshID.trim() === '' ? 'meshID is empty; name the mesh, the same in all of its clusters' : labelValueProblem('meshID', meshID)),
    ],
  },
  {
    code: 'IM003',
    severity: Severity.ERROR,
    title: 'a mesh has a cluster',
    symptom: 'nothing is made',
    fix: 'name the clusters',
    see: `${MODELS}#multiple-clusters`,
    check: ({ clusters }) => [found(['clusters'], clusters.length > 0 ? undefined : 'clusters is empty; name at least one cluster')],
  },
  {
    code: 'IM004',
    severity: Severity.ERROR,
    title: 'the name of a cluster is a DNS label in lower case that is no other directory\'s',
    symptom: 'istioctl takes upper case, and the API server refuses the remote Secret of that name at the last step',
    fix: 'use 1 to 63 lower-case letters, digits and -',
    see: BEFORE_YOU_BEGIN,
    check: ofEachCluster(({ name }) => [
      found(['name'], dnsLabelProblem('name', name)),
      found(['name'], name === 'constructor' ? 'name \'constructor\' can be the id of no construct; choose another' : undefined),
      found(['name'], RESERVED_DIRECTORIES.includes(name) ? `name '${name}' is that of a directory beside the clusters'; choose another` : undefined),
    ]),
  },
  {
    code: 'IM005',
    severity: Severity.ERROR,
    title: 'the names of the clusters differ',
    symptom: 'istiod logs that the cluster is registered already and ignores the second, so that its endpoints are never used',
    fix: 'give each cluster a name of its own',
    see: BEFORE_YOU_BEGIN,
    check: namesDiffer,
  },
  {
    code: 'IM006',
    severity: Severity.ERROR,
    title: 'a cluster has a network, a label value',
    symptom: 'a cluster without one is alone on the network of no name, and the others send its pods what cannot arrive',
    fix: 'give clusters whose pods reach each other directly the same network, and each other cluster one of its own',
    see: `${MODELS}#network-models`,
    check: ofEachCluster(({ network }) => [
      found(['network'], network === undefined
        ? 'network is missing; write the same network for clusters whose pods reach each other directly, and one for each where they do not'
        : labelValueProblem('network', network)),
    ]),
  },
  {
    code: 'IM007',
    severity: Severity.ERROR,
    title: 'a control plane has an Istio version of three numbers',
    symptom: 'nobody knows which istioctl installs it, and skew between the clusters is not seen',
    fix: 'write it as x.y.z',
    see: RELEASES,
    check: ofEachCluster(({ istioVersion, canary }) => [
      found(['istioVersion'], istioVersion === undefined ? 'istioVersion is missing; write it as x.y.z, e.g. 1.31.0' : versionProblem('istioVersion', istioVersion)),
      found(['canary', 'istioVersion'], canary && versionProblem('canary.istioVersion', canary.istioVersion)),
    ]),
  },
  {
    code: 'IM008',
    severity: Severity.ERROR,
    title: 'Istio is 1.22 or newer',
    symptom: 'the API server knows no networking.istio.io/v1, and refuses the Gateway',
    fix: 'upgrade Istio first, one minor version after the other',
    see: 'https://istio.io/latest/blog/2024/v1-apis/',
    check: ofEachCluster(({ istioVersion, canary }) => [
      found(['istioVersion'], ageProblem('istioVersion', istioVersion)),
      found(['canary', 'istioVersion'], ageProblem('canary.istioVersion', canary?.istioVersion)),
    ]),
  },
  {
    code: 'IM009',
    severity: Severity.WARNING,
    title: 'the Istio versions that linked clusters follow are at most one minor version apart',
    symptom: 'what one istiod sends, proxies and gateways of another do not understand; Istio tests one minor version of skew',
    fix: 'upgrade the oldest cluster first',
    see: `${RELEASES}#support-status-of-istio-releases`,
    check: skews,
  },
];

function namesDiffer({ clusters }: MeshModel): Finding[] {
  const first = new Map<string, number>();
  return clusters.flatMap((cluster, i) => {
    if (!first.has(cluster.name)) {
      first.set(cluster.name, i);
      return [];
    }
    const message = `name '${cluster.name}' is that of clusters[${first.get(cluster.name)}] already; istiod ignores the second of a name, so give it one of its own`;
    return [{ path: [...cluster.path, 'name'], message }];
  });
}

/** Where a cluster follows a version that is too old for one that a peer follows. */
function skews(mesh: MeshModel): ReadonlyArray<Finding | undefined> {
  const followed = new Map(mesh.clusters.map(cluster => [cluster, followedVersions(cluster)]));
  const tooNew = (than: number) => ({ version }: FollowedVersion) => (minor(version) ?? than) > than + 1;
  return ofEachCluster(cluster => followed.get(cluster)!.map(({ path, version }) => {
    const own = minor(version);
    const peer = own === undefined ? undefined : cluster.peers.find(one => followed.get(one)!.some(tooNew(own)));
    return found(path, peer && `${path.join('.')} '${version}' is more than one minor version behind '${followed.get(peer)!.find(tooNew(own!))!.version}' `
      + `of its peer '${peer.name}'; upgrade this cluster first`);
  }))(mesh);
}

interface FollowedVersion { readonly path: Path; readonly version?: string }

/** The versions of the control planes that a cluster's tags and gateway lead to, each with the place where it is said. */
function followedVersions(cluster: ClusterModel): FollowedVersion[] {
  const { revision, istioVersion, canary } = cluster;
  const followed = followedRevisions(cluster);
  return [
    ...followed.includes(revisionLabel(revision)) ? [{ path: ['istioVersion'], version: istioVersion }] : [],
    ...canary && followed.includes(canary.revision) ? [{ path: ['canary', 'istioVersion'], version: canary.istioVersion }] : [],
  ];
}

const VERSION = /^(\d+)\.(\d+)\.\d+(-[0-9A-Za-z.-]+)?$/;

/** Why some text is no version of Istio, or undefined when it is one. */
export function versionProblem(field: string, version: string): string | undefined {
  return VERSION.test(version) ? undefined : `${field} '${version}' is no Istio version; write it as x.y.z, e.g. 1.31.0`;
}

const OLDEST = 22;

/** Why a version is too old for what is made here, or undefined when it is not. */
export function ageProblem(field: string, version: string | undefined): string | undefined {
  return (minor(version) ?? OLDEST) >= OLDEST ? undefined
    : `${field} '${version}' has no networking.istio.io/v1, in which the Gateway is written; upgrade to 1.${OLDEST} or newer`;
}

/** The minor version of an Istio 1. */
export function minor(version: string | undefined): number | undefined {
  const [, major, second] = VERSION.exec(version ?? '') ?? [];
  return major === '1' ? Number(second) : undefined;
}
