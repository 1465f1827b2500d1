import type { Problem } from '../../core/problem';
import type { Violation, Rule } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Path } from '../../util/path';

/** A check that evaluates each cluster of a mesh by itself. */
export function checkEachCluster(
  check: (cluster: ClusterModel) => ReadonlyArray<Violation | undefined>,
): Rule<MeshModel>['check'] {
  return ({ clusters }) => clusters.flatMap(cluster => check(cluster).filter(found => found !== undefined)
    .map(({ path, ...problem }) => clusterViolation(cluster, path, problem)));
}

/** A violation in a cluster, at a path in the settings of that cluster. */
export function clusterViolation(cluster: ClusterModel, path: Path, problem: Problem): Violation {
  return { ...problem, path: [...cluster.path, ...path], clusters: [cluster.name] };
}

/**
 * Turns rules for a part of a cluster into rules for a mesh.
 *
 * @param part the part of a cluster, or undefined for a cluster without it, which then breaks no rule
 * @param key key of the part in the settings of the cluster
 */
export function rulesOfPart<Part>(
  rules: ReadonlyArray<Rule<Part>>, part: (cluster: ClusterModel) => Part | undefined, key?: string,
): Array<Rule<MeshModel>> {
  return rules.map(rule => ({
    ...rule,
    check: checkEachCluster(cluster => {
      const subject = part(cluster);
      const violations = subject === undefined ? [] : rule.check(subject);
      return key === undefined ? violations
        : violations.map(found =>
          found && { message: `${key}: ${found.message}`, suggestion: found.suggestion, path: [key, ...found.path] });
    }),
  }));
}
