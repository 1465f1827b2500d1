import { Testing } from 'cdk8s';
import {
  type EastWestGatewayProps, type EastWestGatewaySettings, EastWestGateway, LoadBalancer, Mesh,
} from '../../../src';
import { quietApp, twoNetworks } from '../../support/mesh-util';
import { problems, warningsOf } from '../../support/util';

function gateway(props: Partial<EastWestGatewayProps> = {}): EastWestGateway {
  return new EastWestGateway(Testing.chart(), 'gateway', { network: 'network1', ...props });
}

/** Warnings about the gateways of a mesh, with their codes. */
function warnings(eastWestGateway: EastWestGatewaySettings): string[] {
  return [...new Set(warningsOf(new Mesh(quietApp(), 'mesh', twoNetworks({ eastWestGateway })))
    .map(([, text]) => text.replace(/^.*eastWestGateway: /, '')))];
}

const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const PUBLIC = 'the load balancer may be public, and open to every address; make it internal, or set '
  + 'service.loadBalancerSourceRanges to the addresses from which other networks connect (IM049)';

test('a public load balancer is reported unless it has source ranges, in the field or in the annotation', () => {
  expect(warnings({})).toEqual([PUBLIC]);
  expect(warnings({ service: { loadBalancerSourceRanges: ['192.0.2.0/24'] } })).toEqual([]);
  expect(warnings({ service: { annotations: { [RANGES]: '192.0.2.0/24, 198.51.100.0/24' } } })).toEqual([]);
  expect(warnings({ service: { annotations: { [RANGES]: '' } } })).toEqual([PUBLIC]);
});

test.each(['0.0.0.0/0', '::/0', '10.0.0.0/00'])('the range %s includes every address, and is reported', range => {
  const message = (name: string) => `${name} contains '${range}', which is every address, and the load balancer may be `
    + 'public; list only the addresses from which other networks connect (IM049)';
  expect(warnings({ service: { loadBalancerSourceRanges: ['192.0.2.0/24', range] } }))
    .toEqual([message('service.loadBalancerSourceRanges')]);
  expect(warnings({ service: { annotations: { [RANGES]: range } } })).toEqual([message(`annotation '${RANGES}'`)]);
  expect(warnings({
    loadBalancer: LoadBalancer.aks({ internal: true }),
    service: { loadBalancerSourceRanges: [range] },
  })).toEqual([]);
});

test('the range 0.0.0.0/1 is a restriction', () => {
  expect(warnings({ service: { loadBalancerSourceRanges: ['0.0.0.0/1'] } })).toEqual([]);
});

test('a NetworkPolicy does not restrict a public load balancer', () => {
  expect(warnings({ networkPolicy: { ipBlocks: ['192.0.2.0/24'] }, service: { externalTrafficPolicy: 'Local' } }))
    .toEqual([PUBLIC]);
});

const OF_NODES = 'networkPolicy.ipBlocks is compared with addresses of nodes, because kube-proxy replaces the client '
  + 'addresses with them; set service.externalTrafficPolicy to Local (IM084)';
const OF_BALANCER = 'networkPolicy.ipBlocks is compared with the address of the AWS load balancer, which opens its own '
  + 'connections to the pods; set preserveClientIP of loadBalancer aws (IM084)';

test('ipBlocks need the client addresses, which kube-proxy keeps with the traffic policy Local', () => {
  const of = (externalTrafficPolicy?: string, loadBalancer = LoadBalancer.metalLb('pool')) =>
    warnings({ loadBalancer, networkPolicy: { ipBlocks: ['192.0.2.0/24'] }, service: { externalTrafficPolicy } });
  expect(of()).toEqual([OF_NODES]);
  expect(of('Cluster')).toEqual([OF_NODES]);
  expect(of('Local')).toEqual([]);
  expect(of('Cluster', LoadBalancer.nodePort({ pool: 'edge' }))).toEqual([OF_NODES]);
  expect(of('Local', LoadBalancer.nodePort({ pool: 'edge' }))).toEqual([]);
});

test('ipBlocks need the client addresses, which an AWS load balancer keeps with preserveClientIP only', () => {
  const of = (preserveClientIP: boolean, service: EastWestGatewaySettings['service'] = {}) =>
    warnings({
      loadBalancer: LoadBalancer.aws({ internal: true, preserveClientIP }),
      networkPolicy: { ipBlocks: ['192.0.2.0/24'] },
      service,
    });
  expect(of(false)).toEqual([OF_BALANCER]);
  expect(of(false, { externalTrafficPolicy: 'Local' })).toEqual([OF_BALANCER]);
  expect(of(true)).toEqual([]);
  const attributes = 'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes';
  expect(of(false, { annotations: { [attributes]: 'stickiness.enabled=true,preserve_client_ip.enabled=true' } }))
    .toEqual([]);
  expect(of(true, { annotations: { [attributes]: 'preserve_client_ip.enabled=false' } })).toEqual([OF_BALANCER]);
});

test('a NetworkPolicy that allows every address needs no client addresses', () => {
  const loadBalancer = LoadBalancer.metalLb('pool');
  expect(warnings({ loadBalancer, networkPolicy: {} })).toEqual([]);
  expect(warnings({ loadBalancer, networkPolicy: { ipBlocks: ['0.0.0.0/0', '::/0'] } })).toEqual([]);
});

const INVALID_BLOCKS = ['192.0.2.1', '192.0.2.0/33', ' 192.0.2.0/24', '2001:db8::/129', 'anywhere', ''];

test.each(INVALID_BLOCKS)('the block %j is not a valid CIDR', block => {
  expect(problems(() => gateway({ networkPolicy: { ipBlocks: ['192.0.2.0/32', block] } })))
    .toEqual([`networkPolicy.ipBlocks contains '${block}', which is not a valid CIDR; write e.g. 10.0.0.0/8`]);
});

test('an empty list of blocks is rejected, because it would allow every address', () => {
  expect(problems(() => gateway({ networkPolicy: { ipBlocks: [] } })))
    .toEqual(['networkPolicy.ipBlocks is empty, which in a NetworkPolicy allows every address; remove it, or list the '
      + 'addresses from which other networks connect']);
});

test('source ranges are only for load balancers, in the field and in the annotation', () => {
  const messages = (name: string, type: string) => [`${name} is only for load balancers, and the API server rejects it `
    + `in a Service of type ${type}; remove it, and use networkPolicy.ipBlocks instead`];
  const loadBalancer = LoadBalancer.nodePort({ pool: 'edge' });
  const loadBalancerSourceRanges = ['192.0.2.0/24'];
  expect(problems(() => gateway({ service: { loadBalancerSourceRanges } }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer, service: { loadBalancerSourceRanges } })))
    .toEqual(messages('service.loadBalancerSourceRanges', 'NodePort'));
  expect(problems(() => gateway({
    service: {
      type: 'ClusterIP',
      externalIPs: ['192.0.2.1'],
      loadBalancerSourceRanges,
    },
  }))).toEqual(messages('service.loadBalancerSourceRanges', 'ClusterIP'));
  expect(problems(() => gateway({ loadBalancer, service: { annotations: { [RANGES]: '192.0.2.0/24' } } })))
    .toEqual(messages(`annotation '${RANGES}'`, 'NodePort'));
  expect(problems(() => gateway({ loadBalancer, service: { loadBalancerSourceRanges: [] } }))).toEqual([]);
});

test('source ranges in the annotation are CIDRs', () => {
  expect(problems(() => gateway({ service: { annotations: { [RANGES]: '192.0.2.0/24, 198.51.100.0/24' } } })))
    .toEqual([]);
  expect(problems(() => gateway({ service: { annotations: { [RANGES]: '192.0.2.0/24,198.51.100.1' } } })))
    .toEqual([`annotation '${RANGES}' contains '198.51.100.1', which is not a valid CIDR; write e.g. 10.0.0.0/8`]);
});

test('source ranges are rejected together with security groups, which AWS uses instead', () => {
  const groups = 'service.beta.kubernetes.io/aws-load-balancer-security-groups';
  const annotations = { [groups]: 'sg-1' };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations } }))).toEqual([]);
  expect(problems(() => gateway({
    loadBalancer: LoadBalancer.aws(),
    service: { annotations, loadBalancerSourceRanges: ['192.0.2.0/24'] },
  })))
    .toEqual([`service.loadBalancerSourceRanges is ignored because of annotation '${groups}': only its groups control `
      + 'access to the load balancer; remove one of them']);
});

test('an IPv6 Service needs a dual-stack load balancer in AWS, but not elsewhere', () => {
  const service = { ipFamilies: ['IPv6'] };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service })))
    .toEqual(['service.ipFamilies contains IPv6, which the AWS Load Balancer Controller rejects for an IPv4 load '
      + 'balancer; set dualStack of loadBalancer aws']);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws({ dualStack: true }), service }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { ipFamilies: ['IPv4'] } }))).toEqual([]);
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.gke(), service }))).toEqual([]);
});

test('health checks of nodes in AWS do not use a port of pods', () => {
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer';
  const nodes = { [`${prefix}-nlb-target-type`]: 'instance' };
  expect(problems(() => gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations: nodes } }))).toEqual([
    `annotation '${prefix}-nlb-target-type: instance' makes the load balancer check nodes at 15021, a port of pods; `
      + `also set '${prefix}-healthcheck-port' to 'traffic-port' and '${prefix}-healthcheck-protocol' to 'tcp'`,
  ]);
  const check = { [`${prefix}-healthcheck-port`]: 'traffic-port', [`${prefix}-healthcheck-protocol`]: 'tcp' };
  expect(problems(() =>
    gateway({ loadBalancer: LoadBalancer.aws(), service: { annotations: { ...nodes, ...check } } }))).toEqual([]);
});
