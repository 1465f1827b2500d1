import { type MaybeProblem, problem } from '../../core/rule';
import { type KubeconfigSource, kubeconfig } from '../../istio/kubeconfig';
import { isObjectName } from '../../istio/names';
import { goDurationProblem } from '../go-duration';

/**
 * A store of External Secrets.
 */
export interface SecretStoreRef {
  /**
   * Name of the store, the same in every cluster of the mesh. External Secrets field: `secretStoreRef.name`.
   */
  readonly name: string;

  /**
   * `ClusterSecretStore`, or `SecretStore` for one in the namespace of istiod. External Secrets field:
   * `secretStoreRef.kind`.
   *
   * @default 'ClusterSecretStore'
   */
  readonly kind?: string;
}

/**
 * How a kubeconfig travels through a store of External Secrets.
 */
export interface ExternalSecretsOptions {
  /**
   * The store that the cluster pushes to and that its peers read. Each cluster has one with this name.
   */
  readonly secretStoreRef: SecretStoreRef;

  /**
   * Key of the kubeconfig in the store. External Secrets fields: `remoteRef.remoteKey` of the PushSecret,
   * `remoteRef.key` of the ExternalSecrets.
   *
   * Stores that do not support `/` in a key, e.g. those of Google and Azure, need another key:
   * `istio-mesh1-$(cluster)`.
   *
   * @default 'istio/<meshID>/$(cluster)'
   */
  readonly remoteKey?: string;

  /**
   * Property below the key, for stores whose values are maps, e.g. Vault. External Secrets field: `remoteRef.property`.
   *
   * @default - the kubeconfig is the whole value
   */
  readonly property?: string;

  /**
   * How often both sides check for changes: a duration in Go's syntax. External Secrets field: `refreshInterval`.
   *
   * @default '1h'
   */
  readonly refreshInterval?: string;
}

/** Kinds of secret stores, the default first. */
export const STORE_KINDS = ['ClusterSecretStore', 'SecretStore'];

/** Settings that External Secrets would reject. */
export function storeProblems(options: ExternalSecretsOptions): MaybeProblem[] {
  const { secretStoreRef: { name, kind = STORE_KINDS[0] }, remoteKey, property, refreshInterval } = options;
  return [
    !isObjectName(name)
      && problem(`secretStoreRef.name '${name}' is not a valid object name`, `write the name of a ${kind}`),
    !STORE_KINDS.includes(kind)
      && problem(`secretStoreRef.kind '${kind}' is not a kind of secret store`,
        `write one of ${STORE_KINDS.join(', ')}`),
    remoteKey === '' && problem('remoteKey is empty', 'write a key of the store, or remove it'),
    property === '' && problem('property is empty', 'write the name of a property, or remove it'),
    goDurationProblem('refreshInterval', refreshInterval, '1h30m'),
  ];
}

/** A reference to a store, with its kind. */
export function storeRef({ name, kind = STORE_KINDS[0] }: SecretStoreRef): Required<SecretStoreRef> {
  return { name, kind };
}

/** Key of a kubeconfig in the store. */
export function keyOf({ remoteKey }: ExternalSecretsOptions, meshID: string, clusterName: string): string {
  return remoteKey ?? `istio/${meshID}/${clusterName}`;
}

/**
 * The kubeconfig as a Go template over the decoded data of a token Secret. Without a CA, it uses the one in the Secret.
 */
export function kubeconfigTemplate(source: Omit<KubeconfigSource, 'user'>): string {
  return kubeconfig({
    ...source,
    certificateAuthorityData: source.certificateAuthorityData ?? '{{ index . "ca.crt" | b64enc }}',
    user: { token: '{{ .token }}' },
  });
}

/** What is wrong with a value that is written into a template, or undefined when it is valid. */
export function templateProblem(field: string, value: string | undefined): MaybeProblem {
  return value?.includes('{{')
    && problem(`${field} '${value}' contains '{{', which External Secrets evaluates as a template`,
      'remove it');
}
