import {
  type ControlPlane,
  controlPlanesOf, installsControlPlane, operatorNamespace, operatorRevision, revisionsOf,
} from './control-planes';
import { eastWestGatewaysOf, gatewayIdentity, listedGateways } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import { type Part, helmValuesOf, isSubstituted, manifestOf, nameOf, objectsOf, operatorsOf } from './parts';
import { remoteSecretsOf } from './remote-secrets';
import { type MaybeProblem, type Rules, type Violation, problem, Severity } from '../../core/rule';
import { REVISION_LABEL } from '../../istio/labels';
import { dnsLabelProblem, labelValueProblem } from '../../istio/names';
import { nearest } from '../../util/suggestions';

/** The default cluster name of istiod. */
const DEFAULT_CLUSTER_NAME = 'Kubernetes';

/** Whether a cluster is part of a mesh with several clusters. */
function isMultiCluster(cluster: ClusterManifests): boolean {
  return remoteSecretsOf(cluster).length > 0 || eastWestGatewaysOf(cluster).length > 0;
}

function clusterNameProblem(controlPlane: ControlPlane, cluster: ClusterManifests): MaybeProblem {
  const { clusterName, settings: { meshID, network } } = controlPlane;
  if (!meshID?.isPresent && !network?.isPresent && !isMultiCluster(cluster)) {
    return undefined;
  }
  if (clusterName.value === DEFAULT_CLUSTER_NAME) {
    return problem(`clusterName '${DEFAULT_CLUSTER_NAME}' is the default of every istiod, and istiods with the same `
      + 'name ignore each other', 'write the name of this cluster');
  }
  return clusterName.isPresent && clusterName.value !== '' ? undefined
    : problem(`the cluster name is missing, so istiod uses its default '${DEFAULT_CLUSTER_NAME}', and istiods with the `
      + 'same name ignore each other', 'set values.global.multiCluster.clusterName');
}

/** Differences between the control planes of a cluster; another rule reports a missing cluster name. */
function differences(cluster: ClusterManifests): Violation[] {
  const controlPlanes = controlPlanesOf(cluster);
  const kindOf = ({ object }: ControlPlane) => object.at('kind').text;
  const kinds = [...new Set(controlPlanes.map(kindOf))];
  return kinds.flatMap(kind => {
    const [first, ...others] = controlPlanes.filter(controlPlane => kindOf(controlPlane) === kind);
    return others.flatMap(other => differencesFrom(first, other));
  });
}

function differencesFrom(first: ControlPlane, { clusterName, settings }: ControlPlane): Violation[] {
  const sharedSettings = Object.entries(settings).filter(([setting]) => setting in first.settings);
  const areNamed = [clusterName, first.clusterName]
    .every(({ text }) => text !== undefined && text !== DEFAULT_CLUSTER_NAME);
  const nameDifference = areNamed ? differenceProblem('clusterName', clusterName, first.clusterName, first) : undefined;
  return [
    ...sharedSettings.flatMap(([setting, part]) =>
      part.found(differenceProblem(setting, part, first.settings[setting], first))),
    ...clusterName.found(nameDifference),
  ];
}

function differenceProblem(setting: string, part: Part, expected: Part, first: ControlPlane): MaybeProblem {
  const isUnclear = [part, expected].some(({ isPresent, text }) => isPresent && text === undefined);
  const shown = ({ text }: Part) => text === undefined ? 'is missing' : `is '${text}'`;
  return isUnclear || part.text === expected.text ? undefined
    : problem(`${setting} ${shown(part)}, but ${shown(expected)} in ${nameOf(first.object)}, so the two control planes `
      + 'of this cluster configure their proxies differently', 'set the same value in both');
}

/** A rendered istiod that has a different cluster name than the proxies that it injects. */
function injectedNameDifferences(cluster: ClusterManifests): Violation[] {
  return controlPlanesOf(cluster).flatMap(({ object, clusterName: { text: name }, injectedClusterName: injected }) =>
    injected?.text && name ? injected.found(injected.text !== name
      && problem(`clusterName '${injected.text}' is the name that the proxies report, but ${nameOf(object)} knows only `
        + `'${name}' from its variable CLUSTER_ID, and rejects them`, `write '${name}' in both`)) : []);
}

/**
 * Names with which one IstioOperator removes the objects of another.
 *
 * An installation deletes the objects that it owns and that are not in its file. Without a name, it owns every object
 * of its revision.
 */
function ownerProblems(cluster: ClusterManifests): Violation[] {
  const operators = operatorsOf(cluster);
  return operators.flatMap((operator, i) => {
    const revision = operatorRevision(operator);
    const isSibling = (other: Part) =>
      operatorRevision(other) === revision && operatorNamespace(other) === operatorNamespace(operator);
    const name = operator.at('metadata', 'name').text;
    if (name === undefined) {
      const siblings = operators.filter((other, j) => j !== i && isSibling(other));
      return operator.found(unnamedProblem(cluster, operator, siblings));
    }
    const twin = operators.slice(0, i).find(other => isSibling(other) && other.at('metadata', 'name').text === name);
    return operator.at('metadata', 'name').found(twin && problem(
      `name '${name}' is also the name of another IstioOperator of revision '${revision}', so each installation `
        + 'removes what the other one installed',
      'give each its own name',
    ));
  });
}

function unnamedProblem(cluster: ClusterManifests, operator: Part, siblings: readonly Part[]): MaybeProblem {
  const example = installsControlPlane(operator) ? 'control-plane' : 'eastwest';
  return siblings.length === 0 ? undefined
    : problem('metadata.name is missing, so \'istioctl install\' of this file removes what '
      + `'${manifestOf(cluster, siblings[0]).file}' installed`, `set it, e.g. to ${example}`);
}

function gatewayRevisionProblems(cluster: ClusterManifests): Violation[] {
  const installed = revisionsOf(cluster);
  const isKnown = (revision: string) => installed.includes(revision) || isSubstituted(revision);
  const check = (revision: string) => installed.length === 0 || isKnown(revision) ? undefined
    : problem(`revision '${revision}' is not installed in this cluster, so the gateway would not be injected, and its `
      + 'pod would never start', nearest(revision, installed));
  const operators = operatorsOf(cluster)
    .filter(operator => !installsControlPlane(operator) && listedGateways(operator).length > 0);
  const pods = objectsOf(cluster, 'Deployment.apps').map(deployment => deployment.at('spec', 'template'))
    .filter(pod => pod.at('spec', 'containers').items.some(container => container.at('image').value === 'auto'));
  const gatewayValues = helmValuesOf(cluster).filter(values => !values.at('global', 'multiCluster').isPresent);
  return [
    ...gatewayValues.map(values => values.at('revision'))
      .flatMap(revision => revision.found(revision.text && check(revision.text))),
    ...operators.flatMap(operator => {
      const revision = operator.at('spec', 'revision');
      return (revision.isPresent ? revision : operator).found(check(operatorRevision(operator)));
    }),
    ...pods.map(pod => pod.at('metadata', 'labels', REVISION_LABEL))
      .flatMap(label => label.found(label.text && check(label.text))),
  ];
}

/** Profiles that install an ingress gateway without listing it. */
const WITH_INGRESS = ['default', 'demo', 'openshift', 'preview', 'stable'];

/** The gateways that an IstioOperator installs, each with the part that installs it. */
function installedGateways(
  operator: Part,
): Array<{ readonly name: string; readonly namespace: string; readonly part: Part }> {
  const profile = operator.at('spec', 'profile').text ?? 'default';
  const isImplied = WITH_INGRESS.includes(profile) && !operator.at('spec', 'components', 'ingressGateways').isPresent;
  return [
    ...listedGateways(operator).map(gateway => ({ ...gatewayIdentity(operator, gateway), part: gateway.at('name') })),
    ...isImplied ? [{ name: 'istio-ingressgateway', namespace: operatorNamespace(operator), part: operator }] : [],
  ];
}

function repeatedGateways(cluster: ClusterManifests): Violation[] {
  const first = new Map<string, Part>();
  return operatorsOf(cluster).flatMap(operator => installedGateways(operator).flatMap(({ name, namespace, part }) => {
    const key = `${namespace}/${name}`;
    const other = first.get(key);
    first.set(key, other ?? operator);
    return part.found(other && other !== operator
      && problem(
        `gateway '${name}' is already installed by '${manifestOf(cluster, other).file}', and each installation takes `
          + 'it from the other',
        'list it in one of them, and set enabled: false for it in the other',
      ));
  }));
}

/** Rules for the control planes and gateways that are installed in the same cluster. */
export const INSTALLATION_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM111',
    severity: Severity.ERROR,
    title: 'a control plane of a mesh has the name of its cluster',
    symptom: 'istiod logs "ignoring cluster as it would overwrite the config cluster", and never reads the peer',
    fix: 'set values.global.multiCluster.clusterName to a different name in each cluster',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/',
    check: cluster => controlPlanesOf(cluster).flatMap(controlPlane =>
      controlPlane.clusterName.found(clusterNameProblem(controlPlane, cluster))),
  },
  {
    code: 'IM112',
    severity: Severity.ERROR,
    title: 'the names of cluster and network are valid in labels and object names',
    symptom: 'istioctl accepts the name, but the API server or create-remote-secret rejects objects with that name',
    fix: 'use 1 to 63 lower-case letters, digits and -',
    see: 'https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models',
    check: cluster => controlPlanesOf(cluster).flatMap(({ clusterName, settings: { network } }) => [
      ...clusterName.found(clusterName.text && clusterName.text !== DEFAULT_CLUSTER_NAME
        && dnsLabelProblem('clusterName', clusterName.text)),
      ...network?.found(network.text && labelValueProblem('network', network.text)) ?? [],
    ]),
  },
  {
    code: 'IM113',
    severity: Severity.ERROR,
    title: 'the control planes of a cluster agree on mesh, cluster and network',
    symptom: 'workloads that move to the canary are on a different network or in a different cluster, and are not '
      + 'found',
    fix: 'set the same values in both',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/',
    check: cluster => [...differences(cluster), ...injectedNameDifferences(cluster)],
  },
  {
    code: 'IM117',
    severity: Severity.ERROR,
    title: 'IstioOperators of one revision have different names',
    symptom: 'installing the control plane again removes the east-west gateway: "Removed apps/v1, '
      + 'Kind=Deployment/istio-eastwestgateway"',
    fix: 'give each IstioOperator its own metadata.name',
    see: 'https://github.com/istio/istio/issues/29633',
    check: ownerProblems,
  },
  {
    code: 'IM120',
    severity: Severity.ERROR,
    title: 'an installed gateway uses a revision or a tag that is installed in its cluster',
    symptom: 'the pod of the gateway never starts: its image is auto, and no webhook replaces it',
    fix: 'use an installed revision, or add the tag to values.revisionTags of the control plane',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#canary-upgrade-advanced',
    check: gatewayRevisionProblems,
  },
  {
    code: 'IM123',
    severity: Severity.WARNING,
    title: 'only one IstioOperator installs each gateway',
    symptom: 'each installation of the other IstioOperator changes the settings of the gateway or removes it',
    fix: 'list the gateway in only one of them',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/#data-plane',
    check: repeatedGateways,
  },
];
