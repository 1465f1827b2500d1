import type { ClusterManifests } from './manifests';
import { type Part, appliedObjects, groupKind, isSubstituted, manifestOf, objectsOf } from './parts';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { dnsLabelProblem, labelValueProblem, MAX_OBJECT_NAME, objectNameProblem } from '../../istio/names';
import { fromBase64 } from '../../util/base64';

/** Kinds with a pod template. */
const WORKLOADS = ['Deployment.apps', 'DaemonSet.apps', 'StatefulSet.apps', 'ReplicaSet.apps', 'Job.batch'];

/** The maps of an object whose values must be strings. */
function stringMaps(object: Part): Part[] {
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

/** The values of an object that must be strings. */
function stringValues(object: Part): Part[] {
  const values = stringMaps(object).flatMap(map => map.entries);
  if (!WORKLOADS.includes(groupKind(object.value))) {
    return values;
  }
  const variables = object.at('spec', 'template', 'spec', 'containers').items
    .flatMap(container => container.at('env').items);
  return [...values, ...variables.map(variable => variable.at('value'))];
}

function notAString(cluster: ClusterManifests, part: Part): MaybeProblem {
  if (!part.isPresent || typeof part.value === 'string') {
    return undefined;
  }
  if (typeof part.value === 'object') {
    const type = Array.isArray(part.value) ? 'list' : 'map';
    return problem(`${part.key} is a ${type}, but the API server accepts only a string`, 'write a string');
  }
  const kind = groupKind(manifestOf(cluster, part).object);
  if (kind === 'Secret' && ['data', 'stringData'].includes(String(part.path[1]))) {
    return problem(`the value is a ${typeof part.value} and not a string, and the API server rejects it`,
      'write it in quotes');
  }
  const written = manifestOf(cluster, part).source(part.path.slice(1)) ?? String(part.value);
  return problem(`${typeof part.value} ${written} is not a string, and the API server rejects it`,
    `write it in quotes: '${written}'`);
}

/** Kinds whose names are labels of host names. */
const LABEL_NAMES = ['Namespace', 'Service'];

function nameProblem(kind: string, name: string | undefined): MaybeProblem {
  if (name === undefined || kind.endsWith('.rbac.authorization.k8s.io')) {
    return undefined;
  }
  if (LABEL_NAMES.includes(kind)) {
    return dnsLabelProblem('name', name);
  }
  const dashed = name.toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '');
  return objectNameProblem('name', name, `write '${dashed.slice(0, MAX_OBJECT_NAME)}'`);
}

function labelProblems(object: Part): Violation[] {
  return object.at('metadata', 'labels').entries.flatMap(label =>
    label.found(label.text !== undefined && labelValueProblem('value', label.text)));
}

/** A value of a Secret that is encrypted, e.g. by SOPS. */
const ENCRYPTED = /^ENC\[/;

/** Whether a Secret is not encrypted as a whole. */
export function isPlain(secret: Part): boolean {
  return !secret.at('sops').isPresent;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function isBase64(text: string): boolean {
  return BASE64.test(text.replace(/\s/g, ''));
}

function encodingProblems(secret: Part): Violation[] {
  const isValid = ({ value }: Part) =>
    typeof value !== 'string' || ENCRYPTED.test(value) || isSubstituted(value) || isBase64(value);
  return secret.at('data').entries.filter(entry => !isValid(entry)).flatMap(entry =>
    entry.found(problem('the value is not valid base64, so the API server rejects the Secret',
      'move it to stringData')));
}

/** A key of a Secret, and its decoded value. */
export interface SecretEntry {
  readonly part: Part;
  readonly text: string;
}

/** The values of a Secret that are neither encrypted nor substituted later; `stringData` overrides `data`. */
export function secretEntries(secret: Part): SecretEntry[] {
  if (!isPlain(secret)) {
    return [];
  }
  const plain = secret.at('stringData').entries.flatMap(part =>
    typeof part.value === 'string' ? [{ part, text: part.value }] : []);
  const encoded = secret.at('data').entries.flatMap(part => typeof part.value === 'string' && isBase64(part.value)
    ? [{ part, text: fromBase64(part.value) }] : []);
  const effective = [...plain, ...encoded.filter(({ part }) => !plain.some(other => other.part.key === part.key))];
  return effective.filter(({ text }) => !ENCRYPTED.test(text) && !isSubstituted(text));
}

/** Rules for the syntax that the API server requires of every object. */
export const OBJECT_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM107',
    severity: Severity.ERROR,
    title: 'labels, annotations, selectors and environment variables are strings',
    symptom: 'cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    fix: 'write numbers, yes, no, true and false in quotes',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    check: cluster => appliedObjects(cluster).flatMap(object =>
      stringValues(object).flatMap(part => part.found(notAString(cluster, part)))),
  },
  {
    code: 'IM108',
    severity: Severity.ERROR,
    title: 'object names are valid in Kubernetes',
    symptom: 'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters',
    fix: 'write the name in lower case, with \'-\' between words',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
    check: cluster => appliedObjects(cluster).flatMap(object => {
      const name = object.at('metadata', 'name');
      return name.found(nameProblem(groupKind(object.value), name.text));
    }),
  },
  {
    code: 'IM109',
    severity: Severity.ERROR,
    title: 'label values are valid in Kubernetes',
    symptom: 'metadata.labels: Invalid value: a valid label must be an empty string or consist of alphanumeric '
      + 'characters',
    fix: 'use up to 63 letters, digits, \'-\', \'_\' and \'.\'',
    see: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/',
    check: cluster => appliedObjects(cluster).flatMap(labelProblems),
  },
  {
    code: 'IM110',
    severity: Severity.ERROR,
    title: 'data of a Secret is base64',
    symptom: 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data',
    fix: 'move plain text to stringData',
    see: 'https://kubernetes.io/docs/concepts/configuration/secret/',
    check: cluster => objectsOf(cluster, 'Secret').filter(isPlain).flatMap(encodingProblems),
  },
];
