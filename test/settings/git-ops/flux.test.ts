import { ApiObject } from 'cdk8s';
import { parse } from 'yaml';
import {
  type FluxOptions, type Mesh, type MeshProps, GitOps, HelmRelease, Installer, LinkDestination, RemoteCredentials,
  Trust,
} from '../../../src';
import { GIT_OPS_RULES } from '../../../src/rules/mesh/git-ops-rules';
import { crdProblems } from '../../support/custom-resources';
import { FakeIstioctls } from '../../support/fake-istioctl';
import { type Files, treeOf, treeOfFile, twoClusters, twoNetworks } from '../../support/mesh-util';
import { codedProblems } from '../../support/util';

const SOPS = { remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sops() }) };
const HUB = { kubeConfig: { secretRef: { name: '$(cluster)-kubeconfig' } } };
const CERT_MANAGER = { trust: Trust.certManager({ issuerRef: { name: 'root' } }) };
const STORE = { secretStoreRef: { name: 'vault' } };

/**
 * istioctl is the installer that needs no program here; what nobody applies of it matters to no test but that of the
 * rule.
 */
beforeEach(() => { jest.spyOn(GIT_OPS_RULES[0] as { check: unknown } as any, 'check').mockReturnValue([]); });
afterEach(() => { jest.restoreAllMocks(); });

function flux(options?: FluxOptions): Partial<MeshProps> {
  return { gitOps: GitOps.flux(options) };
}

/** What a rule tells of two clusters. */
function told(code: string, both: Partial<MeshProps>): string[] {
  return codedProblems(() => treeOf(twoClusters(both))).filter(problem => problem.endsWith(` (${code})`))
    .map(problem => problem.slice(0, -` (${code})`.length));
}

/** The files of Flux that begin so. */
function paths(files: Files, prefix = 'flux/'): string[] {
  return Object.keys(files).filter(path => path.startsWith(prefix));
}

/** A Kustomization of cluster1. */
function kustomization(files: Files, title: string): any {
  return parse(files[`flux/cluster1/kustomization-mesh1-cluster1-${title}.yaml`]);
}

/** For each Kustomization of cluster1, in order, those that it waits for. */
function order(files: Files): string[] {
  const short = (name: string) => name.replace('mesh1-cluster1-', '');
  return parse(files['flux/cluster1/kustomization.yaml']).resources.filter((name: string) =>
    name.startsWith('kustomization-')).map((name: string) => {
    const { metadata, spec: { dependsOn = [] } } = parse(files[`flux/cluster1/${name}`]);
    return [short(metadata.name), ...dependsOn.map((one: any) => `after ${short(one.name)}`)].join(' ');
  });
}

function release(mesh: Mesh, chart: string, releaseName = chart): HelmRelease {
  return new HelmRelease(mesh.cluster('cluster1'), releaseName, {
    releaseName, chart, version: '1.31.0', namespace: 'istio-system', values: { name: chart }, wait: chart === 'istiod',
  });
}

test('each cluster has a directory with a Kustomization for each step that it has, and a kustomization of them', () => {
  const files = treeOf(twoNetworks(flux()));
  expect(paths(files)).toEqual([
    'flux/cluster1/kustomization-mesh1-cluster1-exposed-services.yaml',
    'flux/cluster1/kustomization-mesh1-cluster1-namespace.yaml',
    'flux/cluster1/kustomization.yaml',
    'flux/cluster2/kustomization-mesh1-cluster2-exposed-services.yaml',
    'flux/cluster2/kustomization-mesh1-cluster2-namespace.yaml',
    'flux/cluster2/kustomization.yaml',
    'flux/kustomization.yaml',
  ]);
});

test('a Kustomization applies its step, deletes what is gone, and waits until all is ready', () => {
  const object = kustomization(treeOf(twoNetworks(flux())), 'exposed-services');
  expect(crdProblems('flux.yaml', [object])).toEqual([]);
  expect(object).toEqual({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'mesh1-cluster1-exposed-services', namespace: 'flux-system' },
    spec: {
      dependsOn: [{ name: 'mesh1-cluster1-namespace' }],
      interval: '10m',
      path: './dist/cluster1/50-exposed-services',
      prune: true,
      retryInterval: '1m',
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      timeout: '5m',
      wait: true,
    },
  });
});

test('every option stands where Flux reads it', () => {
  const files = treeOf(twoNetworks({
    ...SOPS,
    ...flux({
      sourceRef: { kind: 'OCIRepository', name: 'mesh', namespace: 'sources' },
      path: 'clusters/dist/',
      interval: '1h',
      retryInterval: '30s',
      timeout: '1m30s',
      namespace: 'gitops',
      prune: false,
      serviceAccountName: 'deployer-$(cluster)',
      decryption: { secretRef: { name: 'age-$(cluster)' } },
    }),
  }));
  const object = kustomization(files, 'links');
  expect(crdProblems('flux.yaml', [object])).toEqual([]);
  expect(object.metadata.namespace).toBe('gitops');
  expect(object.spec).toEqual({
    decryption: { provider: 'sops', secretRef: { name: 'age-cluster1' } },
    dependsOn: [{ name: 'mesh1-cluster1-namespace' }],
    interval: '1h',
    path: './clusters/links/cluster1',
    prune: false,
    retryInterval: '30s',
    serviceAccountName: 'deployer-cluster1',
    sourceRef: { kind: 'OCIRepository', name: 'mesh', namespace: 'sources' },
    timeout: '1m30s',
    wait: true,
  });
});

test('the name alone means the same as no options', () => {
  const mesh = 'meshID: mesh1\nistioVersion: 1.31.0\nnetwork: network1\nclusters: [{name: cluster1}]\n';
  const flows = ['gitOps: flux', 'gitOps: {flux: {}}'].map(form => treeOfFile(`${mesh}${form}\n`));
  const [bare, empty] =
    flows.map(files => Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith('flux/'))));
  expect(bare).toEqual(empty);
  expect(flows[0]['mesh.yaml']).toContain('gitOps: flux\n');
});

test.each<[what: string, props: Partial<MeshProps>, steps: string[]]>([
  ['no more than a namespace', {}, ['namespace']],
  ['trust', CERT_MANAGER, ['namespace', 'trust after namespace']],
  ['a tag, for the control plane', { revision: 'a', revisionTags: { prod: 'a' } },
    ['namespace', 'control-plane after namespace']],
  ['trust and a tag', { ...CERT_MANAGER, revision: 'a', revisionTags: { prod: 'a' } },
    ['namespace', 'trust after namespace', 'control-plane after trust']],
  [
    'what comes last, which waits for nothing beside it',
    {
      revision: 'a',
      revisionTags: { prod: 'a' },
      remoteCredentials: RemoteCredentials.externalSecrets(STORE),
      eastWestGateway: { install: 'always' } as any,
    },
    ['namespace', 'control-plane after namespace', 'exposed-services after control-plane',
      'remote-secrets after control-plane'],
  ],
  ['links in files, which need the namespace alone', { ...CERT_MANAGER, ...SOPS },
    ['namespace', 'trust after namespace', 'links after namespace']],
])('a step waits for the last before it that the cluster has: %s', (_, props, steps) => {
  expect(order(treeOf(twoClusters({ ...flux(), ...props })))).toEqual(steps);
});

test('a step of the user\'s own objects has a Kustomization, though they came after the mesh', () => {
  const files =
    treeOf(twoClusters(flux()),
      mesh => new ApiObject(mesh.cluster('cluster1'), 'own',
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } }));
  expect(order(files)).toEqual(['namespace', 'resources after namespace']);
  expect(paths(files, 'flux/cluster2/'))
    .toEqual(['flux/cluster2/kustomization-mesh1-cluster2-namespace.yaml', 'flux/cluster2/kustomization.yaml']);
});

test('links in files are applied from beside the tree, and decrypted where SOPS encrypted them', () => {
  const sealed = { remoteCredentials: RemoteCredentials.linked({ into: LinkDestination.sealedSecrets() }) };
  const [sops, seal] = [
    SOPS, sealed,
  ].map(links => kustomization(treeOf(twoClusters({ ...flux(), ...links })), 'links').spec);
  expect(sops).toMatchObject({
    path: './links/cluster1', decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
  });
  expect(seal.path).toBe('./links/cluster1');
  expect(seal.decryption).toBeUndefined();
});

test('a cluster without peers has no directory of links, and none is applied', () => {
  expect(order(treeOf(twoClusters({ ...flux(), ...SOPS, peers: [] })))).toEqual(['namespace']);
});

test('what SOPS encrypted of the user\'s own is decrypted where it is said how', () => {
  const own =
    (mesh: Mesh) => {
      new ApiObject(mesh.cluster('cluster1'), 'own', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'own' } });
    };
  const decryption = (options?: FluxOptions) =>
    kustomization(treeOf(twoClusters(flux(options)), own), 'resources').spec.decryption;
  expect(decryption()).toBeUndefined();
  expect(decryption({ decryption: { serviceAccountName: 'kms' } }))
    .toEqual({ provider: 'sops', serviceAccountName: 'kms' });
});

test.each<[what: string, props: Partial<MeshProps>, kinds: string[]]>([
  ['a Certificate', CERT_MANAGER, ['cert-manager.io/v1 Certificate']],
  ['an ExternalSecret', { trust: Trust.externalSecrets(STORE as any) }, ['external-secrets.io/v1 ExternalSecret']],
])('%s without a status is not ready', (_, props, kinds) => {
  const object = kustomization(treeOf(twoClusters({ ...flux(), ...props })), 'trust');
  expect(crdProblems('flux.yaml', [object])).toEqual([]);
  expect(object.spec.healthCheckExprs.map(({ apiVersion, kind }: any) => `${apiVersion} ${kind}`)).toEqual(kinds);
  expect(object.spec.healthCheckExprs[0].current)
    .toBe('status.conditions.exists(e, e.type == \'Ready\' && e.status == \'True\')');
});

test('from a hub each cluster is reached by a kubeconfig of its own, and all are listed', () => {
  const files = treeOf(twoNetworks({ ...SOPS, ...flux(HUB) }));
  expect(parse(files['flux/kustomization.yaml']).resources).toEqual(['cluster1', 'cluster2']);
  const all = paths(files).filter(path => path.includes('/kustomization-')).map(path => parse(files[path]));
  expect(crdProblems('flux.yaml', all)).toEqual([]);
  expect(all.map(({ metadata, spec }) => `${metadata.name} ${spec.kubeConfig.secretRef.name}`)).toEqual([
    'mesh1-cluster1-exposed-services cluster1-kubeconfig', 'mesh1-cluster1-links cluster1-kubeconfig',
    'mesh1-cluster1-namespace cluster1-kubeconfig',
    'mesh1-cluster2-exposed-services cluster2-kubeconfig', 'mesh1-cluster2-links cluster2-kubeconfig',
    'mesh1-cluster2-namespace cluster2-kubeconfig',
  ]);
});

test('without a hub nothing applies what is for several clusters to one', () => {
  expect(parse(treeOf(twoNetworks(flux()))['flux/kustomization.yaml']).resources).toEqual([]);
});

test('what must outlive a mistake is not pruned, and what looks like a variable is left alone, the user\'s own too',
  () => {
    const files = treeOf(twoClusters({ ...flux(), ...CERT_MANAGER }), mesh => {
      const own = (name: string, value: string) =>
        new ApiObject(mesh.cluster('cluster1'), name,
          { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value } });
      own('variable', '${HOME}');
      own('price', '$5 {a}');
      new ApiObject(mesh.cluster('cluster1'), 'apps',
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } });
    });
    const annotated = Object.keys(files)
      .filter(path => path.startsWith('cluster1/') && files[path].includes('kustomize.toolkit.fluxcd.io/'))
      .map(path => [path, parse(files[path]).metadata.annotations]);
    expect(annotated).toEqual([
      ['cluster1/00-namespace/namespace-istio-system.yaml', { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }],
      ['cluster1/10-trust/certificate-cacerts.yaml', { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }],
      ['cluster1/70-resources/configmap.variable.yaml', { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' }],
    ]);
  });

describe('what istioctl rendered', () => {
  const programs = new FakeIstioctls();
  const prints = [
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio-sidecar-injector\ndata:\n  config: ${X}\n',
    'apiVersion: apiextensions.k8s.io/v1\nkind: '
      + 'CustomResourceDefinition\nmetadata:\n  annotations:\n    helm.sh/resource-policy: keep\n  name: crd\n',
  ].join('---\n');
  beforeAll(() => { programs.add('istioctl', { version: '1.31.0', prints }); });

  const rendered = (props: Partial<MeshProps> = {}) =>
    programs.onPath(() => treeOf(twoClusters({ ...flux(), installer: Installer.rendered(), ...props })));

  test('is applied step after step, and gets annotations', () => {
    const files = rendered();
    expect(order(files)).toEqual(['namespace', 'crds after namespace', 'control-plane after crds']);
    expect(parse(files['cluster1/20-crds/customresourcedefinition-crd.yaml']).metadata).toEqual({
      name: 'crd', annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled', 'helm.sh/resource-policy': 'keep' },
    });
    expect(files['cluster1/30-control-plane/configmap-istio-sidecar-injector.yaml']).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  annotations:\n    kustomize.toolkit.fluxcd.io/substitute: '
        + 'disabled\n  name: istio-sidecar-injector\ndata:\n  config: ${X}\n',
    );
  });

  test('has the API server refuse what cannot be judged, as istiod does, by the webhooks of the cluster\'s own '
    + 'revisions alone', () => {
    const selector = (props?: Partial<MeshProps>) =>
      kustomization(rendered(props), 'control-plane').spec.patches[0].target.labelSelector;
    expect(selector()).toBe('istio.io/rev in (default)');
    expect(selector({ revision: 'a', canary: { revision: 'b', istioVersion: '1.31.0' } }))
      .toBe('istio.io/rev in (a,b)');
    const object = kustomization(rendered(), 'control-plane');
    expect(crdProblems('flux.yaml', [object])).toEqual([]);
    expect(parse(object.spec.patches[0].patch))
      .toEqual([{ op: 'add', path: '/webhooks/0/failurePolicy', value: 'Fail' }]);
  });
});

test('a tag brings a webhook that judges only where it is the default', () => {
  const patches = (tag: string) =>
    kustomization(treeOf(twoClusters({ ...flux(), revision: 'a', revisionTags: { [tag]: 'a' } })),
      'control-plane').spec.patches;
  expect(patches('default')).toHaveLength(1);
  expect(patches('prod')).toBeUndefined();
});

describe('releases of Helm', () => {
  const releases = (mesh: Mesh) => { ['base', 'istiod', 'gateway'].forEach(chart => release(mesh, chart)); };

  test('are HelmReleases in a directory for each step, with Kustomizations that apply them in order', () => {
    const files = treeOf(twoNetworks({ ...flux(), ...CERT_MANAGER }), releases);
    const repository = 'mesh1-cluster1-istio-release-storage-googleapis-com-charts';
    expect(paths(files, 'flux/cluster1/').filter(path => !path.startsWith('flux/cluster1/kustomization-'))).toEqual([
      'flux/cluster1/20-crds/helmrelease-mesh1-cluster1-base.yaml',
      'flux/cluster1/20-crds/kustomization.yaml',
      'flux/cluster1/30-control-plane/helmrelease-mesh1-cluster1-istiod.yaml',
      'flux/cluster1/30-control-plane/kustomization.yaml',
      'flux/cluster1/40-east-west-gateway/helmrelease-mesh1-cluster1-gateway.yaml',
      'flux/cluster1/40-east-west-gateway/kustomization.yaml',
      `flux/cluster1/helmrepository-${repository}.yaml`,
      'flux/cluster1/kustomization.yaml',
    ]);
    expect(order(files)).toEqual([
      'namespace', 'trust after namespace', 'crds-helm after trust', 'control-plane-helm after crds-helm',
      'east-west-gateway-helm after control-plane-helm', 'exposed-services after control-plane-helm',
    ]);
    expect(parse(files['flux/cluster1/40-east-west-gateway/helmrelease-mesh1-cluster1-gateway.yaml']).spec.install)
      .toMatchObject({ disableWait: true });
    expect(kustomization(files, 'crds-helm').spec).toMatchObject({ path: './dist/flux/cluster1/20-crds', wait: true });
    expect(parse(files[`flux/cluster1/helmrepository-${repository}.yaml`])).toEqual({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: repository, namespace: 'flux-system' },
      spec: { interval: '10m', url: 'https://istio-release.storage.googleapis.com/charts' },
    });
    expect(parse(files['flux/cluster1/30-control-plane/helmrelease-mesh1-cluster1-istiod.yaml'])).toEqual({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'mesh1-cluster1-istiod', namespace: 'flux-system' },
      spec: {
        chart: {
          spec: { chart: 'istiod', version: '1.31.0', sourceRef: { kind: 'HelmRepository', name: repository } },
        },
        driftDetection: {
          mode: 'enabled',
          ignore: [{ target: { kind: 'ValidatingWebhookConfiguration' }, paths: ['/webhooks/0/failurePolicy'] }],
        },
        install: { crds: 'CreateReplace', remediation: { retries: -1 } },
        interval: '10m',
        releaseName: 'istiod',
        storageNamespace: 'istio-system',
        targetNamespace: 'istio-system',
        timeout: '5m',
        upgrade: { crds: 'CreateReplace', remediation: { retries: 3 } },
        values: { name: 'istiod' },
      },
    });
  });

  test('stay in the hub, and lead from there to their cluster', () => {
    const files = treeOf(twoNetworks(flux({ ...HUB, serviceAccountName: 'deployer' })), releases);
    const { spec } = parse(files['flux/cluster1/20-crds/helmrelease-mesh1-cluster1-base.yaml']);
    expect(spec).toMatchObject({
      kubeConfig: { secretRef: { name: 'cluster1-kubeconfig' } }, serviceAccountName: 'deployer',
    });
    expect(kustomization(files, 'crds-helm').spec.kubeConfig).toBeUndefined();
    expect(parse(files['flux/cluster1/kustomization.yaml']).resources).not.toContain('20-crds');
  });

  test('of one name in one cluster are refused', () => {
    const twice = (mesh: Mesh) => {
      release(mesh, 'base');
      new HelmRelease(mesh.cluster('cluster1').primary, 'twin', {
        releaseName: 'base', chart: 'base', version: '1.31.0', namespace: 'elsewhere',
      });
    };
    expect(() => treeOf(twoClusters(flux()), twice))
      .toThrow("the cluster already has a release 'base'; rename one of them (IM098)");
  });

  test('of a name that Flux has no room for are refused', () => {
    const long = 'x'.repeat(49);
    const build = (name: string) => () => treeOf(twoClusters(flux()), mesh => release(mesh, 'istiod', name));
    expect(build(long.slice(1))).not.toThrow();
    expect(build(long)).toThrow(`[mesh1/cluster1/${long}] the name 'mesh1-cluster1-${long}' of its HelmRelease has 64 `
      + 'characters, but Flux uses it as a label value, which is limited to 63; shorten meshID or the cluster\'s name '
        + 'by 1 (IM098)');
  });
});

describe('IM098', () => {
  const problems = (options: FluxOptions, both: Partial<MeshProps> = {}) =>
    told('IM098', { ...flux(options), ...both });

  test.each<[option: FluxOptions, message: string]>([
    [{
      path: '/dist',
    }, "gitOps.flux.path: gitOps: flux: path '/dist' is not a relative path inside the source; write e.g. './dist'"],
    [{ path: './$(cluster)' },
      "gitOps.flux.path: gitOps: flux: path './$(cluster)' must be the same for all clusters, since their directories "
        + "are below it; remove '$(…)'"],
    [{
      path: '../dist',
    }, "gitOps.flux.path: gitOps: flux: path '../dist' is not a relative path inside the source; write e.g. './dist'"],
    [{
      path: '',
    }, "gitOps.flux.path: gitOps: flux: path '' is not a relative path inside the source; write e.g. './dist'"],
    [{
      interval: '1d',
    }, "gitOps.flux.interval: gitOps: flux: interval '1d' is not a valid duration of hours (h), minutes (m) and "
      + "seconds (s); write '24h'"],
    [{
      timeout: '5',
    }, "gitOps.flux.timeout: gitOps: flux: timeout '5' is not a valid duration of hours (h), minutes (m) and seconds "
      + "(s); write e.g. '10m'"],
    [{ sourceRef: { kind: 'HelmRepository' } },
      "gitOps.flux.sourceRef: gitOps: flux: sourceRef.kind 'HelmRepository' is not a kind of Flux source; write one of "
        + 'GitRepository, OCIRepository, Bucket, ExternalArtifact'],
    [{
      kubeConfig: {},
    }, 'gitOps.flux.kubeConfig: gitOps: flux: kubeConfig has neither secretRef nor configMapRef; set one of the two'],
    [
      { kubeConfig: { secretRef: { name: 'a' }, configMapRef: { name: 'a' } } },
      'gitOps.flux.kubeConfig: gitOps: flux: kubeConfig has both secretRef and configMapRef; set one of the two',
    ],
    [
      { kubeConfig: { secretRef: { name: 'all' } } },
      "gitOps.flux.kubeConfig: gitOps: flux: kubeConfig.secretRef is the same for 'cluster1' and 'cluster2', so both "
        + 'would be deployed to one cluster; add $(cluster) to its name',
    ],
  ])('tells of %j', (options, message) => {
    expect(problems(options)).toEqual([message]);
  });

  test.each<FluxOptions>([
    { path: 'dist' }, { path: './clusters/../dist/' }, { path: '.' }, { interval: '1h30m' },
    { retryInterval: '500ms' }, { sourceRef: { kind: 'Bucket' } },
    { kubeConfig: { secretRef: { name: 'all', key: '$(cluster)' } } },
    { kubeConfig: { configMapRef: { name: '$(cluster)' } } },
  ])('has nothing against %j', options => {
    expect(problems(options)).toEqual([]);
  });

  test.each<[FluxOptions, string]>([
    [{ namespace: 'Flux' }, 'namespace'], [{ sourceRef: { name: 'a_b' } }, 'sourceRef'],
    [{ sourceRef: { namespace: 'a.b' } }, 'sourceRef'],
    [{ serviceAccountName: 'a b' }, 'serviceAccountName'], [{ decryption: { secretRef: { name: 'A' } } }, 'decryption'],
    [{ kubeConfig: { secretRef: { name: '$(cluster)_kubeconfig' } } }, 'kubeConfig'],
  ])('refuses names that are none: %j', (options, option) => {
    expect(problems(options)).toEqual([expect.stringContaining(`gitOps.flux.${option}: gitOps: flux: ${option}`)]);
  });

  test('tells that links have no place beside a tree that is all of the source', () => {
    expect(problems({ path: './' }, SOPS)).toEqual([
      "gitOps.flux.path: gitOps: flux: path './' is the root of the source, but the files of remote secrets of "
        + "'cluster1' are next to the output directory; use a subdirectory, e.g. './dist'",
    ]);
  });

  test('counts the longest name that a cluster may get', () => {
    const meshID = 'm'.repeat(63 - '-cluster1-east-west-gateway'.length);
    expect(problems({}, { meshID })).toEqual([]);
    expect(problems({}, { meshID: `${meshID}m` })[0]).toBe(
      `clusters[0].name: cluster 'cluster1': the name '${meshID}m-cluster1-east-west-gateway' of its Kustomization has `
        + '64 characters, but Flux uses it as a label value, which is limited to 63; shorten meshID or the cluster\'s '
          + 'name by 1',
    );
    expect(problems({}, { meshID: 'My_mesh' })[0])
      .toContain("is not valid; use lower-case letters, digits, '-' and '.' in meshID");
  });
});

test('istioctl, whose files nobody would apply, is refused', () => {
  jest.restoreAllMocks();
  expect(told('IM097', flux())).toHaveLength(2);
});

test('the tree has no path that shifts: a cluster more adds a directory, and changes no other', () => {
  const three = {
    ...twoNetworks(flux()),
    clusters: [
      ...twoNetworks().clusters,
      { name: 'cluster3', network: 'network3', apiServer: 'https://cluster3.example.com:6443' },
    ],
  };
  const [before, after] = [treeOf(twoNetworks(flux())), treeOf(three)];
  expect(paths(after).filter(path => before[path] !== after[path])).toEqual(paths(after, 'flux/cluster3/'));
});
