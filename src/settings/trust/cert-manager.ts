import { type MaybeProblem, problem } from '../../core/rule';
import { objectNameProblem } from '../../istio/names';
import { goDurationProblem, goSeconds } from '../go-duration';

/**
 * The issuer of a certificate. cert-manager field: `issuerRef`.
 */
export interface CertManagerIssuerRef {
  /**
   * Name of the issuer. cert-manager field: `issuerRef.name`.
   */
  readonly name: string;

  /**
   * Kind of the issuer. cert-manager field: `issuerRef.kind`.
   *
   * @default 'ClusterIssuer'
   */
  readonly kind?: string;

  /**
   * API group of the issuer, for issuers that are not part of cert-manager. cert-manager field: `issuerRef.group`.
   *
   * @default 'cert-manager.io'
   */
  readonly group?: string;
}

/**
 * The key of a certificate. cert-manager field: `privateKey`.
 */
export interface CertManagerPrivateKey {
  /**
   * `RSA` or `ECDSA`. cert-manager field: `privateKey.algorithm`.
   *
   * @default 'RSA'
   */
  readonly algorithm?: string;

  /**
   * Bits of the key. cert-manager field: `privateKey.size`.
   *
   * @default - 4096 for RSA, as in Istio's own tool, and 256 for ECDSA
   */
  readonly size?: number;
}

/**
 * The intermediate CA that cert-manager creates for a cluster.
 *
 * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
 */
export interface CertManagerTrustOptions {
  /**
   * The issuer, with the same root CA in all clusters. cert-manager field: `issuerRef`.
   *
   * It must set `ca.crt`, as issuers of the types CA, Vault and Venafi do. ACME issuers do not sign CA certificates.
   */
  readonly issuerRef: CertManagerIssuerRef;

  /**
   * Lifetime of a certificate, e.g. `8760h`. cert-manager field: `duration`.
   *
   * @default - that of cert-manager: 2160h (90 days)
   */
  readonly duration?: string;

  /**
   * Time before the end of its lifetime at which a certificate is renewed, e.g. `720h`. cert-manager field:
   * `renewBefore`.
   *
   * @default - that of cert-manager: a third of the duration
   */
  readonly renewBefore?: string;

  /**
   * The key of the certificate. cert-manager field: `privateKey`.
   *
   * @default - RSA with 4096 bits
   */
  readonly privateKey?: CertManagerPrivateKey;
}

/** Sizes of the keys by algorithm, the default first. */
const SIZES: { readonly [algorithm: string]: readonly number[] } = {
  RSA: [4096, 2048, 3072, 8192],
  ECDSA: [256, 384, 521],
};

const DEFAULT_DURATION = '2160h';

/** Settings that cert-manager would reject, or that lead to a CA that istiod would reject. */
export function certManagerProblems(options: CertManagerTrustOptions): MaybeProblem[] {
  const { issuerRef, duration, renewBefore, privateKey: { algorithm = 'RSA', size } = {} } = options;
  const lifetime = goSeconds(duration ?? DEFAULT_DURATION) ?? Infinity; // one that is not valid is reported below
  return [
    objectNameProblem('certManager.issuerRef.name', issuerRef?.name), // if it is missing, the schema reports that
    goDurationProblem('certManager.duration', duration),
    goDurationProblem('certManager.renewBefore', renewBefore),
    lifetime < 3600
      && problem(`certManager.duration '${duration}' is shorter than cert-manager's minimum of one hour`,
        'write e.g. \'2160h\''),
    renewBefore !== undefined && (goSeconds(renewBefore) ?? 0) >= lifetime
      && problem(`certManager.renewBefore '${renewBefore}' is not less than the duration, `
        + (duration === undefined ? `${DEFAULT_DURATION} by default` : `'${duration}'`), 'write a third of it'),
    !SIZES[algorithm]
      && problem(`certManager.privateKey.algorithm '${algorithm}' is not supported by proxies for a CA`,
        'write \'RSA\' or \'ECDSA\''),
    size !== undefined && SIZES[algorithm]?.includes(size) === false
      && problem(`certManager.privateKey.size ${size} is not a valid size for ${algorithm}`,
        `write ${SIZES[algorithm][0]}`),
  ];
}

/** The spec of a Certificate for the intermediate CA of a cluster. */
export function certificateSpec(clusterName: string, namespace: string, options: CertManagerTrustOptions): object {
  const { issuerRef, privateKey = {}, ...lifetime } = options;
  const { algorithm = 'RSA', size = SIZES[algorithm][0] } = privateKey;
  return {
    secretName: 'cacerts',
    isCA: true,
    commonName: 'Intermediate CA',
    subject: { organizations: ['Istio'], localities: [clusterName] },
    dnsNames: [`istiod.${namespace}.svc`],
    ...lifetime,
    // If a renewed certificate kept its key, a stolen key would stay valid.
    privateKey: { algorithm, size, rotationPolicy: 'Always' },
    usages: ['digital signature', 'key encipherment', 'cert sign'],
    issuerRef: { kind: 'ClusterIssuer', group: 'cert-manager.io', ...issuerRef },
  };
}
