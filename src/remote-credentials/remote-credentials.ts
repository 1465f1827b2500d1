import { CredentialsMember } from './credentials-member';
import { AuthProviderCredentials, AuthProviderOptions, ClientCertificateCredentials, ClientCertificateOptions, TokenCredentials } from './tree-credentials';
import { SecretValue } from '../secret-value';

/**
 * How the peers of a cluster authenticate at its API server, and how that credential travels to them.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery
 */
export abstract class RemoteCredentials extends CredentialsMember {
  /**
   * The links are made after synth, outside the tree: nothing secret is on disk.
   */
  static linked(): RemoteCredentials {
    return new LinkedCredentials('linked');
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
}

class LinkedCredentials extends CredentialsMember {
  get _isLinked(): boolean {
    return true;
  }
}
