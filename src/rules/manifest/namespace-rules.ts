import { controlPlanesOf, revisionsOf } from './control-planes';
import { clusterNetwork, eastWestGatewaysOf, systemNamespaceObjects } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { isMisspelling } from './operator-schema';
import { type Part, appliedObjects, nameOf, objectsOf } from './parts';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { INJECTION_LABEL, NETWORK_LABEL, NODE_SELECTOR, REVISION_LABEL } from '../../istio/labels';
import { isNear, nearest } from '../../util/suggestions';

const MULTI_NETWORK = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/';
const INJECTION = 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/';
const INJECTION_VALUES = ['enabled', 'disabled'];

/** A label of a Namespace. */
function labelOf(namespace: Part, label: string): Part {
  return namespace.at('metadata', 'labels', label);
}

function networkFindings(cluster: ClusterManifests): Violation[] {
  const gateways = eastWestGatewaysOf(cluster);
  const controlPlane = controlPlanesOf(cluster).find(({ settings: { network } }) => network?.text !== undefined);
  const expected = controlPlane?.settings.network.text ?? clusterNetwork(cluster)?.network
    ?? gateways[0]?.networks[0].text;
  if (expected === undefined) {
    return [];
  }
  return systemNamespaceObjects(cluster).flatMap(namespace => {
    const label = labelOf(namespace, NETWORK_LABEL);
    if (!label.isPresent) {
      return gateways.length === 0 ? []
        : namespace.found(problem(`the label ${NETWORK_LABEL} is missing, from which other clusters learn the network `
          + 'of pods without a proxy', `add ${NETWORK_LABEL}: ${expected}`));
    }
    const owner = controlPlane ? nameOf(controlPlane.object) : 'the gateway';
    return label.found(label.text !== undefined && label.text !== expected
      && problem(`network '${label.text}' is not '${expected}', the network of ${owner}, so the pods of this cluster `
        + 'are on two networks', `write '${expected}'`));
  });
}

function disabledInjection(cluster: ClusterManifests): Violation[] {
  const injected = eastWestGatewaysOf(cluster).filter(({ isInjected }) => isInjected);
  return objectsOf(cluster, 'Namespace').flatMap(namespace => {
    const gateway = injected.find(one => one.namespace === namespace.at('metadata', 'name').text);
    const label = labelOf(namespace, INJECTION_LABEL);
    return label.found(gateway && label.value === 'disabled'
      && problem(`${INJECTION_LABEL}: disabled prevents istiod from injecting the gateway '${gateway.name}', whose `
        + 'image stays \'auto\', so its pod never starts', 'remove the label'));
  });
}

function twoLabels(namespace: Part): MaybeProblem {
  return [REVISION_LABEL, INJECTION_LABEL].every(label => labelOf(namespace, label).isPresent)
    && problem(`${REVISION_LABEL} has no effect, because ${INJECTION_LABEL} takes precedence`,
      `remove ${INJECTION_LABEL}`);
}

function injectionProblem(namespace: Part): MaybeProblem {
  const { text } = labelOf(namespace, INJECTION_LABEL);
  if (text === undefined || INJECTION_VALUES.includes(text)) {
    return undefined;
  }
  const fix = isNear(text, INJECTION_VALUES) ? nearest(text, INJECTION_VALUES) : 'write enabled';
  return problem(`${INJECTION_LABEL} '${text}' is neither enabled nor disabled, and istiod ignores it`, fix);
}

function revisionFindings(cluster: ClusterManifests): Violation[] {
  const installed = revisionsOf(cluster);
  return installed.length === 0 ? [] : objectsOf(cluster, 'Namespace').flatMap(namespace => {
    const [injection, revision] = [labelOf(namespace, INJECTION_LABEL), labelOf(namespace, REVISION_LABEL)];
    return [
      ...injection.found(injection.value === 'enabled' && !installed.includes('default')
        && problem(`${INJECTION_LABEL}: enabled is for the revision 'default', which is not installed in this cluster, `
          + 'so these pods are not injected', `write ${REVISION_LABEL}: ${installed[0]} instead`)),
      ...revision.found(revision.text !== undefined && !installed.includes(revision.text)
        && problem(`revision '${revision.text}' is not installed in this cluster, so these pods are not injected`,
          nearest(revision.text, installed))),
    ];
  });
}

/** Labels and annotations of Istio's multi-cluster features, and others with similar names. */
const KEYS = [
  NETWORK_LABEL, 'topology.istio.io/cluster', 'topology.istio.io/subzone', INJECTION_LABEL, REVISION_LABEL,
  'istio.io/tag', 'sidecar.istio.io/inject', 'networking.istio.io/gatewayPort', 'networking.istio.io/cluster',
  'networking.istio.io/exportTo', NODE_SELECTOR, 'istio.io/global', 'istio.io/dataplane-mode',
];

/** A wrong name of the network label on one of Istio's pages. */
const MISTAKEN = 'istio.io/topology-network';

function correctKey(key: string): string | undefined {
  if (KEYS.includes(key)) {
    return undefined;
  }
  return key === MISTAKEN ? NETWORK_LABEL : KEYS.find(known => isMisspelling(key, known));
}

function keyFindings(object: Part): Violation[] {
  const metadata = [object.at('metadata'), object.at('spec', 'template', 'metadata')];
  const entries = metadata.flatMap(part => [...part.at('labels').entries, ...part.at('annotations').entries]);
  return entries.flatMap(entry => {
    const correct = correctKey(entry.key);
    return entry.found(correct && problem(`'${entry.key}' is not a key that Istio knows, and Istio ignores it`,
      `did you mean '${correct}'?`));
  });
}

/** Rules for the labels of namespaces, and for the keys of labels and annotations. */
export const NAMESPACE_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM171',
    severity: Severity.ERROR,
    title: 'the namespace of istiod has a label with the network of its cluster',
    symptom: 'pods without a proxy are on no network or on a different one, and requests to them time out',
    fix: `add the label ${NETWORK_LABEL} with the network of the control plane`,
    see: `${MULTI_NETWORK}#set-the-default-network-for-cluster1`,
    check: networkFindings,
  },
  {
    code: 'IM172',
    severity: Severity.ERROR,
    title: 'the namespace of a gateway allows injection',
    symptom: 'the pod of the gateway stays in ErrImagePull: its image is auto',
    fix: `remove the label ${INJECTION_LABEL}: disabled`,
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway',
    check: disabledInjection,
  },
  {
    code: 'IM173',
    severity: Severity.WARNING,
    title: 'a namespace has only one injection label',
    symptom: 'pods stay with the old control plane after the namespace gets its revision',
    fix: `remove ${INJECTION_LABEL} if there is ${REVISION_LABEL}`,
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/#data-plane',
    check: cluster => objectsOf(cluster, 'Namespace').flatMap(namespace =>
      labelOf(namespace, REVISION_LABEL).found(twoLabels(namespace))),
  },
  {
    code: 'IM174',
    severity: Severity.WARNING,
    title: 'the revision of a namespace is installed in its cluster',
    symptom: 'new pods of the namespace have no proxy',
    fix: 'use an installed revision, or acknowledge the warning if istioctl creates the tag',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels',
    check: revisionFindings,
  },
  {
    code: 'IM175',
    severity: Severity.ERROR,
    title: `${INJECTION_LABEL} is enabled or disabled`,
    symptom: 'new pods of the namespace have no proxy',
    fix: `write ${INJECTION_LABEL}: enabled, or use the label ${REVISION_LABEL}`,
    see: INJECTION,
    check: cluster => objectsOf(cluster, 'Namespace').flatMap(namespace =>
      labelOf(namespace, INJECTION_LABEL).found(injectionProblem(namespace))),
  },
  {
    code: 'IM176',
    severity: Severity.WARNING,
    title: 'labels and annotations of Istio are spelled correctly',
    symptom: 'the setting has no effect, although no tool reports an error',
    fix: 'use the key that the message names',
    see: 'https://istio.io/latest/docs/reference/config/labels/',
    check: cluster => appliedObjects(cluster).flatMap(keyFindings),
  },
];
