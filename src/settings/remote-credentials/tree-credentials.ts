import { CredentialsMember } from './credentials-member';
import { written } from '../../core/family';
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
   * istiod has `oidc` alone; in the place of the others stands a program, with `RemoteCredentials.unsafeExec`.
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

/** Credentials that stand in the tree, in a Secret for each peer. */
export abstract class TreeCredentials extends CredentialsMember {
  abstract _user(): KubeconfigUser;

  get _inTree(): boolean {
    return true;
  }
}

/** A bearer token. */
export class TokenCredentials extends TreeCredentials {
  constructor(private readonly token: SecretValue) {
    super({ plainToken: token._form });
  }

  get _usesReaderToken(): boolean {
    return true;
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

/** An authentication provider, with its settings. */
export class AuthProviderCredentials extends TreeCredentials {
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
      throw new Error(`authProvider.name '${name}' is refused by istiod, which has 'oidc' alone; use that, or a program that gives a token: unsafeExec`);
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

/** A client certificate, with its key. */
export class ClientCertificateCredentials extends TreeCredentials {
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
  return toBase64(text);
}
