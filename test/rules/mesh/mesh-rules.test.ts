import type { ClusterProps, EastWestGatewaySettings, istio, MeshProps } from '../../../src';
import { GatewayInstall, LoadBalancer, Mesh, RemoteCredentials, SecretValue } from '../../../src';
import { quietApp, twoClusters, twoNetworks } from '../../support/mesh-util';
import { CA_PEM, problems } from '../../support/util';

/** What the rules find wrong with a mesh; building it is part of the check, so that what is accepted is made, too. */
function problemsOf(props: MeshProps): string[] {
  return problems(() => new Mesh(quietApp(), 'mesh', props));
}

/** What they find wrong with `cluster1` of two clusters. */
function problemsOfOne(one: Partial<ClusterProps>): string[] {
  return problemsOf(twoClusters({}, one));
}

/** A problem of `cluster1`, where it is said of that cluster. */
function ofOne(place: string, message: string): string {
  return `clusters[0].${place}: cluster 'cluster1': ${message}`;
}

const SYNTAX = "1 to 63 lower-case letters, digits and '-', a letter or digit first and last";
const SERVER = 'write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443';

test('a mesh of two clusters has no problems, on one network or on two', () => {
  expect(problemsOf(twoClusters())).toEqual([]);
  expect(problemsOf(twoNetworks())).toEqual([]);
});

test('a mesh has a name', () => {
  for (const meshID of ['', ' ']) {
    expect(problemsOf(twoClusters({ meshID }))).toEqual(['meshID: meshID is empty; name the mesh, the same in all of its clusters']);
  }
});

test('the name of a mesh is a label value', () => {
  expect(problemsOf(twoClusters({ meshID: 'Mesh_1.prod' }))).toEqual([]);
  expect(problemsOf(twoClusters({ meshID: 'mesh 1' }))).toEqual([
    "meshID: meshID 'mesh 1' is no label value: 1 to 63 letters, digits, '-', '_' and '.', a letter or digit first and last",
  ]);
});

test('a mesh has a cluster', () => {
  expect(problemsOf({ ...twoClusters(), clusters: [] })).toEqual(['clusters: clusters is empty; name at least one cluster']);
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'cluster1' }] })).toEqual([]);
});

test('the name of a cluster is a DNS label in lower case', () => {
  expect(problemsOfOne({ name: `${'a'.repeat(62)}9` })).toEqual([]);
  expect(problemsOfOne({ name: 'Cluster_1' })).toEqual([`clusters[0].name: cluster 'Cluster_1': name 'Cluster_1' is not a DNS label: ${SYNTAX}; write 'cluster-1'`]);
  expect(problemsOfOne({ name: 'a'.repeat(64) })).toEqual([
    `clusters[0].name: cluster '${'a'.repeat(64)}': name '${'a'.repeat(64)}' is not a DNS label: ${SYNTAX}; write '${'a'.repeat(63)}'`,
  ]);
});

test.each(['argocd', 'flux'])('no cluster is named %s, which is a directory for GitOps objects', name => {
  expect(problemsOfOne({ name: `${name}-1` })).toEqual([]);
  expect(problemsOfOne({ name })).toEqual([`clusters[0].name: cluster '${name}': name '${name}' is that of a directory beside the clusters'; choose another`]);
});

test('the names of the clusters differ', () => {
  expect(problemsOfOne({ name: 'cluster2' })).toEqual([
    "clusters[1].name: name 'cluster2' is that of clusters[0] already; istiod ignores the second of a name, so give it one of its own",
  ]);
});

test('a cluster has a network, its own or the mesh\'s', () => {
  const [cluster1, cluster2] = twoClusters().clusters;
  const withoutNetwork = { meshID: 'mesh1', istioVersion: '1.31.0' };
  expect(problemsOf({ ...withoutNetwork, clusters: [{ ...cluster1, network: 'a' }, { ...cluster2, network: 'b' }] })).toEqual([]);
  expect(problemsOf({ ...withoutNetwork, clusters: [cluster1, { ...cluster2, network: 'b' }] })).toEqual([
    ofOne('network', 'network is missing; write the same network for clusters whose pods reach each other directly, and one for each where they do not'),
  ]);
});

test('a network is a label value', () => {
  expect(problemsOfOne({ network: 'Network_1.prod' })).toEqual([]);
  for (const network of ['', 'net work', '-net', 'n'.repeat(64)]) {
    expect(problemsOfOne({ network })).toEqual([
      ofOne('network', `network '${network}' is no label value: 1 to 63 letters, digits, '-', '_' and '.', a letter or digit first and last`),
    ]);
  }
});

test('a cluster has an Istio version of three numbers', () => {
  expect(problemsOfOne({ istioVersion: '1.31.0-rc.1' })).toEqual([]);
  for (const istioVersion of ['1.31', 'v1.31.0', 'latest', '']) {
    expect(problemsOfOne({ istioVersion })).toEqual([ofOne('istioVersion', `istioVersion '${istioVersion}' is no Istio version; write it as x.y.z, e.g. 1.31.0`)]);
  }
  const { istioVersion, ...unversioned } = twoClusters({}, {}, { istioVersion: '1.31.0' });
  expect(problemsOf(unversioned)).toEqual([ofOne('istioVersion', 'istioVersion is missing; write it as x.y.z, e.g. 1.31.0')]);
});

test('a canary has an Istio version of three numbers', () => {
  expect(problemsOfOne({ canary: { revision: 'canary', istioVersion: '1.32.0' } })).toEqual([]);
  expect(problemsOfOne({ canary: { revision: 'canary', istioVersion: '1.32' } })).toEqual([
    ofOne('canary.istioVersion', "canary.istioVersion '1.32' is no Istio version; write it as x.y.z, e.g. 1.31.0"),
  ]);
});

test('a revision is a DNS label, without dots', () => {
  expect(problemsOfOne({ revision: '1-31-0' })).toEqual([]);
  expect(problemsOfOne({ revision: '' })).toEqual([]);
  expect(problemsOfOne({ revision: '1.31.0' })).toEqual([ofOne('revision', "revision '1.31.0' has dots, which Istio refuses in a revision; write '1-31-0'")]);
  expect(problemsOfOne({ revision: 'Stable' })).toEqual([ofOne('revision', `revision 'Stable' is not a DNS label: ${SYNTAX}; write 'stable'`)]);
});

test('a canary has a revision, which is not that of the first control plane', () => {
  const canary = (revision: string) => ({ revision: 'a', canary: { revision, istioVersion: '1.32.0' } });
  expect(problemsOfOne(canary('b'))).toEqual([]);
  expect(problemsOfOne(canary('1.32.0'))).toEqual([ofOne('canary.revision', "canary.revision '1.32.0' has dots, which Istio refuses in a revision; write '1-32-0'")]);
  expect(problemsOfOne(canary(''))).toEqual([ofOne('canary.revision', `canary.revision '' is not a DNS label: ${SYNTAX}`)]);
  expect(problemsOfOne(canary('a'))).toEqual([ofOne('canary.revision', "canary.revision 'a' is the revision of the first control plane, which it would replace; give it one of its own")]);
});

test('a gateway has a revision that is installed in its cluster', () => {
  const gateway = (revision: string) => ({ eastWestGateway: { install: GatewayInstall.ALWAYS, revision } });
  const installed = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };
  expect(problemsOfOne({ ...installed, ...gateway('1-31-0') })).toEqual([]);
  expect(problemsOfOne({ ...installed, ...gateway('1-32-0') })).toEqual([]);
  expect(problemsOfOne({ ...installed, ...gateway('stable') })).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'stable' is not installed here, so that nobody would inject the gateway; use one of 1-31-0, 1-32-0"),
  ]);
  expect(problemsOfOne(gateway('stable'))).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'stable' is not installed here, so that nobody would inject the gateway; remove it"),
  ]);
});

test('a gateway may follow a tag', () => {
  const gateway = { revisionTags: { prod: 'default', next: 'default' }, eastWestGateway: { install: GatewayInstall.ALWAYS, revision: 'next' } };
  expect(problemsOfOne(gateway)).toEqual([]);
  expect(problemsOfOne({ ...gateway, revisionTags: { prod: 'default', nxt: 'default' } })).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'next' is not installed here, so that nobody would inject the gateway; did you mean 'nxt'?"),
  ]);
});

const CANARY = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };

test('a tag stands for a revision that is installed in its cluster', () => {
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: '1-31-0', next: '1-32-0' } })).toEqual([]);
  expect(problemsOfOne({ revisionTags: { prod: 'default', next: '' } })).toEqual([]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: '1-32' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' stands for '1-32', which is not installed here, so that no pod of the tag would start; did you mean '1-32-0'?"),
  ]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: 'default' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' stands for 'default', which is not installed here, so that no pod of the tag would start; use one of 1-31-0, 1-32-0"),
  ]);
  expect(problemsOfOne({ revision: 'default', revisionTags: { prod: 'default' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' stands for 'default', which Istio takes for the control plane without a revision, and the one here has that name for its revision; "
      + 'leave revision out, or choose another'),
  ]);
});

test('a tag is no revision of its cluster', () => {
  expect(problemsOfOne({ ...CANARY, revisionTags: { '1-32-0': '1-31-0' } })).toEqual([
    ofOne("revisionTags['1-32-0']", "revision tag '1-32-0' is a revision that is installed here, so that two webhooks would inject each pod; choose another name, e.g. 'prod'"),
  ]);
  expect(problemsOfOne({ revisionTags: { default: 'default' } })).toEqual([
    ofOne('revisionTags.default', "revision tag 'default' is a revision that is installed here, so that two webhooks would inject each pod; "
      + 'give the control plane a revision first, as the canary of an upgrade, or choose another name'),
  ]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { default: '1-31-0' } })).toEqual([]);
});

test('where there are tags, the webhooks are the cluster\'s own', () => {
  const values = { global: { operatorManageWebhooks: true }, istiodRemote: { injectionUrl: 'https://istiod.example.com' } };
  const refused = (key: string, value: string) => ofOne(key, `${key} '${value}' leaves the webhooks of the revisions to somebody else, and those of revisionTags call the cluster's own istiod; remove one of them`);
  expect(problemsOfOne({ values, revisionTags: { prod: 'default' } })).toEqual([
    refused('values.global.operatorManageWebhooks', 'true'), refused('values.istiodRemote.injectionURL', 'https://istiod.example.com'),
  ]);
  expect(problemsOfOne({ values })).toEqual([]);
  expect(problemsOfOne({ values: { global: { operatorManageWebhooks: false } }, revisionTags: { prod: 'default' } })).toEqual([]);
});

/** Warnings of a mesh whose second cluster has Istio 1.31.0. */
function skew(first: Partial<ClusterProps>, second: Partial<ClusterProps> = {}): string[] {
  return new Mesh(quietApp(), 'mesh', twoClusters({}, first, second))._warnings.filter(([code]) => code === 'IM009').map(([, sentence]) => sentence);
}

test('skew is that of the control planes which tags and gateways lead to', () => {
  const canary = { revision: 'next', istioVersion: '1.33.0' };
  const behind = (field: string, version: string, other: string, peer: string) =>
    expect.stringContaining(`${field} '${version}' is more than one minor version behind '${other}' of its peer '${peer}'; upgrade this cluster first (IM009)`);
  const ahead = { istioVersion: '1.32.0', revision: 'now', canary };
  expect(skew(ahead)).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'now' } })).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } })).toEqual([behind('istioVersion', '1.31.0', '1.33.0', 'cluster1')]);
  expect(skew({ ...ahead, eastWestGateway: { install: GatewayInstall.ALWAYS, revision: 'next' } })).toEqual([behind('istioVersion', '1.31.0', '1.33.0', 'cluster1')]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }, { revision: 'old', canary: { revision: 'new', istioVersion: '1.32.0' }, revisionTags: { prod: 'new' } })).toEqual([]);
  expect(skew({ ...ahead, revisionTags: { prod: 'next' } }, { revision: 'old', istioVersion: '1.32.0', canary: { revision: 'new', istioVersion: '1.30.0' }, revisionTags: { prod: 'new' } }))
    .toEqual([behind('canary.istioVersion', '1.30.0', '1.33.0', 'cluster1')]);
});

test('a namespace is a DNS label', () => {
  expect(problemsOfOne({ namespace: 'mesh-system' })).toEqual([]);
  expect(problemsOfOne({ namespace: 'Mesh' })).toEqual([ofOne('namespace', `namespace 'Mesh' is not a DNS label: ${SYNTAX}; write 'mesh'`)]);
});

test('a cluster with peers has an API server, by which they read it', () => {
  expect(problemsOfOne({ apiServer: undefined, peers: [] })).toEqual([]);
  expect(problemsOfOne({ apiServer: undefined })).toEqual([
    ofOne('apiServer', "apiServer is missing, with which 'cluster2' reads this cluster; give its https URL as they reach it"),
  ]);
  const [, ...others] = ['cluster1', 'cluster2', 'cluster3'].map(name => ({ name, apiServer: `https://${name}` }));
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'cluster1' }, ...others] })).toEqual([
    ofOne('apiServer', 'apiServer is missing, with which its 2 peers read this cluster; give its https URL as they reach it'),
  ]);
});

test('an API server is an https URL', () => {
  expect(problemsOfOne({ apiServer: 'https://203.0.113.7:6443/k8s/clusters/1' })).toEqual([]);
  expect(problemsOfOne({ apiServer: 'api.example.com' })).toEqual([ofOne('apiServer', `apiServer 'api.example.com' is not a valid URL; ${SERVER}`)]);
  expect(problemsOfOne({ apiServer: 'http://api.example.com' })).toEqual([ofOne('apiServer', `apiServer 'http://api.example.com' does not use https; ${SERVER}`)]);
});

test.each(['localhost', '127.0.0.1', '0.0.0.0', '[::1]'])('%s is no API server that other clusters reach', host => {
  expect(problemsOfOne({ apiServer: `https://${host}:6443` })).toEqual([
    ofOne('apiServer', `apiServer 'https://${host}:6443' is a loopback address, which the other clusters cannot reach; ${SERVER}`),
  ]);
});

test('a password in the URL of an API server is refused and not repeated', () => {
  expect(problemsOfOne({ apiServer: 'https://admin:s3cret@api.example.com' })).toEqual([
    ofOne('apiServer', "apiServer of host 'api.example.com' has credentials in its URL; configure them in remoteCredentials instead"),
  ]);
});

test('an API server is one cluster\'s, in whatever spelling', () => {
  expect(problemsOfOne({ apiServer: 'https://cluster2.example.com:8443' })).toEqual([]);
  expect(problemsOfOne({ apiServer: 'https://cluster2.example.com:6443/other' })).toEqual([]);
  for (const apiServer of ['https://cluster2.example.com:6443', 'https://CLUSTER2.example.com:6443/']) {
    expect(problemsOfOne({ apiServer })).toEqual([
      "clusters[1].apiServer: cluster 'cluster2': apiServer 'https://cluster2.example.com:6443' is that of 'cluster1' already, so that both names lead to one cluster; give each its own",
    ]);
  }
});

test('caData is a certificate', () => {
  expect(problemsOfOne({ caData: CA_PEM })).toEqual([]);
  expect(problemsOfOne({ caData: Buffer.from(CA_PEM).toString('base64') })).toEqual([]);
  expect(problemsOfOne({ caData: '/etc/ca.crt' })).toEqual([
    ofOne('caData', "caData '/etc/ca.crt' is not a certificate; write the CA certificate of the API server as PEM, or as base64 of PEM"),
  ]);
});

test('a message is one line, also where the value has several', () => {
  expect(problemsOfOne({ caData: 'one\ntwo\n' }).join('')).not.toContain('\n');
});

test('peers name each other', () => {
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: ['cluster1'] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: ['*'] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['*'] }, { peers: [] }))).toEqual([]);
  expect(problemsOf(twoClusters({}, { peers: ['cluster2'] }, { peers: [] }))).toEqual([
    ofOne('peers[0]', "peers names 'cluster2', which does not name 'cluster1' back: istiod would see the endpoints of one side alone; "
      + "add 'cluster1' to the peers of 'cluster2', or remove 'cluster2' here"),
  ]);
});

test('a peer is another cluster of the mesh', () => {
  expect(problemsOfOne({ peers: ['cluster2', 'cluster3'] })).toEqual([
    ofOne('peers[1]', "peers names 'cluster3', which is no cluster of this mesh; did you mean 'cluster2'?"),
  ]);
  expect(problemsOfOne({ peers: ['cluster1', 'cluster2'] })).toEqual([ofOne('peers[0]', "peers names the cluster itself, which needs no link; remove 'cluster1'")]);
});

test('a hub that every cluster names may be said once for all: the hub itself says who its peers are', () => {
  expect(problemsOf(twoClusters({ peers: ['cluster1'] }, { peers: ['*'] }))).toEqual([]);
});

test('a gateway serves the network of its cluster', () => {
  const gateway = (network: string) => ({ network: 'network1', eastWestGateway: { install: GatewayInstall.ALWAYS, network } });
  expect(problemsOfOne(gateway('network1'))).toEqual([]);
  expect(problemsOfOne(gateway('network2'))).toEqual([
    ofOne('eastWestGateway.network', "eastWestGateway.network 'network2' is not the cluster's network 'network1': no endpoint of this cluster is on 'network2', "
      + 'so that istiod never chooses the gateway; remove it'),
  ]);
});

const NEVER: EastWestGatewaySettings = { install: GatewayInstall.NEVER };

function noWay(peer: string, theirs: string, own: string): string {
  return `eastWestGateway.install 'never' leaves '${peer}' on network '${theirs}' no way to network '${own}': `
    + `istiod would send it pod addresses that it cannot reach; remove it, or install a gateway in a peer of both on network '${own}'`;
}

test('a cluster that another network reaches has a gateway', () => {
  expect(problemsOf(twoClusters({}, { network: 'a', eastWestGateway: NEVER }, { network: 'b' }))).toEqual([
    ofOne('eastWestGateway.install', noWay('cluster2', 'b', 'a')),
  ]);
});

test('a cluster that only its own network reaches needs no gateway', () => {
  expect(problemsOf(twoClusters({ eastWestGateway: NEVER }))).toEqual([]);
  expect(problemsOf(twoNetworks({ eastWestGateway: NEVER, peers: [] }))).toEqual([]);
});

test('the gateway of a cluster may stand in a neighbour on its network that both sides are linked with', () => {
  const ofNetwork = (name: string, network: string, more: Partial<ClusterProps> = {}) => ({ name, network, apiServer: `https://${name}`, ...more });
  const a1 = ofNetwork('a1', 'a', { eastWestGateway: NEVER });
  const linkedWithA1 = { peers: ['a1'], eastWestGateway: { install: GatewayInstall.ALWAYS } };
  expect(problemsOf({ ...twoClusters(), clusters: [a1, ofNetwork('a2', 'a'), ofNetwork('b1', 'b')] })).toEqual([]);
  expect(problemsOf({ ...twoClusters(), clusters: [a1, ofNetwork('a2', 'a', linkedWithA1), ofNetwork('b1', 'b')] })).toEqual([
    `clusters[0].eastWestGateway.install: cluster 'a1': ${noWay('b1', 'b', 'a')}`,
  ]);
});

test('what Kubernetes or istioctl would refuse of a gateway is refused, if the gateway is installed', () => {
  const eastWestGateway = { ports: [{ name: 'tls', port: 443 }], service: { type: 'ClusterIP' } };
  expect(problemsOfOne({ eastWestGateway })).toEqual([]);
  expect(problemsOfOne({ eastWestGateway: { install: GatewayInstall.ALWAYS, ports: [{ name: 'tls', port: 443, targetPort: 8443 }] } })).toEqual([]);
  expect(problemsOfOne({ eastWestGateway: { ...eastWestGateway, install: GatewayInstall.ALWAYS } })).toEqual([
    ofOne('eastWestGateway', "eastWestGateway: targetPort 443 of 'tls' is refused by istioctl, since the gateway's pods run without privileges: 1024 to 65535; set targetPort, e.g. 8443"),
    ofOne('eastWestGateway', "eastWestGateway: service.type 'ClusterIP' gives the gateway no address, and istiod ignores it; use LoadBalancer, or NodePort by loadBalancer nodePort, or externalIPs"),
  ]);
  expect(problemsOfOne({ eastWestGateway: { install: GatewayInstall.ALWAYS, loadBalancer: LoadBalancer.nodePort({ pool: 'edge' }) } })).toEqual([]);
});

test('exposed hosts are in the cluster domain', () => {
  expect(problemsOfOne({ exposedServices: { hosts: ['*.prod.svc.cluster.local'] } })).toEqual([]);
  expect(problemsOfOne({ exposedServices: { hosts: ['*.local', '*.example.com'] } })).toEqual([
    ofOne('exposedServices.hosts', "exposedServices: hosts has '*.example.com', which covers no service of the cluster domain 'cluster.local', so that nothing would be exposed; "
      + "write '*.cluster.local' or a narrower one such as '*.prod.svc.cluster.local'"),
  ]);
  const values = { global: { proxy: { clusterDomain: 'example.com' } } };
  expect(problemsOfOne({ values, exposedServices: { hosts: ['*.example.com'] } })).toEqual([]);
  expect(problemsOfOne({ values, exposedServices: { hosts: [] } })).toEqual([
    ofOne('exposedServices.hosts', "exposedServices: hosts is empty, and istiod refuses a Gateway without one; write '*.example.com' for every service"),
  ]);
});

test('credentials that travel in the tree can be read', () => {
  const remoteCredentials = RemoteCredentials.plainToken(SecretValue.env('ISTIO_MESH_TEST_$(cluster)'));
  const refused = [ofOne('remoteCredentials', "remoteCredentials: environment variable 'ISTIO_MESH_TEST_CLUSTER1' is not set; set it before synth")];
  expect(problemsOfOne({ remoteCredentials })).toEqual(refused);
  process.env.ISTIO_MESH_TEST_CLUSTER1 = 't0ken';
  try {
    expect(problemsOfOne({ remoteCredentials })).toEqual([]);
  } finally {
    delete process.env.ISTIO_MESH_TEST_CLUSTER1;
  }
});

test('credentials that travel to nobody are not read', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.plainToken(SecretValue.file('no/such/file')), peers: [] })).toEqual([]);
});

test('an empty token is refused, however it is given', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('')) })).toEqual([
    ofOne('remoteCredentials', 'remoteCredentials: unsafePlainText is empty; give the secret, or a reference to it'),
  ]);
});

test('credentials that istiod refuses are refused', () => {
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ config: { 'client-id': 'istio' } }) })).toEqual([]);
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ config: { 'id-token': 't0ken' } }) })).toEqual([
    ofOne('remoteCredentials', "remoteCredentials: authProvider.config has 'id-token', which is a secret and would be written into dist/mesh.yaml; give it in secretConfig, by reference"),
  ]);
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.authProvider({ name: 'gcp' }) })).toEqual([
    ofOne('remoteCredentials', "remoteCredentials: authProvider.name 'gcp' is refused by istiod, which has 'oidc' alone; use that, or a program that gives a token: unsafeExec"),
  ]);
  const path = SecretValue.unsafePlainText('/etc/tls.crt');
  expect(problemsOfOne({ remoteCredentials: RemoteCredentials.clientCertificate({ certificate: path, key: path }) })).toEqual([
    ofOne('remoteCredentials', 'remoteCredentials: clientCertificate.certificate is not PEM text; istiod refuses file paths in a kubeconfig, so give the content, e.g. with SecretValue.file'),
  ]);
});

const OWN_KEYS: ReadonlyArray<[key: string, shown: string, place: string, settings: Partial<ClusterProps>]> = [
  ['values.global.meshID', "'x' ", 'meshID', { values: { global: { meshId: 'x' } } }],
  ['values.global.network', "'x' ", 'network', { values: { global: { network: 'x' } } }],
  ['values.global.multiCluster.clusterName', "'x' ", 'the cluster\'s name', { values: { global: { multiCluster: { clusterName: 'x' } } } }],
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

test.each(OWN_KEYS)('%s is the library\'s own key', (key, shown, place, settings) => {
  expect(problemsOfOne(settings)).toEqual([ofOne(key, `${key} ${shown}is set by this library, from ${place}; say it there, and remove it here`)]);
});

test('a key beside the library\'s own is the user\'s', () => {
  expect(problemsOfOne({
    values: { global: { logAsJson: true, multiCluster: { enabled: true } }, pilot: { autoscaleMin: 2 } },
    meshConfig: { accessLogFile: '/dev/stdout', defaultConfig: { concurrency: 2 } },
  })).toEqual([]);
});

test('everything that is wrong is said at once, rule by rule', () => {
  expect(() => new Mesh(quietApp(), 'mesh', twoClusters(
    { hub: 7 as unknown as string },
    { network: undefined, apiServer: 'http://cluster1.example.com', revision: '1.31.0' },
    { name: 'Cluster2', eastWestGateway: { network: 'network2' }, peers: ['cluster3'], values: { global: { network: 'x' } } },
  ))).toThrow(new Error([
    "mesh 'mesh1' has 7 problems:",
    "  hub: number 7 stands where a string belongs; write it in quotes: '7' (IM001)",
    `  clusters[1].name: cluster 'Cluster2': name 'Cluster2' is not a DNS label: ${SYNTAX}; write 'cluster2' (IM004)`,
    "  clusters[0].revision: cluster 'cluster1': revision '1.31.0' has dots, which Istio refuses in a revision; write '1-31-0' (IM010)",
    "  clusters[1].values.global.network: cluster 'Cluster2': values.global.network 'x' is set by this library, from network; say it there, and remove it here (IM015)",
    `  clusters[0].apiServer: cluster 'cluster1': apiServer 'http://cluster1.example.com' does not use https; ${SERVER} (IM031)`,
    "  clusters[1].peers[0]: cluster 'Cluster2': peers names 'cluster3', which is no cluster of this mesh; did you mean 'cluster1'? (IM038)",
    "  clusters[1].eastWestGateway.network: cluster 'Cluster2': eastWestGateway.network 'network2' is not the cluster's network 'network1': "
      + "no endpoint of this cluster is on 'network2', so that istiod never chooses the gateway; remove it (IM051)",
  ].join('\n')));
});

test('the stack of a refused mesh is its message, without the lines of the program that read it', () => {
  let stack: string | undefined;
  try {
    new Mesh(quietApp(), 'mesh', { ...twoClusters(), clusters: [] });
  } catch (error) {
    stack = (error as Error).stack;
  }
  expect(stack).toBe("MeshError: mesh 'mesh1' has a problem:\n  clusters: clusters is empty; name at least one cluster (IM003)");
});

test('a gateway has one IstioOperator', () => {
  const components = (name: string) => ({ components: { ingressGateways: [{ name, enabled: true }] } });
  expect(problemsOfOne(components('istio-ingressgateway'))).toEqual([]);
  expect(problemsOfOne(components('istio-eastwestgateway'))).toEqual([
    ofOne('components.ingressGateways', "components.ingressGateways has 'istio-eastwestgateway', which eastWestGateway installs already; say its settings there, and remove it here"),
  ]);
});

test('a cluster is not called constructor, which is the id of no construct', () => {
  expect(problemsOf({ ...twoClusters(), clusters: [{ name: 'constructor', apiServer: 'https://10.0.0.1' }] })).toEqual([
    "clusters[0].name: cluster 'constructor': name 'constructor' can be the id of no construct; choose another",
  ]);
});
