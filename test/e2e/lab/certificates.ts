import { generateKeyPair } from 'crypto';
import { promisify } from 'util';
import { md, pki } from 'node-forge';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is for. */
export interface Subject {
  readonly commonName: string;
  /** Who signs it. @default itself */
  readonly issuer?: Certificate;
  /** Whether it is not valid any more. @default false: it is for one day */
  readonly expired?: boolean;
  /** Host names and addresses of a server. @default none: an authority, which signs others */
  readonly hosts?: readonly string[];
}

const DNS = 2;
const IP = 7;

/** A key of its own, as every program here reads it. */
export async function key(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return privateKey;
}

/** A new certificate. */
export async function certificate({ commonName, issuer, expired, hosts }: Subject): Promise<Certificate> {
  const pem = await key();
  const own = pki.privateKeyFromPem(pem);
  const signed = pki.createCertificate();
  signed.publicKey = pki.rsa.setPublicKey(own.n, own.e);
  signed.serialNumber = `01${Date.now().toString(16).padStart(14, '0')}`;
  signed.validity.notBefore = new Date(Date.now() - 3_600_000);
  signed.validity.notAfter = new Date(Date.now() + (expired ? -60_000 : 24 * 3_600_000));
  signed.setSubject([{ name: 'organizationName', value: 'Istio' }, { name: 'commonName', value: commonName }]);
  signed.setIssuer(issuer ? pki.certificateFromPem(issuer.certificate).subject.attributes : signed.subject.attributes);
  signed.setExtensions(hosts
    ? [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map(host => /^[\d.]+$/.test(host) ? { type: IP, ip: host } : { type: DNS, value: host }),
      },
    ]
    : [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true, critical: true },
    ]);
  signed.sign(issuer ? pki.privateKeyFromPem(issuer.key) : own, md.sha256.create());
  return { certificate: pki.certificateToPem(signed), key: pem };
}
