import {
  type Check, type MaybeProblem, type Problem, type Rules, type Violation, prefixed, violations,
} from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Path } from '../../util/path';

/** A check that evaluates each cluster of a mesh by itself. */
export function checkEachCluster(check: (cluster: ClusterModel) => Violation[]): Check<MeshModel> {
  return ({ clusters }) => clusters.flatMap(cluster =>
    check(cluster).map(found => clusterViolation(cluster, found.path, found)));
}

/** A check that evaluates one setting of each cluster. */
export function checkSetting(path: Path, check: (cluster: ClusterModel) => MaybeProblem): Check<MeshModel> {
  return checkEachCluster(cluster => violations(path, check(cluster)));
}

/** A violation in a cluster, at a path in the settings of that cluster. */
export function clusterViolation(cluster: ClusterModel, path: Path, problem: Problem): Violation {
  return { ...problem, path: [...cluster.path, ...path], clusters: [cluster.name] };
}

/**
 * A check that finds clusters which have something in common that each needs for itself.
 *
 * Clusters with the same name are left out: the rule for names reports them.
 *
 * @param keyOf what each cluster needs for itself, or undefined for a cluster without it
 */
export function checkShared(
  path: Path,
  keyOf: (cluster: ClusterModel, mesh: MeshModel) => string | undefined,
  problemOf: (cluster: ClusterModel, other: ClusterModel, mesh: MeshModel) => Problem,
): Check<MeshModel> {
  return mesh => {
    const first = new Map<string, ClusterModel>();
    return mesh.clusters.flatMap(cluster => {
      const key = keyOf(cluster, mesh);
      const other = key === undefined ? cluster : first.get(key) ?? cluster;
      if (key !== undefined) {
        first.set(key, other);
      }
      return other.name === cluster.name ? [] : [clusterViolation(cluster, path, problemOf(cluster, other, mesh))];
    });
  };
}

/**
 * Turns rules for a part of a cluster into rules for a mesh.
 *
 * @param part the part of a cluster, or undefined for a cluster without it, which then breaks no rule
 * @param key key of the part in the settings of the cluster
 */
export function rulesOfPart<Part>(
  rules: Rules<Part>, part: (cluster: ClusterModel) => Part | undefined, key?: string,
): Rules<MeshModel> {
  return rules.map(rule => ({
    ...rule,
    check: checkEachCluster(cluster => {
      const subject = part(cluster);
      const found = subject === undefined ? [] : rule.check(subject);
      return key === undefined ? found
        : found.flatMap(({ path, ...problem }) => violations([key, ...path], prefixed(`${key}: `, problem)));
    }),
  }));
}
