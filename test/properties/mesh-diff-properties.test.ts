import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { type MeshProps, Mesh } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import { meshYaml } from '../../src/definition/mesh-yaml';
import { resolveMesh } from '../../src/definition/resolve-mesh';
import { DIFF_FORMATS } from '../../src/output/diff/formats';
import { changesBetween, diff } from '../support/diff-util';
import { filesOf, quietApp } from '../support/mesh-util';
import { type Plain, giveSecrets, randomMeshes, SEED } from '../support/random-meshes';
import { temporaryDirectory } from '../support/util';

const secrets = temporaryDirectory();
giveSecrets(secrets);
const meshes = randomMeshes(secrets);
const RUNS = { seed: SEED, numRuns: 120 };

/** The resolved definition as data, with the clusters sorted by name. */
function resolve(mesh: Plain): Plain {
  const { clusters, ...rest } = load(meshYaml(resolveMesh(definitionOf(mesh as MeshProps)).model, '.')) as Plain;
  const sorted = (clusters ?? []).sort((a: Plain, b: Plain) => String(a.name).localeCompare(String(b.name)));
  return { ...rest, clusters: sorted };
}

/** The generated files of a mesh, without mesh.yaml; undefined if it has errors. */
function synthesize(mesh: Plain): Plain | undefined {
  try {
    const app = quietApp();
    new Mesh(app, 'mesh', mesh as MeshProps);
    app.synth();
    const { 'mesh.yaml': _, ...files } = filesOf(app.outdir);
    return files;
  } catch {
    return undefined;
  }
}

/** A mesh, and the same mesh with one setting of another one, in the mesh or in one of its clusters. */
const mutations = fc.tuple(meshes, meshes, fc.nat(), fc.nat()).map(([mesh, other, which, where]): [Plain, Plain] => {
  const { meshID, clusters, defaults, ...settings } = { ...other, ...other.clusters?.[0] } as Plain;
  const [key, value] = Object.entries(settings)[which % Object.keys(settings).length];
  const changed = JSON.parse(JSON.stringify(mesh));
  const places = [changed, ...Array.isArray(changed.clusters) ? changed.clusters : []];
  const place = places[where % places.length] ?? {};
  Object.defineProperty(place, key, { value, enumerable: true, configurable: true, writable: true });
  return [mesh, changed];
});

test('a mesh does not differ from itself, in any order of its clusters', () => {
  fc.assert(fc.property(meshes, mesh => {
    const resolved = resolve(mesh) as MeshProps;
    expect(changesBetween(resolved, { ...resolved, clusters: [...resolved.clusters].reverse() })).toEqual([]);
    expect(changesBetween(mesh as MeshProps, mesh as MeshProps)).toEqual([]);
  }), RUNS);
});

test('a diff has no changes exactly if the resolved meshes or their generated files are equal', () => {
  const seen = { equal: 0, equalFiles: 0, different: 0 };
  fc.assert(fc.property(mutations, ([before, after]) => {
    const isEqual = JSON.stringify(resolve(before)) === JSON.stringify(resolve(after));
    const changes = changesBetween(before as MeshProps, after as MeshProps);
    if (isEqual) {
      expect(changes).toEqual([]);
      seen.equal++;
    } else if (changes.length === 0) { // e.g. a default that is written down
      expect(synthesize(after)).toEqual(synthesize(before));
      seen.equalFiles++;
    } else {
      seen.different++;
    }
  }), RUNS);
  expect([seen.equal > 3, seen.equalFiles > 0, seen.different > 50]).toEqual([true, true, true]);
}, 120_000);

test('there are changes in both directions or in none, and no format shows a secret', () => {
  fc.assert(fc.property(meshes, meshes, (before, after) => {
    const report = diff(before as MeshProps, after as MeshProps);
    const reverse = diff(after as MeshProps, before as MeshProps);
    expect(report.changes.length > 0).toBe(reverse.changes.length > 0);
    for (const write of Object.values(DIFF_FORMATS)) {
      expect(write(report)).not.toMatch(/MARK-/);
    }
  }), RUNS);
});
