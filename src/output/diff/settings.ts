import type { ClusterModel } from '../../definition/mesh-model';
import { GatewayInstall } from '../../definition/mesh-props';
import { exposedHosts } from '../../settings/exposed-services-options';
import { isEqual } from '../../util/equal';
import type { Fields } from '../../util/map';
import { isMap } from '../../util/map';

/** A setting by its keys, as messages write them, e.g. `values.pilot.autoscaleMin`. */
export type Leaves = ReadonlyMap<string, unknown>;

/**
 * Every setting of a cluster, with the defaults that a definition may leave out, so that saying one is no change.
 *
 * The name is not among them, and `revision` is the one that istiod has.
 */
export function leavesOf(cluster: ClusterModel): Leaves {
  const { settings: { name: _, ...settings }, gatewaySettings, clusterDomain } = cluster;
  const loadBalancer = gatewaySettings.loadBalancer?._serialized;
  return leaves({
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

/** The settings in plain data, each by its keys; maps that say nothing are none, but where they stand for something. */
export function leaves(data: Fields): Leaves {
  const found = new Map<string, unknown>();
  const visit = (value: unknown, keys: string) => {
    const entries = isMap(value) ? Object.entries(value).filter(([, entry]) => entry !== undefined) : [];
    if (entries.length > 0) {
      entries.forEach(([key, entry]) => visit(entry, `${keys}.${key.replace(/[.\\]/g, '\\$&')}`));
    } else if (!isMap(value) || keys.includes('.')) {
      found.set(keys, value);
    }
  };
  Object.entries(data).filter(([, value]) => value !== undefined).forEach(([key, value]) => visit(value, key));
  return found;
}

/** Keys of the settings that one side has otherwise, or alone. */
export function differingKeys(older: Leaves, newer: Leaves): string[] {
  return [...new Set([...older.keys(), ...newer.keys()])].filter(key => !isEqual(older.get(key), newer.get(key)));
}
