import type { KeyObject } from 'crypto';
import { createPrivateKey, generateKeyPair, randomBytes } from 'crypto';
import { promisify } from 'util';
import type { pki } from 'node-forge';
import type { Certificate } from '../../util/host/certificates';
import { forge } from '../../util/libraries';

/** A certificate of an authority, and the private key that signs in its name, both in PEM. */
export interface Issuer {
  readonly certificate: string;
  readonly key: string;
}

/** Of Istio's own tools/certs, for roots and intermediates alike. */
const KEY_BITS = 4096;

/** A new private key in PEM. */
export async function newKey(bits = KEY_BITS): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits }); // seconds, in a thread of its own
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/**
 * A root for a key, in PEM.
 *
 * @throws when the key is none that can sign here
 */
export function rootCertificate(key: string, days: number): string {
  const root = unsigned(key, days);
  root.setSubject([{ name: 'organizationName', value: 'Istio' }, { name: 'commonName', value: 'Root CA' }]);
  root.setIssuer(root.subject.attributes);
  root.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    KEY_USAGE,
    { name: 'subjectKeyIdentifier' },
  ]);
  return signed(root, key);
}

/** What an intermediate is for. */
export interface Intermediate {
  readonly cluster: string;
  /** Namespace of istiod. */
  readonly namespace: string;
  readonly issuer: Issuer;
  /** How long it lasts, but no longer than its issuer. */
  readonly days: number;
}

/**
 * A certificate with which istiod of one cluster signs its workloads, for a key, in PEM.
 *
 * @throws when the issuer's key is none that can sign here
 */
export function intermediateCertificate(key: string, { cluster, namespace, issuer, days }: Intermediate): string {
  const by = forge().pki.certificateFromPem(issuer.certificate);
  const intermediate = unsigned(key, days, by.validity.notAfter);
  intermediate.setSubject([
    { name: 'organizationName', value: 'Istio' },
    { name: 'commonName', value: 'Intermediate CA' },
    { name: 'localityName', value: cluster },
  ]);
  intermediate.setIssuer(by.subject.attributes);
  const issuerIdentifier = (by.getExtension('subjectKeyIdentifier') as { subjectKeyIdentifier?: string } | undefined)?.subjectKeyIdentifier;
  intermediate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    KEY_USAGE,
    { name: 'subjectKeyIdentifier' },
    ...issuerIdentifier ? [{ name: 'authorityKeyIdentifier', keyIdentifier: Buffer.from(issuerIdentifier, 'hex').toString('latin1') }] : [],
    { name: 'subjectAltName', altNames: [{ type: DNS, value: `istiod.${namespace}.svc` }] },
  ]);
  return signed(intermediate, issuer.key);
}

const KEY_USAGE = { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true, keyEncipherment: true, keyCertSign: true };

/** Kind of a name in a certificate. */
const DNS = 2;

const HOUR = 3_600_000;

/** A certificate that says nothing yet but whose it is and for how long. */
function unsigned(key: string, days: number, atMost?: Date): pki.Certificate {
  const { n, e } = signingKey(key);
  const { pki: { createCertificate, rsa } } = forge();
  const certificate = createCertificate();
  certificate.publicKey = rsa.setPublicKey(n, e);
  certificate.serialNumber = `4${randomBytes(16).toString('hex').slice(1)}`; // neither negative nor with a zero before it
  certificate.validity.notBefore = new Date(Date.now() - HOUR); // clocks differ
  const end = new Date(Date.now() + days * 24 * HOUR);
  certificate.validity.notAfter = atMost && atMost < end ? atMost : end;
  return certificate;
}

function signed(certificate: pki.Certificate, key: string): string {
  const { md: { sha256 }, pki: { certificateToPem } } = forge();
  certificate.sign(signingKey(key), sha256.create());
  return certificateToPem(certificate).replace(/\r\n/g, '\n');
}

function signingKey(key: string): pki.rsa.PrivateKey {
  return forge().pki.privateKeyFromPem(rsaKey(key).export({ type: 'pkcs1', format: 'pem' }) as string);
}

function rsaKey(key: string): KeyObject {
  let own;
  try {
    own = createPrivateKey(key);
  } catch {
    throw new Error('it is no private key in PEM without a password');
  }
  if (own.asymmetricKeyType !== 'rsa') {
    throw new Error(`it is a key of the kind ${own.asymmetricKeyType}, and istio-mesh certs signs with RSA alone`);
  }
  return own;
}

/** The certificate that a key belongs to, among those of a root file. */
export function certificateOfKey(certificates: readonly Certificate[], key: string): Certificate | undefined {
  const own = rsaKey(key);
  return certificates.find(certificate => certificate.isOfKey(own));
}
