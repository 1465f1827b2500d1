import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import { isSameQuantities } from './quantities';
import type { RunningCluster } from './cluster-objects';
import { objectNamed } from './cluster-objects';
import { DEFAULT_REVISION } from '../../../istio/revisions';
import { OWN_KEYS } from '../../../rules/construct/control-plane-rules';
import type { Fields } from '../../../util/map';
import { fieldsAt, isMap } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** A control plane as it was installed, as far as the cluster tells. */
export interface RunningControlPlane {
  /** Its revision, empty for Istio's `default`. */
  readonly revision: string;
  readonly istioVersion?: string;
  readonly clusterName: string;
  readonly meshID: string;
  readonly network: string;
  readonly hub?: string;
  readonly tag?: string;
  readonly values: Fields;
  readonly meshConfig: Fields;
  /** What istioctl patched into istiod's objects: `components.pilot`. */
  readonly pilot: Fields;
  /** Whether the cluster tells what was set: older charts leave no ConfigMap `values`. */
  readonly tellsValues: boolean;
}

/** What the cluster tells of an istiod. */
export function runningControlPlane(cluster: RunningCluster, istiod: LiveObject): RunningControlPlane {
  const label = istiod.metadata.labels?.['istio.io/rev'] ?? DEFAULT_REVISION;
  const revision = label === DEFAULT_REVISION ? '' : label;
  const map = (name: string, key: string) => {
    const full = revision ? `${name}-${revision}` : name;
    const text = objectNamed(cluster.configMaps, 'ConfigMap', full)?.data?.[key];
    return dataIn(text, `context '${cluster.context}': '${key}' of the ConfigMap '${full}' in '${cluster.namespace}'`);
  };
  const original = map('values', 'original-values');
  const injected = map('istio-sidecar-injector', 'values') ?? {};
  const global = fieldsAt(injected, 'global');
  const text = (value: unknown) => typeof value === 'string' && value !== '' ? value : undefined;
  const istioVersion = versionOf(istiod);
  const image = /^(.*)\/[^/:]+(?::([^@]+))?/.exec(containerOf(istiod).image ?? '');
  const tag = text(fieldsAt(original, 'global').tag) ?? image?.[2];
  return {
    revision,
    istioVersion,
    clusterName: text(fieldsAt(global, 'multiCluster').clusterName) ?? variable(istiod, 'CLUSTER_ID') ?? '',
    meshID: text(global.meshID) ?? '',
    network: text(global.network) ?? '',
    hub: text(fieldsAt(original, 'global').hub) ?? image?.[1],
    tag: tag === istioVersion ? undefined : tag,
    values: original ? userValues(original) : clusterDomainOf(global),
    meshConfig: userMeshConfig(map('istio', 'mesh') ?? {}, cluster.namespace),
    pilot: original ? patches(istiod, original, map('values', 'merged-values') ?? {}) : {},
    tellsValues: original !== undefined,
  };
}

/**
 * YAML or JSON in a ConfigMap, without the aliases of YAML, by which data may have itself in it.
 *
 * @throws when it is neither; what stands there is not told
 */
function dataIn(text: unknown, place: string): Fields | undefined {
  try {
    const data = typeof text === 'string' ? JSON.parse(JSON.stringify(parse(text, { logLevel: 'error' }) ?? null)) : undefined;
    return isMap(data) ? data : undefined;
  } catch {
    throw new Error(`${place} cannot be read as YAML; mend it, or leave this context out`);
  }
}

function containerOf(deployment: LiveObject): LiveObject & { image?: string } {
  const containers: readonly LiveObject[] = deployment.spec?.template?.spec?.containers ?? [];
  return containers.find(container => (container as any).name === 'discovery') ?? containers[0] ?? {} as LiveObject;
}

function variable(deployment: LiveObject, name: string): string | undefined {
  return containerOf(deployment).env?.find((one: Fields) => one.name === name)?.value;
}

/** By its image, the istioctl or the chart that installed it. */
function versionOf(istiod: LiveObject): string | undefined {
  const { labels = {} } = istiod.metadata;
  const said = [containerOf(istiod).image?.split(':').pop(), labels['operator.istio.io/version'], labels['helm.sh/chart']?.replace(/^istiod-/, '')];
  return said.map(text => /^v?(\d+\.\d+\.\d+)/.exec(text ?? '')?.[1]).find(version => version !== undefined && version !== CHART_OF_BUILD);
}

/** Of charts that were built from source. */
const CHART_OF_BUILD = '1.0.0';

/** What istioctl's profiles say by themselves. */
const OF_PROFILE: Fields = {
  global: { configValidation: true },
  pilot: { enabled: true, cni: { enabled: false } },
  ztunnel: { resourceName: 'ztunnel' },
  base: { enableCRDTemplates: false },
};

function userValues(original: Fields): Fields {
  const keys = OWN_KEYS.filter(([[root]]) => root === 'values').map(([[, ...key]]) => key as string[]);
  return without(keys.reduce((values, key) => withoutKey(values, key), original), OF_PROFILE);
}

/** What is read of an istiod that does not tell its values: what names follow from. */
function clusterDomainOf(global: Fields): Fields {
  const { clusterDomain } = fieldsAt(global, 'proxy');
  return clusterDomain === undefined || clusterDomain === 'cluster.local' ? {} : { global: { proxy: { clusterDomain } } };
}

/** The mesh configuration that istiod has, without what the charts say by themselves. */
function userMeshConfig(mesh: Fields, namespace: string): Fields {
  const { defaultConfig, ...rest } = mesh;
  const { meshId, discoveryAddress, ...config } = isMap(defaultConfig) ? defaultConfig : {};
  return without({ ...rest, defaultConfig: config }, {
    defaultProviders: { metrics: ['prometheus'] },
    enablePrometheusMerge: true,
    rootNamespace: namespace,
    trustDomain: 'cluster.local',
  });
}

/** What istioctl patched into the Deployment: there, and not in the values that the chart was given. */
function patches(istiod: LiveObject, original: Fields, merged: Fields): Fields {
  const { nodeSelector = {}, affinity = {}, tolerations = [], priorityClassName } = istiod.spec?.template?.spec ?? {};
  const container = containerOf(istiod);
  const variables: Fields[] = container.env ?? [];
  const ofChart = variables.findIndex(({ name }) => name === FIRST_OF_CHART); // istioctl's come before
  const tolerated = [OF_CHART, ...list(merged.tolerations)];
  const { replicaCount } = fieldsAt(original, 'pilot'); // istioctl gives it to the chart too, which uses it without autoscaling alone
  const k8s = {
    ...replicaCount !== undefined && { replicaCount },
    ...ofChart > 0 && { env: variables.slice(0, ofChart) },
    ...!isSameQuantities(container.resources ?? {}, merged.resources ?? {}) && { resources: container.resources },
    ...!isDeepStrictEqual(nodeSelector, merged.nodeSelector ?? {}) && { nodeSelector },
    ...!isDeepStrictEqual(affinity, merged.affinity ?? {}) && { affinity },
    ...!isDeepStrictEqual(sorted(tolerations), sorted(tolerated)) && { tolerations },
    ...priorityClassName && fieldsAt(merged, 'global').priorityClassName !== priorityClassName && { priorityClassName },
  };
  return Object.keys(k8s).length === 0 ? {} : { k8s };
}

const FIRST_OF_CHART = 'REVISION';
const OF_CHART = { key: 'cni.istio.io/not-ready', operator: 'Exists' };

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sorted(values: readonly unknown[]): string[] {
  return values.map(value => JSON.stringify(value)).sort();
}

/** A map without what another one says too, and without what is empty then, unless that empties what the other one has. */
function without(fields: Fields, other: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => {
    const rest = isMap(value) ? without(value, isMap(other[key]) ? other[key] : {}) : value;
    const isNothing = rest === '' || isMap(rest) && Object.keys(rest).length === 0 || Array.isArray(rest) && rest.length === 0 && other[key] === undefined;
    return isNothing || isDeepStrictEqual(value, other[key]) ? [] : [[key, rest]];
  }));
}

function withoutKey(fields: Fields, [first, ...rest]: readonly string[]): Fields {
  const { [first]: value, ...others } = fields;
  return rest.length > 0 && isMap(value) ? { ...others, [first]: withoutKey(value, rest) } : others;
}
