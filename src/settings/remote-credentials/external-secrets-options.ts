import type { KubeconfigSource } from '../../istio/kubeconfig';
import { kubeconfig } from '../../istio/kubeconfig';
import { isObjectName } from '../../istio/names';

/**
 * A store of External Secrets.
 */
export interface SecretStoreRef {
  /**
   * Name of the store, the same in every cluster of the mesh. External Secrets field: `secretStoreRef.name`.
   */
  readonly name: string;

  /**
   * `ClusterSecretStore`, or `SecretStore` for one in the namespace of istiod. External Secrets field: `secretStoreRef.kind`.
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
   * The store that the cluster pushes to, and that its peers read: each cluster has one of that name.
   */
  readonly secretStoreRef: SecretStoreRef;

  /**
   * Key in the store that holds the kubeconfig. External Secrets fields: `remoteRef.remoteKey` of the PushSecret, `remoteRef.key` of the
   * ExternalSecrets.
   *
   * Stores that take no `/` in a key, e.g. Google's and Azure's, need another: `istio-mesh1-$(cluster)`.
   *
   * @default 'istio/<meshID>/$(cluster)'
   */
  readonly remoteKey?: string;

  /**
   * Property below the key, for stores whose values are maps, e.g. Vault's. External Secrets field: `remoteRef.property`.
   *
   * @default - the kubeconfig is the whole value
   */
  readonly property?: string;

  /**
   * How often both sides look for changes: a duration as Go writes it. External Secrets field: `refreshInterval`.
   *
   * @default '1h'
   */
  readonly refreshInterval?: string;
}

/** Kinds of stores, the one that is meant where none is said first. */
export const STORE_KINDS = ['ClusterSecretStore', 'SecretStore'];

const DURATION = /^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/;

/** What External Secrets would refuse of some options. */
export function storeProblems({ secretStoreRef: { name, kind = STORE_KINDS[0] }, remoteKey, property, refreshInterval = '1h' }: ExternalSecretsOptions): string[] {
  return [
    ...isObjectName(name) ? [] : [`secretStoreRef.name '${name}' is no name of an object; give that of a ${kind}`],
    ...STORE_KINDS.includes(kind) ? [] : [`secretStoreRef.kind '${kind}' is no store of External Secrets; use one of ${STORE_KINDS.join(', ')}`],
    ...remoteKey === '' ? ['remoteKey is empty; name a key of the store, or leave it out'] : [],
    ...property === '' ? ['property is empty; name one, or leave it out'] : [],
    ...DURATION.test(refreshInterval) ? [] : [`refreshInterval '${refreshInterval}' is no duration; write e.g. '15m' or '1h30m'`],
  ];
}

/** A reference to a store, with its kind. */
export function storeRef({ name, kind = STORE_KINDS[0] }: SecretStoreRef): Required<SecretStoreRef> {
  return { name, kind };
}

/** Place of a kubeconfig in the store. */
export function keyOf({ remoteKey }: ExternalSecretsOptions, meshID: string, clusterName: string): string {
  return remoteKey ?? `istio/${meshID}/${clusterName}`;
}

/**
 * The kubeconfig as a Go template over the data of a token Secret, which External Secrets gives it decoded.
 *
 * An authority that is not given is that of the Secret.
 */
export function kubeconfigTemplate(source: Omit<KubeconfigSource, 'user'>): string {
  return kubeconfig({
    ...source,
    certificateAuthorityData: source.certificateAuthorityData ?? '{{ index . "ca.crt" | b64enc }}',
    user: { token: '{{ .token }}' },
  });
}

/** Why a value cannot stand in a template as it is, or undefined when it can. */
export function templateProblem(field: string, value: string | undefined): string | undefined {
  return value?.includes('{{') ? `${field} '${value}' has '{{', which starts a template to External Secrets; write it without` : undefined;
}
