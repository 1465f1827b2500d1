import type { Problem } from '../../core/problems';
import { Severity } from '../../core/rule';
import type { Definition } from '../../definition/definition';
import type { MeshModel } from '../../definition/mesh-model';
import { located } from '../../rules/mesh/mesh-rules';

/** A mesh definition with its model and the rules that it breaks. */
export interface EvaluatedMesh {
  readonly definition: Definition;
  readonly model: MeshModel;
  /** Evaluates the rules, which takes time; called only if the result is needed. */
  readonly problems: () => readonly Problem[];
}

/** An error, or a warning that the old definition did not have. */
export interface NewProblem {
  readonly severity: Severity;
  readonly code: string;
  /** The place in the definition, what is wrong there, and how to fix it. */
  readonly message: string;
}

/** Problems of the new definition that the old one does not have, errors first. */
export function findNewProblems(before: EvaluatedMesh | undefined, after: EvaluatedMesh): NewProblem[] {
  const problems = after.problems();
  const oldProblems = problems.length > 0 ? before?.problems() ?? [] : [];
  const known = new Set(oldProblems.map(problem => identity(before!.model, problem)));
  const added = problems.filter(problem => !known.has(identity(after.model, problem))).map(problem => ({
    severity: problem.rule.severity,
    code: problem.rule.code,
    message: located(problem, after.definition),
  }));
  return Object.values(Severity).flatMap(severity => added.filter(problem => problem.severity === severity));
}

/** Identifies a problem by the name of its cluster, so that it stays the same when clusters are reordered. */
function identity({ clusters }: MeshModel, { rule, path, message }: Problem): string {
  const isInCluster = path[0] === 'clusters';
  const cluster = isInCluster ? clusters.find(one => one.path[1] === path[1])?.name : undefined;
  return JSON.stringify([rule.code, cluster, message, ...isInCluster ? path.slice(2) : path]);
}
