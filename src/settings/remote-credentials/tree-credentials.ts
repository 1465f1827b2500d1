import type { TreeDelivery } from './credential-delivery';
import { CredentialsProvider } from './credentials-provider';
import { type Problem, problem, ProblemError } from '../../core/rule';
import type { KubeconfigUser } from '../../istio/kubeconfig';
import { toBase64 } from '../../util/base64';
import type { SecretValue } from '../secret-value';

/**
 * An authentication provider of a kubeconfig.
 */
export interface AuthProviderOptions {
  /**
   * Name of the provider. Kubeconfig field: `users[].user.auth-provider.name`.
   *
   * istiod only has `oidc`. Use `RemoteCredentials.unsafeExec` with a program instead of the other providers.
   *
   * @default 'oidc'
   */
  readonly name?: string;

  /**
   * Settings of the provider. Kubeconfig field: `users[].user.auth-provider.config`.
   *
   * `istioctl create-remote-secret --auth-plugin-config` drops these settings; this library writes them.
   *
   * @default - no settings
   */
  readonly config?: { readonly [key: string]: string };

  /**
   * Settings that are secret, by reference. They are merged with `config`.
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

/** A bearer token. */
export class TokenCredentials extends CredentialsProvider {
  constructor(private readonly token: SecretValue) {
    super('plainToken', token);
  }

  get _delivery(): TreeDelivery {
    return { kind: 'tree', token: this.token, readUser: () => this.user() };
  }

  private user(): KubeconfigUser {
    const token = this.token._read();
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new ProblemError('the token contains blanks or other characters that are not valid in a token',
        'write only the token');
    }
    return { token };
  }
}

/** An authentication provider, with its settings. */
export class AuthProviderCredentials extends CredentialsProvider {
  constructor(private readonly options: AuthProviderOptions) {
    super('authProvider', options);
  }

  get _delivery(): TreeDelivery {
    return { kind: 'tree', exposedSecret: this.exposedSecret, readUser: () => this.user() };
  }

  private get exposedSecret(): Problem | undefined {
    const exposed = SECRET_SETTINGS.find(key => key in (this.options.config ?? {}));
    return exposed === undefined ? undefined
      : problem(`authProvider.config has '${exposed}', which is a secret and would be written into dist/mesh.yaml`,
        'move it to secretConfig, by reference');
  }

  private user(): KubeconfigUser {
    const { name = 'oidc', config = {}, secretConfig = {} } = this.options;
    if (name !== 'oidc') {
      throw new ProblemError(`authProvider.name '${name}' is not supported by istiod, which only has 'oidc'`,
        'use oidc, or unsafeExec with a program that prints a token');
    }
    const { exposedSecret } = this;
    if (exposedSecret) {
      throw new ProblemError(exposedSecret.message, exposedSecret.suggestion);
    }
    const secrets = Object.entries(secretConfig).map(([key, secret]) => [key, secret._read()] as const);
    const settings = [...Object.entries(config), ...secrets].sort(([a], [b]) => a < b ? -1 : 1);
    return { 'auth-provider': { config: Object.fromEntries(settings), name } };
  }
}

/** Settings of the provider oidc that are secret. */
const SECRET_SETTINGS = ['client-secret', 'id-token', 'refresh-token', 'access-token'];

/** A client certificate, with its key. */
export class ClientCertificateCredentials extends CredentialsProvider {
  constructor(private readonly options: ClientCertificateOptions) {
    super('clientCertificate', options);
  }

  get _delivery(): TreeDelivery {
    return { kind: 'tree', readUser: () => this.user() };
  }

  private user(): KubeconfigUser {
    return {
      'client-certificate-data': pemData('clientCertificate.certificate', this.options.certificate),
      'client-key-data': pemData('clientCertificate.key', this.options.key),
    };
  }
}

/** The content of a PEM file, since istiod rejects file paths in a kubeconfig. */
function pemData(field: string, secret: SecretValue): string {
  const text = secret._read();
  if (!text.includes('-----BEGIN ')) {
    throw new ProblemError(`${field} is not PEM text, and istiod rejects file paths in a kubeconfig`,
      'write the content, e.g. with SecretValue.file');
  }
  return toBase64(text);
}
