import { writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import {
  type MeshProps, GatewayInstall, LoadBalancer, Mesh, RemoteCredentials, SecretValue, TokenSlot,
} from '../../src';
import { directoryWith, quietApp, synthesized, treeOf, treeOfFile } from '../support/mesh-util';
import { problems, temporaryDirectory } from '../support/util';

/** A mesh file with more lines for all clusters (from line 4) and for `cluster2` (the last lines). */
function twoClusters(lines = '', ofCluster2 = ''): string {
  return `meshID: mesh1
istioVersion: 1.31.0
network: network1
${lines}clusters:
  - name: cluster1
    apiServer: https://cluster1.example.com:6443
  - name: cluster2
    apiServer: https://cluster2.example.com:6443
${ofCluster2}`;
}

/** What a mesh file is refused for, without the directory of the file. */
function problemsOf(text: string | Buffer): string[] {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'mesh.yaml'), text);
  return problems(() => Mesh.fromFile(quietApp(), 'mesh', join(directory, 'mesh.yaml')))
    .map(problem => problem.split(`${directory}/`).join(''));
}

function meshOf(text: string): Mesh {
  return Mesh.fromFile(quietApp(), 'mesh', join(directoryWith({ 'mesh.yaml': text }), 'mesh.yaml'));
}

test('a mesh is read from a file, also from one with a byte order mark and Windows line ends', () => {
  for (const text of [twoClusters(), `\ufeff${twoClusters().replace(/\n/g, '\r\n')}`]) {
    const mesh = meshOf(text);
    expect([mesh.meshID, ...mesh.clusters.map(({ name }) => name)]).toEqual(['mesh1', 'cluster1', 'cluster2']);
  }
});

test('a file that is not there is refused', () => {
  const path = join(temporaryDirectory(), 'mesh.yml');
  expect(() => Mesh.fromFile(quietApp(), 'mesh', path))
    .toThrow(new Error(`file '${path}' has a problem:\n  ${path}: it does not exist; name a mesh file, e.g. `
      + 'mesh.yaml'));
});

test('a directory in the place of the file is refused', () => {
  const directory = temporaryDirectory();
  expect(problems(() => Mesh.fromFile(quietApp(), 'mesh', directory)))
    .toEqual([`${directory}: it is a directory; name a mesh file, e.g. mesh.yaml`]);
});

test('an empty file is refused', () => {
  for (const text of ['', '\n', '# a mesh\n', '---\n', 'null\n']) {
    expect(problemsOf(text)).toEqual(['mesh.yaml:1:1: the file is empty; start with meshID and clusters']);
  }
});

test('a file that holds no map is refused', () => {
  for (const text of ['- meshID: mesh1\n', 'mesh1\n', '7\n']) {
    expect(problemsOf(text))
      .toEqual(['mesh.yaml:1:1: the file does not contain a map; start with meshID and clusters']);
  }
});

test('two documents in a file are refused', () => {
  expect(problemsOf(`${twoClusters()}---\n${twoClusters()}`))
    .toEqual(['mesh.yaml:9:1: a second document starts here; write each mesh to its own file']);
});

test('a key that stands twice is refused by its name, where it stands the second time', () => {
  expect(problemsOf(twoClusters('network: network2\n')))
    .toEqual(["mesh.yaml:4:1: 'network' is a duplicate key; remove one of the two"]);
  expect(problemsOf(twoClusters('', '    name: cluster3\n')))
    .toEqual(["mesh.yaml:9:5: 'name' is a duplicate key; remove one of the two"]);
});

test('every fault of the YAML is told with its place and a fix, until the parser is lost', () => {
  expect(problemsOf(twoClusters('hub: "\\q"\ntag: a: b\n', '\tpeers: []\n'))).toEqual([
    'mesh.yaml:4:7: invalid YAML: invalid escape sequence \\q; write \\\\ for a backslash',
    'mesh.yaml:5:6: invalid YAML: nested mappings are not allowed in compact mappings; quote text, and indent '
      + 'everything else like its neighbors',
    'mesh.yaml:11:1: invalid YAML: tabs are not allowed as indentation; use spaces',
  ]);
  expect(problemsOf(`  meshID: mesh1\n${twoClusters()}`)).toEqual([
    'mesh.yaml:2:1: invalid YAML: unexpected scalar at node end; quote text, and indent everything else like its '
      + 'neighbors',
  ]);
});

test('a required key that is missing is told once, where the map begins', () => {
  expect(problemsOf('istioVersion: 1.31.0\nclusters:\n  - name: cluster1\n    network: network1\n'))
    .toEqual(["mesh.yaml:1:1: 'meshID' is missing, and required here"]);
  expect(problemsOf('meshID: mesh1\n')).toEqual(["mesh.yaml:1:1: 'clusters' is missing, and required here"]);
  expect(problemsOf('meshID: mesh1\nclusters:\n')).toEqual(["mesh.yaml:1:1: 'clusters' is missing, and required here"]);
  expect(problemsOf(twoClusters('', '  - network: network1\n')))
    .toEqual(["mesh.yaml:9:5: clusters[2]: 'name' is missing, and required here"]);
});

test.each([
  ['1.30', 'number'], ['007', 'number'], ['0x1f', 'number'], ['1e3', 'number'], ['1_000', 'number'],
  ['1:30', 'number'], ['.inf', 'number'],
  ['no', 'boolean'], ['Off', 'boolean'], ['y', 'boolean'], ['true', 'boolean'], ['2026-01-31', 'date'],
])('%s, a %s to readers of YAML, is refused where a string belongs, with its quoted text as the fix', (text, type) => {
  expect(problemsOf(twoClusters(`context: ${text}\n`)))
    .toEqual([`mesh.yaml:4:1: context: ${type} ${text} is not a string; write it in quotes: '${text}'`]);
  expect(problemsOf(twoClusters(`context: '${text}'\n`))).toEqual([]);
});

test.each(['null', '~'])('%s is refused where a string belongs, with its quoted text as the fix', text => {
  expect(problemsOf(twoClusters(`context: ${text}\n`)))
    .toEqual([`mesh.yaml:4:1: context: nothing (null) is not a string; write it in quotes: '${text}'`]);
});

test('a key without a value is refused where a string belongs, and not to be quoted', () => {
  expect(problemsOf(twoClusters('hub:\n')))
    .toEqual(['mesh.yaml:4:1: hub: nothing (null) is not a string; write one, or remove the key']);
});

test('a key without a value says nothing where a map, a list or a member of a family belongs', () => {
  expect(problemsOf(twoClusters('values:\npeers:\nremoteCredentials: null\ninstaller: ~\neastWestGateway:\n')))
    .toEqual([]);
});

test('a number or boolean is refused in a list, as a key and deep inside Istio\'s settings, too', () => {
  expect(problemsOf(twoClusters('peers: [no]\n')))
    .toEqual(["mesh.yaml:4:9: peers[0]: boolean no is not a string; write it in quotes: 'no'"]);
  expect(problemsOf(twoClusters('eastWestGateway:\n  nodeSelector: {pool: 7}\n'))).toEqual([
    "mesh.yaml:5:18: eastWestGateway.nodeSelector.pool: number 7 is not a string; write it in quotes: '7'",
  ]);
  expect(problemsOf(twoClusters('values:\n  global:\n    proxy: {clusterDomain: 1.30}\n'))).toEqual([
    "mesh.yaml:6:13: values.global.proxy.clusterDomain: number 1.30 is not a string; write it in quotes: '1.30'",
  ]);
  expect(problemsOf(twoClusters('', '  - name: 007\n    peers: []\n'))).toEqual([
    "mesh.yaml:9:5: clusters[2].name: number 007 is not a string; write it in quotes: '007'",
  ]);
  expect(problemsOf(twoClusters('eastWestGateway:\n  nodeSelector: {no: a}\n'))).toEqual([
    "mesh.yaml:5:18: eastWestGateway.nodeSelector: the key no is a boolean; write it in quotes: 'no'",
  ]);
});

test('a string, a map or a list is refused where something else belongs', () => {
  expect(problemsOf(twoClusters('eastWestGateway: {replicaCount: "2"}\n')))
    .toEqual(["mesh.yaml:4:19: eastWestGateway.replicaCount: '2' is not a number"]);
  expect(problemsOf(twoClusters('eastWestGateway: {autoscaling: {enabled: "no"}}\n'))).toEqual([
    "mesh.yaml:4:33: eastWestGateway.autoscaling.enabled: 'no' is not a boolean",
  ]);
  expect(problemsOf(twoClusters('peers: cluster1\n'))).toEqual(["mesh.yaml:4:1: peers: 'cluster1' is not a list"]);
  expect(problemsOf(twoClusters('values: [a]\n'))).toEqual(['mesh.yaml:4:1: values: a list is not a map']);
  expect(problemsOf(twoClusters('hub: {a: b}\n'))).toEqual(['mesh.yaml:4:1: hub: a map is not a string']);
  expect(problemsOf('meshID: mesh1\nclusters: {cluster1: {}}\n'))
    .toEqual(['mesh.yaml:2:1: clusters: a map is not a list']);
  expect(problemsOf('meshID: mesh1\nclusters: [cluster1]\n'))
    .toEqual(["mesh.yaml:2:12: clusters[0]: 'cluster1' is not a map"]);
});

test('a misspelt key is refused with the nearest right one', () => {
  expect(problemsOf(twoClusters('netwrok: network1\n')))
    .toEqual(["mesh.yaml:4:1: netwrok: 'netwrok' is not a key here; did you mean 'network'?"]);
  expect(problemsOf(twoClusters('', '    apiserver: x\n')))
    .toEqual(["mesh.yaml:9:5: clusters[1].apiserver: 'apiserver' is not a key here; did you mean 'apiServer'?"]);
  expect(problemsOf(twoClusters('values:\n  global:\n    multicluster: {clusterName: x}\n'))).toEqual([
    "mesh.yaml:6:5: values.global.multicluster: 'multicluster' is not a key here; did you mean 'multiCluster'?",
  ]);
});

test('a key that resembles none is refused with those there are', () => {
  expect(problemsOf(twoClusters('exposedServices: {everything: true}\n'))).toEqual([
    "mesh.yaml:4:19: exposedServices.everything: 'everything' is not a key here; use one of hosts",
  ]);
});

test.each([
  '__proto__', 'constructor', 'toString', 'hasOwnProperty',
])('the key %s is refused like any other that is none', key => {
  const refused = (place: string, path: string) =>
    expect.stringMatching(new RegExp(`^mesh\\.yaml:${place}: ${path}: '${key}' is not a key here; `));
  expect(problemsOf(twoClusters(`${key}: {hub: x}\n`))).toEqual([refused('4:1', key)]);
  expect(problemsOf(twoClusters(`values: {${key}: {hub: x}}\n`))).toEqual([refused('4:10', `values\\.${key}`)]);
  expect(problemsOf(twoClusters('', `    ${key}: {hub: x}\n`))).toEqual([refused('9:5', `clusters\\[1\\]\\.${key}`)]);
  expect(Object.prototype).not.toHaveProperty('hub');
});

test('what code alone can say is no key of the file', () => {
  expect(problemsOf(twoClusters('defaults: {hub: x}\n')))
    .toEqual([expect.stringMatching(/^mesh\.yaml:4:1: defaults: 'defaults' is not a key here; /)]);
});

const SAFE_CREDENTIALS = 'linked, externalSecrets, plainToken, authProvider, clientCertificate, external';
const CREDENTIALS =
  'linked, externalSecrets, plainToken, authProvider, clientCertificate, unsafeExec, unsafeTokenFile, external';

test('a misspelt member of a family is refused with the nearest right one', () => {
  expect(problemsOf(twoClusters('remoteCredentials: link\n')))
    .toEqual(["mesh.yaml:4:1: remoteCredentials: 'link' is not a valid RemoteCredentials; did you mean 'linked'?"]);
  expect(problemsOf(twoClusters('remoteCredentials: {plaintoken: {env: A}}\n'))).toEqual([
    "mesh.yaml:4:1: remoteCredentials: 'plaintoken' is not a valid RemoteCredentials; did you mean 'plainToken'?",
  ]);
  expect(problemsOf(twoClusters('installer: kubectl\n'))).toEqual([
    "mesh.yaml:4:1: installer: 'kubectl' is not a valid Installer; use one of istioctl, helm, rendered, sail, external",
  ]);
  expect(problemsOf(twoClusters('eastWestGateway: {loadBalancer: azure}\n'))).toEqual([
    "mesh.yaml:4:19: eastWestGateway.loadBalancer: 'azure' is not a valid LoadBalancer; use one of aws, gke, aks, "
      + 'metalLb, nodePort',
  ]);
});

test('a family inside a member of a family is judged too', () => {
  expect(problemsOf(twoClusters('remoteCredentials:\n  plainToken: {environment: TOKEN}\n'))).toEqual([
    "mesh.yaml:5:3: remoteCredentials.plainToken: 'environment' is not a valid SecretValue; use one of env, file, "
      + 'unsafePlainText',
  ]);
  expect(problemsOf(twoClusters('remoteCredentials:\n  plainToken: TOKEN\n'))).toEqual([
    'mesh.yaml:5:3: remoteCredentials.plainToken: a string is not a valid SecretValue; write one of env, file, '
      + 'unsafePlainText',
  ]);
  expect(problemsOf(twoClusters('remoteCredentials:\n  plainToken:\n    env: 007\n'))).toEqual([
    'mesh.yaml:6:5: remoteCredentials.plainToken.env: a number is not a string; write it in quotes',
  ]);
  expect(problemsOf(twoClusters('eastWestGateway: {loadBalancer: {aws: {intern: true}}}\n'))).toEqual([
    "mesh.yaml:4:40: eastWestGateway.loadBalancer.aws.intern: 'intern' is not a key here; did you mean 'internal'?",
  ]);
});

test('a member of a family with or without an argument, against its nature, is refused', () => {
  expect(problemsOf(twoClusters('remoteCredentials: plainToken\n')))
    .toEqual(["mesh.yaml:4:1: remoteCredentials: 'plainToken' needs an argument here; write {plainToken: …}"]);
  expect(problemsOf(twoClusters('trust: {external: {}}\n')))
    .toEqual(["mesh.yaml:4:1: trust: 'external' does not accept an argument here; write external"]);
});

test('several members, or none, in the place of one are refused', () => {
  const refused = (what: string) =>
    [`mesh.yaml:4:1: remoteCredentials: ${what} is not a valid RemoteCredentials; write one of ${CREDENTIALS}`];
  expect(problemsOf(twoClusters('remoteCredentials: {linked: {}, plainToken: {env: A}}\n'))).toEqual(refused('a map'));
  expect(problemsOf(twoClusters('remoteCredentials: [linked]\n'))).toEqual(refused('a list'));
  expect(problemsOf(twoClusters('remoteCredentials: true\n'))).toEqual(refused('a boolean'));
});

test('credentials that istiod refuses are refused with its reason', () => {
  const refused = (name: string, reason: string, unsafe = '') =>
    [`mesh.yaml:4:1: remoteCredentials: istiod rejects '${name}': ${reason}; use ${SAFE_CREDENTIALS}${unsafe}`];
  const program = 'it would have to run a program that is not in its image';
  const file = 'a kubeconfig may name no file of its container';
  const all = ', or make istiod accept it with ';
  expect(problemsOf(twoClusters('remoteCredentials: exec\n'))).toEqual(refused('exec', program, `${all}unsafeExec`));
  expect(problemsOf(twoClusters('remoteCredentials: {exec: {command: aws-iam-authenticator}}\n')))
    .toEqual(refused('exec', program, `${all}unsafeExec`));
  expect(problemsOf(twoClusters('remoteCredentials: {tokenFile: /var/run/token}\n')))
    .toEqual(refused('tokenFile', file, `${all}unsafeTokenFile`));
  expect(problemsOf(twoClusters('remoteCredentials: {client-certificate: tls.crt, client-key: tls.key}\n')))
    .toEqual(refused('client-certificate', file));
});

test('a problem of a rule is placed where its setting stands, at the cluster or at the mesh', () => {
  expect(problemsOf(twoClusters('', '    revision: 1.31.0\n'))).toEqual([
    "mesh.yaml:9:5: clusters[1].revision: cluster 'cluster2': revision '1.31.0' contains dots, which Istio does not "
      + "allow in a revision; write '1-31-0'",
  ]);
  expect(problemsOf(twoClusters('eastWestGateway:\n  network: network2\n', '    network: network2\n'))).toEqual([
    "mesh.yaml:5:3: clusters[0].eastWestGateway.network: cluster 'cluster1': eastWestGateway.network 'network2' is not "
      + "the network of the cluster, 'network1': "
      + "no endpoint of this cluster is on 'network2', so istiod never chooses the gateway; remove it",
  ]);
});

test('a problem of something that is missing is placed at what it is missing from', () => {
  expect(problemsOf('meshID: mesh1\nistioVersion: 1.31.0\nclusters:\n  - name: cluster1\n')).toEqual([
    "mesh.yaml:4:5: clusters[0].network: cluster 'cluster1': network is missing; set the same network for clusters "
      + 'whose pods reach each other directly, and different networks for clusters whose pods do not',
  ]);
});

test('all problems are told at once, those of the file and those of the rules', () => {
  const text = twoClusters('hub: 1.30\nnetwrok: x\n', '    revision: 1.31.0\n    remoteCredentials: exec\n')
    .replace('https://cluster1', 'http://cluster1');
  expect(problemsOf(text).map(problem => problem.split(': ').slice(0, 2).join(': '))).toEqual([
    'mesh.yaml:12:5: clusters[1].remoteCredentials',
    'mesh.yaml:4:1: hub',
    'mesh.yaml:5:1: netwrok',
    'mesh.yaml:11:5: clusters[1].revision',
    'mesh.yaml:8:5: clusters[0].apiServer',
  ]);
});

test('a value that the file refuses is not missed by a rule as well', () => {
  expect(problemsOf(twoClusters().replace('network: network1', 'network: 1')))
    .toEqual(["mesh.yaml:3:1: network: number 1 is not a string; write it in quotes: '1'"]);
});

test('anchors, aliases and merge keys are understood', () => {
  const [cluster1, cluster2] = meshOf(`meshID: mesh1
istioVersion: 1.31.0
clusters:
  - &first
    name: cluster1
    network: network1
    apiServer: https://cluster1.example.com:6443
    eastWestGateway: &gateway
      install: always
      nodeSelector: {pool: edge}
  - <<: *first
    name: cluster2
    apiServer: https://cluster2.example.com:6443
    eastWestGateway: {<<: *gateway, nodeSelector: {zone: b}}
`)._model.clusters;
  expect([cluster1.network, cluster2.network]).toEqual(['network1', 'network1']);
  expect(cluster1.gatewaySettings).toEqual({ install: 'always', nodeSelector: { pool: 'edge' } });
  expect(cluster2.gatewaySettings).toEqual({ install: 'always', nodeSelector: { zone: 'b' } });
});

test('an alias of nothing is refused, where it stands', () => {
  expect(problemsOf(twoClusters('hub: *nothing\n')))
    .toEqual([
      "mesh.yaml:4:6: the alias '*nothing' has no anchor before it; write the value out, or set '&nothing' above",
    ]);
});

test('defaults of the program that reads the file lie below it', () => {
  const path =
    join(directoryWith({ 'mesh.yaml': twoClusters('hub: registry/mesh\n', '    tag: 1.31.0-debug\n') }), 'mesh.yaml');
  const { clusters } =
    Mesh.fromFile(quietApp(), 'mesh', path,
      { hub: 'registry/company', tag: '1.31.0', values: { global: { logAsJson: true } } })._model;
  expect(clusters.map(({ controlPlane: { hub, tag, values } }) => ({ hub, tag, values }))).toEqual([
    { hub: 'registry/mesh', tag: '1.31.0', values: { global: { logAsJson: true } } },
    { hub: 'registry/mesh', tag: '1.31.0-debug', values: { global: { logAsJson: true } } },
  ]);
});

test('a problem of the defaults is told as one of the defaults', () => {
  const path = join(directoryWith({ 'mesh.yaml': twoClusters() }), 'mesh.yaml');
  const found = problems(() => Mesh.fromFile(quietApp(), 'mesh', path, { hub: 7 } as object));
  expect(found).toEqual([`${path}:1:1: defaults.hub: number 7 is not a string; write it in quotes: '7'`]);
});

test('resources start from the directory of the file', () => {
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n';
  const directory = directoryWith({ 'mesh.yaml': twoClusters('resources: [own/*.yaml]\n'), 'own/config.yaml': config });
  const files = synthesized(app => Mesh.fromFile(app, 'mesh1', join(directory, 'mesh.yaml')));
  expect(files['cluster2/70-resources/configmap.own.yaml']).toBe(config);
});

test('the same mesh from a file and from code gives the same tree, byte for byte', () => {
  const file = treeOfFile(`
meshID: mesh1
istioVersion: 1.31.0
apiServer: https://$(cluster).example.com:6443
remoteCredentials: {plainToken: {unsafePlainText: t0ken}}
values:
  global: {logAsJson: true, proxy: {clusterDomain: prod.local}}
  pilot: {autoscaleMin: 2, env: {PILOT_ENABLE_AMBIENT: "false"}}
meshConfig:
  accessLogFile: /dev/stdout
  defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}
components:
  pilot: {k8s: {resources: {requests: {cpu: 500m}}}}
eastWestGateway:
  install: always
  loadBalancer: {aws: {internal: true}}
  service: {loadBalancerSourceRanges: [10.0.0.0/8], externalIPs: [192.0.2.1]}
  autoscaling: {minReplicas: 2, targetCPUUtilizationPercentage: 60}
  tolerations: [{key: edge, operator: Exists}]
exposedServices: {hosts: ["*.prod.svc.prod.local"]}
reader: {activeToken: green}
clusters:
  - {name: cluster1, network: network1, canary: {revision: 1-32-0, istioVersion: 1.32.0}}
  - {name: cluster2, network: network2}
`);
  const props: MeshProps = {
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    apiServer: 'https://$(cluster).example.com:6443',
    remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('t0ken')),
    values: {
      global: { logAsJson: true, proxy: { clusterDomain: 'prod.local' } },
      pilot: { autoscaleMin: 2, env: { PILOT_ENABLE_AMBIENT: 'false' } },
    },
    meshConfig: { accessLogFile: '/dev/stdout', defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } },
    components: { pilot: { k8S: { resources: { requests: { cpu: '500m' } } } } },
    eastWestGateway: {
      install: GatewayInstall.ALWAYS,
      loadBalancer: LoadBalancer.aws({ internal: true }),
      service: { loadBalancerSourceRanges: ['10.0.0.0/8'], externalIPs: ['192.0.2.1'] },
      autoscaling: { minReplicas: 2, targetCPUUtilizationPercentage: 60 },
      tolerations: [{ key: 'edge', operator: 'Exists' }],
    },
    exposedServices: { hosts: ['*.prod.svc.prod.local'] },
    reader: { activeToken: TokenSlot.GREEN },
    clusters: [
      { name: 'cluster1', network: 'network1', canary: { revision: '1-32-0', istioVersion: '1.32.0' } },
      { name: 'cluster2', network: 'network2' },
    ],
  };
  expect(file).toEqual(treeOf(props));
});

test.each([
  ['remoteCredentials: hunter2\n'],
  ['remoteCredentials: {plainToken: hunter2}\n'],
  ['remoteCredentials: {plainToken: {unsafePlainText: 12345678}}\n'],
  ['remoteCredentials: {clientCertificate: {certificate: hunter2, key: hunter2}}\n'],
  ['remoteCredentials: {authProvider: {secretConfig: {client-secret: hunter2}}}\n'],
  ['remoteCredentials: {plainToken: {unsafePlainText: }}} hunter2\n'],
])('a secret in the wrong place is not said: %j', text => {
  const said = problemsOf(twoClusters(text));
  expect(said.length).toBeGreaterThan(0);
  expect(said.join()).not.toMatch(/hunter2|12345678/);
});

test('a lone dot and an exponent without digits before it are text, as Kubernetes reads them', () => {
  const settings = 'meshConfig: {defaultServiceExportTo: [., e1]}, hub: e1, revision: e2';
  const files =
    treeOfFile(`{meshID: e3, istioVersion: 1.31.0, network: E-4, ${settings}, clusters: [{name: e5, apiServer: `
      + '"https://10.0.0.1"}]}');
  const { meshConfig, hub, revision, values: { global } } = parse(files['e5/istioctl/control-plane.yaml']).spec;
  expect([meshConfig, hub, revision, global]).toEqual([
    { defaultServiceExportTo: ['.', 'e1'] }, 'e1', 'e2',
    { meshID: 'e3', multiCluster: { clusterName: 'e5' }, network: 'E-4' },
  ]);
});
