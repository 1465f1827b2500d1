import type { Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';

/** Which services a cluster exposes. */
export interface ExposedServicesSubject {
  readonly hosts: readonly string[];
  readonly clusterDomain: string;
}

/** What the other networks may ask a cluster for, in a mesh or in ExposedServices alone. */
export const EXPOSED_SERVICES_RULES: ReadonlyArray<Rule<ExposedServicesSubject>> = [
  {
    code: 'IM060',
    severity: Severity.ERROR,
    title: 'exposed hosts cover services of the cluster domain',
    symptom: 'the gateway has no route for any service, and answers every request from another network with 503',
    fix: 'write *.DOMAIN, or *.NAMESPACE.svc.DOMAIN',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#expose-services-in-cluster1',
    check: ({ hosts, clusterDomain }) => hosts.length === 0
      ? [found(['hosts'], `hosts is empty, and istiod refuses a Gateway without one; write '*.${clusterDomain}' for every service`)]
      : hosts.map(host => found(['hosts'], coversServices(host.replace(NAMESPACE, ''), clusterDomain) ? undefined
        : `hosts has '${host}', which covers no service of the cluster domain '${clusterDomain}', so that nothing would be exposed; write '*.${clusterDomain}' or a narrower one such as '*.prod.svc.${clusterDomain}'`)),
  },
];

/** What may stand before a host: its namespace, the Gateway's own, or any. */
const NAMESPACE = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?|\.|\*)\//;

const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a host, without the namespace that may stand before it, covers names such as `name.namespace.svc.cluster.local`. */
function coversServices(host: string, clusterDomain: string): boolean {
  const services = `svc.${clusterDomain}`;
  if (!host.startsWith('*.')) {
    return host === '*' || (DOMAIN.test(host) && host.endsWith(`.${services}`));
  }
  const domain = host.slice('*.'.length);
  return DOMAIN.test(domain) && (services.endsWith(`.${domain}`) || domain === services || domain.endsWith(`.${services}`));
}
