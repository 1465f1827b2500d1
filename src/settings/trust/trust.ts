import { type CertManagerTrustOptions, certificateSpec, certManagerProblems } from './cert-manager';
import { type ExternalSecretsTrustOptions, externalSecretsProblems, externalSecretSpec } from './external-secrets';
import { type Serialized, Provider } from '../../core/provider';
import { type MaybeProblem, problem } from '../../core/rule';

/** The cluster whose intermediate CA is provided. */
export interface TrustedCluster {
  readonly meshID: string;
  readonly clusterName: string;
  /** Namespace of istiod. */
  readonly namespace: string;
}

/** Where the Secret `cacerts` of a cluster comes from. */
export type CacertsSource =
  | { readonly kind: 'external' }
  | { readonly kind: 'pem'; readonly directory: string }
  | { readonly kind: 'operator'; readonly resource: CacertsResource };

/** The object from which an operator creates the Secret. */
export interface CacertsResource {
  readonly apiVersion: string;
  readonly kind: string;
  spec(cluster: TrustedCluster): object;
}

/**
 * How a cluster gets the Secret `cacerts`: the intermediate CA of its istiod, under a root CA that all clusters share.
 *
 * The Secret must exist before istiod starts for the first time. Without it, each istiod creates its own root CA, and
 * all requests between clusters fail in the TLS handshake.
 *
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 */
export abstract class Trust extends Provider {
  /**
   * The Secret is managed outside this library.
   */
  static external(): Trust {
    return new ExternalTrust();
  }

  /**
   * PEM files, from which `istio-mesh certs` creates the Secret.
   *
   * The command also creates missing files. Nothing of them is written into the output directory.
   *
   * @param directory directory of `root-cert.pem`, `root-key.pem` and a directory for each cluster with `ca-cert.pem`,
   * `ca-key.pem`, `cert-chain.pem` and `root-cert.pem`; relative to the mesh file, or to the working directory when the
   * mesh is written in code
   */
  static pem(directory: string): Trust {
    return new PemTrust(directory);
  }

  /**
   * cert-manager creates and renews the Secret, from a Certificate in the step `10-trust`.
   */
  static certManager(options: CertManagerTrustOptions): Trust {
    return new CertManagerTrust(options);
  }

  /**
   * External Secrets creates the Secret from a secret store, with an ExternalSecret in the step `10-trust`.
   */
  static externalSecrets(options: ExternalSecretsTrustOptions): Trust {
    return new ExternalSecretsTrust(options);
  }

  /** @internal */
  abstract get _source(): CacertsSource;

  /**
   * A clause that names what creates the Secret, for messages.
   *
   * @internal
   */
  abstract get _provisionedBy(): string;

  /**
   * Settings that its operator would reject.
   *
   * @internal
   */
  get _problems(): readonly MaybeProblem[] {
    return [];
  }

  /**
   * The serialized form for a mesh file in another directory.
   *
   * @param _relocate converts a path to one that is valid there
   * @internal
   */
  _serializedFor(_relocate: (path: string) => string): Serialized {
    return this._serialized;
  }
}

/** Name of a resource's kind as kubectl accepts it, e.g. `certificate.cert-manager.io`. */
export function kubectlKind({ apiVersion, kind }: CacertsResource): string {
  return `${kind.toLowerCase()}.${apiVersion.split('/')[0]}`;
}

class ExternalTrust extends Trust {
  constructor() {
    super('external');
  }

  get _source(): CacertsSource {
    return { kind: 'external' };
  }

  get _provisionedBy(): string {
    return 'the Secret cacerts is managed outside this tool';
  }
}

class PemTrust extends Trust {
  constructor(private readonly directory: string) {
    super('pem', directory);
  }

  get _source(): CacertsSource {
    return { kind: 'pem', directory: this.directory };
  }

  get _provisionedBy(): string {
    return 'istio-mesh certs creates the Secret cacerts';
  }

  get _problems(): readonly MaybeProblem[] {
    return [this.directory.trim() === '' && problem('pem is empty', 'write the directory of the PEM files')];
  }

  _serializedFor(relocate: (path: string) => string): Serialized {
    return { pem: relocate(this.directory) };
  }
}

class CertManagerTrust extends Trust {
  constructor(private readonly options: CertManagerTrustOptions) {
    super('certManager', options);
  }

  get _source(): CacertsSource {
    const spec = ({ clusterName, namespace }: TrustedCluster) => certificateSpec(clusterName, namespace, this.options);
    return { kind: 'operator', resource: { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', spec } };
  }

  get _provisionedBy(): string {
    return 'cert-manager creates the Secret cacerts, from the Certificate in 10-trust';
  }

  get _problems(): readonly MaybeProblem[] {
    return certManagerProblems(this.options);
  }
}

class ExternalSecretsTrust extends Trust {
  constructor(private readonly options: ExternalSecretsTrustOptions) {
    super('externalSecrets', options);
  }

  get _source(): CacertsSource {
    const spec = ({ meshID, clusterName }: TrustedCluster) => externalSecretSpec(meshID, clusterName, this.options);
    return { kind: 'operator', resource: { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', spec } };
  }

  get _provisionedBy(): string {
    return 'External Secrets creates the Secret cacerts, from the ExternalSecret in 10-trust';
  }

  get _problems(): readonly MaybeProblem[] {
    return externalSecretsProblems(this.options);
  }
}
