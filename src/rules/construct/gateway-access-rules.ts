import type { Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { EastWestGatewayOptions } from '../../settings/east-west-gateway-options';
import { isCidr, annotations, isPrivate, serviceType } from '../../settings/gateway-service';
import { AWS_PREFIX } from '../../settings/load-balancer';

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const AWS_ANNOTATIONS = 'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/';

/** Who may reach an east-west gateway, and whether what says so has an effect. */
export const GATEWAY_ACCESS_RULES: ReadonlyArray<Rule<EastWestGatewayOptions>> = [
  {
    code: 'IM049',
    severity: Severity.WARNING,
    title: 'a gateway on the Internet says who may reach it',
    symptom: 'everybody can open connections to the gateway; mutual TLS alone keeps them out',
    fix: 'make the load balancer internal, or set service.loadBalancerSourceRanges',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1',
    check: options => [found([], openProblem(options))],
  },
  {
    code: 'IM083',
    severity: Severity.ERROR,
    title: 'what limits who reaches a gateway is taken, and has an effect',
    symptom: 'the API server refuses the Service or the NetworkPolicy, or the load balancer lets in who should not be',
    fix: 'limit a load balancer by service.loadBalancerSourceRanges, and anything else by networkPolicy.ipBlocks',
    see: 'https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/',
    check: options => [...sourceRangeProblems(options), ...ipBlockProblems(options)].map(message => found([], message)),
  },
  {
    code: 'IM084',
    severity: Severity.WARNING,
    title: 'the pods of a gateway see the addresses that a NetworkPolicy lets in',
    symptom: 'the NetworkPolicy judges addresses of nodes or of the load balancer, and keeps everybody out or nobody',
    fix: 'set service.externalTrafficPolicy to Local; with loadBalancer aws, set preserveClientIP',
    see: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
    check: options => [found([], limits(options.networkPolicy?.ipBlocks) ? hiddenProblem(options) : undefined)],
  },
  {
    code: 'IM085',
    severity: Severity.ERROR,
    title: 'a load balancer in AWS can have the gateway\'s pods as targets',
    symptom: 'the AWS Load Balancer Controller makes no load balancer, or one whose targets are never healthy',
    fix: 'correct the annotation that the message names',
    see: AWS_ANNOTATIONS,
    check: options => awsProblems(options).map(message => found([], message)),
  },
];

/** Blocks of a NetworkPolicy do not count: whether it has an effect, and which addresses it judges, is the network plugin's matter. */
function openProblem(options: EastWestGatewayOptions): string | undefined {
  const { ranges, name } = sourceRanges(options);
  if (serviceType(options) !== 'LoadBalancer' || isPrivate(options) || limits(ranges)) {
    return undefined;
  }
  const open = ranges.find(isEverybody);
  return open
    ? `${name} has '${open}', which is every address, and the load balancer may be public; write where the other networks come from`
    : 'the load balancer may be public, and open to every address; make it internal, or set service.loadBalancerSourceRanges to where the other networks come from';
}

/** The CIDRs that the load balancer lets in, and where they are said; the field wins over the annotation. */
function sourceRanges({ service = {} }: EastWestGatewayOptions): { ranges: readonly string[]; name: string } {
  const annotated = service.annotations?.[SOURCE_RANGES]?.trim();
  return service.loadBalancerSourceRanges?.length || !annotated
    ? { ranges: service.loadBalancerSourceRanges ?? [], name: 'service.loadBalancerSourceRanges' }
    : { ranges: annotated.split(','), name: `annotation '${SOURCE_RANGES}'` };
}

function limits(ranges: readonly string[] = []): boolean {
  return ranges.length > 0 && !ranges.some(isEverybody);
}

function isEverybody(range: string): boolean {
  return isCidr(range) && /\/0+$/.test(range.trim());
}

function sourceRangeProblems(options: EastWestGatewayOptions): string[] {
  const { ranges, name } = sourceRanges(options);
  if (ranges.length === 0) {
    return [];
  }
  const type = serviceType(options);
  const groups = `${AWS_PREFIX}-security-groups`;
  const invalid = ranges.find(range => !isCidr(range));
  return [
    ...name.startsWith('annotation') && invalid !== undefined ? [`${name} has '${invalid}', which is no CIDR; write e.g. 10.0.0.0/8`] : [],
    ...['NodePort', 'ClusterIP'].includes(type)
      ? [`${name} is for load balancers, and the API server refuses it in a Service of type ${type}; remove it, and say who may reach the gateway by networkPolicy.ipBlocks`] : [],
    ...groups in annotations(options)
      ? [`${name} is ignored beside annotation '${groups}', whose groups alone say who may reach the load balancer; remove one of them`] : [],
  ];
}

function ipBlockProblems({ networkPolicy: { ipBlocks } = {} }: EastWestGatewayOptions): string[] {
  return ipBlocks?.length === 0
    ? ['networkPolicy.ipBlocks is empty, which a NetworkPolicy takes for everybody; remove it, or write where the other networks come from']
    : (ipBlocks ?? []).filter(block => !isCidr(block) || block !== block.trim())
      .map(block => `networkPolicy.ipBlocks has '${block}', which is no CIDR; write e.g. 10.0.0.0/8`);
}

/** Why the pods do not see the addresses of the clients. */
function hiddenProblem(options: EastWestGatewayOptions): string | undefined {
  const all = annotations(options);
  if (serviceType(options) === 'LoadBalancer' && all[`${AWS_PREFIX}-nlb-target-type`] === 'ip') {
    return /\bpreserve_client_ip\.enabled=true\b/.test(all[`${AWS_PREFIX}-target-group-attributes`] ?? '') ? undefined
      : 'networkPolicy.ipBlocks is compared with the address of the AWS load balancer, which connects to the pods by itself; set preserveClientIP of loadBalancer aws';
  }
  return options.service?.externalTrafficPolicy === 'Local' ? undefined
    : 'networkPolicy.ipBlocks is compared with addresses of nodes, since kube-proxy puts them in place of the clients\'; set service.externalTrafficPolicy to Local';
}

function awsProblems(options: EastWestGatewayOptions): string[] {
  const all = annotations(options);
  const value = (name: string) => all[`${AWS_PREFIX}-${name}`];
  if (serviceType(options) !== 'LoadBalancer' || value('type') !== 'external') {
    return [];
  }
  return [
    ...(options.service?.ipFamilies ?? []).includes('IPv6') && value('ip-address-type') !== 'dualstack'
      ? ['service.ipFamilies has IPv6, which the AWS Load Balancer Controller refuses for a load balancer of IPv4 alone; set dualStack of loadBalancer aws'] : [],
    ...value('nlb-target-type') === 'instance' && value('healthcheck-port') === '15021'
      ? [`annotation '${AWS_PREFIX}-nlb-target-type: instance' has nodes checked at 15021, a port of pods; set '${AWS_PREFIX}-healthcheck-port' to 'traffic-port' and '${AWS_PREFIX}-healthcheck-protocol' to 'tcp' too`] : [],
  ];
}
