import type { Probe } from './api-server-probe';
import { probe } from './api-server-probe';
import { CLUSTER_CHECKS } from './cluster-checks';
import type { ClusterState } from './cluster-state';
import { clusterState } from './cluster-state';
import { kubeconfigOf, PAIR_CHECKS } from './pair-checks';
import type { Verdict } from './verdict';
import { Finding, verdicts } from './verdict';
import type { MeshModel } from '../../definition/mesh-model';
import { withProgress } from '../clusters/progress';

/** What one check says of how one cluster sends traffic to another, or of a cluster by itself. */
export interface Result extends Verdict {
  readonly from: string;
  readonly to: string;
  readonly check: string;
}

/** Judges every cluster and every directed pair of linked clusters. */
export async function verification({ clusters }: MeshModel): Promise<Result[]> {
  const states = await withProgress('clusters read', clusters.length, done => Promise.all(clusters.map(cluster => clusterState(cluster).finally(done))));
  const byName = new Map(states.map(state => [state.model.name, state]));
  const probes = new Probes();
  const results = await Promise.all(states.map(async from => {
    const ofPeers = await Promise.all(from.model.peers.map(async ({ name }) => {
      const to = byName.get(name)!;
      return named(from, to, verdicts(PAIR_CHECKS, { from, to, probe: await probes.of(kubeconfigOf(from, name)) }));
    }));
    return [named(from, from, verdicts(CLUSTER_CHECKS, from)), ...ofPeers].flat();
  }));
  return results.flat();
}

function named(from: ClusterState, to: ClusterState, found: ReadonlyMap<string, Verdict>): Result[] {
  return [...found].map(([check, verdict]) => ({ from: from.model.name, to: to.model.name, check, ...verdict }));
}

/** Each kubeconfig is tried once: all clusters that read a peer mostly have the same. */
class Probes {
  private readonly tried = new Map<string, Promise<Probe>>();

  async of(kubeconfig: string | undefined): Promise<Probe | undefined> {
    if (kubeconfig === undefined) {
      return undefined;
    }
    const tried = this.tried.get(kubeconfig) ?? probe(kubeconfig);
    this.tried.set(kubeconfig, tried);
    return tried;
  }
}

export function isRed({ finding }: Result): boolean {
  return finding === Finding.RED;
}
