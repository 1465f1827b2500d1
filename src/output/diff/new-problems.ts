import type { Problem } from '../../core/problems';
import { Severity } from '../../core/rule';
import type { Definition } from '../../definition/definition';
import type { MeshModel } from '../../definition/mesh-model';
import { located } from '../../rules/mesh/mesh-rules';

/** A definition, what was made of it, and what is wrong with it. */
export interface JudgedMesh {
  readonly definition: Definition;
  readonly model: MeshModel;
  /** Asked for only where there is something to compare with. */
  readonly problems: () => readonly Problem[];
}

/** Something that a change breaks, or has the rules warn of. */
export interface NewProblem {
  readonly severity: Severity;
  readonly code: string;
  /** Place, value, rule and fix. */
  readonly message: string;
}

/** What is wrong now and was not before, errors first. */
export function newProblems(before: JudgedMesh | undefined, after: JudgedMesh): NewProblem[] {
  const problems = after.problems();
  const known = new Set(before && problems.length > 0 ? before.problems().map(problem => identity(before.model, problem)) : []);
  const found = problems.filter(problem => !known.has(identity(after.model, problem))).map(problem => ({
    severity: problem.rule.severity, code: problem.rule.code, message: located(problem, after.definition),
  }));
  return Object.values(Severity).flatMap(severity => found.filter(problem => problem.severity === severity));
}

/** A problem by what it says of which cluster, wherever that stands in the file. */
function identity({ clusters }: MeshModel, { rule, path, message }: Problem): string {
  const cluster = path[0] === 'clusters' ? clusters.find(one => one.path[1] === path[1])?.name : undefined;
  return JSON.stringify([rule.code, cluster, message, ...path[0] === 'clusters' ? path.slice(2) : path]);
}
