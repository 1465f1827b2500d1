/**
 * Syntax of the names that Kubernetes and Istio put into labels, object names and host names.
 *
 * Each function gives what is wrong with a value, and undefined when nothing is.
 */

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MAX_LENGTH = 63;

/** A DNS label in lower case, as API server and istioctl both take it (istioctl alone would take upper case too). */
export function dnsLabelProblem(field: string, value: string): string | undefined {
  if (DNS_LABEL.test(value) && value.length <= MAX_LENGTH) {
    return undefined;
  }
  const fixed = value.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, MAX_LENGTH).replace(/-+$/, '');
  return `${field} '${value}' is not a DNS label: 1 to ${MAX_LENGTH} lower-case letters, digits and '-', a letter or digit first and last`
    + (fixed ? `; write '${fixed}'` : '');
}

/** A label value that is not empty. */
export function labelValueProblem(field: string, value: string): string | undefined {
  if (LABEL_VALUE.test(value) && value.length <= MAX_LENGTH) {
    return undefined;
  }
  return `${field} '${value}' is no label value: 1 to ${MAX_LENGTH} letters, digits, '-', '_' and '.', a letter or digit first and last`;
}

/** A name with the cluster's name in it, e.g. of an IstioOperator, that must stay within a length. */
export function revisionProblem(field: string, value: string): string | undefined {
  const problem = dnsLabelProblem(field, value);
  return problem && value.includes('.') ? `${field} '${value}' has dots, which Istio refuses in a revision; write '${value.replace(/\./g, '-')}'` : problem;
}
