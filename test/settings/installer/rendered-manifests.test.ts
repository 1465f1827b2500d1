import { placeText } from '../../../src/core/diagnostic';
import { problemText } from '../../../src/core/rule';
import { manifestDiagnostics } from '../../../src/rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../../src/rules/manifest/manifests';
import type { Files } from '../../support/mesh-util';

/** What istiod reads of the values that proxies are injected by. */
function injector(revision: string, { meshID = 'mesh1', network = 'network1', clusterName = 'cluster1' }): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector${revision}, namespace: istio-system}
data:
  values: |-
    {"global": {"meshID": "${meshID}", "network": "${network}", "multiCluster": {"clusterName": "${clusterName}"}}}
`;
}

function mesh(revision: string, text = 'trustDomain: cluster.local'): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio${revision}, namespace: istio-system}
data:
  mesh: |-
    ${text}
`;
}

function istiod(revision: string, clusterName = 'cluster1', args = '[discovery, --domain, cluster.local]'): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod${revision}, namespace: istio-system, labels: {app: istiod, istio.io/rev: ${revision.slice(1)
  || 'default'}}}
spec:
  template:
    spec:
      containers:
      - name: discovery
        args: ${args}
        env: [{name: CLUSTER_ID, value: ${clusterName}}]
`;
}

function gateway(network: string): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: eastwest, namespace: istio-system, labels: {topology.istio.io/network: ${network}}}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [10.0.0.0/8]
  selector: {istio: eastwest}
  ports: [{name: tls, port: 15443}]
`;
}

function exposed(host: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: cross-network-gateway, namespace: istio-system}
spec:
  selector: {istio: eastwest}
  servers: [{hosts: ["${host}"], port: {name: tls, number: 15443, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}}]
`;
}

/** The tree of a cluster as some tool renders it: a control plane, a canary and a gateway. */
const TREE: Files = {
  'namespace.yaml':
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network1}}',
  'istiod.yaml': istiod(''),
  'injector.yaml': injector('', {}),
  'mesh.yaml': mesh(''),
  'istiod-next.yaml': istiod('-next'),
  'injector-next.yaml': injector('-next', {}),
  'mesh-next.yaml': mesh('-next'),
  'gateway.yaml': gateway('network1'),
  'exposed.yaml': exposed('*.local'),
};

function findings(edited: Files = {}): string[] {
  const cluster = manifestsOf('c', new Map(Object.entries({ ...TREE, ...edited })));
  return manifestDiagnostics(cluster)
    .map(({ rule: { code }, place, ...found }) => `${code} ${placeText(place)}: ${problemText(found)}`);
}

test('nothing is wrong with control planes, a gateway and what it exposes, all rendered', () => {
  expect(findings()).toEqual([]);
});

const BOTH =
  'so the two control planes of this cluster configure their proxies differently; set the same value in both';
const NEXT = "c/injector-next.yaml:6:3: ConfigMap 'istio-sidecar-injector-next': data.values.global";

test.each<[what: string, edited: Files, messages: string[]]>([
  ['a namespace on another network than the values of injection',
    { 'namespace.yaml': TREE['namespace.yaml'].replace('network1', 'network2') }, [
      "IM171 c/namespace.yaml:3:41: Namespace 'istio-system': metadata.labels['topology.istio.io/network']: network "
      + "'network2' is not 'network1', the network of Deployment 'istiod', so the pods of this cluster are on two "
        + "networks; write 'network1'",
    ]],
  ['a gateway of another network than the values of injection', { 'gateway.yaml': gateway('network2') }, [
    "IM152 c/gateway.yaml:4:62: Service 'eastwest': metadata.labels['topology.istio.io/network']: network 'network2' "
      + "is not 'network1', the network of Deployment 'istiod': no endpoint of this cluster is on 'network2', so "
        + "istiod never chooses the gateway; write 'network1'",
  ]],
  ['a canary on another network', { 'injector-next.yaml': injector('-next', { network: 'network2' }) },
    [`IM113 ${NEXT}.network: network is 'network2', but is 'network1' in Deployment 'istiod', ${BOTH}`]],
  ['a canary of another mesh', { 'injector-next.yaml': injector('-next', { meshID: 'mesh2' }) },
    [`IM113 ${NEXT}.meshID: meshID is 'mesh2', but is 'mesh1' in Deployment 'istiod', ${BOTH}`]],
  ['a canary of another trust domain', { 'mesh-next.yaml': mesh('-next', 'trustDomain: example.org') }, [
    'IM113 c/mesh-next.yaml:6:3: ConfigMap \'istio-next\': data.mesh.trustDomain: trustDomain is \'example.org\', but '
      + 'is '
      + `'cluster.local' in Deployment 'istiod', ${BOTH}`,
  ]],
  ['an istiod of another name than its proxies say',
    { 'injector-next.yaml': injector('-next', { clusterName: 'cluster2' }) }, [
      `IM113 ${NEXT}.multiCluster.clusterName: clusterName 'cluster2' is the name that the proxies report, but `
      + 'Deployment \'istiod-next\' knows only \'cluster1\' from its variable CLUSTER_ID, and rejects them; write '
        + '\'cluster1\' in both',
    ]],
  ['a network that is no label value', {
    'injector.yaml': injector('', { network: 'a b' }),
    'injector-next.yaml': '',
    'namespace.yaml': '',
    'gateway.yaml': '',
    'exposed.yaml': '',
  }, [
    "IM112 c/injector.yaml:6:3: ConfigMap 'istio-sidecar-injector': data.values.global.network: network 'a b' is not a "
      + "valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
  ]],
  ['a mesh configuration that istiod does not take',
    { 'mesh.yaml': mesh('', 'defaultServiceExportTo: [EVERYBODY]'), 'mesh-next.yaml': '' }, [
      "IM124 c/mesh.yaml:6:3: ConfigMap 'istio': data.mesh.defaultServiceExportTo[0]: defaultServiceExportTo contains "
      + "'EVERYBODY', which is not '.', '*' or a namespace, so no proxy would see the objects; write one of these",
    ]],
  ['hosts outside of the domain that istiod is told',
    {
      'istiod.yaml': istiod('', 'cluster1', '[discovery, --domain=corp.internal]'),
      'exposed.yaml': exposed('*.svc.cluster.local'),
    }, [
      "IM164 c/exposed.yaml:7:22: Gateway 'cross-network-gateway': spec.servers[0].hosts[0]: hosts contains "
      + "'*.svc.cluster.local', which matches no service in the cluster domain 'corp.internal', so nothing would be "
        + "exposed; write '*.corp.internal', or a narrower host such as '*.prod.svc.corp.internal'",
    ]],
])('%s is found', (_, edited, messages) => {
  expect(findings(edited)).toEqual(messages);
});

test.each<[what: string, edited: Files]>([
  ['an istiod whose ConfigMaps are elsewhere', { 'injector.yaml': '', 'mesh.yaml': '' }],
  ['values that cannot be read', { 'injector.yaml': injector('', {}).replace('{"global"', '{"global') }],
  ['an istiod without arguments, whose domain nobody knows',
    {
      'istiod.yaml': istiod('', 'cluster1', '[]'), 'istiod-next.yaml': '', 'exposed.yaml': exposed('*.corp.internal'),
    }],
  ['an istiod of the usual domain', { 'istiod.yaml': istiod('', 'cluster1', '[discovery]') }],
])('%s is no problem', (_, edited) => {
  expect(findings(edited)).toEqual([]);
});
