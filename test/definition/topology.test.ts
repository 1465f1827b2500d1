import type { ClusterProps } from '../../src';
import { definitionOf } from '../../src/definition/definition';
import type { ClusterModel } from '../../src/definition/mesh-model';
import { resolveMesh } from '../../src/definition/resolve-mesh';
import { clustersByNetwork, linkedPairs } from '../../src/definition/topology';

function clustersOf(...clusters: ClusterProps[]): readonly ClusterModel[] {
  return resolveMesh(definitionOf({ meshID: 'mesh1', istioVersion: '1.31.0', clusters })).model.clusters;
}

const names = (clusters: readonly ClusterModel[]) => clusters.map(({ name }) => name).join('-');

test('networks have their clusters in the order of the definition', () => {
  const networks =
    clustersByNetwork(clustersOf({ name: 'a', network: 'west' }, { name: 'b', network: 'east' },
      { name: 'c', network: 'west' }));
  expect([...networks].map(([network, clusters]) => [network, names(clusters)]))
    .toEqual([['west', 'a-c'], ['east', 'b']]);
});

test('every two linked clusters are a pair once, the earlier one first', () => {
  const clusters =
    clustersOf({ name: 'b', network: 'n' }, { name: 'c', network: 'n' }, { name: 'a', network: 'n' },
      { name: 'alone', network: 'n', peers: [] });
  expect(linkedPairs(clusters).map(names)).toEqual(['b-c', 'b-a', 'c-a']);
});

test('clusters that do not both name each other are no pair', () => {
  const spoke = { network: 'n', peers: ['hub'] };
  expect(linkedPairs(clustersOf({ name: 'one', ...spoke }, { name: 'two', ...spoke }, { name: 'hub', network: 'n' }))
    .map(names)).toEqual(['one-hub', 'two-hub']);
});
