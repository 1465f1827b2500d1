import { Testing } from 'cdk8s';
import { EastWestGateway, EastWestGatewayService, LoadBalancer } from '../src';

/** What the gateway's IstioOperator says of its Service, beside the ports. */
function serviceOf(loadBalancer?: LoadBalancer, service?: EastWestGatewayService): object {
  const chart = Testing.chart();
  new EastWestGateway(chart, 'gateway', { network: 'network1', loadBalancer, service });
  const { serviceAnnotations, service: { ports, ...settings } } = Testing.synth(chart)[0].spec.components.ingressGateways[0].k8s;
  expect(ports).toHaveLength(2);
  return { serviceAnnotations, ...settings };
}

test('without a load balancer the Service is as Istio has it', () => {
  expect(serviceOf()).toEqual({});
});

test('AWS gives a public Network Load Balancer with pod addresses as targets', () => {
  expect(serviceOf(LoadBalancer.aws())).toEqual({
    type: 'LoadBalancer',
    serviceAnnotations: {
      'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
    },
  });
});

test('AWS gives an internal Network Load Balancer on request', () => {
  expect(serviceOf(LoadBalancer.aws({ internal: true }))).toEqual({
    type: 'LoadBalancer',
    serviceAnnotations: {
      'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    },
  });
});

test('GKE gives a public load balancer with backend services', () => {
  expect(serviceOf(LoadBalancer.gke())).toEqual({ type: 'LoadBalancer', serviceAnnotations: { 'cloud.google.com/l4-rbs': 'enabled' } });
});

test('GKE gives an internal load balancer on request', () => {
  expect(serviceOf(LoadBalancer.gke({ internal: true }))).toEqual({
    type: 'LoadBalancer',
    serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
  });
});

test('AKS gives a public load balancer without annotations', () => {
  expect(serviceOf(LoadBalancer.aks())).toEqual({ type: 'LoadBalancer' });
});

test('AKS gives an internal load balancer on request', () => {
  expect(serviceOf(LoadBalancer.aks({ internal: true }))).toEqual({
    type: 'LoadBalancer',
    serviceAnnotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' },
  });
});

test('internal: false is public, on every cloud', () => {
  expect(serviceOf(LoadBalancer.aws({ internal: false }))).toEqual(serviceOf(LoadBalancer.aws()));
  expect(serviceOf(LoadBalancer.gke({ internal: false }))).toEqual(serviceOf(LoadBalancer.gke()));
  expect(serviceOf(LoadBalancer.aks({ internal: false }))).toEqual(serviceOf(LoadBalancer.aks()));
});

test('MetalLB gives an address of the pool', () => {
  expect(serviceOf(LoadBalancer.metalLb('east-west'))).toEqual({
    type: 'LoadBalancer',
    serviceAnnotations: { 'metallb.io/address-pool': 'east-west' },
  });
});

test('node ports come with the nodes that istiod is to give out', () => {
  expect(serviceOf(LoadBalancer.nodePort({ 'node-role.kubernetes.io/edge': 'true', 'zone': 'a' }))).toEqual({
    type: 'NodePort',
    serviceAnnotations: { 'traffic.istio.io/nodeSelector': '{"node-role.kubernetes.io/edge":"true","zone":"a"}' },
  });
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
      'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      'service.beta.kubernetes.io/aws-load-balancer-name': 'east-west',
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
