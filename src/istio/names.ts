import { isPlainText, isTextToIstioctl } from '../util/words';

/**
 * Syntax of the names that Kubernetes and Istio put into labels, object names and host names.
 *
 * Each function gives what is wrong with a value, and undefined when nothing is.
 */

/** Namespace of a control plane, unless another is said. */
export const ISTIO_SYSTEM = 'istio-system';

/** Directories beside those of the clusters. */
export const RESERVED_DIRECTORIES = ['argocd', 'flux'];

/** Before the revision of a canary, in the name of its IstioOperator. */
export const CANARY_PREFIX = 'control-plane-';

/** Before the name of a revision tag, in that of its Service. */
export const TAG_SERVICE_PREFIX = 'istiod-revision-tag-';

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MAX_LENGTH = 63;

/** A DNS label in lower case, as API server and istioctl both take it (istioctl alone would take upper case too). */
export function dnsLabelProblem(field: string, value: string): string | undefined {
  if (typeof value !== 'string') {
    return noString(field, value);
  }
  if (DNS_LABEL.test(value) && value.length <= MAX_LENGTH) {
    return undefined;
  }
  const fixed = value.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, MAX_LENGTH).replace(/-+$/, '');
  return `${field} '${value}' is not a DNS label: 1 to ${MAX_LENGTH} lower-case letters, digits and '-', a letter or digit first and last`
    + (fixed ? `; write '${fixed}'` : '');
}

/** A label value that is not empty. */
export function labelValueProblem(field: string, value: string): string | undefined {
  if (typeof value !== 'string') {
    return noString(field, value);
  }
  if (LABEL_VALUE.test(value) && value.length <= MAX_LENGTH) {
    return undefined;
  }
  return `${field} '${value}' is no label value: 1 to ${MAX_LENGTH} letters, digits, '-', '_' and '.', a letter or digit first and last`;
}

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether some text is the name of an object of most kinds: a DNS subdomain. */
export function isObjectName(text: string): boolean {
  return OBJECT_NAME.test(text) && text.length <= 253;
}

/** The name of an object of most kinds. */
export function objectNameProblem(field: string, value: string): string | undefined {
  if (typeof value !== 'string') {
    return noString(field, value);
  }
  return isObjectName(value) ? undefined
    : `${field} '${value}' is no name of an object: up to 253 lower-case letters, digits, '-' and '.', a letter or digit first and last; write its metadata.name`;
}

/**
 * A revision.
 *
 * @param prefix what the revision is a suffix of in the longest name that must be a DNS label too
 */
export function revisionProblem(field: string, value: string, prefix = 'istiod-'): string | undefined {
  if (typeof value === 'string' && DNS_LABEL.test(value.replace(/\./g, '-')) && value.includes('.')) {
    return `${field} '${value}' has dots, which Istio refuses in a revision; write '${value.replace(/\./g, '-')}'`;
  }
  const problem = suffixProblem(field, value, prefix, 'a DNS label');
  return problem ?? (isTextToIstioctl(value) && isPlainText(value) ? undefined
    : `${field} '${value}' is no text to istioctl or in Istio's charts, even in quotes; write e.g. 'r${value}'`);
}

/** A DNS label that becomes the end of a longer name, which is limited too. */
export function suffixProblem(field: string, value: string, prefix: string, kind: string): string | undefined {
  const problem = dnsLabelProblem(field, value);
  const limit = MAX_LENGTH - prefix.length;
  return problem ?? (value.length <= limit ? undefined
    : `${field} '${value}' has ${value.length} characters, and '${prefix}${value}' must be ${kind}; shorten it to ${limit}`);
}

/** Text that Istio's charts write without quotes. */
export function plainTextProblem(field: string, value: string, example: string): string | undefined {
  return isPlainText(value) ? undefined
    : `${field} '${value}' is no text where Istio's charts write it without quotes, and the API server refuses it; write e.g. '${example}'`;
}

/** What JavaScript lets through where TypeScript would not. */
function noString(field: string, value: unknown): string {
  if (value === undefined || value === null) {
    return `${field} is missing; give a string`;
  }
  return `${field} ${JSON.stringify(value)} stands where a string belongs; write it in quotes: '${value}'`;
}

/** The name of a cluster as names of environment variables have it. */
export function upperName(name: string): string {
  return name.toUpperCase().replace(/-/g, '_');
}
