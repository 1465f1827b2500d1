import { componentValues } from './helm-components';
import { HELM_PROFILES } from './helm-values';
import type { ControlPlaneRequirements } from './installer-provider';
import { type MaybeProblem, type Problem, problem } from '../../core/rule';
import { plainTextProblem } from '../../istio/names';
import { istiodName } from '../../istio/revisions';
import { type Fields, fieldsAt, isMap } from '../../util/map';
import { DEFAULT_NAME } from '../east-west-gateway-defaults';
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
export function controlPlaneProblems(requirements: ControlPlaneRequirements): MaybeProblem[] {
  const { revision, canary, profile, values, components, namespace } = requirements;
  return [
    releaseNameProblem('revision', revision),
    releaseNameProblem('canary.revision', canary?.revision),
    profileProblem(profile),
    ...valueProblems(values),
    ...componentProblems(components, namespace),
    replicaProblem(requirements),
  ];
}

function releaseNameProblem(field: string, revision: string | undefined): MaybeProblem {
  const limit = MAX_NAME - istiodName('-').length + 1;
  return typeof revision === 'string' && revision.length > limit
    && problem(`${field} '${revision}' has ${revision.length} characters, but the release name `
      + `'${istiodName(revision)}' is limited to ${MAX_NAME}`, `shorten it to ${limit}`);
}

/** Profiles that istioctl has and the charts do not; unknown profiles are reported by a rule. */
function profileProblem(profile = ''): MaybeProblem {
  return (profile === 'empty' || /[/\\]|\.ya?ml$/.test(profile))
    && problem(`profile '${profile}' is not a profile of Istio's charts, only of istioctl`,
      `remove it, or write one of ${HELM_PROFILES.join(', ')}`);
}

/** Values that none of the charts reads. */
const UNREAD: ReadonlyArray<readonly [path: readonly string[], fix: string]> = [
  [['gateways', 'enabled'], 'remove it'],
  [['gateways', 'istio-ingressgateway'], 'install Istio\'s gateway chart for it, and remove it here'],
  [['gateways', 'istio-egressgateway'], 'install Istio\'s gateway chart for it, and remove it here'],
  [['istio_cni'], 'set components.cni instead'],
  [['ztunnel'], 'remove it'],
];

function valueProblems(values: Fields | undefined): Problem[] {
  const isSet = (path: readonly string[]) =>
    path.reduce<unknown>((at, key) => isMap(at) ? at[key] : undefined, values) !== undefined;
  return UNREAD.filter(([path]) => isSet(path)).map(([path, fix]) =>
    problem(`values.${path.join('.')} has no effect in the charts base, istiod, cni and gateway`, fix));
}

function componentProblems(components: Fields | undefined, namespace: string): MaybeProblem[] {
  const component = (name: string) => fieldsAt(components, name);
  const isUsed = (name: string) => Object.keys(component(name)).length > 0 && component(name).enabled !== false;
  const { namespace: pilotNamespace } = component('pilot');
  const baseSettings = Object.keys(fieldsAt(components, 'base', 'k8s'));
  return [
    ...['base', 'pilot'].filter(name => component(name).enabled === false).map(name =>
      problem(`components.${name}.enabled is false, but a control plane needs it`,
        'remove it, or use the installer external')),
    typeof pilotNamespace === 'string' && pilotNamespace !== namespace
      && problem(`components.pilot.namespace '${pilotNamespace}' is not the namespace '${namespace}' of istiod`,
        'set namespace instead'),
    ...baseSettings.map(setting =>
      problem(`components.base.k8s.${setting} has no effect with the chart base, which has no pods`, 'remove it')),
    ...['ztunnel', 'istiodRemote'].filter(isUsed)
      .map(name => problem(`components.${name} is not part of a primary in sidecar mode`, 'remove it')),
    ...['ingressGateways', 'egressGateways'].flatMap(list => gatewaysOf(components?.[list]).map(name =>
      problem(`components.${list} has '${name}', but with Helm each gateway is a separate release`,
        'install Istio\'s gateway chart for it, and remove it here'))),
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
function replicaProblem({ profile, values, components }: ControlPlaneRequirements): MaybeProblem {
  const { replicaCount } = componentValues('pilot', components).values;
  const isAutoscaled = (fieldsAt(values, 'pilot').autoscaleEnabled ?? profile !== 'demo') !== false;
  return replicaCount !== undefined && isAutoscaled
    && problem(`components.pilot.k8s.replicaCount ${replicaCount} has no effect while autoscaling is enabled`,
      'set values.pilot.autoscaleEnabled to false, or values.pilot.autoscaleMin');
}

/** Settings of a gateway that the gateway chart does not support. */
export function gatewayProblems(options: EastWestGatewayOptions): MaybeProblem[] {
  const { name = '', resources, env = {}, priorityClassName, service: { loadBalancerClass } = {} } = options;
  return [
    name.length > MAX_NAME
      && problem(`name '${name}' has ${name.length} characters, but a release name is limited to ${MAX_NAME}`,
        'shorten it'),
    isControlPlaneRelease(name) && problem(`name '${name}' is the release name of another chart of Istio`,
      `write e.g. '${DEFAULT_NAME}'`),
    resources?.claims !== undefined && problem('resources.claims is not supported by the gateway chart', 'remove it'),
    ...Object.keys(env).map(variable => plainTextProblem('env', variable, `${variable}_`)),
    priorityClassName !== undefined
      && plainTextProblem('priorityClassName', priorityClassName, `class-${priorityClassName}`),
    loadBalancerClass !== undefined
      && plainTextProblem('service.loadBalancerClass', loadBalancerClass, `example.com/${loadBalancerClass}`),
  ];
}
