import { componentValues } from './helm-components';
import { HELM_PROFILES } from './helm-values';
import type { ControlPlaneRequirements } from './installer-provider';
import { plainTextProblem } from '../../istio/names';
import { istiodName } from '../../istio/revisions';
import { type Fields, fieldsAt, isMap } from '../../util/map';
import type { EastWestGatewayOptions } from '../east-west-gateway-options';

/** Maximum length of a release name. */
const MAX_NAME = 53;

/** Names of releases: that of the chart, and for istiod with its revision. */
export const BASE = 'istio-base';
export const CNI = 'istio-cni';

/** Whether a release is part of a control plane. */
export function isControlPlaneRelease(name: string): boolean {
  return [BASE, CNI, 'istiod'].includes(name) || name.startsWith('istiod-');
}

/** Settings of a control plane that Istio's charts do not support. */
export function controlPlaneProblems(requirements: ControlPlaneRequirements): string[] {
  const { revision, canary, profile, values, components, namespace } = requirements;
  return [
    ...revisionProblems('revision', revision),
    ...revisionProblems('canary.revision', canary?.revision),
    ...profileProblems(profile),
    ...valueProblems(values),
    ...componentProblems(components, namespace),
    ...replicaProblems(requirements),
  ];
}

function revisionProblems(field: string, revision: string | undefined): string[] {
  const limit = MAX_NAME - istiodName('-').length + 1;
  return typeof revision !== 'string' || revision.length <= limit ? []
    : [`${field} '${revision}' has ${revision.length} characters, but the release name '${istiodName(revision)}' `
      + `is limited to ${MAX_NAME}; shorten it to ${limit}`];
}

/** Profiles that istioctl has and the charts do not; unknown profiles are reported by a rule. */
function profileProblems(profile: string | undefined): string[] {
  return profile === 'empty' || (profile !== undefined && /[/\\]|\.ya?ml$/.test(profile))
    ? [`profile '${profile}' is not a profile of Istio's charts, only of istioctl; `
      + `remove it, or write one of ${HELM_PROFILES.join(', ')}`] : [];
}

/** Values that none of the charts reads. */
const UNREAD: ReadonlyArray<readonly [path: readonly string[], fix: string]> = [
  [['gateways', 'enabled'], 'remove it'],
  [['gateways', 'istio-ingressgateway'], 'install Istio\'s gateway chart for it, and remove it here'],
  [['gateways', 'istio-egressgateway'], 'install Istio\'s gateway chart for it, and remove it here'],
  [['istio_cni'], 'set components.cni instead'],
  [['ztunnel'], 'remove it'],
];

function valueProblems(values: Fields | undefined): string[] {
  const isSet = (path: readonly string[]) =>
    path.reduce<unknown>((at, key) => isMap(at) ? at[key] : undefined, values) !== undefined;
  return UNREAD.filter(([path]) => isSet(path)).map(([path, fix]) =>
    `values.${path.join('.')} has no effect in the charts base, istiod, cni and gateway; ${fix}`);
}

function componentProblems(components: Fields | undefined, namespace: string): string[] {
  const component = (name: string) => fieldsAt(components, name);
  const isUsed = (name: string) => Object.keys(component(name)).length > 0 && component(name).enabled !== false;
  const { namespace: pilotNamespace } = component('pilot');
  const baseSettings = Object.keys(fieldsAt(components, 'base', 'k8s'));
  return [
    ...['base', 'pilot'].filter(name => component(name).enabled === false).map(name =>
      `components.${name}.enabled is false, but a control plane needs it; remove it, or use the installer external`),
    ...typeof pilotNamespace !== 'string' || pilotNamespace === namespace ? []
      : [`components.pilot.namespace '${pilotNamespace}' is not the namespace '${namespace}' of istiod; `
        + 'set namespace instead'],
    ...baseSettings.map(setting =>
      `components.base.k8s.${setting} has no effect with the chart base, which has no pods; remove it`),
    ...['ztunnel', 'istiodRemote'].filter(isUsed)
      .map(name => `components.${name} is not part of a primary in sidecar mode; remove it`),
    ...['ingressGateways', 'egressGateways'].flatMap(list => gatewaysOf(components?.[list]).map(name =>
      `components.${list} has '${name}', but with Helm each gateway is a separate release; `
      + 'install Istio\'s gateway chart for it, and remove it here')),
    ...componentValues('pilot', components).problems,
    ...componentValues('cni', components).problems,
  ];
}

/** Names of the gateways in a list that are not disabled. */
function gatewaysOf(list: unknown): unknown[] {
  const gateways = Array.isArray(list) ? list.filter(isMap) : [];
  return gateways.filter(({ enabled }) => enabled !== false).map(({ name }) => name);
}

/** istioctl patches the number of pods in, but the chart ignores its value while autoscaling is enabled. */
function replicaProblems({ profile, values, components }: ControlPlaneRequirements): string[] {
  const { replicaCount } = componentValues('pilot', components).values;
  const isAutoscaled = (fieldsAt(values, 'pilot').autoscaleEnabled ?? profile !== 'demo') !== false;
  return replicaCount === undefined || !isAutoscaled ? []
    : [`components.pilot.k8s.replicaCount ${replicaCount} has no effect while autoscaling is enabled; `
      + 'set values.pilot.autoscaleEnabled to false, or values.pilot.autoscaleMin'];
}

/** Settings of a gateway that the gateway chart does not support. */
export function gatewayProblems(options: EastWestGatewayOptions): string[] {
  const { name = '', resources, env = {}, priorityClassName, service: { loadBalancerClass } = {} } = options;
  return [
    ...name.length > MAX_NAME
      ? [`name '${name}' has ${name.length} characters, but a release name is limited to ${MAX_NAME}; shorten it`] : [],
    ...isControlPlaneRelease(name)
      ? [`name '${name}' is the release name of another chart of Istio; write e.g. 'istio-eastwestgateway'`] : [],
    ...resources?.claims !== undefined ? ['resources.claims is not supported by the gateway chart; remove it'] : [],
    ...[
      ...Object.keys(env).map(variable => plainTextProblem('env', variable, `${variable}_`)),
      priorityClassName === undefined ? undefined
        : plainTextProblem('priorityClassName', priorityClassName, `class-${priorityClassName}`),
      loadBalancerClass === undefined ? undefined
        : plainTextProblem('service.loadBalancerClass', loadBalancerClass, `example.com/${loadBalancerClass}`),
    ].filter(problem => problem !== undefined),
  ];
}
