import { CredentialsProvider } from './credentials-provider';
import type { ExternalCredentialsOptions } from './external-credentials';
import { ExternalCredentials } from './external-credentials';
import { ExternalSecretsCredentials } from './external-secrets';
import type { ExternalSecretsOptions } from './external-secrets-options';
import type { LinkedOptions } from './linked-credentials';
import { LinkedCredentials } from './linked-credentials';
import type { AuthProviderOptions, ClientCertificateOptions } from './tree-credentials';
import { AuthProviderCredentials, ClientCertificateCredentials, TokenCredentials } from './tree-credentials';
import type { UnsafeExecOptions } from './unsafe-credentials';
import { ExecCredentials, TokenFileCredentials } from './unsafe-credentials';
import type { SecretValue } from '../secret-value';

/**
 * How the peers of a cluster authenticate at its API server, and how that credential travels to them.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery
 */
export abstract class RemoteCredentials extends CredentialsProvider {
  /**
   * The links are made after synth, outside the tree, by `istio-mesh link`: nothing secret is on disk.
   */
  static linked(options?: LinkedOptions): RemoteCredentials {
    return new LinkedCredentials(options);
  }

  /**
   * The links travel through a store of External Secrets, which is installed in every cluster: nothing secret is in the tree.
   *
   * The cluster pushes a kubeconfig with its reader's active token, and each peer makes its remote Secret of that.
   *
   * @see https://external-secrets.io/latest/
   */
  static externalSecrets(options: ExternalSecretsOptions): RemoteCredentials {
    return new ExternalSecretsCredentials(options);
  }

  /**
   * A bearer token, written into the tree in plain text.
   *
   * @param token where the token of the cluster's reader account is read from
   */
  static plainToken(token: SecretValue): RemoteCredentials {
    return new TokenCredentials(token);
  }

  /**
   * An authentication provider, with its settings written into the tree in plain text.
   */
  static authProvider(options: AuthProviderOptions): RemoteCredentials {
    return new AuthProviderCredentials(options);
  }

  /**
   * A client certificate, written with its key into the tree in plain text.
   */
  static clientCertificate(options: ClientCertificateOptions): RemoteCredentials {
    return new ClientCertificateCredentials(options);
  }

  /**
   * A program that istiod runs to get a token, e.g. `aws eks get-token`. UNSAFE: istiod refuses such kubeconfigs, and is told not to.
   *
   * The variable `PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS` is set on the istiods that read the cluster, and on no other: from then on
   * whoever may write a Secret in their namespace can have them run any program. The program must be in their image.
   */
  static unsafeExec(options: UnsafeExecOptions): RemoteCredentials {
    return new ExecCredentials(options);
  }

  /**
   * A file in the container of istiod that holds a token, e.g. a projected one for an API server that trusts the issuer of the peer. UNSAFE:
   * istiod refuses such kubeconfigs, and is told not to.
   *
   * The variable `PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS` is set on the istiods that read the cluster, and on no other: from then on
   * whoever may write a Secret in their namespace can have them send any of their files anywhere.
   *
   * @param path path of the file, mounted with `values.pilot.volumes` and `values.pilot.volumeMounts`
   */
  static unsafeTokenFile(path: string): RemoteCredentials {
    return new TokenFileCredentials(path);
  }

  /**
   * Somebody else brings the links: an add-on of Open Cluster Management, Deckhouse, or an agent of Vault. Nothing is made for them, the
   * reader account neither.
   */
  static external(options?: ExternalCredentialsOptions): RemoteCredentials {
    return new ExternalCredentials(options);
  }
}
