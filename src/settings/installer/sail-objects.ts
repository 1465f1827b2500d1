import type { ControlPlane } from './control-plane';
import { type SailOptions, SailUpdateStrategyType } from './sail-options';
import { type Fields, fieldsAt, filled, overlay, present } from '../../util/map';

/**
 * Specs of the Sail operator's objects: Istio's settings, in Sail's structure.
 *
 * @see https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md
 */

/** Name of an `Istio` without a revision, and the only name that Sail accepts for an `IstioCNI`. */
export const DEFAULT_OBJECT = 'default';

/** Default namespace of the CNI plugin. */
const ISTIO_CNI = 'istio-cni';

/** Name of the `Istio` for a revision as configured by the user. */
export function istioName(revision: string): string {
  return revision || DEFAULT_OBJECT;
}

/** Sail's name for a version of Istio. */
export function versionName(istioVersion: string | undefined): string {
  return `v${istioVersion}`;
}

/** The revision that the operator creates for an `Istio` with a version or an alias. */
export function sailRevision(name: string, version: string): string {
  return `${name}-${version.replace(/\./g, '-')}`;
}

/** Whether each version of Istio gets its own revision. */
export function isRevisionBased({ updateStrategy }: SailOptions): boolean {
  return updateStrategy?.type === SailUpdateStrategyType.REVISION_BASED;
}

/** The revision label of istiod, for the revision that the user configures. */
export function effectiveRevision(options: SailOptions, configured: string, istioVersion: string | undefined): string {
  const name = istioName(configured);
  if (isRevisionBased(options)) {
    return sailRevision(name, options.version ?? versionName(istioVersion));
  }
  return name === DEFAULT_OBJECT ? '' : name;
}

/** `spec` of an `Istio`. The operator itself adds revision and namespace to the values. */
export function istioSpec(controlPlane: ControlPlane, { version, updateStrategy }: SailOptions): Fields {
  const { meshID, clusterName, network, namespace, profile, istioVersion } = controlPlane;
  return {
    version: version ?? versionName(istioVersion),
    namespace,
    ...profile && { profile },
    ...updateStrategy && { updateStrategy: present({ ...updateStrategy }) },
    values: overlay(istioValues(controlPlane), { global: { meshID, multiCluster: { clusterName }, network } }),
  };
}

/** Istio's settings of a control plane. */
export type IstioSettings = Pick<
  ControlPlane, 'profile' | 'hub' | 'tag' | 'compatibilityVersion' | 'values' | 'meshConfig' | 'components'
>;

/** The values of an `Istio`, without those that identify its cluster. */
export function istioValues(settings: IstioSettings): Fields {
  const { hub, tag, compatibilityVersion, meshConfig } = settings;
  const { cni, ...values } = settings.values ?? {};
  return overlay(overlay(values, present({ compatibilityVersion, meshConfig })), {
    ...(hub ?? tag) && { global: present({ hub, tag }) },
    ...usesPlugin(settings) && { pilot: { cni: { enabled: true } } },
  });
}

/** Settings that istioctl passes to both the control plane and the plugin. */
const SHARED_SETTINGS = [
  'hub', 'imagePullPolicy', 'imagePullSecrets', 'logAsJson', 'logging', 'nativeNftables', 'platform', 'tag', 'variant',
];

/** `spec` of the `IstioCNI`. */
export function pluginSpec(
  settings: IstioSettings & Pick<ControlPlane, 'istioVersion'>, { version }: SailOptions,
): Fields {
  const { profile, istioVersion, components } = settings;
  const global = fieldsAt(istioValues(settings), 'global');
  const shared = filled(Object.fromEntries(SHARED_SETTINGS.map(key => [key, global[key]])));
  const values = filled({ cni: settings.values?.cni, global: shared });
  return {
    version: version ?? versionName(istioVersion),
    namespace: fieldsAt(components, 'cni').namespace ?? ISTIO_CNI,
    ...profile && { profile },
    ...values && { values },
  };
}

/** Whether the control plane uses the CNI plugin. By default, it does if the plugin has settings, or on OpenShift. */
export function usesPlugin(settings: IstioSettings): boolean {
  return isPluginEnabled(settings) ?? (settings.profile === 'openshift' || settings.values?.cni !== undefined);
}

/** Whether the user enables or disables the CNI plugin; undefined if neither. */
export function isPluginEnabled({ values, components }: IstioSettings): boolean | undefined {
  const candidates = [fieldsAt(values, 'pilot', 'cni').enabled, fieldsAt(components, 'cni').enabled];
  return candidates.find(enabled => typeof enabled === 'boolean');
}
