import { commitsFor } from './commits';
import { type RotationOptions, Rotation } from './rotation';
import { throwErrors } from '../../core/mesh-error';
import { problem } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { canRotate } from '../../settings/remote-credentials/links';
import { nearest } from '../../util/suggestions';

/** The result of rotating the token of a cluster. */
export interface RotationOutcome {
  readonly cluster: string;
  /** `planned` after a dry run, `commits` if the token must be rotated by commits. */
  readonly state: 'rotated' | 'planned' | 'commits' | 'failed';
  /** The reported lines. */
  readonly lines: readonly string[];
}

/**
 * Rotates the tokens of clusters one after the other, so that no istiod has two changes at once; stops at a failure.
 *
 * @param names clusters to rotate, instead of all that have peers
 * @param report called with each line as soon as it is known
 */
export async function rotate(
  mesh: MeshModel,
  names: readonly string[] | undefined,
  options: RotationOptions,
  report: (cluster: string, line: string) => void,
): Promise<RotationOutcome[]> {
  const outcomes: RotationOutcome[] = [];
  for (const source of selectClusters(mesh, names)) {
    const lines: string[] = [];
    const state = await rotateCluster(mesh, source, options, line => {
      lines.push(line);
      report(source.name, line);
    });
    outcomes.push({ cluster: source.name, state, lines });
    if (state === 'failed') {
      break;
    }
  }
  return outcomes;
}

async function rotateCluster(
  mesh: MeshModel, source: ClusterModel, options: RotationOptions, report: (line: string) => void,
): Promise<RotationOutcome['state']> {
  if (!canRotate(source)) {
    commitsFor(source).forEach(report);
    return 'commits';
  }
  try {
    await new Rotation(mesh, source, options, report).run();
    return options.dryRun ? 'planned' : 'rotated';
  } catch (error) {
    report(`error: ${(error as Error).message}`);
    return 'failed';
  }
}

function selectClusters({ meshID, clusters }: MeshModel, names: readonly string[] | undefined): ClusterModel[] {
  const known = clusters.map(({ name }) => name);
  const unknown = (names ?? []).filter(name => !known.includes(name));
  if (unknown.length > 0) {
    throwErrors(`mesh '${meshID}'`, unknown.map(name =>
      problem(`--cluster '${name}' is not a cluster of this mesh`, nearest(name, known))));
  }
  return clusters.filter(({ name, peers }) => names ? names.includes(name) : peers.length > 0);
}
