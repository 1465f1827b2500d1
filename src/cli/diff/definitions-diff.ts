import { dirname, resolve } from 'path';
import { refused, Repository } from './git';
import { meshDefinition, readMeshFile } from '../../definition/mesh-file';
import type { DiffReport } from '../../output/diff/report';
import { diffReport } from '../../output/diff/report';
import { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { shellWord } from '../../util/shell-word';

/** Which revisions of a file are compared. */
export interface Revisions {
  readonly from: string;
  /** @default - the working tree */
  readonly to?: string;
}

/**
 * What a change of a mesh file does to the mesh: between two revisions of a file.
 *
 * @throws when one of them cannot be read
 */
export async function revisionsDiff(path: string, { from, to }: Revisions): Promise<DiffReport> {
  const ofWorkingTree = to === undefined ? new EvaluatedMesh(readMeshFile(path)) : undefined;
  const repository = await Repository.of(path);
  const at = async (revision: string, option: string) => {
    const text = await repository.textAt(revision, path, `${option} '${revision}'`);
    return text === undefined ? undefined : new EvaluatedMesh(meshDefinition(text, `${revision}:${path}`, dirname(resolve(path))));
  };
  const before = await at(from, '--from');
  if (before === undefined && await repository.ignores(path)) {
    throw refused(path, 'git ignores it, so that no revision has it; name the file that is committed, e.g. istio-mesh diff mesh.yaml');
  }
  const after = ofWorkingTree ?? await at(to!, '--to');
  if (after === undefined) {
    throw refused(path, `it is not there at --to ${shellWord(to!)}; name a revision that has it`);
  }
  return diffReport({ label: from, mesh: before }, { label: to ?? 'the working tree', mesh: after }, path);
}

/** What a change of a mesh file does to the mesh: between two files. */
export function filesDiff(before: string, after: string): DiffReport {
  const side = (path: string) => ({ label: path, mesh: new EvaluatedMesh(readMeshFile(path)) });
  return diffReport(side(before), side(after), after);
}
