import { dirname, resolve } from 'path';
import { comparisonError, Repository } from './git';
import type { Definition } from '../../definition/definition';
import { meshDefinition, readMeshFile } from '../../definition/mesh-file';
import { meshModel } from '../../definition/mesh-model';
import type { EvaluatedMesh } from '../../output/diff/new-problems';
import type { DiffReport } from '../../output/diff/report';
import { diffReport } from '../../output/diff/report';
import { meshProblems } from '../../rules/mesh/mesh-rules';
import { shellWord } from '../../util/shell-word';
import { OF_THE_TREE } from '../load-mesh';

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
  const workingTree = to === undefined ? evaluate(readMeshFile(path)) : undefined;
  const repository = await Repository.of(path);
  const directory = dirname(resolve(path));
  const meshAt = async (revision: string, option: string) => {
    const text = await repository.readFile(revision, path, `${option} '${revision}'`);
    return text === undefined ? undefined : evaluate(meshDefinition(text, `${revision}:${path}`, directory));
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
  const [from, to] = [before, after].map(path => ({ label: path, mesh: evaluate(readMeshFile(path)) }));
  return diffReport(from, to, after);
}

/** Resolves a definition, which may have errors: everything that is valid in it is compared. */
function evaluate(definition: Definition): EvaluatedMesh {
  const { model, problems } = meshModel(definition);
  const allProblems = () => meshProblems(model, problems);
  return { definition, model, problems: () => allProblems().filter(({ rule }) => !OF_THE_TREE.includes(rule.code)) };
}
