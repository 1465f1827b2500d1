import { type Change, type ChangeDetails, type Comparison, clusterPair, Impact } from './change';
import { CLUSTER_DETECTORS } from './cluster-changes';
import { displayValue } from './display-value';
import { findDifferingKeys, flattenSettings } from './flat-settings';
import { clustersWithChangedLinks, linkChanges } from './link-changes';
import { membershipChanges } from './membership-changes';
import { describeSetting, displayIfSet, settingChange } from './setting-changes';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Fields } from '../../util/map';

/**
 * Finds the changes between two versions of a mesh, the most disruptive first.
 *
 * Changes of equal impact are in this order: the mesh, its clusters and links, then each cluster in the order of the
 * definition. Moving a setting between mesh and clusters, or reordering clusters, is not a change.
 */
export function meshDiff(comparison: Comparison): Change[] {
  const oldClusters = clustersByName(comparison.before);
  const changedLinks = clustersWithChangedLinks(comparison);
  const changes = [
    ...meshChanges(comparison),
    ...membershipChanges(comparison),
    ...linkChanges(comparison),
    ...[...clustersByName(comparison.after)].flatMap(([name, cluster]) => {
      const oldCluster = oldClusters.get(name);
      return oldCluster ? clusterChanges(comparison, oldCluster, cluster, changedLinks.has(name)) : [];
    }),
  ];
  const order = Object.values(Impact);
  return changes.sort((a, b) => order.indexOf(a.impact) - order.indexOf(b.impact));
}

function clustersByName({ clusters }: MeshModel): Map<string, ClusterModel> {
  return new Map(clusters.map(cluster => [cluster.name, cluster]));
}

function clusterChanges(
  comparison: Comparison, before: ClusterModel, after: ClusterModel, hasChangedLinks: boolean,
): Change[] {
  const pair = clusterPair(comparison, before, after);
  const detected = CLUSTER_DETECTORS.map(({ settings, detect }) => ({
    settings,
    changes: detect(pair).filter(change => change !== undefined),
  }));
  const describedSettings = detected.filter(({ changes }) => changes.length > 0).map(({ settings }) => settings);
  const isDescribed = (key: string) =>
    describedSettings.some(settings => settings.test(key)) || key === 'peers' && hasChangedLinks;
  const others = pair.differingKeys.filter(key => !isDescribed(key)).sort().map(key => settingChange(pair, key));
  const changes = [...detected.flatMap(detection => detection.changes), ...others];
  return changes.map(change => ({ ...change, clusters: [after.name] }));
}

/** Changes of settings that only the mesh as a whole has. */
function meshChanges({ before, after }: Comparison): Change[] {
  const changes = [
    ...before.meshID === after.meshID ? [] : [meshIDChange(before.meshID, after.meshID)],
    ...gitOpsChanges(before, after),
    ...acknowledgeChanges(before.acknowledge, after.acknowledge),
  ];
  return changes.map(change => ({ ...change, clusters: [] }));
}

function meshIDChange(before: string, after: string): ChangeDetails {
  return {
    ...describeSetting('meshID', displayValue('meshID', before), displayValue('meshID', after)),
    impact: Impact.REBUILD,
    consequence: 'telemetry of a pod reports the new mesh ID after its next restart; '
      + 'Applications, Kustomizations and keys in a secret store that are named after the mesh get new names',
  };
}

function gitOpsChanges({ gitOps: oldTool }: MeshModel, { gitOps: newTool }: MeshModel): ChangeDetails[] {
  const [oldName, newName] = [oldTool, newTool].map(tool => tool ? tool._kind : 'none');
  if (oldName !== newName) {
    return [{
      kind: 'gitOps',
      impact: Impact.INTERRUPTS,
      sentence: 'gitOps: {oldName} → {newName}',
      values: { oldName, newName },
      consequence: newTool
        ? 'it deletes objects that are not in the generated manifests; '
          + 'make sure that it manages a cluster before you stop applying manifests there'
        : 'the objects that it applied stay in the clusters unless you configure it to delete them',
    }];
  }
  const [before, after] = [oldTool, newTool].map(tool => flattenSettings({ gitOps: tool?._serialized } as Fields));
  return findDifferingKeys(before, after).sort().map(key => ({
    ...describeSetting(key, displayIfSet(before, key), displayIfSet(after, key)),
    impact: Impact.CHANGES,
  }));
}

function acknowledgeChanges(before: MeshModel['acknowledge'], after: MeshModel['acknowledge']): ChangeDetails[] {
  const codes = Object.keys({ ...before, ...after }).filter(code => before[code] !== after[code]);
  return codes.map(code => ({
    kind: 'acknowledge',
    impact: Impact.CHANGES,
    sentence: acknowledgeSentence(before[code], after[code]),
    values: { code, reason: displayValue('', after[code] ?? '') },
  }));
}

function acknowledgeSentence(before: string | undefined, after: string | undefined): string {
  if (after === undefined) {
    return '{code} is no longer acknowledged: its warnings are reported again';
  }
  return `{code} is acknowledged${before === undefined ? '' : ' for another reason'}: {reason}`;
}
