import type { Fields } from '../../util/map';
import { isMap } from '../../util/map';

/** Where Sail has what IstioOperators say in the Kubernetes settings of istiod, and otherwise the same key below `values.pilot`. */
const PLACES: { readonly [setting: string]: string } = {
  hpaSpec: 'values.pilot.autoscaleMin, autoscaleMax, cpu and memory',
  strategy: 'values.pilot.rollingMaxSurge and rollingMaxUnavailable',
  imagePullPolicy: 'values.global.imagePullPolicy',
  priorityClassName: 'values.global.priorityClassName',
  podDisruptionBudget: 'values.global.defaultPodDisruptionBudget',
};

const BELOW_PILOT = ['affinity', 'env', 'nodeSelector', 'podAnnotations', 'replicaCount', 'resources', 'serviceAnnotations', 'tolerations', 'volumeMounts', 'volumes'];

/** What there is no place for in Sail's API, sentence by sentence. */
export function componentProblems(components: Fields = {}): string[] {
  return Object.entries(components).flatMap(([component, said]) => {
    if (component === 'ingressGateways' || component === 'egressGateways') {
      return gatewayProblems(component, said);
    }
    const { enabled, namespace, k8s, ...rest } = isMap(said) ? said : {};
    const place = `components.${component}`;
    const isCni = component === 'cni';
    const isIstiod = component === 'pilot' && enabled === true;
    return [
      ...isCni || isIstiod || enabled === undefined ? [] : [`${place}.enabled '${enabled}' has no place in Sail's API; remove it`],
      ...isCni || namespace === undefined ? [] : [`${place}.namespace has no place in Sail's API; say the namespace of the control plane at namespace`],
      ...Object.keys(isMap(k8s) ? k8s : {}).map(setting => `${place}.k8s.${setting} has no place in Sail's API; ${settingFix(component, setting)}`),
      ...Object.keys(rest).map(key => `${place}.${key} has no place in Sail's API; ${settingFix(component, key)}`),
    ];
  });
}

function gatewayProblems(list: string, gateways: unknown): string[] {
  return (Array.isArray(gateways) ? gateways : []).filter(gateway => isMap(gateway) && gateway.enabled !== false).map(({ name }) =>
    `components.${list} has '${name}', and Sail installs no gateways; write its Deployment and Service, and name their file in resources`);
}

function settingFix(component: string, setting: string): string {
  if (component === 'cni') {
    return 'say it below values.cni, where Sail has it';
  }
  if (component !== 'pilot') {
    return 'remove it';
  }
  const place = PLACES[setting] ?? (BELOW_PILOT.includes(setting) || setting === 'hub' || setting === 'tag' ? `values.pilot.${setting}` : undefined);
  return place ? `say it at ${place}` : 'remove it';
}
