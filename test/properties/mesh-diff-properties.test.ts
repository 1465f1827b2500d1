import * as fc from 'fast-check';
import { load } from 'js-yaml';
import type { MeshProps } from '../../src';
import { Mesh } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import { meshModel } from '../../src/definition/mesh-model';
import { meshYaml } from '../../src/definition/mesh-yaml';
import { DIFF_FORMATS } from '../../src/output/diff/formats';
import { report, told } from '../support/diff-util';
import { filesOf, quietApp } from '../support/mesh-util';
import type { Plain } from '../support/random-meshes';
import { giveSecrets, randomMeshes, SEED } from '../support/random-meshes';
import { temporaryDirectory } from '../support/util';

const secrets = temporaryDirectory();
giveSecrets(secrets);
const meshes = randomMeshes(secrets);
const RUNS = { seed: SEED, numRuns: 120 };

/** The resolved definition, as data, with the clusters in one order. */
function resolved(mesh: Plain): Plain {
  const { clusters, ...rest } = load(meshYaml(meshModel(definitionOf(mesh as MeshProps)).model, '.')) as Plain;
  return { ...rest, clusters: (clusters ?? []).sort((a: Plain, b: Plain) => String(a.name).localeCompare(String(b.name))) };
}

/** The files that a mesh gives, but for the definition itself and the list; none where it is refused. */
function treeOf(mesh: Plain): Plain | undefined {
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

/** One setting of one mesh at a place of another. */
const mutations = fc.tuple(meshes, meshes, fc.nat(), fc.nat()).map(([mesh, other, which, where]): [Plain, Plain] => {
  const { meshID, clusters, defaults, ...settings } = { ...other, ...other.clusters?.[0] } as Plain;
  const [key, value] = Object.entries(settings)[which % Object.keys(settings).length];
  const changed = JSON.parse(JSON.stringify(mesh));
  const places = [changed, ...Array.isArray(changed.clusters) ? changed.clusters : []];
  Object.defineProperty(places[where % places.length] ?? {}, key, { value, enumerable: true, configurable: true, writable: true });
  return [mesh, changed];
});

test('a mesh and itself differ in nothing, however its clusters are ordered and wherever its settings are said', () => {
  fc.assert(fc.property(meshes, mesh => {
    const again = resolved(mesh);
    expect(told(again as MeshProps, { ...again, clusters: [...again.clusters].reverse() } as MeshProps)).toEqual([]);
    expect(told(mesh as MeshProps, mesh as MeshProps)).toEqual([]);
  }), RUNS);
});

test('nothing is told exactly where the resolved meshes are equal, or differ in nothing that is written', () => {
  let [equal, different, unsaid] = [0, 0, 0];
  fc.assert(fc.property(mutations, ([before, after]) => {
    const isEqual = JSON.stringify(resolved(before)) === JSON.stringify(resolved(after));
    const changes = told(before as MeshProps, after as MeshProps);
    if (isEqual) {
      expect(changes).toEqual([]);
      equal++;
    } else if (changes.length === 0) { // a default that is said now
      expect(treeOf(after)).toEqual(treeOf(before));
      unsaid++;
    } else {
      different++;
    }
  }), RUNS);
  expect([equal > 3, different > 50, unsaid > 0]).toEqual([true, true, true]);
}, 120_000);

test('the way back tells of the same clusters, and no secret is told in any format', () => {
  fc.assert(fc.property(meshes, meshes, (before, after) => {
    const [there, back] = [report(before as MeshProps, after as MeshProps), report(after as MeshProps, before as MeshProps)];
    expect(there.changes.length > 0).toBe(back.changes.length > 0);
    for (const write of Object.values(DIFF_FORMATS)) {
      expect(write(there)).not.toMatch(/MARK-/);
    }
  }), RUNS);
});
