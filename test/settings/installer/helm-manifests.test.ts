import { Installer, LoadBalancer } from '../../../src';
import { check } from '../../../src/cli/check/check';
import { placeText } from '../../../src/core/diagnostic';
import { problemText } from '../../../src/core/rule';
import { manifestDiagnostics } from '../../../src/rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../../src/rules/manifest/manifests';
import { directoryWith, treeOf, twoNetworks, type Files } from '../../support/mesh-util';

const TREE = treeOf(twoNetworks({
  installer: Installer.helm(),
  components: { cni: { enabled: true } },
  canary: { revision: 'next', istioVersion: '1.32.0' },
  eastWestGateway: { revision: 'next', loadBalancer: LoadBalancer.metalLb('pool') },
}));

/** What the rules find in the first cluster, after somebody edited a file of values. */
function findings(file: string, from: string, to: string): string[] {
  const path = `cluster1/helm/${file}`;
  expect(TREE[path]).toContain(from);
  const files: Files = { ...TREE, [path]: TREE[path].replace(from, to) };
  const ofCluster = Object.entries(files).filter(([name]) => name.startsWith('cluster1/'))
    .map(([name, text]) => [name.slice('cluster1/'.length), text] as const);
  const cluster = manifestsOf('cluster1', new Map(ofCluster));
  return manifestDiagnostics(cluster)
    .map(({ rule: { code }, place, ...found }) => `${code} ${placeText(place)}: ${problemText(found)}`);
}

test('nothing is found in a tree of Helm\'s', () => {
  expect(check(directoryWith(TREE), 'nowhere')).toEqual([]);
  expect(findings('istiod.yaml', 'meshID', 'meshID')).toEqual([]);
});

test.each([
  ['the name of a cluster that is missing', 'istiod.yaml', 'clusterName: cluster1', 'clusterName: ""',
    'IM111 cluster1/helm/istiod.yaml:5:5: global.multiCluster.clusterName: the cluster name is missing'],
  ['a canary in another mesh', 'istiod-next.yaml', 'meshID: mesh1', 'meshID: mesh2',
    'IM113 cluster1/helm/istiod-next.yaml:4:3: global.meshID: meshID is \'mesh2\', but is \'mesh1\' in the values of '
      + 'istiod\'s chart'],
  ['a gateway of a revision that nobody installs', 'istio-eastwestgateway.yaml', 'revision: next', 'revision: nest',
    'IM120 cluster1/helm/istio-eastwestgateway.yaml:2:1: revision: revision \'nest\' is not installed in this cluster'],
  ['a gateway that sees another network', 'istio-eastwestgateway.yaml', 'NETWORK_VIEW: network1',
    'NETWORK_VIEW: network2',
    'IM151 cluster1/helm/istio-eastwestgateway.yaml:8:3: env.ISTIO_META_REQUESTED_NETWORK_VIEW: network \'network2\' '
        + 'in ISTIO_META_REQUESTED_NETWORK_VIEW'],
  ['a gateway without the port of the other networks', 'istio-eastwestgateway.yaml', 'port: 15443', 'port: 443',
    'IM153 cluster1/helm/istio-eastwestgateway.yaml'],
  ['a file that is no YAML', 'istiod.yaml', 'global:', 'global: {', 'IM101 cluster1/helm/istiod.yaml'],
])('%s is found', (_, file, from, to, finding) => {
  expect(findings(file, from, to)).toContainEqual(expect.stringContaining(finding));
});
