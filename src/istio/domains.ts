import { plainTextProblem } from './names';
import { type Problem, problem } from '../core/problem';

/**
 * Syntax of the domains and hosts in Istio's settings.
 *
 * Each function returns a message about an invalid value, and undefined for a valid one.
 */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/i;
const MAX_LABEL = 63;
const MAX_DOMAIN = 253;

/** A trust domain, or one of its aliases. */
export function domainProblem(field: string, domain: unknown): Problem | undefined {
  return domain === undefined || isDomain(domain) ? undefined
    : problem(`${field} '${domain}' is not a valid domain name (labels of letters, digits and '-', separated by dots)`,
      'write e.g. \'example.org\'');
}

/** The domain of a cluster's services. */
export function clusterDomainProblem(domain: unknown): Problem | undefined {
  const example = 'cluster.local';
  return !isDomain(domain) || domain !== domain.toLowerCase()
    ? problem(`clusterDomain '${domain}' is not a valid domain name (lower-case letters, digits and '-', separated by `
      + 'dots)', `write e.g. '${example}'`)
    : plainTextProblem('clusterDomain', domain, example);
}

/** A host in `meshConfig.serviceSettings`, in which `*` can be the first label. */
export function serviceHostProblem(host: unknown): Problem | undefined {
  return host === '*' || isDomain(typeof host === 'string' ? host.replace(/^\*\./, '') : host) ? undefined
    : problem(`host '${host}' in serviceSettings is not a valid host name for istiod`,
      'write e.g. \'*.monitoring.svc.cluster.local\'');
}

function isDomain(domain: unknown): domain is string {
  return typeof domain === 'string' && domain.length <= MAX_DOMAIN
    && domain.split('.').every(label => LABEL.test(label) && label.length <= MAX_LABEL);
}
