import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { type MeshProps, Mesh, MeshApp } from '../../../../src';
import { meshOfClusters } from '../../../../src/cli/init/running/mesh';
import { MeshError } from '../../../../src/core/mesh-error';
import { installedBy } from '../../../e2e/mesh-sample';
import { FakeClusters } from '../../../support/fake-clusters';
import {
  type CertificateObjects, certificateObjects, change, guideMesh, NAMES, readMesh, TOKEN_NOTES,
} from '../../../support/guide-mesh';
import { type KubernetesObject, guideObjects } from '../../../support/guide-objects';
import { giveSecrets, randomMeshes, SEED } from '../../../support/random-meshes';
import { temporaryDirectory } from '../../../support/util';

jest.mock(
  '../../../../src/util/host/child-process',
  () => jest.requireActual('../../../support/fake-clusters').programs(),
);

const RESOURCES = { requests: { cpu: '200m' } };
const GATEWAY = 'istio-eastwestgateway';
const INGRESS = 'istio-ingressgateway';

let certificates: CertificateObjects;
let clusters: FakeClusters;

beforeAll(async () => { certificates = await certificateObjects(); });
beforeEach(() => { clusters = guideMesh(certificates); });

type Edit = (object: KubernetesObject) => void;

test.each<[string, string, Edit, object]>([
  [
    'the type of its Service, with node ports', 'Service',
    ({ spec }) => Object.assign(spec, { type: 'NodePort', ports: spec.ports.slice(0, 2) }),
    {
      ports: [
        { name: 'status-port', port: 15021, nodePort: 30000 },
        { name: 'tls', port: 15443, nodePort: 30001 },
      ],
      service: { type: 'NodePort' },
    },
  ],
  [
    'the settings of its Service', 'Service',
    ({ metadata, spec }) => {
      metadata.annotations = { 'cloud/internal': 'true', 'kubectl.kubernetes.io/last-applied-configuration': '{}' };
      Object.assign(spec, {
        loadBalancerSourceRanges: ['10.0.0.0/8'], externalTrafficPolicy: 'Local', loadBalancerClass: 'internal',
      });
    },
    {
      service: {
        annotations: { 'cloud/internal': 'true' },
        loadBalancerClass: 'internal',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        externalTrafficPolicy: 'Local',
      },
    },
  ],
  [
    'the settings of its pods', 'Deployment',
    ({ spec: { template: { metadata, spec } } }) => {
      metadata.annotations = { 'mine': 'yes', 'prometheus.io/port': '15020' };
      Object.assign(spec, { nodeSelector: { pool: 'edge' }, priorityClassName: 'high' });
      const [container] = spec.containers;
      Object.assign(container, { resources: RESOURCES, env: [{ name: 'X', value: '1' }, ...container.env] });
    },
    {
      env: { X: '1' },
      resources: RESOURCES,
      nodeSelector: { pool: 'edge' },
      podAnnotations: { mine: 'yes' },
      priorityClassName: 'high',
    },
  ],
  [
    'the number of its pods', 'HorizontalPodAutoscaler',
    ({ spec }) => Object.assign(spec, { minReplicas: 2, maxReplicas: 5 }),
    { autoscaling: { minReplicas: 2 } },
  ],
  [
    'the revision that injects it', 'Deployment',
    ({ metadata }) => { metadata.labels['istio.io/rev'] = 'other'; },
    { revision: 'other' },
  ],
])('the settings of a gateway include %s', async (_, kind, edit, expected) => {
  change(clusters, kind, GATEWAY, edit);
  expect((await readMesh()).one.eastWestGateway).toMatchObject(expected);
});

test('a gateway in a mesh with one network is kept with install: always', async () => {
  NAMES.forEach((name, i) => {
    clusters.put(name, ...guideObjects({ name, network: 'flat', peers: [NAMES[1 - i]] }));
  });
  const { one, network } = await readMesh();
  expect({ network, install: one.eastWestGateway.install }).toEqual({ network: 'flat', install: 'always' });
});

test('a mesh with one network and without gateways gets none', async () => {
  clusters = new FakeClusters(...NAMES);
  NAMES.forEach((name, i) => {
    const objects = guideObjects({ name, network: 'flat', peers: [NAMES[1 - i]] });
    const others = objects.filter(({ metadata, kind }) => metadata.name !== GATEWAY && kind !== 'Gateway');
    clusters.put(name, certificates.cacerts, ...others);
  });
  const { one, notes } = await readMesh();
  expect(one.eastWestGateway).toBeUndefined();
  expect(notes).toEqual(TOKEN_NOTES);
});

test('a gateway for the network of another cluster is reported, with the selector that has to change', async () => {
  const places = /("topology.istio.io\/network":|"ISTIO_META_REQUESTED_NETWORK_VIEW","value":)"one"/g;
  ['Service', 'Deployment'].forEach(kind => change(clusters, kind, GATEWAY, object =>
    Object.assign(object, JSON.parse(JSON.stringify(object).replace(places, '$1"two"')))));
  const { notes } = await readMesh();
  const labels = `app=${GATEWAY},istio=eastwestgateway,topology.istio.io/network=`;
  expect(notes.filter((note: string) => !TOKEN_NOTES.includes(note))).toEqual([
    expect.stringMatching(
      /^'one': Service 'istio-eastwestgateway': metadata\.labels\['topology\.istio\.io\/network'\]: .*\(IM1\d\d\)$/),
    `'one': the selector of Deployment '${GATEWAY}' is ${labels}two, but that of the generated Deployment is `
      + `${labels}one, and a selector cannot be changed; delete the Deployment right before you install the `
      + 'generated one, at a time when its network does not need the gateway',
  ]);
});

test('a gateway that istioctl would remove, because of the name of its IstioOperator, is reported', async () => {
  change(clusters, 'Deployment', GATEWAY, ({ metadata }) => {
    metadata.labels['install.operator.istio.io/owning-resource'] = 'control-plane';
  });
  expect((await readMesh()).notes).toContain("'one': an IstioOperator named 'control-plane' installed the gateway, but "
    + 'the generated one of that name does not include it; install eastwest.yaml before control-plane.yaml, or '
    + 'istioctl removes the gateway');
});

describe('the ingress gateway', () => {
  const DISABLED = { ingressGateways: [{ name: INGRESS, enabled: false }] };

  test('is disabled if the control plane has none', async () => {
    ['Deployment', 'Service', 'HorizontalPodAutoscaler'].forEach(kind => clusters.remove('one', kind, INGRESS));
    expect((await readMesh('one')).one.components).toEqual(DISABLED);
  });

  test('is disabled if another IstioOperator owns it', async () => {
    change(clusters, 'Deployment', INGRESS, ({ metadata }) => {
      metadata.labels['install.operator.istio.io/owning-resource'] = 'edge';
    });
    expect((await readMesh('one')).one.components).toEqual(DISABLED);
  });
});

test('exposed hosts are read, and Gateways with other names are reported', async () => {
  change(clusters, 'Gateway', 'cross-network-gateway', ({ metadata, spec }) => {
    spec.servers[0].hosts = ['*.prod.svc.cluster.local'];
    metadata.name = 'mine';
  });
  clusters.remove('one', 'Gateway', 'cross-network-gateway');
  const { clusters: [one], notes } = await readMesh();
  expect(one.exposedServices).toEqual({ hosts: ['*.prod.svc.cluster.local'] });
  expect(notes).toContain("'one': Gateway 'mine' in namespace 'istio-system' exposes services and is not in the "
    + "generated manifests; remove it after 'cross-network-gateway' is applied, unless it exposes other services");
});

test('a gateway that exposes no services is reported', async () => {
  clusters.remove('one', 'Gateway', 'cross-network-gateway');
  expect((await readMesh()).notes).toContain("'one': the gateway exposes no services; the generated manifests add the "
    + "Gateway 'cross-network-gateway'");
});

test('a gateway in another namespace stays unchanged', async () => {
  ['Service', 'Deployment', 'HorizontalPodAutoscaler'].forEach(kind => {
    change(clusters, kind, GATEWAY, ({ metadata }) => { metadata.namespace = 'edge'; });
    clusters.remove('one', kind, GATEWAY);
  });
  expect((await readMesh()).notes).toEqual(expect.arrayContaining([
    `'one': Service '${GATEWAY}' in namespace 'edge' belongs to an east-west gateway that the generated manifests do `
      + 'not include; it stays unchanged',
    "'one': peers are on other networks, but namespace 'istio-system' has no east-west gateway; "
      + `the generated manifests add '${GATEWAY}'`,
  ]));
});

describe('generated gateways', () => {
  const secrets = temporaryDirectory();
  beforeAll(() => giveSecrets(secrets));

  /** Settings that cannot be read back: tags are separate objects, and node ports may be chosen by Kubernetes. */
  const UNREADABLE = ['revisionTags', 'nodePort'];

  interface GeneratedGateway {
    readonly name: string;
    readonly network: string;
    readonly namespace: string;
    readonly revision: string;
    readonly objects: readonly KubernetesObject[];
  }

  /** The objects of each cluster's gateway. */
  function generatedGateways(props: object): GeneratedGateway[] {
    const app = new MeshApp();
    const mesh = new Mesh(app, 'mesh', props as MeshProps);
    const files = [...app._files().tree];
    return mesh.clusters.map(({ name, network, primary: { namespace, revision } }) => {
      const isGatewayFile = (path: string) =>
        path.startsWith(`${name}/40-east-west-gateway/`) && !path.endsWith('kustomization.yaml');
      const objects = files.filter(([path]) => isGatewayFile(path)).map(([, text]) => load(text) as KubernetesObject);
      // NetworkPolicies are not read, because only this library generates them.
      const readable = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
      return { name, network, namespace, revision, objects: readable };
    });
  }

  /** Reads the settings of a gateway from its objects. */
  function readGateway({ name, network, namespace, revision, objects }: GeneratedGateway): unknown {
    const controlPlane = guideObjects({ name, network, revision });
    const { clusters: [{ settings }] } = meshOfClusters([{
      context: name,
      namespace,
      istiods: [controlPlane.find(({ kind }) => kind === 'Deployment')],
      gateways: objects,
      configMaps: controlPlane.filter(({ kind }) => kind === 'ConfigMap'),
      networkServices: objects.filter(({ kind }) => kind === 'Service'),
      tags: [],
      passthroughs: [],
      remoteSecrets: [],
      others: [],
    }]);
    return settings.eastWestGateway;
  }

  /** The gateways of a mesh; undefined if the mesh is not valid. */
  function gatewaysIfValid(mesh: object): GeneratedGateway[] | undefined {
    try {
      return generatedGateways(mesh);
    } catch (error) {
      if (error instanceof MeshError) {
        return undefined;
      }
      throw error;
    }
  }

  test('are the same after their settings are read back', () => {
    let compared = 0;
    fc.assert(fc.property(randomMeshes(secrets), random => {
      const withoutUnreadable = (key: string, value: unknown) => UNREADABLE.includes(key) ? undefined : value;
      const text = JSON.stringify(installedBy('external', random), withoutUnreadable);
      const generated = gatewaysIfValid(JSON.parse(text));
      fc.pre(generated !== undefined);
      for (const gateway of generated!.filter(({ objects }) => objects.length > 0)) {
        const { name, network, namespace, revision, objects } = gateway;
        const cluster = { name, network, namespace, revision, peers: [], eastWestGateway: readGateway(gateway) };
        const [again] = generatedGateways({
          meshID: 'mesh1', istioVersion: '1.31.0', installer: 'external', clusters: [cluster],
        });
        expect(again.objects).toEqual(objects);
        compared++;
      }
    }), { seed: SEED, numRuns: 150 });
    expect(compared).toBeGreaterThan(50);
  });
});
