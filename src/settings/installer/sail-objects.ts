import type { ControlPlane } from './control-plane';
import type { SailOptions } from './sail-options';
import type { Fields } from '../../util/map';
import { isMap, overlay, present } from '../../util/map';

/**
 * What the objects of the Sail operator say: Istio's own words, at the places that Sail has for them.
 *
 * @see https://github.com/istio-ecosystem/sail-operator/blob/main/docs/api-reference/sailoperator.io.md
 */

/** Name of an `Istio` without a revision, and of every `IstioCNI`, of which Sail takes no other. */
export const DEFAULT_OBJECT = 'default';

/** Namespace of the CNI plugin, unless another is said. */
const ISTIO_CNI = 'istio-cni';

/** Name of the `Istio` of a revision as the user says it. */
export function istioName(revision: string): string {
  return revision || DEFAULT_OBJECT;
}

/** Sail's name of a version of Istio. */
export function versionName(istioVersion: string | undefined): string {
  return `v${istioVersion}`;
}

/** The revision that the operator makes of an `Istio` with each version, an alias as it is written. */
export function sailRevision(name: string, version: string): string {
  return `${name}-${version.replace(/\./g, '-')}`;
}

/** `spec` of an `Istio`. The operator itself says revision and namespace in the values. */
export function istioSpec(plane: ControlPlane, { version, updateStrategy }: SailOptions): Fields {
  return {
    version: version ?? versionName(plane.istioVersion),
    namespace: plane.namespace,
    ...plane.profile && { profile: plane.profile },
    ...updateStrategy && { updateStrategy: present({ ...updateStrategy }) },
    values: overlay(istioValues(plane), {
      global: { meshID: plane.meshID, multiCluster: { clusterName: plane.clusterName }, network: plane.network },
    }),
  };
}

/** What the user says of a control plane, as values. */
export type Settings = Pick<ControlPlane, 'profile' | 'hub' | 'tag' | 'compatibilityVersion' | 'values' | 'meshConfig' | 'components'>;

/** The values of an `Istio`, without what names its cluster. */
export function istioValues(plane: Settings): Fields {
  const { hub, tag, compatibilityVersion, meshConfig } = plane;
  const { cni, ...values } = plane.values ?? {};
  return overlay(overlay(values, present({ compatibilityVersion, meshConfig })), {
    ...(hub ?? tag) && { global: present({ hub, tag }) },
    ...usesPlugin(plane) && { pilot: { cni: { enabled: true } } },
  });
}

/** Settings that istioctl gives both the control plane and the plugin. */
const SHARED_SETTINGS = ['hub', 'imagePullPolicy', 'imagePullSecrets', 'logAsJson', 'logging', 'nativeNftables', 'platform', 'tag', 'variant'];

/** `spec` of the `IstioCNI`. */
export function pluginSpec(plane: Settings & Pick<ControlPlane, 'istioVersion'>, { version }: SailOptions): Fields {
  const { global } = istioValues(plane);
  const shared = present(Object.fromEntries(SHARED_SETTINGS.map(key => [key, isMap(global) ? global[key] : undefined])));
  const values = { ...present({ cni: plane.values?.cni }), ...Object.keys(shared).length > 0 && { global: shared } };
  return {
    version: version ?? versionName(plane.istioVersion),
    namespace: pluginComponent(plane).namespace ?? ISTIO_CNI,
    ...plane.profile && { profile: plane.profile },
    ...Object.keys(values).length > 0 && { values },
  };
}

/** Whether the control plane uses the CNI plugin: as somebody says, or else where there are settings for it or no other way. */
export function usesPlugin(plane: Settings): boolean {
  const said = saidOfPlugin(plane);
  return said ?? (plane.profile === 'openshift' || plane.values?.cni !== undefined);
}

/** Whether the user says that the plugin is used, or that it is not. */
export function saidOfPlugin({ values, components }: Settings): boolean | undefined {
  const [pilot, cni] = [at(values, 'pilot', 'cni', 'enabled'), at(components, 'cni', 'enabled')];
  return typeof pilot === 'boolean' ? pilot : typeof cni === 'boolean' ? cni : undefined;
}

function pluginComponent({ components }: Settings): { readonly namespace?: string } {
  const cni = at(components, 'cni');
  return isMap(cni) ? cni as { namespace?: string } : {};
}

function at(fields: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((below, key) => isMap(below) ? below[key] : undefined, fields);
}
