import type { RotationOptions } from './rotation';
import { commitsInstead, Rotation } from './rotation';
import { throwErrors } from '../../core/mesh-error';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { isGivenHere } from '../../settings/remote-credentials/links';
import { nearest } from '../../util/suggestions';

/** What became of the rotation of a cluster. */
export interface RotationOutcome {
  readonly cluster: string;
  readonly state: 'rotated' | 'planned' | 'commits' | 'failed';
  /** What was told of it, line by line. */
  readonly lines: readonly string[];
}

/**
 * Rotates the tokens of clusters, one after the other, so that no two changes meet in one istiod; a failure stops the rest.
 *
 * @param names clusters to rotate, instead of all that have peers
 * @param say is told each line as it happens
 */
export async function rotate(
  mesh: MeshModel, names: readonly string[] | undefined, options: RotationOptions, say: (cluster: string, line: string) => void,
): Promise<RotationOutcome[]> {
  const outcomes: RotationOutcome[] = [];
  for (const source of chosen(mesh, names)) {
    const lines: string[] = [];
    const tell = (line: string) => {
      lines.push(line);
      say(source.name, line);
    };
    const state = await rotated(mesh, source, options, tell);
    outcomes.push({ cluster: source.name, state, lines });
    if (state === 'failed') {
      break;
    }
  }
  return outcomes;
}

async function rotated(mesh: MeshModel, source: ClusterModel, options: RotationOptions, tell: (line: string) => void): Promise<RotationOutcome['state']> {
  if (!isGivenHere(source)) {
    commitsInstead(source).forEach(tell);
    return 'commits';
  }
  try {
    await new Rotation(mesh, source, options, tell).run();
    return options.dryRun ? 'planned' : 'rotated';
  } catch (error) {
    tell(`error: ${(error as Error).message}`);
    return 'failed';
  }
}

function chosen({ meshID, clusters }: MeshModel, names: readonly string[] | undefined): ClusterModel[] {
  const known = clusters.map(({ name }) => name);
  const unknown = (names ?? []).filter(name => !known.includes(name));
  if (unknown.length > 0) {
    throwErrors(`mesh '${meshID}'`, unknown.map(name => `--cluster '${name}' is no cluster of this mesh; ${nearest(name, known)}`));
  }
  return clusters.filter(({ name, peers }) => names ? names.includes(name) : peers.length > 0);
}
