import { objectNameProblem } from '../../istio/names';
import { AUTHORITY_FILES } from '../../istio/signing-authority';
import { goDurationProblem } from '../../util/go-duration';
import type { SecretStoreRef } from '../remote-credentials/external-secrets-options';
import { STORE_KINDS, storeRef } from '../remote-credentials/external-secrets-options';

/**
 * The signing authority of a cluster in a secret store.
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
   * Field: `data[].remoteRef.key`. Some stores take no `/` in it.
   *
   * @default - `istio/<meshID>/<cluster>/cacerts`
   */
  readonly key?: string;

  /**
   * How often the store is read, e.g. `1h`. Field: `refreshInterval`.
   *
   * @default - the operator's own: 1h
   */
  readonly refreshInterval?: string;
}

/** What the operator would refuse. */
export function externalSecretsProblems({ secretStoreRef, key, refreshInterval }: ExternalSecretsTrustOptions): Array<string | undefined> {
  const { name, kind = STORE_KINDS[0] } = secretStoreRef ?? {}; // where it is missing, the schema says so
  return [
    objectNameProblem('externalSecrets.secretStoreRef.name', name),
    STORE_KINDS.includes(kind) ? undefined : `externalSecrets.secretStoreRef.kind '${kind}' is no kind of store; write '${STORE_KINDS[0]}' or '${STORE_KINDS[1]}'`,
    key?.trim() === '' ? 'externalSecrets.key is empty; write the key in the store, or remove it' : undefined,
    goDurationProblem('externalSecrets.refreshInterval', refreshInterval),
  ];
}

/** The spec of an ExternalSecret for the authority of a cluster. */
export function externalSecretSpec(meshID: string, clusterName: string, options: ExternalSecretsTrustOptions): object {
  const { secretStoreRef, key = `istio/${meshID}/${clusterName}/cacerts`, refreshInterval } = options;
  return {
    ...refreshInterval !== undefined && { refreshInterval },
    secretStoreRef: storeRef(secretStoreRef),
    target: {
      name: 'cacerts',
      // With the operator as its owner, the Secret would go with this object, and the next istiod would make a root of its own.
      creationPolicy: 'Orphan',
      deletionPolicy: 'Retain',
      // Without metadata here, this object's own labels would be copied, by which GitOps tools know what is theirs.
      template: { engineVersion: 'v2', metadata: { labels: { 'app.kubernetes.io/managed-by': 'external-secrets' } } },
    },
    // One by one: where one is missing there is no Secret, and not a part of one, with which istiod does not start.
    data: AUTHORITY_FILES.map(name => ({ secretKey: name, remoteRef: { key, property: name } })),
  };
}
