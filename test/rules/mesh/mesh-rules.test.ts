import {
  type ClusterProps, type EastWestGatewaySettings, type istio, type MeshProps, GatewayInstall, LoadBalancer, Mesh,
  RemoteCredentials, SecretValue,
} from '../../../src';
import { quietApp, twoClusters, twoNetworks } from '../../support/mesh-util';
import { CA_PEM, problems, warningsOf } from '../../support/util';

/** Messages about a mesh; the constructs are created as well, so that a valid mesh is one that can be generated. */
function problemsOf(props: MeshProps): string[] {
  return problems(() => new Mesh(quietApp(), 'mesh', props));
}

/** Messages about `cluster1` in a mesh of two clusters. */
function problemsOfOne(one: Partial<ClusterProps>): string[] {
  return problemsOf(twoClusters({}, one));
}

/** A message about `cluster1`, with its place. */
function ofOne(place: string, message: string): string {
  return `clusters[0].${place}: cluster 'cluster1': ${message}`;
}

const SYNTAX = "1 to 63 lower-case letters, digits and '-', starting and ending with a letter or digit";
const SERVER = 'write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443';

test('a mesh of two clusters is valid, on one network or on two', () => {
  expect(problemsOf(twoClusters())).toEqual([]);
  expect(problemsOf(twoNetworks())).toEqual([]);
});

test('a mesh has a name', () => {
  for (const meshID of ['', ' ']) {
    expect(problemsOf(twoClusters({ meshID }))).toEqual([
      'meshID: meshID is empty; set it to a name for the mesh, e.g. mesh1',
    ]);
  }
});

test('the name of a mesh is a valid label value', () => {
  expect(problemsOf(twoClusters({ meshID: 'Mesh_1.prod' }))).toEqual([]);
  expect(problemsOf(twoClusters({ meshID: 'mesh 1' }))).toEqual([
    "meshID: meshID 'mesh 1' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and "
      + 'ending with a letter or digit',
  ]);
});

test('a mesh has at least one cluster', () => {
  expect(problemsOf({ ...twoClusters(), clusters: [] })).toEqual([
    'clusters: clusters is empty; list at least one cluster',
  ]);
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'cluster1' }] })).toEqual([]);
});

test('the name of a cluster is a lower-case DNS label', () => {
  expect(problemsOfOne({ name: `${'a'.repeat(62)}9` })).toEqual([]);
  expect(problemsOfOne({ name: 'Cluster_1' })).toEqual([
    `clusters[0].name: cluster 'Cluster_1': name 'Cluster_1' is not a valid DNS label (${SYNTAX}); write 'cluster-1'`,
  ]);
  expect(problemsOfOne({ name: 'a'.repeat(64) })).toEqual([
    `clusters[0].name: cluster '${'a'.repeat(64)}': name '${'a'.repeat(64)}' is not a valid DNS label (${SYNTAX}); `
      + `write '${'a'.repeat(63)}'`,
  ]);
});

test.each(['argocd', 'flux'])('no cluster has the name %s, which is reserved for GitOps objects', name => {
  expect(problemsOfOne({ name: `${name}-1` })).toEqual([]);
  expect(problemsOfOne({ name })).toEqual([
    `clusters[0].name: cluster '${name}': name '${name}' is reserved for a directory next to those of the clusters; `
      + 'choose another name',
  ]);
});

test('cluster names are unique', () => {
  expect(problemsOfOne({ name: 'cluster2' })).toEqual([
    "clusters[1].name: name 'cluster2' is already used by clusters[0], and istiod ignores a second cluster with the "
      + 'same name; choose another name',
  ]);
});

test('a cluster has its own network or that of the mesh', () => {
  const [cluster1, cluster2] = twoClusters().clusters;
  const withoutNetwork = { meshID: 'mesh1', istioVersion: '1.31.0' };
  expect(problemsOf({ ...withoutNetwork, clusters: [{ ...cluster1, network: 'a' }, { ...cluster2, network: 'b' }] }))
    .toEqual([]);
  expect(problemsOf({ ...withoutNetwork, clusters: [cluster1, { ...cluster2, network: 'b' }] })).toEqual([
    ofOne('network', 'network is missing; set the same network for clusters whose pods reach each other directly, and '
      + 'different networks for clusters whose pods do not'),
  ]);
});

test('a network is a valid label value', () => {
  expect(problemsOfOne({ network: 'Network_1.prod' })).toEqual([]);
  for (const network of ['', 'net work', '-net', 'n'.repeat(64)]) {
    expect(problemsOfOne({ network })).toEqual([
      ofOne('network', `network '${network}' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and `
        + "'.', starting and ending with a letter or digit"),
    ]);
  }
});

test('a cluster has a full Istio version', () => {
  expect(problemsOfOne({ istioVersion: '1.31.0-rc.1' })).toEqual([]);
  for (const istioVersion of ['1.31', 'v1.31.0', 'latest', '']) {
    expect(problemsOfOne({ istioVersion })).toEqual([
      ofOne('istioVersion', `istioVersion '${istioVersion}' is not a full Istio version; write it as x.y.z, e.g. `
        + '1.31.0'),
    ]);
  }
  const { istioVersion, ...unversioned } = twoClusters({}, {}, { istioVersion: '1.31.0' });
  expect(problemsOf(unversioned)).toEqual([
    ofOne('istioVersion', 'istioVersion is missing; set it to a full version such as 1.31.0'),
  ]);
});

test('a canary has a full Istio version', () => {
  expect(problemsOfOne({ canary: { revision: 'canary', istioVersion: '1.32.0' } })).toEqual([]);
  expect(problemsOfOne({ canary: { revision: 'canary', istioVersion: '1.32' } })).toEqual([
    ofOne('canary.istioVersion', "canary.istioVersion '1.32' is not a full Istio version; write it as x.y.z, e.g. "
      + '1.31.0'),
  ]);
});

test('a revision is a DNS label, without dots', () => {
  expect(problemsOfOne({ revision: '1-31-0' })).toEqual([]);
  expect(problemsOfOne({ revision: '' })).toEqual([]);
  expect(problemsOfOne({ revision: '1.31.0' })).toEqual([
    ofOne('revision', "revision '1.31.0' contains dots, which Istio does not allow in a revision; write '1-31-0'"),
  ]);
  expect(problemsOfOne({ revision: 'Stable' })).toEqual([
    ofOne('revision', `revision 'Stable' is not a valid DNS label (${SYNTAX}); write 'stable'`),
  ]);
});

test('a canary has a different revision than the first control plane', () => {
  const canary = (revision: string) => ({ revision: 'a', canary: { revision, istioVersion: '1.32.0' } });
  expect(problemsOfOne(canary('b'))).toEqual([]);
  expect(problemsOfOne(canary('1.32.0'))).toEqual([
    ofOne('canary.revision', "canary.revision '1.32.0' contains dots, which Istio does not allow in a revision; write "
      + "'1-32-0'"),
  ]);
  expect(problemsOfOne(canary(''))).toEqual([
    ofOne('canary.revision', `canary.revision '' is not a valid DNS label; use ${SYNTAX}`),
  ]);
  expect(problemsOfOne(canary('a'))).toEqual([
    ofOne('canary.revision', "canary.revision 'a' is also the revision of the first control plane, which the canary "
      + 'would replace; choose another revision'),
  ]);
});

test('a gateway has a revision that is installed in its cluster', () => {
  const gateway = (revision: string) => ({ eastWestGateway: { install: GatewayInstall.ALWAYS, revision } });
  const installed = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };
  expect(problemsOfOne({ ...installed, ...gateway('1-31-0') })).toEqual([]);
  expect(problemsOfOne({ ...installed, ...gateway('1-32-0') })).toEqual([]);
  expect(problemsOfOne({ ...installed, ...gateway('stable') })).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'stable' is not installed in this cluster, so the "
      + 'gateway would not be injected; use one of 1-31-0, 1-32-0'),
  ]);
  expect(problemsOfOne(gateway('stable'))).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'stable' is not installed in this cluster, so the "
      + 'gateway would not be injected; remove it'),
  ]);
});

test('a gateway can use a tag', () => {
  const gateway = {
    revisionTags: { prod: 'default', next: 'default' },
    eastWestGateway: { install: GatewayInstall.ALWAYS, revision: 'next' },
  };
  expect(problemsOfOne(gateway)).toEqual([]);
  expect(problemsOfOne({ ...gateway, revisionTags: { prod: 'default', nxt: 'default' } })).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'next' is not installed in this cluster, so the "
      + "gateway would not be injected; did you mean 'nxt'?"),
  ]);
});

const CANARY = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };

test('a tag points to a revision that is installed in its cluster', () => {
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: '1-31-0', next: '1-32-0' } })).toEqual([]);
  expect(problemsOfOne({ revisionTags: { prod: 'default', next: '' } })).toEqual([]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: '1-32' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' points to '1-32', which is not installed in this cluster, so no "
      + "pod with the tag would start; did you mean '1-32-0'?"),
  ]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: 'default' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' points to 'default', which is not installed in this cluster, so no "
      + 'pod with the tag would start; use one of 1-31-0, 1-32-0'),
  ]);
  expect(problemsOfOne({ revision: 'default', revisionTags: { prod: 'default' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' points to 'default', which in Istio means a control plane without "
      + "a revision, but the control plane of this cluster has the revision 'default'; remove revision, or choose "
      + 'another one'),
  ]);
});

test('a tag does not have the name of a revision in its cluster', () => {
  expect(problemsOfOne({ ...CANARY, revisionTags: { '1-32-0': '1-31-0' } })).toEqual([
    ofOne("revisionTags['1-32-0']", "revision tag '1-32-0' has the name of a revision that is installed in this "
      + "cluster, so two webhooks would inject each pod; choose another name, e.g. 'prod'"),
  ]);
  expect(problemsOfOne({ revisionTags: { default: 'default' } })).toEqual([
    ofOne('revisionTags.default', "revision tag 'default' has the name of a revision that is installed in this "
      + 'cluster, so two webhooks would inject each pod; give the control plane a revision first, as in a canary '
      + 'upgrade, or choose another name'),
  ]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { default: '1-31-0' } })).toEqual([]);
});

test('in a cluster with tags, the webhooks are its own', () => {
  const values = {
    global: { operatorManageWebhooks: true },
    istiodRemote: { injectionUrl: 'https://istiod.example.com' },
  };
  const message = (key: string, value: string, effect: string) => ofOne(key, `${key} '${value}' ${effect}, but those `
    + 'of revisionTags call the istiod of this cluster; remove one of the two');
  expect(problemsOfOne({ values, revisionTags: { prod: 'default' } })).toEqual([
    message('values.global.operatorManageWebhooks', 'true', 'leaves the webhooks of revisions to an operator'),
    message('values.istiodRemote.injectionURL', 'https://istiod.example.com', 'makes the webhooks of revisions call '
      + 'another istiod'),
  ]);
  expect(problemsOfOne({ values })).toEqual([]);
  expect(problemsOfOne({ values: { global: { operatorManageWebhooks: false } }, revisionTags: { prod: 'default' } }))
    .toEqual([]);
});

/** Warnings of a mesh whose second cluster has Istio 1.31.0. */
function skew(first: Partial<ClusterProps>, second: Partial<ClusterProps> = {}): string[] {
  return warningsOf(new Mesh(quietApp(), 'mesh', twoClusters({}, first, second))).filter(([code]) => code === 'IM009')
    .map(([, sentence]) => sentence);
}

test('version skew is between the control planes that tags and gateways use', () => {
  const canary = { revision: 'next', istioVersion: '1.33.0' };
  const behind = (field: string, version: string, other: string, peer: string) =>
    expect.stringContaining(`${field} '${version}' is more than one minor version behind '${other}' of its peer `
      + `'${peer}'; upgrade this cluster first (IM009)`);
  const ahead = { istioVersion: '1.32.0', revision: 'now', canary };
  expect(skew(ahead)).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'now' } })).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }))
    .toEqual([behind('istioVersion', '1.31.0', '1.33.0', 'cluster1')]);
  expect(skew({ ...ahead, eastWestGateway: { install: GatewayInstall.ALWAYS, revision: 'next' } }))
    .toEqual([behind('istioVersion', '1.31.0', '1.33.0', 'cluster1')]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }, {
    revision: 'old',
    canary: { revision: 'new', istioVersion: '1.32.0' },
    revisionTags: { prod: 'new' },
  })).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }, {
    revision: 'old',
    istioVersion: '1.32.0',
    canary: { revision: 'new', istioVersion: '1.30.0' },
    revisionTags: { prod: 'new' },
  }))
    .toEqual([behind('canary.istioVersion', '1.30.0', '1.33.0', 'cluster1')]);
});

test('a namespace is a DNS label', () => {
  expect(problemsOfOne({ namespace: 'mesh-system' })).toEqual([]);
  expect(problemsOfOne({ namespace: 'Mesh' })).toEqual([
    ofOne('namespace', `namespace 'Mesh' is not a valid DNS label (${SYNTAX}); write 'mesh'`),
  ]);
});

test('a cluster with peers has an API server', () => {
  expect(problemsOfOne({ apiServer: undefined, peers: [] })).toEqual([]);
  expect(problemsOfOne({ apiServer: undefined })).toEqual([
    ofOne('apiServer', "apiServer is missing, which its peer 'cluster2' needs to read this cluster; set it to an https "
      + 'URL that peers can reach'),
  ]);
  const [, ...others] = ['cluster1', 'cluster2', 'cluster3'].map(name => ({ name, apiServer: `https://${name}` }));
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'cluster1' }, ...others] })).toEqual([
    ofOne('apiServer', 'apiServer is missing, which its 2 peers need to read this cluster; set it to an https URL that '
      + 'peers can reach'),
  ]);
});

test('an API server is an https URL', () => {
  expect(problemsOfOne({ apiServer: 'https://203.0.113.7:6443/k8s/clusters/1' })).toEqual([]);
  expect(problemsOfOne({ apiServer: 'api.example.com' })).toEqual([
    ofOne('apiServer', `apiServer 'api.example.com' is not a valid URL; ${SERVER}`),
  ]);
  expect(problemsOfOne({ apiServer: 'http://api.example.com' })).toEqual([
    ofOne('apiServer', `apiServer 'http://api.example.com' does not use https; ${SERVER}`),
  ]);
});

test.each(['localhost', '127.0.0.1', '0.0.0.0', '[::1]'])('other clusters cannot reach the API server %s', host => {
  expect(problemsOfOne({ apiServer: `https://${host}:6443` })).toEqual([
    ofOne('apiServer', `apiServer 'https://${host}:6443' is a loopback address, which the other clusters `
      + `cannot reach; ${SERVER}`),
  ]);
});

test('a password in the URL of an API server is rejected and not printed', () => {
  expect(problemsOfOne({ apiServer: 'https://admin:s3cret@api.example.com' })).toEqual([
    ofOne('apiServer', "apiServer of host 'api.example.com' has credentials in its URL; configure them in "
      + 'remoteCredentials instead'),
  ]);
});

test('no two clusters have the same API server, in any spelling', () => {
  expect(problemsOfOne({ apiServer: 'https://cluster2.example.com:8443' })).toEqual([]);
  expect(problemsOfOne({ apiServer: 'https://cluster2.example.com:6443/other' })).toEqual([]);
  for (const apiServer of ['https://cluster2.example.com:6443', 'https://CLUSTER2.example.com:6443/']) {
    expect(problemsOfOne({ apiServer })).toEqual([
      "clusters[1].apiServer: cluster 'cluster2': apiServer 'https://cluster2.example.com:6443' is already used by "
        + "'cluster1', so both names refer to the same cluster; set the API server of each cluster",
    ]);
  }
});

test('caData is a certificate', () => {
  expect(problemsOfOne({ caData: CA_PEM })).toEqual([]);
  expect(problemsOfOne({ caData: Buffer.from(CA_PEM).toString('base64') })).toEqual([]);
  expect(problemsOfOne({ caData: '/etc/ca.crt' })).toEqual([
    ofOne('caData', "caData '/etc/ca.crt' is not a certificate; write the CA certificate of the API server as PEM, or "
      + 'as base64 of PEM'),
  ]);
});

test('a message has one line, even if the value has several', () => {
  expect(problemsOfOne({ caData: 'one\ntwo\n' }).join('')).not.toContain('\n');
});

test('peers list each other', () => {
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: ['cluster1'] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: ['*'] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['*'] }, { peers: [] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: [] }))).toEqual([
    ofOne('peers[0]', "peers contains 'cluster2', which does not list 'cluster1' as its peer, so endpoints would be "
      + "discovered in only one direction; add 'cluster1' to the peers of 'cluster2', or remove 'cluster2' here"),
  ]);
});

test('a peer is another cluster of the mesh', () => {
  expect(problemsOfOne({ peers: ['cluster2', 'cluster3'] })).toEqual([
    ofOne('peers[1]', "peers contains 'cluster3', which is not a cluster of this mesh; did you mean 'cluster2'?"),
  ]);
  expect(problemsOfOne({ peers: ['cluster1', 'cluster2'] })).toEqual([
    ofOne('peers[0]', "peers contains the cluster itself, which needs no link; remove 'cluster1'"),
  ]);
});

test('the mesh can list a hub as the peer of every cluster, if the hub has its own peers', () => {
  expect(problemsOf(twoClusters({ peers: ['cluster1'] }, { peers: ['*'] }))).toEqual([]);
});

test('a gateway serves the network of its cluster', () => {
  const gateway = (network: string) =>
    ({ network: 'network1', eastWestGateway: { install: GatewayInstall.ALWAYS, network } });
  expect(problemsOfOne(gateway('network1'))).toEqual([]);
  expect(problemsOfOne(gateway('network2'))).toEqual([
    ofOne('eastWestGateway.network', "eastWestGateway.network 'network2' is not the network of the cluster, "
      + "'network1': no endpoint of this cluster is on 'network2', so istiod never chooses the gateway; remove it"),
  ]);
});

const NEVER: EastWestGatewaySettings = { install: GatewayInstall.NEVER };

function unreachable(peer: string, theirs: string, own: string): string {
  return `eastWestGateway.install 'never' leaves '${peer}' on network '${theirs}' without a route to network '${own}': `
    + 'istiod would send it pod addresses that it cannot reach; remove it, or install a gateway in a cluster on '
    + `network '${own}' that is a peer of both`;
}

test('a cluster that another network reaches has a gateway', () => {
  expect(problemsOf(twoClusters({}, { network: 'a', eastWestGateway: NEVER }, { network: 'b' }))).toEqual([
    ofOne('eastWestGateway.install', unreachable('cluster2', 'b', 'a')),
  ]);
});

test('a cluster that only its own network reaches needs no gateway', () => {
  expect(problemsOf(twoClusters({ eastWestGateway: NEVER }))).toEqual([]);
  expect(problemsOf(twoNetworks({ eastWestGateway: NEVER, peers: [] }))).toEqual([]);
});

test('the gateway can be in another cluster on the same network that both sides are linked with', () => {
  const ofNetwork = (name: string, network: string, more: Partial<ClusterProps> = {}) =>
    ({ name, network, apiServer: `https://${name}`, ...more });
  const a1 = ofNetwork('a1', 'a', { eastWestGateway: NEVER });
  const linkedWithA1 = { peers: ['a1'], eastWestGateway: { install: GatewayInstall.ALWAYS } };
  expect(problemsOf({ ...twoClusters(), clusters: [a1, ofNetwork('a2', 'a'), ofNetwork('b1', 'b')] })).toEqual([]);
  expect(problemsOf({ ...twoClusters(), clusters: [a1, ofNetwork('a2', 'a', linkedWithA1), ofNetwork('b1', 'b')] }))
    .toEqual([
      `clusters[0].eastWestGateway.install: cluster 'a1': ${unreachable('b1', 'b', 'a')}`,
    ]);
});

test('gateway settings that Kubernetes or istioctl would reject are reported, if the gateway is installed', () => {
  const eastWestGateway = { ports: [{ name: 'tls', port: 443 }], service: { type: 'ClusterIP' } };
  expect(problemsOfOne({ eastWestGateway })).toEqual([]);
  expect(problemsOfOne({
    eastWestGateway: {
      install: GatewayInstall.ALWAYS,
      ports: [{ name: 'tls', port: 443, targetPort: 8443 }],
    },
  })).toEqual([]);
  expect(problemsOfOne({ eastWestGateway: { ...eastWestGateway, install: GatewayInstall.ALWAYS } })).toEqual([
    ofOne('eastWestGateway', "eastWestGateway: targetPort 443 of 'tls' is not between 1024 and 65535, and istioctl "
      + 'rejects it because the pods of the gateway run without privileges; set targetPort, e.g. to 8443'),
    ofOne('eastWestGateway', "eastWestGateway: service.type 'ClusterIP' gives the gateway no external address, and "
      + 'istiod ignores it; use LoadBalancer, loadBalancer nodePort, or externalIPs'),
  ]);
  expect(problemsOfOne({
    eastWestGateway: {
      install: GatewayInstall.ALWAYS,
      loadBalancer: LoadBalancer.nodePort({ pool: 'edge' }),
    },
  })).toEqual([]);
});

test('exposed hosts match services of the cluster domain', () => {
  expect(problemsOfOne({ exposedServices: { hosts: ['*.prod.svc.cluster.local'] } })).toEqual([]);
  expect(problemsOfOne({ exposedServices: { hosts: ['*.local', '*.example.com'] } })).toEqual([
    ofOne('exposedServices.hosts', "exposedServices: hosts contains '*.example.com', which matches no service in the "
      + "cluster domain 'cluster.local', so nothing would be exposed; write '*.cluster.local', or a narrower host such "
      + "as '*.prod.svc.cluster.local'"),
  ]);
  const values = { global: { proxy: { clusterDomain: 'example.com' } } };
  expect(problemsOfOne({ values, exposedServices: { hosts: ['*.example.com'] } })).toEqual([]);
  expect(problemsOfOne({ values, exposedServices: { hosts: [] } })).toEqual([
    ofOne('exposedServices.hosts', 'exposedServices: hosts is empty, and istiod rejects a Gateway without hosts; write '
      + "'*.example.com' for every service"),
  ]);
});

test('credentials in the generated manifests can be read at synth', () => {
  const remoteCredentials = RemoteCredentials.plainToken(SecretValue.env('ISTIO_MESH_TEST_$(cluster)'));
  const messages = [ofOne('remoteCredentials', "remoteCredentials: environment variable 'ISTIO_MESH_TEST_CLUSTER1' is "
    + 'not set; set it before synth')];
  expect(problemsOfOne({ remoteCredentials })).toEqual(messages);
  process.env.ISTIO_MESH_TEST_CLUSTER1 = 't0ken';
  try {
    expect(problemsOfOne({ remoteCredentials })).toEqual([]);
  } finally {
    delete process.env.ISTIO_MESH_TEST_CLUSTER1;
  }
});

test('credentials of a cluster without peers are not read', () => {
  expect(problemsOfOne({
    remoteCredentials: RemoteCredentials.plainToken(SecretValue.file('no/such/file')),
    peers: [],
  })).toEqual([]);
});

test('an empty token is rejected', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('')) })).toEqual([
    ofOne('remoteCredentials', 'remoteCredentials: unsafePlainText is empty; write the secret, or a reference to it'),
  ]);
});

test('credentials that istiod refuses are refused', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ config: { 'client-id': 'istio' } }) }))
    .toEqual([]);
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ config: { 'id-token': 't0ken' } }) }))
    .toEqual([
      ofOne('remoteCredentials',
        "remoteCredentials: authProvider.config has 'id-token', which is a secret and would be written into "
        + 'dist/mesh.yaml; move it to secretConfig, by reference'),
    ]);
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ name: 'gcp' }) })).toEqual([
    ofOne('remoteCredentials',
      "remoteCredentials: authProvider.name 'gcp' is not supported by istiod, which only has 'oidc'; use oidc, or "
        + 'unsafeExec with a program that prints a token'),
  ]);
  const path = SecretValue.unsafePlainText('/etc/tls.crt');
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.clientCertificate({ certificate: path, key: path }) }))
    .toEqual([
      ofOne('remoteCredentials',
        'remoteCredentials: clientCertificate.certificate is not PEM text, and istiod rejects file paths in a '
        + 'kubeconfig; write the content, e.g. with SecretValue.file'),
    ]);
});

const OWN_KEYS: ReadonlyArray<[key: string, shown: string, property: string, settings: Partial<ClusterProps>]> = [
  ['values.global.meshID', "'x' ", 'meshID', { values: { global: { meshId: 'x' } } }],
  ['values.global.network', "'x' ", 'network', { values: { global: { network: 'x' } } }],
  ['values.global.multiCluster.clusterName', "'x' ", 'the cluster\'s name',
    { values: { global: { multiCluster: { clusterName: 'x' } } } }],
  ['values.global.istioNamespace', "'x' ", 'namespace', { values: { global: { istioNamespace: 'x' } } }],
  ['values.global.hub', "'x' ", 'hub', { values: { global: { hub: 'x' } } }],
  ['values.global.tag', "'x' ", 'tag', { values: { global: { tag: 'x' } } as istio.IstioOperatorSpecValues }],
  ['values.revision', "'x' ", 'revision', { values: { revision: 'x' } }],
  ['values.revisionTags', '', 'revisionTags', { values: { revisionTags: ['prod'] } }],
  ['values.defaultRevision', "'x' ", 'revisionTags.default', { values: { defaultRevision: 'x' } }],
  ['values.profile', "'x' ", 'profile', { values: { profile: 'x' } }],
  ['values.compatibilityVersion', "'1.30' ", 'compatibilityVersion', { values: { compatibilityVersion: '1.30' } }],
  ['values.meshConfig', '', 'meshConfig', { values: { meshConfig: { trustDomain: 'x' } } }],
  ['meshConfig.defaultConfig.meshId', "'x' ", 'meshID', { meshConfig: { defaultConfig: { meshId: 'x' } } }],
];

test.each(OWN_KEYS)('%s is set by the library', (key, shown, property, settings) => {
  expect(problemsOfOne(settings)).toEqual([
    ofOne(key, `${key} ${shown}is set by this library from ${property}; set ${property} instead, and remove this key`),
  ]);
});

test('other keys in the same maps can be set', () => {
  expect(problemsOfOne({
    values: { global: { logAsJson: true, multiCluster: { enabled: true } }, pilot: { autoscaleMin: 2 } },
    meshConfig: { accessLogFile: '/dev/stdout', defaultConfig: { concurrency: 2 } },
  })).toEqual([]);
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

test('only one IstioOperator installs the gateway', () => {
  const components = (name: string) => ({ components: { ingressGateways: [{ name, enabled: true }] } });
  expect(problemsOfOne(components('istio-ingressgateway'))).toEqual([]);
  expect(problemsOfOne(components('istio-eastwestgateway'))).toEqual([
    ofOne('components.ingressGateways', "components.ingressGateways contains 'istio-eastwestgateway', which "
      + 'eastWestGateway already installs; configure it there, and remove it here'),
  ]);
});

test('no cluster has the name constructor, which cannot be the id of a construct', () => {
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'constructor', apiServer: 'https://10.0.0.1' }] })).toEqual([
    "clusters[0].name: cluster 'constructor': name 'constructor' cannot be the id of a construct; choose another name",
  ]);
});
