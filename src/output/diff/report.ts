import { Impact } from './change';
import type { Folded } from './folded';
import { folded } from './folded';
import { meshDiff } from './mesh-diff';
import { newDiagnostics } from './new-diagnostics';
import type { Diagnostic } from '../../core/diagnostic';
import { foldEqual } from '../../core/diagnostic';
import { Severity } from '../../core/rule';
import type { MeshModel } from '../../definition/mesh-model';
import type { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { counted, inOneLine } from '../../util/text';

/** A definition with what it is called, e.g. `HEAD`. */
export interface Side {
  readonly label: string;
  /** None where there is no such file. */
  readonly mesh?: EvaluatedMesh;
}

/** What a change of a definition does to the mesh. */
export interface DiffReport {
  readonly meshID: string;
  readonly from: string;
  readonly to: string;
  /** What was before is nothing. */
  readonly isNew: boolean;
  readonly changes: readonly Folded[];
  /** What is wrong now and was not before. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What each impact means, at the head of its changes. */
export const HEADINGS: { readonly [impact in Impact]: string } = {
  [Impact.REBUILD]: 'Not changed in place',
  [Impact.INTERRUPTS]: 'Can interrupt requests or links',
  [Impact.RESTARTS]: 'Takes effect as pods restart',
  [Impact.CHANGES]: 'Takes effect when it is applied',
};

/** Compares two definitions, of which the second may be refused. */
export function diffReport(from: Side, to: Side & { readonly mesh: EvaluatedMesh }, file: string): DiffReport {
  const after = to.mesh.model;
  const compared = { before: from.mesh?.model ?? nothingOf(after), after, file };
  return {
    meshID: after.meshID,
    from: from.label,
    to: to.label,
    isNew: from.mesh === undefined,
    changes: folded(meshDiff(compared), compared),
    diagnostics: foldEqual(newDiagnostics(from.mesh, to.mesh)),
  };
}

/** The mesh before it was there. */
function nothingOf({ meshID, directory }: MeshModel): MeshModel {
  return { meshID, directory, clusters: [], acknowledge: {} };
}

/** Whether there is nothing to review. */
export function isEmpty({ changes, diagnostics, isNew }: DiffReport): boolean {
  return changes.length === 0 && diagnostics.length === 0 && !isNew;
}

/** One line that says what it is about. */
export function headline(report: DiffReport, mark: (text: string) => string = text => text): string {
  const { meshID, from, to, changes, diagnostics, isNew } = report;
  const errors = diagnostics.filter(({ severity }) => severity === Severity.ERROR).length;
  const told = [
    ...isEmpty(report) ? ['nothing changes'] : [isNew ? 'a new mesh' : counted(changes.length, 'change')],
    ...errors > 0 ? [counted(errors, 'error')] : [],
    ...diagnostics.length > errors ? [counted(diagnostics.length - errors, 'new warning')] : [],
  ];
  return `mesh ${mark(inOneLine(meshID))}, ${mark(inOneLine(from))} to ${mark(inOneLine(to))}: ${told.join(', ')}`;
}

/** The changes by what they ask of whoever lets them through, what hurts first. */
export function byImpact({ changes }: DiffReport): Array<[heading: string, changes: Folded[]]> {
  return Object.values(Impact).map((impact): [string, Folded[]] => [HEADINGS[impact], changes.filter(change => change.impact === impact)])
    .filter(([, some]) => some.length > 0);
}
