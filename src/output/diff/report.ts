import { Impact } from './change';
import { type MergedChange, mergeChanges } from './merge-changes';
import { meshDiff } from './mesh-diff';
import { findNewDiagnostics } from './new-diagnostics';
import { type Diagnostic, foldEqual } from '../../core/diagnostic';
import { Severity } from '../../core/rule';
import type { MeshModel } from '../../definition/mesh-model';
import type { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { counted, inOneLine } from '../../util/text';

/** One side of a comparison. */
export interface DiffSide {
  /** What the report calls it, e.g. `HEAD` or the name of a file. */
  readonly label: string;
  /** @default - the file does not exist on this side */
  readonly mesh?: EvaluatedMesh;
}

/** How a change of the definition affects the mesh. */
export interface DiffReport {
  readonly meshID: string;
  readonly from: string;
  readonly to: string;
  /** Whether the definition does not exist on the old side. */
  readonly isNew: boolean;
  readonly changes: readonly MergedChange[];
  /** Errors and warnings that the old side does not have. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The heading above the changes of each impact. */
const HEADINGS: { readonly [impact in Impact]: string } = {
  [Impact.REBUILD]: 'Cannot be changed in place',
  [Impact.INTERRUPTS]: 'Can interrupt requests or links',
  [Impact.RESTARTS]: 'Takes effect when pods restart',
  [Impact.CHANGES]: 'Takes effect when applied',
};

/** Compares two definitions; the new one may have errors. */
export function diffReport(from: DiffSide, to: DiffSide & { readonly mesh: EvaluatedMesh }, file: string): DiffReport {
  const after = to.mesh.model;
  const comparison = { before: from.mesh?.model ?? emptyMesh(after), after, file };
  return {
    meshID: after.meshID,
    from: from.label,
    to: to.label,
    isNew: from.mesh === undefined,
    changes: mergeChanges(meshDiff(comparison), comparison),
    diagnostics: foldEqual(findNewDiagnostics(from.mesh, to.mesh)),
  };
}

/** A mesh without clusters, which a new mesh is compared with. */
function emptyMesh({ meshID, directory }: MeshModel): MeshModel {
  return { meshID, directory, clusters: [], acknowledge: {} };
}

/** Whether there is nothing to review. */
export function isEmpty({ changes, diagnostics, isNew }: DiffReport): boolean {
  return changes.length === 0 && diagnostics.length === 0 && !isNew;
}

/** The first line of a report: what is compared, and how many changes, errors and warnings there are. */
export function headline(report: DiffReport, format: (text: string) => string = text => text): string {
  const [meshID, from, to] = [report.meshID, report.from, report.to].map(text => format(inOneLine(text)));
  return `mesh ${meshID}, ${from} to ${to}: ${counts(report).join(', ')}`;
}

function counts(report: DiffReport): string[] {
  const { changes, diagnostics, isNew } = report;
  const errors = diagnostics.filter(({ severity }) => severity === Severity.ERROR).length;
  const warnings = diagnostics.length - errors;
  return [
    ...isEmpty(report) ? ['no changes'] : [isNew ? 'new mesh' : counted(changes.length, 'change')],
    ...errors > 0 ? [counted(errors, 'error')] : [],
    ...warnings > 0 ? [counted(warnings, 'new warning')] : [],
  ];
}

/** The changes under the headings of their impacts, the most disruptive first. */
export function groupByImpact({ changes }: DiffReport): Array<[heading: string, changes: MergedChange[]]> {
  const groups = Object.values(Impact).map((impact): [string, MergedChange[]] =>
    [HEADINGS[impact], changes.filter(change => change.impact === impact)]);
  return groups.filter(([, group]) => group.length > 0);
}
