import * as fc from 'fast-check';
import { type MeshProps, Mesh, MeshApp } from '../../src';
import { MeshError } from '../../src/core/mesh-error';
import { isMap } from '../../src/util/map';
import type { Tree } from '../../src/util/tree';
import { type Plain, randomMeshes, SEED } from '../support/random-meshes';

/** A cluster of a mesh that the rules accept. */
export interface Sample {
  /** E.g. `cluster1 of mesh 17`. */
  readonly name: string;
  readonly mesh: Plain;
  /** Its files alone, with their paths in the tree of the mesh. */
  readonly files: Tree;
}

const MESHES = 300; // in which every name, every network and every setting stands, most of them often

/** What is of kinds of operators that are not there. */
function isOfOperator(path: string): boolean {
  return path.includes('/10-trust/');
}

/**
 * Few clusters of random meshes in which every line stands that many have, so that real programs read all of them in a
 * minute; all of istioctl's.
 */
export function sampleOfMeshes(secrets: string, say: (line: string) => void): readonly Sample[] {
  const meshes = fc.sample(randomMeshes(secrets), { seed: SEED, numRuns: MESHES })
    .map(mesh => installedBy('istioctl', mesh));
  const all = meshes.flatMap((mesh, i) => samples(`mesh ${i}`, mesh));
  const judged = all.filter(({ files }) => ![...files.keys()].some(isOfOperator));
  const chosen = fewest(judged);
  say(`of ${MESHES} random meshes the rules accept some with ${all.length} clusters, ${all.length - judged.length} of `
    + 'which need other operators; '
    + `every line of the others stands in ${chosen.length} of them; ISTIO_MESH_SEED=${SEED}`);
  return chosen;
}

/** The same mesh, with every cluster installed so. */
export function installedBy(installer: unknown, { defaults, clusters, ...mesh }: Plain): Plain {
  const others = (place: unknown) =>
    isMap(place) ? Object.fromEntries(Object.entries(place).filter(([key]) => key !== 'installer')) : place;
  return {
    ...mesh, installer, defaults: others(defaults), clusters: Array.isArray(clusters) ? clusters.map(others) : clusters,
  };
}

/** The clusters of a mesh, or nothing where the rules refuse it. */
export function samples(name: string, mesh: Plain): readonly Sample[] {
  try {
    const app = new MeshApp();
    const { clusters } = new Mesh(app, 'mesh', mesh as unknown as MeshProps);
    const tree = [...app._files().tree];
    return clusters.map(({ node: { id } }) => ({
      name: `${id} of ${name}`, mesh, files: new Map(tree.filter(([path]) => path.startsWith(`${id}/`))),
    }));
  } catch (error) {
    if (error instanceof MeshError) {
      return [];
    }
    throw error;
  }
}

/** Takes the sample that has most new lines, until none has any. */
function fewest(all: readonly Sample[]): readonly Sample[] {
  const left = new Map(all.map(sample => [sample, lines(sample)]));
  const chosen: Sample[] = [];
  for (;;) {
    const [best, found] = [...left].reduce((one, other) => other[1].size > one[1].size ? other : one);
    if (found.size === 0) {
      return chosen;
    }
    chosen.push(best);
    const known = [...found];
    left.forEach(own => known.forEach(line => own.delete(line)));
  }
}

/** The lines of a cluster's files but remote Secrets, which hold text of their own. */
function lines({ files }: Sample): Set<string> {
  return new Set([...files].flatMap(([path, text]) => path.includes('/60-remote-secrets/') ? [] : text.split('\n')));
}
