import { dirname, resolve } from 'path';
import { refused, Repository } from './git';
import type { Definition } from '../../definition/definition';
import { meshDefinition, readMeshFile } from '../../definition/mesh-file';
import { meshModel } from '../../definition/mesh-model';
import type { JudgedMesh } from '../../output/diff/new-problems';
import type { DiffReport } from '../../output/diff/report';
import { diffReport } from '../../output/diff/report';
import { meshProblems } from '../../rules/mesh/mesh-rules';
import { shellWord } from '../../util/shell-word';
import { OF_THE_TREE } from '../load-mesh';

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
  const ofWorkingTree = to === undefined ? judged(readMeshFile(path)) : undefined;
  const repository = await Repository.of(path);
  const at = async (revision: string, option: string) => {
    const text = await repository.textAt(revision, path, `${option} '${revision}'`);
    return text === undefined ? undefined : judged(meshDefinition(text, `${revision}:${path}`, dirname(resolve(path))));
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
  return diffReport({ label: before, mesh: judged(readMeshFile(before)) }, { label: after, mesh: judged(readMeshFile(after)) }, after);
}

/** A definition may be refused: whatever of it is sound is compared. */
function judged(definition: Definition): JudgedMesh {
  const { model, problems } = meshModel(definition);
  return { definition, model, problems: () => meshProblems(model, problems).filter(({ rule }) => !OF_THE_TREE.includes(rule.code)) };
}
