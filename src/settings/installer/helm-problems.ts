import { componentValues } from './helm-components';
import { HELM_PROFILES } from './helm-values';
import type { AskedControlPlane } from './installer-provider';
import { plainTextProblem } from '../../istio/names';
import { istiodName } from '../../istio/revisions';
import type { Fields } from '../../util/map';
import { fieldsAt, isMap } from '../../util/map';
import type { EastWestGatewayOptions } from '../east-west-gateway-options';

/** Longest name of a release. */
const MAX_NAME = 53;

/** Names of releases are those of charts, and of istiod by its revision. */
export const BASE = 'istio-base';
export const CNI = 'istio-cni';

/** Whether a release is one of those that make a control plane. */
export function isControlPlaneRelease(name: string): boolean {
  return [BASE, CNI, 'istiod'].includes(name) || name.startsWith('istiod-');
}

/** What of a control plane Istio's charts cannot say. */
export function controlPlaneProblems(plane: AskedControlPlane): string[] {
  const { revision, canary, profile, values, components, namespace } = plane;
  return [
    ...revisionProblems('revision', revision),
    ...revisionProblems('canary.revision', canary?.revision),
    ...profileProblems(profile),
    ...valueProblems(values),
    ...componentProblems(components, namespace),
    ...replicaProblems(plane),
  ];
}

function revisionProblems(field: string, revision: string | undefined): string[] {
  const limit = MAX_NAME - istiodName('-').length + 1;
  return typeof revision === 'string' && revision.length > limit
    ? [`${field} '${revision}' has ${revision.length} characters, and '${istiodName(revision)}' must be the name of a release, of which Helm takes ${MAX_NAME}; shorten it to ${limit}`] : [];
}

/** What istioctl knows as a profile, and the charts do not; what neither knows is told already. */
function profileProblems(profile: string | undefined): string[] {
  return profile === 'empty' || (profile !== undefined && /[/\\]|\.ya?ml$/.test(profile))
    ? [`profile '${profile}' is one of istioctl's, and the charts have none of that name; remove it, or use one of ${HELM_PROFILES.join(', ')}`] : [];
}

/** Values that no chart of these reads. */
const UNREAD: ReadonlyArray<readonly [path: readonly string[], fix: string]> = [
  [['gateways', 'enabled'], 'remove it'],
  [['gateways', 'istio-ingressgateway'], 'install Istio\'s gateway chart for it, and remove it here'],
  [['gateways', 'istio-egressgateway'], 'install Istio\'s gateway chart for it, and remove it here'],
  [['istio_cni'], 'say it as components.cni'],
  [['ztunnel'], 'remove it'],
];

function valueProblems(values: Fields | undefined): string[] {
  return UNREAD.flatMap(([path, fix]) => path.reduce<unknown>((at, key) => isMap(at) ? at[key] : undefined, values) === undefined ? []
    : [`values.${path.join('.')} is read by none of the charts base, istiod, cni and gateway; ${fix}`]);
}

function componentProblems(components: Fields | undefined, namespace: string): string[] {
  const { base, pilot, ztunnel, istiodRemote } = Object.fromEntries(['base', 'pilot', 'ztunnel', 'istiodRemote'].map(name => [name, fieldsAt(components, name)]));
  return [
    ...Object.entries({ base, pilot }).flatMap(([name, { enabled }]) => enabled === false
      ? [`components.${name}.enabled false leaves out what makes a control plane; remove it, or use the installer external`] : []),
    ...typeof pilot.namespace === 'string' && pilot.namespace !== namespace
      ? [`components.pilot.namespace '${pilot.namespace}' is not the namespace '${namespace}' that istiod is installed in; say it as namespace`] : [],
    ...Object.keys(isMap(base.k8s) ? base.k8s : {}).map(setting => `components.base.k8s.${setting} is a patch of istioctl's, and the chart base has nothing that it could change; remove it`),
    ...Object.entries({ ztunnel, istiodRemote }).flatMap(([name, component]) => Object.keys(component).length > 0 && component.enabled !== false
      ? [`components.${name} is no part of a primary in sidecar mode; remove it`] : []),
    ...['ingressGateways', 'egressGateways'].flatMap(list => entriesOf(components?.[list]).filter(({ enabled }) => enabled !== false)
      .map(({ name }) => `components.${list} has '${name}', and with Helm each gateway is a release of its own; install Istio's gateway chart for it, and remove it here`)),
    ...componentValues('pilot', components).problems,
    ...componentValues('cni', components).problems,
  ];
}

function entriesOf(list: unknown): Fields[] {
  return Array.isArray(list) ? list.filter(isMap) : [];
}

/** istioctl patches the number of pods in; the chart's value counts only without autoscaling. */
function replicaProblems({ profile, values, components }: AskedControlPlane): string[] {
  const { replicaCount, autoscaleEnabled } = { ...componentValues('pilot', components).values, ...isMap(values?.pilot) && { autoscaleEnabled: values!.pilot.autoscaleEnabled } } as Fields;
  return replicaCount === undefined || (autoscaleEnabled ?? profile !== 'demo') === false ? []
    : [`components.pilot.k8s.replicaCount ${replicaCount} has no effect beside autoscaling; set values.pilot.autoscaleEnabled to false, or values.pilot.autoscaleMin`];
}

/** What of a gateway the gateway chart cannot say. */
export function gatewayProblems({ name = '', resources, env = {}, priorityClassName, service }: EastWestGatewayOptions): string[] {
  return [
    ...name.length > MAX_NAME ? [`name '${name}' has ${name.length} characters, and is the name of a release, of which Helm takes ${MAX_NAME}; shorten it`] : [],
    ...isControlPlaneRelease(name) ? [`name '${name}' is that of the release of another chart; write e.g. 'istio-eastwestgateway'`] : [],
    ...resources?.claims !== undefined ? ['resources.claims is none that the gateway chart reads; remove it'] : [],
    ...[
      ...Object.keys(env).map(variable => plainTextProblem('env', variable, `${variable}_`)),
      priorityClassName === undefined ? undefined : plainTextProblem('priorityClassName', priorityClassName, `class-${priorityClassName}`),
      service?.loadBalancerClass === undefined ? undefined : plainTextProblem('service.loadBalancerClass', service.loadBalancerClass, `example.com/${service.loadBalancerClass}`),
    ].filter(problem => problem !== undefined),
  ];
}
