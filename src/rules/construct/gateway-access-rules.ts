import { type MaybeProblem, type Rules, problem, Severity, violations } from '../../core/rule';
import type { EastWestGatewayOptions } from '../../settings/east-west-gateway-options';
import { isCidr, annotations, isPrivate, serviceType } from '../../settings/gateway-service';
import { AWS_PREFIX } from '../../settings/load-balancer';

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const AWS_ANNOTATIONS = 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/';

/** Rules for the client addresses that can reach an east-west gateway. */
export const GATEWAY_ACCESS_RULES: Rules<EastWestGatewayOptions> = [
  {
    code: 'IM049',
    severity: Severity.WARNING,
    title: 'a public gateway accepts connections only from known addresses',
    symptom: 'anyone can open connections to the gateway; only mutual TLS keeps them out',
    fix: 'make the load balancer internal, or set service.loadBalancerSourceRanges',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1',
    check: options => violations([], openProblem(options)),
  },
  {
    code: 'IM083',
    severity: Severity.ERROR,
    title: 'address restrictions of a gateway are valid, and have an effect',
    symptom: 'the API server rejects the Service or the NetworkPolicy, or the load balancer lets unwanted clients in',
    fix: 'restrict a load balancer with service.loadBalancerSourceRanges, and other Services with '
      + 'networkPolicy.ipBlocks',
    see: 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/',
    check: options => violations([], ...sourceRangeProblems(options), ...ipBlockProblems(options)),
  },
  {
    code: 'IM084',
    severity: Severity.WARNING,
    title: 'the pods of a gateway see the client addresses that a NetworkPolicy allows',
    symptom: 'the NetworkPolicy evaluates addresses of nodes or of the load balancer, and blocks all clients or none',
    fix: 'set service.externalTrafficPolicy to Local; with loadBalancer aws, set preserveClientIP',
    see: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
    check: options => violations([], limits(options.networkPolicy?.ipBlocks) && hiddenAddressProblem(options)),
  },
  {
    code: 'IM085',
    severity: Severity.ERROR,
    title: 'a load balancer in AWS can have the pods of the gateway as targets',
    symptom: 'the AWS Load Balancer Controller creates no load balancer, or one whose targets are never healthy',
    fix: 'correct the annotation that the message names',
    see: AWS_ANNOTATIONS,
    check: options => violations([], ...awsProblems(options)),
  },
];

/**
 * A load balancer that accepts connections from every address.
 *
 * The blocks of a NetworkPolicy do not count: the network plugin determines whether they have an effect, and on which
 * addresses.
 */
function openProblem(options: EastWestGatewayOptions): MaybeProblem {
  const { ranges, name } = sourceRanges(options);
  if (serviceType(options) !== 'LoadBalancer' || isPrivate(options) || limits(ranges)) {
    return undefined;
  }
  const open = ranges.find(isEveryAddress);
  return open
    ? problem(`${name} contains '${open}', which is every address, and the load balancer may be public`,
      'list only the addresses from which other networks connect')
    : problem('the load balancer may be public, and open to every address',
      'make it internal, or set service.loadBalancerSourceRanges to the addresses from which other networks connect');
}

/** The CIDRs that the load balancer accepts, and the name of their setting; the field overrides the annotation. */
function sourceRanges({ service = {} }: EastWestGatewayOptions): { ranges: readonly string[]; name: string } {
  const annotation = service.annotations?.[SOURCE_RANGES]?.trim();
  return service.loadBalancerSourceRanges?.length || !annotation
    ? { ranges: service.loadBalancerSourceRanges ?? [], name: 'service.loadBalancerSourceRanges' }
    : { ranges: annotation.split(','), name: `annotation '${SOURCE_RANGES}'` };
}

function limits(ranges: readonly string[] = []): boolean {
  return ranges.length > 0 && !ranges.some(isEveryAddress);
}

function isEveryAddress(range: string): boolean {
  return isCidr(range) && /\/0+$/.test(range.trim());
}

function sourceRangeProblems(options: EastWestGatewayOptions): MaybeProblem[] {
  const { ranges, name } = sourceRanges(options);
  if (ranges.length === 0) {
    return [];
  }
  const invalid = ranges.find(range => !isCidr(range));
  const type = serviceType(options);
  const groups = `${AWS_PREFIX}-security-groups`;
  return [
    name.startsWith('annotation') && invalid !== undefined
      && problem(`${name} contains '${invalid}', which is not a valid CIDR`, 'write e.g. 10.0.0.0/8'),
    ['NodePort', 'ClusterIP'].includes(type)
      && problem(`${name} is only for load balancers, and the API server rejects it in a Service of type ${type}`,
        'remove it, and use networkPolicy.ipBlocks instead'),
    groups in annotations(options)
      && problem(`${name} is ignored because of annotation '${groups}': only its groups control access to the load `
        + 'balancer', 'remove one of them'),
  ];
}

function ipBlockProblems({ networkPolicy: { ipBlocks } = {} }: EastWestGatewayOptions): MaybeProblem[] {
  if (ipBlocks?.length === 0) {
    return [problem('networkPolicy.ipBlocks is empty, which in a NetworkPolicy allows every address',
      'remove it, or list the addresses from which other networks connect')];
  }
  return (ipBlocks ?? []).filter(block => !isCidr(block) || block !== block.trim())
    .map(block => problem(`networkPolicy.ipBlocks contains '${block}', which is not a valid CIDR`,
      'write e.g. 10.0.0.0/8'));
}

/** Message about pods that do not see the addresses of their clients. */
function hiddenAddressProblem(options: EastWestGatewayOptions): MaybeProblem {
  const all = annotations(options);
  if (serviceType(options) === 'LoadBalancer' && all[`${AWS_PREFIX}-nlb-target-type`] === 'ip') {
    const attributes = all[`${AWS_PREFIX}-target-group-attributes`] ?? '';
    return /\bpreserve_client_ip\.enabled=true\b/.test(attributes) ? undefined
      : problem('networkPolicy.ipBlocks is compared with the address of the AWS load balancer, which opens its own '
        + 'connections to the pods', 'set preserveClientIP of loadBalancer aws');
  }
  return options.service?.externalTrafficPolicy === 'Local' ? undefined
    : problem('networkPolicy.ipBlocks is compared with addresses of nodes, because kube-proxy replaces the client '
      + 'addresses with them', 'set service.externalTrafficPolicy to Local');
}

function awsProblems(options: EastWestGatewayOptions): MaybeProblem[] {
  const all = annotations(options);
  const value = (name: string) => all[`${AWS_PREFIX}-${name}`];
  if (serviceType(options) !== 'LoadBalancer' || value('type') !== 'external') {
    return [];
  }
  return [
    (options.service?.ipFamilies ?? []).includes('IPv6') && value('ip-address-type') !== 'dualstack'
      && problem('service.ipFamilies contains IPv6, which the AWS Load Balancer Controller rejects for an IPv4 load '
        + 'balancer', 'set dualStack of loadBalancer aws'),
    value('nlb-target-type') === 'instance' && value('healthcheck-port') === '15021'
      && problem(
        `annotation '${AWS_PREFIX}-nlb-target-type: instance' makes the load balancer check nodes at 15021, a port of `
          + 'pods',
        `also set '${AWS_PREFIX}-healthcheck-port' to 'traffic-port' and '${AWS_PREFIX}-healthcheck-protocol' to 'tcp'`,
      ),
  ];
}
