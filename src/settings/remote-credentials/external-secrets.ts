import type { StoreDelivery } from './credential-delivery';
import { CredentialsProvider } from './credentials-provider';
import { type ExternalSecretsOptions, storeProblems } from './external-secrets-options';
import { type MaybeProblem, prefixed } from '../../core/rule';

/** Credentials that External Secrets carries through a secret store. */
export class ExternalSecretsCredentials extends CredentialsProvider {
  constructor(private readonly options: ExternalSecretsOptions) {
    super('externalSecrets', options);
  }

  get _delivery(): StoreDelivery {
    return { kind: 'store', options: this.options };
  }

  get _problems(): readonly MaybeProblem[] {
    return storeProblems(this.options).map(found => prefixed('externalSecrets.', found));
  }
}
