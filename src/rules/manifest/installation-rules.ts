import type { ControlPlane } from './control-planes';
import { controlPlanesOf, installsControlPlane, operatorNamespace, operatorRevision, revisionsOf } from './control-planes';
import { eastWestGatewaysOf, gatewayIdentity, listedGateways } from './east-west-gateways';
import type { ClusterManifests } from './manifests';
import type { Part } from './parts';
import { helmValuesOf, isSubstituted, manifestOf, nameOf, objectsOf, operatorsOf } from './parts';
import { linkSecrets } from './remote-secrets';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import { dnsLabelProblem, labelValueProblem } from '../../istio/names';
import { nearest } from '../../util/suggestions';

/** The name that istiod gives itself when nobody says one. */
const NO_NAME = 'Kubernetes';

/** Whether the manifests of a cluster are those of one in a mesh of several. */
function isLinked(cluster: ClusterManifests): boolean {
  return linkSecrets(cluster).length > 0 || eastWestGatewaysOf(cluster).length > 0;
}

function clusterNameProblem({ clusterName, settings: { meshID, network } }: ControlPlane, cluster: ClusterManifests): string | undefined {
  if (!meshID?.isThere && !network?.isThere && !isLinked(cluster)) {
    return undefined;
  }
  return clusterName.value === NO_NAME
    ? `clusterName '${NO_NAME}' is what every istiod without a name calls itself, and two of one name ignore each other; write the name of this cluster`
    : clusterName.isThere && clusterName.value !== '' ? undefined
      : `the name of the cluster is missing, so that istiod calls it '${NO_NAME}' like every other one without a name, and they ignore each other; write values.global.multiCluster.clusterName`;
}

/** What the control planes of a cluster must say alike; a missing name of the cluster is told elsewhere. */
function agreementProblems(cluster: ClusterManifests): Finding[] {
  const planes = controlPlanesOf(cluster);
  const formOf = ({ object }: ControlPlane) => object.at('kind').text;
  const ofOneForm = [...new Set(planes.map(formOf))].map(form => planes.filter(plane => formOf(plane) === form));
  return ofOneForm.flatMap(([first, ...others]) => others.flatMap(({ clusterName, settings }) => [
    ...Object.entries(settings).filter(([setting]) => setting in first.settings)
      .flatMap(([setting, part]) => part.found(differenceProblem(setting, part, first.settings[setting], first))),
    ...clusterName.found([clusterName, first.clusterName].every(({ text }) => text !== undefined && text !== NO_NAME)
      ? differenceProblem('clusterName', clusterName, first.clusterName, first) : undefined),
  ]));
}

/** A rendered istiod that calls its cluster one name, and tells the proxies another. */
function injectionProblems(cluster: ClusterManifests): Finding[] {
  return controlPlanesOf(cluster).flatMap(({ object, clusterName, injectedClusterName }) => injectedClusterName?.text && clusterName.text
    ? injectedClusterName.found(injectedClusterName.text === clusterName.text ? undefined
      : `clusterName '${injectedClusterName.text}' is what the proxies say to istiod, and ${nameOf(object)} knows only '${clusterName.text}', by its variable CLUSTER_ID, so that it refuses them; write '${clusterName.text}' in both`)
    : []);
}

function differenceProblem(setting: string, part: Part, expected: Part, first: ControlPlane): string | undefined {
  const isUnclear = [part, expected].some(({ isThere, text }) => isThere && text === undefined);
  const said = ({ text }: Part) => text === undefined ? 'is missing' : `is '${text}'`;
  return isUnclear || part.text === expected.text ? undefined
    : `${setting} ${said(part)}, and ${said(expected)} in ${nameOf(first.object)}, so that the two control planes of this cluster tell their proxies different things; say the same in both`;
}

/** An installation deletes what is of its owner and not in its file: one without a name owns everything of its revision. */
function ownerProblems(cluster: ClusterManifests): Finding[] {
  const operators = operatorsOf(cluster);
  return operators.flatMap((operator, i) => {
    const isAlike = (other: Part) => [operatorRevision, operatorNamespace].every(what => what(other) === what(operator));
    const others = operators.filter((other, j) => j !== i && isAlike(other));
    const name = operator.at('metadata', 'name').text;
    const twin = operators.slice(0, i).find(other => isAlike(other) && other.at('metadata', 'name').text === name);
    if (name === undefined) {
      return operator.found(others.length === 0 ? undefined
        : `metadata.name is missing, so that 'istioctl install' of this file removes what '${manifestOf(cluster, others[0]).file}' installed; name it, e.g. ${installsControlPlane(operator) ? 'control-plane' : 'eastwest'}`);
    }
    return operator.at('metadata', 'name').found(twin && `name '${name}' is that of another IstioOperator of revision '${operatorRevision(operator)}' already, so that each installation removes what the other brought; give each a name of its own`);
  });
}

function gatewayRevisionProblems(cluster: ClusterManifests): Finding[] {
  const installed = revisionsOf(cluster);
  const problem = (revision: string) => installed.length === 0 || installed.includes(revision) || isSubstituted(revision) ? undefined
    : `revision '${revision}' is not installed here, so that nobody would inject the gateway, and its pod never starts; ${nearest(revision, installed)}`;
  const operators = operatorsOf(cluster).filter(operator => !installsControlPlane(operator) && listedGateways(operator).length > 0);
  const pods = objectsOf(cluster, 'Deployment.apps').map(deployment => deployment.at('spec', 'template'))
    .filter(pod => pod.at('spec', 'containers').items.some(container => container.at('image').value === 'auto'));
  const ofCharts = helmValuesOf(cluster).filter(values => !values.at('global', 'multiCluster').isThere).map(values => values.at('revision'));
  return [
    ...ofCharts.flatMap(revision => revision.found(revision.text && problem(revision.text))),
    ...operators.flatMap(operator => (operator.at('spec', 'revision').isThere ? operator.at('spec', 'revision') : operator).found(problem(operatorRevision(operator)))),
    ...pods.map(pod => pod.at('metadata', 'labels', 'istio.io/rev')).flatMap(label => label.found(label.text && problem(label.text))),
  ];
}

/** Profiles that install an ingress gateway which no list names. */
const WITH_INGRESS = ['default', 'demo', 'openshift', 'preview', 'stable'];

/** The gateways that an IstioOperator installs, and what says so. */
function installedGateways(operator: Part): Array<{ readonly name: string; readonly namespace: string; readonly part: Part }> {
  const profile = operator.at('spec', 'profile').text ?? 'default';
  const isImplied = WITH_INGRESS.includes(profile) && !operator.at('spec', 'components', 'ingressGateways').isThere;
  return [
    ...listedGateways(operator).map(gateway => ({ ...gatewayIdentity(operator, gateway), part: gateway.at('name') })),
    ...isImplied ? [{ name: 'istio-ingressgateway', namespace: operatorNamespace(operator), part: operator }] : [],
  ];
}

function twiceInstalled(cluster: ClusterManifests): Finding[] {
  const first = new Map<string, Part>();
  return operatorsOf(cluster).flatMap(operator => installedGateways(operator).flatMap(({ name, namespace, part }) => {
    const key = `${namespace}/${name}`;
    const other = first.get(key);
    first.set(key, other ?? operator);
    return part.found(other && other !== operator
      ? `gateway '${name}' is installed by '${manifestOf(cluster, other).file}' already, and each installation takes it from the other; list it in one of them, and with enabled: false in the other` : undefined);
  }));
}

/** How what istioctl installs in a cluster fits together. */
export const INSTALLATION_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM111',
    severity: Severity.ERROR,
    title: 'a control plane of a mesh has the name of its cluster',
    symptom: 'istiod logs "ignoring cluster as it would overwrite the config cluster", and never reads the peer',
    fix: 'write values.global.multiCluster.clusterName, another one in each cluster',
    see: 'https://istio.io/latest/docs/setup/install/multicluster/multi-primary/',
    check: cluster => controlPlanesOf(cluster).flatMap(plane => plane.clusterName.found(clusterNameProblem(plane, cluster))),
  },
  {
    code: 'IM112',
    severity: Severity.ERROR,
    title: 'cluster and network have names that become labels',
    symptom: 'istioctl takes the name, and API server or create-remote-secret refuse what is made of it',
    fix: 'use 1 to 63 lower-case letters, digits and -',
    see: 'https://istio.io/latest/docs/ops/deployment/deployment-models/#network-models',
    check: cluster => controlPlanesOf(cluster).flatMap(({ clusterName, settings: { network } }) => [
      ...clusterName.found(clusterName.text && clusterName.text !== NO_NAME ? dnsLabelProblem('clusterName', clusterName.text) : undefined),
      ...network?.found(network.text && labelValueProblem('network', network.text)) ?? [],
    ]),
  },
  {
    code: 'IM113',
    severity: Severity.ERROR,
    title: 'the control planes of a cluster agree on mesh, cluster and network',
    symptom: 'workloads that move to the canary are on another network or in another cluster, and are not found',
    fix: 'say the same in both',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/',
    check: cluster => [...agreementProblems(cluster), ...injectionProblems(cluster)],
  },
  {
    code: 'IM117',
    severity: Severity.ERROR,
    title: 'IstioOperators of one revision have names of their own',
    symptom: 'installing the control plane again removes the east-west gateway: "Removed apps/v1, Kind=Deployment/istio-eastwestgateway"',
    fix: 'give each IstioOperator a metadata.name',
    see: 'https://github.com/istio/istio/issues/29633',
    check: ownerProblems,
  },
  {
    code: 'IM120',
    severity: Severity.ERROR,
    title: 'a gateway follows a revision or a tag that is installed in its cluster',
    symptom: 'the pod of the gateway never starts: its image is auto, and nobody replaces that',
    fix: 'write an installed revision, or add the tag to values.revisionTags of the control plane',
    see: 'https://istio.io/latest/docs/setup/additional-setup/gateway/#canary-upgrade-advanced',
    check: gatewayRevisionProblems,
  },
  {
    code: 'IM123',
    severity: Severity.WARNING,
    title: 'one IstioOperator installs a gateway',
    symptom: 'the gateway changes its settings or is removed with each installation of the other IstioOperator',
    fix: 'list the gateway in one of them',
    see: 'https://istio.io/latest/docs/setup/upgrade/canary/#data-plane',
    check: twiceInstalled,
  },
];
