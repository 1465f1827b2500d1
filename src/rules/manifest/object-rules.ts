import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { appliedObjects, groupKind, isSubstituted, manifestOf, objectsOf } from './parts';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { dnsLabelProblem, labelValueProblem } from '../../istio/names';
import { fromBase64 } from '../../util/base64';

/** Kinds whose pods stand in a template. */
const WORKLOADS = ['Deployment.apps', 'DaemonSet.apps', 'StatefulSet.apps', 'ReplicaSet.apps', 'Job.batch'];

/** The maps of an object in which every value is text. */
function textMaps(object: Part): Part[] {
  const kind = groupKind(object.value);
  return [
    object.at('metadata', 'labels'),
    object.at('metadata', 'annotations'),
    ...['Secret', 'ConfigMap'].includes(kind) ? [object.at('data'), object.at('stringData')] : [],
    ...['Service', 'Gateway.networking.istio.io'].includes(kind) ? [object.at('spec', 'selector')] : [],
    ...WORKLOADS.includes(kind) ? [
      object.at('spec', 'selector', 'matchLabels'),
      object.at('spec', 'template', 'metadata', 'labels'),
      object.at('spec', 'template', 'metadata', 'annotations'),
      object.at('spec', 'template', 'spec', 'nodeSelector'),
    ] : [],
  ];
}

/** The values of an object that must be text. */
function texts(object: Part): Part[] {
  const env = WORKLOADS.includes(groupKind(object.value)) ? object.at('spec', 'template', 'spec', 'containers').items.flatMap(container => container.at('env').items) : [];
  return [...textMaps(object).flatMap(map => map.entries), ...env.map(variable => variable.at('value'))];
}

function noText(cluster: ClusterManifests, part: Part): string | undefined {
  if (!part.isThere || typeof part.value === 'string') {
    return undefined;
  }
  if (typeof part.value === 'object') {
    return `${part.key} is a ${Array.isArray(part.value) ? 'list' : 'map'} where the API server takes text alone; write text`;
  }
  const kind = groupKind(cluster.manifests[part.path[0] as number].object);
  if (kind === 'Secret' && ['data', 'stringData'].includes(String(part.path[1]))) {
    return `a ${typeof part.value} stands where a string belongs, which the API server refuses; write it in quotes`;
  }
  const written = manifestOf(cluster, part).source(part.path.slice(1)) ?? String(part.value);
  return `${typeof part.value} ${written} stands where a string belongs, which the API server refuses; write it in quotes: '${written}'`;
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Longest name of an object. */
const MAX_NAME = 253;

/** Names that are labels of host names. */
const LABEL_NAMES = ['Namespace', 'Service'];

function nameProblem(kind: string, name: string | undefined): string | undefined {
  if (name === undefined || kind.endsWith('.rbac.authorization.k8s.io')) {
    return undefined;
  }
  if (LABEL_NAMES.includes(kind)) {
    return dnsLabelProblem('name', name);
  }
  return SUBDOMAIN.test(name) && name.length <= MAX_NAME ? undefined
    : `name '${name}' is refused by the API server: up to ${MAX_NAME} lower-case letters, digits, '-' and '.', a letter or digit first and last; write '${name.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, MAX_NAME)}'`;
}

function labelProblems(object: Part): Finding[] {
  return object.at('metadata', 'labels').entries.flatMap(label => label.found(label.text === undefined ? undefined : labelValueProblem('label value', label.text)));
}

/** Data of Secrets that a tool decrypts later. */
const ENCRYPTED = /^ENC\[/;

/** Whether the values of a Secret are its own, and not encrypted ones. */
export function isPlain(secret: Part): boolean {
  return !secret.at('sops').isThere;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isBase64(text: string): boolean {
  return BASE64.test(text.replace(/\s/g, ''));
}

function encodingProblems(secret: Part): Finding[] {
  return secret.at('data').entries.flatMap(entry => entry.found(
    typeof entry.value !== 'string' || ENCRYPTED.test(entry.value) || isSubstituted(entry.value) || isBase64(entry.value) ? undefined
      : 'data holds base64 alone, and this is none, so that the API server refuses the Secret; put it under stringData'));
}

/** A key of a Secret, and its value in plain text. */
export interface SecretEntry {
  readonly part: Part;
  readonly text: string;
}

/** What a Secret holds, as far as it can be read. */
export function secretEntries(secret: Part): SecretEntry[] {
  const isReadable = ({ text }: SecretEntry) => isPlain(secret) && !ENCRYPTED.test(text) && !isSubstituted(text);
  const plain = secret.at('stringData').entries.flatMap(part => typeof part.value === 'string' ? [{ part, text: part.value }] : []);
  const encoded = secret.at('data').entries.flatMap(part => typeof part.value === 'string' && isBase64(part.value)
    ? [{ part, text: fromBase64(part.value) }] : []);
  return [...plain, ...encoded.filter(({ part }) => !plain.some(other => other.part.key === part.key))].filter(isReadable);
}

export const OBJECT_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM107',
    severity: Severity.ERROR,
    title: 'labels, annotations, selectors and variables are text',
    symptom: 'cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    fix: 'write numbers, yes, no, true and false in quotes',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    check: cluster => appliedObjects(cluster).flatMap(object => texts(object).flatMap(part => part.found(noText(cluster, part)))),
  },
  {
    code: 'IM108',
    severity: Severity.ERROR,
    title: 'the API server takes the names of the objects',
    symptom: 'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters',
    fix: 'write the name in lower case, with \'-\' between words',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
    check: cluster => appliedObjects(cluster).flatMap(object => object.at('metadata', 'name').found(nameProblem(groupKind(object.value), object.at('metadata', 'name').text))),
  },
  {
    code: 'IM109',
    severity: Severity.ERROR,
    title: 'the API server takes the values of the labels',
    symptom: 'metadata.labels: Invalid value: a valid label must be an empty string or consist of alphanumeric characters',
    fix: 'write up to 63 letters, digits, \'-\', \'_\' and \'.\'',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    check: cluster => appliedObjects(cluster).flatMap(labelProblems),
  },
  {
    code: 'IM110',
    severity: Severity.ERROR,
    title: 'data of a Secret is base64',
    symptom: 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data',
    fix: 'put plain text under stringData',
    see: 'https://kubernetes.io/docs/concepts/configuration/secret/',
    check: cluster => objectsOf(cluster, 'Secret').filter(isPlain).flatMap(encodingProblems),
  },
];
