import { ApiObject, JsonPatch } from 'cdk8s';
import { stringify, parse } from 'yaml';
import {
  type ArgoCdOptions, type HelmReleaseProps, type MeshProps, GitOps, HelmRelease, Installer, LinkDestination, Mesh,
  RemoteCredentials, Trust,
} from '../../../src';
import { objectIn, Step } from '../../../src/core/step';
import { ArgoCdGitOps } from '../../../src/settings/git-ops/argo-cd';
import { judge } from '../../support/custom-resources';
import { FakeIstioctls } from '../../support/fake-istioctl';
import { type Files, quietApp, treeOf, treeOfFile, twoClusters, twoNetworks } from '../../support/mesh-util';
import { codedProblems } from '../../support/util';

const REPOSITORY = 'https://git.example.com/mesh.git';
const CHARTS = 'https://istio-release.storage.googleapis.com/charts';
const SEALED = { remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sealedSecrets() }) };

function argoCd(options: Partial<ArgoCdOptions> = {}): Partial<MeshProps> {
  return { gitOps: GitOps.argoCd({ repoURL: REPOSITORY, ...options }), installer: Installer.external() };
}

/** Paths of Argo CD's files. */
function paths(files: Files): string[] {
  return Object.keys(files).filter(path => path.startsWith('argocd/'));
}

const OF_CLUSTER1 = 'argocd/application-mesh1-cluster1.yaml';

function applicationOf(props: MeshProps, patch?: (mesh: Mesh) => void): any {
  return parse(treeOf(props, patch)[OF_CLUSTER1]);
}

test('an AppProject and an Application for each cluster are all that is made', () => {
  const files = treeOf(twoClusters(argoCd()));
  expect(paths(files)).toEqual([
    'argocd/application-mesh1-cluster1.yaml', 'argocd/application-mesh1-cluster2.yaml', 'argocd/appproject-mesh1.yaml',
    'argocd/kustomization.yaml',
  ]);
  expect(parse(files['argocd/kustomization.yaml']).resources)
    .toEqual(['appproject-mesh1.yaml', 'application-mesh1-cluster1.yaml', 'application-mesh1-cluster2.yaml']);
});

test('an Application applies the directory of its cluster by itself, server-side, and leaves what istiod writes into '
  + 'webhooks', () => {
  const webhook = '.webhooks[]? | select(.name | endswith(".istio.io")) |';
  const application = applicationOf(twoClusters(argoCd()));
  expect(judge(application)).toEqual([]);
  expect(application).toEqual({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'mesh1-cluster1', namespace: 'argocd' },
    spec: {
      project: 'mesh1',
      source: { repoURL: REPOSITORY, targetRevision: 'HEAD', path: 'dist/cluster1' },
      destination: { name: 'cluster1', namespace: 'istio-system' },
      ignoreDifferences: [
        {
          group: 'admissionregistration.k8s.io',
          kind: 'MutatingWebhookConfiguration',
          jqPathExpressions: [`${webhook} .clientConfig.caBundle`],
        },
        {
          group: 'admissionregistration.k8s.io',
          kind: 'ValidatingWebhookConfiguration',
          jqPathExpressions: [`${webhook} .clientConfig.caBundle`, `${webhook} .failurePolicy`],
        },
      ],
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5, backoff: { duration: '10s', factor: 3, maxDuration: '3m' } },
        syncOptions: ['ServerSideApply=true', 'SkipDryRunOnMissingResource=true', 'RespectIgnoreDifferences=true'],
      },
    },
  });
});

test('every option stands where Argo CD reads it', () => {
  const files = treeOf(twoClusters({
    namespace: 'mesh-system',
    ...argoCd({
      targetRevision: 'v1',
      path: './clusters/',
      namespace: 'gitops',
      project: 'platform',
      applicationName: 'istio-$(cluster)',
      destinationName: 'prod-$(cluster)',
      automated: false,
      cascade: true,
    }),
  }));
  expect(paths(files)).toEqual([
    'argocd/application-istio-cluster1.yaml', 'argocd/application-istio-cluster2.yaml', 'argocd/kustomization.yaml',
  ]);
  const { metadata, spec } = parse(files['argocd/application-istio-cluster1.yaml']);
  expect(metadata).toEqual({
    name: 'istio-cluster1', namespace: 'gitops', finalizers: ['resources-finalizer.argocd.argoproj.io'],
  });
  expect(spec).toMatchObject({
    project: 'platform',
    source: { repoURL: REPOSITORY, targetRevision: 'v1', path: 'clusters/cluster1' },
    destination: { name: 'prod-cluster1', namespace: 'mesh-system' },
  });
  expect(Object.keys(spec.syncPolicy).sort()).toEqual(['retry', 'syncOptions']);
});

test('the AppProject allows this repository, these clusters, and of kinds without a namespace those that there may be',
  () => {
    const files = treeOf(twoClusters(argoCd()), mesh => {
      new ApiObject(mesh.cluster('cluster1'), 'class',
        { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'a' } });
      new ApiObject(mesh.cluster('cluster2'), 'config',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' } });
    });
    const project = parse(files['argocd/appproject-mesh1.yaml']);
    expect(judge(project)).toEqual([]);
    expect(project.metadata).toEqual({ name: 'mesh1', namespace: 'argocd' });
    const { clusterResourceWhitelist, ...spec } = project.spec;
    expect(spec).toEqual({
      description: 'Istio mesh mesh1',
      sourceRepos: [REPOSITORY],
      destinations: [{ name: 'cluster1', namespace: '*' }, { name: 'cluster2', namespace: '*' }],
    });
    expect(clusterResourceWhitelist.map(({ group, kind }: any) => `${group}/${kind}`)).toEqual([
      '/Namespace',
      'admissionregistration.k8s.io/MutatingWebhookConfiguration',
      'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
      'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
      'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
      'apiextensions.k8s.io/CustomResourceDefinition',
      'rbac.authorization.k8s.io/ClusterRole',
      'rbac.authorization.k8s.io/ClusterRoleBinding',
      'sailoperator.io/Istio',
      'sailoperator.io/IstioCNI',
      'sailoperator.io/IstioRevisionTag',
      'sailoperator.io/ZTunnel',
      'scheduling.k8s.io/PriorityClass',
    ]);
  });

describe('waves', () => {
  const WAVE = 'argocd.argoproj.io/sync-wave';
  const annotationsIn = (step: Step, metadata: object = {}) => {
    const files = treeOf(twoClusters({ ...argoCd(), peers: [] }), mesh => {
      objectIn(step, mesh.cluster('cluster1'), 'own',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own', namespace: 'istio-system', ...metadata } });
    });
    const [, text] = Object.entries(files)
      .find(([path]) => path.startsWith(`cluster1/${step}/`) && path.endsWith('own.yaml'))!;
    return parse(text).metadata.annotations;
  };

  test.each([
    [Step.NAMESPACE, '-30'], [Step.TRUST, '-20'], [Step.CRDS, '-10'], [Step.CONTROL_PLANE, undefined],
    [Step.EAST_WEST_GATEWAY, '10'], [Step.EXPOSED_SERVICES, '10'], [Step.REMOTE_SECRETS, '10'], [Step.RESOURCES, '10'],
  ])('%s is in wave %s', (step, wave) => expect(annotationsIn(step)?.[WAVE]).toBe(wave));

  test('a wave that the user says is kept, and other annotations are', () => {
    expect(annotationsIn(Step.RESOURCES, { annotations: { [WAVE]: '-5', other: 'a' } }))
      .toEqual({ [WAVE]: '-5', other: 'a' });
    expect(annotationsIn(Step.RESOURCES, { annotations: { other: 'a' } })).toEqual({ [WAVE]: '10', other: 'a' });
  });

  test('pods are not annotated', () => {
    const files = treeOf(twoClusters({ ...argoCd(), peers: [] }), mesh => {
      new ApiObject(mesh.cluster('cluster1'), 'own',
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'own' },
          spec: { template: { metadata: { labels: { a: 'b' } } } },
        });
    });
    const [, text] = Object.entries(files)
      .find(([path]) => path.endsWith('deployment.apps.own.yaml') || path.endsWith('own.yaml'))!;
    expect(parse(text)).toMatchObject({
      metadata: { annotations: { [WAVE]: '10' } }, spec: { template: { metadata: { labels: { a: 'b' } } } },
    });
    expect(text.match(/sync-wave/g)).toHaveLength(1);
  });
});

test('the namespace, what brings cacerts, and CRDs are not pruned, and no other object is protected', () => {
  const SYNC = 'argocd.argoproj.io/sync-options';
  const trust = Trust.certManager({ issuerRef: { name: 'root' } });
  const files = treeOf(twoClusters({ ...argoCd(), trust }), mesh => {
    objectIn(Step.CRDS, mesh.cluster('cluster1'), 'crd',
      { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'a.b' } });
    new ApiObject(mesh.cluster('cluster1'), 'own', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'own' } });
  });
  const manifests = Object.entries(files).filter(([path]) => /^cluster1\/\d\d-.*\/(?!kustomization)/.test(path))
    .map(([path, text]) => [path, parse(text)] as const);
  expect(manifests.filter(([, { metadata }]) => metadata.annotations?.[SYNC] === 'Prune=false,Delete=false')
    .map(([path]) => path)).toEqual([
    'cluster1/00-namespace/namespace-istio-system.yaml', 'cluster1/10-trust/certificate-cacerts.yaml',
    'cluster1/20-crds/customresourcedefinition-a.b.yaml',
  ]);
  expect(manifests.filter(([, { metadata }]) => metadata.annotations?.[SYNC])).toHaveLength(3);
});

describe('links in files', () => {
  test('are a second source, beside the tree', () => {
    const { spec } = applicationOf(twoClusters({ ...argoCd({ path: 'mesh/dist' }), ...SEALED }));
    expect(spec.source).toBeUndefined();
    expect(spec.sources.map(({ path }: any) => path)).toEqual(['mesh/dist/cluster1', 'mesh/links/cluster1']);
  });

  test('are no source of a cluster that gets none', () => {
    expect(applicationOf(twoClusters({ ...argoCd(), ...SEALED, peers: [] })).spec.source.path).toBe('dist/cluster1');
  });
});

describe('releases of Helm', () => {
  const HELM = { ...argoCd(), installer: Installer.helm() };
  const chartOf = (props: Partial<HelmReleaseProps>) =>
    applicationOf(twoClusters({ ...argoCd(), peers: [] }),
      mesh => new HelmRelease(mesh.cluster('cluster1'), 'Release', {
        releaseName: 'istiod', chart: 'istiod', version: '1.31.0', namespace: 'istio-system', ...props,
      })).spec.sources[1];

  test('are sources of the Application of their cluster, so that namespace and trust come first, and no files', () => {
    const files = treeOf(twoNetworks(HELM));
    const application = parse(files[OF_CLUSTER1]);
    expect(judge(application)).toEqual([]);
    expect(application.spec.sources.map(({ helm, ...source }: any) => [helm?.releaseName, source])).toEqual([
      [undefined, { repoURL: REPOSITORY, targetRevision: 'HEAD', path: 'dist/cluster1' }],
      ...[['istio-base', 'base'], ['istiod', 'istiod'],
        ['istio-eastwestgateway', 'gateway']].map(([name, chart]) =>
        [name, { repoURL: CHARTS, chart, targetRevision: '1.31.0' }]),
    ]);
    expect(parse(application.spec.sources[2].helm.values))
      .toMatchObject({ global: { meshID: 'mesh1', network: 'network1', multiCluster: { clusterName: 'cluster1' } } });
    expect(parse(application.spec.sources[3].helm.values).annotations)
      .toEqual({ 'argocd.argoproj.io/sync-wave': '10' });
    expect(Object.keys(files).filter(path => path.includes('/helm/'))).toEqual([]);
    expect(parse(files['argocd/appproject-mesh1.yaml']).spec.sourceRepos).toEqual([REPOSITORY, CHARTS]);
  });

  test('keep text that is no number, and nulls, which remove what a chart has by itself', () => {
    const { spec } =
      applicationOf(twoClusters({ ...argoCd(), peers: [] }),
        mesh => new HelmRelease(mesh.cluster('cluster1'), 'Release', {
          releaseName: 'istiod',
          chart: 'istiod',
          version: '1.31.0',
          namespace: 'istio-system',
          values: { meshConfig: { accessLogFile: '1e3' } },
        }).addJsonPatch(JsonPatch.add('/pilot', { memory: null })));
    expect(spec.sources[1].helm)
      .toEqual({ releaseName: 'istiod', values: 'meshConfig:\n  accessLogFile: "1e3"\npilot:\n  memory: null\n' });
  });

  test('that are gateways wait for the control plane, unless their values say when they come', () => {
    expect(parse(chartOf({ chart: 'gateway', values: { a: 1 } }).helm.values))
      .toEqual({ a: 1, annotations: { 'argocd.argoproj.io/sync-wave': '10' } });
    const annotations = { 'argocd.argoproj.io/sync-wave': '20', 'b': 'c' };
    expect(parse(chartOf({ chart: 'gateway', values: { annotations } }).helm.values)).toEqual({ annotations });
    expect(parse(chartOf({ chart: 'other', values: { a: 1 } }).helm.values)).toEqual({ a: 1 });
  });

  test('say a namespace of their own, and no values where there are none', () => {
    expect(chartOf({ namespace: 'kube-system' }).helm).toEqual({ releaseName: 'istiod', namespace: 'kube-system' });
  });

  test('get the namespace that they bring with them', () => {
    const files =
      treeOf(twoClusters({ ...HELM, peers: [], components: { cni: { enabled: true, namespace: 'istio-cni' } } }));
    expect(parse(files['cluster1/00-namespace/namespace-istio-cni.yaml']).metadata.name).toBe('istio-cni');
    const system =
      treeOf(twoClusters({ ...HELM, peers: [], components: { cni: { enabled: true, namespace: 'kube-system' } } }));
    expect(Object.keys(system).filter(path => path.includes('namespace-')))
      .toEqual(['cluster1', 'cluster2'].map(name => `${name}/00-namespace/namespace-istio-system.yaml`));
  });

  test('are found in a registry by its address alone, as Argo CD knows it', () => {
    expect(chartOf({ repository: 'oci://registry.example.com/istio' }))
      .toMatchObject({ repoURL: 'registry.example.com/istio', chart: 'istiod' });
  });
});

describe('an ApplicationSet', () => {
  /** What the controller makes of an element: each template in a text, and then the patch over all of it. */
  const generated = ({ spec }: any, element: any): any => {
    const filled = (text: string) =>
      text.replace(/\{\{ (toJson )?\.(\w+) \}\}/g,
        (_, json, key) => json ? JSON.stringify(element[key]) : element[key]);
    const { metadata, spec: application } = JSON.parse(filled(JSON.stringify(spec.template)));
    const patch = spec.templatePatch ? parse(filled(spec.templatePatch)) : {};
    return { metadata, spec: { ...application, ...patch.spec } };
  };

  test.each<[what: string, props: Partial<MeshProps>, options: Partial<ArgoCdOptions>, hasPatch: boolean]>([
    ['alike', {}, {}, false],
    ['with options', {}, {
      path: 'a/b',
      applicationName: '$(cluster)',
      destinationName: 'x-$(cluster)',
      automated: false,
      cascade: true,
      project: 'p',
    }, false],
    ['with links in files', SEALED, {}, true],
    ['with releases of Helm', { installer: Installer.helm() }, {}, true],
  ])('makes the Applications of clusters %s that there would be without it', (_, props, options, hasPatch) => {
    const files = treeOf(twoClusters({ ...argoCd({ ...options, applicationSet: true }), ...props }));
    const [path, ...others] = paths(files).filter(one => one.includes('/application'));
    expect(others).toEqual([]);
    const set = parse(files[path]);
    expect(judge(set)).toEqual([]);
    expect(set.metadata).toEqual({ name: 'mesh1', namespace: 'argocd' });
    expect(set.spec).toMatchObject({
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      syncPolicy: { preserveResourcesOnDeletion: !options.cascade },
    });
    expect(set.spec.templatePatch !== undefined).toBe(hasPatch);
    const single = treeOf(twoClusters({ ...argoCd(options), ...props }));
    const expected = paths(single).filter(one => one.includes('/application-')).map(one => parse(single[one]))
      .map(({ metadata: { namespace: __, ...metadata }, spec }) => ({ metadata, spec }));
    expect(set.spec.generators[0].list.elements.map((element: any) => generated(set, element))).toEqual(expected);
  });

  test('has the name that the Applications have in common', () => {
    const nameOf = (applicationName: string) =>
      paths(treeOf(twoClusters(argoCd({ applicationSet: true, applicationName }))))
        .find(path => path.includes('applicationset'));
    expect(nameOf('istio-$(cluster)')).toBe('argocd/applicationset-istio.yaml');
    expect(nameOf('$(cluster)-istio')).toBe('argocd/applicationset-istio.yaml');
    expect(nameOf('$(cluster)')).toBe('argocd/applicationset-mesh1.yaml');
  });
});

describe('what Argo CD cannot do is refused', () => {
  const refused = (options: Partial<ArgoCdOptions>, props: Partial<MeshProps> = {}) =>
    codedProblems(() => new Mesh(quietApp(), 'mesh', twoClusters({ ...props, ...argoCd(options) })));
  const at = (field: string, message: string) => [`gitOps.argoCd.${field}: ${message} (IM098)`];

  test.each([
    'https://git.example.com/mesh.git', 'http://gitea.gitea/mesh', 'ssh://git@git.example.com:22/mesh.git',
    'git@git.example.com:org/mesh.git',
  ])('repoURL %s is one', repoURL => {
    expect(refused({ repoURL })).toEqual([]);
  });

  test.each([
    '', 'git.example.com/mesh', 'https://', 'https://git.example.com', 'file:///mesh', 'git@git.example.com',
    'https://git.example.com/a b', '../mesh',
  ])('repoURL %p is none', repoURL => {
    expect(refused({ repoURL }))
      .toEqual(at('repoURL', `repoURL '${repoURL}' is not the URL of a Git repository; write e.g. `
        + '\'https://git.example.com/mesh.git\' or \'git@git.example.com:mesh.git\''));
  });

  test.each([
    'https://user:s3cret@git.example.com/mesh', 'https://s3cret@git.example.com/mesh',
    'ssh://git:s3cret@git.example.com/mesh',
  ])('credentials in %s, and they are not told', repoURL => {
    const found = refused({ repoURL });
    expect(found).toEqual(at('repoURL',
      'repoURL has credentials, which anyone who can read the repository would see; remove them, and store them in a '
        + 'Secret with the label argocd.argoproj.io/secret-type: repository instead'));
    expect(found.join()).not.toContain('s3cret');
  });

  test('a path with $(cluster), below which each cluster has its directory already', () => {
    expect(refused({ path: 'dist-$(cluster)' }))
      .toEqual(at('path', 'path \'dist-$(cluster)\' must be the same for all clusters, since their directories are '
        + 'below it; remove \'$(…)\''));
  });

  test.each(['', '/dist', '../dist', 'a/../../dist', 'a\\b'])('path %p', path => {
    expect(refused({ path }))
      .toEqual(at('path', `path '${path}' is not a relative path inside the repository; write e.g. 'dist'`));
  });

  test('the root of the repository where links lie beside the tree', () => {
    expect(refused({ path: './' })).toEqual([]);
    expect(refused({ path: './' }, SEALED))
      .toEqual(at('path', 'path \'./\' is the root of the repository, but the files of remote secrets are next to the '
        + 'output directory; use a subdirectory, e.g. \'dist\''));
  });

  test('names that Kubernetes does not take', () => {
    expect(refused({ namespace: 'Argo' }))
      .toEqual(at('namespace',
        'namespace \'Argo\' is not a valid DNS label (1 to 63 lower-case letters, digits and \'-\', starting and '
          + 'ending with a letter or digit); write \'argo\''));
    expect(refused({ project: 'My Project' })[0])
      .toMatch(/^gitOps\.argoCd\.project: project 'My Project' is not a valid object name .*\(IM098\)$/);
    expect(refused({ applicationName: 'A-$(cluster)' }))
      .toEqual(at('applicationName',
        'the name \'A-cluster1\' is not a valid name of an Application: lower-case letters, digits, \'-\' and \'.\', a '
          + 'letter or digit first and last; write another applicationName, e.g. \'$(cluster)\''));
  });

  test('a meshID that is no name, unless the names that follow from it are said', () => {
    expect(refused({}, { meshID: 'Mesh_1' })).toEqual([
      ...at('project', 'meshID \'Mesh_1\' is not a valid name of an AppProject: lower-case letters, digits, \'-\' and '
        + '\'.\'; set project to an existing one'),
      ...at('applicationName',
        'the name \'Mesh_1-cluster1\' is not a valid name of an Application: lower-case letters, digits, \'-\' and '
          + '\'.\', a letter or digit first and last; write another applicationName, e.g. \'$(cluster)\''),
    ]);
    expect(refused({ project: 'mesh', applicationName: 'mesh-$(cluster)' }, { meshID: 'Mesh_1' })).toEqual([]);
  });

  test('a name of an Application beyond 63 characters', () => {
    const prefix = (length: number) => `${'a'.repeat(length - '-cluster1'.length)}-$(cluster)`;
    expect(refused({ applicationName: prefix(63) })).toEqual([]);
    expect(refused({ applicationName: prefix(64) }))
      .toEqual(at('applicationName',
        `the name '${'a'.repeat(55)}-cluster1' has 64 characters, but that of an Application is limited to 63; write `
          + 'another applicationName, e.g. \'$(cluster)\''));
  });

  test('one name for several clusters', () => {
    expect(refused({ destinationName: 'prod' }))
      .toEqual(at('destinationName',
        'destinationName \'prod\' is the same for all clusters, but must differ; write e.g. \'prod-$(cluster)\''));
    expect(refused({ applicationName: 'prod' }))
      .toEqual(at('applicationName',
        'applicationName \'prod\' is the same for all clusters, but must differ; write e.g. \'prod-$(cluster)\''));
    expect(refused({ destinationName: 'in-cluster', applicationName: 'istio' },
      { clusters: [{ name: 'cluster1', apiServer: 'https://a' }] })).toEqual([]);
  });

  test('what an ApplicationSet would take for an expression', () => {
    expect(refused({ destinationName: '{{$(cluster)}}' })).toEqual([]);
    expect(refused({ destinationName: '{{$(cluster)}}', applicationSet: true }))
      .toEqual(at('destinationName',
        'destinationName \'{{$(cluster)}}\' contains \'{{\', which starts an expression in an ApplicationSet; remove '
          + 'it, or remove applicationSet'));
  });

  test('links that sops encrypts, at each cluster that gets them', () => {
    const sops = { remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sops() }) };
    const message = (cluster: string) =>
      `cluster '${cluster}': Argo CD does not decrypt remote secrets that sops encrypts; set linked.into to `
        + 'sealedSecrets or peers (IM098)';
    expect(refused({}, sops))
      .toEqual([0, 1].map(i => `clusters[${i}].remoteCredentials: ${message(`cluster${i + 1}`)}`));
    expect(refused({}, { ...sops, peers: [] })).toEqual([]);
    expect(refused({}, SEALED)).toEqual([]);
  });
});

test('the health of the kinds of the Sail operator is a setting of Argo CD, which is applied apart, and only where '
  + 'that installs Istio', () => {
  const files = treeOf(twoClusters({ ...argoCd({ namespace: 'gitops' }), installer: Installer.sail() }));
  expect(paths(files)).toEqual([
    'argocd/application-mesh1-cluster1.yaml', 'argocd/application-mesh1-cluster2.yaml', 'argocd/appproject-mesh1.yaml',
    'argocd/health/configmap-argocd-cm.yaml', 'argocd/health/kustomization.yaml', 'argocd/kustomization.yaml',
  ]);
  expect(files['argocd/kustomization.yaml']).not.toContain('health');
  const settings = parse(files['argocd/health/configmap-argocd-cm.yaml']);
  expect(settings.metadata)
    .toEqual({ name: 'argocd-cm', namespace: 'gitops', labels: { 'app.kubernetes.io/part-of': 'argocd' } });
  expect(Object.keys(settings.data))
    .toEqual([
      'Istio', 'IstioCNI', 'IstioRevision', 'IstioRevisionTag', 'ZTunnel',
    ].map(kind => `resource.customizations.health.sailoperator.io_${kind}`));
  expect(new Set(Object.values(settings.data)).size).toBe(1);
});

test('what istioctl rendered is annotated too, and is otherwise what it wrote', () => {
  const fakes = new FakeIstioctls();
  fakes.add('istioctl', { version: '1.31.0' });
  const props = twoNetworks({ ...argoCd(), installer: Installer.rendered() });
  const [plain, annotated] = [{ ...props, gitOps: undefined }, props].map(one => fakes.onPath(() => treeOf(one)));
  const crd = 'cluster1/20-crds/customresourcedefinition-gateways.networking.istio.io.yaml';
  expect(parse(annotated[crd]).metadata.annotations)
    .toMatchObject({
      'argocd.argoproj.io/sync-wave': '-10', 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    });
  expect(annotated[crd].replace(/ +argocd\..*\n/g, '').replace('  annotations:\n', ''))
    .toBe(plain[crd].replace('  annotations:\n', ''));
  expect(parse(annotated['cluster1/40-east-west-gateway/service-istio-eastwestgateway.yaml']).metadata.annotations)
    .toEqual({ 'argocd.argoproj.io/sync-wave': '10' });
  expect(annotated['cluster1/30-control-plane/deployment-istiod.yaml'])
    .toBe(plain['cluster1/30-control-plane/deployment-istiod.yaml']);
});

test('gateways that a profile installs beside the control plane wait for it', () => {
  const waveOf = (component: string) => new ArgoCdGitOps({ repoURL: REPOSITORY })._annotations({
    step: Step.CONTROL_PLANE,
    apiVersion: 'v1',
    kind: 'Service',
    name: 'a',
    text: `metadata:\n  labels:\n    operator.istio.io/component: ${component}\n`,
  });
  expect(['IngressGateways', 'EgressGateways', 'Pilot'].map(waveOf))
    .toEqual([{ 'argocd.argoproj.io/sync-wave': '10' }, { 'argocd.argoproj.io/sync-wave': '10' }, {}]);
});

test('its form in a file is that of the code, and comes back in mesh.yaml', () => {
  const gitOps = { argoCd: { repoURL: REPOSITORY, path: 'tree', applicationSet: true } };
  const inCode = treeOf(twoNetworks({ gitOps: GitOps.argoCd(gitOps.argoCd), installer: Installer.external() }));
  expect(treeOfFile(stringify({ ...twoNetworks(), gitOps, installer: 'external' }))).toEqual(inCode);
  expect(parse(inCode['mesh.yaml']).gitOps).toEqual(gitOps);
});

test('its objects can be patched before they are written', () => {
  const { spec } = applicationOf(twoClusters(argoCd()), mesh =>
    (mesh.gitOps!.node.findChild('Application-cluster1') as ApiObject)
      .addJsonPatch(JsonPatch.add('/spec/syncPolicy/retry/limit', 9)));
  expect(spec).toMatchObject({ project: 'mesh1', syncPolicy: { retry: { limit: 9, backoff: { factor: 3 } } } });
});

test('a mesh without gitOps has neither a directory of Argo CD nor annotations', () => {
  const files = treeOf(twoClusters());
  expect(paths(files)).toEqual([]);
  expect(Object.values(files).join()).not.toContain('argocd');
});
