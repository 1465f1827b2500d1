import { type Change, type Comparison, codeSpan, Impact } from './change';
import { displayValue } from './display-value';
import { linkCommandLine } from './remote-secret-hints';
import type { ClusterModel } from '../../definition/mesh-model';
import { shellWord } from '../../util/shell-word';
import { unreachable } from '../../util/unreachable';

const NO_NETWORK = 'no network';

/** Clusters that leave or join the mesh. */
export function membershipChanges({ before, after, file }: Comparison): Change[] {
  const [oldNames, newNames] = [before, after].map(({ clusters }) => new Set(clusters.map(({ name }) => name)));
  const leaving = before.clusters.filter(({ name }) => !newNames.has(name));
  const joining = after.clusters.filter(({ name }) => !oldNames.has(name));
  const nameByApiServer = new Map(leaving.map(({ apiServer, name }) => [apiServer, name]));
  nameByApiServer.delete(undefined);
  return [
    ...leaving.map(clusterLeaves),
    ...joining.map(cluster => {
      const oldName = nameByApiServer.get(cluster.apiServer);
      return oldName === undefined ? clusterJoins(cluster, file) : clusterRenamed(cluster, oldName, file);
    }),
  ];
}

function clusterLeaves({ name, network }: ClusterModel): Change {
  return {
    kind: 'clusterLeaves',
    impact: Impact.INTERRUPTS,
    clusters: [name],
    sentence: '{clusters} {leaves|leave} the mesh ({network})',
    values: { network: network ?? NO_NETWORK },
    consequence: 'everything installed there stays until you remove it; '
      + 'peers stop sending requests there when the links are removed',
  };
}

function clusterJoins(cluster: ClusterModel, file: string): Change {
  return {
    kind: 'clusterJoins',
    impact: Impact.CHANGES,
    clusters: [cluster.name],
    sentence: '{clusters} {joins|join} the mesh on {network} ({version})',
    values: { network: cluster.network ?? NO_NETWORK, version: istioVersion(cluster) },
    consequence: 'before istiod starts, it needs the Secret cacerts, signed by the common root CA: '
      + cacertsHint(cluster, file),
  };
}

function clusterRenamed(cluster: ClusterModel, oldName: string, file: string): Change {
  return {
    kind: 'clusterRenamed',
    impact: Impact.REBUILD,
    clusters: [cluster.name],
    sentence: '{clusters} joins the mesh on {network} ({version}) with the API server of {oldName}, which leaves: '
      + 'the same cluster under a new name',
    values: {
      oldName: displayValue('', oldName), network: cluster.network ?? NO_NETWORK, version: istioVersion(cluster),
    },
    consequence: 'pods report the old name until they restart; '
      + `the endpoints are duplicated until you remove the links of the old name: ${linkCommandLine(file, ' --prune')}`,
  };
}

function istioVersion(cluster: ClusterModel): string {
  return `Istio ${displayValue('', cluster.istioVersion ?? 'none')}`;
}

function cacertsHint({ trust: { _source: source } }: ClusterModel, file: string): string {
  switch (source.kind) {
    case 'external': return 'provide it yourself (trust: external)';
    case 'pem': return `run ${codeSpan(`istio-mesh certs ${shellWord(file)} --apply`)}`;
    case 'operator': return 'step 10-trust creates it';
    default: return unreachable(source);
  }
}
