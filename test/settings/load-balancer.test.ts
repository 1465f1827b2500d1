import { readFileSync } from 'fs';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { type EastWestGatewayService, EastWestGateway, LoadBalancer } from '../../src';

/** What the gateway's IstioOperator says of its Service, beside the ports. */
function serviceOf(loadBalancer?: LoadBalancer, service?: EastWestGatewayService): object {
  const chart = Testing.chart();
  new EastWestGateway(chart, 'gateway', { network: 'network1', loadBalancer, service });
  const { serviceAnnotations, service: { ports, ...settings } } =
    Testing.synth(chart)[0].spec.components.ingressGateways[0].k8s;
  expect(ports).toHaveLength(2);
  return { serviceAnnotations, ...settings };
}

test('without a load balancer the Service is as Istio has it', () => {
  expect(serviceOf()).toEqual({});
});

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';

/** What the preset of AWS always asks for: pods as targets, and a check of the proxy instead of the port. */
const OF_AWS = {
  [`${AWS}-type`]: 'external',
  [`${AWS}-nlb-target-type`]: 'ip',
  [`${AWS}-healthcheck-protocol`]: 'http',
  [`${AWS}-healthcheck-port`]: '15021',
  [`${AWS}-healthcheck-path`]: '/healthz/ready',
};

/** Where each name and value was looked up, in November 2026. */
const PAGES = {
  aws: 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/',
  gke: 'https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters',
  aks: 'https://learn.microsoft.com/azure/aks/internal-lb',
  metalLb: 'https://metallb.io/usage/#requesting-specific-ips',
  nodePort: 'https://istio.io/latest/docs/reference/config/annotations/#TrafficNodeSelector',
};

test.each<[
  what: string, page: string, loadBalancer: LoadBalancer, annotations: { [name: string]: string } | undefined,
    type?: string,
]>([
  ['AWS, public', PAGES.aws, LoadBalancer.aws(), { ...OF_AWS, [`${AWS}-scheme`]: 'internet-facing' }],
  ['AWS, internal', PAGES.aws, LoadBalancer.aws({ internal: true }), { ...OF_AWS, [`${AWS}-scheme`]: 'internal' }],
  ['AWS, of both families', PAGES.aws, LoadBalancer.aws({ dualStack: true }), {
    ...OF_AWS, [`${AWS}-scheme`]: 'internet-facing', [`${AWS}-ip-address-type`]: 'dualstack',
  }],
  ['AWS, internal, with the addresses of clients', PAGES.aws,
    LoadBalancer.aws({ internal: true, preserveClientIP: true }), {
      ...OF_AWS, [`${AWS}-scheme`]: 'internal', [`${AWS}-target-group-attributes`]: 'preserve_client_ip.enabled=true',
    }],
  ['GKE, public', PAGES.gke, LoadBalancer.gke(), { 'cloud.google.com/l4-rbs': 'enabled' }],
  ['GKE, internal', PAGES.gke, LoadBalancer.gke({ internal: true }),
    { 'networking.gke.io/load-balancer-type': 'Internal' }],
  ['AKS, public', PAGES.aks, LoadBalancer.aks(), undefined],
  ['AKS, internal', PAGES.aks, LoadBalancer.aks({ internal: true }),
    { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }],
  ['MetalLB', PAGES.metalLb, LoadBalancer.metalLb('east-west'), { 'metallb.io/address-pool': 'east-west' }],
  ['node ports', PAGES.nodePort, LoadBalancer.nodePort({ 'node-role.kubernetes.io/edge': 'true', 'zone': 'a' }), {
    'traffic.istio.io/nodeSelector': '{"node-role.kubernetes.io/edge":"true","zone":"a"}',
  }, 'NodePort'],
])('the Service for %s is as %s says', (_, __, loadBalancer, serviceAnnotations, type = 'LoadBalancer') => {
  expect(serviceOf(loadBalancer)).toEqual({ type, serviceAnnotations });
});

test('every factory tells its page', () => {
  const source = readFileSync(join(__dirname, '..', '..', 'src', 'settings', 'load-balancer.ts'), 'utf-8');
  const told = [
    ...source.matchAll(/@see (\S+)\n   \*\/\n {2}static (\w+)\(/g),
  ].map(([, page, factory]) => [factory, page]);
  expect(Object.fromEntries(told)).toEqual(PAGES);
});

test('what is false is as if it was not said, on every cloud', () => {
  expect(serviceOf(LoadBalancer.aws({ internal: false, dualStack: false, preserveClientIP: false })))
    .toEqual(serviceOf(LoadBalancer.aws()));
  expect(serviceOf(LoadBalancer.gke({ internal: false }))).toEqual(serviceOf(LoadBalancer.gke()));
  expect(serviceOf(LoadBalancer.aks({ internal: false }))).toEqual(serviceOf(LoadBalancer.aks()));
});

test('a load balancer of both families leaves the families of the Service to the cluster', () => {
  expect(serviceOf(LoadBalancer.aws({ dualStack: true }), { ipFamilies: ['IPv6'] }))
    .toMatchObject({ ipFamilies: ['IPv6'] });
  expect(serviceOf(LoadBalancer.aws({ dualStack: true }))).not.toHaveProperty('ipFamilies');
});

test('the settings of the Service merge over those of the load balancer, annotation by annotation', () => {
  expect(serviceOf(LoadBalancer.aws(), {
    annotations: {
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      'service.beta.kubernetes.io/aws-load-balancer-name': 'east-west',
    },
    loadBalancerClass: 'service.k8s.aws/nlb',
  })).toEqual({
    type: 'LoadBalancer',
    serviceAnnotations: {
      ...OF_AWS,
      [`${AWS}-scheme`]: 'internal',
      [`${AWS}-name`]: 'east-west',
    },
    loadBalancerClass: 'service.k8s.aws/nlb',
  });
});

test('the type of the Service wins over that of the load balancer', () => {
  expect(serviceOf(LoadBalancer.metalLb('east-west'), { type: 'ClusterIP', externalIPs: ['192.0.2.1'] })).toEqual({
    type: 'ClusterIP',
    serviceAnnotations: { 'metallb.io/address-pool': 'east-west' },
    externalIPs: ['192.0.2.1'],
  });
});
