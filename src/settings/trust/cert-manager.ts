import { objectNameProblem } from '../../istio/names';
import { goDurationProblem, goSeconds } from '../../util/go-duration';

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
   * API group of the issuer, for those that others than cert-manager bring. cert-manager field: `issuerRef.group`.
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
   * @default - 4096 for RSA, as Istio's own tool makes it, and 256 for ECDSA
   */
  readonly size?: number;
}

/**
 * The intermediate certificate that cert-manager makes for a cluster.
 *
 * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
 */
export interface CertManagerTrustOptions {
  /**
   * The issuer, which signs under one root in all clusters. cert-manager field: `issuerRef`.
   *
   * It must be one that fills `ca.crt`, e.g. of the kind CA, Vault or Venafi; ACME issuers sign no authorities.
   */
  readonly issuerRef: CertManagerIssuerRef;

  /**
   * How long a certificate lasts, e.g. `8760h`. cert-manager field: `duration`.
   *
   * @default - cert-manager's own: 2160h, 90 days
   */
  readonly duration?: string;

  /**
   * How long before its end a certificate is replaced, e.g. `720h`. cert-manager field: `renewBefore`.
   *
   * @default - cert-manager's own: a third of the duration
   */
  readonly renewBefore?: string;

  /**
   * The key of the certificate. cert-manager field: `privateKey`.
   *
   * @default - RSA with 4096 bits
   */
  readonly privateKey?: CertManagerPrivateKey;
}

const SIZES: { readonly [algorithm: string]: readonly number[] } = { RSA: [4096, 2048, 3072, 8192], ECDSA: [256, 384, 521] };

/** What cert-manager would refuse, or istiod of what it makes. */
export function certManagerProblems({ issuerRef, duration, renewBefore, privateKey = {} }: CertManagerTrustOptions): Array<string | undefined> {
  const { algorithm = 'RSA', size } = privateKey;
  const [lasts, before] = [duration, renewBefore].map(text => text === undefined ? undefined : goSeconds(text));
  return [
    objectNameProblem('certManager.issuerRef.name', issuerRef?.name), // where it is missing, the schema says so
    goDurationProblem('certManager.duration', duration),
    goDurationProblem('certManager.renewBefore', renewBefore),
    lasts !== undefined && lasts < 3600 ? `certManager.duration '${duration}' is less than the hour that cert-manager asks for; write e.g. '2160h'` : undefined,
    before !== undefined && before >= (lasts ?? DEFAULT_SECONDS)
      ? `certManager.renewBefore '${renewBefore}' is not less than the duration, ${duration === undefined ? '2160h unless it is said' : `'${duration}'`}; write a third of it` : undefined,
    SIZES[algorithm] ? undefined
      : `certManager.privateKey.algorithm '${algorithm}' is none that proxies take of an authority; write 'RSA' or 'ECDSA'`,
    size === undefined || !SIZES[algorithm] || SIZES[algorithm].includes(size) ? undefined
      : `certManager.privateKey.size ${size} is none of ${algorithm}; write ${SIZES[algorithm][0]}`,
  ];
}

const DEFAULT_SECONDS = 2160 * 3600;

/** The spec of a Certificate for the authority of a cluster. */
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
    // A renewed certificate with its old key would not end what a stolen key can do.
    privateKey: { algorithm, size, rotationPolicy: 'Always' },
    usages: ['digital signature', 'key encipherment', 'cert sign'],
    issuerRef: { kind: 'ClusterIssuer', group: 'cert-manager.io', ...issuerRef },
  };
}
