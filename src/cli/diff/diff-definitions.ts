import { dirname, resolve } from 'path';
import { comparisonError, Repository } from './git';
import { meshDefinition, readMeshFile } from '../../definition/mesh-file';
import { type DiffReport, diffReport } from '../../output/diff/report';
import { EvaluatedMesh } from '../../rules/evaluated-mesh';
import { shellWord } from '../../util/shell-word';

/** The two Git revisions of a file that are compared. */
export interface Revisions {
  readonly from: string;
  /** @default - the working tree */
  readonly to?: string;
}

/**
 * Compares two Git revisions of a mesh definition.
 *
 * @throws MeshError if the file cannot be read at one of them
 */
export async function diffRevisions(path: string, { from, to }: Revisions): Promise<DiffReport> {
  const workingTree = to === undefined ? new EvaluatedMesh(readMeshFile(path)) : undefined;
  const repository = await Repository.of(path);
  const directory = dirname(resolve(path));
  const meshAt = async (revision: string, option: string) => {
    const text = await repository.readFile(revision, path, `${option} '${revision}'`);
    if (text === undefined) {
      return undefined;
    }
    return new EvaluatedMesh(meshDefinition(text, `${revision}:${path}`, directory));
  };
  const before = await meshAt(from, '--from');
  if (before === undefined && await repository.ignores(path)) {
    throw comparisonError(path, 'Git ignores this file, so no revision contains it; '
      + 'name a committed file, e.g. istio-mesh diff mesh.yaml');
  }
  const after = workingTree ?? await meshAt(to!, '--to');
  if (after === undefined) {
    throw comparisonError(path, `the file does not exist at --to ${shellWord(to!)}; name a revision that contains it`);
  }
  return diffReport({ label: from, mesh: before }, { label: to ?? 'the working tree', mesh: after }, path);
}

/** Compares two files. */
export function diffFiles(before: string, after: string): DiffReport {
  const [from, to] = [before, after].map(path => ({ label: path, mesh: new EvaluatedMesh(readMeshFile(path)) }));
  return diffReport(from, to, after);
}
