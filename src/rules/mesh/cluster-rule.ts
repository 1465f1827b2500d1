import type { Finding, Rule } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { Path } from '../../util/path';

/** Judges one cluster at a time; a finding is of that cluster. */
export function ofEachCluster(check: (cluster: ClusterModel) => ReadonlyArray<Finding | undefined>): Rule<MeshModel>['check'] {
  return ({ clusters }) => clusters.flatMap(cluster => check(cluster).filter(finding => finding !== undefined)
    .map(({ path, message }) => ofCluster(cluster, path, message)));
}

/** What is wrong at a key of a cluster. */
export function ofCluster(cluster: ClusterModel, path: Path, message: string): Finding {
  return { path: [...cluster.path, ...path], message, clusters: [cluster.name] };
}

/** Rules of a part of a cluster, each as a rule of the mesh; where the cluster has no such part, nothing is wrong with it. */
export function lifted<Part>(
  rules: ReadonlyArray<Rule<Part>>, part: (cluster: ClusterModel) => Part | undefined, key?: string,
): Array<Rule<MeshModel>> {
  return rules.map(rule => ({
    ...rule,
    check: ofEachCluster(cluster => {
      const subject = part(cluster);
      const findings = subject === undefined ? [] : rule.check(subject).filter(finding => finding !== undefined);
      return key === undefined ? findings : findings.map(({ path, message }) => ({ path: [key, ...path], message: `${key}: ${message}` }));
    }),
  }));
}
