import { type MaybeProblem, type Problem, problem } from '../core/rule';
import { isPlainText, isTextToIstioctl } from '../util/words';

/**
 * Syntax of the names that Kubernetes and Istio use in labels, object names and host names.
 *
 * Each function returns a message about an invalid value, and undefined for a valid one.
 */

/** ConfigMap with the root CA certificates that workloads trust; istiod creates it in every namespace. */
export const ROOT_CONFIG_MAP = 'istio-ca-root-cert';

/** Default namespace of a control plane. */
export const ISTIO_SYSTEM = 'istio-system';

/** Directories next to those of the clusters. */
export const RESERVED_DIRECTORIES = ['argocd', 'flux'];

/** Prefix of the name of a canary's IstioOperator; the canary's revision follows. */
export const CANARY_PREFIX = 'control-plane-';

/** Prefix of the name of a revision tag's Service; the tag follows. */
export const TAG_SERVICE_PREFIX = 'istiod-revision-tag-';

/** A lower-case DNS label, apart from its length. */
export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Longest DNS label, and longest value of a Kubernetes label. */
export const MAX_LABEL = 63;

const FIRST_AND_LAST = 'starting and ending with a letter or digit';

/** Whether text is a lower-case DNS label. */
export function isDnsLabel(text: string): boolean {
  return DNS_LABEL.test(text) && text.length <= MAX_LABEL;
}

/** A lower-case DNS label, which the API server requires; istioctl would also accept upper case. */
export function dnsLabelProblem(field: string, value: string): MaybeProblem {
  if (typeof value !== 'string') {
    return stringProblem(field, value);
  }
  if (isDnsLabel(value)) {
    return undefined;
  }
  const dashed = value.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '');
  const fixed = dashed.slice(0, MAX_LABEL).replace(/-+$/, '');
  const syntax = `1 to ${MAX_LABEL} lower-case letters, digits and '-', ${FIRST_AND_LAST}`;
  const message = `${field} '${value}' is not a valid DNS label`;
  return fixed ? problem(`${message} (${syntax})`, `write '${fixed}'`) : problem(message, `use ${syntax}`);
}

/** A label value that is not empty. */
export function labelValueProblem(field: string, value: string): MaybeProblem {
  if (typeof value !== 'string') {
    return stringProblem(field, value);
  }
  return LABEL_VALUE.test(value) && value.length <= MAX_LABEL ? undefined
    : problem(`${field} '${value}' is not a valid label value`,
      `use 1 to ${MAX_LABEL} letters, digits, '-', '_' and '.', ${FIRST_AND_LAST}`);
}

const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Longest name of an object. */
export const MAX_OBJECT_NAME = 253;

/** Whether text is a valid name for most kinds of objects: a DNS subdomain. */
export function isObjectName(text: string): boolean {
  return OBJECT_NAME.test(text) && text.length <= MAX_OBJECT_NAME;
}

/** The name of an object of most kinds. */
export function objectNameProblem(
  field: string, value: string, fix = 'write the metadata.name of the object',
): MaybeProblem {
  if (typeof value !== 'string') {
    return stringProblem(field, value);
  }
  return isObjectName(value) ? undefined
    : problem(`${field} '${value}' is not a valid object name (up to ${MAX_OBJECT_NAME} lower-case letters, digits, `
      + `'-' and '.', ${FIRST_AND_LAST})`, fix);
}

/**
 * A revision.
 *
 * @param prefix text before the revision in the longest generated name that must be a DNS label
 */
export function revisionProblem(field: string, value: string, prefix = 'istiod-'): MaybeProblem {
  if (typeof value === 'string' && DNS_LABEL.test(value.replace(/\./g, '-')) && value.includes('.')) {
    return problem(`${field} '${value}' contains dots, which Istio does not allow in a revision`,
      `write '${value.replace(/\./g, '-')}'`);
  }
  return suffixProblem(field, value, prefix, 'a DNS label') || (!(isTextToIstioctl(value) && isPlainText(value))
    && problem(`${field} '${value}' is not read as a string by istioctl or Istio's charts, even in quotes`,
      `write e.g. 'r${value}'`));
}

/** A DNS label at the end of a longer name, whose length is limited as well. */
export function suffixProblem(field: string, value: string, prefix: string, kind: string): MaybeProblem {
  const limit = MAX_LABEL - prefix.length;
  return dnsLabelProblem(field, value) || (value.length > limit
    && problem(`${field} '${value}' has ${value.length} characters, but '${prefix}${value}' must be ${kind} of at most `
      + `${MAX_LABEL}`, `shorten it to at most ${limit}`));
}

/** Text that Istio's charts write without quotes. */
export function plainTextProblem(field: string, value: string, example: string): MaybeProblem {
  return isPlainText(value) ? undefined
    : problem(`${field} '${value}' is not read as a string where Istio's charts write it without quotes, and the API `
      + 'server rejects it', `write e.g. '${example}'`);
}

/** Message about a value that is not a string, as callers in JavaScript and Python can pass one. */
function stringProblem(field: string, value: unknown): Problem {
  if (value === undefined || value === null) {
    return problem(`${field} is missing`, 'set it to a string');
  }
  return problem(`${field} ${JSON.stringify(value)} is not a string`, `write it in quotes: '${value}'`);
}

/** The name of a cluster, as it appears in names of environment variables. */
export function upperName(name: string): string {
  return name.toUpperCase().replace(/-/g, '_');
}
