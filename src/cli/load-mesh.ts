import { throwErrors } from '../core/mesh-error';
import { type Problem, problem } from '../core/rule';
import { readMeshFile } from '../definition/mesh-file';
import type { MeshModel } from '../definition/mesh-model';
import { EvaluatedMesh } from '../rules/evaluated-mesh';
import { isOfOutput } from '../rules/mesh/mesh-rules';

/**
 * Reads and validates the mesh definition of a command.
 *
 * @param path a mesh file, or the resolved `mesh.yaml` in the output directory
 * @throws with all errors at once, when the file is not readable or synth would reject it
 */
export function loadMesh(path: string): MeshModel {
  const { model, errors } = new EvaluatedMesh(readMeshFile(path));
  throwErrors(`mesh '${model.meshID}'`, errors.filter(({ rule }) => !isOfOutput(rule!)));
  throwErrors(`mesh '${model.meshID}'`, duplicateClusters(model));
  return model;
}

/**
 * The pairs of names that refer to the same cluster.
 *
 * Such a cluster would be linked to itself, and rotating the tokens under one name would retire a token that the other
 * name still uses.
 */
function duplicateClusters({ clusters }: MeshModel): Problem[] {
  return clusters.flatMap(({ name, context, namespace }, i) => {
    const first = clusters.slice(0, i).find(one => one.context === context && one.namespace === namespace);
    return first ? [
      problem(`clusters '${first.name}' and '${name}' are the same: both have the context '${context}' and the `
        + `namespace '${namespace}'`, 'give each cluster a different context'),
    ] : [];
  });
}
