import { DNS_LABEL, MAX_LABEL, MAX_OBJECT_NAME, plainTextProblem } from './names';
import { type MaybeProblem, problem } from '../core/rule';

/**
 * Syntax of the domains and hosts in Istio's settings.
 *
 * Each function returns a message about an invalid value, and undefined for a valid one.
 */

/** Istio's default for the domain of a cluster's services, and for the trust domain. */
export const DEFAULT_DOMAIN = 'cluster.local';

const LABEL = new RegExp(DNS_LABEL, 'i');

/** A trust domain, or one of its aliases. */
export function domainProblem(field: string, domain: unknown): MaybeProblem {
  return domain === undefined || isDomain(domain) ? undefined
    : problem(`${field} '${domain}' is not a valid domain name (labels of letters, digits and '-', separated by dots)`,
      'write e.g. \'example.org\'');
}

/** The domain of a cluster's services. */
export function clusterDomainProblem(domain: unknown): MaybeProblem {
  return !isDomain(domain) || domain !== domain.toLowerCase()
    ? problem(`clusterDomain '${domain}' is not a valid domain name (lower-case letters, digits and '-', separated by `
      + 'dots)', `write e.g. '${DEFAULT_DOMAIN}'`)
    : plainTextProblem('clusterDomain', domain, DEFAULT_DOMAIN);
}

/** A host in `meshConfig.serviceSettings`, in which `*` can be the first label. */
export function serviceHostProblem(host: unknown): MaybeProblem {
  return host === '*' || isDomain(typeof host === 'string' ? host.replace(/^\*\./, '') : host) ? undefined
    : problem(`host '${host}' in serviceSettings is not a valid host name for istiod`,
      `write e.g. '*.monitoring.svc.${DEFAULT_DOMAIN}'`);
}

function isDomain(domain: unknown): domain is string {
  return typeof domain === 'string' && domain.length <= MAX_OBJECT_NAME
    && domain.split('.').every(label => LABEL.test(label) && label.length <= MAX_LABEL);
}
