import { load } from 'js-yaml';
import { type ClusterProps, type MeshProps, Mesh, ReaderRole, RemoteCredentials, SecretValue } from '../../src';
import { type Files, quietApp, treeOf, twoClusters } from '../support/mesh-util';
import { CA_PEM, problems, warningsOf } from '../support/util';

const OPTIONS = 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS';
const PATH = 'PILOT_MULTICLUSTER_KUBECONFIG_PATH';
const CONTROLLER = 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER';

const FILES = RemoteCredentials.external({ kubeconfigPath: '/etc/istio/peers' });
const EXEC = {
  remoteCredentials: RemoteCredentials.unsafeExec({ command: 'aws', args: ['eks', 'get-token'] }),
  caData: CA_PEM,
};
const TOKEN_FILE = { remoteCredentials: RemoteCredentials.unsafeTokenFile('/var/run/peers/token'), caData: CA_PEM };
const MINIMAL = { reader: { role: ReaderRole.MINIMAL } };

/** A full mesh of clusters, each with its own settings. */
function clusters(...settings: Array<Partial<ClusterProps>>): MeshProps {
  return {
    ...twoClusters(),
    clusters: settings.map((own, i) =>
      ({ name: `cluster${i + 1}`, apiServer: `https://cluster${i + 1}.example.com:6443`, ...own })),
  };
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
  const paths = Object.keys(treeOf(mesh)).filter(path => path.startsWith(step) && !path.endsWith('kustomization.yaml'));
  return paths.map(path => path.slice(step.length + 1));
}

test('istiod gets no variables if its peers require none', () => {
  expect(environments(clusters({}, {}))).toEqual([undefined, undefined]);
});

test('programs and files are allowed on exactly the istiods that read such a cluster', () => {
  expect(environments(clusters(EXEC, {}, {}))).toEqual([undefined, { [OPTIONS]: 'exec' }, { [OPTIONS]: 'exec' }]);
  expect(environments(clusters(EXEC, TOKEN_FILE, {})))
    .toEqual([{ [OPTIONS]: 'tokenFile' }, { [OPTIONS]: 'exec' }, { [OPTIONS]: 'exec,tokenFile' }]);
  expect(environments(clusters({ ...EXEC, peers: ['cluster2'] }, {}, { peers: ['cluster2'] })))
    .toEqual([undefined, { [OPTIONS]: 'exec' }, undefined]);
});

test('the options and other variables of the user stay', () => {
  expect(environments(clusters(EXEC, pilotEnv({
    [OPTIONS]: 'tokenFile,clientKey',
    PILOT_REMOTE_CLUSTER_TIMEOUT: '60s',
  }))))
    .toEqual([undefined, { [OPTIONS]: 'clientKey,exec,tokenFile', PILOT_REMOTE_CLUSTER_TIMEOUT: '60s' }]);
  expect(environments(clusters({}, pilotEnv({ [OPTIONS]: 'tokenFile,clientKey' }))))
    .toEqual([undefined, { [OPTIONS]: 'tokenFile,clientKey' }]);
});

test('a canary also reads the peers, and gets the same variables', () => {
  const files = treeOf(clusters(EXEC, { canary: { revision: '1-32-0', istioVersion: '1.32.0' } }));
  expect(environmentOf(files, 'cluster2', 'control-plane-1-32-0')).toEqual({ [OPTIONS]: 'exec' });
});

test('the generated mesh.yaml contains the settings of the user, without the derived variables', () => {
  expect(treeOf(clusters({ ...EXEC, ...MINIMAL }, MINIMAL))['mesh.yaml']).not.toContain('PILOT_');
});

test('istiod does not read the Secrets of peers with the minimal reader', () => {
  expect(environments(clusters(MINIMAL, MINIMAL))).toEqual([{ [CONTROLLER]: 'false' }, { [CONTROLLER]: 'false' }]);
  expect(environments(clusters({ ...MINIMAL, peers: [] }, {}))).toEqual([undefined, undefined]);
});

test('the minimal reader may not read Secrets', () => {
  const files = treeOf(clusters(MINIMAL, MINIMAL));
  const { rules } = load(files['cluster1/00-namespace/clusterrole-istio-mesh-reader-istio-system.yaml']) as any;
  expect(rules.flatMap(({ resources }: any) => resources)).not.toContain('secrets');
});

test('istiod gets the path of kubeconfigs in files', () => {
  expect(environments(clusters({ remoteCredentials: FILES }, { remoteCredentials: FILES })))
    .toEqual([{ [PATH]: '/etc/istio/peers' }, { [PATH]: '/etc/istio/peers' }]);
  expect(environments(clusters({ remoteCredentials: RemoteCredentials.external() }, {})))
    .toEqual([undefined, undefined]);
});

test('a hub can read its spokes from files, while they read the hub from a Secret', () => {
  const spoke = { peers: ['cluster1'], remoteCredentials: FILES };
  expect(environments(clusters({}, spoke, spoke))).toEqual([{ [PATH]: '/etc/istio/peers' }, undefined, undefined]);
});

test('external links need no API server, and no objects are generated for them', () => {
  const mesh = clusters({ remoteCredentials: RemoteCredentials.external(), apiServer: undefined }, {});
  expect(filesOf(mesh, 'cluster1/00-namespace')).toEqual(['namespace-istio-system.yaml']);
  expect(Object.keys(treeOf(mesh)).filter(path => path.includes('60-remote-secrets'))).toEqual([]);
  expect(new Mesh(quietApp(), 'mesh', mesh).clusters.map(({ reader }) => reader === undefined)).toEqual([true, false]);
});

test.each<[string, Partial<ClusterProps>, boolean]>([
  ['linked', {}, true],
  ['externalSecrets', { remoteCredentials: RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }) },
    true],
  ['plainToken',
    { remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('t0ken')), caData: CA_PEM }, true],
  ['authProvider', { remoteCredentials: RemoteCredentials.authProvider({}), caData: CA_PEM }, false],
  ['unsafeExec', EXEC, false],
  ['unsafeTokenFile', TOKEN_FILE, false],
])('accounts exist only if their tokens are used, and the role only with peers (%s)', (_, credentials, hasTokens) => {
  const [role, binding] = ['clusterrole', 'clusterrolebinding'].map(kind =>
    `${kind}-istio-mesh-reader-istio-system.yaml`);
  const accounts = ['secret', 'serviceaccount'].flatMap(kind =>
    ['blue', 'green'].map(slot => `${kind}-istio-mesh-reader-${slot}.yaml`));
  expect(filesOf(clusters(credentials, {}), 'cluster1/00-namespace'))
    .toEqual(hasTokens
      ? [role, binding, 'namespace-istio-system.yaml', ...accounts]
      : [role, 'namespace-istio-system.yaml']);
});

const ofTwo = (path: string, message: string) => `clusters[1]${path}: cluster 'cluster2': ${message}`;

test.each<[string, MeshProps, string[]]>([
  ['another path', clusters({ remoteCredentials: FILES }, pilotEnv({ [PATH]: '/elsewhere' })), [
    ofTwo(`.values.pilot.env.${PATH}`, `${PATH} is set to '/elsewhere', but the peers require '/etc/istio/peers', `
      + 'which the library sets; remove it'),
  ]],
  ['another option in Kubernetes settings, which take precedence', clusters(EXEC, {
    components: { pilot: { k8S: { env: [{ name: OPTIONS, value: 'clientKey' }] } } },
  }), [
    ofTwo('.components.pilot.k8s.env[0]', `${OPTIONS} is set to 'clientKey', but the peers require 'exec', which the `
      + 'library sets; remove it'),
  ]],
  ['Secrets that are read', clusters(MINIMAL, { ...MINIMAL, ...pilotEnv({ [CONTROLLER]: true }) }), [
    ofTwo(`.values.pilot.env.${CONTROLLER}`, `${CONTROLLER} is set to 'true', but the peers require 'false', which the `
      + 'library sets; remove it'),
  ]],
])('a variable with another value is rejected: %s', (_, mesh, expected) => {
  expect(problems(() => treeOf(mesh))).toEqual(expected);
});

test('a variable with the same value is accepted', () => {
  const components = { pilot: { k8S: { env: [{ name: CONTROLLER, value: 'false' }] } } };
  expect(environments(clusters(MINIMAL, { ...MINIMAL, ...pilotEnv({ [CONTROLLER]: false }), components })))
    .toEqual([{ [CONTROLLER]: 'false' }, { [CONTROLLER]: 'false' }]);
});

test.each<[string, Partial<ClusterProps>, string]>([
  ['in a Secret', {}, 'a Secret'],
  ['in an external Secret', { remoteCredentials: RemoteCredentials.external() }, 'a Secret'],
  ['in another directory', { remoteCredentials: RemoteCredentials.external({ kubeconfigPath: '/other' }) }, "'/other'"],
])('an istiod that reads one peer from files and another one %s is rejected', (_, other, where) => {
  const hub = clusters({}, { peers: ['cluster1'], remoteCredentials: FILES }, { peers: ['cluster1'], ...other });
  expect(problems(() => treeOf(hub))).toEqual([
    "clusters[0].peers: cluster 'cluster1': its istiod would read the kubeconfig of 'cluster2' from files in "
      + `'/etc/istio/peers' and nowhere else, but that of 'cluster3' would be in ${where}; set the same `
      + 'external.kubeconfigPath for all of its peers, or for none',
  ]);
});

test('an istiod that is configured to read files cannot have peers in Secrets', () => {
  expect(problems(() => treeOf(clusters({}, pilotEnv({ [PATH]: '/etc/istio/peers' }))))).toEqual([
    ofTwo(`.values.pilot.env.${PATH}`, `${PATH} makes istiod read only files, but the kubeconfig of 'cluster1' would `
      + 'be in a Secret; remove it, or set external.kubeconfigPath in the remoteCredentials of all peers'),
  ]);
  expect(problems(() =>
    treeOf(clusters({ remoteCredentials: RemoteCredentials.external() }, pilotEnv({ [PATH]: '/etc/istio/peers' })))))
    .toEqual([]);
});

test.each(['etc/istio', '', '/etc/istio peers', '/etc/"istio"'])('the path %j is rejected', kubeconfigPath => {
  const remoteCredentials = RemoteCredentials.external({ kubeconfigPath });
  expect(problems(() => treeOf(clusters({ peers: [], remoteCredentials })))).toEqual([
    "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: "
      + `external.kubeconfigPath '${kubeconfigPath}' is not an absolute path of letters, digits and -_./@:+; `
      + 'write the path of the directory in the container of istiod',
  ]);
});

test('an Istio version that does not support a variable is rejected, for both control planes', () => {
  const old = { istioVersion: '1.29.7', canary: { revision: 'next', istioVersion: '1.30.0' } };
  expect(problems(() => treeOf(clusters({ remoteCredentials: FILES, istioVersion: '1.30.0' }, old)))).toEqual([
    ofTwo('.istioVersion', `istioVersion '1.29.7' does not support ${PATH}, which the peers require; upgrade to 1.30 `
      + 'or newer'),
  ]);
  expect(problems(() => treeOf(clusters(MINIMAL, {
    ...MINIMAL,
    istioVersion: '1.31.0',
    canary: { revision: 'back', istioVersion: '1.30.9' },
  })))).toEqual([
    ofTwo('.canary.istioVersion', `canary.istioVersion '1.30.9' does not support ${CONTROLLER}, which the peers `
      + 'require; upgrade to 1.31 or newer'),
  ]);
});

test('linked clusters whose readers have different roles are rejected', () => {
  expect(problems(() => treeOf(clusters(MINIMAL, {})))).toEqual([
    ofTwo('.reader.role', "reader.role is 'full', but 'minimal' in its peer 'cluster1', and istiod has one setting for "
      + 'all of its peers that controls whether it reads their Secrets; set the same role in linked clusters'),
  ]);
  expect(problems(() => treeOf(clusters({ ...MINIMAL, peers: [] }, {})))).toEqual([]);
});

test('the risk of unsafe credentials is reported until it is acknowledged', () => {
  const warnings = (mesh: MeshProps) => warningsOf(new Mesh(quietApp(), 'mesh', mesh));
  const place = "clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials:";
  expect(warnings(clusters(EXEC, {}))).toEqual([['IM077',
    `${place} unsafeExec makes the istiods of the peers run 'aws', which must be in their image, and anyone who can `
      + 'write a Secret in their namespace can make them run arbitrary programs; use other credentials if you can '
        + '(IM077)']]);
  expect(warnings(clusters(TOKEN_FILE, {}))).toEqual([['IM077',
    `${place} unsafeTokenFile makes the istiods of the peers read '/var/run/peers/token', which must be mounted there, `
      + 'and anyone who can write a Secret in their namespace can make them send any of their files to any server; '
      + 'use other credentials if you can (IM077)']]);
  expect(warnings({ ...clusters(EXEC, {}), acknowledge: { IM077: 'only we write there' } })).toEqual([]);
  expect(warnings(clusters({ ...EXEC, peers: [] }, {}))).toEqual([]);
});
