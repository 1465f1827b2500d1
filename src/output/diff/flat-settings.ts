import isEqual from 'fast-deep-equal';
import type { ClusterModel } from '../../definition/mesh-model';
import { GatewayInstall } from '../../definition/mesh-props';
import { exposedHosts } from '../../settings/exposed-services-options';
import { type Fields, isMap } from '../../util/map';

/** Settings by their dotted keys as in messages, e.g. `values.pilot.autoscaleMin`. */
export type FlatSettings = ReadonlyMap<string, unknown>;

/**
 * Lists the effective settings of a cluster.
 *
 * Defaults are included, so that writing one down in the definition is not a change. The name is left out, and
 * `revision` is the one that istiod runs with.
 */
export function flattenCluster(cluster: ClusterModel): FlatSettings {
  const { settings: { name: _, ...settings }, gatewaySettings, clusterDomain } = cluster;
  const loadBalancer = gatewaySettings.loadBalancer?._serialized;
  return flattenSettings({
    ...settings,
    namespace: cluster.namespace,
    context: cluster.context,
    revision: cluster.revision,
    revisionTags: cluster.revisionTags,
    installer: cluster.installer._serialized,
    trust: cluster.trust._serialized,
    remoteCredentials: cluster.remoteCredentials._serialized,
    reader: { role: 'full', activeToken: 'blue', ...settings.reader as Fields },
    peers: [...new Set(cluster.namedPeers)].sort(),
    resources: cluster.resources,
    eastWestGateway: {
      install: GatewayInstall.AUTO,
      network: cluster.network,
      ...settings.eastWestGateway as Fields,
      ...loadBalancer !== undefined && { loadBalancer },
    },
    exposedServices: { hosts: cluster.exposedServices.hosts ?? exposedHosts(clusterDomain) },
  });
}

/**
 * Lists the leaves of nested settings by their dotted keys.
 *
 * An empty map is left out at the top level; further down it can have a meaning, as in `eastWestGateway.networkPolicy`.
 */
export function flattenSettings(data: Fields): FlatSettings {
  const leaves = new Map<string, unknown>();
  const visit = (value: unknown, keys: string) => {
    const entries = isMap(value) ? Object.entries(value).filter(([, entry]) => entry !== undefined) : [];
    if (entries.length > 0) {
      entries.forEach(([key, entry]) => visit(entry, `${keys}.${key.replace(/[.\\]/g, '\\$&')}`));
    } else if (!isMap(value) || keys.includes('.')) {
      leaves.set(keys, value);
    }
  };
  Object.entries(data).filter(([, value]) => value !== undefined).forEach(([key, value]) => visit(value, key));
  return leaves;
}

/** Keys of the settings that differ, or that only one side has. */
export function findDifferingKeys(before: FlatSettings, after: FlatSettings): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter(key => !isEqual(before.get(key), after.get(key)));
}
