import { throwErrors } from '../core/mesh-error';
import { readMeshFile } from '../definition/mesh-file';
import type { MeshModel } from '../definition/mesh-model';
import { EvaluatedMesh } from '../rules/evaluated-mesh';
import { isOfOutput } from '../rules/mesh/mesh-rules';

/**
 * The mesh that a command works on.
 *
 * @param path a mesh file, or the `mesh.yaml` that synth wrote beside the directories of the clusters
 * @throws when it cannot be read, or synth would refuse it: all problems at once
 */
export function meshOf(path: string): MeshModel {
  const { model, errors } = new EvaluatedMesh(readMeshFile(path));
  throwErrors(`mesh '${model.meshID}'`, errors.filter(({ rule }) => !isOfOutput(rule!)));
  throwErrors(`mesh '${model.meshID}'`, sharedContexts(model));
  return model;
}

/** One cluster under two names would be linked with itself, and lose a token that it still uses by a rotation under the other name. */
function sharedContexts({ clusters }: MeshModel): string[] {
  return clusters.flatMap(({ name, context, namespace }, i) => {
    const other = clusters.slice(0, i).find(one => one.context === context && one.namespace === namespace);
    return other ? [`clusters '${other.name}' and '${name}' both have the context '${context}' and the namespace '${namespace}', so that they are one; give each a context of its own`] : [];
  });
}
