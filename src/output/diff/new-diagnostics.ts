import type { Diagnostic } from '../../core/diagnostic';
import { Severity } from '../../core/rule';
import type { MeshModel } from '../../definition/mesh-model';
import type { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { isOfOutput } from '../../rules/mesh/mesh-rules';

/** Errors and warnings of the new definition that the old one does not have, errors first. */
export function findNewDiagnostics(before: EvaluatedMesh | undefined, after: EvaluatedMesh): Diagnostic[] {
  const diagnostics = diagnosticsOfDefinition(after);
  if (diagnostics.length === 0 || before === undefined) {
    return sortBySeverity(diagnostics);
  }
  const known = new Set(diagnosticsOfDefinition(before).map(diagnostic => identity(before.model, diagnostic)));
  return sortBySeverity(diagnostics.filter(diagnostic => !known.has(identity(after.model, diagnostic))));
}

/** Leaves out rules about other files, which only synth reads. */
function diagnosticsOfDefinition({ diagnostics }: EvaluatedMesh): Diagnostic[] {
  return diagnostics.filter(({ rule }) => !isOfOutput(rule!));
}

function sortBySeverity(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return Object.values(Severity).flatMap(severity =>
    diagnostics.filter(diagnostic => diagnostic.severity === severity));
}

/** Identifies a diagnostic by the name of its cluster, so that it stays the same when clusters are reordered. */
function identity({ clusters }: MeshModel, { rule, place: { path = [] }, message }: Diagnostic): string {
  const isInCluster = path[0] === 'clusters';
  const cluster = isInCluster ? clusters.find(one => one.path[1] === path[1])?.name : undefined;
  return JSON.stringify([rule?.code, cluster, message, ...isInCluster ? path.slice(2) : path]);
}
