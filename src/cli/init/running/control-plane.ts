import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import { type ClusterObjects, findObject } from './cluster-objects';
import { hasEqualQuantities } from './quantities';
import { DEFAULT_DOMAIN } from '../../../istio/domains';
import { DEFAULT_REVISION } from '../../../istio/revisions';
import { OWN_KEYS } from '../../../rules/construct/control-plane-rules';
import { type Fields, fieldsAt, isMap } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';

/** The settings of an installed control plane, as far as its cluster shows them. */
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
  /** `components.pilot`: settings that istioctl patched into the objects of istiod. */
  readonly pilot: Fields;
  /** Whether the installed values are known; older charts create no ConfigMap `values`. */
  readonly hasValues: boolean;
}

/** Reads the settings of a control plane from its Deployment and ConfigMaps. */
export function runningControlPlane(cluster: ClusterObjects, istiod: LiveObject): RunningControlPlane {
  const label = istiod.metadata.labels?.['istio.io/rev'] ?? DEFAULT_REVISION;
  const revision = label === DEFAULT_REVISION ? '' : label;
  const dataOf = (configMap: string, key: string) =>
    configMapData(cluster, revision ? `${configMap}-${revision}` : configMap, key);
  const original = dataOf('values', 'original-values');
  const injected = dataOf('istio-sidecar-injector', 'values') ?? {};
  const global = fieldsAt(injected, 'global');
  const istioVersion = versionOf(istiod);
  const [, imageHub, imageTag] = /^(.*)\/[^/:]+(?::([^@]+))?/.exec(containerOf(istiod).image ?? '') ?? [];
  const { hub, tag } = fieldsAt(original, 'global');
  const effectiveTag = nonEmptyText(tag) ?? imageTag;
  return {
    revision,
    istioVersion,
    clusterName: nonEmptyText(fieldsAt(global, 'multiCluster').clusterName) ?? variable(istiod, 'CLUSTER_ID') ?? '',
    meshID: nonEmptyText(global.meshID) ?? '',
    network: nonEmptyText(global.network) ?? '',
    hub: nonEmptyText(hub) ?? imageHub,
    tag: effectiveTag === istioVersion ? undefined : effectiveTag,
    values: original ? userValues(original) : clusterDomainValues(global),
    meshConfig: userMeshConfig(dataOf('istio', 'mesh') ?? {}, cluster.namespace),
    pilot: original ? patchedSettings(istiod, original, dataOf('values', 'merged-values') ?? {}) : {},
    hasValues: original !== undefined,
  };
}

function nonEmptyText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Parses the YAML or JSON at a key of a ConfigMap.
 *
 * @throws if it is not valid; the message does not contain the data, which may be secret
 */
function configMapData(cluster: ClusterObjects, name: string, key: string): Fields | undefined {
  const { configMaps, context, namespace } = cluster;
  const text = findObject(configMaps, 'ConfigMap', name)?.data?.[key];
  if (typeof text !== 'string') {
    return undefined;
  }
  try {
    const parsed = parse(text, { logLevel: 'error' }) ?? null;
    const data = JSON.parse(JSON.stringify(parsed)); // fails for data that contains itself through a YAML alias
    return isMap(data) ? data : undefined;
  } catch {
    throw new Error(`context '${context}': key '${key}' of ConfigMap '${name}' in namespace '${namespace}' `
      + 'is not valid YAML; fix it, or omit this context');
  }
}

function containerOf(deployment: LiveObject): LiveObject & { image?: string } {
  const containers: readonly LiveObject[] = deployment.spec?.template?.spec?.containers ?? [];
  return containers.find(({ name }) => name === 'discovery') ?? containers[0] ?? {} as LiveObject;
}

function variable(deployment: LiveObject, name: string): string | undefined {
  return containerOf(deployment).env?.find((one: Fields) => one.name === name)?.value;
}

/** The Istio version of the image, or else of the istioctl or chart that installed it. */
function versionOf(istiod: LiveObject): string | undefined {
  const { labels = {} } = istiod.metadata;
  const candidates = [
    containerOf(istiod).image?.split(':').pop(),
    labels['operator.istio.io/version'],
    labels['helm.sh/chart']?.replace(/^istiod-/, ''),
  ];
  return candidates
    .map(text => /^v?(\d+\.\d+\.\d+)/.exec(text ?? '')?.[1])
    .find(version => version !== undefined && version !== SOURCE_CHART_VERSION);
}

/** The version of charts that were built from source. */
const SOURCE_CHART_VERSION = '1.0.0';

/** Values that istioctl's profiles set. */
const PROFILE_VALUES: Fields = {
  global: { configValidation: true },
  pilot: { enabled: true, cni: { enabled: false } },
  ztunnel: { resourceName: 'ztunnel' },
  base: { enableCRDTemplates: false },
};

/** The values that the user set: without those of profiles, and those that the mesh definition sets elsewhere. */
function userValues(original: Fields): Fields {
  const keys = OWN_KEYS.filter(([[root]]) => root === 'values').map(([[, ...key]]) => key as string[]);
  return without(keys.reduce((values, key) => withoutKey(values, key), original), PROFILE_VALUES);
}

/** The only value that is read if istiod has no ConfigMap `values`: other names depend on it. */
function clusterDomainValues(global: Fields): Fields {
  const { clusterDomain = DEFAULT_DOMAIN } = fieldsAt(global, 'proxy');
  return clusterDomain === DEFAULT_DOMAIN ? {} : { global: { proxy: { clusterDomain } } };
}

/** The mesh configuration without the defaults of Istio's charts. */
function userMeshConfig(mesh: Fields, namespace: string): Fields {
  const { defaultConfig, ...rest } = mesh;
  const { meshId, discoveryAddress, ...config } = isMap(defaultConfig) ? defaultConfig : {};
  return without({ ...rest, defaultConfig: config }, {
    defaultProviders: { metrics: ['prometheus'] },
    enablePrometheusMerge: true,
    rootNamespace: namespace,
    trustDomain: DEFAULT_DOMAIN,
  });
}

/** Settings that istioctl patched into the Deployment: they differ from the values that the chart received. */
function patchedSettings(istiod: LiveObject, original: Fields, merged: Fields): Fields {
  const { nodeSelector = {}, affinity = {}, tolerations = [], priorityClassName } = istiod.spec?.template?.spec ?? {};
  const container = containerOf(istiod);
  const variables: Fields[] = container.env ?? [];
  // istioctl adds its variables before those of the chart.
  const patchedVariables = variables.findIndex(({ name }) => name === FIRST_CHART_VARIABLE);
  const chartTolerations = [CNI_TOLERATION, ...list(merged.tolerations)];
  const { replicaCount } = fieldsAt(original, 'pilot'); // also a chart value, but the chart ignores it with autoscaling
  const chartPriority = fieldsAt(merged, 'global').priorityClassName;
  const k8s = {
    ...replicaCount !== undefined && { replicaCount },
    ...patchedVariables > 0 && { env: variables.slice(0, patchedVariables) },
    ...!hasEqualQuantities(container.resources ?? {}, merged.resources ?? {}) && { resources: container.resources },
    ...!isDeepStrictEqual(nodeSelector, merged.nodeSelector ?? {}) && { nodeSelector },
    ...!isDeepStrictEqual(affinity, merged.affinity ?? {}) && { affinity },
    ...!isDeepStrictEqual(sorted(tolerations), sorted(chartTolerations)) && { tolerations },
    ...priorityClassName && priorityClassName !== chartPriority && { priorityClassName },
  };
  return Object.keys(k8s).length === 0 ? {} : { k8s };
}

const FIRST_CHART_VARIABLE = 'REVISION';

/** A toleration that the chart always sets. */
const CNI_TOLERATION = { key: 'cni.istio.io/not-ready', operator: 'Exists' };

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sorted(values: readonly unknown[]): string[] {
  return values.map(value => JSON.stringify(value)).sort();
}

/**
 * The settings that differ from the defaults.
 *
 * Empty values are left out too, unless they override a list of the defaults.
 */
function without(fields: Fields, defaults: Fields): Fields {
  const entries = Object.entries(fields)
    .filter(([key, value]) => !isDeepStrictEqual(value, defaults[key]))
    .map(([key, value]) => [key, isMap(value) ? without(value, fieldsAt(defaults, key)) : value] as const)
    .filter(([key, value]) => !isEmpty(value) || (Array.isArray(value) && defaults[key] !== undefined));
  return Object.fromEntries(entries);
}

function isEmpty(value: unknown): boolean {
  return value === ''
    || (Array.isArray(value) && value.length === 0)
    || (isMap(value) && Object.keys(value).length === 0);
}

function withoutKey(fields: Fields, [first, ...rest]: readonly string[]): Fields {
  const { [first]: value, ...others } = fields;
  return rest.length > 0 && isMap(value) ? { ...others, [first]: withoutKey(value, rest) } : others;
}
