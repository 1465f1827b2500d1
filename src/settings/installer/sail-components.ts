import { type Problem, problem } from '../../core/rule';
import { type Fields, isMap } from '../../util/map';

/** Values of Sail for the Kubernetes settings of istiod in IstioOperators. */
const REPLACEMENTS: { readonly [setting: string]: string } = {
  hpaSpec: 'values.pilot.autoscaleMin, autoscaleMax, cpu and memory',
  strategy: 'values.pilot.rollingMaxSurge and rollingMaxUnavailable',
  imagePullPolicy: 'values.global.imagePullPolicy',
  priorityClassName: 'values.global.priorityClassName',
  podDisruptionBudget: 'values.global.defaultPodDisruptionBudget',
};

/** Settings with the same key below `values.pilot`. */
const VALUES_OF_PILOT = [
  'affinity', 'env', 'hub', 'nodeSelector', 'podAnnotations', 'replicaCount', 'resources', 'serviceAnnotations', 'tag',
  'tolerations', 'volumeMounts', 'volumes',
];

/** Settings that Sail's API does not have. */
export function componentProblems(components: Fields = {}): Problem[] {
  return Object.entries(components).flatMap(([component, settings]) => {
    if (component === 'ingressGateways' || component === 'egressGateways') {
      return gatewayProblems(component, settings);
    }
    const { enabled, namespace, k8s, ...others } = isMap(settings) ? settings : {};
    const unsupported = (setting: string, fix: string) =>
      problem(`components.${component}.${setting} is not supported by Sail's API`, fix);
    const isCni = component === 'cni';
    const isIstiod = component === 'pilot' && enabled === true;
    return [
      ...isCni || isIstiod || enabled === undefined ? [] : [unsupported(`enabled '${enabled}'`, 'remove it')],
      ...isCni || namespace === undefined ? [] : [unsupported('namespace', 'set namespace instead')],
      ...Object.keys(isMap(k8s) ? k8s : {}).map(key => unsupported(`k8s.${key}`, settingFix(component, key))),
      ...Object.keys(others).map(key => unsupported(key, settingFix(component, key))),
    ];
  });
}

function gatewayProblems(list: string, gateways: unknown): Problem[] {
  const enabled = (Array.isArray(gateways) ? gateways.filter(isMap) : []).filter(gateway => gateway.enabled !== false);
  return enabled.map(({ name }) => problem(`components.${list} has '${name}', but Sail does not install gateways`,
    'write its Deployment and Service to a file, and add that to resources'));
}

function settingFix(component: string, setting: string): string {
  if (component === 'cni') {
    return 'set it below values.cni instead';
  }
  if (component !== 'pilot') {
    return 'remove it';
  }
  const replacement = VALUES_OF_PILOT.includes(setting) ? `values.pilot.${setting}` : REPLACEMENTS[setting];
  return replacement ? `set ${replacement} instead` : 'remove it';
}
