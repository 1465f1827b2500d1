import { treeOfFile } from '../support/mesh-util';
import { problems } from '../support/util';

/** Istio's early multi-primary guide: both control planes on network1, and the second gateway on network2. */
const GUIDE = `meshID: mesh1
istioVersion: 1.31.0
network: network1
eastWestGateway: {install: always}
clusters:
  - name: cluster1
    apiServer: https://cluster1.example.com:6443
  - name: cluster2
    apiServer: https://cluster2.example.com:6443
    eastWestGateway: {network: network2}
`;

test('the guide as it is written is refused with one message that explains its contradiction', () => {
  expect(problems(() => treeOfFile(GUIDE)).map(problem => problem.replace(/^.*mesh\.yaml/, 'mesh.yaml'))).toEqual([
    "mesh.yaml:10:23: clusters[1].eastWestGateway.network: cluster 'cluster2': eastWestGateway.network 'network2' is "
      + "not the network of the cluster, 'network1': "
      + "no endpoint of this cluster is on 'network2', so istiod never chooses the gateway; remove it",
  ]);
});

test('the guide without its contradiction gives a tree', () => {
  expect(problems(() => treeOfFile(GUIDE.replace('    eastWestGateway: {network: network2}\n', '')))).toEqual([]);
});
