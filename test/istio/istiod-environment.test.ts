import { load } from 'js-yaml';
import type { ClusterProps, MeshProps } from '../../src';
import { Mesh, ReaderRole, RemoteCredentials, SecretValue } from '../../src';
import type { Files } from '../support/mesh-util';
import { quietApp, treeOf, twoClusters } from '../support/mesh-util';
import { CA_PEM, problems, warningsOf } from '../support/util';

const OPTIONS = 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS';
const PATH = 'PILOT_MULTICLUSTER_KUBECONFIG_PATH';
const CONTROLLER = 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER';

const FILES = RemoteCredentials.external({ kubeconfigPath: '/etc/istio/peers' });
const EXEC = { remoteCredentials: RemoteCredentials.unsafeExec({ command: 'aws', args: ['eks', 'get-token'] }), caData: CA_PEM };
const TOKEN_FILE = { remoteCredentials: RemoteCredentials.unsafeTokenFile('/var/run/peers/token'), caData: CA_PEM };
const MINIMAL = { reader: { role: ReaderRole.MINIMAL } };

/** Clusters that are all linked with each other, each with settings of its own. */
function clusters(...settings: Array<Partial<ClusterProps>>): MeshProps {
  return { ...twoClusters(), clusters: settings.map((own, i) => ({ name: `cluster${i + 1}`, apiServer: `https://cluster${i + 1}.example.com:6443`, ...own })) };
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
  return Object.keys(treeOf(mesh)).filter(path => path.startsWith(step) && !path.endsWith('kustomization.yaml')).map(path => path.slice(step.length + 1));
}

test('istiod is told nothing where its peers ask for nothing', () => {
  expect(environments(clusters({}, {}))).toEqual([undefined, undefined]);
});

test('programs and files are allowed on exactly the istiods that read such a cluster', () => {
  expect(environments(clusters(EXEC, {}, {}))).toEqual([undefined, { [OPTIONS]: 'exec' }, { [OPTIONS]: 'exec' }]);
  expect(environments(clusters(EXEC, TOKEN_FILE, {}))).toEqual([{ [OPTIONS]: 'tokenFile' }, { [OPTIONS]: 'exec' }, { [OPTIONS]: 'exec,tokenFile' }]);
  expect(environments(clusters({ ...EXEC, peers: ['cluster2'] }, {}, { peers: ['cluster2'] }))).toEqual([undefined, { [OPTIONS]: 'exec' }, undefined]);
});

test('what the user allows stays, and so do his other variables', () => {
  expect(environments(clusters(EXEC, pilotEnv({ [OPTIONS]: 'tokenFile,clientKey', PILOT_REMOTE_CLUSTER_TIMEOUT: '60s' }))))
    .toEqual([undefined, { [OPTIONS]: 'clientKey,exec,tokenFile', PILOT_REMOTE_CLUSTER_TIMEOUT: '60s' }]);
  expect(environments(clusters({}, pilotEnv({ [OPTIONS]: 'tokenFile,clientKey' })))).toEqual([undefined, { [OPTIONS]: 'tokenFile,clientKey' }]);
});

test('a canary reads the peers too, and is told the same', () => {
  const files = treeOf(clusters(EXEC, { canary: { revision: '1-32-0', istioVersion: '1.32.0' } }));
  expect(environmentOf(files, 'cluster2', 'control-plane-1-32-0')).toEqual({ [OPTIONS]: 'exec' });
});

test('the definition in the tree says what the user said, without what follows from it', () => {
  expect(treeOf(clusters({ ...EXEC, ...MINIMAL }, MINIMAL))['mesh.yaml']).not.toContain('PILOT_');
});

test('istiods whose peers have the minimal reader leave the Secrets of their peers alone', () => {
  expect(environments(clusters(MINIMAL, MINIMAL))).toEqual([{ [CONTROLLER]: 'false' }, { [CONTROLLER]: 'false' }]);
  expect(environments(clusters({ ...MINIMAL, peers: [] }, {}))).toEqual([undefined, undefined]);
});

test('the minimal reader may read what the full one may, but Secrets', () => {
  const files = treeOf(clusters(MINIMAL, MINIMAL));
  const { rules } = load(files['cluster1/00-namespace/clusterrole-istio-mesh-reader-istio-system.yaml']) as any;
  expect(rules.flatMap(({ resources }: any) => resources)).not.toContain('secrets');
});

test('istiods whose peers are in files find them by a path', () => {
  expect(environments(clusters({ remoteCredentials: FILES }, { remoteCredentials: FILES }))).toEqual([{ [PATH]: '/etc/istio/peers' }, { [PATH]: '/etc/istio/peers' }]);
  expect(environments(clusters({ remoteCredentials: RemoteCredentials.external() }, {}))).toEqual([undefined, undefined]);
});

test('a hub may be read in Secrets, and read its spokes from files', () => {
  const spoke = { peers: ['cluster1'], remoteCredentials: FILES };
  expect(environments(clusters({}, spoke, spoke))).toEqual([{ [PATH]: '/etc/istio/peers' }, undefined, undefined]);
});

test('for links that somebody else brings nothing is made, and no API server is asked for', () => {
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
])('accounts exist only where their tokens are used, and the role where anybody reads (%s)', (_, credentials, hasTokens) => {
  const [role, binding] = ['clusterrole', 'clusterrolebinding'].map(kind => `${kind}-istio-mesh-reader-istio-system.yaml`);
  const accounts = ['secret', 'serviceaccount'].flatMap(kind => ['blue', 'green'].map(slot => `${kind}-istio-mesh-reader-${slot}.yaml`));
  expect(filesOf(clusters(credentials, {}), 'cluster1/00-namespace'))
    .toEqual(hasTokens ? [role, binding, 'namespace-istio-system.yaml', ...accounts] : [role, 'namespace-istio-system.yaml']);
});

const ofTwo = (path: string, message: string) => `clusters[1]${path}: cluster 'cluster2': ${message}`;

test.each<[string, MeshProps, string[]]>([
  ['another path', clusters({ remoteCredentials: FILES }, pilotEnv({ [PATH]: '/elsewhere' })), [
    ofTwo(`.values.pilot.env.${PATH}`, `${PATH} is '/elsewhere' here, and reading the peers asks for '/etc/istio/peers', which the library sets; remove it here`),
  ]],
  ['another word in Kubernetes settings, which win', clusters(EXEC, { components: { pilot: { k8S: { env: [{ name: OPTIONS, value: 'clientKey' }] } } } }), [
    ofTwo('.components.pilot.k8s.env[0]', `${OPTIONS} is 'clientKey' here, and reading the peers asks for 'exec', which the library sets; remove it here`),
  ]],
  ['Secrets that are read', clusters(MINIMAL, { ...MINIMAL, ...pilotEnv({ [CONTROLLER]: true }) }), [
    ofTwo(`.values.pilot.env.${CONTROLLER}`, `${CONTROLLER} is 'true' here, and reading the peers asks for 'false', which the library sets; remove it here`),
  ]],
])('a variable that says otherwise is refused: %s', (_, mesh, expected) => {
  expect(problems(() => treeOf(mesh))).toEqual(expected);
});

test('a variable that says the same is taken', () => {
  const components = { pilot: { k8S: { env: [{ name: CONTROLLER, value: 'false' }] } } };
  expect(environments(clusters(MINIMAL, { ...MINIMAL, ...pilotEnv({ [CONTROLLER]: false }), components }))).toEqual([{ [CONTROLLER]: 'false' }, { [CONTROLLER]: 'false' }]);
});

test.each<[string, Partial<ClusterProps>, string]>([
  ['in a Secret', {}, 'a Secret'],
  ['in a Secret that somebody else brings', { remoteCredentials: RemoteCredentials.external() }, 'a Secret'],
  ['in another directory', { remoteCredentials: RemoteCredentials.external({ kubeconfigPath: '/other' }) }, "'/other'"],
])('an istiod that reads one peer from files and another %s is refused', (_, other, where) => {
  const hub = clusters({}, { peers: ['cluster1'], remoteCredentials: FILES }, { peers: ['cluster1'], ...other });
  expect(problems(() => treeOf(hub))).toEqual([
    "clusters[0].peers: cluster 'cluster1': its istiod would read 'cluster2' from files in '/etc/istio/peers' and then looks nowhere else, "
    + `while 'cluster3' would be in ${where}; give all of its peers the same external.kubeconfigPath, or none`,
  ]);
});

test('an istiod that is told by hand to read files finds no Secrets, and is refused where it would have some', () => {
  expect(problems(() => treeOf(clusters({}, pilotEnv({ [PATH]: '/etc/istio/peers' }))))).toEqual([
    ofTwo(`.values.pilot.env.${PATH}`, `${PATH} has istiod read files alone, and 'cluster1' would be in a Secret; remove it, or say it with external.kubeconfigPath in the remoteCredentials of all peers`),
  ]);
  expect(problems(() => treeOf(clusters({ remoteCredentials: RemoteCredentials.external() }, pilotEnv({ [PATH]: '/etc/istio/peers' }))))).toEqual([]);
});

test.each(['etc/istio', '', '/etc/istio peers', '/etc/"istio"'])('the path %j is refused, since nothing in a container of istiod has it', kubeconfigPath => {
  expect(problems(() => treeOf(clusters({ peers: [], remoteCredentials: RemoteCredentials.external({ kubeconfigPath }) })))).toEqual([
    `clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: external.kubeconfigPath '${kubeconfigPath}' is not an absolute path `
    + 'of letters, digits and -_./@:+; write the path of the directory in the container of istiod',
  ]);
});

test('an Istio that does not know a variable is refused, first control plane and canary', () => {
  const old = { istioVersion: '1.29.7', canary: { revision: 'next', istioVersion: '1.30.0' } };
  expect(problems(() => treeOf(clusters({ remoteCredentials: FILES, istioVersion: '1.30.0' }, old)))).toEqual([
    ofTwo('.istioVersion', `istioVersion '1.29.7' has no ${PATH}, which reading the peers asks for; upgrade to 1.30 or newer`),
  ]);
  expect(problems(() => treeOf(clusters(MINIMAL, { ...MINIMAL, istioVersion: '1.31.0', canary: { revision: 'back', istioVersion: '1.30.9' } })))).toEqual([
    ofTwo('.canary.istioVersion', `canary.istioVersion '1.30.9' has no ${CONTROLLER}, which reading the peers asks for; upgrade to 1.31 or newer`),
  ]);
});

test('linked clusters whose readers have different roles are refused', () => {
  expect(problems(() => treeOf(clusters(MINIMAL, {})))).toEqual([
    ofTwo('.reader.role', "reader.role is 'full', and 'minimal' at its peer 'cluster1': istiod is told for all of its peers alike whether to read their Secrets; give linked clusters the same"),
  ]);
  expect(problems(() => treeOf(clusters({ ...MINIMAL, peers: [] }, {})))).toEqual([]);
});

test('what an unsafe way costs is told until it is acknowledged', () => {
  const warnings = (mesh: MeshProps) => warningsOf(new Mesh(quietApp(), 'mesh', mesh));
  expect(warnings(clusters(EXEC, {}))).toEqual([['IM077', "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: unsafeExec makes the istiods of the peers run 'aws', which must be in their image, "
    + 'and anyone who can write a Secret in their namespace can make them run arbitrary programs; use other credentials if you can (IM077)']]);
  expect(warnings(clusters(TOKEN_FILE, {}))).toEqual([['IM077', "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: unsafeTokenFile makes the istiods of the peers read '/var/run/peers/token', "
    + 'which must be mounted there, and anyone who can write a Secret in their namespace can make them send any of their files to any server; use other credentials if you can (IM077)']]);
  expect(warnings({ ...clusters(EXEC, {}), acknowledge: { IM077: 'nobody else writes there' } })).toEqual([]);
  expect(warnings(clusters({ ...EXEC, peers: [] }, {}))).toEqual([]);
});
