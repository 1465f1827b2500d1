import { kustomization } from './kustomization';
import type { Diagnostic } from '../core/diagnostic';
import type { GitOpsChart } from '../settings/git-ops/git-ops-chart';
import { toYaml } from '../util/yaml-text';

/**
 * Adds the directory of a GitOps tool to a tree with the directories of all clusters.
 *
 * It contains a file for each object, and a kustomization for each directory.
 *
 * @returns the errors of the directory
 */
export function addGitOpsTree(tree: Map<string, string>, chart: GitOpsChart): readonly Diagnostic[] {
  const directories = new Map<string, string[]>([[chart.node.id, []]]);
  const { objects, listedDirectories, errors } = chart.resolve(tree);
  for (const { directory: subdirectory, object } of objects) {
    const directory = [chart.node.id, ...subdirectory ? [subdirectory] : []].join('/');
    const name = `${object.kind.toLowerCase()}-${object.name}.yaml`;
    tree.set(`${directory}/${name}`, toYaml(object.toJson()));
    directories.set(directory, [...directories.get(directory) ?? [], name]);
  }
  listedDirectories.forEach(subdirectory => directories.get(chart.node.id)!.push(subdirectory));
  directories.forEach((names, directory) => tree.set(`${directory}/kustomization.yaml`, kustomization(names)));
  return errors;
}
