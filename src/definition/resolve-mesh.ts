import type { Definition } from './definition';
import { CLUSTER, mergeSettings, omitInvalid, replaceClusterName } from './merge-settings';
import { type ClusterModel, type GatewayModel, type MeshModel, ALL_CLUSTERS } from './mesh-model';
import { type ClusterProps, GatewayInstall } from './mesh-props';
import { withProviders } from './providers';
import { ResourceFiles } from './resource-files';
import { type Schema, inOneForm, meshSchema } from '../core/schema';
import { type SchemaDiagnostic, schemaDiagnostics } from '../core/schema-diagnostics';
import { DEFAULT_DOMAIN } from '../istio/domains';
import { istiodEnvironment } from '../istio/istiod-environment';
import { ISTIO_SYSTEM } from '../istio/names';
import { injectionRevision, revisionLabel } from '../istio/revisions';
import type { GitOps } from '../settings/git-ops/git-ops';
import { Installer } from '../settings/installer/installer';
import { ReaderRole } from '../settings/reader-options';
import { istiodRequirements } from '../settings/remote-credentials/credential-delivery';
import { RemoteCredentials } from '../settings/remote-credentials/remote-credentials';
import { PemDirectory } from '../settings/trust/pem-directory';
import { Trust } from '../settings/trust/trust';
import { type Fields, fieldsAt, isMap } from '../util/map';
import type { Path } from '../util/path';

const CLUSTER_SETTINGS: Schema = { $ref: '#/$defs/ClusterSettings' };
const GIT_OPS: Schema = { $ref: '#/properties/gitOps' };

/** A valid mesh definition in the spelling of mesh.yaml. */
interface ValidData extends Fields {
  readonly meshID?: string;
  readonly clusters?: readonly unknown[];
  readonly acknowledge?: MeshModel['acknowledge'];
  readonly gitOps?: unknown;
}

/** Resolves everything that a definition leaves open, and reports what violates the schema. */
export function resolveMesh(definition: Definition): { model: MeshModel; diagnostics: SchemaDiagnostic[] } {
  const { data, defaults = {}, source, directory } = definition;
  const meshDiagnostics = schemaDiagnostics('#', data, source);
  const defaultsDiagnostics = schemaDiagnostics(CLUSTER_SETTINGS.$ref!, defaults);
  const validData = omitInvalid(meshSchema(), data, invalidPaths(meshDiagnostics)) as ValidData;
  const validDefaults = omitInvalid(CLUSTER_SETTINGS, defaults, invalidPaths(defaultsDiagnostics)) as Fields;
  const { meshID = '', clusters = [], acknowledge = {}, gitOps, ...meshSettings } = validData;
  const inherited = mergeSettings(CLUSTER_SETTINGS, validDefaults, meshSettings);
  return {
    model: {
      meshID,
      clusters: resolveClusters(inherited, clusters, directory),
      gitOps: resolveGitOps(gitOps),
      acknowledge: inOneForm(undefined, acknowledge) as MeshModel['acknowledge'],
      directory,
    },
    diagnostics: [...meshDiagnostics, ...defaultsDiagnostics.map(inDefaults)],
  };
}

function inDefaults(diagnostic: SchemaDiagnostic): SchemaDiagnostic {
  const { place, about } = diagnostic;
  return { ...diagnostic, place: { path: ['defaults', ...place.path] }, about: ['defaults', ...about] };
}

/** Paths of invalid values; a missing value has no path. */
function invalidPaths(diagnostics: readonly SchemaDiagnostic[]): Path[] {
  return diagnostics.filter(({ place, about }) => about === place.path).map(({ place }) => place.path);
}

function resolveGitOps(serialized: unknown): GitOps | undefined {
  return serialized === undefined ? undefined : withProviders(GIT_OPS, inOneForm(GIT_OPS, serialized)) as GitOps;
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

/** Resolves each cluster by itself, then what depends on the other clusters. */
function resolveClusters(inherited: Fields, clusters: readonly unknown[], directory: string): ClusterModel[] {
  const resourceFiles = new ResourceFiles(directory);
  const models = clusters.flatMap((cluster, i) => isMap(cluster) && typeof cluster.name === 'string'
    ? [resolveCluster(mergeSettings(CLUSTER, inherited, cluster), cluster.name, i, resourceFiles, directory)] : []);
  linkPeers(models);
  models.forEach(decideGateway);
  models.forEach(decideEnvironment);
  return models;
}

function resolveCluster(
  merged: Fields, name: string, index: number, resourceFiles: ResourceFiles, directory: string,
): Mutable<ClusterModel> {
  const settings = inOneForm(CLUSTER, replaceClusterName(CLUSTER, merged, name)) as Fields;
  const props = withProviders(CLUSTER, settings) as ClusterProps;
  const { namespace, profile, hub, tag, revision, compatibilityVersion, values, meshConfig, components } = props;
  const { trust = Trust.external(), installer = Installer.istioctl() } = props;
  const effectiveRevision = installer._effectiveRevision(revision ?? '', props.istioVersion);
  const { clusterDomain = DEFAULT_DOMAIN } = fieldsAt(settings, 'values', 'global', 'proxy');
  return {
    name,
    path: ['clusters', index],
    istioVersion: props.istioVersion,
    network: props.network,
    context: props.context ?? name,
    apiServer: props.apiServer,
    apiServerProps: { caData: props.caData, tlsServerName: props.tlsServerName, proxyUrl: props.proxyUrl },
    namespace: namespace ?? ISTIO_SYSTEM,
    revision: effectiveRevision,
    controlPlane: { namespace, profile, hub, tag, revision, compatibilityVersion, values, meshConfig, components },
    clusterDomain: clusterDomain as string,
    canary: props.canary,
    ...resolveTags(props.revisionTags ?? {}, revision ?? '', effectiveRevision),
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

/** Links two clusters if each names the other. */
function linkPeers(clusters: ReadonlyArray<Mutable<ClusterModel>>): void {
  const namedPeers = new Map(clusters.map(cluster => [cluster, new Set(cluster.namedPeers)]));
  const byName = new Map(clusters.map(cluster => [cluster.name, cluster]));
  const namesAll = (cluster: ClusterModel) => namedPeers.get(cluster)!.has(ALL_CLUSTERS);
  const doesName = (cluster: ClusterModel, other: ClusterModel) =>
    namesAll(cluster) || namedPeers.get(cluster)!.has(other.name);
  for (const cluster of clusters) {
    const candidates = namesAll(cluster) ? clusters : [...namedPeers.get(cluster)!]
      .flatMap(name => byName.get(name) ?? []).sort((a, b) => Number(a.path[1]) - Number(b.path[1]));
    cluster.peers = candidates.filter(other => other.name !== cluster.name && doesName(other, cluster));
  }
}

function decideGateway(cluster: Mutable<ClusterModel>): void {
  const { install = GatewayInstall.AUTO, network, ...options } = cluster.gatewaySettings;
  const isNeeded = cluster.peers.some(peer => peer.network !== cluster.network);
  if (install === GatewayInstall.ALWAYS || (install === GatewayInstall.AUTO && isNeeded)) {
    const revision = options.revision ?? injectionRevision(cluster);
    cluster.eastWestGateway = {
      ...options,
      network: network ?? cluster.network ?? '',
      namespace: cluster.namespace,
      networkPolicy: options.networkPolicy ?? (createsNetworkPolicies(cluster) ? {} : undefined),
      revision,
      istioVersion: gatewayVersion(cluster, revision),
      installer: cluster.installer,
    };
  }
}

/** The version of the control plane that a gateway's revision or tag refers to. */
function gatewayVersion(
  { revisionTags, canary, istioVersion }: ClusterModel, revision: string,
): GatewayModel['istioVersion'] {
  const target = Object.hasOwn(revisionTags, revision) ? revisionTags[revision] : revision;
  return target === canary?.revision ? canary.istioVersion : istioVersion;
}

/** Whether Istio's charts create NetworkPolicies in the cluster, none of which opens port 15443 of the gateway. */
function createsNetworkPolicies({ settings }: ClusterModel): boolean {
  return Boolean(fieldsAt(settings, 'values', 'global', 'networkPolicy').enabled);
}

function decideEnvironment(cluster: Mutable<ClusterModel>): void {
  const requirements = cluster.peers.map(({ remoteCredentials, reader }) => ({
    ...istiodRequirements(remoteCredentials), withoutSecrets: reader.role === ReaderRole.MINIMAL,
  }));
  cluster.environment = istiodEnvironment(requirements, cluster.settings.values);
}
