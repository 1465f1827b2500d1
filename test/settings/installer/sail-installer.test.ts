import { JsonPatch, Testing } from 'cdk8s';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import {
  type ClusterProps, type IstioPrimaryProps, type MeshProps, type SailOptions, GatewayInstall, Installer, IstioPrimary,
  LoadBalancer, SailUpdateStrategyType,
} from '../../../src';
import { problemText } from '../../../src/core/rule';
import { manifestDiagnostics } from '../../../src/rules/manifest/manifest-diagnostics';
import { manifestsOf } from '../../../src/rules/manifest/manifests';
import { sailProblems } from '../../../src/settings/installer/sail-schema';
import { judge } from '../../support/custom-resources';
import { type Files, treeOf, twoClusters, twoNetworks } from '../../support/mesh-util';
import { codedProblems, problems } from '../../support/util';

const REVISION_BASED: SailOptions = { updateStrategy: { type: SailUpdateStrategyType.REVISION_BASED } };

function primary(
  props: Partial<IstioPrimaryProps> = {}, options?: SailOptions,
): { readonly made: IstioPrimary; readonly objects: any[] } {
  const chart = Testing.chart();
  const made = new IstioPrimary(chart, 'istio', {
    meshID: 'mesh1',
    clusterName: 'cluster1',
    network: 'network1',
    istioVersion: '1.31.0',
    installer: Installer.sail(options),
    ...props,
  });
  return { made, objects: Testing.synth(chart) };
}

function objectsOf(kind: string, props?: Partial<IstioPrimaryProps>, options?: SailOptions): any[] {
  return primary(props, options).objects.filter(object => object.kind === kind);
}

function specOf(props?: Partial<IstioPrimaryProps>, options?: SailOptions): any {
  return objectsOf('Istio', props, options)[0].spec;
}

test('three names give the namespace with its network label and the Istio of Sail\'s multicluster guide', () => {
  expect(primary().objects).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'istio-system', labels: { 'topology.istio.io/network': 'network1' } },
    },
    {
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: { name: 'default' },
      spec: {
        version: 'v1.31.0',
        namespace: 'istio-system',
        values: { global: { meshID: 'mesh1', multiCluster: { clusterName: 'cluster1' }, network: 'network1' } },
      },
    },
  ]);
});

test('Istio\'s own settings stand where Sail has them', () => {
  expect(specOf({
    namespace: 'mesh',
    profile: 'demo',
    hub: 'registry.example.com/istio',
    tag: '1.31.0-distroless',
    compatibilityVersion: '1.30',
    meshConfig: { accessLogFile: '/dev/stdout' },
    values: { pilot: { env: { PILOT_TRACE_SAMPLING: '1' } }, global: { logAsJson: true } },
  })).toEqual({
    version: 'v1.31.0',
    namespace: 'mesh',
    profile: 'demo',
    values: {
      compatibilityVersion: '1.30',
      meshConfig: { accessLogFile: '/dev/stdout' },
      pilot: { env: { PILOT_TRACE_SAMPLING: '1' } },
      global: {
        hub: 'registry.example.com/istio',
        tag: '1.31.0-distroless',
        logAsJson: true,
        meshID: 'mesh1',
        multiCluster: { clusterName: 'cluster1' },
        network: 'network1',
      },
    },
  });
});

test.each<[
  what: string, props: Partial<IstioPrimaryProps>, options: SailOptions | undefined, name: string, revision: string,
]>([
  ['no revision', {}, undefined, 'default', ''],
  ['a revision', { revision: 'stable' }, undefined, 'stable', 'stable'],
  ['the revision that is none', { revision: 'default' }, undefined, 'default', ''],
  ['a revision for each version', {}, REVISION_BASED, 'default', 'default-v1-31-0'],
  ['a revision for each version of a name', { revision: 'stable' }, REVISION_BASED, 'stable', 'stable-v1-31-0'],
  ['an alias', {}, { version: 'v1.31-latest' }, 'default', ''],
  ['an alias for each version', {}, { ...REVISION_BASED, version: 'v1.31-latest' }, 'default', 'default-v1-31-latest'],
])('with %s, the object and the revision have Sail\'s names', (_, props, options, name, revision) => {
  const { made, objects } = primary(props, options);
  expect([objects.find(({ kind }) => kind === 'Istio').metadata.name, made.revision]).toEqual([name, revision]);
});

test('a version of Sail\'s own and the strategy are said as they are', () => {
  const strategy = { type: SailUpdateStrategyType.REVISION_BASED, inactiveRevisionDeletionGracePeriodSeconds: 0 };
  expect(specOf({}, { version: 'v1.31.0-rc.0', updateStrategy: strategy })).toMatchObject({
    version: 'v1.31.0-rc.0',
    updateStrategy: { type: 'RevisionBased', inactiveRevisionDeletionGracePeriodSeconds: 0 },
  });
});

test('a canary is a second Istio, in place', () => {
  const { made, objects } = primary({ canary: { revision: 'next', istioVersion: '1.32.0', tag: 'rc' } });
  const [first, second] = objects.filter(({ kind }) => kind === 'Istio');
  expect([first.metadata.name, second.metadata.name]).toEqual(['default', 'next']);
  expect(second.spec).toEqual({
    ...first.spec, version: 'v1.32.0', values: { global: { ...first.spec.values.global, tag: 'rc' } },
  });
  expect(made.canaryControlPlane!.name).toBe('next');
});

test.each<[what: string, props: Partial<IstioPrimaryProps>, isUsed: boolean, values: object | undefined]>([
  ['nothing', {}, false, undefined],
  ['the profile openshift', { profile: 'openshift' }, true, undefined],
  ['the profile openshift without the plugin',
    { profile: 'openshift', values: { pilot: { cni: { enabled: false } } } }, false, undefined],
  ['the plugin in values', { values: { pilot: { cni: { enabled: true } } } }, true, undefined],
  ['the component', { components: { cni: { enabled: true } } }, true, undefined],
  ['no component', { components: { cni: { enabled: false } } }, false, undefined],
  ['settings of the plugin', { values: { cni: { cniBinDir: '/opt/cni' } } }, true, { cni: { cniBinDir: '/opt/cni' } }],
  ['images', { hub: 'example.com/istio', components: { cni: { enabled: true } } }, true,
    { global: { hub: 'example.com/istio' } }],
])('with %s, there is an IstioCNI where there must be', (_, props, isUsed, values) => {
  const { objects } = primary(props);
  const [plugin] = objects.filter(({ kind }) => kind === 'IstioCNI');
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  expect([plugin !== undefined, namespaces])
    .toEqual([isUsed, isUsed ? ['istio-system', 'istio-cni'] : ['istio-system']]);
  expect(specOf(props).values.pilot?.cni?.enabled ?? false).toBe(isUsed);
  expect(specOf(props).values.cni).toBeUndefined();
  expect(plugin).toEqual(!isUsed ? undefined : {
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioCNI',
    metadata: { name: 'default' },
    spec: {
      version: 'v1.31.0',
      namespace: 'istio-cni',
      ...props.profile && { profile: props.profile },
      ...values && { values },
    },
  });
});

test.each([
  ['mesh-cni', ['istio-system', 'mesh-cni']], ['istio-system', ['istio-system']], ['kube-system', ['istio-system']],
])(
  'the plugin in the namespace %s brings its namespace where nobody else does', (namespace, namespaces) => {
    const { objects } = primary({ components: { cni: { enabled: true, namespace } } });
    expect(objects.find(({ kind }) => kind === 'IstioCNI').spec.namespace).toBe(namespace);
    expect(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)).toEqual(namespaces);
  });

test('the Istio is what a user patches', () => {
  const chart = Testing.chart();
  new IstioPrimary(chart, 'istio',
    { meshID: 'm', clusterName: 'c', network: 'n', istioVersion: '1.31.0', installer: Installer.sail() })
    .controlPlane.addJsonPatch(JsonPatch.add('/metadata/annotations', { owner: 'mesh' }));
  expect(Testing.synth(chart).find(({ kind }) => kind === 'Istio').metadata.annotations).toEqual({ owner: 'mesh' });
});

test('settings of istiod\'s pods are refused with the place that Sail has for them', () => {
  const pilot = {
    hub: 'a', k8S: { replicaCount: 2, hpaSpec: { minReplicas: 2 }, priorityClassName: 'high', overlays: [] },
  };
  const components = {
    pilot,
    base: { enabled: false },
    cni: { enabled: true, hub: 'a' },
    ingressGateways: [{ name: 'in' }, { name: 'off', enabled: false }],
  };
  expect(codedProblems(() => primary({ components: components as any }))).toEqual([
    "components.pilot.k8s.replicaCount is not supported by Sail's API; set values.pilot.replicaCount instead (IM090)",
    "components.pilot.k8s.hpaSpec is not supported by Sail's API; set values.pilot.autoscaleMin, autoscaleMax, cpu and "
      + 'memory instead (IM090)',
    "components.pilot.k8s.priorityClassName is not supported by Sail's API; set values.global.priorityClassName "
      + 'instead (IM090)',
    "components.pilot.k8s.overlays is not supported by Sail's API; remove it (IM090)",
    "components.pilot.hub is not supported by Sail's API; set values.pilot.hub instead (IM090)",
    "components.base.enabled 'false' is not supported by Sail's API; remove it (IM090)",
    "components.cni.hub is not supported by Sail's API; set it below values.cni instead (IM090)",
    "components.ingressGateways has 'in', but Sail does not install gateways; write its Deployment and Service to a "
      + 'file, and add that to resources (IM090)',
  ]);
  expect(problems(() =>
    primary({ components: { pilot: { enabled: true }, egressGateways: [{ name: 'off', enabled: false }] } })))
    .toEqual([]);
});

test('values that Sail\'s API has not are refused, since it would drop them without a word', () => {
  const values = { gateways: { securityContext: {} }, base: { validateGateway: true } };
  expect(codedProblems(() => primary({ values }))).toEqual([
    "values.base.validateGateway is not supported by Sail's API: 'validateGateway' is not a key here; use one of "
      + 'excludedCRDs, validationCABundle, validationURL (IM093)',
    "values.gateways is not supported by Sail's API: it does not install gateways; set eastWestGateway for the "
      + 'east-west gateway, and add the objects of others to resources (IM093)',
  ]);
});

test.each<[version: string, problem: string | undefined]>([
  ['v1.31.0', undefined],
  ['v1.31.0-rc.0', undefined],
  ['v1.31-latest', undefined],
  ['1.31.0', "version '1.31.0' is not a version name of Sail; write 'v1.31.0' or 'v1.31-latest' (IM090)"],
  ['master', "version 'master' is not a version name of Sail; write 'v1.31.0' or 'v1.31-latest' (IM090)"],
  ['v1.30-latest', "version 'v1.30-latest' does not match istioVersion '1.31.0'; write 'v1.31.0' or 'v1.31-latest', or "
    + 'change istioVersion (IM090)'],
  ['v1.31.1', "version 'v1.31.1' does not match istioVersion '1.31.0'; write 'v1.31.0' or 'v1.31-latest', or change "
    + 'istioVersion (IM090)'],
])('the version %s is one of the Istio version, or refused', (version, problem) => {
  expect(codedProblems(() => primary({}, { version }))).toEqual(problem ? [problem] : []);
});

test.each<[props: Partial<IstioPrimaryProps>, options: SailOptions, problem: string]>([
  [{ istioVersion: undefined }, {}, 'istioVersion is missing, but Sail needs it; write it as x.y.z, e.g. 1.31.0'],
  [{}, { updateStrategy: { type: 'Inplace' as any } },
    "updateStrategy.type 'Inplace' is not an update strategy of Sail; write one of InPlace, RevisionBased"],
  [{}, {
    updateStrategy: { type: SailUpdateStrategyType.REVISION_BASED, inactiveRevisionDeletionGracePeriodSeconds: -1 },
  }, 'updateStrategy.inactiveRevisionDeletionGracePeriodSeconds -1 is not a whole number of at least 0'],
  [{}, { updateStrategy: { inactiveRevisionDeletionGracePeriodSeconds: 30 } },
    'updateStrategy.inactiveRevisionDeletionGracePeriodSeconds has no effect with the update strategy InPlace, which '
      + 'leaves no unused control plane; set updateStrategy.type to RevisionBased, or remove it'],
  [{ canary: { revision: 'next', istioVersion: '1.32.0' } }, REVISION_BASED,
    'canary creates a second control plane, and so does updateStrategy RevisionBased for each istioVersion; remove one '
      + 'of them'],
  [{ values: { pilot: { cni: { enabled: false } }, cni: { chained: true } } }, {},
    'values.cni has no effect while the CNI plugin is disabled; remove it, or enable the plugin'],
])('%j with %j is refused', (props, options, problem) => {
  expect(problems(() => primary(props, options))).toEqual([problem]);
});

test('a revision that Sail makes is as long as istiod\'s names may be', () => {
  expect(problems(() => primary({ revision: 'a'.repeat(48) }, REVISION_BASED))).toEqual([]);
  expect(problems(() => primary({ revision: 'a'.repeat(49) }, REVISION_BASED))).toEqual([
    `the revision that Sail creates, '${'a'.repeat(49)}-v1-31-0' has 57 characters, but `
      + `'istiod-${'a'.repeat(49)}-v1-31-0' must be a DNS label of at most 63; shorten it to at most 56`,
  ]);
});

test('profiles are Sail\'s', () => {
  expect(problems(() => primary({ profile: 'stable' }))).toEqual([]);
  expect(problems(() => primary({ profile: 'minimal' })))
    .toEqual([expect.stringMatching(/^profile 'minimal' is not a profile of Sail; /)]);
  expect(problems(() => primary({ profile: 'remote' })))
    .toEqual([expect.stringMatching(/^profile 'remote' does not install a primary in sidecar mode/)]);
  expect(problems(() => primary({ profile: './mesh.yaml' }))).toEqual([
    "profile './mesh.yaml' is a file, which Sail does not support; move its settings to values, and use one of "
      + 'default, demo, empty, openshift, preview, stable',
  ]);
});

/** A mesh of two networks that the Sail operator installs. */
function mesh(settings: Partial<MeshProps> = {}): MeshProps {
  return twoNetworks({
    installer: Installer.sail(), eastWestGateway: { loadBalancer: LoadBalancer.metalLb('pool') }, ...settings,
  });
}

function parsed(files: Files, path: string): any {
  expect(Object.keys(files)).toContain(path);
  return load(files[path]);
}

test('a cluster has the objects of the control plane and of the gateway in their steps, and nothing for istioctl',
  () => {
    const files = treeOf(mesh({ profile: 'openshift' }));
    expect(Object.keys(files).filter(path => /^cluster1\/([34]|istioctl|00.*namespace-)/.test(path))).toEqual([
      'cluster1/00-namespace/namespace-istio-cni.yaml',
      'cluster1/00-namespace/namespace-istio-system.yaml',
      'cluster1/30-control-plane/istio-default.yaml',
      'cluster1/30-control-plane/istiocni-default.yaml',
      'cluster1/30-control-plane/kustomization.yaml',
      'cluster1/40-east-west-gateway/deployment-istio-eastwestgateway.yaml',
      'cluster1/40-east-west-gateway/horizontalpodautoscaler-istio-eastwestgateway.yaml',
      'cluster1/40-east-west-gateway/kustomization.yaml',
      'cluster1/40-east-west-gateway/role-istio-eastwestgateway-sds.yaml',
      'cluster1/40-east-west-gateway/rolebinding-istio-eastwestgateway-sds.yaml',
      'cluster1/40-east-west-gateway/service-istio-eastwestgateway.yaml',
      'cluster1/40-east-west-gateway/serviceaccount-istio-eastwestgateway-service-account.yaml',
    ]);
  });

test('the gateway follows the revision that Sail creates, from version to version', () => {
  const revisionOf = (istioVersion: string) => {
    const files = treeOf(mesh({ installer: Installer.sail(REVISION_BASED), istioVersion }));
    return parsed(files, 'cluster1/40-east-west-gateway/deployment-istio-eastwestgateway.yaml')
      .spec.template.metadata.labels['istio.io/rev'];
  };
  expect(['1.30.3', '1.31.0'].map(revisionOf)).toEqual(['default-v1-30-3', 'default-v1-31-0']);
});

test.each<[what: string, settings: Partial<ClusterProps>, istio: string]>([
  ['no revision', { revisionTags: { prod: 'default' } }, 'default'],
  ['the first of two', {
    revision: 'stable', canary: { revision: 'next', istioVersion: '1.32.0' }, revisionTags: { prod: 'stable' },
  }, 'stable'],
  ['the canary', {
    revision: 'stable', canary: { revision: 'next', istioVersion: '1.32.0' }, revisionTags: { prod: 'next' },
  }, 'next'],
  ['a revision for each version', { installer: Installer.sail(REVISION_BASED), revisionTags: { prod: 'default' } },
    'default'],
  ['that revision by its name',
    { installer: Installer.sail(REVISION_BASED), revisionTags: { prod: 'default-v1-31-0' } }, 'default'],
])('a tag of %s is an object of Sail\'s, which the gateway follows', (_, settings, istio) => {
  const files = treeOf(mesh(settings as Partial<MeshProps>));
  const tag = parsed(files, 'cluster1/30-control-plane/istiorevisiontag-prod.yaml');
  expect(tag).toEqual({
    apiVersion: 'sailoperator.io/v1',
    kind: 'IstioRevisionTag',
    metadata: { name: 'prod' },
    spec: { targetRef: { kind: 'Istio', name: istio } },
  });
  expect(sailProblems('IstioRevisionTag', tag.spec)).toEqual([]);
  expect(Object.keys(files).filter(path => /webhookconfiguration|service-istiod/.test(path))).toEqual([]);
  const gateway = parsed(files, 'cluster1/40-east-west-gateway/deployment-istio-eastwestgateway.yaml');
  expect(gateway.spec.template.metadata.labels['istio.io/rev']).toBe('prod');
  const own = new Map(Object.entries(files).filter(([path]) => path.startsWith('cluster1/')));
  expect(manifestDiagnostics(manifestsOf('cluster1', own))).toEqual([]);
});

test('the tag default is one where each version has a revision, and a second owner of that name elsewhere', () => {
  const revisionTags = { default: 'default' };
  expect(codedProblems(() => treeOf(mesh({ installer: Installer.sail(REVISION_BASED), revisionTags })))).toEqual([]);
  expect(codedProblems(() => treeOf(mesh({ revisionTags })))[0])
    .toMatch(/revision tag 'default' has the name of a revision that is installed in this cluster.*\(IM088\)$/);
});

test('a gateway of a revision that Sail does not make is refused', () => {
  const refused = (installer: Installer, revision: string) =>
    codedProblems(() =>
      treeOf(mesh({ installer, eastWestGateway: { revision, loadBalancer: LoadBalancer.metalLb('p') } })));
  expect(refused(Installer.sail(REVISION_BASED), 'default-v1-31-0')).toEqual([]);
  expect(refused(Installer.sail(REVISION_BASED), 'default-v1-30-0')[0])
    .toMatch(/eastWestGateway\.revision 'default-v1-30-0' is not installed in this cluster.*did you mean 'default-v1-31-0'\? \(IM054\)$/);
  expect(refused(Installer.sail(), 'default')[0])
    .toMatch(/eastWestGateway\.revision 'default' is not installed in this cluster.*\(IM054\)$/);
});

test('variables that istiod needs to read its peers stand in the values of the Istio', () => {
  const files =
    treeOf(twoClusters({
      installer: Installer.sail(), reader: { role: 'minimal' as any }, acknowledge: { IM080: 'it is mended here' },
    }));
  expect(parsed(files, 'cluster1/30-control-plane/istio-default.yaml').spec.values.pilot)
    .toEqual({ env: { PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: 'false' } });
});

/** Settings of which each gives other objects. */
const SETTINGS: ReadonlyArray<Partial<ClusterProps>> = [
  {},
  { profile: 'openshift', values: { cni: { chained: false }, global: { imagePullSecrets: ['regcred'] } } },
  {
    revision: 'stable',
    namespace: 'mesh',
    hub: 'example.com/istio',
    tag: '1.30.3',
    compatibilityVersion: '1.29',
    canary: { revision: 'next', istioVersion: '1.30.2' },
  },
  {
    installer:
      Installer.sail({
        version: 'v1.30-latest',
        updateStrategy: { type: SailUpdateStrategyType.REVISION_BASED, inactiveRevisionDeletionGracePeriodSeconds: 60 },
      }),
  },
  {
    meshConfig: { trustDomain: 'example.org', defaultConfig: { holdApplicationUntilProxyStarts: true } },
    values: { pilot: { env: { A: 'b' }, autoscaleMin: 2 } },
  },
];

test.each(SETTINGS)('every object of Sail\'s with %j is what its API has, and the tree has no problem', settings => {
  // the newest that the CRDs here know
  const files = treeOf(mesh({ istioVersion: '1.30.3', ...settings as Partial<MeshProps> }));
  const objects = Object.keys(files)
    .filter(path => path.includes('/30-control-plane/') && !path.includes('kustomization'))
    .map(path => parsed(files, path));
  expect(objects.length).toBeGreaterThan(1);
  expect(objects.flatMap(({ kind, spec }) => sailProblems(kind, spec))).toEqual([]);
  expect(judge(...objects)).toEqual([]);
  for (const name of ['cluster1', 'cluster2']) {
    const own = new Map(Object.entries(files).filter(([path]) => path.startsWith(`${name}/`)));
    expect(manifestDiagnostics(manifestsOf(name, own))
      .map(({ rule: { code }, ...found }) => `${code}: ${problemText(found)}`)).toEqual([]);
  }
});

/** What the manifest rules find in the first cluster of a tree with something in one file replaced. */
function foundAfter(path: string, text: string, other: string): string[] {
  const files = treeOf(mesh({ canary: { revision: 'next', istioVersion: '1.32.0' } }));
  expect(files[path]).toContain(text);
  const own =
    new Map(Object.entries({ ...files, [path]: files[path].replace(text, other) })
      .filter(([file]) => file.startsWith('cluster1/')));
  return manifestDiagnostics(manifestsOf('cluster1', own)).map(({ rule: { code } }) => code);
}

test.each([
  ['another network', 'network: network1', 'network: network9', ['IM113', 'IM152', 'IM171']],
  ['another cluster', 'clusterName: cluster1', 'clusterName: cluster9', ['IM113']],
  ['no cluster\'s name', 'clusterName: cluster1', 'clusterName: Kubernetes', ['IM111']],
  ['another mesh', 'meshID: mesh1', 'meshID: mesh9', ['IM113']],
])('an Istio with %s is found in any tree', (_, text, other, codes) => {
  expect(foundAfter('cluster1/30-control-plane/istio-default.yaml', text, other)).toEqual(codes);
});

test('mesh.yaml says the installer as it was said', () => {
  const options = { version: 'v1.31-latest', updateStrategy: { type: 'RevisionBased' } };
  const [cluster] = parse(treeOf(mesh({ installer: Installer.sail(options as SailOptions) }))['mesh.yaml']).clusters;
  expect(cluster.installer).toEqual({ sail: options });
});

test('without a peer on another network there is no gateway', () => {
  const files = treeOf(twoClusters({ installer: Installer.sail(), eastWestGateway: { install: GatewayInstall.AUTO } }));
  expect(Object.keys(files).filter(path => path.includes('40-'))).toEqual([]);
});
