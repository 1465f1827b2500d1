import type { Violation, Rule } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Path } from '../../util/path';

/** A check that evaluates each cluster of a mesh by itself. */
export function checkEachCluster(
  check: (cluster: ClusterModel) => ReadonlyArray<Violation | undefined>,
): Rule<MeshModel>['check'] {
  return ({ clusters }) => clusters.flatMap(cluster => check(cluster).filter(finding => finding !== undefined)
    .map(({ path, message }) => clusterViolation(cluster, path, message)));
}

/** A violation in a cluster, at a path in the settings of that cluster. */
export function clusterViolation(cluster: ClusterModel, path: Path, message: string): Violation {
  return { path: [...cluster.path, ...path], message, clusters: [cluster.name] };
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
      const findings = subject === undefined ? [] : rule.check(subject).filter(finding => finding !== undefined);
      return key === undefined ? findings : findings.map(({ path, message }) => ({ path: [key, ...path], message: `${key}: ${message}` }));
    }),
  }));
}
