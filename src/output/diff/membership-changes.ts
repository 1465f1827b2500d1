import type { Change, Compared } from './change';
import { command, Impact } from './change';
import { linkCommand } from './cluster-aspects';
import { shown } from './shown';
import type { ClusterModel } from '../../definition/mesh-model';
import { shellWord } from '../../util/shell-word';
import { unreachable } from '../../util/unreachable';

/** Clusters that leave, and clusters that join. */
export function membershipChanges({ before, after, file }: Compared): Change[] {
  const [older, newer] = [before, after].map(({ clusters }) => new Set(clusters.map(({ name }) => name)));
  const leaving = before.clusters.filter(({ name }) => !newer.has(name));
  const joining = after.clusters.filter(({ name }) => !older.has(name));
  const oldNames = new Map(leaving.flatMap(({ apiServer, name }) => apiServer === undefined ? [] : [[apiServer, name]]));
  return [
    ...leaving.map((cluster): Change => ({
      kind: 'clusterLeaves',
      impact: Impact.INTERRUPTS,
      clusters: [cluster.name],
      values: [cluster.network ?? 'no network'],
      says: ({ text, isMany }, [network]) => `${text} ${isMany ? 'leave' : 'leaves'} (${network})`,
      consequence: 'what runs there stays until somebody removes it; the peers stop sending there as soon as the links are gone',
    })),
    ...joining.map((cluster): Change => {
      const oldName = cluster.apiServer === undefined ? undefined : oldNames.get(cluster.apiServer);
      const versions = `Istio ${shown('', cluster.istioVersion ?? 'none')}`;
      return oldName === undefined ? {
        kind: 'clusterJoins',
        impact: Impact.CHANGES,
        clusters: [cluster.name],
        values: [cluster.network ?? 'no network', versions],
        says: ({ text, isMany }, [network, istio]) => `${text} ${isMany ? 'join' : 'joins'} on ${network} (${istio})`,
        consequence: `before istiod starts, the Secret cacerts under the common root: ${cacerts(cluster, file)}`,
      } : {
        kind: 'clusterRenamed',
        impact: Impact.REBUILD,
        clusters: [cluster.name],
        values: [shown('', oldName), cluster.network ?? 'no network', versions],
        says: ({ text }, [old, network, istio]) => `${text} joins on ${network} (${istio}) with the API server of ${old}, which leaves: the same cluster under another name`,
        consequence: `pods say the old name until they restart; its endpoints are there twice until the links of the old name are gone: ${linkCommand(file, ' --prune')}`,
      };
    }),
  ];
}

function cacerts({ trust: { _source: source } }: ClusterModel, file: string): string {
  switch (source.kind) {
    case 'external': return 'somebody else brings it';
    case 'pem': return command(`istio-mesh certs ${shellWord(file)} --apply`);
    case 'operator': return 'its step 10-trust makes it';
    default: return unreachable(source);
  }
}
