import { controlPlanesOf, systemNamespaces } from './control-planes';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { nameOf } from './parts';
import { linkSecrets } from './remote-secrets';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { LINK_ANNOTATION, LINK_LABEL, LINK_PREFIX } from '../../istio/remote-secret-metadata';

const REMOTE_SECRET = 'https://istio.io/latest/docs/reference/commands/istioctl/#istioctl-create-remote-secret';
const DISCOVERY = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery';
const DIAGNOSIS = 'https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/';

function labelProblems(secret: Part): Finding[] {
  const label = secret.at('metadata', 'labels', LINK_LABEL);
  const misspelt = secret.at('metadata', 'labels').entries.find(({ key }) => key !== LINK_LABEL && key.toLowerCase() === LINK_LABEL.toLowerCase());
  if (misspelt && !label.isThere) {
    return misspelt.found(`label '${misspelt.key}' is none that istiod looks for, so that it ignores the Secret; write '${LINK_LABEL}'`);
  }
  return label.found(!label.isThere ? `label '${LINK_LABEL}' is missing, by which alone istiod finds the Secret; write ${LINK_LABEL}: "true"`
    : typeof label.value !== 'string' || label.value === 'true' ? undefined
      : `label '${LINK_LABEL}' is '${label.value}', and istiod looks for 'true' alone, so that it ignores the Secret; write "true"`);
}

/** What is wrong with the namespace of a Secret that istiod reads in its own alone. */
export function namespaceProblem(cluster: ClusterManifests, secret: Part): string | undefined {
  const namespace = secret.at('metadata', 'namespace').text;
  const istiods = systemNamespaces(cluster);
  const isWrong = istiods.length > 0 ? namespace !== undefined && !istiods.includes(namespace) : namespace === 'default';
  return isWrong ? `namespace '${namespace}' is not ${istiods.length > 0 ? `'${istiods.join('\' or \'')}', where istiod runs` : 'that of istiod'}, and it looks nowhere else; write ${istiods.length > 0 ? `'${istiods[0]}'` : 'that one'}` : undefined;
}

/** The keys of a remote Secret: names of clusters. */
function keysOf(secret: Part): Part[] {
  return [...secret.at('stringData').entries, ...secret.at('data').entries.filter(({ key }) => !secret.at('stringData', key).isThere)];
}

function keyProblems(secret: Part): Finding[] {
  const keys = keysOf(secret);
  const annotation = secret.at('metadata', 'annotations', LINK_ANNOTATION).text;
  const name = secret.at('metadata', 'name').text ?? '';
  const meant = annotation ?? (name.startsWith(LINK_PREFIX) ? name.slice(LINK_PREFIX.length) : undefined);
  return keys.length === 0 || meant === undefined || keys.some(({ key }) => key === meant) ? []
    : keys[0].found(`key '${keys[0].key}' is the name that istiod gives to the cluster, and the ${annotation === undefined ? 'Secret\'s name' : 'annotation'} says '${meant}'; write the key as '${meant}', or correct the other`);
}

function ownKeys(cluster: ClusterManifests): Finding[] {
  const own = controlPlanesOf(cluster).map(({ clusterName }) => clusterName.text);
  return linkSecrets(cluster).flatMap(secret => keysOf(secret).flatMap(key => key.found(own.includes(key.key)
    ? `key '${key.key}' is the name of this cluster itself, and istiod ignores it; apply this Secret to the other clusters, and remove it here` : undefined)));
}

function repeatedKeys(cluster: ClusterManifests): Finding[] {
  const first = new Map<string, Part>();
  return linkSecrets(cluster).flatMap(secret => keysOf(secret).flatMap(part => {
    const key = `${secret.at('metadata', 'namespace').text}/${part.key}`;
    const other = first.get(key);
    first.set(key, other ?? secret);
    return part.found(other && `key '${part.key}' stands in ${nameOf(other)} already, and istiod ignores the second of a name; remove one of the two`);
  }));
}

/** The Secrets that link a cluster with its peers. */
export const REMOTE_SECRET_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM131',
    severity: Severity.ERROR,
    title: 'a remote Secret has the label by which istiod finds it',
    symptom: 'the peer is not among \'istioctl remote-clusters\', and traffic stays local',
    fix: `write the label ${LINK_LABEL}: "true"`,
    see: DIAGNOSIS,
    check: cluster => linkSecrets(cluster).flatMap(labelProblems),
  },
  {
    code: 'IM132',
    severity: Severity.ERROR,
    title: 'a remote Secret is in the namespace of istiod',
    symptom: 'the peer is not among \'istioctl remote-clusters\', and traffic stays local',
    fix: 'make it with istioctl create-remote-secret -n istio-system',
    see: 'https://github.com/istio/istio/issues/49780',
    check: cluster => linkSecrets(cluster).flatMap(secret => secret.at('metadata', 'namespace').found(namespaceProblem(cluster, secret))),
  },
  {
    code: 'IM133',
    severity: Severity.ERROR,
    title: 'the key of a remote Secret is the name of the cluster',
    symptom: 'istiod reads one cluster under the name of another, or the same twice',
    fix: 'write the cluster\'s name as key, in the annotation and at the end of the Secret\'s name',
    see: REMOTE_SECRET,
    check: cluster => linkSecrets(cluster).flatMap(keyProblems),
  },
  {
    code: 'IM134',
    severity: Severity.WARNING,
    title: 'no remote Secret is of the cluster that it is in',
    symptom: 'istiod logs "ignoring cluster as it would overwrite the config cluster"',
    fix: 'apply the Secret to the other clusters',
    see: DISCOVERY,
    check: ownKeys,
  },
  {
    code: 'IM135',
    severity: Severity.ERROR,
    title: 'one remote Secret leads to a cluster',
    symptom: 'istiod logs "cluster has already been registered", and a rotated token has no effect',
    fix: 'remove one of the two Secrets',
    see: REMOTE_SECRET,
    check: repeatedKeys,
  },
];
