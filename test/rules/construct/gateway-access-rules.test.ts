import { Testing } from 'cdk8s';
import type { EastWestGatewayProps, EastWestGatewaySettings } from '../../../src';
import { EastWestGateway, LoadBalancer, Mesh } from '../../../src';
import { quietApp, twoNetworks } from '../../support/mesh-util';
import { problems, warningsOf } from '../../support/util';

function gateway(props: Partial<EastWestGatewayProps> = {}): EastWestGateway {
  return new EastWestGateway(Testing.chart(), 'gateway', { network: 'network1', ...props });
}

/** Warnings about who may reach the gateways of a mesh, with their codes. */
function warnings(eastWestGateway: EastWestGatewaySettings): string[] {
  return [...new Set(warningsOf(new Mesh(quietApp(), 'mesh', twoNetworks({ eastWestGateway }))).map(([, text]) => text.replace(/^.*eastWestGateway: /, '')))];
}

const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const PUBLIC = 'the load balancer may be public, and open to every address; make it internal, or set service.loadBalancerSourceRanges to where the other networks come from (IM049)';

test('a public load balancer is told of until it says who may reach it, in the field or in the annotation', () => {
  expect(warnings({})).toEqual([PUBLIC]);
  expect(warnings({ service: { loadBalancerSourceRanges: ['192.0.2.0/24'] } })).toEqual([]);
  expect(warnings({ service: { annotations: { [RANGES]: '192.0.2.0/24, 198.51.100.0/24' } } })).toEqual([]);
  expect(warnings({ service: { annotations: { [RANGES]: '' } } })).toEqual([PUBLIC]);
});

test.each(['0.0.0.0/0', '::/0', '10.0.0.0/00'])('the range %s lets everybody in, and is told of like none', range => {
  const everybody = (name: string) => `${name} has '${range}', which is every address, and the load balancer may be public; write where the other networks come from (IM049)`;
  expect(warnings({ service: { loadBalancerSourceRanges: ['192.0.2.0/24', range] } })).toEqual([everybody('service.loadBalancerSourceRanges')]);
  expect(warnings({ service: { annotations: { [RANGES]: range } } })).toEqual([everybody(`annotation '${RANGES}'`)]);
  expect(warnings({ loadBalancer: LoadBalancer.aks({ internal: true }), service: { loadBalancerSourceRanges: [range] } })).toEqual([]);
});

test('the narrowest range of everything is a limit', () => {
  expect(warnings({ service: { loadBalancerSourceRanges: ['0.0.0.0/1'] } })).toEqual([]);
});

test('a NetworkPolicy leaves a public load balancer public', () => {
  expect(warnings({ networkPolicy: { ipBlocks: ['192.0.2.0/24'] }, service: { externalTrafficPolicy: 'Local' } })).toEqual([PUBLIC]);
});

const OF_NODES = 'networkPolicy.ipBlocks is compared with addresses of nodes, since kube-proxy puts them in place of the clients\'; set service.externalTrafficPolicy to Local (IM084)';
const OF_BALANCER = 'networkPolicy.ipBlocks is compared with the address of the AWS load balancer, which connects to the pods by itself; set preserveClientIP of loadBalancer aws (IM084)';

test('blocks of addresses need the addresses of the clients, which kube-proxy keeps where the traffic policy is Local', () => {
  const of = (externalTrafficPolicy?: string, loadBalancer = LoadBalancer.metalLb('pool')) =>
    warnings({ loadBalancer, networkPolicy: { ipBlocks: ['192.0.2.0/24'] }, service: { externalTrafficPolicy } });
  expect(of()).toEqual([OF_NODES]);
  expect(of('Cluster')).toEqual([OF_NODES]);
  expect(of('Local')).toEqual([]);
  expect(of('Cluster', LoadBalancer.nodePort({ pool: 'edge' }))).toEqual([OF_NODES]);
  expect(of('Local', LoadBalancer.nodePort({ pool: 'edge' }))).toEqual([]);
});

test('blocks of addresses need the addresses of the clients, which a load balancer of AWS keeps on request, whatever the traffic policy', () => {
  const of = (preserveClientIP: boolean, service: EastWestGatewaySettings['service'] = {}) =>
    warnings({ loadBalancer: LoadBalancer.aws({ internal: true, preserveClientIP }), networkPolicy: { ipBlocks: ['192.0.2.0/24'] }, service });
  expect(of(false)).toEqual([OF_BALANCER]);
  expect(of(false, { externalTrafficPolicy: 'Local' })).toEqual([OF_BALANCER]);
  expect(of(true)).toEqual([]);
  const attributes = 'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes';
  expect(of(false, { annotations: { [attributes]: 'stickiness.enabled=true,preserve_client_ip.enabled=true' } })).toEqual([]);
  expect(of(true, { annotations: { [attributes]: 'preserve_client_ip.enabled=false' } })).toEqual([OF_BALANCER]);
});

test('a NetworkPolicy that lets everybody in needs no addresses', () => {
  const loadBalancer = LoadBalancer.metalLb('pool');
  expect(warnings({ loadBalancer, networkPolicy: {} })).toEqual([]);
  expect(warnings({ loadBalancer, networkPolicy: { ipBlocks: ['0.0.0.0/0', '::/0'] } })).toEqual([]);
});

test.each(['192.0.2.1', '192.0.2.0/33', ' 192.0.2.0/24', '2001:db8::/129', 'everybody', ''])('the block %j is refused', block => {
  expect(problems(() => gateway({ networkPolicy: { ipBlocks: ['192.0.2.0/32', block] } })))
    .toEqual([`networkPolicy.ipBlocks has '${block}', which is no CIDR; write e.g. 10.0.0.0/8`]);
});

test('a list without blocks is refused, since it would let everybody in', () => {
  expect(problems(() => gateway({ networkPolicy: { ipBlocks: [] } })))
    .toEqual(['networkPolicy.ipBlocks is empty, which a NetworkPolicy takes for everybody; remove it, or write where the other networks come from']);
});

test('source ranges are a load balancer\'s, in the field and in the annotation', () => {
  const refused = (name: string, type: string) => [`${name} is for load balancers, and the API server refuses it in a Service of type ${type}; `
    + 'remove it, and say who may reach the gateway by networkPolicy.ipBlocks'];
  const loadBalancer = LoadBalancer.nodePort({ pool: 'edge' });
  const loadBalancerSourceRanges = ['192.0.2.0/24'];
  expect(problems(() => gateway({ service: { loadBalancerSourceRanges } }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer, service: { loadBalancerSourceRanges } }))).toEqual(refused('service.loadBalancerSourceRanges', 'NodePort'));
  expect(problems(() => gateway({ service: { type: 'ClusterIP', externalIPs: ['192.0.2.1'], loadBalancerSourceRanges } }))).toEqual(refused('service.loadBalancerSourceRanges', 'ClusterIP'));
  expect(problems(() => gateway({ loadBalancer, service: { annotations: { [RANGES]: '192.0.2.0/24' } } }))).toEqual(refused(`annotation '${RANGES}'`, 'NodePort'));
  expect(problems(() => gateway({ loadBalancer, service: { loadBalancerSourceRanges: [] } }))).toEqual([]);
});

test('source ranges in the annotation are CIDRs', () => {
  expect(problems(() => gateway({ service: { annotations: { [RANGES]: '192.0.2.0/24, 198.51.100.0/24' } } }))).toEqual([]);
  expect(problems(() => gateway({ service: { annotations: { [RANGES]: '192.0.2.0/24,198.51.100.1' } } })))
    .toEqual([`annotation '${RANGES}' has '198.51.100.1', which is no CIDR; write e.g. 10.0.0.0/8`]);
});

test('source ranges are refused beside security groups of one\'s own, which AWS takes instead', () => {
  const groups = 'service.beta.kubernetes.io/aws-load-balancer-security-groups';
  const annotations = { [groups]: 'sg-1' };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations } }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations, loadBalancerSourceRanges: ['192.0.2.0/24'] } })))
    .toEqual([`service.loadBalancerSourceRanges is ignored beside annotation '${groups}', whose groups alone say who may reach the load balancer; remove one of them`]);
});

test('a Service of IPv6 has a load balancer of both families in AWS, and any elsewhere', () => {
  const service = { ipFamilies: ['IPv6'] };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service })))
    .toEqual(['service.ipFamilies has IPv6, which the AWS Load Balancer Controller refuses for a load balancer of IPv4 alone; set dualStack of loadBalancer aws']);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws({ dualStack: true }), service }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { ipFamilies: ['IPv4'] } }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.gke(), service }))).toEqual([]);
});

test('nodes as targets in AWS are not checked at a port of pods', () => {
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer';
  const nodes = { [`${prefix}-nlb-target-type`]: 'instance' };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations: nodes } }))).toEqual([
    `annotation '${prefix}-nlb-target-type: instance' has nodes checked at 15021, a port of pods; set '${prefix}-healthcheck-port' to 'traffic-port' and '${prefix}-healthcheck-protocol' to 'tcp' too`,
  ]);
  const check = { [`${prefix}-healthcheck-port`]: 'traffic-port', [`${prefix}-healthcheck-protocol`]: 'tcp' };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations: { ...nodes, ...check } } }))).toEqual([]);
});
