import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { type IstioPrimaryProps, istio, IstioPrimary, MeshApp, Installer } from '../../src';
import { codedProblems, problems } from '../support/util';

const PROPS: IstioPrimaryProps = { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1' };

function chart(): Chart {
  return new Chart(new MeshApp(), 'cluster1');
}

function primary(props: Partial<IstioPrimaryProps> = {}): IstioPrimary {
  return new IstioPrimary(chart(), 'istio', { ...PROPS, ...props });
}

function specOf(props: Partial<IstioPrimaryProps>): any {
  return primary(props).controlPlane.toJson().spec;
}

const GLOBAL = { meshID: 'mesh1', multiCluster: { clusterName: 'cluster1' }, network: 'network1' };

test('three names give the namespace with its network label and the IstioOperator of Istio\'s guide, named', () => {
  const cluster = chart();
  new IstioPrimary(cluster, 'istio', PROPS);
  expect(Testing.synth(cluster)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'istio-system', labels: { 'topology.istio.io/network': 'network1' } },
    },
    {
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { name: 'control-plane', namespace: 'istio-system' },
      spec: { values: { global: GLOBAL } },
    },
  ]);
});

test('every setting stands under Istio\'s own field', () => {
  expect(specOf({
    namespace: 'istio-prod',
    profile: 'minimal',
    hub: 'registry.example.com/istio',
    tag: '1.30',
    revision: '1-31-0',
    compatibilityVersion: '1.30',
    values: {
      global: { proxy: { clusterDomain: 'corp.internal' }, multiCluster: { enabled: true } },
      pilot: { env: { PILOT_ENABLE_ALPHA: 'true' } },
    },
    meshConfig: { trustDomain: 'example.com', defaultConfig: { holdApplicationUntilProxyStarts: true } },
    components: { pilot: { k8S: { replicaCount: 2 } } },
  })).toEqual({
    namespace: 'istio-prod',
    profile: 'minimal',
    hub: 'registry.example.com/istio',
    tag: '1.30',
    revision: '1-31-0',
    compatibilityVersion: '1.30',
    values: {
      global: {
        istioNamespace: 'istio-prod',
        meshID: 'mesh1',
        multiCluster: { clusterName: 'cluster1', enabled: true },
        network: 'network1',
        proxy: { clusterDomain: 'corp.internal' },
      },
      pilot: { env: { PILOT_ENABLE_ALPHA: 'true' } },
    },
    meshConfig: { trustDomain: 'example.com', defaultConfig: { holdApplicationUntilProxyStarts: true } },
    components: { pilot: { k8s: { replicaCount: 2 } } },
  });
});

test('another namespace is that of the IstioOperator and of the Namespace', () => {
  const { controlPlane, namespaceObject } = primary({ namespace: 'istio-prod' });
  expect(controlPlane.metadata.namespace).toBe('istio-prod');
  expect(namespaceObject.name).toBe('istio-prod');
});

test('settings as TypeScript spells them come out as Istio spells them', () => {
  const { values, meshConfig, components } = specOf({
    values: {
      gateways: { istioIngressgateway: { injectionTemplate: 'gateway' } },
      global: { proxyInit: { image: 'proxyv2' } },
    },
    meshConfig: {
      meshMtls: { minProtocolVersion: istio.IstioOperatorSpecMeshConfigMeshMtlsMinProtocolVersion.TLSV1_3 },
      enableAutoMtls: true,
    },
    components: { ingressGateways: [{ name: 'istio-ingressgateway', k8S: { hpaSpec: { maxReplicas: 3 } } }] },
  });
  expect(values).toEqual({
    gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } },
    global: { ...GLOBAL, proxy_init: { image: 'proxyv2' } },
  });
  expect(meshConfig).toEqual({ meshMTLS: { minProtocolVersion: 'TLSV1_3' }, enableAutoMtls: true });
  expect(components).toEqual({
    ingressGateways: [{ name: 'istio-ingressgateway', k8s: { hpaSpec: { maxReplicas: 3 } } }],
  });
});

test('the construct tells what it was made of', () => {
  const { meshID, clusterName, network, namespace, revision, canaryControlPlane } = primary({ revision: '1-31-0' });
  expect({ meshID, clusterName, network, namespace, revision, canaryControlPlane })
    .toEqual({
      meshID: 'mesh1',
      clusterName: 'cluster1',
      network: 'network1',
      namespace: 'istio-system',
      revision: '1-31-0',
      canaryControlPlane: undefined,
    });
  expect(primary().revision).toBe('');
});

test('a canary is a second IstioOperator with a name of its own and without the gateways', () => {
  const { controlPlane, canaryControlPlane } = primary({ canary: { revision: '1-32-0', istioVersion: '1.32.0' } });
  expect(controlPlane.toJson().spec).toEqual({ values: { global: GLOBAL } });
  expect(canaryControlPlane!.toJson()).toEqual({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'control-plane-1-32-0', namespace: 'istio-system' },
    spec: {
      revision: '1-32-0',
      components: {
        ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }],
        egressGateways: [{ name: 'istio-egressgateway', enabled: false }],
      },
      values: { global: GLOBAL },
    },
  });
});

test('a canary has the settings of the first control plane, except its gateways and its images', () => {
  const { canaryControlPlane } = primary({
    revision: '1-31-0',
    tag: '1.31.0',
    profile: 'minimal',
    meshConfig: { trustDomain: 'example.com' },
    components: {
      pilot: { k8S: { replicaCount: 2 } }, ingressGateways: [{ name: 'istio-ingressgateway', enabled: true }],
    },
    canary: { revision: '1-32-0', istioVersion: '1.32.0' },
  });
  expect(canaryControlPlane!.toJson().spec).toEqual({
    profile: 'minimal',
    revision: '1-32-0',
    meshConfig: { trustDomain: 'example.com' },
    components: {
      pilot: { k8s: { replicaCount: 2 } },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }],
      egressGateways: [{ name: 'istio-egressgateway', enabled: false }],
    },
    values: { global: GLOBAL },
  });
});

test('a canary has a tag of its own', () => {
  const { controlPlane, canaryControlPlane } =
    primary({ tag: '1.31.0', canary: { revision: '1-32-0', istioVersion: '1.32.0', tag: '1.32.0' } });
  expect([controlPlane, canaryControlPlane!].map(object => object.toJson().spec.tag)).toEqual(['1.31.0', '1.32.0']);
});

test('a canary of the first control plane\'s revision is refused', () => {
  expect(problems(() => primary({ revision: 'stable', canary: { revision: 'stable', istioVersion: '1.32.0' } })))
    .toEqual([
      "canary.revision 'stable' is also the revision of the first control plane, which the canary would replace; "
        + 'choose another revision',
    ]);
});

test('a cluster name is a DNS label of up to 63 characters', () => {
  expect(problems(() => primary({ clusterName: 'a'.repeat(63) }))).toEqual([]);
  expect(problems(() => primary({ clusterName: 'a'.repeat(64) }))).toEqual([
    `clusterName '${'a'.repeat(64)}' is not a valid DNS label (1 to 63 lower-case letters, digits and '-', starting `
      + `and ending with a letter or digit); write '${'a'.repeat(63)}'`,
  ]);
});

test.each([
  ['Cluster1', 'cluster1'],
  ['cluster_1', 'cluster-1'],
  ['cluster.1', 'cluster-1'],
  ['-cluster', 'cluster'],
  ['cluster-', 'cluster'],
  ['', undefined],
  ['_', undefined],
])('the cluster name %j is rejected', (clusterName, fix) => {
  const syntax = "1 to 63 lower-case letters, digits and '-', starting and ending with a letter or digit";
  expect(problems(() => primary({ clusterName }))).toEqual([
    `clusterName '${clusterName}' is not a valid DNS label${fix ? ` (${syntax}); write '${fix}'` : `; use ${syntax}`}`,
  ]);
});

test.each(['network', 'meshID'] as const)('%s is a label value of up to 63 characters', field => {
  const refused = (value: string) =>
    [`${field} '${value}' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and `
      + 'ending with a letter or digit'];
  expect(problems(() => primary({ [field]: 'A_b.c-'.repeat(10) + 'xyz' }))).toEqual([]);
  expect(problems(() => primary({ [field]: 'x'.repeat(64) }))).toEqual(refused('x'.repeat(64)));
  for (const value of ['', '-a', 'a.', 'a b', 'a/b']) {
    expect(problems(() => primary({ [field]: value }))).toEqual(refused(value));
  }
});

test('a revision is a DNS label of up to 56 characters, with which the Service istiod-<revision> is one too', () => {
  expect(problems(() => primary({ revision: 'a'.repeat(56) }))).toEqual([]);
  expect(problems(() => primary({ revision: 'a'.repeat(57) }))).toEqual([
    `revision '${'a'.repeat(57)}' has 57 characters, but 'istiod-${'a'.repeat(57)}' must be a DNS label of at most 63; `
      + 'shorten it to at most 56',
  ]);
  expect(problems(() => primary({ revision: 'a'.repeat(64) })))
    .toEqual([expect.stringMatching(/^revision 'a{64}' is not a valid DNS label .*; write 'a{63}'$/)]);
});

test('the IstioOperator of a canary has a name of up to 63 characters, since istioctl labels with it what it installs',
  () => {
    expect(primary({ canary: { revision: 'a'.repeat(49), istioVersion: '1.32.0' } }).canaryControlPlane!.name)
      .toHaveLength(63);
    expect(problems(() => primary({ canary: { revision: 'a'.repeat(50), istioVersion: '1.32.0' } })))
      .toEqual([expect.stringContaining('canary.revision')]);
  });

test('a revision with dots is refused, of either control plane', () => {
  expect(problems(() => primary({ revision: '1.31.0', canary: { revision: '1.32.0', istioVersion: '1.32.0' } })))
    .toEqual([
      "revision '1.31.0' contains dots, which Istio does not allow in a revision; write '1-31-0'",
      "canary.revision '1.32.0' contains dots, which Istio does not allow in a revision; write '1-32-0'",
    ]);
});

test('a namespace is a DNS label', () => {
  expect(problems(() => primary({ namespace: 'Istio.System' })))
    .toEqual([
      "namespace 'Istio.System' is not a valid DNS label (1 to 63 lower-case letters, digits and '-', starting and "
        + "ending with a letter or digit); write 'istio-system'",
    ]);
});

test('everything that is wrong is said at once, after the path of the construct', () => {
  const values = { global: { imagePullPolicy: 5, multicluser: {} } } as object;
  expect(() => primary({ network: 'network 1', revision: '1.31.0', values }))
    .toThrow(new Error(`cluster1/istio has 4 problems:
  network 'network 1' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit (IM006)
  revision '1.31.0' contains dots, which Istio does not allow in a revision; write '1-31-0' (IM010)
  values.global.imagePullPolicy: number 5 is not a string; write it in quotes: '5' (IM001)
  values.global.multicluser: 'multicluser' is not a key here; did you mean 'multiCluster'? (IM001)`));
});

test('what Istio does not know is refused in each of its three settings', () => {
  const refused = {
    values: { globl: {} }, meshConfig: { trustDomin: 'example.com' }, components: { pilott: {} },
  } as object;
  expect(problems(() => primary(refused))).toEqual([
    "values.globl: 'globl' is not a key here; did you mean 'global'?",
    "meshConfig.trustDomin: 'trustDomin' is not a key here; did you mean 'trustDomain'?",
    "components.pilott: 'pilott' is not a key here; did you mean 'pilot'?",
  ]);
});

test('a key that a property of its own sets is refused in values and meshConfig, and not overwritten', () => {
  expect(problems(() => primary({ values: { global: { meshId: 'mesh2' } } })))
    .toEqual([expect.stringContaining('values.global.meshID')]);
  expect(problems(() => primary({ values: { global: { network: 'network2' } } })))
    .toEqual([expect.stringContaining('values.global.network')]);
  expect(problems(() => primary({ values: { global: { multiCluster: { clusterName: 'cluster2' } } } })))
    .toEqual([expect.stringContaining('values.global.multiCluster.clusterName')]);
  expect(problems(() => primary({ values: { global: { istioNamespace: 'istio-prod' } } })))
    .toEqual([expect.stringContaining('values.global.istioNamespace')]);
  expect(problems(() => primary({ meshConfig: { defaultConfig: { meshId: 'mesh2' } } })))
    .toEqual([expect.stringContaining('meshConfig.defaultConfig.meshId')]);
});

test('the control plane is the default child', () => {
  const construct = primary({ canary: { revision: '1-32-0', istioVersion: '1.32.0' } });
  expect(construct.node.defaultChild).toBe(construct.controlPlane);
  expect(ApiObject.of(construct)).toBe(construct.controlPlane);
});

test('the control plane is the default child in a chart of its own, too', () => {
  const construct = primary({ installer: Installer.istioctl({ operatorChart: chart() }) });
  expect(construct.node.defaultChild?.node.path).toBe(construct.controlPlane.node.path);
});

test('a patch may add what no schema knows, and it stays', () => {
  const cluster = chart();
  const construct = new IstioPrimary(cluster, 'istio', PROPS);
  ApiObject.of(construct).addJsonPatch(JsonPatch.add('/spec/values/global/fieldOfTomorrow', { kept: true }));
  construct.namespaceObject.addJsonPatch(JsonPatch.add('/metadata/labels/istio-injection', 'disabled'));
  const [namespace, operator] = Testing.synth(cluster);
  expect(operator.spec.values.global).toEqual({ ...GLOBAL, fieldOfTomorrow: { kept: true } });
  expect(namespace.metadata.labels).toEqual({ 'topology.istio.io/network': 'network1', 'istio-injection': 'disabled' });
});

test('the construct gives its objects under cdk8s\' own testing chart', () => {
  const testingChart = Testing.chart();
  new IstioPrimary(testingChart, 'istio', PROPS);
  expect(Testing.synth(testingChart).map(({ kind }) => kind)).toEqual(['Namespace', 'IstioOperator']);
});

test.each(['default', 'minimal', 'openshift', './profiles/ours.yaml'])('the profile %s is one that installs a primary',
  profile => {
    expect(problems(() => primary({ profile }))).toEqual([]);
  });

test('the namespace of the CNI node agent is there before it, unless every cluster has it', () => {
  const namespaces = (cni: object) => {
    const testingChart = Testing.chart();
    new IstioPrimary(testingChart, 'istio', { ...PROPS, components: { cni } });
    return Testing.synth(testingChart).filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
  };
  expect(namespaces({ enabled: true, namespace: 'istio-cni' })).toEqual(['istio-system', 'istio-cni']);
  expect(namespaces({ enabled: true, namespace: 'kube-system' })).toEqual(['istio-system']);
  expect(namespaces({ enabled: true, namespace: 'istio-system' })).toEqual(['istio-system']);
  expect(namespaces({ enabled: false, namespace: 'istio-cni' })).toEqual(['istio-system']);
});

test('a control plane has an istiod', () => {
  const noIstiod =
    'profile \'empty\' does not install istiod; set components.pilot.enabled and components.base.enabled to true, '
      + 'choose another profile, or use the installer external';
  expect(problems(() => primary({ profile: 'empty' }))).toEqual([noIstiod]);
  expect(problems(() =>
    primary({ profile: 'empty', components: { base: { enabled: true }, pilot: { enabled: true } } }))).toEqual([]);
  expect(problems(() => primary({ components: { pilot: { enabled: false } } })))
    .toEqual([
      'components.pilot.enabled is false, so istiod is not installed; remove it, or use the installer external',
    ]);
  expect(problems(() => primary({ components: { pilot: { enabled: true } } }))).toEqual([]);
});

test('a profile that istioctl has not, or of another kind of mesh, is refused', () => {
  const profiles = 'default, demo, empty, minimal, openshift, preview, stable';
  expect(problems(() => primary({ profile: 'minimum' })))
    .toEqual(['profile \'minimum\' is not a profile of istioctl; did you mean \'minimal\'?']);
  expect(problems(() => primary({ profile: 'ambient' }))).toEqual([
    'profile \'ambient\' does not install a primary in sidecar mode, the only kind that this library supports; use one '
      + `of ${profiles}`,
  ]);
});

test('a compatibility version has no patch', () => {
  expect(problems(() => primary({ compatibilityVersion: '1.30' }))).toEqual([]);
  expect(problems(() => primary({ compatibilityVersion: '1.30.1' }))).toEqual([
    'compatibilityVersion \'1.30.1\' is not an Istio version without a patch number; write it as x.y, e.g. \'1.30\'',
  ]);
});

test('a canary whose revision is that of the first control plane, by whatever name, is refused', () => {
  const canary = (revision: string) => ({ canary: { revision, istioVersion: '1.32.0' } });
  const refused = (revision: string) =>
    [`canary.revision '${revision}' is also the revision of the first control plane, which the canary would replace; `
      + 'choose another revision'];
  expect(problems(() => primary(canary('default')))).toEqual(refused('default'));
  expect(problems(() => primary({ revision: '1-31-0', ...canary('1-31-0') }))).toEqual(refused('1-31-0'));
  expect(problems(() => primary({ revision: '1-31-0', ...canary('default') }))).toEqual([]);
});

test.each([
  '123', '007', '1e3', '1e-3', 'true', 'false', 't', 'f', 'nan', 'inf', 'infinity', '0x1p4', '0x1f', '0b11', '0o17',
  'no', 'y', 'on', 'null',
])(
  'the revision %s is refused, since istioctl or a chart takes it for no text even in quotes', revision => {
    const refused = (field: string) =>
      [`${field} '${revision}' is not read as a string by istioctl or Istio's charts, even in quotes; write e.g. `
        + `'r${revision}' (IM010)`];
    expect(codedProblems(() => primary({ revision }))).toEqual(refused('revision'));
    expect(codedProblems(() => primary({ canary: { revision, istioVersion: '1.32.0' } })))
      .toEqual(refused('canary.revision'));
  });

test.each([
  '1-31-0', 'r123', 'r0x1f', '0x1g', '0b12', '1-1', '2026-01-31', 'none', 'nano', 'true-1', 'tt',
])('the revision %s is text', revision => {
  expect(problems(() => primary({ revision, canary: { revision: `${revision}-next`, istioVersion: '1.32.0' } })))
    .toEqual([]);
});

test.each([
  '007', '7', '+1', '1e3', '1_000', '1.30', '.5', 'true', 't', 'f', 'nan', 'inf', '-Inf', '0x1p4',
])('the hub %s is refused, since istioctl takes it for no text even in quotes', hub => {
  expect(codedProblems(() => primary({ hub })))
    .toEqual([
      `hub '${hub}' is not read as a string by istioctl, even in quotes; include the registry host, e.g. `
        + `'docker.io/${hub}' (IM078)`,
    ]);
});

test.each([
  '0X1F', '~', '*x', 'a b', ' a', 'Registry/mesh', 'ghcr.io/Team', 'https://ghcr.io/team', 'ghcr.io/team/', '/team',
  'a//b', 'a_b.c/team', 'ghcr.io:x/team', '.inf', '-x',
])(
  'the hub %s is refused, since no image can have it', hub => {
    expect(codedProblems(() => primary({ hub }))).toEqual([
      `hub '${hub}' is not a valid image repository (lower-case letters, digits, '.', '_' and '-', separated by '/', `
        + 'after an optional host); write e.g. \'registry.istio.io/release\' (IM078)',
    ]);
  });

test.each([
  'registry.istio.io/release', 'ghcr.io', 'localhost:5000/istio', 'GHCR.io/a/b', 'mesh', 'a_b/c__d/e.f/g--h',
  '[::1]:5000/istio', '10.0.0.1/istio', 'no', 'null', '0x1f', '0o17', '12:30', 'docker.io/007',
])(
  'the hub %s is kept', hub => {
    expect(primary({ hub }).controlPlane.toJson().spec.hub).toBe(hub);
  });

test.each(['a b', 'a/b', 'a:b', '-a', '.a', 'ä', 'a'.repeat(129)])('the tag %s is refused', tag => {
  const refused = (field: string) =>
    [`${field} '${tag}' is not a valid image tag (1 to 128 letters, digits, '_', '.' and '-', not starting with '.' or `
      + '\'-\'); write e.g. \'1.31.0\' (IM078)'];
  expect(codedProblems(() => primary({ tag }))).toEqual(refused('tag'));
  expect(codedProblems(() => primary({ canary: { revision: 'next', istioVersion: '1.32.0', tag } })))
    .toEqual(refused('canary.tag'));
});

test.each([
  '1.31.0', '1.30', '007', 'true', 'nan', '_a', 'A-1', 'a'.repeat(128),
])('the tag %s is kept, quoted where it must be', tag => {
  expect(primary({ tag }).controlPlane.toJson().spec.tag).toBe(tag);
});

test('names in values that Istio\'s charts write without quotes are refused where they are no text then', () => {
  const values = { global: { imagePullSecrets: ['007', 'no', 'pull'], proxy: { clusterDomain: '1.30' } } };
  const refused = (value: string, example: string, code: string) =>
    `${value} is not read as a string where Istio's charts write it without quotes, and the API server rejects it; `
      + `write e.g. '${example}' (${code})`;
  expect(codedProblems(() => primary({ values }))).toEqual([
    refused("clusterDomain '1.30'", 'cluster.local', 'IM019'),
    refused("imagePullSecrets '007'", 'secret-007', 'IM079'),
    refused("imagePullSecrets 'no'", 'secret-no', 'IM079'),
  ]);
});

test.each(['007', 'true', '0x1f', 'no', 'null', '1.30'])('the cluster domain %s is refused', clusterDomain => {
  expect(codedProblems(() => primary({ values: { global: { proxy: { clusterDomain } } } })))
    .toEqual([expect.stringMatching(/^clusterDomain '.*' is not read as a string .* \(IM019\)$/)]);
});

test.each(['nan', '1-1', '1.2.3', 'no.local', '2026-01-31'])('the cluster domain %s is kept', clusterDomain => {
  expect(problems(() =>
    primary({ values: { global: { proxy: { clusterDomain }, imagePullSecrets: [clusterDomain] } } }))).toEqual([]);
});
