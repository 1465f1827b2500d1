import type { Fields } from '../../util/map';
import { fieldsAt, isMap, overlay } from '../../util/map';

/**
 * What IstioOperators say of components and their Kubernetes objects, in the values of Istio's charts.
 *
 * istioctl patches most of it into what the charts give; Helm patches nothing, so that only what a chart has a value for can be said.
 */

/** Values of the component's own chart, and what cannot be said in them. */
export interface ComponentValues {
  readonly values: Fields;
  readonly problems: readonly string[];
}

/** Gives the values of a setting, or the sentence that refuses it, after its name. */
type Translation = (setting: any) => Fields | string;

const same = (key: string): Translation => setting => ({ [key]: setting });
const refused = (fix: string): Translation => () => `is a patch of istioctl's, and the chart has no value for it; ${fix}`;
const elsewhere = (place: string): Translation => () => `is a patch of istioctl's; say it as ${place}, which the charts read`;

const REMOVE = 'remove it, or let istioctl install Istio';

/** Of a map, the values of its keys; the first key that has none refuses the whole. */
function keyByKey(keys: { readonly [key: string]: Translation }): Translation {
  return setting => Object.entries(isMap(setting) ? setting : {}).reduce<Fields | string>((values, [key, value]) => {
    const found = typeof values === 'string' ? values : keys[key]?.(value) ?? refused(REMOVE)(value);
    return typeof found === 'string' ? found.replace(/^is /, `has ${key}, which is `).replace('which is has', 'which has') : overlay(values as Fields, found);
  }, {});
}

const RESOURCES = keyByKey({ limits: same('limits'), requests: same('requests') });

const resources: Translation = setting => {
  const values = RESOURCES(setting);
  return typeof values === 'string' ? values : { resources: values };
};

/** Variables with a value, and those that come from elsewhere. */
const env: Translation = setting => {
  const variables = (Array.isArray(setting) ? setting : []).filter(isMap);
  const from = variables.filter(({ valueFrom }) => valueFrom !== undefined);
  return {
    env: Object.fromEntries(variables.filter(({ valueFrom }) => valueFrom === undefined).map(({ name, value = '' }) => [name, value])),
    ...from.length > 0 && { envVarFrom: from },
  };
};

const plainEnv: Translation = setting => {
  const { env: variables, envVarFrom } = env(setting) as Fields;
  return envVarFrom ? 'has a variable with valueFrom, for which the chart has no value; write its value' : { env: variables };
};

/** `k8s` of istiod's component. */
const PILOT: { readonly [setting: string]: Translation } = {
  affinity: same('affinity'),
  env,
  hpaSpec: keyByKey({
    minReplicas: same('autoscaleMin'),
    maxReplicas: same('autoscaleMax'),
    behavior: same('autoscaleBehavior'),
    metrics: elsewhere('values.pilot.cpu and values.pilot.memory'),
  }),
  imagePullPolicy: elsewhere('values.global.imagePullPolicy'),
  nodeSelector: same('nodeSelector'),
  podAnnotations: same('podAnnotations'),
  podDisruptionBudget: setting => {
    const values = keyByKey({ minAvailable: same('minAvailable'), maxUnavailable: same('maxUnavailable'), unhealthyPodEvictionPolicy: same('unhealthyPodEvictionPolicy') })(setting);
    return typeof values === 'string' ? values : { pdb: values };
  },
  priorityClassName: elsewhere('values.global.priorityClassName'),
  replicaCount: same('replicaCount'),
  resources,
  service: keyByKey({ ipFamilies: same('ipFamilies'), ipFamilyPolicy: same('ipFamilyPolicy') }),
  serviceAnnotations: same('serviceAnnotations'),
  strategy: keyByKey({
    type: setting => setting === 'RollingUpdate' ? {} : refused(REMOVE)(setting),
    rollingUpdate: keyByKey({ maxSurge: same('rollingMaxSurge'), maxUnavailable: same('rollingMaxUnavailable') }),
  }),
  tolerations: same('tolerations'),
  volumeMounts: elsewhere('values.pilot.volumeMounts'),
  volumes: elsewhere('values.pilot.volumes'),
};

/** `k8s` of the CNI node agent's component. */
const CNI: { readonly [setting: string]: Translation } = {
  affinity: same('affinity'),
  env: plainEnv,
  imagePullPolicy: same('pullPolicy'),
  podAnnotations: same('podAnnotations'),
  resources,
  tolerations: same('tolerations'),
};

const KINDS: { readonly [component: string]: { readonly [setting: string]: Translation } } = { pilot: PILOT, cni: CNI };

/** What is said of a component, in the values of its chart. */
export function componentValues(name: 'pilot' | 'cni', components: Fields | undefined): ComponentValues {
  const { hub, tag, k8s } = fieldsAt(components, name);
  const images = { ...typeof hub === 'string' && { hub }, ...typeof tag === 'string' && { tag } };
  const found = Object.entries(isMap(k8s) ? k8s : {}).map(([setting, value]) => {
    const values = (KINDS[name][setting] ?? refused(REMOVE))(value);
    return { setting, values };
  });
  return {
    values: found.reduce<Fields>((all, { values }) => typeof values === 'string' ? all : overlay(all, values), images),
    problems: found.flatMap(({ setting, values }) => typeof values === 'string' ? [`components.${name}.k8s.${setting} ${values}`] : []),
  };
}
