import { KUBE_SYSTEM } from './cni-namespace';
import type { ControlPlane, Gateway } from './control-plane';
import { componentValues } from './helm-components';
import { ISTIO_SYSTEM } from '../../istio/names';
import type { Fields } from '../../util/map';
import { fieldsAt, isMap, overlay, present, withEntries } from '../../util/map';

/**
 * The values of Istio's charts, in the spelling in which istioctl itself gives them to the same charts.
 *
 * What is istiod's and the CNI node agent's own stands below `pilot` and `cni`. The charts read it at the top too, but there the values of a
 * profile and of a compatibility version, which are below `pilot` and `cni`, silently win over the user's.
 */

type Plane = Pick<ControlPlane, 'namespace' | 'profile' | 'values' | 'components'>;

/** Profiles of istioctl's, and what the charts call them: the first two differ in a gateway, which no chart of these installs. */
const PROFILES: { readonly [profile: string]: { readonly profile?: string; readonly platform?: string } } = {
  default: {},
  minimal: {},
  demo: { profile: 'demo' },
  openshift: { platform: 'openshift' },
  preview: { profile: 'preview' },
  stable: { profile: 'stable' },
};

/** Profiles that Istio's charts have. */
export const HELM_PROFILES = Object.keys(PROFILES);

/** What the charts call a profile. */
function profileOf({ profile = 'default' }: Plane): { readonly profile?: string; readonly platform?: string } {
  return Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : {};
}

/** The platform whose settings the charts take. */
function platformOf(plane: Plane): unknown {
  const global = plane.values?.global;
  return isMap(global) && global.platform !== undefined ? global.platform : profileOf(plane).platform;
}

/** Whether the CNI node agent is installed: where it is asked for, and on OpenShift, as istioctl does. */
export function usesCni(plane: Plane): boolean {
  const { enabled } = fieldsAt(plane.components, 'cni');
  return typeof enabled === 'boolean' ? enabled : profileOf(plane).platform === 'openshift';
}

/** Namespace of the CNI node agent. */
export function cniNamespace(plane: Plane): string {
  const { namespace } = fieldsAt(plane.components, 'cni');
  return typeof namespace === 'string' ? namespace : profileOf(plane).platform === 'openshift' ? KUBE_SYSTEM : plane.namespace;
}

/** Values of the chart `base`: the CRDs, and the validation of the default revision. */
export function baseValues(plane: ControlPlane): Fields {
  const { global = {}, base, experimental } = plane.values ?? {};
  const globals = overlay(global as Fields, globalNamespace(plane));
  return {
    ...profileField(plane),
    ...plane.revision && { defaultRevision: plane.revision },
    ...Object.keys(globals).length > 0 && { global: globals },
    ...present({ base, experimental }),
  };
}

/** Values of the chart `istiod`. */
export function istiodValues(plane: ControlPlane): Fields {
  const { values = {} } = plane;
  const { pdb, ...pilot } = componentValues('pilot', plane.components).values;
  // A platform's values, and those of the node agent itself, would tell istiod of an agent that nobody installs.
  const isCniSaid = usesCni(plane) || platformOf(plane) !== undefined || values.cni !== undefined;
  return ordered({
    ...common(plane),
    ...overlay(overlay(isCniSaid ? { pilot: { cni: { enabled: usesCni(plane) } } } : {}, values), {
      global: {
        ...globalOf(plane),
        meshID: plane.meshID,
        multiCluster: { clusterName: plane.clusterName },
        network: plane.network,
      },
      ...Object.keys(pilot).length > 0 && { pilot: withVariables(values.pilot, pilot) },
    }),
    ...plane.meshConfig && { meshConfig: plane.meshConfig },
    ...pdb !== undefined && { pdb },
  });
}

/** Variables from elsewhere are a list, which would replace the other one. */
function withVariables(said: unknown, { envVarFrom, ...pilot }: Fields): Fields {
  const others = isMap(said) && Array.isArray(said.envVarFrom) ? said.envVarFrom : [];
  return { ...pilot, ...Array.isArray(envVarFrom) && { envVarFrom: [...others, ...envVarFrom] } };
}

/** Values of the chart `cni`. */
export function cniValues(plane: ControlPlane): Fields {
  const { global = {}, cni = {} } = plane.values ?? {};
  const globals = overlay(global as Fields, globalOf(plane));
  const own = overlay(cni as Fields, componentValues('cni', plane.components).values);
  return {
    ...common(plane),
    ...Object.keys(globals).length > 0 && { global: globals },
    ...Object.keys(own).length > 0 && { cni: own },
  };
}

/** What several charts read, at the top. */
function common(plane: ControlPlane): Fields {
  const { compatibilityVersion, revision } = plane;
  return { ...profileField(plane), ...compatibilityVersion && { compatibilityVersion }, ...revision && { revision } };
}

function profileField(plane: Plane): Fields {
  return present({ profile: profileOf(plane).profile });
}

/** What several charts read below `global`, beside what the user says there. */
function globalOf(plane: ControlPlane): Fields {
  return {
    ...present({ platform: platformOf(plane) }),
    ...plane.hub && { hub: plane.hub },
    ...plane.tag && { tag: plane.tag },
    ...globalNamespace(plane),
  };
}

function globalNamespace({ namespace }: Plane): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { istioNamespace: namespace };
}

/** What tells the most of a control plane first. */
function ordered(values: Fields): Fields {
  const { profile, compatibilityVersion, revision, global, meshConfig, pilot, ...others } = values;
  return present({ profile, compatibilityVersion, revision, global, meshConfig, pilot, ...others });
}

/**
 * Values of the chart `gateway`.
 *
 * Without `networkGateway`, which would open the ports 15012 and 15017 of istiod: its label, its variable and its ports are said one by one.
 */
export function gatewayValues(gateway: Gateway): Fields {
  const { labels, revision, env, serviceAnnotations, service, ports, autoscaling, replicaCount } = gateway;
  const { nodeSelector, podAnnotations, priorityClassName, scheduling: { resources, ...scheduling } } = gateway;
  return {
    ...revision && { revision },
    labels,
    env,
    service: { ...service, ...Object.keys(serviceAnnotations).length > 0 && { annotations: serviceAnnotations }, ports },
    ...Object.keys(autoscaling).length > 0 && { autoscaling },
    ...present({ replicaCount, podDisruptionBudget: disruptionBudget(gateway), podAnnotations, nodeSelector, priorityClassName }),
    ...resources !== undefined && { resources: asText(resources) },
    ...scheduling,
  };
}

/** As istioctl has it where nobody says one; the chart has none by itself. */
function disruptionBudget({ podDisruptionBudget, autoscaling: { enabled = true, minReplicas = 1 }, replicaCount = 1 }: Gateway): Fields | undefined {
  return podDisruptionBudget ? { ...podDisruptionBudget } : (enabled ? minReplicas : replicaCount) > 1 ? { minAvailable: 1 } : undefined;
}

/** Quantities, of which the chart takes text alone. */
function asText(resources: unknown): Fields {
  return withEntries(resources, quantities => withEntries(quantities, String)) as Fields;
}
