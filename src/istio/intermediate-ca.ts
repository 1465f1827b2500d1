import { closest } from 'fastest-levenshtein';
import { type MaybeProblem, type Problem, problem } from '../core/rule';
import { Certificate, privateKeyIn } from '../util/host/certificates';
import { isNear } from '../util/suggestions';

/** Names of the files in a Secret `cacerts`: those of cert-manager, and those of Istio. */
const LAYOUTS = [
  { certificate: 'tls.crt', key: 'tls.key', root: 'ca.crt', chain: 'tls.crt' },
  { certificate: 'ca-cert.pem', key: 'ca-key.pem', root: 'root-cert.pem', chain: 'cert-chain.pem' },
];

/** Istio's names of the files in a Secret `cacerts`. */
export const CACERTS_FILES: readonly string[] = Object.values(LAYOUTS[1]);

/** A file in a Secret `cacerts`. */
export interface CaFile {
  readonly name: string;
  readonly text: string;
  /** The certificates in the file; undefined if it has none, or one that cannot be read. */
  readonly certificates?: readonly Certificate[];
}

/** The intermediate CA with which istiod signs workload certificates: the files in a Secret `cacerts`. */
export interface IntermediateCa {
  /** Names of the files without which istiod does not start. */
  readonly missing: readonly string[];
  readonly certificate?: CaFile;
  readonly key?: CaFile;
  readonly chain?: CaFile;
  readonly root?: CaFile;
}

/**
 * The intermediate CA in some files; like istiod, uses the names of cert-manager if there is a `tls.crt`.
 *
 * @param texts texts of the files by their names
 */
export function intermediateCa(texts: ReadonlyMap<string, string>): IntermediateCa {
  const layout = LAYOUTS.find(({ certificate }) => texts.has(certificate)) ?? LAYOUTS[1];
  const file = (name: string): CaFile | undefined => {
    const text = texts.get(name);
    return text === undefined ? undefined : { name, text, certificates: certificatesIn(text) };
  };
  return {
    missing: [...new Set(Object.values(layout))].filter(name => !texts.has(name)),
    certificate: file(layout.certificate),
    key: file(layout.key),
    chain: file(layout.chain),
    root: file(layout.root),
  };
}

/** The certificates in a PEM text; undefined if it has none, or one that cannot be read. */
export function certificatesIn(text: string): Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length > 0 ? blocks.map(block => new Certificate(block)) : undefined;
  } catch {
    return undefined;
  }
}

/** A problem with a file of an intermediate CA. */
export interface CaProblem {
  readonly file: CaFile;
  readonly problem: Problem;
}

function inFile(file: CaFile | undefined, found: MaybeProblem): CaProblem[] {
  return file && found ? [{ file, problem: found }] : [];
}

/** The files that contain certificates, each of them once. */
function certificateFiles({ certificate, chain, root }: IntermediateCa): CaFile[] {
  const isChainInCertificate = chain?.name === certificate?.name;
  return [certificate, isChainInCertificate ? undefined : chain, root].filter(file => file !== undefined);
}

/** All problems of the existing files. */
export function caProblems(ca: IntermediateCa): CaProblem[] {
  const checks = [certificateProblems, keyProblems, rootProblems, dateProblems, sha1Problems];
  return checks.flatMap(check => check(ca));
}

/**
 * The problem of a missing file.
 *
 * @param others names of the existing files, one of which may be misspelt
 */
export function missingProblem(name: string, others: readonly string[]): Problem {
  const fix = isNear(name, others) ? `rename '${closest(name, [...others])}' if it is meant to be this file` : 'add it';
  return problem(`key '${name}' is missing, and istiod does not start without it`, fix);
}

/** Files without a readable certificate, and a certificate that is not a CA certificate. */
export function certificateProblems(ca: IntermediateCa): CaProblem[] {
  const { certificate } = ca;
  return [
    ...certificateFiles(ca).flatMap(file => inFile(file, !file.certificates
      && problem(`${file.name} has no PEM certificate that istiod can read, so istiod does not start`, 'write one'))),
    ...inFile(certificate, certificate?.certificates?.[0].isAuthority === false
      && problem(`${certificate.name} is not a CA certificate, so istiod cannot sign workload certificates with it`,
        'create an intermediate CA certificate with CA:true and the key usage certSign')),
  ];
}

/** A key that cannot be read, or that does not belong to the certificate. */
export function keyProblems({ certificate, key }: IntermediateCa): CaProblem[] {
  let privateKey;
  try {
    privateKey = key && privateKeyIn(key.text);
  } catch {
    return inFile(key, problem(`${key!.name} is not a PEM private key that istiod can read, so istiod does not start`,
      'write the key without a password'));
  }
  const signer = certificate?.certificates?.[0];
  return inFile(key, privateKey && signer && !signer.isOfKey(privateKey)
    && problem(`${key!.name} is not the key of ${certificate!.name}, so istiod does not start`,
      'write a key and a certificate that belong together'));
}

/** A root CA that signed neither the certificate nor its chain. */
export function rootProblems(ca: IntermediateCa): CaProblem[] {
  const { certificate, root } = ca;
  return inFile(root, certificate?.certificates && root?.certificates && !reachesRoot(ca)
    && problem(`${root.name} did not sign ${certificate.name} or any certificate of its chain, so istiod does not `
      + 'start', 'write the root CA that signed it, the same one in every cluster'));
}

/** Whether a root CA signed the certificate, directly or through the certificates of its chain. */
export function reachesRoot({ certificate, chain, root }: IntermediateCa): boolean {
  const [own] = certificate?.certificates ?? [];
  const intermediates = [...certificate?.certificates ?? [], ...chain?.certificates ?? []];
  return own !== undefined && isSignedUnder(root?.certificates ?? [], own, intermediates);
}

function isSignedUnder(
  roots: readonly Certificate[], certificate: Certificate, intermediates: readonly Certificate[],
): boolean {
  if (roots.some(root => isSame(root, certificate) || certificate.isSignedBy(root))) {
    return true;
  }
  const others = intermediates.filter(one => !isSame(one, certificate));
  const signer = others.find(one => certificate.isSignedBy(one));
  return signer !== undefined && isSignedUnder(roots, signer, others);
}

/** Whether two bundles have a root CA in common. */
export function shareRoot(one: readonly Certificate[], other: readonly Certificate[]): boolean {
  return one.some(root => other.some(otherRoot => isSame(root, otherRoot)));
}

/** Whether two intermediate CAs have the same root CAs. */
export function haveOneRoot(one: IntermediateCa, other: IntermediateCa): boolean {
  const fingerprints = ({ root }: IntermediateCa) =>
    root?.certificates?.map(({ fingerprint }) => fingerprint).sort().join();
  return fingerprints(one) === fingerprints(other);
}

function isSame(one: Certificate, other: Certificate): boolean {
  return one.fingerprint === other.fingerprint;
}

/** Files whose certificates are all expired, or all not valid yet. */
export function dateProblems(ca: IntermediateCa): CaProblem[] {
  return certificateFiles(ca).flatMap(file => {
    const invalidity = invalidityOf(file.certificates);
    return inFile(file, invalidity && problem(`${file.name} ${invalidity.reason}, and istiod rejects it`,
      invalidity.fix));
  });
}

/** Why certificates are not valid at present, and what to do about it. */
export interface Invalidity {
  /** The predicate of a sentence, e.g. `expired on 2026-01-31`. */
  readonly reason: string;
  readonly fix: string;
}

/** Why none of these certificates is valid at present; undefined if one of them may be. */
export function invalidityOf(certificates: readonly Certificate[] = []): Invalidity | undefined {
  if (certificates.length === 0) {
    return undefined;
  }
  const now = Date.now();
  const start = Math.min(...certificates.map(certificate => certificate.start));
  const end = endOf(certificates);
  if (end < now) {
    return { reason: `expired on ${day(end)}`, fix: 'create it again under the same root CA' };
  }
  const fix = 'correct the clock of the machine that created it';
  return start > now ? { reason: `is not valid before ${day(start)}`, fix } : undefined;
}

/** When the last of some certificates expires. */
export function endOf(certificates: readonly Certificate[]): number {
  return Math.max(...certificates.map(certificate => certificate.end));
}

/** A date as `YYYY-MM-DD`. */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Certificates that are signed with SHA-1, which Go programs reject. */
export function sha1Problems(ca: IntermediateCa): CaProblem[] {
  // istiod does not verify the signature of a root CA
  const files = certificateFiles(ca).filter(file => file !== ca.root);
  return files.flatMap(file => inFile(file, file.certificates?.some(({ isSignedOverSha1 }) => isSignedOverSha1)
    && problem(`${file.name} is signed with SHA-1, which istiod rejects`, 'create it again with SHA-256')));
}
