import { KUBE_SYSTEM } from './cni-namespace';
import type { ControlPlane, Gateway } from './control-plane';
import { componentValues } from './helm-components';
import { ISTIO_SYSTEM } from '../../istio/names';
import { type Fields, fieldsAt, filled, isMap, overlay, present, withEntries } from '../../util/map';
import { minimumPods } from '../gateway-service';

/**
 * The values of Istio's charts, in the spelling in which istioctl passes them to the same charts.
 *
 * Values of istiod and the CNI node agent are below `pilot` and `cni`. The charts also read them at the top level, but
 * there the values of a profile and of a compatibility version, which are below `pilot` and `cni`, override the user's.
 */

type ControlPlaneSettings = Pick<ControlPlane, 'namespace' | 'profile' | 'values' | 'components'>;

interface ChartProfile {
  readonly profile?: string;
  readonly platform?: string;
}

/**
 * Profiles of istioctl, and their names in the charts. The first two differ only in a gateway, which none of these
 * charts installs.
 */
const PROFILES: { readonly [profile: string]: ChartProfile } = {
  default: {},
  minimal: {},
  demo: { profile: 'demo' },
  openshift: { platform: 'openshift' },
  preview: { profile: 'preview' },
  stable: { profile: 'stable' },
};

/** Profiles of Istio's charts. */
export const HELM_PROFILES = Object.keys(PROFILES);

/** A profile in terms of the charts. */
function profileOf({ profile = 'default' }: ControlPlaneSettings): ChartProfile {
  return Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : {};
}

/** The platform for which the charts have settings. */
function platformOf(controlPlane: ControlPlaneSettings): unknown {
  const { platform = profileOf(controlPlane).platform } = fieldsAt(controlPlane.values, 'global');
  return platform;
}

/** Whether the CNI node agent is installed: if it is enabled, and by default on OpenShift, as with istioctl. */
export function usesCni(controlPlane: ControlPlaneSettings): boolean {
  const { enabled } = fieldsAt(controlPlane.components, 'cni');
  return typeof enabled === 'boolean' ? enabled : profileOf(controlPlane).platform === 'openshift';
}

/** Namespace of the CNI node agent. */
export function cniNamespace(controlPlane: ControlPlaneSettings): string {
  const { namespace } = fieldsAt(controlPlane.components, 'cni');
  if (typeof namespace === 'string') {
    return namespace;
  }
  return profileOf(controlPlane).platform === 'openshift' ? KUBE_SYSTEM : controlPlane.namespace;
}

/**
 * Values of the chart `base`: the CRDs, and the webhook of the default revision that validates Istio's configuration.
 *
 * The revision tag `default` includes that webhook, which must not belong to the release too.
 */
export function baseValues(controlPlane: ControlPlane): Fields {
  const { global = {}, base, experimental } = controlPlane.values ?? {};
  const globals = overlay(global as Fields, globalNamespace(controlPlane));
  return {
    ...profileField(controlPlane),
    ...controlPlane.revision && { defaultRevision: controlPlane.hasDefaultTag ? '' : controlPlane.revision },
    ...Object.keys(globals).length > 0 && { global: globals },
    ...present({ base, experimental }),
  };
}

/** Values of the chart `istiod`. */
export function istiodValues(controlPlane: ControlPlane): Fields {
  const { meshID, clusterName, network, meshConfig, values = {} } = controlPlane;
  const { pdb, ...pilot } = componentValues('pilot', controlPlane.components).values;
  // The values of a platform and of the node agent would enable the agent in istiod even if it is not installed.
  const needsCniValue = usesCni(controlPlane) || platformOf(controlPlane) !== undefined || values.cni !== undefined;
  const cniValue = needsCniValue ? { pilot: { cni: { enabled: usesCni(controlPlane) } } } : {};
  return ordered({
    ...common(controlPlane),
    ...overlay(overlay(cniValue, values), {
      global: { ...globalOf(controlPlane), meshID, multiCluster: { clusterName }, network },
      ...Object.keys(pilot).length > 0 && { pilot: withVariables(values.pilot, pilot) },
    }),
    ...meshConfig && { meshConfig },
    ...pdb !== undefined && { pdb },
  });
}

/** Merges the lists of variables with references, since one list would replace the other. */
function withVariables(configured: unknown, { envVarFrom, ...pilot }: Fields): Fields {
  const others = isMap(configured) && Array.isArray(configured.envVarFrom) ? configured.envVarFrom : [];
  return { ...pilot, ...Array.isArray(envVarFrom) && { envVarFrom: [...others, ...envVarFrom] } };
}

/** Values of the chart `cni`. */
export function cniValues(controlPlane: ControlPlane): Fields {
  const { global = {}, cni = {} } = controlPlane.values ?? {};
  const globals = overlay(global as Fields, globalOf(controlPlane));
  const merged = overlay(cni as Fields, componentValues('cni', controlPlane.components).values);
  return {
    ...common(controlPlane),
    ...Object.keys(globals).length > 0 && { global: globals },
    ...Object.keys(merged).length > 0 && { cni: merged },
  };
}

/** Top-level values of several charts. */
function common(controlPlane: ControlPlane): Fields {
  const { compatibilityVersion, revision } = controlPlane;
  return {
    ...profileField(controlPlane),
    ...compatibilityVersion && { compatibilityVersion },
    ...revision && { revision },
  };
}

function profileField(controlPlane: ControlPlaneSettings): Fields {
  return present({ profile: profileOf(controlPlane).profile });
}

/** Values below `global` of several charts, in addition to the user's. */
function globalOf(controlPlane: ControlPlane): Fields {
  const { hub, tag } = controlPlane;
  return {
    ...present({ platform: platformOf(controlPlane) }),
    ...hub && { hub },
    ...tag && { tag },
    ...globalNamespace(controlPlane),
  };
}

function globalNamespace({ namespace }: ControlPlaneSettings): Fields {
  return namespace === ISTIO_SYSTEM ? {} : { istioNamespace: namespace };
}

/** The most important values first, for readers. */
function ordered(values: Fields): Fields {
  const { profile, compatibilityVersion, revision, global, meshConfig, pilot, ...others } = values;
  return present({ profile, compatibilityVersion, revision, global, meshConfig, pilot, ...others });
}

/**
 * Values of the chart `gateway`.
 *
 * `networkGateway` is not used, since it would open the ports 15012 and 15017 of istiod. Its label, variable and port
 * are set separately.
 */
export function gatewayValues(gateway: Gateway): Fields {
  const { labels, revision, env, serviceAnnotations, service, ports, autoscaling, replicaCount } = gateway;
  const { nodeSelector, podAnnotations, priorityClassName, scheduling: { resources, ...scheduling } } = gateway;
  const podDisruptionBudget = disruptionBudget(gateway);
  return {
    ...revision && { revision },
    labels,
    env,
    service: { ...service, ...present({ annotations: filled(serviceAnnotations) }), ports },
    ...Object.keys(autoscaling).length > 0 && { autoscaling },
    ...present({ replicaCount, podDisruptionBudget, podAnnotations, nodeSelector, priorityClassName }),
    ...resources !== undefined && { resources: asText(resources) },
    ...scheduling,
  };
}

/** The budget that istioctl creates by default; the chart has no default. */
function disruptionBudget(gateway: Gateway): Fields | undefined {
  if (gateway.podDisruptionBudget) {
    return { ...gateway.podDisruptionBudget };
  }
  return minimumPods(gateway) > 1 ? { minAvailable: 1 } : undefined;
}

/** Quantities as strings, since the chart's schema does not accept numbers. */
function asText(resources: unknown): Fields {
  return withEntries(resources, quantities => withEntries(quantities, String)) as Fields;
}
