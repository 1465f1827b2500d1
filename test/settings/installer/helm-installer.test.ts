import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { parse } from 'yaml';
import {
  type ClusterProps, type IstioPrimaryProps, type MeshProps, EastWestGateway, HelmRelease, Installer, IstioPrimary,
  LoadBalancer, Mesh, MeshApp,
} from '../../../src';
import { type Files, quietApp, treeOf, twoClusters, twoNetworks } from '../../support/mesh-util';
import { codedProblems, problems, temporaryDirectory } from '../../support/util';

const HELM = { installer: Installer.helm() };
const CHARTS = 'https://istio-release.storage.googleapis.com/charts';
const GATEWAY_VALUES = 'cluster1/helm/istio-eastwestgateway.yaml';

/** The files of values of the first cluster. */
function helmFiles(files: Files): Files {
  return Object.fromEntries(Object.entries(files)
    .flatMap(([path, text]) => path.startsWith('cluster1/helm/') ? [[path.slice('cluster1/helm/'.length), text]] : []));
}

/** The values of each release of the first of two clusters on one network, or of two. */
function values(settings: Partial<MeshProps>, mesh = twoClusters): { [release: string]: any } {
  return Object.fromEntries(Object.entries(helmFiles(treeOf(mesh({ ...HELM, ...settings }))))
    .map(([file, text]) => [file.replace('.yaml', ''), parse(text)]));
}

/** What the rules say of the first cluster. */
function refusals(settings: Partial<ClusterProps>): string[] {
  return codedProblems(() => new Mesh(quietApp(), 'mesh', twoClusters({}, { ...HELM, ...settings })))
    .map(problem => problem.replace(/^clusters\[0\][^:]*: cluster 'cluster1': /, ''));
}

const GLOBAL = { meshID: 'mesh1', multiCluster: { clusterName: 'cluster1' }, network: 'network1' };

test('a mesh of two networks has three releases in each cluster, each a file that begins with its command', () => {
  const files = treeOf(twoNetworks({ ...HELM, eastWestGateway: { loadBalancer: LoadBalancer.metalLb('pool') } }));
  expect(Object.keys(files).filter(path => path.startsWith('cluster1/') && !path.includes('00-namespace'))).toEqual([
    'cluster1/50-exposed-services/gateway-cross-network-gateway.yaml',
    'cluster1/50-exposed-services/kustomization.yaml',
    'cluster1/helm/istio-base.yaml',
    'cluster1/helm/istio-eastwestgateway.yaml',
    'cluster1/helm/istiod.yaml',
    'cluster1/kustomization.yaml',
  ]);
  expect(files['cluster1/kustomization.yaml']).not.toContain('helm');
  expect(helmFiles(files)).toEqual({
    'istio-base.yaml':
      `# helm upgrade --install istio-base base --repo ${CHARTS} --version 1.31.0 --namespace istio-system --values istio-base.yaml
{}
`,
    'istiod.yaml':
      `# helm upgrade --install istiod istiod --repo ${CHARTS} --version 1.31.0 --namespace istio-system --wait --values istiod.yaml
global:
  meshID: mesh1
  multiCluster:
    clusterName: cluster1
  network: network1
`,
    'istio-eastwestgateway.yaml':
      `# helm upgrade --install istio-eastwestgateway gateway --repo ${CHARTS} --version 1.31.0 --namespace istio-system --values istio-eastwestgateway.yaml
labels:
  app: istio-eastwestgateway
  istio: eastwestgateway
  topology.istio.io/network: network1
env:
  ISTIO_META_REQUESTED_NETWORK_VIEW: network1
service:
  type: LoadBalancer
  annotations:
    metallb.io/address-pool: pool
  ports:
  - name: status-port
    port: 15021
    targetPort: 15021
  - name: tls
    port: 15443
    targetPort: 15443
`,
  });
});

test('charts come from the repository that is said, by https or from a registry of images', () => {
  const command = (repository: string) =>
    helmFiles(treeOf(twoClusters({ installer: Installer.helm({ repository }) })))['istiod.yaml'].split('\n')[0];
  expect(command('https://charts.example.com/istio')).toContain('--install istiod istiod --repo https://charts.example.com/istio --version 1.31.0 ');
  expect(command('oci://registry.example.com/istio/'))
    .toContain('--install istiod oci://registry.example.com/istio/istiod --version 1.31.0 ');
});

test.each([
  'charts', 'https://', 'file:///charts', 'https://charts.example.com/a b', 'oci://a\nb',
])('the repository %j is refused', repository => {
  expect(problems(() =>
    new Mesh(quietApp(), 'mesh', twoClusters({}, { installer: Installer.helm({ repository }) })))[0])
    .toContain('is not a chart repository; write an https:// or oci:// URL, e.g. ');
});

test.each([
  'https://ann:pa55word@charts.example.com', 'oci://pa55word@registry.example.com/istio',
])('credentials in a repository are refused, and not told again: %s', repository => {
  const told =
    problems(() => new Mesh(quietApp(), 'mesh', twoClusters({}, { installer: Installer.helm({ repository }) })));
  expect(told[0]).toContain('repository has credentials, which would be written into the output directory; remove '
    + 'them');
  expect(told.join()).not.toContain('pa55word');
});

test('settings of a control plane stand where the charts read them', () => {
  expect(values({
    namespace: 'istio-prod',
    profile: 'preview',
    hub: 'registry.example.com/istio',
    tag: '1.30',
    revision: '1-31-0',
    compatibilityVersion: '1.30',
    values: {
      pilot: { traceSampling: 7 },
      global: { logAsJson: true },
      base: { excludedCrDs: ['envoyfilters.networking.istio.io'] },
      sidecarInjectorWebhook: { rewriteAppHttpProbe: false },
    },
    meshConfig: { accessLogFile: '/dev/stdout' },
  })).toEqual({
    'istio-base': {
      profile: 'preview',
      defaultRevision: '1-31-0',
      global: { logAsJson: true, istioNamespace: 'istio-prod' },
      base: { excludedCRDs: ['envoyfilters.networking.istio.io'] },
    },
    'istiod-1-31-0': {
      profile: 'preview',
      compatibilityVersion: '1.30',
      revision: '1-31-0',
      global: {
        logAsJson: true, hub: 'registry.example.com/istio', tag: '1.30', istioNamespace: 'istio-prod', ...GLOBAL,
      },
      meshConfig: { accessLogFile: '/dev/stdout' },
      pilot: { traceSampling: 7 },
      base: { excludedCRDs: ['envoyfilters.networking.istio.io'] },
      sidecarInjectorWebhook: { rewriteAppHTTPProbe: false },
    },
  });
});

test('components stand in the values of their charts, over what is said there', () => {
  const { istiod } = values({
    values: {
      pilot: {
        nodeSelector: { pool: 'a', zone: 'b' }, envVarFrom: [{ name: 'X', valueFrom: {} }], autoscaleEnabled: false,
      },
    },
    components: {
      pilot: {
        hub: 'registry.example.com',
        k8S: {
          env: [{ name: 'A', value: 'no' }, { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          hpaSpec: { minReplicas: 2, maxReplicas: 3 },
          nodeSelector: { pool: 'c' },
          podDisruptionBudget: { minAvailable: 2 as any },
          replicaCount: 2,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 as any } },
        },
      },
    },
  });
  expect(istiod).toEqual({
    global: GLOBAL,
    pilot: {
      nodeSelector: { pool: 'c', zone: 'b' },
      envVarFrom: [
        { name: 'X', valueFrom: {} }, { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      ],
      autoscaleEnabled: false,
      hub: 'registry.example.com',
      env: { A: 'no' },
      autoscaleMin: 2,
      autoscaleMax: 3,
      replicaCount: 2,
      rollingMaxSurge: 1,
    },
    pdb: { minAvailable: 2 },
  });
});

test('the node agent has a release of its own, in its namespace, and istiod knows of it', () => {
  const files =
    helmFiles(treeOf(twoClusters({
      ...HELM,
      revision: 'a',
      hub: 'registry.example.com/istio',
      components: { cni: { enabled: true, k8S: { imagePullPolicy: 'Always' } } },
      values: { cni: { chained: false } },
    })));
  expect(files['istio-cni.yaml'].split('\n')[0])
    .toBe(`# helm upgrade --install istio-cni cni --repo ${CHARTS} --version 1.31.0 --namespace istio-system --values `
      + 'istio-cni.yaml');
  expect(parse(files['istio-cni.yaml']))
    .toEqual({
      revision: 'a', global: { hub: 'registry.example.com/istio' }, cni: { chained: false, pullPolicy: 'Always' },
    });
  expect(parse(files['istiod-a.yaml']).pilot).toEqual({ cni: { enabled: true } });
});

test('on OpenShift the node agent is in kube-system, and every chart that differs there knows the platform', () => {
  const files = helmFiles(treeOf(twoClusters({ ...HELM, profile: 'openshift' })));
  expect(files['istio-cni.yaml'].split('\n')[0]).toContain(' --namespace kube-system --create-namespace ');
  expect(parse(files['istio-cni.yaml'])).toEqual({ global: { platform: 'openshift' } });
  expect(parse(files['istiod.yaml']))
    .toEqual({ global: { platform: 'openshift', ...GLOBAL }, pilot: { cni: { enabled: true } } });
});

test('a platform without the node agent does not let istiod count on one', () => {
  expect(values({ values: { global: { platform: 'openshift' } } }).istiod.pilot).toEqual({ cni: { enabled: false } });
  expect(values({ values: { pilot: { cni: { enabled: true } } } }).istiod.pilot).toEqual({ cni: { enabled: true } });
});

test.each([
  ['1.32.0', '1.32.0'], ['1.30.4', '1.31.0'],
])('beside a canary of %s the base is that of the newer version, %s', (istioVersion, ofBase) => {
  const files = helmFiles(treeOf(twoClusters({ ...HELM, canary: { revision: 'next', istioVersion, tag: 'a' } })));
  expect(Object.keys(files)).toEqual(['istio-base.yaml', 'istiod-next.yaml', 'istiod.yaml']);
  expect(files['istio-base.yaml']).toContain(` base --repo ${CHARTS} --version ${ofBase} `);
  expect(files['istio-base.yaml'].split('\n')[1]).toBe('{}');
  expect(files['istiod.yaml']).toContain(' --version 1.31.0 ');
  expect(files['istiod-next.yaml'])
    .toContain(` --install istiod-next istiod --repo ${CHARTS} --version ${istioVersion} `);
  expect(parse(files['istiod-next.yaml'])).toEqual({ revision: 'next', global: { tag: 'a', ...GLOBAL } });
  expect(parse(files['istiod.yaml'])).toEqual({ global: GLOBAL });
});

test('a gateway that follows the canary has its version', () => {
  const files =
    treeOf(twoNetworks({
      ...HELM, canary: { revision: 'next', istioVersion: '1.32.0' }, eastWestGateway: { revision: 'next' },
    }));
  expect(files[GATEWAY_VALUES]).toContain(' --version 1.32.0 ');
  expect(parse(files[GATEWAY_VALUES]).revision).toBe('next');
});

test('a tag stands for the revision whose version the gateway has, and its objects come before it', () => {
  const files =
    treeOf(twoNetworks({
      ...HELM, canary: { revision: 'next', istioVersion: '1.32.0' }, revisionTags: { prod: 'next' },
    }));
  expect(files[GATEWAY_VALUES]).toContain(' --version 1.32.0 ');
  expect(parse(files[GATEWAY_VALUES]).revision).toBe('prod');
});

test('beside the tag default, which brings the validator of the default revision, the base leaves it out', () => {
  const base = (revisionTags: { [tag: string]: string }) => values({ revision: 'a', revisionTags })['istio-base'];
  expect(base({ default: 'a' })).toEqual({ defaultRevision: '' });
  expect(base({ prod: 'a' })).toEqual({ defaultRevision: 'a' });
});

test('every setting of the gateway is a value of the gateway chart', () => {
  expect(values({
    eastWestGateway: {
      name: 'istio-east',
      ports: [{ name: 'tls', port: 443, targetPort: 8443, nodePort: 30443 }],
      service: {
        annotations: { a: 'no' },
        loadBalancerIP: '192.0.2.7',
        loadBalancerClass: 'example.com/lb',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        externalTrafficPolicy: 'Local',
        externalIPs: ['192.0.2.1'],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
      },
      autoscaling: { minReplicas: 2, maxReplicas: 7, targetCPUUtilizationPercentage: 60 },
      podDisruptionBudget: { maxUnavailable: 1 },
      resources: { requests: { cpu: 1 as any, memory: '256Mi' as any } },
      nodeSelector: { pool: '1e3' },
      tolerations: [{ key: 'edge', operator: 'Exists' }],
      affinity: { podAntiAffinity: {} },
      podAnnotations: { a: 'b' },
      env: { A: 'on' },
      priorityClassName: 'high',
    },
  }, twoNetworks)['istio-east']).toEqual({
    labels: {
      'app': 'istio-east',
      'istio': 'east',
      'topology.istio.io/network': 'network1',
      'networking.istio.io/gatewayPort': '443',
    },
    env: { A: 'on', ISTIO_META_REQUESTED_NETWORK_VIEW: 'network1' },
    service: {
      annotations: { a: 'no' },
      loadBalancerIP: '192.0.2.7',
      loadBalancerClass: 'example.com/lb',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      externalTrafficPolicy: 'Local',
      externalIPs: ['192.0.2.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'tls', port: 443, targetPort: 8443, nodePort: 30443 }],
    },
    autoscaling: { minReplicas: 2, maxReplicas: 7, targetCPUUtilizationPercentage: 60 },
    podDisruptionBudget: { maxUnavailable: 1 },
    podAnnotations: { a: 'b' },
    nodeSelector: { pool: '1e3' },
    priorityClassName: 'high',
    resources: { requests: { cpu: '1', memory: '256Mi' } },
    tolerations: [{ key: 'edge', operator: 'Exists' }],
    affinity: { podAntiAffinity: {} },
  });
});

test.each([
  [{ autoscaling: { minReplicas: 2 } }, { minAvailable: 1 }],
  [{ autoscaling: { enabled: false }, replicaCount: 2 }, { minAvailable: 1 }],
  [{ autoscaling: { minReplicas: 1 } }, undefined],
  [{}, undefined],
])('a gateway with %j has the disruption budget %j, as with istioctl', (eastWestGateway, expected) => {
  expect(values({ eastWestGateway }, twoNetworks)['istio-eastwestgateway'].podDisruptionBudget).toEqual(expected);
});

test.each<[string, Partial<ClusterProps>, string]>([
  ['a profile of istioctl alone', { profile: 'empty' },
    'profile \'empty\' is not a profile of Istio\'s charts, only of istioctl; remove it, or write one of default, '
      + 'minimal, demo, openshift, preview, stable'],
  ['a file as profile', { profile: './mine.yaml' },
    'profile \'./mine.yaml\' is not a profile of Istio\'s charts, only of istioctl; remove it, or write one of '
      + 'default, minimal, demo, openshift, preview, stable'],
  ['a long revision', { revision: 'r'.repeat(47) },
    `revision '${'r'.repeat(47)}' has 47 characters, but the release name 'istiod-${'r'.repeat(47)}' is limited to 53; `
      + 'shorten it to 46'],
  ['a long revision of a canary', { canary: { revision: 'r'.repeat(47), istioVersion: '1.32.0' } },
    `canary.revision '${'r'.repeat(47)}' has 47 characters, but the release name 'istiod-${'r'.repeat(47)}' is limited `
      + 'to 53; shorten it to 46'],
  ['values of another gateway', { values: { gateways: { istioIngressgateway: { autoscaleMin: 2 } } } },
    'values.gateways.istio-ingressgateway has no effect in the charts base, istiod, cni and gateway; install Istio\'s '
      + 'gateway chart for it, and remove it here'],
  ['another gateway', { components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: true }] } },
    'components.ingressGateways has \'istio-ingressgateway\', but with Helm each gateway is a separate release; '
      + 'install Istio\'s gateway chart for it, and remove it here'],
  ['no istiod', { components: { pilot: { enabled: false } } },
    'components.pilot.enabled is false, but a control plane needs it; remove it, or use the installer external'],
  ['another namespace of istiod', { components: { pilot: { namespace: 'a' } } },
    'components.pilot.namespace \'a\' is not the namespace \'istio-system\' of istiod; set namespace instead'],
  ['ztunnel', { components: { ztunnel: { enabled: true } } },
    'components.ztunnel is not part of a primary in sidecar mode; remove it'],
  ['settings of the base', { components: { base: { k8S: { replicaCount: 1 } } } },
    'components.base.k8s.replicaCount has no effect with the chart base, which has no pods; remove it'],
  ['an overlay', { components: { pilot: { k8S: { overlays: [{ kind: 'Deployment', name: 'istiod' }] } } } },
    'components.pilot.k8s.overlays has no value in Istio\'s chart; remove it, or use the installer istioctl'],
  ['what all charts share', { components: { pilot: { k8S: { priorityClassName: 'a' } } } },
    'components.pilot.k8s.priorityClassName has no value in Istio\'s chart; set values.global.priorityClassName '
      + 'instead'],
  ['a part of a setting', { components: { pilot: { k8S: { hpaSpec: { metrics: [] } } } } },
    'components.pilot.k8s.hpaSpec.metrics has no value in Istio\'s chart; set values.pilot.cpu and values.pilot.memory '
      + 'instead'],
  ['another strategy', { components: { pilot: { k8S: { strategy: { type: 'Recreate' } } } } },
    'components.pilot.k8s.strategy.type has no value in Istio\'s chart; remove it, or use the installer istioctl'],
  ['claims', { components: { cni: { enabled: true, k8S: { resources: { claims: [] } } } } },
    'components.cni.k8s.resources.claims has no value in Istio\'s chart; remove it, or use the installer istioctl'],
  ['a variable of the node agent from elsewhere',
    { components: { cni: { k8S: { env: [{ name: 'A', valueFrom: {} }] } } } },
    'components.cni.k8s.env has a variable with valueFrom, which Istio\'s chart does not support; write its value'],
  ['replicas beside autoscaling', { components: { pilot: { k8S: { replicaCount: 2 } } } },
    'components.pilot.k8s.replicaCount 2 has no effect while autoscaling is enabled; set values.pilot.autoscaleEnabled '
      + 'to false, or values.pilot.autoscaleMin'],
])('%s is refused', (_, settings, message) => {
  expect(refusals(settings)).toEqual([`${message} (IM090)`]);
});

test.each<[string, Partial<ClusterProps>]>([
  ['the longest revision', { revision: 'r'.repeat(46) }],
  ['a gateway that is left out',
    { components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] } }],
  ['ztunnel that is left out', { components: { ztunnel: { enabled: false } } }],
  ['the namespace twice', { components: { pilot: { namespace: 'istio-system' } } }],
  ['replicas of the profile demo, which has no autoscaling',
    { profile: 'demo', components: { pilot: { k8S: { replicaCount: 2 } } } }],
])('%s is accepted', (_, settings) => {
  expect(refusals(settings)).toEqual([]);
});

test.each<[string, object, string]>([
  ['the name of another release', { name: 'istio-base' },
    'name \'istio-base\' is the release name of another chart of Istio; write e.g. \'istio-eastwestgateway\''],
  ['a long name', { name: 'e'.repeat(54) },
    `name '${'e'.repeat(54)}' has 54 characters, but a release name is limited to 53; shorten it`],
  ['claims', { resources: { claims: [] } }, 'resources.claims is not supported by the gateway chart; remove it'],
  ['a priority class that is no text without quotes', { priorityClassName: 'null' },
    'priorityClassName \'null\' is not read as a string where Istio\'s charts write it without quotes, and the API '
      + 'server rejects it; write e.g. \'class-null\''],
  ['a variable that is no text without quotes', { env: { NO: 'x' } },
    'env \'NO\' is not read as a string where Istio\'s charts write it without quotes, and the API server rejects it; '
      + 'write e.g. \'NO_\''],
])('%s of a gateway is refused', (_, eastWestGateway, message) => {
  const found = codedProblems(() => new Mesh(quietApp(), 'mesh', twoNetworks({ ...HELM, eastWestGateway })));
  expect(found.map(problem => problem.replace(/^.*eastWestGateway: /, '')))
    .toEqual([`${message} (IM095)`, `${message} (IM095)`]);
});

test('the longest name of a release is accepted', () => {
  expect(Object.keys(values({ eastWestGateway: { name: 'e'.repeat(53) } }, twoNetworks))).toContain('e'.repeat(53));
});

const PRIMARY: IstioPrimaryProps = { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1', ...HELM };

test.each([
  [undefined, 'istioVersion is missing, but Helm needs it as the version of Istio\'s charts; write it as x.y.z, e.g. '
    + '1.31.0'],
  ['latest', 'istioVersion \'latest\' is not a valid version of Istio\'s charts; write it as x.y.z, e.g. 1.31.0'],
])('constructs alone need a version: %s is refused', (istioVersion, message) => {
  const chart = new Chart(new MeshApp(), 'cluster1');
  expect(problems(() => new IstioPrimary(chart, 'istio', { ...PRIMARY, istioVersion }))).toEqual([message]);
  expect(problems(() => new EastWestGateway(chart, 'gateway', { network: 'network1', istioVersion, ...HELM })))
    .toEqual([message]);
});

test('releases are there to be patched, and no object is', () => {
  const files = helmFiles(treeOf(twoNetworks(HELM), mesh => {
    const cluster = mesh.cluster('cluster1');
    const releases = HelmRelease.findAll(cluster);
    expect(releases.map(({ releaseName, chart, version, namespace }) => [releaseName, chart, version, namespace]))
      .toEqual([
        ['istio-base', 'base', '1.31.0', 'istio-system'],
        ['istiod', 'istiod', '1.31.0', 'istio-system'],
        ['istio-eastwestgateway', 'gateway', '1.31.0', 'istio-system'],
      ]);
    releases[1].addJsonPatch(JsonPatch.add('/global/logAsJson', true));
    releases[2].addJsonPatch(JsonPatch.add('/terminationGracePeriodSeconds', 60));
    expect(() => cluster.primary.controlPlane)
      .toThrow('the installer \'helm\' has no object for the control plane of \'cluster1\'; change its settings '
        + 'instead');
    expect(() => cluster.eastWestGateway!.installation)
      .toThrow('the installer \'helm\' has no object for the gateway \'istio-eastwestgateway\'; change its settings '
        + 'instead');
  }));
  expect(parse(files['istiod.yaml'])).toEqual({ global: { ...GLOBAL, logAsJson: true } });
  expect(parse(files['istio-eastwestgateway.yaml']).terminationGracePeriodSeconds).toBe(60);
});

test('with istioctl there are no releases', () => {
  const cluster = new Mesh(quietApp(), 'mesh', twoNetworks()).cluster('cluster1');
  expect(HelmRelease.findAll(cluster)).toEqual([]);
});

const INGRESS = {
  releaseName: 'istio-ingress', chart: 'gateway', version: '1.31.0', namespace: 'ingress', createNamespace: true,
};

test('a release of the user\'s own stands beside those of Istio', () => {
  const files = helmFiles(treeOf(twoClusters(HELM), mesh => {
    const release = new HelmRelease(mesh.cluster('cluster1'), 'ingress', INGRESS);
    expect([HelmRelease.isHelmRelease(release), HelmRelease.isHelmRelease(mesh)]).toEqual([true, false]);
  }));
  expect(files['istio-ingress.yaml'])
    .toBe(`# helm upgrade --install istio-ingress gateway --repo ${CHARTS} --version 1.31.0 --namespace ingress `
      + '--create-namespace --values istio-ingress.yaml\n{}\n');
});

test('two releases of one name, and values that are no map, are refused', () => {
  const build = (make: (mesh: Mesh) => void) => problems(() => treeOf(twoClusters(HELM), make));
  expect(build(mesh => new HelmRelease(mesh.cluster('cluster1'), 'x', { ...INGRESS, releaseName: 'istiod' })))
    .toEqual([
      '[mesh1/cluster1/x] the file \'cluster1/helm/istiod.yaml\' already contains another release; rename this '
        + 'release, or add it to a separate chart',
    ]);
  expect(build(mesh => HelmRelease.findAll(mesh)[0].addJsonPatch(JsonPatch.replace('', ['x']))))
    .toEqual([
      '[mesh1/cluster1/IstioPrimary/Resource-base] the values of release \'istio-base\' must be a map after its '
        + 'patches; correct the patches',
    ]);
});

test('a stock App refuses releases, which it would leave out', () => {
  const app = new App({ outdir: temporaryDirectory() });
  const chart = new Chart(app, 'cluster1');
  new EastWestGateway(chart, 'gateway', { network: 'network1', istioVersion: '1.31.0', ...HELM });
  expect(() => app.synth())
    .toThrow('release \'istio-eastwestgateway\' is not a Kubernetes object, so a stock App does not write it; use '
      + 'MeshApp, or cdk8s\' Helm construct with these values');
  const tested = Testing.chart();
  new IstioPrimary(tested, 'istio', { ...PRIMARY, istioVersion: '1.31.0' });
  expect(Testing.synth(tested)).toEqual([expect.objectContaining({ kind: 'Namespace' })]);
});

test('the summary gives the commands in the order of the releases, for the cluster\'s context', () => {
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const app = new MeshApp({ outdir: temporaryDirectory() });
  new Mesh(app, 'mesh1', twoNetworks({
    ...HELM,
    context: 'admin@$(cluster)',
    components: { cni: { enabled: true } },
    canary: { revision: 'next', istioVersion: '1.32.0' },
  }));
  app.synth();
  const lines = told.mock.calls.map(([text]) => String(text)).join('').split('\n')
    .map(line => line.trim().replaceAll(app.outdir, 'dist'));
  told.mockRestore();
  const from = lines.findIndex(line => line.startsWith('kubectl'));
  expect(lines.slice(from, from + 8).map(line => line.replace(/.*dist\/.*tmp/, 'dist'))).toEqual([
    expect.stringMatching(/^kubectl --context admin@cluster1 apply -k \S*00-namespace$/),
    expect.stringContaining('create the Secret cacerts'),
    expect.stringMatching(/^helm upgrade --install istio-base base .* --version 1\.32\.0 --namespace istio-system --kube-context admin@cluster1 --values \S*cluster1\/helm\/istio-base\.yaml$/),
    expect.stringMatching(/^helm upgrade --install istiod istiod .* --wait --kube-context admin@cluster1 --values \S*\/istiod\.yaml$/),
    expect.stringMatching(/^helm upgrade --install istio-cni cni /),
    expect.stringMatching(/^helm upgrade --install istiod-next istiod .* --version 1\.32\.0 /),
    expect.stringMatching(/^helm upgrade --install istio-eastwestgateway gateway /),
    expect.stringMatching(/^kubectl --context admin@cluster1 apply -k \S*cluster1$/),
  ]);
});

test('whoever has a chart of objects only sees none of Helm', () => {
  const cluster = new Mesh(quietApp(), 'mesh', twoNetworks(HELM)).cluster('cluster1');
  expect(cluster.node.findAll().filter(ApiObject.isApiObject).map(({ kind }) => kind)).not.toContain('IstioOperator');
});
