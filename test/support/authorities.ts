import { generateKeyPairSync } from 'crypto';
import { type Files, directoryWith } from './mesh-util';
import { type Issuer, intermediateCertificate, rootCertificate } from '../../src/cli/certs/certificates';

/** A key that is made faster than those of the command. */
export function smallKey(): string {
  return generateKeyPairSync('rsa',
    { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** A root of its own. */
export function newRoot(days = 3650): Issuer {
  const key = smallKey();
  return { key, certificate: rootCertificate(key, days) };
}

/** The files of a cluster's authority under a root. */
export function authorityFiles(issuer: Issuer, { cluster = 'cluster1', days = 3650, key = smallKey() } = {}): Files {
  const certificate = intermediateCertificate(key, { cluster, namespace: 'istio-system', issuer, days });
  return {
    'ca-cert.pem': certificate,
    'ca-key.pem': key,
    'cert-chain.pem': certificate + issuer.certificate,
    'root-cert.pem': issuer.certificate,
  };
}

/** A directory with the files of some clusters, and others at its top. */
export function pemDirectory(clusters: { readonly [cluster: string]: Files }, top: Files = {}): string {
  const below = Object.entries(clusters)
    .flatMap(([cluster, files]) => Object.entries(files).map(([name, text]) => [`${cluster}/${name}`, text]));
  return directoryWith({ ...top, ...Object.fromEntries(below) });
}
