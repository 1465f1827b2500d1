import type { Definition } from './definition';
import { withMembers } from './families';
import type { ClusterProps, EastWestGatewaySettings } from './mesh-props';
import { GatewayInstall } from './mesh-props';
import { ResourceFiles } from './resource-files';
import type { Problem } from '../core/problems';
import type { Schema } from '../core/schema';
import { argumentSchema, inOneForm, meshSchema, resolved, schemaAt } from '../core/schema';
import { schemaProblems } from '../core/schema-problems';
import type { Environment } from '../istio/istiod-environment';
import { istiodEnvironment } from '../istio/istiod-environment';
import { ISTIO_SYSTEM, upperName } from '../istio/names';
import { injectionRevision, revisionLabel } from '../istio/revisions';
import type { ApiServerProps } from '../settings/api-server-props';
import type { ControlPlaneOptions } from '../settings/control-plane-options';
import type { EastWestGatewayOptions } from '../settings/east-west-gateway-options';
import type { ExposedServicesOptions } from '../settings/exposed-services-options';
import type { GitOps } from '../settings/git-ops/git-ops';
import { Installer } from '../settings/installer/installer';
import { ReaderRole } from '../settings/reader-options';
import { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import type { PemDirectory } from '../settings/trust/pem-directory';
import { Trust } from '../settings/trust/trust';
import type { Fields } from '../util/map';
import { isMap, withEntries } from '../util/map';
import type { Path } from '../util/path';

/** A cluster of the mesh with everything decided. */
export interface ClusterModel {
  readonly name: string;
  /** Where the cluster stands in the definition. */
  readonly path: Path;
  readonly istioVersion?: string;
  readonly network?: string;
  readonly context: string;
  readonly apiServer?: string;
  readonly apiServerProps: ApiServerProps;
  readonly namespace: string;
  /** Revision that istiod has, empty for Istio's `default`. */
  readonly revision: string;
  readonly controlPlane: ControlPlaneOptions;
  readonly clusterDomain: string;
  readonly canary?: ClusterProps['canary'];
  readonly revisionTags: { readonly [tag: string]: string };
  readonly installer: Installer;
  readonly trust: Trust;
  /** The PEM files of the signing authority, where the definition names some. */
  readonly pemDirectory?: PemDirectory;
  readonly remoteCredentials: RemoteCredentials;
  readonly reader: NonNullable<ClusterProps['reader']>;
  /** Names that the cluster gives as its peers. */
  readonly namedPeers: readonly string[];
  /** The clusters that it is linked with, in the order of the definition. */
  readonly peers: readonly ClusterModel[];
  /** Variables that its istiod must have to read the peers, beside the user's own. */
  readonly environment: Environment;
  /** What is said of the gateway, whether there is one or not. */
  readonly gatewaySettings: EastWestGatewaySettings;
  /** The gateway, where there is one. */
  readonly eastWestGateway?: GatewayModel;
  readonly exposedServices: ExposedServicesOptions;
  readonly resources: readonly string[];
  /** What the globs are looked up with, the same for all clusters. */
  readonly resourceFiles: ResourceFiles;
  /** The merged settings as plain data, in the spelling of mesh.yaml. */
  readonly settings: Fields;
}

/** An east-west gateway with everything decided. */
export interface GatewayModel extends EastWestGatewayOptions {
  readonly network: string;
  readonly namespace: string;
  readonly revision: string;
  readonly istioVersion?: string;
  readonly installer: Installer;
}

/** The mesh with everything decided; plain data that nobody changes. */
export interface MeshModel {
  readonly meshID: string;
  readonly clusters: readonly ClusterModel[];
  /** The tool that applies the tree, where one does. */
  readonly gitOps?: GitOps;
  /** Reasons why warnings are right here, by their codes. */
  readonly acknowledge: { readonly [code: string]: string };
  /** Directory that relative paths start from. */
  readonly directory: string;
}

/** Decides everything that a definition leaves open, and tells where it is not what the schema says. */
export function meshModel(definition: Definition): { model: MeshModel; problems: Problem[] } {
  const { defaults = {} } = definition;
  const ofMesh = schemaProblems('#', definition.data, definition.source);
  const ofDefaults = schemaProblems(CLUSTER_SETTINGS.$ref!, defaults);
  const problems = [...ofMesh, ...ofDefaults.map(({ path, about = path, ...problem }) => ({ ...problem, path: ['defaults', ...path], about: ['defaults', ...about] }))];
  const said = sound(meshSchema(), definition.data, wrongPlaces(ofMesh)) as Fields & { meshID?: string; clusters?: unknown[]; acknowledge?: MeshModel['acknowledge']; gitOps?: unknown };
  const { meshID, clusters, acknowledge = {}, gitOps: form, ...meshSettings } = said;
  const gitOps = form === undefined ? undefined : withMembers(GIT_OPS, inOneForm(GIT_OPS, form)) as GitOps;
  const below = merged(CLUSTER_SETTINGS, sound(CLUSTER_SETTINGS, defaults, wrongPlaces(ofDefaults)) as Fields, meshSettings);
  const files = new ResourceFiles(definition.directory);
  const models = (clusters ?? []).flatMap((cluster, i) => isMap(cluster) && typeof cluster.name === 'string' ? [clusterModel(below, cluster, i, files, definition.directory)] : []);
  link(models);
  models.forEach(decideGateway);
  models.forEach(decideEnvironment);
  return { model: { meshID: meshID ?? '', clusters: models, gitOps, acknowledge: inOneForm(undefined, acknowledge) as MeshModel['acknowledge'], directory: definition.directory }, problems };
}

/** Places of what is wrong; where something is missing, nothing is. */
function wrongPlaces(problems: readonly Problem[]): Path[] {
  return problems.filter(({ path, about }) => about === path).map(({ path }) => path);
}

const CLUSTER: Schema = { $ref: '#/$defs/ClusterProps' };
const CLUSTER_SETTINGS: Schema = { $ref: '#/$defs/ClusterSettings' };
const GIT_OPS: Schema = { $ref: '#/properties/gitOps' };

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

function clusterModel(below: Fields, own: Fields, index: number, resourceFiles: ResourceFiles, directory: string): Mutable<ClusterModel> {
  const name = own.name as string;
  const settings = inOneForm(CLUSTER, forCluster(CLUSTER, merged(CLUSTER, below, own), name)) as Fields;
  const props = withMembers(CLUSTER, settings) as ClusterProps;
  const { namespace, profile, hub, tag, revision, compatibilityVersion, values, meshConfig, components } = props;
  const { trust = Trust.external(), installer = Installer.istioctl() } = props;
  return {
    name,
    path: ['clusters', index],
    istioVersion: props.istioVersion,
    network: props.network,
    context: props.context ?? name,
    apiServer: props.apiServer,
    apiServerProps: { caData: props.caData, tlsServerName: props.tlsServerName, proxyUrl: props.proxyUrl },
    namespace: namespace ?? ISTIO_SYSTEM,
    revision: installer._revision(revision ?? '', props.istioVersion),
    controlPlane: { namespace, profile, hub, tag, revision, compatibilityVersion, values, meshConfig, components },
    clusterDomain: (values as any)?.global?.proxy?.clusterDomain ?? 'cluster.local',
    canary: props.canary,
    revisionTags: ownRevisions(props.revisionTags ?? {}, revision ?? '', installer._revision(revision ?? '', props.istioVersion)),
    installer,
    trust,
    pemDirectory: trust._pemDirectory(directory),
    remoteCredentials: props.remoteCredentials ?? RemoteCredentials.linked(),
    reader: props.reader ?? {},
    namedPeers: props.peers ?? [EVERYBODY],
    peers: [],
    environment: {},
    gatewaySettings: props.eastWestGateway ?? {},
    exposedServices: props.exposedServices ?? {},
    resources: props.resources ?? [],
    resourceFiles,
    settings,
  };
}

/** Tags with the revision that istiod has, where they name it as the user does. */
function ownRevisions(tags: ClusterModel['revisionTags'], said: string, actual: string): ClusterModel['revisionTags'] {
  const own = (revision: string) => revisionLabel(revision) === revisionLabel(said) ? revisionLabel(actual) : revision;
  return Object.fromEntries(Object.entries(tags).map(([tag, revision]) => [tag, own(revision)]));
}

/** As a peer: all clusters. */
export const EVERYBODY = '*';

/** Two clusters are linked when each names the other. */
function link(clusters: Array<Mutable<ClusterModel>>): void {
  const named = new Map(clusters.map(cluster => [cluster, new Set(cluster.namedPeers)]));
  const byName = new Map(clusters.map(cluster => [cluster.name, cluster]));
  const names = (cluster: ClusterModel, other: ClusterModel) => named.get(cluster)!.has(EVERYBODY) || named.get(cluster)!.has(other.name);
  for (const cluster of clusters) {
    const candidates = named.get(cluster)!.has(EVERYBODY)
      ? clusters
      : [...named.get(cluster)!].flatMap(name => byName.get(name) ?? []).sort((a, b) => Number(a.path[1]) - Number(b.path[1]));
    cluster.peers = candidates.filter(other => other.name !== cluster.name && names(other, cluster));
  }
}

function decideGateway(cluster: Mutable<ClusterModel>): void {
  const { install = GatewayInstall.AUTO, network, ...options } = cluster.gatewaySettings;
  const needed = cluster.peers.some(peer => peer.network !== cluster.network);
  if (install === GatewayInstall.ALWAYS || (install === GatewayInstall.AUTO && needed)) {
    const revision = options.revision ?? injectionRevision(cluster);
    const followed = Object.hasOwn(cluster.revisionTags, revision) ? cluster.revisionTags[revision] : revision;
    cluster.eastWestGateway = {
      ...options,
      network: network ?? cluster.network ?? '',
      namespace: cluster.namespace,
      networkPolicy: options.networkPolicy ?? (asksForNetworkPolicies(cluster.settings) ? {} : undefined),
      revision,
      istioVersion: followed === cluster.canary?.revision ? cluster.canary.istioVersion : cluster.istioVersion,
      installer: cluster.installer,
    };
  }
}

/** Whether Istio's charts make NetworkPolicies here, of which none opens port 15443 of the gateway. */
function asksForNetworkPolicies({ values }: Fields): boolean {
  return Boolean((values as any)?.global?.networkPolicy?.enabled);
}

function decideEnvironment(cluster: Mutable<ClusterModel>): void {
  const demands = cluster.peers.map(({ remoteCredentials, reader }) => ({
    allowed: remoteCredentials._allowance?.word,
    kubeconfigPath: remoteCredentials._kubeconfigPath,
    readsSecrets: reader.role !== ReaderRole.MINIMAL,
  }));
  cluster.environment = istiodEnvironment(demands, cluster.settings.values);
}

/** Maps merge key by key; everything else, and members of families, replace whole. */
function merged(schema: Schema | undefined, below: Fields, above: Fields): Fields {
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const at = schemaAt(schema, key);
    const under = result.get(key);
    result.set(key, isMap(under) && isMap(value) && !(at && resolved(at)['x-family']) ? merged(at, under, value) : value);
  }
  return Object.fromEntries(result);
}

const CLUSTER_NAME = /\$\(cluster\)/g;

/** `$(cluster)` replaced by the cluster's name; in the name of an environment variable in upper case, with `_` for `-`. */
function forCluster(schema: Schema | undefined, value: unknown, name: string): unknown {
  if (typeof value === 'string') {
    return value.replace(CLUSTER_NAME, () => name);
  }
  const at = schema && resolved(schema);
  const family = at?.['x-family'];
  return withEntries(value, (entry, key) => {
    const isVariable = family === 'SecretValue' && key === 'env';
    const below = at && family ? argumentSchema(at, String(key)) : schemaAt(at, key);
    return forCluster(below, entry, isVariable ? upperName(name) : name);
  });
}

/**
 * The data without what is wrong in it, so that the rules can judge the rest: a member of a family goes as a whole, and so does an entry
 * of a list, but for clusters, which are known by their place.
 */
function sound(schema: Schema | undefined, data: unknown, paths: readonly Path[]): unknown {
  const at = schema && resolved(schema);
  if (paths.some(path => path.length === 0) || (at?.['x-family'] && paths.length > 0)) {
    return undefined;
  }
  const below = (key: string | number) => {
    const within = paths.filter(path => path[0] === key).map(path => path.slice(1));
    return sound(schemaAt(at, key), (data as any)[key], within);
  };
  if (paths.length === 0) {
    return data;
  }
  if (Array.isArray(data)) {
    const entries = data.map((_, i) => below(i));
    return at?.items?.$ref === CLUSTER.$ref ? entries : entries.filter(entry => entry !== undefined);
  }
  return isMap(data) ? Object.fromEntries(Object.keys(data).map(key => [key, below(key)]).filter(([, value]) => value !== undefined)) : undefined;
}
