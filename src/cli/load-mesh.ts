import { refuse } from '../core/problems';
import { Severity } from '../core/rule';
import { readMeshFile } from '../definition/mesh-file';
import type { MeshModel } from '../definition/mesh-model';
import { meshModel } from '../definition/mesh-model';
import { located, meshProblems } from '../rules/mesh/mesh-rules';
import { PEM_RULES } from '../rules/mesh/pem-rules';

/** Rules about values that only synth needs: secrets, keys, and the user's own manifests. */
export const OF_THE_TREE = ['IM035', 'IM061', ...PEM_RULES.map(({ code }) => code)];

/**
 * Reads and validates the mesh definition of a command.
 *
 * @param path a mesh file, or the resolved `mesh.yaml` in the output directory
 * @throws with all problems at once, when the file is not readable or synth would reject it
 */
export function meshOf(path: string): MeshModel {
  const definition = readMeshFile(path);
  const { model, problems } = meshModel(definition);
  const errors = meshProblems(model, problems)
    .filter(({ rule }) => rule.severity === Severity.ERROR && !OF_THE_TREE.includes(rule.code));
  refuse(`mesh '${model.meshID}'`, errors.map(problem => located(problem, definition)));
  refuse(`mesh '${model.meshID}'`, duplicateClusters(model));
  return model;
}

/**
 * The pairs of names that refer to the same cluster.
 *
 * Such a cluster would be linked to itself, and rotating the tokens under one name would retire a token that the other
 * name still uses.
 */
function duplicateClusters({ clusters }: MeshModel): string[] {
  return clusters.flatMap(({ name, context, namespace }, i) => {
    const first = clusters.slice(0, i).find(one => one.context === context && one.namespace === namespace);
    return first ? [
      `clusters '${first.name}' and '${name}' are the same: both have the context '${context}' `
      + `and the namespace '${namespace}'; give each cluster a different context`,
    ] : [];
  });
}
