import type { Change, Compared } from './change';
import { Impact } from './change';
import { CLUSTER_ASPECTS, plainChange, plainTold } from './cluster-aspects';
import { clusterPair } from './cluster-pair';
import { linkChanges, relinked } from './link-changes';
import { membershipChanges } from './membership-changes';
import { differingKeys, leaves } from './settings';
import { shown } from './shown';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Fields } from '../../util/map';

/**
 * What is different in a mesh: nothing where the same settings are only said elsewhere, or in another order of clusters.
 *
 * What hurts first comes first, then what is of the mesh, and then clusters in the order of the definition.
 */
export function meshDiff(compared: Compared): Change[] {
  const { before, after } = compared;
  const older = byName(before);
  const both = [...byName(after)].flatMap(([name, cluster]) => older.has(name) ? [[older.get(name)!, cluster] as const] : []);
  const haveOtherLinks = relinked(compared);
  const changes = [
    ...meshChanges(compared),
    ...membershipChanges(compared),
    ...linkChanges(compared),
    ...both.flatMap(([one, other]) => clusterChanges(compared, one, other, haveOtherLinks.has(other.name))),
  ];
  const order = Object.values(Impact);
  return changes.sort((one, other) => order.indexOf(one.impact) - order.indexOf(other.impact)); // which keeps the order of the rest
}

function byName({ clusters }: MeshModel): Map<string, ClusterModel> {
  return new Map([...clusters].reverse().map((cluster): [string, ClusterModel] => [cluster.name, cluster]).reverse());
}

function clusterChanges(compared: Compared, before: ClusterModel, after: ClusterModel, hasOtherLinks: boolean): Change[] {
  const pair = clusterPair(compared, before, after);
  const told = CLUSTER_ASPECTS.map(({ settings, changes }) => ({ settings, changes: changes(pair).filter(change => change !== undefined) }));
  const isTold = (key: string) => told.some(({ settings, changes }) => changes.length > 0 && settings.test(key)) || key === 'peers' && hasOtherLinks;
  const plain = pair.differing.filter(key => !isTold(key)).sort().map(key => plainChange(pair, key));
  return [...told.flatMap(({ changes }) => changes), ...plain].map(change => ({ ...change, clusters: [after.name] }));
}

/** What is said of the mesh alone. */
function meshChanges({ before, after }: Compared): Change[] {
  const of = (change: Omit<Change, 'clusters'>): Change => ({ ...change, clusters: [] });
  const [reasons, reasonsNow] = [before.acknowledge, after.acknowledge];
  return [
    ...before.meshID === after.meshID ? [] : [of({
      ...plainTold('meshID', shown('meshID', before.meshID), shown('meshID', after.meshID)),
      impact: Impact.REBUILD,
      consequence: 'telemetry tells of another mesh, of pods from their next restart on; names that are made of it are others: Applications, Kustomizations, keys in a store',
    })],
    ...gitOpsChanges(before, after).map(of),
    ...Object.keys({ ...reasons, ...reasonsNow }).filter(code => reasons[code] !== reasonsNow[code]).map(code => of({
      kind: 'acknowledge',
      impact: Impact.CHANGES,
      values: [code, shown('', reasonsNow[code] ?? '')],
      says: reasonsNow[code] === undefined ? (_, [rule]) => `${rule} is acknowledged no more: it is told again`
        : (_, [rule, reason]) => `${rule} is acknowledged${reasons[code] === undefined ? '' : ' for another reason'}: ${reason}`,
    })),
  ];
}

function gitOpsChanges({ gitOps: older }: MeshModel, { gitOps: newer }: MeshModel): Array<Omit<Change, 'clusters'>> {
  const [from, to] = [older, newer].map(tool => tool ? tool._kind : 'nobody');
  if (from !== to) {
    return [{
      kind: 'gitOps',
      impact: Impact.INTERRUPTS,
      values: [from, to],
      says: (_, [was, is]) => `the tree is applied by ${is} instead of ${was}`,
      consequence: newer ? 'it prunes what is not in the tree; see that it has the cluster before the old way ends' : 'what it applied stays unless it is told to remove it',
    }];
  }
  const [old, now] = [older, newer].map(tool => leaves({ gitOps: tool?._serialized } as Fields));
  return differingKeys(old, now).sort().map(key => ({
    ...plainTold(key, old.has(key) ? shown(key, old.get(key)) : undefined, now.has(key) ? shown(key, now.get(key)) : undefined),
    impact: Impact.CHANGES,
  }));
}
