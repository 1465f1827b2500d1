import * as fc from 'fast-check';
import { type InitialCluster, type InitialMesh, meshDefinition } from '../../../src/cli/init/initial-mesh';
import { definitionOf } from '../../../src/definition/definition';
import { resolveMesh } from '../../../src/definition/resolve-mesh';
import type { Fields } from '../../../src/util/map';
import { giveSecrets, randomMeshes, SEED } from '../../support/random-meshes';
import { temporaryDirectory } from '../../support/util';

/** A mesh of some clusters. */
function meshOf(...clusters: readonly InitialCluster[]): InitialMesh {
  return { meshID: 'm', clusters, notes: [] };
}

/** The settings of each cluster of a definition. */
function clusterSettings(data: object): InitialCluster[] {
  const { model } = resolveMesh({ ...definitionOf({ meshID: '', clusters: [] }), data });
  return model.clusters.map(({ name, settings: { name: _, ...settings } }) => ({ name, settings }));
}

test('shared settings move to the mesh without a change to any cluster', () => {
  const secrets = temporaryDirectory();
  giveSecrets(secrets);
  let moved = 0;
  fc.assert(fc.property(randomMeshes(secrets), mesh => {
    const clusters = clusterSettings(mesh);
    const definition = meshDefinition(meshOf(...clusters));
    moved += Object.keys(definition).length - 2;
    const unshared = { meshID: 'm', clusters: clusters.map(({ name, settings }) => ({ name, ...settings })) };
    expect(clusterSettings(definition)).toEqual(clusterSettings(unshared));
  }), { seed: SEED, numRuns: 100 });
  expect(moved).toBeGreaterThan(100);
});

const settings = (more: Fields): Fields => ({
  istioVersion: '1.31.0', network: 'n', values: { global: { logAsJson: true } }, ...more,
});

test('maps are shared key by key, and the name of a cluster becomes $(cluster)', () => {
  const clusters = ['c1', 'c2'].map(name => ({
    name,
    settings: settings({
      context: `admin@${name}`,
      apiServer: `https://${name}x.example.com`,
      eastWestGateway: { name: 'east', env: { A: name } },
    }),
  }));
  expect(meshDefinition(meshOf(...clusters))).toEqual({
    meshID: 'm',
    ...settings({ context: 'admin@$(cluster)', eastWestGateway: { name: 'east', env: { A: '$(cluster)' } } }),
    clusters: [
      { name: 'c1', apiServer: 'https://c1x.example.com' },
      { name: 'c2', apiServer: 'https://c2x.example.com' },
    ],
  });
});

test('providers are not shared key by key, because a cluster replaces them as a whole', () => {
  const trust = (options: object) => ({ trust: { certManager: { issuerRef: { name: 'root' }, ...options } } });
  const [one, two] = [trust({}), trust({ duration: '720h' })];
  expect(meshDefinition(meshOf({ name: 'c1', settings: one }, { name: 'c2', settings: two })))
    .toEqual({ meshID: 'm', clusters: [{ name: 'c1', ...one }, { name: 'c2', ...two }] });
});
