import { load } from 'js-yaml';
import type { ClusterProps, MeshProps } from '../../src';
import { Mesh, ReaderRole, RemoteCredentials, SecretValue } from '../../src';
import type { Files } from '../support/mesh-util';
import { quietApp, treeOf, twoClusters } from '../support/mesh-util';
import { CA_PEM, problems } from '../support/util';

const OPTIONS = 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS';
const PATH = 'PILOT_MULTICLUSTER_KUBECONFIG_PATH';
const CONTROLLER = 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER';

const FILES = RemoteCredentials.external({ kubeconfigPath: '/etc/istio/peers' });
const EXEC = { remoteCredentials: RemoteCredentials.unsafeExec({ command: 'aws', args: ['eks', 'get-token'] }), caData: CA_PEM };
const TOKEN_FILE = { remoteCredentials: RemoteCredentials.unsafeTokenFile('/var/run/peers/token'), caData: CA_PEM };
const MINIMAL = { reader: { role: ReaderRole.MINIMAL } };

/** A full mesh of clusters with these settings. */
function clusters(...settings: Array<Partial<ClusterProps>>): MeshProps {
  const named = settings.map((clusterSettings, i) =>
    ({ name: `cluster${i + 1}`, apiServer: `https://cluster${i + 1}.example.com:6443`, ...clusterSettings }));
  return { ...twoClusters(), clusters: named };
}

function environmentOf(files: Files, cluster: string, file = 'control-plane'): object | undefined {
  return (load(files[`${cluster}/istioctl/${file}.yaml`]) as any).spec.values.pilot?.env;
}

function environments(mesh: MeshProps): Array<object | undefined> {
  const files = treeOf(mesh);
  return mesh.clusters.map(({ name }) => environmentOf(files, name));
}

function pilotEnv(env: object): Partial<ClusterProps> {
  return { values: { pilot: { env: env as any } } };
}

function filesOf(mesh: MeshProps, step: string): string[] {
  return Object.keys(treeOf(mesh)).filter(path => path.startsWith(step) && !path.endsWith('kustomization.yaml'))
    .map(path => path.slice(step.length + 1));
}

test('no variable is set if the peers require none', () => {
  expect(environments(clusters({}, {}))).toEqual([undefined, undefined]);
});

test('programs and token files are allowed only in istiods that read a cluster with such credentials', () => {
  expect(environments(clusters(EXEC, {}, {}))).toEqual([undefined, { [OPTIONS]: 'exec' }, { [OPTIONS]: 'exec' }]);
  expect(environments(clusters(EXEC, TOKEN_FILE, {}))).toEqual([{ [OPTIONS]: 'tokenFile' }, { [OPTIONS]: 'exec' }, { [OPTIONS]: 'exec,tokenFile' }]);
  expect(environments(clusters({ ...EXEC, peers: ['cluster2'] }, {}, { peers: ['cluster2'] }))).toEqual([undefined, { [OPTIONS]: 'exec' }, undefined]);
});

test('kubeconfig options and other variables that the user sets are kept', () => {
  expect(environments(clusters(EXEC, pilotEnv({ [OPTIONS]: 'tokenFile,clientKey', PILOT_REMOTE_CLUSTER_TIMEOUT: '60s' }))))
    .toEqual([undefined, { [OPTIONS]: 'clientKey,exec,tokenFile', PILOT_REMOTE_CLUSTER_TIMEOUT: '60s' }]);
  expect(environments(clusters({}, pilotEnv({ [OPTIONS]: 'tokenFile,clientKey' })))).toEqual([undefined, { [OPTIONS]: 'tokenFile,clientKey' }]);
});

test('a canary gets the same variables', () => {
  const files = treeOf(clusters(EXEC, { canary: { revision: '1-32-0', istioVersion: '1.32.0' } }));
  expect(environmentOf(files, 'cluster2', 'control-plane-1-32-0')).toEqual({ [OPTIONS]: 'exec' });
});

test('the generated mesh.yaml does not contain the derived variables', () => {
  expect(treeOf(clusters({ ...EXEC, ...MINIMAL }, MINIMAL))['mesh.yaml']).not.toContain('PILOT_');
});

test('istiod does not read the Secrets of peers with a minimal reader role', () => {
  expect(environments(clusters(MINIMAL, MINIMAL))).toEqual([{ [CONTROLLER]: 'false' }, { [CONTROLLER]: 'false' }]);
  expect(environments(clusters({ ...MINIMAL, peers: [] }, {}))).toEqual([undefined, undefined]);
});

test('the minimal reader role has no access to Secrets', () => {
  const files = treeOf(clusters(MINIMAL, MINIMAL));
  const { rules } = load(files['cluster1/00-namespace/clusterrole-istio-mesh-reader-istio-system.yaml']) as any;
  expect(rules.flatMap(({ resources }: any) => resources)).not.toContain('secrets');
});

test('istiod reads the kubeconfigs of its peers from kubeconfigPath', () => {
  expect(environments(clusters({ remoteCredentials: FILES }, { remoteCredentials: FILES }))).toEqual([{ [PATH]: '/etc/istio/peers' }, { [PATH]: '/etc/istio/peers' }]);
  expect(environments(clusters({ remoteCredentials: RemoteCredentials.external() }, {}))).toEqual([undefined, undefined]);
});

test('spokes can read the hub through remote secrets while the hub reads the spokes from files', () => {
  const spoke = { peers: ['cluster1'], remoteCredentials: FILES };
  expect(environments(clusters({}, spoke, spoke))).toEqual([{ [PATH]: '/etc/istio/peers' }, undefined, undefined]);
});

test('external credentials generate no objects and need no apiServer', () => {
  const mesh = clusters({ remoteCredentials: RemoteCredentials.external(), apiServer: undefined }, {});
  expect(filesOf(mesh, 'cluster1/00-namespace')).toEqual(['namespace-istio-system.yaml']);
  expect(Object.keys(treeOf(mesh)).filter(path => path.includes('60-remote-secrets'))).toEqual([]);
  expect(new Mesh(quietApp(), 'mesh', mesh).clusters.map(({ reader }) => reader === undefined)).toEqual([true, false]);
});

test.each<[string, Partial<ClusterProps>, boolean]>([
  ['linked', {}, true],
  ['externalSecrets', { remoteCredentials: RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }) }, true],
  ['plainToken', { remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('t0ken')), caData: CA_PEM }, true],
  ['authProvider', { remoteCredentials: RemoteCredentials.authProvider({}), caData: CA_PEM }, false],
  ['unsafeExec', EXEC, false],
  ['unsafeTokenFile', TOKEN_FILE, false],
])('reader service accounts are generated only for credentials that use their tokens (%s)', (_, credentials, hasTokens) => {
  const [role, binding] = ['clusterrole', 'clusterrolebinding'].map(kind => `${kind}-istio-mesh-reader-istio-system.yaml`);
  const accounts = ['secret', 'serviceaccount'].flatMap(kind => ['blue', 'green'].map(slot => `${kind}-istio-mesh-reader-${slot}.yaml`));
  expect(filesOf(clusters(credentials, {}), 'cluster1/00-namespace'))
    .toEqual(hasTokens ? [role, binding, 'namespace-istio-system.yaml', ...accounts] : [role, 'namespace-istio-system.yaml']);
});

const ofTwo = (path: string, message: string) => `clusters[1]${path}: cluster 'cluster2': ${message}`;

test.each<[string, MeshProps, string[]]>([
  ['a different path', clusters({ remoteCredentials: FILES }, pilotEnv({ [PATH]: '/elsewhere' })), [
    ofTwo(`.values.pilot.env.${PATH}`, `${PATH} is '/elsewhere' here, and reading the peers asks for '/etc/istio/peers', which the library sets; remove it here`),
  ]],
  ['a different option in components.pilot.k8s, which overrides values', clusters(EXEC, { components: { pilot: { k8S: { env: [{ name: OPTIONS, value: 'clientKey' }] } } } }), [
    ofTwo('.components.pilot.k8s.env[0]', `${OPTIONS} is 'clientKey' here, and reading the peers asks for 'exec', which the library sets; remove it here`),
  ]],
  ['reading Secrets enabled', clusters(MINIMAL, { ...MINIMAL, ...pilotEnv({ [CONTROLLER]: true }) }), [
    ofTwo(`.values.pilot.env.${CONTROLLER}`, `${CONTROLLER} is 'true' here, and reading the peers asks for 'false', which the library sets; remove it here`),
  ]],
])('a user-defined variable with a conflicting value is rejected: %s', (_, mesh, expected) => {
  expect(problems(() => treeOf(mesh))).toEqual(expected);
});

test('a user-defined variable with the required value is accepted', () => {
  const components = { pilot: { k8S: { env: [{ name: CONTROLLER, value: 'false' }] } } };
  expect(environments(clusters(MINIMAL, { ...MINIMAL, ...pilotEnv({ [CONTROLLER]: false }), components }))).toEqual([{ [CONTROLLER]: 'false' }, { [CONTROLLER]: 'false' }]);
});

test.each<[string, Partial<ClusterProps>, string]>([
  ['in a Secret', {}, 'a Secret'],
  ['in an external Secret', { remoteCredentials: RemoteCredentials.external() }, 'a Secret'],
  ['in another directory', { remoteCredentials: RemoteCredentials.external({ kubeconfigPath: '/other' }) }, "'/other'"],
])('an istiod that reads one peer from files and another %s is rejected', (_, other, place) => {
  const hub = clusters({}, { peers: ['cluster1'], remoteCredentials: FILES }, { peers: ['cluster1'], ...other });
  expect(problems(() => treeOf(hub))).toEqual([
    "clusters[0].peers: cluster 'cluster1': its istiod would read 'cluster2' from files in '/etc/istio/peers' and then looks nowhere else, "
    + `while 'cluster3' would be in ${place}; give all of its peers the same external.kubeconfigPath, or none`,
  ]);
});

test('KUBECONFIG_PATH set by the user is rejected if peers are linked through Secrets', () => {
  expect(problems(() => treeOf(clusters({}, pilotEnv({ [PATH]: '/etc/istio/peers' }))))).toEqual([
    ofTwo(`.values.pilot.env.${PATH}`, `${PATH} has istiod read files alone, and 'cluster1' would be in a Secret; remove it, or say it with external.kubeconfigPath in the remoteCredentials of all peers`),
  ]);
  expect(problems(() => treeOf(clusters({ remoteCredentials: RemoteCredentials.external() }, pilotEnv({ [PATH]: '/etc/istio/peers' }))))).toEqual([]);
});

test.each(['etc/istio', '', '/etc/istio peers', '/etc/"istio"'])('the kubeconfigPath %j is rejected, because it is not an absolute path', kubeconfigPath => {
  expect(problems(() => treeOf(clusters({ peers: [], remoteCredentials: RemoteCredentials.external({ kubeconfigPath }) })))).toEqual([
    `clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: external.kubeconfigPath '${kubeconfigPath}' is no absolute path; `
    + 'give that of a directory in the container of istiod, of letters, digits and -_./@:+',
  ]);
});

test('an Istio version that does not support a required variable is rejected, also for a canary', () => {
  const old = { istioVersion: '1.29.7', canary: { revision: 'next', istioVersion: '1.30.0' } };
  expect(problems(() => treeOf(clusters({ remoteCredentials: FILES, istioVersion: '1.30.0' }, old)))).toEqual([
    ofTwo('.istioVersion', `istioVersion '1.29.7' has no ${PATH}, which reading the peers asks for; upgrade to 1.30 or newer`),
  ]);
  expect(problems(() => treeOf(clusters(MINIMAL, { ...MINIMAL, istioVersion: '1.31.0', canary: { revision: 'back', istioVersion: '1.30.9' } })))).toEqual([
    ofTwo('.canary.istioVersion', `canary.istioVersion '1.30.9' has no ${CONTROLLER}, which reading the peers asks for; upgrade to 1.31 or newer`),
  ]);
});

test('linked clusters with different reader roles are rejected', () => {
  expect(problems(() => treeOf(clusters(MINIMAL, {})))).toEqual([
    ofTwo('.reader.role', "reader.role is 'full', and 'minimal' at its peer 'cluster1': istiod is told for all of its peers alike whether to read their Secrets; give linked clusters the same"),
  ]);
  expect(problems(() => treeOf(clusters({ ...MINIMAL, peers: [] }, {})))).toEqual([]);
});

test('unsafe credentials are reported until the warning is acknowledged', () => {
  const warnings = (mesh: MeshProps) => new Mesh(quietApp(), 'mesh', mesh)._warnings;
  expect(warnings(clusters(EXEC, {}))).toEqual([['IM077', "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: unsafeExec has the istiods of the peers run 'aws', which must be in their image, "
    + 'and from then on whoever may write a Secret in their namespace can have them run any program; use other credentials if you can (IM077)']]);
  expect(warnings(clusters(TOKEN_FILE, {}))).toEqual([['IM077', "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: unsafeTokenFile has the istiods of the peers read '/var/run/peers/token', "
    + 'which must be mounted there, and from then on whoever may write a Secret in their namespace can have them send any of their files to any server; use other credentials if you can (IM077)']]);
  expect(warnings({ ...clusters(EXEC, {}), acknowledge: { IM077: 'nobody else writes there' } })).toEqual([]);
  expect(warnings(clusters({ ...EXEC, peers: [] }, {}))).toEqual([]);
});
