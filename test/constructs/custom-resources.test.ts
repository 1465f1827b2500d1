import { judge } from '../support/custom-resources';

const APPLICATION = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'mesh1-cluster1', namespace: 'argocd' },
  spec: {
    project: 'mesh1',
    source: { repoURL: 'https://git.example.com/mesh', targetRevision: 'HEAD', path: 'dist/cluster1' },
    destination: { name: 'cluster1', namespace: 'istio-system' },
    syncPolicy: { automated: { prune: true }, syncOptions: ['ServerSideApply=true'] },
  },
};

const OBJECTS = [
  APPLICATION,
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: 'mesh1', namespace: 'argocd' },
    spec: {
      sourceRepos: ['https://git.example.com/mesh'],
      destinations: [{ name: 'cluster1', namespace: '*' }],
      clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    },
  },
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'mesh1', namespace: 'argocd' },
    spec: {
      generators: [{ list: { elements: [{ cluster: 'cluster1' }] } }],
      template: { metadata: { name: 'mesh1-{{cluster}}' }, spec: APPLICATION.spec },
    },
  },
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'cluster1-00-namespace', namespace: 'flux-system' },
    spec: {
      interval: '10m',
      path: './dist/cluster1/00-namespace',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      dependsOn: [{ name: 'other' }],
    },
  },
  {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: {
      interval: '10m',
      chart: { spec: { chart: 'istiod', version: '1.31.0', sourceRef: { kind: 'HelmRepository', name: 'istio' } } },
      values: { global: { meshID: 'mesh1' } },
    },
  },
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: 'mesh', namespace: 'flux-system' },
    spec: { interval: '1m', url: 'https://git.example.com/mesh', ref: { branch: 'main' } },
  },
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: 'istio', namespace: 'istio-system' },
    spec: { interval: '1h', url: 'https://charts.example.com/istio' },
  },
  {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: { interval: '1h', url: 'oci://charts.example.com/istiod', ref: { tag: '1.31.0' } },
  },
  {
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec: {
      version: 'v1.30.3',
      namespace: 'istio-system',
      values: { global: { meshID: 'mesh1' }, pilot: { env: { PILOT_ENABLE_STATUS: 'true' } } },
    },
  },
  {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioRevisionTag',
    metadata: { name: 'prod' },
    spec: { targetRef: { kind: 'Istio', name: 'default' } },
  },
  {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioCNI',
    metadata: { name: 'default' },
    spec: { version: 'v1.30.3', namespace: 'istio-cni', values: { cni: { logging: { level: 'default:info' } } } },
  },
];

test.each(OBJECTS.map(object => [object.kind, object]))('a good %s is accepted, and one with an unknown field refused',
  (kind, object) => {
    expect(judge(object)).toEqual([]);
    expect(judge({ ...object, spec: { ...object.spec, unknown: true } }))
      .toEqual([
        `${kind} '${object.metadata.name}': instance.spec is not allowed to have the additional property "unknown"`,
      ]);
  });

test('a field deep in the values of an Istio object is judged', () => {
  const values = { global: { multiCluster: { clusterNam: 'cluster1' } } };
  expect(judge({
    apiVersion: 'sailoperator.io/v1',
    kind: 'Istio',
    metadata: { name: 'default' },
    spec: { version: 'v1.30.3', namespace: 'istio-system', values },
  }))
    .toEqual([
      'Istio \'default\': instance.spec.values.global.multiCluster is not allowed to have the additional property '
        + '"clusterNam"',
    ]);
});

test('a kind with a compiled validator is judged by that too', () => {
  expect(judge({ ...APPLICATION, spec: { ...APPLICATION.spec, project: 1 } })).toEqual([
    'Application \'mesh1-cluster1\': instance.spec.project is not of a type(s) string',
    'Application \'mesh1-cluster1\': data/spec/project must be string',
  ]);
});

test('a kind that no CRD has is refused', () => {
  expect(judge({ apiVersion: 'argoproj.io/v1', kind: 'Application', metadata: { name: 'a' } }))
    .toEqual(['Application \'a\': no CRD has the kind of version argoproj.io/v1']);
  expect(judge({ apiVersion: 'example.com/v1', kind: 'Application', metadata: { name: 'a' } }))
    .toEqual(['Application \'a\': no CRD has the kind of version example.com/v1']);
});
