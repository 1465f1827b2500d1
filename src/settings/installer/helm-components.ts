import { type Problem, problem } from '../../core/rule';
import { type Fields, fieldsAt, isMap, overlay } from '../../util/map';

/**
 * Helm values for the `components` of an IstioOperator and their Kubernetes settings.
 *
 * istioctl patches most of these settings into the output of Istio's charts. Helm has no patches, so only settings with
 * a value in the chart are supported.
 */

/** Values of a component's chart, and the settings that have none. */
export interface ComponentValues {
  readonly values: Fields;
  readonly problems: readonly Problem[];
}

/** Translates a setting; `place` is its path, for messages. */
type Translation = (setting: any, place: string) => ComponentValues;

interface Translations { readonly [setting: string]: Translation }

/** A value of the chart with the same content. */
const as = (key: string): Translation => setting => ({ values: { [key]: setting }, problems: [] });

const withoutValue = (message: string, suggestion: string): ComponentValues =>
  ({ values: {}, problems: [problem(message, suggestion)] });

const unsupported: Translation = (_, place) =>
  withoutValue(`${place} has no value in Istio's chart`, 'remove it, or use the installer istioctl');

const replacedBy = (values: string): Translation => (_, place) =>
  withoutValue(`${place} has no value in Istio's chart`, `set ${values} instead`);

function combined(parts: readonly ComponentValues[]): ComponentValues {
  return {
    values: parts.reduce<Fields>((all, { values }) => overlay(all, values), {}),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** Translates a map key by key. */
function keyByKey(translations: Translations): Translation {
  const translation = (key: string) => Object.hasOwn(translations, key) ? translations[key] : unsupported;
  return (setting, place) => combined(Object.entries(isMap(setting) ? setting : {})
    .map(([key, value]) => translation(key)(value, `${place}.${key}`)));
}

/** Translates a map into a map of the chart. */
function mapAs(name: string, ...keys: readonly string[]): Translation {
  const translate = keyByKey(Object.fromEntries(keys.map(key => [key, as(key)])));
  return (setting, place) => {
    const { values, problems } = translate(setting, place);
    return { values: { [name]: values }, problems };
  };
}

/** Variables with a value, and those with a reference. */
const env: Translation = setting => {
  const variables = (Array.isArray(setting) ? setting : []).filter(isMap);
  const references = variables.filter(({ valueFrom }) => valueFrom !== undefined);
  const plain = variables.filter(({ valueFrom }) => valueFrom === undefined);
  return {
    values: {
      env: Object.fromEntries(plain.map(({ name, value = '' }) => [name, value])),
      ...references.length > 0 && { envVarFrom: references },
    },
    problems: [],
  };
};

const plainEnv: Translation = (setting, place) => {
  const { values: { env: variables, envVarFrom } } = env(setting, place);
  return !envVarFrom ? { values: { env: variables }, problems: [] }
    : withoutValue(`${place} has a variable with valueFrom, which Istio's chart does not support`, 'write its value');
};

const resources = mapAs('resources', 'limits', 'requests');

/** `k8s` of istiod's component. */
const PILOT: Translations = {
  affinity: as('affinity'),
  env,
  hpaSpec: keyByKey({
    minReplicas: as('autoscaleMin'),
    maxReplicas: as('autoscaleMax'),
    behavior: as('autoscaleBehavior'),
    metrics: replacedBy('values.pilot.cpu and values.pilot.memory'),
  }),
  imagePullPolicy: replacedBy('values.global.imagePullPolicy'),
  nodeSelector: as('nodeSelector'),
  podAnnotations: as('podAnnotations'),
  podDisruptionBudget: mapAs('pdb', 'minAvailable', 'maxUnavailable', 'unhealthyPodEvictionPolicy'),
  priorityClassName: replacedBy('values.global.priorityClassName'),
  replicaCount: as('replicaCount'),
  resources,
  service: keyByKey({ ipFamilies: as('ipFamilies'), ipFamilyPolicy: as('ipFamilyPolicy') }),
  serviceAnnotations: as('serviceAnnotations'),
  strategy: keyByKey({
    type: (type, place) => type === 'RollingUpdate' ? { values: {}, problems: [] } : unsupported(type, place),
    rollingUpdate: keyByKey({ maxSurge: as('rollingMaxSurge'), maxUnavailable: as('rollingMaxUnavailable') }),
  }),
  tolerations: as('tolerations'),
  volumeMounts: replacedBy('values.pilot.volumeMounts'),
  volumes: replacedBy('values.pilot.volumes'),
};

/** `k8s` of the CNI node agent's component. */
const CNI: Translations = {
  affinity: as('affinity'),
  env: plainEnv,
  imagePullPolicy: as('pullPolicy'),
  podAnnotations: as('podAnnotations'),
  resources,
  tolerations: as('tolerations'),
};

const KUBERNETES_SETTINGS = { pilot: keyByKey(PILOT), cni: keyByKey(CNI) };

/** The settings of a component as values of its chart. */
export function componentValues(name: 'pilot' | 'cni', components: Fields | undefined): ComponentValues {
  const { hub, tag, k8s } = fieldsAt(components, name);
  const images = { ...typeof hub === 'string' && { hub }, ...typeof tag === 'string' && { tag } };
  return combined([{ values: images, problems: [] }, KUBERNETES_SETTINGS[name](k8s, `components.${name}.k8s`)]);
}
