import { type Problem, problem } from '../../core/problem';
import { type Rule, violation, Severity } from '../../core/rule';

/** The services that a cluster exposes. */
export interface ExposedServicesSubject {
  readonly hosts: readonly string[];
  readonly clusterDomain: string;
}

/** Rules for the services that other networks can call, of a cluster or of ExposedServices. */
export const EXPOSED_SERVICES_RULES: ReadonlyArray<Rule<ExposedServicesSubject>> = [
  {
    code: 'IM060',
    severity: Severity.ERROR,
    title: 'exposed hosts match services of the cluster domain',
    symptom: 'the gateway has no route for any service, and answers every request from another network with 503',
    fix: 'write *.DOMAIN, or *.NAMESPACE.svc.DOMAIN',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#expose-services-in-cluster1',
    check: ({ hosts, clusterDomain }) => hosts.length === 0
      ? [violation(['hosts'], problem('hosts is empty, and istiod rejects a Gateway without hosts',
        `write '*.${clusterDomain}' for every service`))]
      : hosts.map(host => violation(['hosts'], hostProblem(host, clusterDomain))),
  },
];

/** What can precede a host: its namespace, `.` for that of the Gateway, or `*` for any. */
const NAMESPACE = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?|\.|\*)\//;

const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function hostProblem(host: string, clusterDomain: string): Problem | undefined {
  return matchesServices(host.replace(NAMESPACE, ''), clusterDomain) ? undefined
    : problem(`hosts contains '${host}', which matches no service in the cluster domain '${clusterDomain}', so nothing `
      + 'would be exposed', `write '*.${clusterDomain}', or a narrower host such as '*.prod.svc.${clusterDomain}'`);
}

/** Whether a host, without a namespace, matches names such as `name.namespace.svc.cluster.local`. */
function matchesServices(host: string, clusterDomain: string): boolean {
  const services = `svc.${clusterDomain}`;
  if (!host.startsWith('*.')) {
    return host === '*' || (DOMAIN.test(host) && host.endsWith(`.${services}`));
  }
  const domain = host.slice('*.'.length);
  const isInServices = domain === services || domain.endsWith(`.${services}`);
  return DOMAIN.test(domain) && (isInServices || services.endsWith(`.${domain}`));
}
