import { type MaybeProblem, type Rules, problem, Severity, violations } from '../../core/rule';
import { isDnsLabel, isObjectName } from '../../istio/names';

/** The services that a cluster exposes. */
export interface ExposedServicesSubject {
  readonly hosts: readonly string[];
  readonly clusterDomain: string;
}

/** Rules for the services that other networks can call, of a cluster or of ExposedServices. */
export const EXPOSED_SERVICES_RULES: Rules<ExposedServicesSubject> = [
  {
    code: 'IM060',
    severity: Severity.ERROR,
    title: 'exposed hosts match services of the cluster domain',
    symptom: 'the gateway has no route for any service, and answers every request from another network with 503',
    fix: 'write *.DOMAIN, or *.NAMESPACE.svc.DOMAIN',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#expose-services-in-cluster1',
    check: ({ hosts, clusterDomain }) => hosts.length === 0
      ? violations(['hosts'], problem('hosts is empty, and istiod rejects a Gateway without hosts',
        `write '*.${clusterDomain}' for every service`))
      : violations(['hosts'], ...hosts.map(host => hostProblem(host, clusterDomain))),
  },
];

function hostProblem(host: string, clusterDomain: string): MaybeProblem {
  return matchesServices(withoutNamespace(host), clusterDomain) ? undefined
    : problem(`hosts contains '${host}', which matches no service in the cluster domain '${clusterDomain}', so nothing `
      + 'would be exposed', `write '*.${clusterDomain}', or a narrower host such as '*.prod.svc.${clusterDomain}'`);
}

/** A host without what can precede it: its namespace, `.` for that of the Gateway, or `*` for any. */
function withoutNamespace(host: string): string {
  const [namespace, ...name] = host.split('/');
  return name.length > 0 && (['.', '*'].includes(namespace) || isDnsLabel(namespace)) ? name.join('/') : host;
}

/** Whether a host, without a namespace, matches names such as `name.namespace.svc.cluster.local`. */
function matchesServices(host: string, clusterDomain: string): boolean {
  const services = `svc.${clusterDomain}`;
  if (!host.startsWith('*.')) {
    return host === '*' || (isObjectName(host) && host.endsWith(`.${services}`));
  }
  const domain = host.slice('*.'.length);
  const isInServices = domain === services || domain.endsWith(`.${services}`);
  return isObjectName(domain) && (isInServices || services.endsWith(`.${domain}`));
}
