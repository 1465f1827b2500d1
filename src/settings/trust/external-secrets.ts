import { type MaybeProblem, problem } from '../../core/rule';
import { CACERTS_FILES } from '../../istio/intermediate-ca';
import { objectNameProblem } from '../../istio/names';
import { goDurationProblem } from '../go-duration';
import { type SecretStoreRef, STORE_KINDS, storeRef } from '../remote-credentials/external-secrets-options';

/**
 * The intermediate CA of a cluster in a secret store.
 *
 * @see https://external-secrets.io/latest/api/externalsecret/
 */
export interface ExternalSecretsTrustOptions {
  /**
   * The store. Field: `secretStoreRef`.
   */
  readonly secretStoreRef: SecretStoreRef;

  /**
   * Key in the store whose value has the properties `ca-cert.pem`, `ca-key.pem`, `root-cert.pem` and `cert-chain.pem`.
   *
   * Field: `data[].remoteRef.key`. Some stores do not support `/` in a key.
   *
   * @default - `istio/<meshID>/<cluster>/cacerts`
   */
  readonly key?: string;

  /**
   * How often the store is read, e.g. `1h`. Field: `refreshInterval`.
   *
   * @default - that of the operator: 1h
   */
  readonly refreshInterval?: string;
}

/** Settings that the operator would reject. */
export function externalSecretsProblems(options: ExternalSecretsTrustOptions): MaybeProblem[] {
  const { secretStoreRef, key, refreshInterval } = options;
  const { name, kind = STORE_KINDS[0] } = secretStoreRef ?? {}; // if it is missing, the schema reports that
  return [
    objectNameProblem('externalSecrets.secretStoreRef.name', name),
    !STORE_KINDS.includes(kind)
      && problem(`externalSecrets.secretStoreRef.kind '${kind}' is not a kind of secret store`,
        `write one of ${STORE_KINDS.join(', ')}`),
    key?.trim() === '' && problem('externalSecrets.key is empty', 'write a key of the store, or remove it'),
    goDurationProblem('externalSecrets.refreshInterval', refreshInterval),
  ];
}

/** The spec of an ExternalSecret for the intermediate CA of a cluster. */
export function externalSecretSpec(meshID: string, clusterName: string, options: ExternalSecretsTrustOptions): object {
  const { secretStoreRef, key = `istio/${meshID}/${clusterName}/cacerts`, refreshInterval } = options;
  return {
    ...refreshInterval !== undefined && { refreshInterval },
    secretStoreRef: storeRef(secretStoreRef),
    target: {
      name: 'cacerts',
      // If the operator owned the Secret, it would be deleted with this object: the next istiod would create its own
      // root CA.
      creationPolicy: 'Orphan',
      deletionPolicy: 'Retain',
      // Without metadata here, the operator would copy this object's labels, with which GitOps tools mark theirs.
      template: { engineVersion: 'v2', metadata: { labels: { 'app.kubernetes.io/managed-by': 'external-secrets' } } },
    },
    // One entry per file: if one is missing, no Secret is created. istiod would not start with an incomplete one.
    data: CACERTS_FILES.map(name => ({ secretKey: name, remoteRef: { key, property: name } })),
  };
}
