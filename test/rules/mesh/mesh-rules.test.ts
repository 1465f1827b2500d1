import { Mesh } from '../../../src';
import { problemsOf, problemsOfOne, SERVER, SYNTAX } from '../../support/mesh-problems';
import { quietApp, twoClusters, twoNetworks } from '../../support/mesh-util';

test('a mesh of two clusters is valid, on one network or on two', () => {
  expect(problemsOf(twoClusters())).toEqual([]);
  expect(problemsOf(twoNetworks())).toEqual([]);
});

test('all problems are reported at once, sorted by rule', () => {
  expect(() => new Mesh(quietApp(), 'mesh', twoClusters(
    { hub: 7 as unknown as string },
    { network: undefined, apiServer: 'http://cluster1.example.com', revision: '1.31.0' },
    {
      name: 'Cluster2',
      eastWestGateway: { network: 'network2' },
      peers: ['cluster3'],
      values: { global: { network: 'x' } },
    },
  ))).toThrow(new Error([
    "mesh 'mesh1' has 7 problems:",
    "  hub: number 7 is not a string; write it in quotes: '7' (IM001)",
    `  clusters[1].name: cluster 'Cluster2': name 'Cluster2' is not a valid DNS label (${SYNTAX}); write 'cluster2' `
      + '(IM004)',
    "  clusters[0].revision: cluster 'cluster1': revision '1.31.0' contains dots, which Istio does not allow in a "
      + "revision; write '1-31-0' (IM010)",
    "  clusters[1].values.global.network: cluster 'Cluster2': values.global.network 'x' is set by this library from "
      + 'network; set network instead, and remove this key (IM015)',
    '  clusters[0].apiServer: cluster \'cluster1\': apiServer \'http://cluster1.example.com\' does not use https; '
      + `${SERVER} `
      + '(IM031)',
    "  clusters[1].peers[0]: cluster 'Cluster2': peers contains 'cluster3', which is not a cluster of this mesh; did "
      + "you mean 'cluster1'? (IM038)",
    "  clusters[1].eastWestGateway.network: cluster 'Cluster2': eastWestGateway.network 'network2' is not the network "
      + "of the cluster, 'network1': no endpoint of this cluster is on 'network2', so istiod never chooses the "
      + 'gateway; remove it (IM051)',
  ].join('\n')));
});

test('a message has one line, even if the value has several', () => {
  expect(problemsOfOne({ caData: 'one\ntwo\n' }).join('')).not.toContain('\n');
});

test('the stack of a MeshError is its message, without the lines of the program', () => {
  let stack: string | undefined;
  try {
    new Mesh(quietApp(), 'mesh', { ...twoClusters(), clusters: [] });
  } catch (error) {
    stack = (error as Error).stack;
  }
  expect(stack).toBe("MeshError: mesh 'mesh1' has a problem:\n  clusters: clusters is empty; list at least one cluster "
    + '(IM003)');
});
