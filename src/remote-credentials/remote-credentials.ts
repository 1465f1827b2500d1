import { KubeconfigUser } from './kubeconfig';
import { Family, written } from '../family';
import { SecretValue } from '../secret-value';

/**
 * An authentication provider of a kubeconfig.
 */
export interface AuthProviderOptions {
  /**
   * Name of the provider. Kubeconfig field: `users[].user.auth-provider.name`.
   *
   * istiod accepts `oidc` and refuses every other.
   *
   * @default 'oidc'
   */
  readonly name?: string;

  /**
   * Settings of the provider. Kubeconfig field: `users[].user.auth-provider.config`.
   *
   * `istioctl create-remote-secret --auth-plugin-config` loses these; here they arrive.
   *
   * @default - no settings
   */
  readonly config?: { readonly [key: string]: string };

  /**
   * Settings that are secret, by reference, beside `config`.
   *
   * @default - no secret settings
   */
  readonly secretConfig?: { readonly [key: string]: SecretValue };
}

/**
 * A client certificate that the API server accepts.
 */
export interface ClientCertificateOptions {
  /**
   * The certificate in PEM form. Kubeconfig field: `users[].user.client-certificate-data`.
   */
  readonly certificate: SecretValue;

  /**
   * Its private key in PEM form. Kubeconfig field: `users[].user.client-key-data`.
   */
  readonly key: SecretValue;
}

/**
 * How the peers of a cluster authenticate at its API server, and how that credential travels to them.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/#enable-endpoint-discovery
 */
export abstract class RemoteCredentials extends Family {
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

  /**
   * The `users[].user` fields of the kubeconfig, or undefined where the tree carries none.
   *
   * @throws with the value, the rule and the fix when istiod would refuse them or when a secret cannot be read
   * @internal
   */
  abstract _user(): KubeconfigUser | undefined;

  /**
   * Whether the tree carries the credential.
   *
   * @internal
   */
  get _inTree(): boolean {
    return true;
  }

  /**
   * Whether the command `link` brings the credential to the peers.
   *
   * @internal
   */
  get _isLinked(): boolean {
    return false;
  }

  /**
   * What the definition itself would give away, whether anybody gets the credential or not.
   *
   * @internal
   */
  get _exposed(): string | undefined {
    return undefined;
  }

  /**
   * Path of the file `ca.crt` beside the credential, where the credential is read from a file.
   *
   * @internal
   */
  _caFile(): string | undefined {
    return undefined;
  }
}

class LinkedCredentials extends RemoteCredentials {
  get _inTree(): boolean {
    return false;
  }

  get _isLinked(): boolean {
    return true;
  }

  _user(): undefined {
    return undefined;
  }
}

class TokenCredentials extends RemoteCredentials {
  constructor(private readonly token: SecretValue) {
    super({ plainToken: token._form });
  }

  _user(): KubeconfigUser {
    const token = this.token._read();
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new Error('the token has blanks or other characters that no token has; read it again, without what is around it');
    }
    return { token };
  }

  _caFile(): string | undefined {
    return this.token._beside('ca.crt');
  }
}

class AuthProviderCredentials extends RemoteCredentials {
  constructor(private readonly options: AuthProviderOptions) {
    super({ authProvider: written(options) });
  }

  get _exposed(): string | undefined {
    const exposed = SECRET_SETTINGS.find(key => key in (this.options.config ?? {}));
    return exposed && `authProvider.config has '${exposed}', which is a secret and would be written into dist/mesh.yaml; give it in secretConfig, by reference`;
  }

  _user(): KubeconfigUser {
    const name = this.options.name ?? 'oidc';
    if (name !== 'oidc') {
      throw new Error(`authProvider.name '${name}' is refused by istiod, which accepts 'oidc' alone; use authProvider with name 'oidc', plainToken or clientCertificate`);
    }
    if (this._exposed) {
      throw new Error(this._exposed);
    }
    const secrets = Object.entries(this.options.secretConfig ?? {}).map(([key, secret]) => [key, secret._read()] as const);
    const config = [...Object.entries(this.options.config ?? {}), ...secrets].sort(([a], [b]) => a < b ? -1 : 1);
    return { 'auth-provider': { config: Object.fromEntries(config), name } };
  }
}

/** Settings of the provider oidc that nobody else may see. */
const SECRET_SETTINGS = ['client-secret', 'id-token', 'refresh-token', 'access-token'];

class ClientCertificateCredentials extends RemoteCredentials {
  constructor(private readonly options: ClientCertificateOptions) {
    super({ clientCertificate: written(options) });
  }

  _user(): KubeconfigUser {
    return {
      'client-certificate-data': pemData('clientCertificate.certificate', this.options.certificate),
      'client-key-data': pemData('clientCertificate.key', this.options.key),
    };
  }
}

/** istiod refuses file paths in a kubeconfig, so what a path usually holds must be here itself. */
function pemData(field: string, secret: SecretValue): string {
  const text = secret._read();
  if (!text.includes('-----BEGIN ')) {
    throw new Error(`${field} is not PEM text; istiod refuses file paths in a kubeconfig, so give the content, e.g. with SecretValue.file`);
  }
  return Buffer.from(text).toString('base64');
}
