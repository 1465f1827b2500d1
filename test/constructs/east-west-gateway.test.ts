import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import {
  type EastWestGatewayPort, type EastWestGatewayProps, EastWestGateway, LoadBalancer, Installer,
} from '../../src';
import { codedProblems, problems } from '../support/util';

function gateway(props: Partial<EastWestGatewayProps> = {}): EastWestGateway {
  return new EastWestGateway(Testing.chart(), 'gateway', { network: 'network1', ...props });
}

function specOf(props: Partial<EastWestGatewayProps>): any {
  return gateway(props).installation.toJson().spec;
}

/** Kubernetes settings of the gateway. */
function k8sOf(props: Partial<EastWestGatewayProps>): any {
  return specOf(props).components.ingressGateways[0].k8s;
}

const SCRIPT_PORTS: EastWestGatewayPort[] = [
  { name: 'status-port', port: 15021 },
  { name: 'tls', port: 15443 },
  { name: 'tls-istiod', port: 15012 },
  { name: 'tls-webhook', port: 15017 },
];

/** What `gen-eastwest-gateway.sh --network network1` prints, and its like with a revision. */
function printedByScript(revision: string): object {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'eastwest' },
    spec: {
      revision,
      profile: 'empty',
      components: {
        ingressGateways: [{
          name: 'istio-eastwestgateway',
          label: {
            'istio': 'eastwestgateway', 'app': 'istio-eastwestgateway', 'topology.istio.io/network': 'network1',
          },
          enabled: true,
          k8s: {
            env: [{ name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: 'network1' }],
            service: {
              ports: [
                { name: 'status-port', port: 15021, targetPort: 15021 },
                { name: 'tls', port: 15443, targetPort: 15443 },
                { name: 'tls-istiod', port: 15012, targetPort: 15012 },
                { name: 'tls-webhook', port: 15017, targetPort: 15017 },
              ],
            },
          },
        }],
      },
      values: {
        gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } },
        global: { network: 'network1' },
      },
    },
  };
}

test.each([
  '', '1-31-0',
])('with the script\'s ports and revision %j it is what gen-eastwest-gateway.sh prints, in a namespace', revision => {
  const chart = Testing.chart();
  new EastWestGateway(chart, 'gateway', { network: 'network1', revision, ports: SCRIPT_PORTS });
  const [{ metadata: { namespace, ...metadata }, ...object }] = Testing.synth(chart);
  expect({ ...object, metadata }).toEqual(printedByScript(revision));
  expect(namespace).toBe('istio-system');
});

test('by default it has the two ports that a multi-primary mesh uses', () => {
  expect(k8sOf({}).service).toEqual({
    ports: [
      { name: 'status-port', port: 15021, targetPort: 15021 },
      { name: 'tls', port: 15443, targetPort: 15443 },
    ],
  });
});

test('another namespace is that of the IstioOperator, of the gateway and of its control plane', () => {
  const { installation } = gateway({ namespace: 'istio-prod' });
  const { metadata, spec } = installation.toJson();
  expect(metadata).toEqual({ name: 'eastwest', namespace: 'istio-prod' });
  expect(spec.namespace).toBe('istio-prod');
  expect(spec.values.global).toEqual({ istioNamespace: 'istio-prod', network: 'network1' });
});

test('another name is that of its labels and of its IstioOperator, so that two gateways do not prune one another',
  () => {
    const named = gateway({ name: 'istio-crossnetwork' });
    expect(named.installation.name).toBe('eastwest-istio-crossnetwork');
    expect(named.installation.toJson().spec.components.ingressGateways[0]).toMatchObject({
      name: 'istio-crossnetwork',
      label: { 'app': 'istio-crossnetwork', 'istio': 'crossnetwork', 'topology.istio.io/network': 'network1' },
    });
    expect(gateway({ name: 'eastwest-2' }).selectorLabels).toEqual({ app: 'eastwest-2', istio: 'eastwest-2' });
  });

test.each([
  '007', '7', '1e3', '0x1f', '0b11', '0o17', 'true', 'yes', 'y', 'on', 'no', 'n', 'off', 'null',
])('the name %s is refused, since the chart writes it without quotes', name => {
  expect(codedProblems(() => gateway({ name }))).toEqual([
    `name '${name}' is not read as a string where Istio's charts write it without quotes, and the API server rejects `
      + `it; write e.g. 'istio-${name}' (IM040)`,
  ]);
});

test.each([
  'nan', 'inf', 't', '1-1', '2026-01-31', '0x1g', '0b12', 'e1', 'none', 'istio-007',
])('the name %s is text without quotes too', name => {
  expect(specOf({ name }).components.ingressGateways[0].name).toBe(name);
});

test('the construct tells what it was made of', () => {
  const { name, namespace, network, revision, tlsPort, selectorLabels } = gateway({ revision: '1-31-0' });
  expect({ name, namespace, network, revision, tlsPort, selectorLabels }).toEqual({
    name: 'istio-eastwestgateway',
    namespace: 'istio-system',
    network: 'network1',
    revision: '1-31-0',
    tlsPort: 15443,
    selectorLabels: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' },
  });
});

test('ports come out with their target ports and node ports', () => {
  const ports = [
    { name: 'status-port', port: 15021, nodePort: 30021 },
    { name: 'tls', port: 443, targetPort: 15443, nodePort: 30443 },
  ];
  expect(k8sOf({ ports }).service.ports).toEqual([
    { name: 'status-port', port: 15021, targetPort: 15021, nodePort: 30021 },
    { name: 'tls', port: 443, targetPort: 15443, nodePort: 30443 },
  ]);
});

test('the label gatewayPort tells istiod where the traffic goes when that is not 15443', () => {
  const labels = (port: number) => specOf({ ports: [{ name: 'tls', port }] }).components.ingressGateways[0].label;
  expect(labels(15444)).toEqual({
    'app': 'istio-eastwestgateway',
    'istio': 'eastwestgateway',
    'topology.istio.io/network': 'network1',
    'networking.istio.io/gatewayPort': '15444',
  });
  expect(labels(15443)).not.toHaveProperty(['networking.istio.io/gatewayPort']);
  expect(gateway({ ports: [{ name: 'tls', port: 15444 }] }).tlsPort).toBe(15444);
});

test('every setting of the Service stands under its own field', () => {
  const service = {
    type: 'LoadBalancer',
    loadBalancerIP: '192.0.2.1',
    loadBalancerClass: 'example.com/lb',
    loadBalancerSourceRanges: ['10.0.0.0/8'],
    externalTrafficPolicy: 'Local',
    externalIPs: ['192.0.2.2'],
    ipFamilies: ['IPv4', 'IPv6'],
    ipFamilyPolicy: 'PreferDualStack',
  };
  const k8s =
    k8sOf({
      service: { ...service, annotations: { 'example.com/note': 'yes' } }, ports: [{ name: 'tls', port: 15443 }],
    });
  expect(k8s.service).toEqual({ ...service, ports: [{ name: 'tls', port: 15443, targetPort: 15443 }] });
  expect(k8s.serviceAnnotations).toEqual({ 'example.com/note': 'yes' });
});

test('every setting of the pods stands under its own field', () => {
  const tolerations = [{ key: 'edge', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 60 }];
  const affinity = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'topology.kubernetes.io/zone' }],
    },
  };
  const resources = { requests: { cpu: '500m', memory: '256Mi' }, limits: { cpu: '2' } };
  expect(k8sOf({
    affinity,
    resources,
    tolerations,
    nodeSelector: { 'node-role.kubernetes.io/edge': 'true' },
    podAnnotations: { 'sidecar.istio.io/logLevel': 'debug' },
    podDisruptionBudget: { minAvailable: 1 },
    priorityClassName: 'system-cluster-critical',
    env: { ISTIO_META_DNS_CAPTURE: 'true' },
    autoscaling: { enabled: false },
    replicaCount: 3,
    ports: [{ name: 'tls', port: 15443 }],
  })).toEqual({
    affinity,
    resources,
    tolerations,
    nodeSelector: { 'node-role.kubernetes.io/edge': 'true' },
    podAnnotations: { 'sidecar.istio.io/logLevel': 'debug' },
    podDisruptionBudget: { minAvailable: 1 },
    priorityClassName: 'system-cluster-critical',
    env: [
      { name: 'ISTIO_META_DNS_CAPTURE', value: 'true' },
      { name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: 'network1' },
    ],
    replicaCount: 3,
    service: { ports: [{ name: 'tls', port: 15443, targetPort: 15443 }] },
  });
});

test('autoscaling stands under the values of the gateway', () => {
  const valuesOf = (autoscaling: object) => specOf({ autoscaling }).values.gateways['istio-ingressgateway'];
  expect(valuesOf({ minReplicas: 2, maxReplicas: 10, targetCPUUtilizationPercentage: 60 })).toEqual({
    injectionTemplate: 'gateway',
    autoscaleMin: 2,
    autoscaleMax: 10,
    cpu: { targetAverageUtilization: 60 },
  });
  expect(valuesOf({ enabled: false })).toEqual({ injectionTemplate: 'gateway', autoscaleEnabled: false });
});

test('a setting that Istio does not have is refused', () => {
  expect(problems(() => gateway({ resources: { request: { cpu: '500m' } } as object })))
    .toEqual(["k8s.resources.request: 'request' is not a key here; did you mean 'requests'?"]);
});

test('a port is 1 to 65535', () => {
  const ports = (port: number) => [{ name: 'tls', port, targetPort: 15443 }];
  const refused = (port: number) => [`port ${port} of 'tls' is not a valid port number; use 1 to 65535`];
  expect(problems(() => gateway({ ports: ports(1) }))).toEqual([]);
  expect(problems(() => gateway({ ports: ports(65535) }))).toEqual([]);
  for (const port of [0, 65536, -1, 443.5]) {
    expect(problems(() => gateway({ ports: ports(port) }))).toEqual(refused(port));
  }
});

test('a target port is 1024 to 65535', () => {
  const ports = (targetPort: number) => [{ name: 'tls', port: 15443, targetPort }];
  const refused = (targetPort: number) =>
    [`targetPort ${targetPort} of 'tls' is not between 1024 and 65535, and istioctl rejects it because the pods of the `
      + 'gateway run without privileges; set targetPort, e.g. to 8443'];
  expect(problems(() => gateway({ ports: ports(1024) }))).toEqual([]);
  expect(problems(() => gateway({ ports: ports(65535) }))).toEqual([]);
  for (const targetPort of [1023, 65536, 0, 1024.5]) {
    expect(problems(() => gateway({ ports: ports(targetPort) }))).toEqual(refused(targetPort));
  }
});

test('a low port needs a target port of its own', () => {
  expect(problems(() => gateway({ ports: [{ name: 'tls', port: 443 }] })))
    .toEqual([
      "targetPort 443 of 'tls' is not between 1024 and 65535, and istioctl rejects it because the pods of the gateway "
        + 'run without privileges; set targetPort, e.g. to 8443',
    ]);
  expect(problems(() => gateway({ ports: [{ name: 'tls', port: 443, targetPort: 8443 }] }))).toEqual([]);
});

test.each<[string, EastWestGatewayPort[]]>([
  ['none', []], ['others alone', [{ name: 'https', port: 15443 }]],
])('ports with %s are refused without tls', (_, ports) => {
  expect(problems(() => gateway({ ports })))
    .toEqual([
      "ports has no port named 'tls', which receives the traffic of other networks; add {name: tls, port: 15443}",
    ]);
});

test('a name or a number twice among the ports is refused', () => {
  expect(problems(() => gateway({ ports: [{ name: 'tls', port: 15443 }, { name: 'tls', port: 15444 }] })))
    .toEqual(["ports contains the name 'tls' twice; give each port its own name"]);
  expect(problems(() => gateway({ ports: [{ name: 'tls', port: 15443 }, { name: 'https', port: 15443 }] })))
    .toEqual(['ports contains the port 15443 twice; give each port its own number']);
});

test('a port\'s name is a DNS label of up to 63 characters', () => {
  const named = (name: string) =>
    problems(() => gateway({ ports: [{ name: 'tls', port: 15443 }, { name, port: 15021 }] }));
  expect(named('a'.repeat(63))).toEqual([]);
  expect(named('a'.repeat(64)))
    .toEqual([expect.stringMatching(/^ports\[\]\.name 'a{64}' is not a valid DNS label .*; write 'a{63}'$/)]);
  expect(named('status_port'))
    .toEqual([
      "ports[].name 'status_port' is not a valid DNS label (1 to 63 lower-case letters, digits and '-', starting and "
        + "ending with a letter or digit); write 'status-port'",
    ]);
});

test('the gateway\'s name is a DNS label of up to 54 characters, with which the name of its IstioOperator is a label '
  + 'value', () => {
  expect(problems(() => gateway({ name: 'a'.repeat(54) }))).toEqual([]);
  expect(problems(() => gateway({ name: 'a'.repeat(55) }))).toEqual([
    `name '${'a'.repeat(55)}' has 55 characters, but 'eastwest-${'a'.repeat(55)}' must be a label value of at most 63; `
      + 'shorten it to at most 54',
  ]);
  expect(problems(() => gateway({ name: 'a'.repeat(64) })))
    .toEqual([expect.stringMatching(/^name 'a{64}' is not a valid DNS label .*; write 'a{63}'$/)]);
});

test('the network is a label value of up to 63 characters', () => {
  expect(problems(() => gateway({ network: 'Net_1.' + 'x'.repeat(57) }))).toEqual([]);
  expect(problems(() => gateway({ network: 'x'.repeat(64) })))
    .toEqual([
      `network '${'x'.repeat(64)}' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting `
        + 'and ending with a letter or digit',
    ]);
  expect(problems(() => gateway({ network: '' }))).toHaveLength(1);
});

test('a revision with dots is refused', () => {
  expect(problems(() => gateway({ revision: '1.31.0' })))
    .toEqual(["revision '1.31.0' contains dots, which Istio does not allow in a revision; write '1-31-0'"]);
});

test('a Service type that gives no address is refused', () => {
  expect(problems(() => gateway({ service: { type: 'ClusterIP' } })))
    .toEqual([
      "service.type 'ClusterIP' gives the gateway no external address, and istiod ignores it; use LoadBalancer, "
        + 'loadBalancer nodePort, or externalIPs',
    ]);
  expect(problems(() => gateway({ service: { type: 'ClusterIP', externalIPs: [] } }))).toHaveLength(1);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { type: 'ClusterIP' } }))).toHaveLength(1);
  expect(problems(() => gateway({ service: { type: 'ClusterIP', externalIPs: ['192.0.2.1'] } }))).toEqual([]);
});

test('node ports are refused without the nodes that istiod is to give out', () => {
  expect(problems(() => gateway({ service: { type: 'NodePort' } })))
    .toEqual([
      "service.type 'NodePort' gives the gateway no address that istiod knows; use loadBalancer nodePort with the "
        + 'labels of the nodes that other networks can reach',
    ]);
  expect(problems(() =>
    gateway({ service: { type: 'NodePort', annotations: { 'traffic.istio.io/nodeSelector': '{"edge":"true"}' } } })))
    .toEqual([]);
  expect(problems(() => gateway({ service: { type: 'NodePort', externalIPs: ['192.0.2.1'] } }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.nodePort({ edge: 'true' }) }))).toEqual([]);
});

test('a fixed number of pods is refused beside autoscaling, which is on unless it is turned off', () => {
  const refused = [
    'replicaCount 3 has no effect with autoscaling; set autoscaling.enabled to false, or use minReplicas',
  ];
  expect(problems(() => gateway({ replicaCount: 3 }))).toEqual(refused);
  expect(problems(() => gateway({ replicaCount: 3, autoscaling: { enabled: true } }))).toEqual(refused);
  expect(problems(() => gateway({ replicaCount: 3, autoscaling: { enabled: false } }))).toEqual([]);
});

test('the lowest number of pods is no more than the highest', () => {
  expect(problems(() => gateway({ autoscaling: { minReplicas: 3, maxReplicas: 3 } }))).toEqual([]);
  expect(problems(() => gateway({ autoscaling: { minReplicas: 4, maxReplicas: 3 } })))
    .toEqual(['autoscaling.minReplicas 4 is greater than maxReplicas 3; set both']);
  expect(problems(() => gateway({ autoscaling: { minReplicas: 5 } }))).toEqual([]);
  expect(problems(() => gateway({ autoscaling: { minReplicas: 6 } })))
    .toEqual(['autoscaling.minReplicas 6 is greater than maxReplicas 5; set both']);
});

test('a disruption budget has one of its two numbers', () => {
  const autoscaling = { minReplicas: 2 };
  expect(problems(() => gateway({ autoscaling, podDisruptionBudget: { minAvailable: 1, maxUnavailable: 1 } })))
    .toEqual([
      'podDisruptionBudget has both minAvailable and maxUnavailable, but Kubernetes accepts only one; remove one',
    ]);
  expect(k8sOf({ autoscaling, podDisruptionBudget: { maxUnavailable: 1 } }).podDisruptionBudget)
    .toEqual({ maxUnavailable: 1 });
});

test('a disruption budget of a gateway of one pod is refused: Istio makes none then', () => {
  const podDisruptionBudget = { minAvailable: 1 };
  const fix = (field: string) =>
    [`podDisruptionBudget has no effect on a gateway with one pod; set ${field} to 2 or more`];
  expect(problems(() => gateway({ podDisruptionBudget }))).toEqual(fix('autoscaling.minReplicas'));
  expect(problems(() => gateway({ podDisruptionBudget, autoscaling: { minReplicas: 2 } }))).toEqual([]);
  expect(problems(() => gateway({ podDisruptionBudget, autoscaling: { enabled: false } })))
    .toEqual(fix('replicaCount'));
  expect(problems(() => gateway({ podDisruptionBudget, autoscaling: { enabled: false }, replicaCount: 2 })))
    .toEqual([]);
});

test.each([-1, 0, 1.5])('%p pods are no number of pods', count => {
  expect(problems(() => gateway({ autoscaling: { enabled: false }, replicaCount: count })))
    .toEqual([`replicaCount ${count} is not a whole number of at least 1`]);
  expect(problems(() => gateway({ autoscaling: { minReplicas: count } })))
    .toEqual([`autoscaling.minReplicas ${count} is not a whole number of at least 1`]);
});

test('the network view that the library sets is no variable of the user', () => {
  expect(problems(() => gateway({ env: { ISTIO_META_REQUESTED_NETWORK_VIEW: 'x' } })))
    .toEqual(['env.ISTIO_META_REQUESTED_NETWORK_VIEW is set by this library from network; remove it']);
});

test('everything that is wrong is said at once, after the path of the construct', () => {
  expect(() => gateway({ network: 'network 1', service: { type: 'ClusterIP' }, replicaCount: 2 }))
    .toThrow(new Error(`test/gateway has 3 problems:
  network 'network 1' is not a valid label value; use 1 to 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit (IM006)
  service.type 'ClusterIP' gives the gateway no external address, and istiod ignores it; use LoadBalancer, loadBalancer nodePort, or externalIPs (IM044)
  replicaCount 2 has no effect with autoscaling; set autoscaling.enabled to false, or use minReplicas (IM046)`));
});

test('the IstioOperator is the default child', () => {
  const construct = gateway();
  expect(construct.node.defaultChild).toBe(construct.installation);
  expect(ApiObject.of(construct)).toBe(construct.installation);
});

test('the IstioOperator is the default child in a chart of its own, too', () => {
  const construct = gateway({ installer: Installer.istioctl({ operatorChart: Testing.chart() }) });
  expect(construct.node.defaultChild?.node.path).toBe(construct.installation.node.path);
});

test('a patch may add what no schema knows, and it stays', () => {
  const chart = Testing.chart();
  const construct = new EastWestGateway(chart, 'gateway', { network: 'network1' });
  ApiObject.of(construct).addJsonPatch(JsonPatch.add('/spec/components/ingressGateways/0/fieldOfTomorrow',
    { kept: true }));
  expect(Testing.synth(chart)[0].spec.components.ingressGateways[0].fieldOfTomorrow).toEqual({ kept: true });
});

test.each([
  [{ type: 'Loadbalancer' },
    'service.type \'Loadbalancer\' is not a valid value in Kubernetes; did you mean \'LoadBalancer\'?'],
  [{ externalTrafficPolicy: 'local' },
    'service.externalTrafficPolicy \'local\' is not a valid value in Kubernetes; did you mean \'Local\'?'],
  [{ ipFamilyPolicy: 'DualStack' },
    'service.ipFamilyPolicy \'DualStack\' is not a valid value in Kubernetes; use one of SingleStack, PreferDualStack, '
      + 'RequireDualStack'],
  [{ ipFamilies: ['IPv4', 'ipv6'] },
    'service.ipFamilies \'ipv6\' is not a valid value in Kubernetes; did you mean \'IPv6\'?'],
  [{ externalIPs: ['gateway.example.com'] },
    'service.externalIPs contains \'gateway.example.com\', which is not a valid IP address'],
  [{ loadBalancerSourceRanges: ['10.0.0.0/33'] },
    'service.loadBalancerSourceRanges contains \'10.0.0.0/33\', which is not a valid CIDR; write e.g. 10.0.0.0/8'],
  [{ loadBalancerSourceRanges: ['10.0.0.0'] },
    'service.loadBalancerSourceRanges contains \'10.0.0.0\', which is not a valid CIDR; write e.g. 10.0.0.0/8'],
])('what the API server would refuse of the Service is refused: %j', (service, message) => {
  expect(problems(() => gateway({ service }))).toEqual([message]);
});

test('what the API server takes of the Service is taken', () => {
  const service = {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    ipFamilyPolicy: 'PreferDualStack',
    ipFamilies: ['IPv4', 'IPv6'],
    externalIPs: ['192.0.2.1', '2001:db8::1'],
    loadBalancerSourceRanges: ['10.0.0.0/32', '2001:db8::/128'],
  };
  expect(problems(() => gateway({ service }))).toEqual([]);
});

test.each([0, 65536, 1.5])('the node port %p is refused', nodePort => {
  expect(problems(() => gateway({ ports: [{ name: 'tls', port: 15443, nodePort }] })))
    .toEqual([`nodePort ${nodePort} of 'tls' is not a valid port number; use 1 to 65535`]);
});
