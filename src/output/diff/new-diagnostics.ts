import type { Diagnostic } from '../../core/diagnostic';
import { Severity } from '../../core/rule';
import type { MeshModel } from '../../definition/mesh-model';
import type { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { isOfOutput } from '../../rules/mesh/mesh-rules';

/** What is wrong with a definition and was not before, errors first. */
export function newDiagnostics(before: EvaluatedMesh | undefined, after: EvaluatedMesh): Diagnostic[] {
  const compared = (mesh: EvaluatedMesh) => mesh.diagnostics.filter(({ rule }) => !isOfOutput(rule!));
  const diagnostics = compared(after);
  const known = new Set(before && diagnostics.length > 0 ? compared(before).map(diagnostic => identity(before.model, diagnostic)) : []);
  const found = diagnostics.filter(diagnostic => !known.has(identity(after.model, diagnostic)));
  return Object.values(Severity).flatMap(severity => found.filter(diagnostic => diagnostic.severity === severity));
}

/** A diagnostic by its message, its cluster and its keys, wherever the cluster is in the file. */
function identity({ clusters }: MeshModel, { rule, place: { path = [] }, message }: Diagnostic): string {
  const isInCluster = path[0] === 'clusters';
  const cluster = isInCluster ? clusters.find(one => one.path[1] === path[1])?.name : undefined;
  return JSON.stringify([rule?.code, cluster, message, ...isInCluster ? path.slice(2) : path]);
}
