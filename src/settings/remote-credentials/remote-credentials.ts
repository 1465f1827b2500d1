import { CredentialsProvider } from './credentials-provider';
import { type ExternalCredentialsOptions, ExternalCredentials } from './external-credentials';
import { ExternalSecretsCredentials } from './external-secrets';
import type { ExternalSecretsOptions } from './external-secrets-options';
import { type LinkedOptions, LinkedCredentials } from './linked-credentials';
import {
  type AuthProviderOptions, type ClientCertificateOptions, AuthProviderCredentials, ClientCertificateCredentials,
  TokenCredentials,
} from './tree-credentials';
import { type UnsafeExecOptions, ExecCredentials, TokenFileCredentials } from './unsafe-credentials';
import type { SecretValue } from '../secret-value';

/**
 * How the peers of a cluster authenticate to its API server, and how they get the credential.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery
 */
export abstract class RemoteCredentials extends CredentialsProvider {
  /**
   * A reader token that `istio-mesh link` writes to the peers after synth: the output directory contains no secret.
   */
  static linked(options?: LinkedOptions): RemoteCredentials {
    return new LinkedCredentials(options);
  }

  /**
   * A reader token that travels through a secret store, with External Secrets in every cluster.
   *
   * The output directory contains no secret. The cluster pushes a kubeconfig with its active reader token, and each
   * peer creates its remote secret from that.
   *
   * @see https://external-secrets.io/latest/
   */
  static externalSecrets(options: ExternalSecretsOptions): RemoteCredentials {
    return new ExternalSecretsCredentials(options);
  }

  /**
   * A bearer token, written into the output directory in plain text.
   *
   * @param token source of the token of a reader service account of the cluster
   */
  static plainToken(token: SecretValue): RemoteCredentials {
    return new TokenCredentials(token);
  }

  /**
   * An authentication provider, whose settings are written into the output directory in plain text.
   */
  static authProvider(options: AuthProviderOptions): RemoteCredentials {
    return new AuthProviderCredentials(options);
  }

  /**
   * A client certificate, written with its key into the output directory in plain text.
   */
  static clientCertificate(options: ClientCertificateOptions): RemoteCredentials {
    return new ClientCertificateCredentials(options);
  }

  /**
   * A program that istiod runs to get a token, e.g. `aws eks get-token`. UNSAFE: istiod must be configured to accept
   * it.
   *
   * The variable `PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS` is set only on the istiods that read the cluster.
   * Anyone who can write a Secret in their namespace can then make them run arbitrary programs. The program must be in
   * their image.
   */
  static unsafeExec(options: UnsafeExecOptions): RemoteCredentials {
    return new ExecCredentials(options);
  }

  /**
   * A token file in the container of istiod, e.g. a projected token that the API server trusts. UNSAFE: istiod must be
   * configured to accept it.
   *
   * The variable `PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS` is set only on the istiods that read the cluster.
   * Anyone who can write a Secret in their namespace can then make them send any of their files to any server.
   *
   * @param path path of the file, mounted with `values.pilot.volumes` and `values.pilot.volumeMounts`
   */
  static unsafeTokenFile(path: string): RemoteCredentials {
    return new TokenFileCredentials(path);
  }

  /**
   * Credentials that are managed outside this library, e.g. by Open Cluster Management, Deckhouse or a Vault agent.
   *
   * The cluster gets no reader service accounts, and its peers get no remote secrets.
   */
  static external(options?: ExternalCredentialsOptions): RemoteCredentials {
    return new ExternalCredentials(options);
  }
}
