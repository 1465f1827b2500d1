import { type KeyObject, createPrivateKey, generateKeyPair, randomBytes } from 'crypto';
import { promisify } from 'util';
import type { pki } from 'node-forge';
import type { Certificate } from '../../util/host/certificates';
import { forge } from '../../util/libraries';

/** A CA certificate and its private key, both in PEM. */
export interface Issuer {
  readonly certificate: string;
  readonly key: string;
}

/** The key size of Istio's own tools/certs, for root and intermediate CAs. */
const KEY_BITS = 4096;

/** Creates a private key in PEM. */
export async function newKey(bits = KEY_BITS): Promise<string> {
  // takes seconds, in a thread of its own
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/**
 * Creates the certificate of a root CA in PEM.
 *
 * @throws if the key is not an unencrypted RSA key
 */
export function rootCertificate(key: string, days: number): string {
  const root = unsignedCertificate(key, days);
  root.setSubject([{ name: 'organizationName', value: 'Istio' }, { name: 'commonName', value: 'Root CA' }]);
  root.setIssuer(root.subject.attributes);
  root.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    KEY_USAGE,
    { name: 'subjectKeyIdentifier' },
  ]);
  return sign(root, key);
}

/** Properties of an intermediate CA. */
export interface Intermediate {
  readonly cluster: string;
  /** Namespace of istiod. */
  readonly namespace: string;
  readonly issuer: Issuer;
  /** Validity; it ends with that of the issuer at the latest. */
  readonly days: number;
}

/**
 * Creates the certificate of an intermediate CA in PEM, with which istiod of a cluster signs workload certificates.
 *
 * @param key private key of the intermediate CA
 * @throws if a key is not an unencrypted RSA key
 */
export function intermediateCertificate(key: string, { cluster, namespace, issuer, days }: Intermediate): string {
  const root = forge().pki.certificateFromPem(issuer.certificate);
  const intermediate = unsignedCertificate(key, days, root.validity.notAfter);
  intermediate.setSubject([
    { name: 'organizationName', value: 'Istio' },
    { name: 'commonName', value: 'Intermediate CA' },
    { name: 'localityName', value: cluster },
  ]);
  intermediate.setIssuer(root.subject.attributes);
  intermediate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    KEY_USAGE,
    { name: 'subjectKeyIdentifier' },
    ...authorityKeyIdentifier(root),
    { name: 'subjectAltName', altNames: [{ type: DNS, value: `istiod.${namespace}.svc` }] },
  ]);
  return sign(intermediate, issuer.key);
}

function authorityKeyIdentifier(issuer: pki.Certificate): object[] {
  const extension = issuer.getExtension('subjectKeyIdentifier') as { subjectKeyIdentifier?: string } | undefined;
  const identifier = extension?.subjectKeyIdentifier;
  return identifier
    ? [{ name: 'authorityKeyIdentifier', keyIdentifier: Buffer.from(identifier, 'hex').toString('latin1') }] : [];
}

const KEY_USAGE = {
  name: 'keyUsage',
  critical: true,
  digitalSignature: true,
  nonRepudiation: true,
  keyEncipherment: true,
  keyCertSign: true,
};

/** Type of a subject alternative name in a certificate. */
const DNS = 2;

const HOUR = 3_600_000;

/** A certificate with a key, a serial number and a validity. */
function unsignedCertificate(key: string, days: number, latestEnd?: Date): pki.Certificate {
  const { n, e } = forgeKey(key);
  const { pki: { createCertificate, rsa } } = forge();
  const certificate = createCertificate();
  certificate.publicKey = rsa.setPublicKey(n, e);
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`; // positive, and without a leading zero
  certificate.validity.notBefore = new Date(Date.now() - HOUR); // clocks differ
  const end = new Date(Date.now() + days * 24 * HOUR);
  certificate.validity.notAfter = latestEnd && latestEnd < end ? latestEnd : end;
  return certificate;
}

function sign(certificate: pki.Certificate, key: string): string {
  const { md: { sha256 }, pki: { certificateToPem } } = forge();
  certificate.sign(forgeKey(key), sha256.create());
  return certificateToPem(certificate).replace(/\r\n/g, '\n');
}

function forgeKey(key: string): pki.rsa.PrivateKey {
  return forge().pki.privateKeyFromPem(rsaKey(key).export({ type: 'pkcs1', format: 'pem' }) as string);
}

function rsaKey(key: string): KeyObject {
  let parsed;
  try {
    parsed = createPrivateKey(key);
  } catch {
    throw new Error('it is not a PEM private key without a password');
  }
  if (parsed.asymmetricKeyType !== 'rsa') {
    throw new Error(`it is a key of the type ${parsed.asymmetricKeyType}, and istio-mesh certs supports only RSA`);
  }
  return parsed;
}

/** The certificate that belongs to a private key. */
export function certificateOfKey(certificates: readonly Certificate[], key: string): Certificate | undefined {
  const privateKey = rsaKey(key);
  return certificates.find(certificate => certificate.isOfKey(privateKey));
}
