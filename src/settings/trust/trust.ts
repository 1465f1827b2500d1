import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { CertManagerTrustOptions } from './cert-manager';
import { certificateSpec, certManagerProblems } from './cert-manager';
import type { ExternalSecretsTrustOptions } from './external-secrets';
import { externalSecretsProblems, externalSecretSpec } from './external-secrets';
import { PemDirectory } from './pem-directory';
import type { Serialized } from '../../core/provider';
import { Provider } from '../../core/provider';
import { objectIn, Step } from '../../core/step';

/**
 * The cluster whose authority is brought.
 *
 * @internal
 */
export interface TrustedCluster {
  /** Name of the mesh. */
  readonly meshID: string;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Namespace of istiod. */
  readonly namespace: string;
}

/**
 * Who brings the Secret `cacerts`: the signing authority of a cluster's istiod, under a root that all clusters of the mesh share.
 *
 * It must be there before istiod starts for the first time; without it each istiod makes a root of its own, and every request between
 * clusters dies in the handshake.
 *
 * @see https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/
 */
export abstract class Trust extends Provider {
  /**
   * Somebody else brings the Secret.
   */
  static external(): Trust {
    return new ExternalTrust('external');
  }

  /**
   * PEM files that `istio-mesh certs` makes where they are missing, and brings to the clusters; nothing of them is written into the tree.
   *
   * @param directory directory of `root-cert.pem`, `root-key.pem` and a directory for each cluster with `ca-cert.pem`, `ca-key.pem`,
   * `cert-chain.pem` and `root-cert.pem`; relative to the mesh file, or to the working directory when the mesh is written in code
   */
  static pem(directory: string): Trust {
    return new PemTrust(directory);
  }

  /**
   * cert-manager makes the Secret, of a Certificate in the step `10-trust`, and renews it.
   */
  static certManager(options: CertManagerTrustOptions): Trust {
    return new CertManagerTrust(options);
  }

  /**
   * The External Secrets Operator makes the Secret, of an ExternalSecret in the step `10-trust`, with what a store holds.
   */
  static externalSecrets(options: ExternalSecretsTrustOptions): Trust {
    return new ExternalSecretsTrust(options);
  }

  /**
   * Who brings the Secret, for messages.
   *
   * @internal
   */
  abstract get _provisionedBy(): string;

  /**
   * What its operator would refuse.
   *
   * @internal
   */
  _problems(): Array<string | undefined> {
    return [];
  }

  /**
   * Kind of the object that makes the Secret, as kubectl takes it, where there is one.
   *
   * @internal
   */
  get _resource(): string | undefined {
    return undefined;
  }

  /**
   * The object that makes the Secret, where there is one.
   *
   * @internal
   */
  _object(_scope: Construct, _id: string, _cluster: TrustedCluster): ApiObject | undefined {
    return undefined;
  }

  /**
   * The PEM files, where there are some.
   *
   * @param _from directory that a relative path starts from
   * @internal
   */
  _pemDirectory(_from: string): PemDirectory | undefined {
    return undefined;
  }

  /**
   * The written form for a mesh file that lies elsewhere.
   *
   * @param _fromThere gives a path as it is written there
   * @internal
   */
  _serializedFor(_fromThere: (path: string) => string): Serialized {
    return this._serialized;
  }
}

class ExternalTrust extends Trust {
  get _provisionedBy(): string {
    return 'somebody else brings the Secret cacerts';
  }
}

class PemTrust extends Trust {
  constructor(private readonly directory: string) {
    super('pem', directory);
  }

  get _provisionedBy(): string {
    return 'istio-mesh certs brings the Secret cacerts';
  }

  _problems(): Array<string | undefined> {
    return [this.directory.trim() === '' ? 'pem is empty; name the directory of the PEM files' : undefined];
  }

  _pemDirectory(from: string): PemDirectory {
    return new PemDirectory(this.directory, from);
  }

  _serializedFor(fromThere: (path: string) => string): Serialized {
    return { pem: fromThere(this.directory) };
  }
}

class CertManagerTrust extends Trust {
  constructor(private readonly options: CertManagerTrustOptions) {
    super('certManager', options);
  }

  get _provisionedBy(): string {
    return 'cert-manager makes the Secret cacerts, of the Certificate in 10-trust';
  }

  _problems(): Array<string | undefined> {
    return certManagerProblems(this.options);
  }

  get _resource(): string {
    return 'certificate.cert-manager.io';
  }

  _object(scope: Construct, id: string, { clusterName, namespace }: TrustedCluster): ApiObject {
    return objectIn(Step.TRUST, scope, id, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'cacerts', namespace },
      spec: certificateSpec(clusterName, namespace, this.options),
    });
  }
}

class ExternalSecretsTrust extends Trust {
  constructor(private readonly options: ExternalSecretsTrustOptions) {
    super('externalSecrets', options);
  }

  get _provisionedBy(): string {
    return 'External Secrets makes the Secret cacerts, of the ExternalSecret in 10-trust';
  }

  _problems(): Array<string | undefined> {
    return externalSecretsProblems(this.options);
  }

  get _resource(): string {
    return 'externalsecret.external-secrets.io';
  }

  _object(scope: Construct, id: string, { meshID, clusterName, namespace }: TrustedCluster): ApiObject {
    return objectIn(Step.TRUST, scope, id, {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'cacerts', namespace },
      spec: externalSecretSpec(meshID, clusterName, this.options),
    });
  }
}
