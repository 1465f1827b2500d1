import type { Definition } from './definition';
import { type ClusterProps, type EastWestGatewaySettings, GatewayInstall } from './mesh-props';
import { withProviders } from './providers';
import { ResourceFiles } from './resource-files';
import { type Schema, argumentSchema, inOneForm, meshSchema, resolved, schemaAt } from '../core/schema';
import { type SchemaDiagnostic, schemaDiagnostics } from '../core/schema-diagnostics';
import { DEFAULT_DOMAIN } from '../istio/domains';
import { type Environment, istiodEnvironment } from '../istio/istiod-environment';
import { ISTIO_SYSTEM, upperName } from '../istio/names';
import { injectionRevision, revisionLabel } from '../istio/revisions';
import type { ApiServerProps } from '../settings/api-server-props';
import type { ControlPlaneOptions } from '../settings/control-plane-options';
import type { EastWestGatewayOptions } from '../settings/east-west-gateway-options';
import type { ExposedServicesOptions } from '../settings/exposed-services-options';
import type { GitOps } from '../settings/git-ops/git-ops';
import { Installer } from '../settings/installer/installer';
import { ReaderRole } from '../settings/reader-options';
import { istiodRequirements } from '../settings/remote-credentials/credential-delivery';
import { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import { PemDirectory } from '../settings/trust/pem-directory';
import { Trust } from '../settings/trust/trust';
import { type Fields, isMap, withEntries } from '../util/map';
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
  /** Revision label of istiod, empty for Istio's `default`; the revision in `controlPlane` is the configured one. */
  readonly revision: string;
  readonly controlPlane: ControlPlaneOptions;
  readonly clusterDomain: string;
  readonly canary?: ClusterProps['canary'];
  /** Revision labels of istiod by tag. */
  readonly revisionTags: { readonly [tag: string]: string };
  /** Configured revisions by tag, of the same control planes. */
  readonly configuredTags: { readonly [tag: string]: string };
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
export function meshModel(definition: Definition): { model: MeshModel; diagnostics: SchemaDiagnostic[] } {
  const { defaults = {} } = definition;
  const ofMesh = schemaDiagnostics('#', definition.data, definition.source);
  const ofDefaults = schemaDiagnostics(CLUSTER_SETTINGS.$ref!, defaults);
  const diagnostics = [...ofMesh, ...ofDefaults.map(inDefaults)];
  const said = sound(meshSchema(), definition.data, wrongPlaces(ofMesh)) as Fields & { meshID?: string; clusters?: unknown[]; acknowledge?: MeshModel['acknowledge']; gitOps?: unknown };
  const { meshID, clusters, acknowledge = {}, gitOps: form, ...meshSettings } = said;
  const gitOps = form === undefined ? undefined : withProviders(GIT_OPS, inOneForm(GIT_OPS, form)) as GitOps;
  const inherited = merged(CLUSTER_SETTINGS, sound(CLUSTER_SETTINGS, defaults, wrongPlaces(ofDefaults)) as Fields, meshSettings);
  const files = new ResourceFiles(definition.directory);
  const models = (clusters ?? []).flatMap((cluster, i) => isMap(cluster) && typeof cluster.name === 'string' ? [clusterModel(inherited, cluster, i, files, definition.directory)] : []);
  link(models);
  models.forEach(decideGateway);
  models.forEach(decideEnvironment);
  return { model: { meshID: meshID ?? '', clusters: models, gitOps, acknowledge: inOneForm(undefined, acknowledge) as MeshModel['acknowledge'], directory: definition.directory }, diagnostics };
}

function inDefaults(diagnostic: SchemaDiagnostic): SchemaDiagnostic {
  const { place, about } = diagnostic;
  return { ...diagnostic, place: { path: ['defaults', ...place.path] }, about: ['defaults', ...about] };
}

/** Paths of invalid values; a missing value has no path. */
function wrongPlaces(diagnostics: readonly SchemaDiagnostic[]): Path[] {
  return diagnostics.filter(({ place, about }) => about === place.path).map(({ place }) => place.path);
}

const CLUSTER: Schema = { $ref: '#/$defs/ClusterProps' };
const CLUSTER_SETTINGS: Schema = { $ref: '#/$defs/ClusterSettings' };
const GIT_OPS: Schema = { $ref: '#/properties/gitOps' };

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

function clusterModel(below: Fields, own: Fields, index: number, resourceFiles: ResourceFiles, directory: string): Mutable<ClusterModel> {
  const name = own.name as string;
  const settings = inOneForm(CLUSTER, forCluster(CLUSTER, merged(CLUSTER, below, own), name)) as Fields;
  const props = withProviders(CLUSTER, settings) as ClusterProps;
  const { namespace, profile, hub, tag, revision, compatibilityVersion, values, meshConfig, components } = props;
  const { trust = Trust.external(), installer = Installer.istioctl() } = props;
  const effective = installer._effectiveRevision(revision ?? '', props.istioVersion);
  return {
    name,
    path: ['clusters', index],
    istioVersion: props.istioVersion,
    network: props.network,
    context: props.context ?? name,
    apiServer: props.apiServer,
    apiServerProps: { caData: props.caData, tlsServerName: props.tlsServerName, proxyUrl: props.proxyUrl },
    namespace: namespace ?? ISTIO_SYSTEM,
    revision: effective,
    controlPlane: { namespace, profile, hub, tag, revision, compatibilityVersion, values, meshConfig, components },
    clusterDomain: (values as any)?.global?.proxy?.clusterDomain ?? DEFAULT_DOMAIN,
    canary: props.canary,
    ...resolveTags(props.revisionTags ?? {}, revision ?? '', effective),
    installer,
    trust,
    pemDirectory: trust._source.kind === 'pem' ? new PemDirectory(trust._source.directory, directory) : undefined,
    remoteCredentials: props.remoteCredentials ?? RemoteCredentials.linked(),
    reader: props.reader ?? {},
    namedPeers: props.peers ?? [ALL_CLUSTERS],
    peers: [],
    environment: {},
    gatewaySettings: props.eastWestGateway ?? {},
    exposedServices: props.exposedServices ?? {},
    resources: props.resources ?? [],
    resourceFiles,
    settings,
  };
}

/** The effective and the configured revision of each tag, which may name its control plane by either. */
function resolveTags(
  tags: { readonly [tag: string]: string }, configured: string, effective: string,
): Pick<ClusterModel, 'revisionTags' | 'configuredTags'> {
  const labels = [configured, effective].map(revisionLabel);
  const withRevision = (revision: string) => Object.fromEntries(Object.entries(tags)
    .map(([tag, target]) => [tag, labels.includes(revisionLabel(target)) ? revision : target]));
  return { revisionTags: withRevision(revisionLabel(effective)), configuredTags: withRevision(configured) };
}

/** As a peer: all clusters. */
export const ALL_CLUSTERS = '*';

/** Two clusters are linked when each names the other. */
function link(clusters: Array<Mutable<ClusterModel>>): void {
  const named = new Map(clusters.map(cluster => [cluster, new Set(cluster.namedPeers)]));
  const byName = new Map(clusters.map(cluster => [cluster.name, cluster]));
  const names = (cluster: ClusterModel, other: ClusterModel) => named.get(cluster)!.has(ALL_CLUSTERS) || named.get(cluster)!.has(other.name);
  for (const cluster of clusters) {
    const candidates = named.get(cluster)!.has(ALL_CLUSTERS)
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
  const requirements = cluster.peers.map(({ remoteCredentials, reader }) => ({
    ...istiodRequirements(remoteCredentials), withoutSecrets: reader.role === ReaderRole.MINIMAL,
  }));
  cluster.environment = istiodEnvironment(requirements, cluster.settings.values);
}

/** Merges maps key by key; everything else is replaced as a whole, providers too. */
function merged(schema: Schema | undefined, below: Fields, above: Fields): Fields {
  const result = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const at = schemaAt(schema, key);
    const under = result.get(key);
    result.set(key, isMap(under) && isMap(value) && !(at && resolved(at)['x-provider']) ? merged(at, under, value) : value);
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
  const provider = at?.['x-provider'];
  return withEntries(value, (entry, key) => {
    const isVariable = provider === 'SecretValue' && key === 'env';
    const below = at && provider ? argumentSchema(at, String(key)) : schemaAt(at, key);
    return forCluster(below, entry, isVariable ? upperName(name) : name);
  });
}

/**
 * The data without what is wrong in it, so that the rules can judge the rest: a provider goes as a whole, and so does an entry
 * of a list, but for clusters, which are known by their place.
 */
function sound(schema: Schema | undefined, data: unknown, paths: readonly Path[]): unknown {
  const at = schema && resolved(schema);
  if (paths.some(path => path.length === 0) || (at?.['x-provider'] && paths.length > 0)) {
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
