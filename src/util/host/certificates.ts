import { type KeyObject, createPrivateKey, X509Certificate } from 'crypto';

/** A private key that was read; only this module looks into it. */
export interface PrivateKey {
  /** E.g. `rsa`. */
  readonly asymmetricKeyType?: string;
}

/**
 * The private key in a PEM text.
 *
 * @throws when there is none, or it has a password
 */
export function privateKeyIn(pem: string): PrivateKey {
  return createPrivateKey(pem);
}

/** Object identifiers of signatures over SHA-1, with RSA and with ECDSA, as a certificate holds them. */
const SHA1_SIGNATURES = ['06092a864886f70d010105', '06072a8648ce3d0401'].map(hex => Buffer.from(hex, 'hex'));

/** An X.509 certificate. */
export class Certificate {
  private readonly x509: X509Certificate;

  /**
   * @param pem text that starts with the certificate
   * @throws when it does not
   */
  constructor(pem: string) {
    this.x509 = new X509Certificate(pem);
  }

  /** Whether it may sign other certificates. */
  get isAuthority(): boolean {
    return this.x509.ca;
  }

  /** When it becomes valid, in milliseconds since 1970. */
  get start(): number {
    return Date.parse(this.x509.validFrom);
  }

  /** When it expires, in milliseconds since 1970. */
  get end(): number {
    return Date.parse(this.x509.validTo);
  }

  /** SHA-256 of its bytes. */
  get fingerprint(): string {
    return this.x509.fingerprint256;
  }

  /** Its public key, in base64. */
  get publicKey(): string {
    return this.x509.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  }

  /** Whether its signature is over SHA-1. */
  get isSignedOverSha1(): boolean {
    return SHA1_SIGNATURES.some(identifier => this.x509.raw.includes(identifier));
  }

  /** Whether the key of another certificate signed it. */
  isSignedBy(issuer: Certificate): boolean {
    return this.x509.checkIssued(issuer.x509) && this.x509.verify(issuer.x509.publicKey);
  }

  /** Whether a private key belongs to it. */
  isOfKey(key: PrivateKey): boolean {
    return this.x509.checkPrivateKey(key as KeyObject); // privateKeyIn gives nothing else
  }

  /** Its PEM text. */
  toString(): string {
    return this.x509.toString();
  }
}
