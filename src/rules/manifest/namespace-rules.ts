import { controlPlanesOf, revisionsOf } from './control-planes';
import { clusterNetwork, eastWestGatewaysOf, NETWORK_LABEL, systemNamespaceObjects } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { isMisspelling } from './operator-schema';
import type { Part } from './parts';
import { appliedObjects, nameOf, objectsOf } from './parts';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { isNear, nearest } from '../../util/suggestions';

const MULTI_NETWORK = 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/';
const INJECTION = 'https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/';
const REVISION_LABEL = 'istio.io/rev';
const INJECTION_LABEL = 'istio-injection';

/** A label of a Namespace. */
function labelOf(namespace: Part, label: string): Part {
  return namespace.at('metadata', 'labels', label);
}

function networkFindings(cluster: ClusterManifests): Finding[] {
  const plane = controlPlanesOf(cluster).find(({ settings: { network } }) => network?.text !== undefined);
  const expected = plane?.settings.network.text ?? clusterNetwork(cluster)?.network ?? eastWestGatewaysOf(cluster)[0]?.networks[0].text;
  return expected === undefined ? [] : systemNamespaceObjects(cluster).flatMap(namespace => {
    const label = labelOf(namespace, NETWORK_LABEL);
    if (!label.isThere) {
      return eastWestGatewaysOf(cluster).length === 0 ? []
        : namespace.found(`the label ${NETWORK_LABEL} is missing, which tells the other clusters on which network the pods without a proxy are; write ${NETWORK_LABEL}: ${expected}`);
    }
    return label.found(label.text === undefined || label.text === expected ? undefined
      : `network '${label.text}' is not '${expected}', that of ${plane ? nameOf(plane.object) : 'the gateway'}, so that the pods of this cluster are on two networks; write '${expected}'`);
  });
}

function disabledFindings(cluster: ClusterManifests): Finding[] {
  const injected = eastWestGatewaysOf(cluster).filter(({ isInjected }) => isInjected);
  return objectsOf(cluster, 'Namespace').flatMap(namespace => {
    const gateway = injected.find(one => one.namespace === namespace.at('metadata', 'name').text);
    const label = labelOf(namespace, INJECTION_LABEL);
    return label.found(gateway && label.value === 'disabled'
      ? `${INJECTION_LABEL}: disabled keeps istiod from injecting the gateway '${gateway.name}', whose image stays 'auto', so that its pod never starts; remove the label` : undefined);
  });
}

function injectionProblem(namespace: Part): string | undefined {
  const { text } = labelOf(namespace, INJECTION_LABEL);
  return text === undefined || ['enabled', 'disabled'].includes(text) ? undefined
    : `${INJECTION_LABEL} '${text}' is neither enabled nor disabled, and istiod ignores it; ${isNear(text, ['enabled', 'disabled']) ? nearest(text, ['enabled', 'disabled']) : 'write enabled'}`;
}

function revisionFindings(cluster: ClusterManifests): Finding[] {
  const installed = revisionsOf(cluster);
  return installed.length === 0 ? [] : objectsOf(cluster, 'Namespace').flatMap(namespace => {
    const [injection, revision] = [labelOf(namespace, INJECTION_LABEL), labelOf(namespace, REVISION_LABEL)];
    return [
      ...injection.found(injection.value !== 'enabled' || installed.includes('default') ? undefined
        : `${INJECTION_LABEL}: enabled is for the revision 'default', which is not installed here, so that nobody injects these pods; write ${REVISION_LABEL}: ${installed[0]} instead`),
      ...revision.found(revision.text === undefined || installed.includes(revision.text) ? undefined
        : `revision '${revision.text}' is not installed here, so that nobody injects these pods; ${nearest(revision.text, installed)}`),
    ];
  });
}

/** Labels and annotations that Istio's multicluster features look for, and others whose names are near to them. */
const KEYS = [
  NETWORK_LABEL, 'topology.istio.io/cluster', 'topology.istio.io/subzone', INJECTION_LABEL, REVISION_LABEL, 'istio.io/tag', 'sidecar.istio.io/inject',
  'networking.istio.io/gatewayPort', 'networking.istio.io/cluster', 'networking.istio.io/exportTo', 'traffic.istio.io/nodeSelector', 'istio.io/global', 'istio.io/dataplane-mode',
];

/** What a tip on one of Istio's pages calls the label. */
const MISTAKEN = 'istio.io/topology-network';

function keyFindings(object: Part): Finding[] {
  const maps = [object.at('metadata'), object.at('spec', 'template', 'metadata')];
  return maps.flatMap(metadata => [...metadata.at('labels').entries, ...metadata.at('annotations').entries]).flatMap(entry => {
    const right = KEYS.includes(entry.key) ? undefined : entry.key === MISTAKEN ? NETWORK_LABEL : KEYS.find(key => isMisspelling(entry.key, key));
    return entry.found(right && `'${entry.key}' is no key that Istio looks for, and it ignores it; did you mean '${right}'?`);
  });
}

/** What the namespaces tell istiod. */
export const NAMESPACE_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM171',
    severity: Severity.ERROR,
    title: 'the namespace of istiod has the network of its cluster as a label',
    symptom: 'pods without a proxy are on no network or another, and requests to them time out',
    fix: `write the label ${NETWORK_LABEL} with the network of the control plane`,
    see: `${MULTI_NETWORK}#set-the-default-network-for-cluster1`,
    check: networkFindings,
  },
  {
    code: 'IM172',
    severity: Severity.ERROR,
    title: 'the namespace of a gateway lets istiod inject it',
    symptom: 'the pod of the gateway stays in ErrImagePull: its image is auto',
    fix: `remove the label ${INJECTION_LABEL}: disabled`,
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#deploying-a-gateway',
    check: disabledFindings,
  },
  {
    code: 'IM173',
    severity: Severity.WARNING,
    title: 'a namespace chooses its injection by one label',
    symptom: 'pods stay with the old control plane after the namespace got its revision',
    fix: `remove ${INJECTION_LABEL} where there is ${REVISION_LABEL}`,
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/#data-plane',
    check: cluster => objectsOf(cluster, 'Namespace').flatMap(namespace => labelOf(namespace, REVISION_LABEL).found(
      labelOf(namespace, REVISION_LABEL).isThere && labelOf(namespace, INJECTION_LABEL).isThere
        ? `${REVISION_LABEL} has no effect beside ${INJECTION_LABEL}, which is stronger; remove ${INJECTION_LABEL}` : undefined)),
  },
  {
    code: 'IM174',
    severity: Severity.WARNING,
    title: 'the revision of a namespace is installed in its cluster',
    symptom: 'new pods of the namespace have no proxy',
    fix: 'write an installed revision, or acknowledge this where istioctl makes the tag',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/#stable-revision-labels',
    check: revisionFindings,
  },
  {
    code: 'IM175',
    severity: Severity.ERROR,
    title: `${INJECTION_LABEL} is enabled or disabled`,
    symptom: 'new pods of the namespace have no proxy',
    fix: `write ${INJECTION_LABEL}: enabled, or the label ${REVISION_LABEL}`,
    see: INJECTION,
    check: cluster => objectsOf(cluster, 'Namespace').flatMap(namespace => labelOf(namespace, INJECTION_LABEL).found(injectionProblem(namespace))),
  },
  {
    code: 'IM176',
    severity: Severity.WARNING,
    title: 'labels and annotations are spelt as Istio does',
    symptom: 'the setting has no effect, and everything is green',
    fix: 'write the key that the message names',
    see: 'https://istio.io/latest/docs/reference/config/labels/',
    check: cluster => appliedObjects(cluster).flatMap(keyFindings),
  },
];
