import { type Probe, probe } from './api-server-probe';
import { type CheckResult, CheckStatus, evaluateChecks } from './check-result';
import { CLUSTER_CHECKS } from './cluster-checks';
import { type ClusterState, readClusterState } from './cluster-state';
import { kubeconfigFor } from './pair';
import { PAIR_CHECKS } from './pair-checks';
import type { MeshModel } from '../../definition/mesh-model';
import { withProgress } from '../clusters/progress';

/** The result of a check of a cluster, or of the requests from one cluster to another. */
export interface VerificationResult extends CheckResult {
  readonly from: string;
  /** The same as `from` for a check of a single cluster. */
  readonly to: string;
  readonly check: string;
}

/** Checks every cluster and every directed link. */
export async function verifyMesh({ clusters }: MeshModel): Promise<VerificationResult[]> {
  const states = await withProgress('clusters read', clusters.length, done =>
    Promise.all(clusters.map(cluster => readClusterState(cluster).finally(done))));
  const statesByName = new Map(states.map(state => [state.model.name, state]));
  const probes = new Map<string, Promise<Probe>>();
  const results = await Promise.all(states.map(async from => {
    const clusterResults = resultsOf(from, from, evaluateChecks(CLUSTER_CHECKS, from));
    const pairResults = await Promise.all(from.model.peers.map(({ name: peer }) =>
      verifyPair(from, statesByName.get(peer)!, probes)));
    return [clusterResults, ...pairResults].flat();
  }));
  return results.flat();
}

/** @param probes the probe of each kubeconfig: clusters that read the same peer usually have the same kubeconfig */
async function verifyPair(
  from: ClusterState, to: ClusterState, probes: Map<string, Promise<Probe>>,
): Promise<VerificationResult[]> {
  const kubeconfig = kubeconfigFor(to.model.name, from);
  if (kubeconfig !== undefined && !probes.has(kubeconfig)) {
    probes.set(kubeconfig, probe(kubeconfig));
  }
  const pair = { from, to, probe: await probes.get(kubeconfig ?? '') };
  return resultsOf(from, to, evaluateChecks(PAIR_CHECKS, pair));
}

function resultsOf(
  from: ClusterState, to: ClusterState, results: ReadonlyMap<string, CheckResult>,
): VerificationResult[] {
  return [...results].map(([check, result]) => ({ from: from.model.name, to: to.model.name, check, ...result }));
}

export function isFailed({ finding }: VerificationResult): boolean {
  return finding === CheckStatus.FAILED;
}
