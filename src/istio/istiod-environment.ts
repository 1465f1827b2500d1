import { isMap } from '../util/map';

/**
 * Variable of istiod: the kubeconfig options that it accepts in addition to tokens, certificates and oidc.
 *
 * The options are separated by commas, without spaces.
 */
export const KUBECONFIG_OPTIONS = 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS';

/** Variable of istiod: a directory of kubeconfigs, which it reads instead of remote secrets. */
export const KUBECONFIG_PATH = 'PILOT_MULTICLUSTER_KUBECONFIG_PATH';

/** Variable of istiod: whether it reads the Secrets in its peers. */
export const CREDENTIALS_CONTROLLER = 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER';

/** The environment variables of a process. */
export interface Environment { readonly [name: string]: string }

/** What the istiods that read a cluster need for that. */
export interface PeerRequirements {
  /** A kubeconfig option that they must accept. */
  readonly kubeconfigOption?: string;
  /** Directory that contains the cluster's kubeconfig. */
  readonly kubeconfigPath?: string;
  /** Whether they must not read the cluster's Secrets. */
  readonly withoutSecrets?: boolean;
}

/**
 * The variables that istiod needs to read its peers, in addition to those that the user sets.
 *
 * @param peers the requirements of each peer
 * @param values Helm values of the control plane, in Istio's spelling
 */
export function istiodEnvironment(peers: readonly PeerRequirements[], values: unknown): Environment {
  const required = peers.flatMap(({ kubeconfigOption }) => kubeconfigOption ?? []);
  const configured = allowedWords(givenEnvironment(values)[KUBECONFIG_OPTIONS]);
  const path = peers.find(({ kubeconfigPath }) => kubeconfigPath !== undefined)?.kubeconfigPath;
  return {
    ...peers.some(({ withoutSecrets }) => withoutSecrets) && { [CREDENTIALS_CONTROLLER]: 'false' },
    ...required.length > 0 && { [KUBECONFIG_OPTIONS]: [...new Set([...required, ...configured])].sort().join() },
    ...path !== undefined && { [KUBECONFIG_PATH]: path },
  };
}

/** The variables of istiod that the user sets in Helm values, as the chart writes them. */
export function givenEnvironment(values: unknown): Environment {
  const env = at(values, 'pilot', 'env');
  return isMap(env) ? Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])) : {};
}

/** The variables of istiod that the user sets in `components.pilot.k8s`, which override the Helm values in istioctl. */
export function givenOverlay(components: unknown): Array<{ readonly variable: string; readonly value: string }> {
  const env = at(components, 'pilot', 'k8s', 'env');
  const entries = Array.isArray(env) ? env.filter(isMap) : [];
  return entries.map(({ name, value }) => ({ variable: String(name), value: String(value) }));
}

/** The options in a comma-separated list, as istiod reads it: a space is part of an option. */
export function allowedWords(list: string | undefined): string[] {
  return (list ?? '').split(',').filter(word => word !== '');
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => isMap(found) ? found[key] : undefined, value);
}
