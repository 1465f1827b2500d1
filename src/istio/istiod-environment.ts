import { isMap } from '../util/map';

/** Variable of istiod: what it takes in a kubeconfig beyond tokens, certificates and oidc; words with commas and no blanks between them. */
export const KUBECONFIG_OPTIONS = 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS';

/** Variable of istiod: a directory of kubeconfigs, which it reads instead of remote Secrets. */
export const KUBECONFIG_PATH = 'PILOT_MULTICLUSTER_KUBECONFIG_PATH';

/** Variable of istiod: whether it reads the Secrets of its peers. */
export const CREDENTIALS_CONTROLLER = 'PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER';

/** Variables of a process. */
export interface Environment { readonly [name: string]: string }

/** What a cluster asks of the istiods that read it. */
export interface Demands {
  /** A word that they must allow in kubeconfigs. */
  readonly allowed?: string;
  /** Directory in which they find its kubeconfig. */
  readonly kubeconfigPath?: string;
  /** Whether they may read its Secrets. */
  readonly readsSecrets: boolean;
}

/**
 * The variables that istiod must have to read its peers, beside those that the user gives it.
 *
 * @param peers what each of them asks
 * @param values Helm values of the control plane, in Istio's spelling
 */
export function istiodEnvironment(peers: readonly Demands[], values: unknown): Environment {
  const words = peers.flatMap(({ allowed }) => allowed ?? []);
  const given = allowedWords(givenEnvironment(values)[KUBECONFIG_OPTIONS]);
  const path = peers.find(({ kubeconfigPath }) => kubeconfigPath !== undefined)?.kubeconfigPath;
  return {
    ...peers.some(({ readsSecrets }) => !readsSecrets) && { [CREDENTIALS_CONTROLLER]: 'false' },
    ...words.length > 0 && { [KUBECONFIG_OPTIONS]: [...new Set([...words, ...given])].sort().join() },
    ...path !== undefined && { [KUBECONFIG_PATH]: path },
  };
}

/** The variables that a user gives istiod in Helm values, as the chart writes them. */
export function givenEnvironment(values: unknown): Environment {
  const env = at(values, 'pilot', 'env');
  return isMap(env) ? Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])) : {};
}

/** The variables that a user gives istiod in its Kubernetes settings, which istioctl puts over those of the Helm values. */
export function givenOverlay(components: unknown): Array<{ readonly variable: string; readonly value: string }> {
  const env = at(components, 'pilot', 'k8s', 'env');
  return Array.isArray(env) ? env.filter(isMap).map(({ name, value }) => ({ variable: String(name), value: String(value) })) : [];
}

/** The words of a list as istiod reads it: a blank is part of a word. */
export function allowedWords(list: string | undefined): string[] {
  return (list ?? '').split(',').filter(word => word !== '');
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => isMap(found) ? found[key] : undefined, value);
}
