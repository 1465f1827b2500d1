import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import { type IstioReaderProps, IstioReader, ReaderRole, TokenSlot } from '../../src';

function objectsOf(props?: IstioReaderProps): any[] {
  const chart = Testing.chart();
  new IstioReader(chart, 'reader', props);
  return Testing.synth(chart);
}

function objectOf(kind: string, props?: IstioReaderProps): any {
  const found = objectsOf(props).filter(object => object.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
}

interface Rule { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }

const READ = ['get', 'list', 'watch'];

/** Rules of `istio-reader-clusterrole` as Istio's chart istiod renders them with default values, in its order. */
const ISTIO_RULES: Rule[] = [
  {
    apiGroups: [
      'config.istio.io', 'security.istio.io', 'networking.istio.io', 'authentication.istio.io', 'rbac.istio.io',
      'telemetry.istio.io', 'extensions.istio.io',
    ],
    resources: ['*'],
    verbs: READ,
  },
  {
    apiGroups: [''],
    resources: [
      'endpoints', 'pods', 'services', 'nodes', 'replicationcontrollers', 'namespaces', 'secrets', 'configmaps',
    ],
    verbs: READ,
  },
  { apiGroups: ['networking.istio.io'], verbs: READ, resources: ['workloadentries'] },
  { apiGroups: ['networking.x-k8s.io', 'gateway.networking.k8s.io'], resources: ['gateways'], verbs: READ },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: READ },
  { apiGroups: ['multicluster.x-k8s.io'], resources: ['serviceexports'], verbs: [...READ, 'create', 'delete'] },
  { apiGroups: ['multicluster.x-k8s.io'], resources: ['serviceimports'], verbs: READ },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: READ },
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];

/** What rules permit, one line for each verb on each resource; what a `*` permits already has no line of its own. */
function permissions(rules: Rule[]): string[] {
  const all = new Set(rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap(group => resources.flatMap(resource => verbs.map(verb => `${verb} ${group}/${resource}`)))));
  return [...all].filter(permission => permission.endsWith('/*') || !all.has(permission.replace(/[^/]*$/, '*'))).sort();
}

test('the role permits what Istio\'s own reader is permitted, no less and no more', () => {
  expect(permissions(objectOf('ClusterRole').rules)).toEqual(permissions(ISTIO_RULES));
});

test('the minimal role permits the same but Secrets', () => {
  const [full, minimal] = [
    ReaderRole.FULL, ReaderRole.MINIMAL,
  ].map(role => permissions(objectOf('ClusterRole', { role }).rules));
  expect(full.filter(permission => !minimal.includes(permission)))
    .toEqual(['get /secrets', 'list /secrets', 'watch /secrets']);
  expect(minimal.filter(permission => !full.includes(permission))).toEqual([]);
});

test('the accounts are the library\'s own, apart from that of Istio\'s base chart', () => {
  expect(objectsOf().filter(({ kind }) => kind === 'ServiceAccount'))
    .toEqual(['istio-mesh-reader-blue', 'istio-mesh-reader-green'].map(name => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace: 'istio-system' },
    })));
});

test('the role is bound to both accounts', () => {
  const role = objectOf('ClusterRole');
  expect({ apiVersion: role.apiVersion, metadata: role.metadata })
    .toEqual({ apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'istio-mesh-reader-istio-system' } });
  expect(objectOf('ClusterRoleBinding')).toEqual({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'istio-mesh-reader-istio-system' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'istio-mesh-reader-istio-system' },
    subjects: [
      'istio-mesh-reader-blue', 'istio-mesh-reader-green',
    ].map(name => ({ kind: 'ServiceAccount', name, namespace: 'istio-system' })),
  });
});

test('Kubernetes fills both token Secrets, each for an account of its own, whichever is active', () => {
  const secret = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'istio-system', annotations: { 'kubernetes.io/service-account.name': name } },
    type: 'kubernetes.io/service-account-token',
  });
  for (const activeToken of [undefined, TokenSlot.BLUE, TokenSlot.GREEN]) {
    expect(objectsOf({ activeToken }).filter(({ kind }) => kind === 'Secret'))
      .toEqual([secret('istio-mesh-reader-blue'), secret('istio-mesh-reader-green')]);
  }
});

test('there are no accounts where tokens are not used, and the role is for whom the user binds it to', () => {
  expect(objectsOf({ accounts: false }).map(({ kind }) => kind)).toEqual(['ClusterRole']);
});

test('the accounts stand before their token Secrets, which Kubernetes deletes where there is none', () => {
  expect(objectsOf().map(({ kind }) => kind))
    .toEqual(['ServiceAccount', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Secret', 'Secret']);
});

test('another namespace is that of every object, and part of the names that are one for the cluster', () => {
  const [one, two, role, binding, blue, green] = objectsOf({ namespace: 'istio-green' });
  expect([one, two, blue, green, ...binding.subjects].map(object => (object.metadata ?? object).namespace))
    .toEqual(Array(6).fill('istio-green'));
  expect([role.metadata, binding.metadata, binding.roleRef].map(({ name }) => name))
    .toEqual(Array(3).fill('istio-mesh-reader-istio-green'));
});

test('the reader tells which token travels and where it is', () => {
  const reader = new IstioReader(Testing.chart(), 'reader', { activeToken: TokenSlot.GREEN });
  expect(reader.activeToken).toBe('green');
  expect(IstioReader.accountName(reader.activeToken)).toBe('istio-mesh-reader-green');
  expect(new IstioReader(Testing.chart(), 'reader').activeToken).toBe('blue');
});

test('the role is the default child, and a patch of any object stays', () => {
  const chart = Testing.chart();
  const reader = new IstioReader(chart, 'reader');
  expect(reader.node.defaultChild).toBe(reader.clusterRole);
  expect(ApiObject.of(reader)).toBe(reader.clusterRole);
  reader.serviceAccounts[0].addJsonPatch(JsonPatch.add('/anyField', 'kept'));
  reader.clusterRole.addJsonPatch(JsonPatch.add('/rules/0/verbs/-', 'patch'));
  const [account, , role] = Testing.synth(chart);
  expect(account.anyField).toBe('kept');
  expect(role.rules[0].verbs).toEqual(['get', 'list', 'watch', 'patch']);
});

test('a patch of one reader leaves the others alone', () => {
  const patched = new IstioReader(Testing.chart(), 'reader');
  patched.clusterRole.addJsonPatch(JsonPatch.add('/rules/0/verbs/-', 'patch'));
  patched.clusterRole.toJson();
  expect(objectOf('ClusterRole').rules[0].verbs).toEqual(['get', 'list', 'watch']);
});
