import { writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  type AwsLoadBalancerOptions, type ClusterProps, type ExternalSecretsOptions, type MeshProps,
  EastWestGateway, ExposedServices, GatewayInstall, GitOps, Installer, IstioPrimary,
  IstioReader, LinkDestination, LoadBalancer, Mesh, MeshApp, ReaderRole, RemoteCredentials, RemoteSecret, RevisionTag,
  SecretValue, Trust,
} from '../../src';
import { SCHEMA_RULE } from '../../src/core/schema-diagnostics';
import { APP_RULES } from '../../src/rules/app-rules';
import { MANIFEST_RULES } from '../../src/rules/manifest/manifest-rules';
import { MESH_RULES } from '../../src/rules/mesh/mesh-rules';
import { TREE_RULE } from '../../src/rules/tree-rule';
import { authorityFiles, newRoot, pemDirectory } from '../support/authorities';
import { FakeIstioctls } from '../support/fake-istioctl';
import { type Files, quietApp, twoClusters, twoNetworks } from '../support/mesh-util';
import { CA_PEM, codedProblems, temporaryDirectory, warningsOf } from '../support/util';

/** The codes of the errors and warnings about a mesh. */
function codes(props: MeshProps): string[] {
  let warned: ReadonlyArray<readonly [string, string]> = [];
  const refused = codedProblems(() => { warned = warningsOf(new Mesh(quietApp(), 'mesh', props)); });
  return [...new Set([...refused.map(problem => /\((IM\d{3})\)$/.exec(problem)![1]), ...warned.map(([code]) => code)])];
}

const TOKEN = RemoteCredentials.plainToken(SecretValue.unsafePlainText('token'));
const PRIVATE = LoadBalancer.metalLb('pool');
const ALWAYS = { install: GatewayInstall.ALWAYS, loadBalancer: PRIVATE };
const NETWORKS = { eastWestGateway: { loadBalancer: PRIVATE } };

const one = (props: Partial<ClusterProps>) => twoClusters({}, props);
const gateway = (settings: object, both: Partial<MeshProps> = {}) =>
  twoNetworks({ ...both, eastWestGateway: { loadBalancer: PRIVATE, ...settings } });
const HELM = { installer: Installer.helm() };

const ROOT = newRoot();
const ONE = authorityFiles(ROOT);
const TWO = authorityFiles(ROOT);

/** Two clusters with PEM files. */
function pem(first: Files): MeshProps {
  return twoClusters({ trust: Trust.pem(pemDirectory({ cluster1: first, cluster2: TWO })) });
}

/** The smallest mesh that breaks a rule, and the smallest change that fixes it. */
const CASES: ReadonlyArray<readonly [code: string, broken: MeshProps, fixed: MeshProps]> = [
  ['IM001', one({ revison: 'a' } as object), one({ revision: 'a' })],
  ['IM002', twoClusters({ meshID: 'mesh 1' }), twoClusters({ meshID: 'mesh-1' })],
  ['IM003', { ...twoClusters(), clusters: [] }, { ...twoClusters(), clusters: [{ name: 'cluster1' }] }],
  ['IM004', one({ name: 'Cluster1' }), one({ name: 'cluster1' })],
  ['IM005', one({ name: 'cluster2', peers: [] }), one({ name: 'cluster3' })],
  ['IM006', one({ network: 'network 1' }), one({ network: 'network1' })],
  ['IM007', one({ istioVersion: '1.31' }), one({ istioVersion: '1.31.0' })],
  ['IM008', twoClusters({ istioVersion: '1.21.9' }), twoClusters({ istioVersion: '1.22.0' })],
  ['IM009', one({ istioVersion: '1.29.0' }), one({ istioVersion: '1.30.0' })],
  ['IM010', one({ revision: '1.31.0' }), one({ revision: '1-31-0' })],
  ['IM011', one({ canary: { revision: 'default', istioVersion: '1.32.0' } }),
    one({ canary: { revision: 'next', istioVersion: '1.32.0' } })],
  ['IM012', one({ namespace: 'Istio' }), one({ namespace: 'istio' })],
  ['IM013', one({ profile: 'ambient' }), one({ profile: 'minimal' })],
  ['IM014', one({ compatibilityVersion: '1.30.1' }), one({ compatibilityVersion: '1.30' })],
  ['IM015', one({ values: { global: { network: 'network1' } } }), one({ values: { global: { logAsJson: true } } })],
  ['IM016', twoClusters({ meshConfig: { trustDomain: 'my mesh' } }),
    twoClusters({ meshConfig: { trustDomain: 'my-mesh' } })],
  ['IM017', hosts('*monitoring'), hosts('*.monitoring.svc.cluster.local')],
  ['IM018', one({ meshConfig: { defaultServiceExportTo: ['ALL'] } }),
    one({ meshConfig: { defaultServiceExportTo: ['all'] } })],
  ['IM019', twoClusters(inDomain('PROD')), twoClusters(inDomain('prod.local'))],
  ['IM020', one({ meshConfig: { trustDomain: 'a.example' } }),
    twoClusters({}, trust('a.example', 'b.example'), trust('b.example', 'a.example'))],
  ['IM021', domain({}, 'corp.internal'),
    domain({ values: { global: { proxy: { clusterDomain: 'corp.internal' } } } }, 'corp.internal')],
  ['IM022', one({ trust: Trust.certManager({ issuerRef: { name: 'root' }, duration: '90d' }) }),
    one({ trust: Trust.certManager({ issuerRef: { name: 'root' }, duration: '2160h' }) })],
  ['IM023', pem({ 'ca-key.pem': TWO['ca-key.pem'] }), pem({})],
  ['IM024', pem({ ...ONE, 'cert-chain.pem': '' }), pem(ONE)],
  ['IM025', pem({ ...ONE, 'ca-key.pem': TWO['ca-key.pem'] }), pem(ONE)],
  ['IM026', pem(authorityFiles(ROOT, { days: -1 / 48 })), pem(ONE)],
  ['IM027', pem(authorityFiles(newRoot())), pem(ONE)],
  ['IM028', pem(authorityFiles(ROOT, { days: 29 })), pem(authorityFiles(ROOT, { days: 31 }))],
  ['IM029', pem(TWO), pem(ONE)],
  ['IM030', one({ apiServer: undefined }), twoClusters({ peers: [] }, { apiServer: undefined })],
  ['IM031', one({ apiServer: 'http://10.0.0.1' }), one({ apiServer: 'https://10.0.0.1' })],
  ['IM032', one({ caData: 'none' }), one({ caData: CA_PEM })],
  ['IM033', one({ proxyUrl: 'ftp://10.0.0.1' }), one({ proxyUrl: 'http://10.0.0.1' })],
  ['IM034', one({ apiServer: 'https://rancher.example.com/k8s/clusters/c-1' }),
    one({ apiServer: 'https://rancher.example.com' })],
  ['IM035', one({ remoteCredentials: token(SecretValue.env('UNSET_VARIABLE')), caData: CA_PEM }),
    one({ remoteCredentials: TOKEN, caData: CA_PEM })],
  ['IM036', one({ remoteCredentials: TOKEN }), one({ remoteCredentials: TOKEN, caData: CA_PEM })],
  ['IM037', twoClusters({ apiServer: 'https://10.0.0.1' }, { apiServer: undefined }, { apiServer: undefined }),
    twoClusters({ apiServer: 'https://$(cluster)' }, { apiServer: undefined }, { apiServer: undefined })],
  ['IM038', one({ peers: ['cluster3'] }), one({ peers: ['cluster2'] })],
  ['IM039', twoClusters(detached('id-token')), twoClusters(detached('client-id'))],
  ['IM040', gateway({ name: 'East' }), gateway({ name: 'east' })],
  ['IM041', gateway({ ports: [{ name: 'mtls', port: 15443 }] }), gateway({ ports: [{ name: 'tls', port: 15443 }] })],
  ['IM042', gateway({ ports: [{ name: 'tls', port: 70000 }] }), gateway({ ports: [{ name: 'tls', port: 7000 }] })],
  ['IM043', gateway({ ports: [{ name: 'tls', port: 443 }] }),
    gateway({ ports: [{ name: 'tls', port: 443, targetPort: 8443 }] })],
  ['IM044', gateway({ service: { type: 'ClusterIP' } }),
    gateway({ service: { type: 'ClusterIP', externalIPs: ['192.0.2.1'] } })],
  ['IM045', gateway({ service: { externalTrafficPolicy: 'local' } }),
    gateway({ service: { externalTrafficPolicy: 'Local' } })],
  ['IM046', gateway({ replicaCount: 2 }), gateway({ replicaCount: 2, autoscaling: { enabled: false } })],
  ['IM047', gateway({ env: { ISTIO_META_REQUESTED_NETWORK_VIEW: 'x' } }), gateway({ env: { OTHER: 'x' } })],
  ['IM048', gateway({ ports: [{ name: 'tls', port: 15443 }, { name: 'tls-istiod', port: 15012 }] }),
    gateway({ ports: [{ name: 'tls', port: 15443 }] })],
  ['IM049', twoNetworks({ eastWestGateway: { loadBalancer: LoadBalancer.aws() } }),
    twoNetworks({ eastWestGateway: { loadBalancer: LoadBalancer.aws({ internal: true }) } })],
  ['IM050', annotated('service.beta.kubernetes.io/aws-load-balancer-ssl-cert'),
    annotated('service.beta.kubernetes.io/aws-load-balancer-name')],
  ['IM051', gateway({ network: 'network3' }), gateway({})],
  ['IM052', twoNetworks({ eastWestGateway: { install: GatewayInstall.NEVER } }), twoNetworks(NETWORKS)],
  ['IM053', twoClusters({ eastWestGateway: ALWAYS }), twoNetworks({ eastWestGateway: ALWAYS })],
  ['IM054', gateway({ revision: 'stable' }),
    twoNetworks({ revision: 'stable', eastWestGateway: { loadBalancer: PRIVATE, revision: 'stable' } })],
  ['IM055', owned('istio-eastwestgateway'), owned('istio-ingressgateway')],
  ['IM060', twoNetworks({ ...NETWORKS, exposedServices: { hosts: ['*.example.com'] } }),
    twoNetworks({ ...NETWORKS, exposedServices: { hosts: ['*.svc.cluster.local'] } })],
  ['IM061', one({ resources: ['/nowhere/*.yaml'] }), one({ resources: [manifest()] })],
  ['IM062', twoClusters({ acknowledge: { IM049: ' ' } }), twoClusters({ acknowledge: { IM049: 'a firewall' } })],
  ['IM070', minimal({ values: { pilot: { env: { PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: 'true' } } } }),
    minimal({})],
  ['IM071', files('/etc/istio/peers', '/etc/istio/others'), files('/etc/istio/peers', '/etc/istio/peers')],
  ['IM072', one({ remoteCredentials: pushed({ refreshInterval: 'hourly' }) }),
    one({ remoteCredentials: pushed({ refreshInterval: '1h' }) })],
  ['IM073', minimal({ istioVersion: '1.30.4' }), minimal({ istioVersion: '1.31.0' })],
  ['IM074', one({ reader: { role: ReaderRole.MINIMAL } }), minimal({})],
  ['IM075', twoClusters({ remoteCredentials: pushed({ remoteKey: 'mesh1' }) }),
    twoClusters({ remoteCredentials: pushed({ remoteKey: 'mesh1-$(cluster)' }) })],
  ['IM076', one({ remoteCredentials: pushed({}), tlsServerName: '{{ .host }}' }),
    one({ remoteCredentials: pushed({}), tlsServerName: 'api.example.com' })],
  ['IM077', one({ remoteCredentials: RemoteCredentials.unsafeExec({ command: 'aws' }), caData: CA_PEM }),
    one({ remoteCredentials: TOKEN, caData: CA_PEM })],
  ['IM078', one({ hub: 'my mesh' }), one({ hub: 'my-mesh' })],
  ['IM079', one({ values: { global: { imagePullSecrets: ['007'] } } }),
    one({ values: { global: { imagePullSecrets: ['r007'] } } })],
  ['IM080', minimal({ acknowledge: {} }), twoClusters()],
  ['IM082', twoClusters({ remoteCredentials: sealed('sealing.pem') }),
    twoClusters({ remoteCredentials: sealed('$(cluster).pem') })],
  ['IM083', gateway({ networkPolicy: { ipBlocks: ['10.0.0.0'] } }), gateway({ networkPolicy: {} })],
  ['IM084', gateway({ networkPolicy: { ipBlocks: ['10.0.0.0/8'] } }),
    gateway({ networkPolicy: { ipBlocks: ['10.0.0.0/8'] }, service: { externalTrafficPolicy: 'Local' } })],
  ['IM085', inAws({}), inAws({ dualStack: true })],
  ['IM086', one({ revisionTags: { '1-31': 'default', '007': 'default' } }),
    one({ revisionTags: { '1-31': 'default' } })],
  ['IM087', one({ revisionTags: { prod: '1-31-0' } }), one({ revision: '1-31-0', revisionTags: { prod: '1-31-0' } })],
  ['IM088', one({ revisionTags: { default: 'default' } }), one({ revision: 'a', revisionTags: { default: 'a' } })],
  ['IM089', outside({ prod: 'default' }), outside({})],
  ['IM090', one({ ...HELM, profile: 'empty' }), one({ ...HELM, profile: 'demo' })],
  ['IM093', one({ installer: Installer.sail(), values: { gateways: { securityContext: {} } } }),
    one({ installer: Installer.sail() })],
  ['IM094', one({ apiServer: 'https://kubernetes.docker.internal:6443' }),
    one({ apiServer: 'https://kubernetes.example.internal:6443' })],
  ['IM095', gateway({ name: 'istiod' }, HELM), gateway({ name: 'istio' }, HELM)],
  ['IM097', twoClusters({ gitOps: GitOps.flux() }), twoClusters({ gitOps: GitOps.flux(), ...HELM })],
  ['IM098', twoClusters({ gitOps: GitOps.flux({ interval: '1d' }), ...HELM }),
    twoClusters({ gitOps: GitOps.flux(), ...HELM })],
];

function inAws(options: AwsLoadBalancerOptions): MeshProps {
  return gateway({ loadBalancer: LoadBalancer.aws({ internal: true, ...options }), service: { ipFamilies: ['IPv6'] } });
}

function minimal(props: Partial<MeshProps>): MeshProps {
  return twoClusters({
    reader: { role: ReaderRole.MINIMAL },
    acknowledge: { IM080: 'this version has the fix' },
    ...props,
  });
}

/** Three clusters: the first one reads the others from these directories, and they read it from the second's. */
function files(second: string, third: string): MeshProps {
  const clusters = [['cluster1', second], ['cluster2', second], ['cluster3', third]]
    .map(([name, kubeconfigPath]) => ({ name, remoteCredentials: RemoteCredentials.external({ kubeconfigPath }) }));
  return {
    ...twoClusters(),
    clusters: clusters.map((cluster, i) =>
      ({ ...cluster, peers: i === 0 ? ['cluster2', 'cluster3'] : ['cluster1'] })),
  };
}

function pushed(options: Partial<ExternalSecretsOptions>): RemoteCredentials {
  return RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' }, ...options });
}

function sealed(certificate: string): RemoteCredentials {
  return RemoteCredentials.linked({ into: LinkDestination.sealedSecrets({ certificate }) });
}

function outside(revisionTags: { [tag: string]: string }): MeshProps {
  return one({ values: { global: { operatorManageWebhooks: true } }, revisionTags });
}

function hosts(host: string): MeshProps {
  return twoClusters({ meshConfig: { serviceSettings: [{ hosts: [host], settings: { clusterLocal: true } }] } });
}

function trust(trustDomain: string, alias: string): Partial<ClusterProps> {
  return { meshConfig: { trustDomain, trustDomainAliases: [alias] } };
}

function domain(other: Partial<ClusterProps>, clusterDomain: string): MeshProps {
  return twoClusters({}, { values: { global: { proxy: { clusterDomain } } } }, other);
}

function inDomain(clusterDomain: string): Partial<MeshProps> {
  return { values: { global: { proxy: { clusterDomain } } } };
}

/** Clusters without peers, whose credentials contain a setting in plain text. */
function detached(setting: string): Partial<MeshProps> {
  return { peers: [], remoteCredentials: RemoteCredentials.authProvider({ config: { [setting]: 'x' } }) };
}

function token(value: SecretValue): RemoteCredentials {
  return RemoteCredentials.plainToken(value);
}

function annotated(name: string): MeshProps {
  return gateway({ service: { annotations: { [name]: 'x' } } });
}

function owned(name: string): MeshProps {
  return twoNetworks({ ...NETWORKS, components: { ingressGateways: [{ name, enabled: true }] } });
}

function manifest(): string {
  const file = join(temporaryDirectory(), 'namespace.yaml');
  writeFileSync(file, 'apiVersion: v1\nkind: Namespace\nmetadata: {name: sample}\n');
  return file;
}

test.each(CASES)('%s is the only code for the broken mesh, and the fixed one has none', (code, broken, fixed) => {
  expect(codes(broken)).toEqual([code]);
  expect(codes(fixed)).toEqual([]);
});

test('every rule has a case above and a unique code', () => {
  expect(CASES.map(([code]) => code)).toEqual([SCHEMA_RULE, ...MESH_RULES].map(({ code }) => code).sort());
});

const meshIn = (app: MeshApp, props: Partial<MeshProps> = {}) =>
  new Mesh(app, 'mesh', twoClusters({ peers: [], ...props }));
const ROLE = { apiVersion: 'v1', kind: 'Role' };

/** An app that breaks only one rule. */
const BROKEN_APPS: { readonly [rule in keyof typeof APP_RULES]: (app: MeshApp) => void } = {
  manifest: app => meshIn(app).cluster('cluster1').primary.namespaceObject.addJsonPatch(JsonPatch.remove('/kind')),
  identity: app => {
    const cluster = meshIn(app).cluster('cluster1');
    ['one', 'two'].forEach(id => new ApiObject(cluster, id, { ...ROLE, metadata: { name: 'a' } }));
  },
  file: app => {
    const cluster = meshIn(app).cluster('cluster1');
    ['a_b', 'a:b'].forEach((name, i) => new ApiObject(cluster, `object${i}`, { ...ROLE, metadata: { name } }));
  },
  chartId: app => new Chart(app, 'flux'),
  directory: app => {
    meshIn(app);
    new ApiObject(new Chart(app, 'cluster1'), 'own', { ...ROLE, metadata: { name: 'a' } });
  },
  mesh: app => {
    meshIn(app);
    new Mesh(app, 'mesh2', { ...twoClusters(), clusters: [{ name: 'cluster3' }] });
  },
  keys: app => meshIn(app, { trust: Trust.pem(join(app.outdir, 'keys')) }),
  program: app => meshIn(app, { installer: Installer.rendered({ istioctl: '/nowhere/istioctl' }) }),
  rendered: app => {
    const fakes = new FakeIstioctls();
    const istioctl = fakes.add('istioctl', { version: '1.31.0', refuses: ['cluster1', 'Error: no'] });
    meshIn(app, { installer: Installer.rendered({ istioctl }) });
  },
  links: app => meshIn(app, { remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sops() }) }),
};

const APP_RULE_NAMES = Object.keys(BROKEN_APPS) as Array<keyof typeof APP_RULES>;

test.each(APP_RULE_NAMES)('the app rule %s is the only one that is reported', name => {
  const app = new MeshApp({ outdir: join(temporaryDirectory(), name === 'links' ? name : 'dist'), summary: false });
  BROKEN_APPS[name](app);
  expect([...new Set(codedProblems(() => app._files()).map(problem => /\((IM\d{3})\)$/.exec(problem)?.[1]))])
    .toEqual([APP_RULES[name].code]);
});

test('rule codes are unique', () => {
  const rules = [SCHEMA_RULE, ...MESH_RULES, ...Object.values(APP_RULES), TREE_RULE, ...MANIFEST_RULES];
  const all = rules.map(({ code }) => code);
  expect(all.filter((code, i) => all.indexOf(code) < i)).toEqual([]);
});

const SECRET = { clusterName: 'a', apiServer: 'https://a', credentials: TOKEN };

test.each<[construct: string, make: (scope: Construct) => Construct, codes: string[]]>([
  ['IstioPrimary', scope => new IstioPrimary(scope, 'x', {
    meshID: 'a b',
    clusterName: 'A',
    network: '',
    namespace: 'A',
    revision: 'A',
    hub: 'A',
  }), ['IM004', 'IM006', 'IM002', 'IM010', 'IM012', 'IM078']],
  ['EastWestGateway',
    scope => new EastWestGateway(scope, 'x', { name: 'A', network: 'a b', namespace: 'A', revision: 'A' }),
    ['IM012', 'IM006', 'IM010', 'IM040']],
  ['IstioReader', scope => new IstioReader(scope, 'x', { namespace: 'A' }), ['IM012']],
  ['RevisionTag', scope => new RevisionTag(scope, 'x', { tag: 'A', revision: 'A', namespace: 'A' }),
    ['IM086', 'IM010', 'IM012']],
  ['RemoteSecret', scope => new RemoteSecret(scope, 'x', {
    ...SECRET,
    clusterName: 'A',
    namespace: 'A',
    apiServer: 'a',
    caData: 'a',
    proxyUrl: 'a',
  }), ['IM004', 'IM012', 'IM031', 'IM032', 'IM033']],
  ['RemoteSecret without credentials', scope => new RemoteSecret(scope, 'x', { ...SECRET, credentials: undefined! }),
    ['IM035']],
  ['ExposedServices', scope => new ExposedServices(scope, 'x', { hosts: [] }), ['IM060']],
])('the construct %s reports the codes of the mesh rules', (_, make, expected) => {
  expect(codedProblems(() => make(Testing.chart())).map(problem => /\((IM\d{3})\)$/.exec(problem)?.[1]))
    .toEqual(expected);
});
