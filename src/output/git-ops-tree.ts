import { kustomization } from './kustomization';
import type { Diagnostic } from '../core/diagnostic';
import type { GitOpsChart } from '../settings/git-ops/git-ops-chart';
import { toYaml } from '../util/yaml-text';

/**
 * Adds the directory of a GitOps tool to a tree that has those of the clusters: a file for each object, and a kustomization for each directory.
 *
 * @returns what is wrong with the directory
 */
export function addGitOpsTree(tree: Map<string, string>, chart: GitOpsChart): readonly Diagnostic[] {
  const directories = new Map<string, string[]>([[chart.node.id, []]]);
  for (const [below, object] of chart.objectsIn(tree)) {
    const directory = [chart.node.id, ...below ? [below] : []].join('/');
    const name = `${object.kind.toLowerCase()}-${object.name}.yaml`;
    tree.set(`${directory}/${name}`, toYaml(object.toJson()));
    directories.set(directory, [...directories.get(directory) ?? [], name]);
  }
  chart.listedDirectories.forEach(below => directories.get(chart.node.id)!.push(below));
  directories.forEach((names, directory) => tree.set(`${directory}/kustomization.yaml`, kustomization(names)));
  return chart.errors;
}
