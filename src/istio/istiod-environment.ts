import { isMap } from '../util/map';

/**
 * Variable of istiod: what it takes in a kubeconfig beyond tokens, certificates and oidc; words with commas and no
 * blanks between them.
 */
export const KUBECONFIG_OPTIONS = 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS';

/** Variable of istiod: a directory of kubeconfigs, which it reads instead of remote Secrets. */
export const KUBECONFIG_PATH = 'PILOT_MULTICLUSTER_KUBECONFIG_PATH';

/** Variable of istiod: whether it reads the Secrets of its peers. */
export const CREDENTIALS_CONTROLLER = 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER';

/** Variables of a process. */
export interface Environment { readonly [name: string]: string }

/** What the istiods that read a cluster need for that. */
export interface PeerRequirements {
  /** A word that they must accept in `PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS`. */
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
  const words = peers.flatMap(({ kubeconfigOption }) => kubeconfigOption ?? []);
  const given = allowedWords(givenEnvironment(values)[KUBECONFIG_OPTIONS]);
  const path = peers.find(({ kubeconfigPath }) => kubeconfigPath !== undefined)?.kubeconfigPath;
  return {
    ...peers.some(({ withoutSecrets }) => withoutSecrets) && { [CREDENTIALS_CONTROLLER]: 'false' },
    ...words.length > 0 && { [KUBECONFIG_OPTIONS]: [...new Set([...words, ...given])].sort().join() },
    ...path !== undefined && { [KUBECONFIG_PATH]: path },
  };
}

/** The variables that a user gives istiod in Helm values, as the chart writes them. */
export function givenEnvironment(values: unknown): Environment {
  const env = at(values, 'pilot', 'env');
  return isMap(env) ? Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])) : {};
}

/**
 * The variables that a user gives istiod in its Kubernetes settings, which istioctl puts over those of the Helm values.
 */
export function givenOverlay(components: unknown): Array<{ readonly variable: string; readonly value: string }> {
  const env = at(components, 'pilot', 'k8s', 'env');
  const variables = Array.isArray(env) ? env.filter(isMap) : [];
  return variables.map(({ name, value }) => ({ variable: String(name), value: String(value) }));
}

/** The words of a list as istiod reads it: a blank is part of a word. */
export function allowedWords(list: string | undefined): string[] {
  return (list ?? '').split(',').filter(word => word !== '');
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => isMap(found) ? found[key] : undefined, value);
}
