import { CredentialsProvider } from './credentials-provider';
import type { ExternalSecretsOptions } from './external-secrets-options';
import { storeProblems } from './external-secrets-options';

/** Credentials that travel through a store: nothing secret is in the tree. */
export class ExternalSecretsCredentials extends CredentialsProvider {
  constructor(private readonly options: ExternalSecretsOptions) {
    super('externalSecrets', options);
  }

  get _externalSecrets(): ExternalSecretsOptions {
    return this.options;
  }

  get _usesReaderToken(): boolean {
    return true;
  }

  get _problems(): string[] {
    return storeProblems(this.options).map(problem => `externalSecrets.${problem}`);
  }
}
