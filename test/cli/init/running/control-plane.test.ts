import { FakeClusters } from '../../../support/fake-clusters';
import {
  type CertificateObjects, certificateObjects, change, changeValues, guideMesh, readMesh,
} from '../../../support/guide-mesh';
import { type KubernetesObject, guideObjects } from '../../../support/guide-objects';

jest.mock(
  '../../../../src/util/host/child-process',
  () => jest.requireActual('../../../support/fake-clusters').programs(),
);

const RESOURCES = { requests: { cpu: '200m' } };

let certificates: CertificateObjects;
let clusters: FakeClusters;

beforeAll(async () => { certificates = await certificateObjects(); });
beforeEach(() => { clusters = guideMesh(certificates); });

/** Changes the pod template of istiod. */
function changePods(edit: (spec: KubernetesObject) => void): void {
  change(clusters, 'Deployment', 'istiod', ({ spec: { template: { spec } } }) => edit(spec));
}

test('values are read without those of profiles, and those that the mesh definition sets elsewhere', async () => {
  changeValues(clusters, 'original-values', values => {
    values.pilot.traceSampling = 50;
    values.meshConfig = { accessLogFile: '/dev/stdout' };
  });
  expect((await readMesh('one')).one.values).toEqual({ pilot: { traceSampling: 50 } });
});

describe('the mesh configuration', () => {
  test('is the current one of istiod, even if it was edited', async () => {
    change(clusters, 'ConfigMap', 'istio', ({ data }) => {
      data.mesh = data.mesh
        .replace('cluster.local', 'corp.example')
        .replace('meshId: mesh1', 'meshId: mesh1\n  holdApplicationUntilProxyStarts: true')
        .replace('- prometheus', '- mine');
    });
    expect((await readMesh('one')).one.meshConfig).toEqual({
      trustDomain: 'corp.example',
      defaultConfig: { holdApplicationUntilProxyStarts: true },
      defaultProviders: { metrics: ['mine'] },
    });
  });

  test('keeps a list that was emptied', async () => {
    change(clusters, 'ConfigMap', 'istio', ({ data }) => {
      data.mesh = data.mesh.replace('metrics:\n  - prometheus', 'metrics: []');
    });
    expect((await readMesh('one')).one.meshConfig).toEqual({ defaultProviders: { metrics: [] } });
  });

  test.each(['{', '*a', 'a: &a [*a]', '- ['.repeat(20_000)])('is not shown if it is not valid: %.9s', async text => {
    change(clusters, 'ConfigMap', 'istio', ({ data }) => { data.mesh = text; });
    await expect(readMesh()).rejects.toThrow(new Error("context 'one': key 'mesh' of ConfigMap 'istio' in namespace "
      + "'istio-system' is not valid YAML; fix it, or omit this context"));
  });
});

test('settings that istioctl patched into the Deployment are read as components', async () => {
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } };
  changePods(spec => {
    Object.assign(spec, {
      nodeSelector: { pool: 'mesh' }, tolerations: [{ key: 'mesh' }], affinity: { nodeAffinity },
    });
    const [container] = spec.containers;
    Object.assign(container, { resources: RESOURCES, env: [{ name: 'PILOT_X', value: '1' }, ...container.env] });
  });
  changeValues(clusters, 'original-values', ({ pilot }) => { pilot.replicaCount = 3; });
  expect((await readMesh('one')).one.components.pilot).toEqual({
    k8s: {
      replicaCount: 3,
      env: [{ name: 'PILOT_X', value: '1' }],
      resources: RESOURCES,
      nodeSelector: { pool: 'mesh' },
      tolerations: [{ key: 'mesh' }],
      affinity: { nodeAffinity },
    },
  });
});

test('settings that the chart put into the Deployment are not read as components', async () => {
  changePods(spec => { spec.nodeSelector = { pool: 'mesh' }; });
  changeValues(clusters, 'merged-values', values => { values.nodeSelector = { pool: 'mesh' }; });
  expect((await readMesh('one')).one.components).toBeUndefined();
});

/** The webhook of a revision tag. */
function tagWebhook(tag: string, revision: string): object {
  const labels = { 'istio.io/tag': tag, 'istio.io/rev': revision };
  return { kind: 'MutatingWebhookConfiguration', metadata: { name: `istio-revision-tag-${tag}`, labels } };
}

test('the revision, the revision tags and a canary are read', async () => {
  clusters = new FakeClusters('one');
  const canary = guideObjects({ name: 'one', revision: 'next' }).filter(({ metadata, kind }) =>
    metadata.name === 'istiod-next' || (kind === 'ConfigMap' && metadata.name !== 'values-next'));
  canary[0].spec.template.spec.containers[0].image = 'docker.io/istio/pilot:1.31.2';
  const tags = [tagWebhook('default', 'old'), tagWebhook('prod', 'old')];
  clusters.put('one', ...canary, ...guideObjects({ name: 'one', revision: 'old' }), ...tags);
  const { one } = await readMesh('one');
  expect(one).toMatchObject({
    revision: 'old',
    revisionTags: { default: 'old', prod: 'old' },
    canary: { revision: 'next', istioVersion: '1.31.2' },
    istioVersion: '1.31.0',
  });
  expect(one.values).toBeUndefined();
});

test('the default tag that istioctl creates is not in the mesh definition', async () => {
  clusters.put('one', tagWebhook('default', 'default'));
  expect((await readMesh('one')).one.revisionTags).toBeUndefined();
});

test.each([
  ['docker.io/istio/pilot:1.30.4-distroless', { istioVersion: '1.30.4', tag: '1.30.4-distroless' }],
  ['docker.io/istio/pilot:own', { istioVersion: '1.31.0', tag: 'own' }],
])('the version is that of the image %s, or else of istioctl', async (image, expected) => {
  changePods(({ containers: [container] }) => { container.image = image; });
  changeValues(clusters, 'original-values', ({ global }) => delete global.tag);
  const { one: { istioVersion, tag } } = await readMesh('one');
  expect({ istioVersion, tag }).toEqual(expected);
});

test('a note names the settings that an older istiod does not show', async () => {
  clusters.remove('one', 'ConfigMap', 'values');
  change(clusters, 'ConfigMap', 'istio-sidecar-injector', ({ data }) => {
    const values = JSON.parse(data.values);
    values.global.proxy = { clusterDomain: 'corp.local', logLevel: 'warning' };
    data.values = JSON.stringify(values);
  });
  const { one, notes } = await readMesh('one');
  expect(one.values).toEqual({ global: { proxy: { clusterDomain: 'corp.local' } } });
  expect(notes).toContain("'one': istiod has no ConfigMap 'values', so only names, images and the mesh configuration "
    + 'were read; add the other settings to values and components');
});

test('notes report a missing version, network and cluster name', async () => {
  changePods(({ containers: [container] }) => { container.image = 'docker.io/istio/pilot:own'; });
  change(clusters, 'Deployment', 'istiod', ({ metadata }) => delete metadata.labels['operator.istio.io/version']);
  change(clusters, 'ConfigMap', 'istio-sidecar-injector', ({ data }) => {
    data.values = JSON.stringify({ global: { meshID: 'mesh1', multiCluster: { clusterName: 'Kubernetes' } } });
  });
  expect((await readMesh('one')).notes).toEqual(expect.arrayContaining([
    "'Kubernetes': neither the image nor the labels of istiod contain its version; set istioVersion, e.g. 1.31.0",
    "'Kubernetes': istiod has no network; the mesh definition sets 'network1', which proxies use after they restart",
    "'Kubernetes': istiod has no cluster name by which peers could identify the cluster; set a name that is unique in "
      + "the mesh (context 'one')",
  ]));
});

type Edit = (metadata: KubernetesObject) => void;

test.each<[string, Edit, string | undefined, string]>([
  [
    'Helm',
    metadata => Object.assign(metadata, {
      labels: { istio: 'pilot' }, annotations: { 'meta.helm.sh/release-name': 'mine' },
    }),
    'helm',
    "the Helm release of istiod is named 'mine', but the commands of synth name it 'istiod', which Helm rejects; "
      + "write 'mine' into the commands",
  ],
  [
    'the Sail operator',
    metadata => { metadata.ownerReferences = [{ kind: 'IstioRevision' }]; },
    'sail',
    'the Sail operator installed istiod; compare the generated Istio resource with yours, especially its name and '
      + 'updateStrategy',
  ],
  [
    'an unknown tool',
    metadata => { metadata.labels = { istio: 'pilot' }; },
    'rendered',
    'istiod has no labels of istioctl install, Helm or the Sail operator; the mesh definition sets '
      + 'installer: rendered, which applies plain manifests with kubectl',
  ],
  [
    'istioctl with Argo CD',
    metadata => { metadata.annotations = { 'argocd.argoproj.io/tracking-id': 'x' }; },
    undefined,
    'Argo CD applies istiod and reverts changes to it; stop it before you apply generated manifests',
  ],
])('the installer is read from the metadata of istiod: %s', async (_, edit, installer, note) => {
  change(clusters, 'Deployment', 'istiod', ({ metadata }) => edit(metadata));
  const { one, notes } = await readMesh('one');
  expect(one.installer).toBe(installer);
  expect(notes).toContain(`'one': ${note}`);
});
