import { controlPlanesOf, systemNamespaces } from './control-planes';
import type { ClusterManifests } from './manifests';
import { type Part, nameOf } from './parts';
import { keysOf, remoteSecretsOf } from './remote-secrets';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import {
  REMOTE_SECRET_ANNOTATION, REMOTE_SECRET_LABEL, REMOTE_SECRET_PREFIX,
} from '../../istio/remote-secret-metadata';

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';
const DISCOVERY = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery';
const DIAGNOSIS = 'https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/';

function labelProblems(secret: Part): Violation[] {
  const labels = secret.at('metadata', 'labels');
  const label = labels.at(REMOTE_SECRET_LABEL);
  if (!label.isPresent) {
    const misspelled = labels.entries.find(({ key }) => key.toLowerCase() === REMOTE_SECRET_LABEL.toLowerCase());
    return misspelled && misspelled.key !== REMOTE_SECRET_LABEL
      ? misspelled.found(problem(`label '${misspelled.key}' is not the label that istiod looks for, so istiod ignores `
        + 'the Secret', `write '${REMOTE_SECRET_LABEL}'`))
      : label.found(problem(`label '${REMOTE_SECRET_LABEL}' is missing, without which istiod does not discover the `
        + 'Secret', `add ${REMOTE_SECRET_LABEL}: "true"`));
  }
  return label.found(typeof label.value === 'string' && label.value !== 'true'
    && problem(`label '${REMOTE_SECRET_LABEL}' is '${label.value}', but istiod looks only for 'true', so it ignores `
      + 'the Secret', 'write "true"'));
}

/** Message about the namespace of a Secret that istiod reads only in its own namespace. */
export function namespaceProblem(cluster: ClusterManifests, secret: Part): MaybeProblem {
  const namespace = secret.at('metadata', 'namespace').text;
  const expected = systemNamespaces(cluster);
  if (expected.length === 0) {
    return namespace !== 'default' ? undefined
      : problem('namespace \'default\' is not the namespace of istiod, so istiod does not find the Secret',
        'write the namespace of istiod');
  }
  return namespace === undefined || expected.includes(namespace) ? undefined
    : problem(`namespace '${namespace}' is not the namespace of istiod, '${expected.join("' or '")}', so istiod does `
      + 'not find the Secret', `write '${expected[0]}'`);
}

function keyProblems(secret: Part): Violation[] {
  const keys = keysOf(secret);
  const annotation = secret.at('metadata', 'annotations', REMOTE_SECRET_ANNOTATION).text;
  const name = secret.at('metadata', 'name').text ?? '';
  const suffix = name.startsWith(REMOTE_SECRET_PREFIX) ? name.slice(REMOTE_SECRET_PREFIX.length) : undefined;
  const expected = annotation ?? suffix;
  if (keys.length === 0 || expected === undefined || keys.some(({ key }) => key === expected)) {
    return [];
  }
  const source = annotation === undefined ? 'name of the Secret' : 'annotation';
  return keys[0].found(problem(`key '${keys[0].key}' is the name that istiod gives to the cluster, but the ${source} `
    + `contains '${expected}'`, `rename the key to '${expected}', or correct the ${source}`));
}

function ownKeys(cluster: ClusterManifests): Violation[] {
  const ownNames = controlPlanesOf(cluster).map(({ clusterName }) => clusterName.text);
  return remoteSecretsOf(cluster).flatMap(keysOf).flatMap(key => key.found(ownNames.includes(key.key)
    && problem(`key '${key.key}' is the name of this cluster, and istiod ignores it`,
      'apply this Secret to the other clusters, and remove it here')));
}

function repeatedKeys(cluster: ClusterManifests): Violation[] {
  const first = new Map<string, Part>();
  return remoteSecretsOf(cluster).flatMap(secret => keysOf(secret).flatMap(part => {
    const key = `${secret.at('metadata', 'namespace').text}/${part.key}`;
    const other = first.get(key);
    first.set(key, other ?? secret);
    return part.found(other && problem(`key '${part.key}' is already in ${nameOf(other)}, and istiod ignores a second `
      + 'one with the same name', 'remove one of the two'));
  }));
}

/** Rules for the metadata and keys of remote secrets. */
export const REMOTE_SECRET_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM131',
    severity: Severity.ERROR,
    title: 'a remote secret has the label that istiod looks for',
    symptom: 'the peer is missing from \'istioctl remote-clusters\', and traffic stays local',
    fix: `add the label ${REMOTE_SECRET_LABEL}: "true"`,
    see: DIAGNOSIS,
    check: cluster => remoteSecretsOf(cluster).flatMap(labelProblems),
  },
  {
    code: 'IM132',
    severity: Severity.ERROR,
    title: 'a remote secret is in the namespace of istiod',
    symptom: 'the peer is missing from \'istioctl remote-clusters\', and traffic stays local',
    fix: 'create it with istioctl create-remote-secret -n istio-system',
    see: 'https://github.com/istio/istio/issues/49780',
    check: cluster => remoteSecretsOf(cluster).flatMap(secret =>
      secret.at('metadata', 'namespace').found(namespaceProblem(cluster, secret))),
  },
  {
    code: 'IM133',
    severity: Severity.ERROR,
    title: 'the key of a remote secret is the name of the cluster',
    symptom: 'istiod reads a cluster under the name of another one, or reads the same cluster twice',
    fix: 'use the name of the cluster as the key, in the annotation, and at the end of the Secret\'s name',
    see: REMOTE_SECRET,
    check: cluster => remoteSecretsOf(cluster).flatMap(keyProblems),
  },
  {
    code: 'IM134',
    severity: Severity.WARNING,
    title: 'no remote secret points to the cluster that it is in',
    symptom: 'istiod logs "ignoring cluster as it would overwrite the config cluster"',
    fix: 'apply the Secret to the other clusters',
    see: DISCOVERY,
    check: ownKeys,
  },
  {
    code: 'IM135',
    severity: Severity.ERROR,
    title: 'only one remote secret points to a cluster',
    symptom: 'istiod logs "cluster has already been registered", and a rotated token has no effect',
    fix: 'remove one of the two Secrets',
    see: REMOTE_SECRET,
    check: repeatedKeys,
  },
];
