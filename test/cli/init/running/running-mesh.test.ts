import { readdirSync } from 'fs';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import type { MeshProps } from '../../../../src';
import { Mesh, MeshApp } from '../../../../src';
import { init } from '../../../../src/cli/init/init';
import { definitionOfInitial } from '../../../../src/cli/init/initial-mesh';
import { meshOfClusters, runningMesh } from '../../../../src/cli/init/running/running-mesh';
import { MeshError } from '../../../../src/core/mesh-error';
import { cacerts } from '../../../e2e/cacerts';
import { certificate } from '../../../e2e/lab/certificates';
import { installedBy } from '../../../e2e/mesh-sample';
import { base64, FakeClusters } from '../../../support/fake-clusters';
import type { KubernetesObject } from '../../../support/guide-objects';
import { guideObjects, link, MARKER, token } from '../../../support/guide-objects';
import { giveSecrets, randomMeshes, SEED } from '../../../support/random-meshes';
import { temporaryDirectory } from '../../../support/util';

jest.mock('../../../../src/util/host/child-process', () => jest.requireActual('../../../support/fake-clusters').programs());

const NAMESPACE = 'istio-system';
const NAMES = ['one', 'two'];
const LIMITS = { requests: { cpu: '200m' } };
const PORTS = [
  { name: 'status-port', port: 15021 }, { name: 'tls', port: 15443 }, { name: 'tls-istiod', port: 15012 }, { name: 'tls-webhook', port: 15017 },
];

let clusters: FakeClusters;
let roots: KubernetesObject;
let otherRoots: KubernetesObject;
let authority: KubernetesObject;

const rootsMap = (pem: string) => ({
  apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio-ca-root-cert', namespace: NAMESPACE }, data: { 'root-cert.pem': pem },
});

beforeAll(async () => {
  const [root, other] = await Promise.all(['a', 'b'].map(commonName => certificate({ commonName })));
  [roots, otherRoots] = [root, other].map(one => rootsMap(one.certificate));
  const { stringData, ...secret } = await cacerts('one', NAMESPACE, root) as KubernetesObject;
  authority = { ...secret, data: Object.fromEntries(Object.entries(stringData).map(([file, text]) => [file, base64(text as string)])) };
});

beforeEach(() => {
  clusters = new FakeClusters(...NAMES);
  NAMES.forEach((name, i) => clusters.put(name, ...guideObjects({ name, peers: [NAMES[1 - i]] }), authority, roots));
});

/** Changes an object of a cluster. */
function change(context: string, kind: string, name: string, edit: (object: KubernetesObject) => void): void {
  const object = structuredClone(clusters.get(context, kind, name));
  edit(object);
  clusters.put(context, object);
}

/** A JSON document in a ConfigMap, changed. */
function changeValues(context: string, key: string, edit: (values: KubernetesObject) => void): void {
  change(context, 'ConfigMap', 'values', ({ data }) => {
    const values = JSON.parse(data[key]);
    edit(values);
    data[key] = JSON.stringify(values);
  });
}

async function read(...contexts: readonly string[]): Promise<any> {
  const mesh = await runningMesh(contexts.length === 0 ? NAMES : contexts, [{ name: 'one', server: 'https://one.kubeconfig:6443', isUnverified: false }]);
  const { clusters: [first, ...others], ...ofMesh } = definitionOfInitial(mesh) as any;
  return { ...ofMesh, clusters: [first, ...others], one: { ...ofMesh, ...first }, notes: mesh.notes };
}

const ended = (name: string) => `the links to '${name}' have a token that those of istio-mesh link do without; when istio-mesh verify is green and nothing else uses it, `
  + `end it: kubectl --context ${name} -n istio-system delete secret istio-reader-service-account-istio-remote-secret-token`;
const ENDED = NAMES.map(ended);

test('a mesh that was made with the guide is read as the user would have written it', async () => {
  const { one, notes, ...mesh } = await read();
  expect(mesh).toEqual({
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    network: '$(cluster)',
    apiServer: 'https://$(cluster).example.com:6443',
    hub: 'docker.io/istio',
    eastWestGateway: { ports: PORTS },
    clusters: [{ name: 'one' }, { name: 'two' }],
  });
  expect(notes).toEqual(ENDED);
});

test('each cluster is read by eight calls, and nothing is written', async () => {
  await read();
  const calls = clusters.calls();
  expect(calls).toHaveLength(16);
  expect(calls.filter(call => !call.includes(' get '))).toEqual([]);
});

test('no token and no key is in what is written or told', async () => {
  change('one', 'Secret', 'cacerts', secret => Object.assign(secret.data, { 'ca-key.pem': base64(`-----BEGIN PRIVATE KEY-----\n${MARKER}`) }));
  clusters.put('two', link('one', { user: { username: MARKER, password: MARKER } }));
  const broken = { ...link('three'), data: { three: base64(`token: "${MARKER}\n: {`) } };
  clusters.put('two', broken);
  const told = JSON.stringify(await read());
  expect(told).toContain("reads 'one' with username");
  expect(told).not.toContain(MARKER);
  expect(told).not.toContain(token('one').split('.')[1]);
});

test('a command that is told takes its names from a token only where they are names', async () => {
  const forged = ['', JSON.stringify({ 'kubernetes.io/serviceaccount/secret.name': '$(reboot)', 'kubernetes.io/serviceaccount/namespace': NAMESPACE }), '']
    .map(part => Buffer.from(part).toString('base64url')).join('.');
  clusters.put('two', link('one', { user: { token: forged } }));
  expect((await read()).notes).toEqual([ended('two')]);
});

describe('of a control plane', () => {
  test('values that were set are read, and not what profiles say or the mesh owns', async () => {
    changeValues('one', 'original-values', values => Object.assign(values, { pilot: { ...values.pilot, traceSampling: 50 }, meshConfig: { accessLogFile: '/dev/stdout' } }));
    expect((await read('one')).one.values).toEqual({ pilot: { traceSampling: 50 } });
  });

  test('the mesh configuration is the one that istiod has, also where somebody edited it', async () => {
    change('one', 'ConfigMap', 'istio', ({ data }) => {
      data.mesh = data.mesh.replace('cluster.local', 'corp.example').replace('meshId: mesh1', 'meshId: mesh1\n  holdApplicationUntilProxyStarts: true').replace('- prometheus', '- mine');
    });
    expect((await read('one')).one.meshConfig)
      .toEqual({ trustDomain: 'corp.example', defaultConfig: { holdApplicationUntilProxyStarts: true }, defaultProviders: { metrics: ['mine'] } });
  });

  test('a list that somebody emptied stays empty', async () => {
    change('one', 'ConfigMap', 'istio', ({ data }) => {
      data.mesh = data.mesh.replace('metrics:\n  - prometheus', 'metrics: []');
    });
    expect((await read('one')).one.meshConfig).toEqual({ defaultProviders: { metrics: [] } });
  });

  test.each(['{', '*a', 'a: &a [*a]', '- ['.repeat(20_000)])('settings that nobody can read, as %.9s, are told by their place and not shown', async text => {
    change('one', 'ConfigMap', 'istio', ({ data }) => { data.mesh = text; });
    await expect(read()).rejects.toThrow(new Error(
      "context 'one': 'mesh' of the ConfigMap 'istio' in 'istio-system' cannot be read as YAML; mend it, or leave this context out"));
  });

  test('what istioctl patched into the Deployment is read as components', async () => {
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } };
    change('one', 'Deployment', 'istiod', ({ spec: { template: { spec } } }) => {
      Object.assign(spec, { nodeSelector: { pool: 'mesh' }, tolerations: [{ key: 'mesh' }], affinity });
      Object.assign(spec.containers[0], { resources: LIMITS, env: [{ name: 'PILOT_X', value: '1' }, ...spec.containers[0].env] });
    });
    changeValues('one', 'original-values', values => Object.assign(values.pilot, { replicaCount: 3 }));
    expect((await read('one')).one.components.pilot).toEqual({
      k8s: { replicaCount: 3, env: [{ name: 'PILOT_X', value: '1' }], resources: LIMITS, nodeSelector: { pool: 'mesh' }, tolerations: [{ key: 'mesh' }], affinity },
    });
  });

  test('what the chart gave the Deployment by its values is none of istioctl\'s', async () => {
    change('one', 'Deployment', 'istiod', ({ spec: { template: { spec } } }) => {
      spec.nodeSelector = { pool: 'mesh' };
    });
    changeValues('one', 'merged-values', values => Object.assign(values, { nodeSelector: { pool: 'mesh' } }));
    expect((await read('one')).one.components).toBeUndefined();
  });

  test('revision, tags and a second control plane are read', async () => {
    clusters = new FakeClusters('one');
    const canary = guideObjects({ name: 'one', revision: 'next' }).filter(({ metadata, kind }) => metadata.name === 'istiod-next' || (kind === 'ConfigMap' && metadata.name !== 'values-next'));
    canary[0].spec.template.spec.containers[0].image = 'docker.io/istio/pilot:1.31.2';
    const tag = (name: string, revision: string) => ({ kind: 'MutatingWebhookConfiguration', metadata: { name: `istio-revision-tag-${name}`, labels: { 'istio.io/tag': name, 'istio.io/rev': revision } } });
    clusters.put('one', ...canary, ...guideObjects({ name: 'one', revision: 'old' }), tag('default', 'old'), tag('prod', 'old'));
    const { one: { revision, revisionTags, canary: second, istioVersion, values } } = await read('one');
    expect({ revision, revisionTags, second, istioVersion, values })
      .toEqual({ revision: 'old', revisionTags: { default: 'old', prod: 'old' }, second: { revision: 'next', istioVersion: '1.31.2' }, istioVersion: '1.31.0', values: undefined });
  });

  test('the tag that istioctl makes by itself is not said', async () => {
    clusters.put('one', { kind: 'MutatingWebhookConfiguration', metadata: { name: 'x', labels: { 'istio.io/tag': 'default', 'istio.io/rev': 'default' } } });
    expect((await read('one')).one.revisionTags).toBeUndefined();
  });

  test.each([
    ['docker.io/istio/pilot:1.30.4-distroless', { istioVersion: '1.30.4', tag: '1.30.4-distroless' }],
    ['docker.io/istio/pilot:own', { istioVersion: '1.31.0', tag: 'own' }],
  ])('the version is that of the image, and otherwise of istioctl: %s', async (image, right) => {
    change('one', 'Deployment', 'istiod', ({ spec }) => {
      spec.template.spec.containers[0].image = image;
    });
    changeValues('one', 'original-values', ({ global }) => delete global.tag);
    const { one: { istioVersion, tag } } = await read('one');
    expect({ istioVersion, tag }).toEqual(right);
  });

  test('an older one does not tell its values, which is noted', async () => {
    clusters.remove('one', 'ConfigMap', 'values');
    change('one', 'ConfigMap', 'istio-sidecar-injector', ({ data }) => {
      const values = JSON.parse(data.values);
      data.values = JSON.stringify({ global: { ...values.global, proxy: { clusterDomain: 'corp.local', logLevel: 'warning' } } });
    });
    const { one, notes } = await read('one');
    expect(one.values).toEqual({ global: { proxy: { clusterDomain: 'corp.local' } } });
    expect(notes).toContain("'one': istiod has no ConfigMap 'values', so that of what was set only names, images and the mesh configuration are read; add the rest to values and components");
  });

  test.each<[string, (object: KubernetesObject) => void, string | undefined, string]>([
    ['Helm', ({ metadata }) => Object.assign(metadata, { labels: { istio: 'pilot' }, annotations: { 'meta.helm.sh/release-name': 'mine' } }), 'helm',
      "'one': Helm's release of istiod is 'mine', and the tree's is 'istiod', which Helm refuses beside it; write 'mine' into the command"],
    ['the Sail operator', ({ metadata }) => Object.assign(metadata, { ownerReferences: [{ kind: 'IstioRevision' }] }), 'sail',
      "'one': the Sail operator installed istiod; compare the tree's Istio with yours, above all its name and updateStrategy"],
    ['nobody who says so', ({ metadata }) => Object.assign(metadata, { labels: { istio: 'pilot' } }), 'rendered',
      "'one': nothing tells that istioctl install, Helm or the Sail operator installed istiod; the file has installer: rendered, for kubectl"],
    ['istioctl, and Argo CD applies it', ({ metadata }) => Object.assign(metadata, { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }), undefined,
      "'one': Argo CD applies istiod, and writes back what it has; stop it before anything of the tree is applied"],
  ])('the installer is known: %s', async (_, edit, installer, note) => {
    change('one', 'Deployment', 'istiod', edit);
    const { one, notes } = await read('one');
    expect(one.installer).toBe(installer);
    expect(notes).toContain(note);
  });
});

describe('of gateways', () => {
  test.each<[string, string, (object: KubernetesObject) => void, object]>([
    ['the type of its Service, with node ports', 'Service', ({ spec }) => Object.assign(spec, { type: 'NodePort', ports: spec.ports.slice(0, 2) }),
      { ports: [{ name: 'status-port', port: 15021, nodePort: 30000 }, { name: 'tls', port: 15443, nodePort: 30001 }], service: { type: 'NodePort' } }],
    ['what is said of its Service', 'Service', ({ metadata, spec }) => {
      metadata.annotations = { 'cloud/internal': 'true', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
      Object.assign(spec, { loadBalancerSourceRanges: ['10.0.0.0/8'], externalTrafficPolicy: 'Local', loadBalancerClass: 'internal' });
    }, { service: { annotations: { 'cloud/internal': 'true' }, loadBalancerClass: 'internal', loadBalancerSourceRanges: ['10.0.0.0/8'], externalTrafficPolicy: 'Local' } }],
    ['what is said of its pods', 'Deployment', ({ spec: { template } }) => {
      template.metadata.annotations = { 'mine': 'yes', 'prometheus.io/port': '15020' };
      Object.assign(template.spec, { nodeSelector: { pool: 'edge' }, priorityClassName: 'high' });
      Object.assign(template.spec.containers[0], { resources: LIMITS, env: [{ name: 'X', value: '1' }, ...template.spec.containers[0].env] });
    }, { env: { X: '1' }, resources: LIMITS, nodeSelector: { pool: 'edge' }, podAnnotations: { mine: 'yes' }, priorityClassName: 'high' }],
    ['how many there are', 'HorizontalPodAutoscaler', ({ spec }) => Object.assign(spec, { minReplicas: 2, maxReplicas: 5 }), { autoscaling: { minReplicas: 2 } }],
    ['the revision that injects it', 'Deployment', ({ metadata }) => Object.assign(metadata.labels, { 'istio.io/rev': 'other' }), { revision: 'other' }],
  ])('%s is read', async (_, kind, edit, right) => {
    change('one', kind, 'istio-eastwestgateway', edit);
    expect((await read()).clusters[0].eastWestGateway ?? (await read()).one.eastWestGateway).toMatchObject(right);
  });

  test('a gateway of a mesh with one network stays, and is asked for', async () => {
    NAMES.forEach((name, i) => clusters.put(name, ...guideObjects({ name, network: 'flat', peers: [NAMES[1 - i]] })));
    const { one, network } = await read();
    expect({ network, install: one.eastWestGateway.install }).toEqual({ network: 'flat', install: 'always' });
  });

  test('a flat mesh without gateways gets none', async () => {
    clusters = new FakeClusters(...NAMES);
    NAMES.forEach((name, i) => clusters.put(name, authority, ...guideObjects({ name, network: 'flat', peers: [NAMES[1 - i]] })
      .filter(({ metadata, kind }) => metadata.name !== 'istio-eastwestgateway' && kind !== 'Gateway')));
    const { one, notes } = await read();
    expect(one.eastWestGateway).toBeUndefined();
    expect(notes).toEqual(ENDED);
  });

  test('the guide\'s own mistake, a gateway for another network, is told with what it takes to mend it', async () => {
    ['Service', 'Deployment'].forEach(kind => change('one', kind, 'istio-eastwestgateway', object =>
      Object.assign(object, JSON.parse(JSON.stringify(object).replace(/("topology.istio.io\/network":|"ISTIO_META_REQUESTED_NETWORK_VIEW","value":)"one"/g, '$1"two"')))));
    const { notes } = await read();
    expect(notes.filter((note: string) => !ENDED.includes(note))).toEqual([
      expect.stringMatching(/^'one': Service 'istio-eastwestgateway': metadata\.labels\['topology\.istio\.io\/network'\]: .*\(IM1\d\d\)$/),
      "'one': Deployment 'istio-eastwestgateway' selects its pods by app=istio-eastwestgateway,istio=eastwestgateway,topology.istio.io/network=two, and the tree's by "
        + 'app=istio-eastwestgateway,istio=eastwestgateway,topology.istio.io/network=one, which nobody can change in a Deployment; '
        + 'delete it right before the tree\'s is installed, when its network can do without',
    ]);
  });

  test('no ingress gateway of the control plane means none in the tree, and others are listed', async () => {
    ['Deployment', 'Service', 'HorizontalPodAutoscaler'].forEach(kind => clusters.remove('one', kind, 'istio-ingressgateway'));
    expect((await read('one')).one.components).toEqual({ ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] });
  });

  test('a gateway that another IstioOperator owns is none of the control plane\'s', async () => {
    change('one', 'Deployment', 'istio-ingressgateway', ({ metadata }) => Object.assign(metadata.labels, { 'install.operator.istio.io/owning-resource': 'edge' }));
    expect((await read('one')).one.components).toEqual({ ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] });
  });

  test('what is exposed is read, and Gateways of other names are told', async () => {
    change('one', 'Gateway', 'cross-network-gateway', ({ spec }) => Object.assign(spec.servers[0], { hosts: ['*.prod.svc.cluster.local'] }));
    change('one', 'Gateway', 'cross-network-gateway', ({ metadata }) => Object.assign(metadata, { name: 'mine' }));
    clusters.remove('one', 'Gateway', 'cross-network-gateway');
    const { clusters: [one], notes } = await read();
    expect(one.exposedServices).toEqual({ hosts: ['*.prod.svc.cluster.local'] });
    expect(notes).toContain("'one': Gateway 'mine' in namespace 'istio-system' exposes services and is not in the tree; "
      + 'remove it once \'cross-network-gateway\' of the tree is there, unless it exposes something else');
  });

  test('a gateway elsewhere is left alone', async () => {
    ['Service', 'Deployment', 'HorizontalPodAutoscaler'].forEach(kind => {
      change('one', kind, 'istio-eastwestgateway', ({ metadata }) => Object.assign(metadata, { namespace: 'edge' }));
      clusters.remove('one', kind, 'istio-eastwestgateway');
    });
    const { notes } = await read();
    expect(notes).toEqual(expect.arrayContaining([
      "'one': Service 'istio-eastwestgateway' in namespace 'edge' is of a gateway for other networks that is not in the tree, and stays as it is",
      "'one': peers are on other networks, and there is no gateway in 'istio-system'; the tree brings 'istio-eastwestgateway'",
    ]));
  });
});

describe('of links', () => {
  test('another authority, a proxy and a name in the certificate are read', async () => {
    const caData = base64(otherRoots.data['root-cert.pem']);
    clusters.put('two', link('one', { cluster: { 'certificate-authority-data': caData, 'tls-server-name': 'inner', 'proxy-url': 'http://proxy:3128' } }));
    expect((await read()).clusters[0]).toMatchObject({ caData, tlsServerName: 'inner', proxyUrl: 'http://proxy:3128' });
  });

  test('a proxy whose URL has a password is not', async () => {
    clusters.put('two', link('one', { cluster: { 'proxy-url': `http://me:${MARKER}@proxy:3128` } }));
    const found = await read();
    expect(JSON.stringify(found)).not.toContain(MARKER);
    expect(found.notes).toContain("the proxy before the API server of 'one' is not in the file, since its URL may have a password; write proxyUrl without one");
  });

  test.each<[string, () => void, string]>([
    ['one way only', () => clusters.remove('one', 'Secret', 'istio-remote-secret-two'),
      "'one' has no remote Secret of 'two', which has one of 'one', so that requests go one way only; istio-mesh link makes the missing one"],
    ['a cluster that nobody named', () => clusters.put('one', link('three')),
      "'one' reads 'three' by Secret 'istio-remote-secret-three', and is of none of the contexts; read that too, or remove the Secret: kubectl --context one -n istio-system delete secret istio-remote-secret-three"],
    ['the cluster itself', () => clusters.put('one', link('one')),
      "Secret 'istio-remote-secret-one' in 'one' leads to 'one' itself, and istiod passes over it; remove it: kubectl --context one -n istio-system delete secret istio-remote-secret-one"],
    ['no token', () => clusters.put('two', link('one', { user: { exec: { command: 'aws' } } })),
      "Secret 'istio-remote-secret-one' in 'two' reads 'one' with exec and no token; the file leaves such links to you, by remoteCredentials: external"],
    ['any certificate', () => clusters.put('two', link('one', { cluster: { 'insecure-skip-tls-verify': true } })),
      "the links to 'one' take any certificate from its API server (insecure-skip-tls-verify), and the tree's do not; give caData if it is none of the cluster's own authority"],
  ])('%s is told', async (_, make, note) => {
    make();
    expect((await read()).notes).toContain(note);
  });

  test('links without a token, and those that somebody else makes, stay theirs', async () => {
    clusters.put('two', link('one', { user: { exec: { command: 'aws' } } }));
    change('one', 'Secret', 'istio-remote-secret-two', ({ metadata }) => Object.assign(metadata, { ownerReferences: [{ kind: 'ExternalSecret' }] }));
    const found = await read();
    expect(found.remoteCredentials).toBe('external');
    expect(found.notes).toContain("Secret 'istio-remote-secret-two' in 'one' comes of its ExternalSecret; the file leaves such links to that, by remoteCredentials: external");
    expect(found.notes.filter((note: string) => ENDED.includes(note))).toEqual([]);
  });

  test('clusters without links are no peers, and need no API server', async () => {
    NAMES.forEach((name, i) => clusters.remove(name, 'Secret', `istio-remote-secret-${NAMES[1 - i]}`));
    const found = await read();
    expect(found).toMatchObject({ peers: [] });
    expect(found.apiServer).toBeUndefined();
  });

  test('where nobody reads a cluster yet, the user\'s own kubeconfig tells its API server', async () => {
    clusters.remove('two', 'Secret', 'istio-remote-secret-one');
    const { clusters: [one], notes } = await read();
    expect(one.apiServer).toBe('https://one.kubeconfig:6443');
    expect(notes).toContain("no cluster reads 'one' yet, which would tell how to reach its API server; "
      + 'the file has that of your kubeconfig, https://one.kubeconfig:6443; write the one at which the others reach it as apiServer');
  });

  test('the token that the library made is not to be ended', async () => {
    const claims = { 'kubernetes.io/serviceaccount/secret.name': 'istio-mesh-reader-blue', 'kubernetes.io/serviceaccount/namespace': NAMESPACE };
    const own = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    clusters.put('two', link('one', { user: { token: own } }));
    expect((await read()).notes).toEqual([ended('two')]);
  });
});

describe('of the mesh', () => {
  test('other names, no authority and another root are told', async () => {
    change('two', 'ConfigMap', 'istio-sidecar-injector', ({ data }) => {
      data.values = data.values.replace('mesh1', 'mesh2');
    });
    clusters.remove('two', 'Secret', 'cacerts');
    clusters.put('two', otherRoots);
    expect((await read()).notes.filter((note: string) => !ENDED.includes(note))).toEqual([
      "'two' is of the mesh 'mesh2', and the file says 'mesh1', which proxies are told when they start again",
      "'two' has no Secret cacerts, so that istiod signs under a root of its own, which no other cluster has",
      "'one' and 'two' trust different roots, so that neither answers the other; bring cacerts under one root into both before they are linked",
    ]);
  });

  test('a context without istiod, and one that does not answer, are told together', async () => {
    clusters = new FakeClusters(...NAMES);
    clusters.refuse('two', 'get', 'Unable to connect to the server');
    await expect(read()).rejects.toThrow("context 'one': there is no Deployment of istiod, and nothing to read; leave this context out\ncontext 'two': kubectl get: Unable to connect to the server");
  });

  test('a cluster that is read as another context says which', async () => {
    expect((await read('one')).one.context).toBeUndefined();
    clusters = new FakeClusters('admin@one');
    clusters.put('admin@one', ...guideObjects({ name: 'one' }));
    expect((await read('admin@one')).one.context).toBe('admin@one');
  });
});

describe('the command', () => {
  const options = { fromContexts: NAMES };

  test('writes the file, and tells the notes and what synth will refuse', async () => {
    clusters.remove('two', 'Secret', 'istio-remote-secret-one');
    const directory = temporaryDirectory();
    const told = await init(directory, options);
    expect(told.split('\n').filter(line => line.startsWith('note: '))).toEqual([
      expect.stringMatching(/^note: synth will refuse clusters\[0\]\.apiServer: cluster 'one': apiServer is missing, .*\(IM030\)$/),
      expect.stringMatching(/^note: no cluster reads 'one' yet/),
      expect.stringMatching(/^note: 'two' has no remote Secret of 'one'/),
      `note: ${ended('two')}`,
    ]);
    expect(readdirSync(directory)).toContain('mesh.yaml');
  });

  test('asks for the contexts where somebody can be asked, and otherwise says what to write', async () => {
    await expect(init(temporaryDirectory(), { fromContexts: true })).rejects.toThrow('--from-contexts names no context; name that of every cluster of the mesh');
  });

  test('writes nothing where a cluster cannot be read', async () => {
    const directory = temporaryDirectory();
    await expect(init(directory, { fromContexts: ['one', 'nowhere'] })).rejects.toThrow('context "nowhere" does not exist');
    expect(readdirSync(directory)).toEqual([]);
  });
});

/** Tags are others' objects; which node port of a load balancer was asked for, and which was chosen, nobody tells. */
const UNREAD = ['revisionTags', 'nodePort'];

describe('of our own trees', () => {
  const secrets = temporaryDirectory();
  beforeAll(() => giveSecrets(secrets));

  /** The objects of the gateways of a mesh, by cluster. */
  function gateways(props: object): Array<{ name: string; network: string; namespace: string; revision: string; objects: KubernetesObject[] }> {
    const app = new MeshApp();
    const mesh = new Mesh(app, 'mesh', props as MeshProps);
    const files = [...app._files().tree];
    return mesh.clusters.map(({ name, network, primary: { namespace, revision } }) => ({
      name,
      network,
      namespace,
      revision,
      objects: files.filter(([path]) => path.startsWith(`${name}/40-east-west-gateway/`) && !path.endsWith('kustomization.yaml')).map(([, text]) => load(text) as KubernetesObject)
        .filter(({ kind }) => kind !== 'NetworkPolicy'), // nobody else has it
    }));
  }

  test('a gateway that is read back gives the same gateway', () => {
    let judged = 0;
    fc.assert(fc.property(randomMeshes(secrets), random => {
      const mesh = JSON.parse(JSON.stringify(installedBy('external', random), (key, value) => UNREAD.includes(key) ? undefined : value));
      let made: ReturnType<typeof gateways>;
      try {
        made = gateways(mesh);
      } catch (error) {
        return fc.pre(!(error instanceof MeshError)) ?? true;
      }
      for (const { objects, name, network, namespace, revision } of made.filter(one => one.objects.length > 0)) {
        const [istiod] = guideObjects({ name, network, revision }).filter(({ kind }) => kind === 'Deployment');
        const configMaps = guideObjects({ name, network, revision }).filter(({ kind }) => kind === 'ConfigMap');
        const networkServices = objects.filter(({ kind }) => kind === 'Service');
        const none = { tags: [], passthroughs: [], links: [], others: [] };
        const cluster = { ...none, context: name, namespace, istiods: [istiod], gateways: objects, configMaps, networkServices };
        const { clusters: [{ settings }] } = meshOfClusters([cluster]);
        const { eastWestGateway } = settings;
        const again = gateways({
          meshID: 'mesh1', istioVersion: '1.31.0', installer: 'external', clusters: [{ name, network, namespace, revision, peers: [], eastWestGateway }],
        });
        expect(again[0].objects).toEqual(objects);
        judged++;
      }
      return true;
    }), { seed: SEED, numRuns: 150 });
    expect(judged).toBeGreaterThan(50);
  });
});
