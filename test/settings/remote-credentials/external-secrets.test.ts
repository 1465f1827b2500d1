import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { load } from 'js-yaml';
import {
  type ClusterProps, type ExternalSecretsOptions, type MeshProps, type PulledKubeconfigProps,
  type PushedKubeconfigProps,
  IstioReader, PulledKubeconfig, PushedKubeconfig,
  ReaderRole, RemoteCredentials, RemoteSecret, SecretValue, TokenSlot,
} from '../../../src';
import { crdProblems } from '../../support/custom-resources';
import { violations } from '../../support/invariants';
import { type Files, treeOf, twoClusters } from '../../support/mesh-util';
import { CA_PEM, problems } from '../../support/util';

const CA_DATA = Buffer.from(CA_PEM).toString('base64');
const STORE = { secretStoreRef: { name: 'vault' } };

function stored(options: Partial<ExternalSecretsOptions> = {}): RemoteCredentials {
  return RemoteCredentials.externalSecrets({ ...STORE, ...options });
}

function threeClusters(both: Partial<MeshProps> = {}, one: Partial<ClusterProps> = {}): MeshProps {
  const clusters = [
    'cluster1', 'cluster2', 'cluster3',
  ].map((name, i) => ({ name, apiServer: `https://${name}.example.com:6443`, ...i === 0 ? one : {} }));
  return { ...twoClusters({ remoteCredentials: stored(), ...both }), clusters };
}

function objectsIn(files: Files, cluster: string): any[] {
  return Object.keys(files)
    .filter(path => path.startsWith(`${cluster}/60-remote-secrets/`) && !path.endsWith('/kustomization.yaml'))
    .map(path => load(files[path]));
}

function pushSecret(props: Partial<PushedKubeconfigProps> = {}): any {
  const chart = Testing.chart();
  new PushedKubeconfig(chart, 'push',
    { ...STORE, meshID: 'mesh1', clusterName: 'cluster1', apiServer: 'https://10.0.0.1:6443', ...props });
  return Testing.synth(chart)[0];
}

function externalSecret(props: Partial<PulledKubeconfigProps> = {}): any {
  const chart = Testing.chart();
  new PulledKubeconfig(chart, 'pull', { ...STORE, meshID: 'mesh1', clusterName: 'cluster2', ...props });
  return Testing.synth(chart)[0];
}

test('a cluster pushes its own kubeconfig to one key', () => {
  const { spec: { template, ...spec }, ...object } = pushSecret();
  expect(object).toEqual({
    apiVersion: 'external-secrets.io/v1alpha1',
    kind: 'PushSecret',
    metadata: { name: 'istio-mesh-reader', namespace: 'istio-system' },
  });
  expect(Object.keys(template.data)).toEqual(['kubeconfig']);
  expect(spec).toEqual({
    refreshInterval: '1h',
    updatePolicy: 'Replace',
    deletionPolicy: 'Delete',
    secretStoreRefs: [{ name: 'vault', kind: 'ClusterSecretStore' }],
    selector: { secret: { name: 'istio-mesh-reader-blue' } },
    data: [{ match: { secretKey: 'kubeconfig', remoteRef: { remoteKey: 'istio/mesh1/cluster1' } } }],
  });
});

test('a peer makes its remote Secret of that key, and the label stands on the Secret alone', () => {
  expect(externalSecret()).toEqual({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'istio-remote-secret-cluster2', namespace: 'istio-system' },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
      target: {
        name: 'istio-remote-secret-cluster2',
        template: {
          metadata: {
            labels: { 'istio/multiCluster': 'true' }, annotations: { 'networking.istio.io/cluster': 'cluster2' },
          },
        },
      },
      data: [{ secretKey: 'cluster2', remoteRef: { key: 'istio/mesh1/cluster2' } }],
    },
  });
});

test('in a mesh every cluster pushes once, and has one ExternalSecret for each peer', () => {
  const files = treeOf(threeClusters());
  for (const [name, ...peers] of [
    ['cluster1', 'cluster2', 'cluster3'], ['cluster2', 'cluster1', 'cluster3'], ['cluster3', 'cluster1', 'cluster2'],
  ]) {
    expect(objectsIn(files, name).map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort())
      .toEqual([...peers.map(peer => `ExternalSecret istio-remote-secret-${peer}`), 'PushSecret istio-mesh-reader']);
  }
  expect(violations(files)).toEqual([]);
});

/** What External Secrets makes of a template of this library: text of the data, or its base64. */
function rendered(template: string, data: { readonly [key: string]: string }): string {
  return template.replace(/\{\{ (?:\.(\w+)|index \. "([^"]+)"( \| b64enc)?) \}\}/g, (_, field, key, encoded) =>
    encoded ? Buffer.from(data[key]).toString('base64') : data[field ?? key]);
}

const SERVERS: ReadonlyArray<Partial<PushedKubeconfigProps>> = [
  {}, { caData: CA_PEM }, { tlsServerName: 'api.example.com', proxyUrl: 'http://10.0.0.9:3128' },
  { clusterName: '007', apiServer: 'https://[2001:db8::1]/k8s' },
];

test.each(SERVERS)('what the template makes is the kubeconfig of a remote Secret with that token and authority (%j)',
  server => {
    const template = pushSecret(server).spec.template.data.kubeconfig;
    const made = rendered(template, { 'token': 'MARK.token-1_x', 'ca.crt': CA_PEM });
    expect(made).not.toContain('{{');

    const { secret } = new RemoteSecret(Testing.chart(), 'secret', {
      clusterName: 'cluster1',
      apiServer: 'https://10.0.0.1:6443',
      caData: CA_PEM,
      ...server,
      credentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('MARK.token-1_x')),
    });
    const [kubeconfig] = Object.values<string>(secret.toJson().stringData);
    expect(load(made)).toEqual(load(kubeconfig));
  });

test('an authority that is given is written, and otherwise the Secret\'s own is taken', () => {
  const authority =
    (props: Partial<PushedKubeconfigProps>) => (load(pushSecret(props).spec.template.data.kubeconfig) as any)
      .clusters[0].cluster['certificate-authority-data'];
  expect(authority({ caData: CA_PEM })).toBe(CA_DATA);
  expect(authority({})).toBe('{{ index . "ca.crt" | b64enc }}');
});

test('the active token is the one that is pushed, so that a commit rotates it', () => {
  expect(pushSecret({ activeToken: TokenSlot.GREEN }).spec.selector)
    .toEqual({ secret: { name: 'istio-mesh-reader-green' } });
  const files = treeOf(threeClusters({}, { reader: { activeToken: TokenSlot.GREEN } }));
  const active = [
    'cluster1', 'cluster2',
  ].map(name => objectsIn(files, name).find(({ kind }) => kind === 'PushSecret').spec.selector.secret.name);
  expect(active).toEqual(['istio-mesh-reader-green', 'istio-mesh-reader-blue']);
});

test('store, key, property and interval are the same on both sides', () => {
  const options = {
    secretStoreRef: { name: 'own', kind: 'SecretStore' },
    remoteKey: 'meshes-$(cluster)',
    property: 'kubeconfig',
    refreshInterval: '5m',
  };
  const files = treeOf(twoClusters({ remoteCredentials: stored(options) }));
  const push = objectsIn(files, 'cluster1').find(({ kind }) => kind === 'PushSecret').spec;
  const pull = objectsIn(files, 'cluster2').find(({ kind }) => kind === 'ExternalSecret').spec;
  expect([push.secretStoreRefs, push.refreshInterval, push.data[0].match.remoteRef])
    .toEqual([[options.secretStoreRef], '5m', { remoteKey: 'meshes-cluster1', property: 'kubeconfig' }]);
  expect([pull.secretStoreRef, pull.refreshInterval, pull.data[0].remoteRef])
    .toEqual([options.secretStoreRef, '5m', { key: 'meshes-cluster1', property: 'kubeconfig' }]);
});

test.each<[string, MeshProps]>([
  ['with defaults', threeClusters()],
  ['with every setting', threeClusters({
    remoteCredentials:
      stored({
        secretStoreRef: { name: 'a.b', kind: 'SecretStore' },
        remoteKey: '$(cluster)',
        property: 'x',
        refreshInterval: '1h30m',
      }),
    namespace: 'istio',
    caData: CA_PEM,
    tlsServerName: 'api',
    proxyUrl: 'socks5://10.0.0.9',
    reader: { role: ReaderRole.MINIMAL },
  })],
])('the CRDs of External Secrets take the objects %s', (_, mesh) => {
  const files = treeOf(mesh);
  const objects = mesh.clusters.flatMap(({ name }) => objectsIn(files, name));
  expect(objects).toHaveLength(9);
  expect(crdProblems('external-secrets.yaml', objects)).toEqual([]);
});

test('the CRDs of External Secrets are asked: they refuse a misspelt field, a wrong word and a missing one', () => {
  const { spec, ...object } = externalSecret();
  expect(crdProblems('external-secrets.yaml', [
    { ...object, spec: { ...spec, refreshInterva: '1h' } },
    { ...object, spec: { ...spec, secretStoreRef: { name: 'vault', kind: 'Store' } } },
    { ...object, spec: { ...spec, data: [{ secretKey: 'x' }] } },
    { ...object, apiVersion: 'external-secrets.io/v2' },
  ])).toHaveLength(4);
});

test('nobody is pushed for where nobody reads', () => {
  const files = treeOf(twoClusters({ peers: [], remoteCredentials: stored() }));
  expect(['cluster1', 'cluster2'].flatMap(name => objectsIn(files, name))).toEqual([]);
});

test('clusters may travel through a store, in the tree and by hand, side by side', () => {
  const files =
    treeOf(threeClusters({ remoteCredentials: RemoteCredentials.linked() }, { remoteCredentials: stored() }));
  expect(objectsIn(files, 'cluster1').map(({ kind }) => kind)).toEqual(['PushSecret']);
  expect(objectsIn(files, 'cluster2').map(({ kind, metadata }) => `${kind} ${metadata.name}`))
    .toEqual(['ExternalSecret istio-remote-secret-cluster1']);
  expect(violations(files)).toEqual([]);
});

const KINDS = 'write one of ClusterSecretStore, SecretStore';

test.each<[Partial<ExternalSecretsOptions>, string]>([
  [{ secretStoreRef: { name: 'My_Store' } },
    "secretStoreRef.name 'My_Store' is not a valid object name; write the name of a ClusterSecretStore"],
  [{ secretStoreRef: { name: 'vault', kind: 'Vault' } },
    `secretStoreRef.kind 'Vault' is not a kind of secret store; ${KINDS}`],
  [{ remoteKey: '' }, 'remoteKey is empty; write a key of the store, or remove it'],
  [{ property: '' }, 'property is empty; write the name of a property, or remove it'],
  [{ refreshInterval: '1 hour' },
    "refreshInterval '1 hour' is not a valid duration of hours (h), minutes (m) and seconds (s); write e.g. '1h30m'"],
])('%j is refused, in a mesh and in each construct', (options, problem) => {
  expect(problems(() => pushSecret(options))).toEqual([problem]);
  expect(problems(() => externalSecret(options))).toEqual([problem]);
  expect(problems(() => treeOf(twoClusters({ peers: [] }, { remoteCredentials: stored(options) }))))
    .toEqual([`clusters[0].remoteCredentials: cluster 'cluster1': remoteCredentials: externalSecrets.${problem}`]);
});

test.each<[keyof PushedKubeconfigProps & keyof ClusterProps, string]>([
  ['apiServer', 'https://10.0.0.1/{{.token}}'], ['tlsServerName', '{{.token}}'],
  ['proxyUrl', 'http://10.0.0.9/{{.token}}'],
])('a template in %s is refused, and External Secrets never reads it', (field, value) => {
  const problem = `${field} '${value}' contains '{{', which External Secrets evaluates as a template; remove it`;
  expect(problems(() => pushSecret({ [field]: value }))).toEqual([problem]);
  expect(problems(() => treeOf(twoClusters({}, { remoteCredentials: stored(), [field]: value }))))
    .toEqual([`clusters[0].${field}: cluster 'cluster1': ${problem}`]);
});

test('two clusters that would push to one key are refused, unless each has its own property', () => {
  const shared = (properties: readonly string[]) => ({
    ...twoClusters(),
    clusters:
      properties.map((property,
        i) => ({
        name: `cluster${i + 1}`,
        apiServer: `https://10.0.0.${i}`,
        remoteCredentials: stored({ remoteKey: 'mesh1', property }),
      })),
  });
  expect(problems(() => treeOf(shared(['a', 'a'])))).toEqual([
    "clusters[1].remoteCredentials: cluster 'cluster2': remoteCredentials: externalSecrets.remoteKey 'mesh1' is "
      + "already used by 'cluster1', so each would overwrite the kubeconfig of the other; include $(cluster) in it",
  ]);
  expect(problems(() => treeOf(shared(['a', 'b'])))).toEqual([]);
});

test('what is wrong with the cluster itself is refused by the constructs alone, too', () => {
  expect(problems(() =>
    pushSecret({
      meshID: 'mesh 1', clusterName: 'Cluster1', namespace: 'Istio', apiServer: 'http://10.0.0.1', caData: 'none',
    }))).toHaveLength(5);
  expect(problems(() => externalSecret({ meshID: 'mesh 1', clusterName: 'Cluster2', namespace: 'Istio' })))
    .toHaveLength(3);
});

test('both constructs have their object as default child, and a patch of one ExternalSecret leaves the others alone',
  () => {
    const chart = Testing.chart();
    const props = { ...STORE, meshID: 'mesh1', clusterName: 'cluster2' };
    const [push, pull, other] = [
      new PushedKubeconfig(chart, 'push', { ...props, apiServer: 'https://10.0.0.1' }),
      new PulledKubeconfig(chart, 'pull', props), new PulledKubeconfig(chart, 'other', props),
    ];
    expect([ApiObject.of(push), ApiObject.of(pull)]).toEqual([push.pushSecret, pull.externalSecret]);
    expect([push.remoteKey, pull.clusterName]).toEqual(['istio/mesh1/cluster2', 'cluster2']);
    pull.externalSecret.addJsonPatch(JsonPatch.add('/spec/refreshPolicy', 'OnChange'));
    expect([pull, other].map(({ externalSecret: object }) => object.toJson().spec.refreshPolicy))
      .toEqual(['OnChange', undefined]);
  });

test('the token that is pushed is one that the cluster has', () => {
  const files = treeOf(threeClusters());
  expect(Object.keys(files)).toContain(`cluster1/00-namespace/secret-${IstioReader.accountName(TokenSlot.BLUE)}.yaml`);
});
