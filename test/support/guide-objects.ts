import { readFileSync } from 'fs';
import { join } from 'path';
import { base64 } from './fake-clusters';

/** An object of a cluster. */
export type KubernetesObject = any;

/** What is different in a cluster. */
export interface GuideProps {
  readonly name: string;
  readonly network?: string;
  readonly peers?: readonly string[];
  readonly revision?: string;
}

/** A mark in everything that is secret. */
export const MARKER = 'never-to-be-shown';

const NAMESPACE = 'istio-system';
const OWNER = 'install.operator.istio.io/owning-resource';
const PORTS = [['status-port', 15021], ['tls', 15443], ['tls-istiod', 15012], ['tls-webhook', 15017]] as const;

/**
 * Istio's objects in a cluster whose mesh was made with Istio's guide, as a real API server gives them, without what
 * nobody here reads.
 */
export function guideObjects({ name, network = name, peers = [], revision = '' }: GuideProps): KubernetesObject[] {
  const suffixed = (text: string) => revision ? `${text}-${revision}` : text;
  const rev = revision || 'default';
  const values = {
    global: { meshID: 'mesh1', multiCluster: { clusterName: name }, network, hub: 'docker.io/istio', tag: '1.31.0' },
    revision,
  };
  const configMap =
    (of: string, data: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: suffixed(of), namespace: NAMESPACE, labels: { 'istio.io/rev': rev } },
      data,
    });
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels: { 'topology.istio.io/network': network } },
    },
    deployment(suffixed('istiod'), { 'app': 'istiod', 'istio': 'pilot', 'istio.io/rev': rev, [OWNER]: 'unknown' }, {
      name: 'discovery',
      image: 'docker.io/istio/pilot:1.31.0',
      env: [{ name: 'REVISION', value: rev }, { name: 'CLUSTER_ID', value: name }],
      resources: { requests: { cpu: '500m', memory: '2Gi' } },
    }, { tolerations: [{ key: 'cni.istio.io/not-ready', operator: 'Exists' }] }),
    configMap('values', {
      'original-values':
        JSON.stringify({
          ...values,
          defaultRevision: '',
          gateways: { 'istio-ingressgateway': {} },
          pilot: { enabled: true, cni: { enabled: false } },
        }),
      'merged-values':
        JSON.stringify({
          ...values,
          resources: { requests: { cpu: '500m', memory: '2048Mi' } },
          nodeSelector: {},
          affinity: {},
          tolerations: [],
        }),
    }),
    configMap('istio-sidecar-injector', { values: JSON.stringify(values), config: '' }),
    configMap('istio', {
      mesh: `defaultConfig:\n  discoveryAddress: ${suffixed('istiod')}.istio-system.svc:15012\n  meshId: `
        + 'mesh1\ndefaultProviders:\n  metrics:\n  - prometheus\n'
        + 'enablePrometheusMerge: true\nrootNamespace: istio-system\ntrustDomain: cluster.local\n',
    }),
    ...gateway('istio-ingressgateway', { app: 'istio-ingressgateway', istio: 'ingressgateway' }, 'unknown', rev,
      [['status-port', 15021, 15021], ['http2', 80, 8080], ['https', 443, 8443]]),
    ...gateway('istio-eastwestgateway',
      { 'app': 'istio-eastwestgateway', 'istio': 'eastwestgateway', 'topology.istio.io/network': network }, 'eastwest',
      rev, PORTS,
      [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: network },
        { name: 'ISTIO_META_UNPRIVILEGED_POD', value: 'true' }]),
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'cross-network-gateway', namespace: NAMESPACE },
      spec: {
        selector: { istio: 'eastwestgateway' },
        servers: [
          {
            port: { number: 15443, name: 'tls', protocol: 'TLS' },
            tls: { mode: 'AUTO_PASSTHROUGH' },
            hosts: ['*.local'],
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: NAMESPACE },
      data: { 'ca.crt': AUTHORITY },
    },
    ...peers.map(peer => link(peer)),
  ];
}

/** The authority of every API server. */
const AUTHORITY = readFileSync(join(__dirname, '..', 'bench', 'ca.crt'), 'utf-8');

/** A remote Secret as `istioctl create-remote-secret` makes it. */
export function link(
  peer: string,
  { server = `https://${peer}.example.com:6443`, cluster = {}, user = { token: token(peer) } }: LinkProps = {},
): KubernetesObject {
  const kubeconfig = {
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': peer,
    'clusters': [{ name: peer, cluster: { 'certificate-authority-data': base64(AUTHORITY), server, ...cluster } }],
    'contexts': [{ name: peer, context: { cluster: peer, user: peer } }],
    'users': [{ name: peer, user }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `istio-remote-secret-${peer}`,
      namespace: NAMESPACE,
      labels: { 'istio/multiCluster': 'true' },
      annotations: { 'networking.istio.io/cluster': peer },
    },
    data: { [peer]: base64(JSON.stringify(kubeconfig)) },
  };
}

export interface LinkProps {
  readonly server?: string;
  readonly cluster?: object;
  readonly user?: object;
}

/** A token of the account that istioctl makes. */
export function token(cluster: string): string {
  const claims = {
    'kubernetes.io/serviceaccount/namespace': NAMESPACE,
    'kubernetes.io/serviceaccount/secret.name': 'istio-reader-service-account-istio-remote-secret-token',
    'sub': `system:serviceaccount:${NAMESPACE}:istio-reader-service-account`,
  };
  return ['{"alg":"RS256"}', JSON.stringify(claims),
    `${MARKER} ${cluster}`].map(part => Buffer.from(part).toString('base64url')).join('.');
}

function deployment(name: string, labels: object, container: object, pod: object = {}): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: { 'operator.istio.io/managed': 'Reconcile', 'operator.istio.io/version': '1.31.0', ...labels },
    },
    spec: {
      replicas: 1,
      selector: { matchLabels: { istio: 'pilot' } },
      template: { metadata: { labels }, spec: { containers: [container], ...pod } },
    },
  };
}

function gateway(
  name: string,
  labels: object,
  owner: string,
  rev: string,
  ports: ReadonlyArray<readonly [string, number, number?]>,
  env: readonly object[] = [{ name: 'PILOT_CERT_PROVIDER', value: 'istiod' }],
): KubernetesObject[] {
  const metadata = {
    name,
    namespace: NAMESPACE,
    labels: { ...labels, 'operator.istio.io/component': 'IngressGateways', [OWNER]: owner, 'istio.io/rev': rev },
  };
  const container = {
    name: 'istio-proxy',
    image: 'auto',
    env,
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } },
  };
  const { spec, ...rest } = deployment(name, metadata.labels, container);
  return [
    {
      ...rest,
      spec: { ...spec, selector: { matchLabels: labels }, template: { ...spec.template, metadata: { labels } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        externalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: ports.map(([of, port, targetPort = port],
          i) => ({ name: of, port, targetPort, protocol: 'TCP', nodePort: 30000 + i })),
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: {
        minReplicas: 1,
        maxReplicas: 5,
        scaleTargetRef: { name },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
      },
    },
  ];
}
