import { refuse } from '../core/problems';
import { Severity } from '../core/rule';
import { readMeshFile } from '../definition/mesh-file';
import type { MeshModel } from '../definition/mesh-model';
import { meshModel } from '../definition/mesh-model';
import { located, meshProblems } from '../rules/mesh/mesh-rules';
import { PEM_RULES } from '../rules/mesh/pem-rules';

/** Rules of what synth puts into the tree, which a command does without: secrets, keys, and the user's own manifests. */
export const OF_THE_TREE = ['IM035', 'IM061', ...PEM_RULES.map(({ code }) => code)];

/**
 * The mesh that a command works on.
 *
 * @param path a mesh file, or the `mesh.yaml` that synth wrote beside the directories of the clusters
 * @throws when it cannot be read, or synth would refuse it: all problems at once
 */
export function meshOf(path: string): MeshModel {
  const definition = readMeshFile(path);
  const { model, problems } = meshModel(definition);
  const errors = meshProblems(model, problems).filter(({ rule }) => rule.severity === Severity.ERROR && !OF_THE_TREE.includes(rule.code));
  refuse(`mesh '${model.meshID}'`, errors.map(problem => located(problem, definition)));
  refuse(`mesh '${model.meshID}'`, sharedContexts(model));
  return model;
}

/** One cluster under two names would be linked with itself, and lose a token that it still uses by a rotation under the other name. */
function sharedContexts({ clusters }: MeshModel): string[] {
  return clusters.flatMap(({ name, context, namespace }, i) => {
    const other = clusters.slice(0, i).find(one => one.context === context && one.namespace === namespace);
    return other ? [`clusters '${other.name}' and '${name}' both have the context '${context}' and the namespace '${namespace}', so that they are one; give each a context of its own`] : [];
  });
}
