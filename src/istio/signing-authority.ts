import { closest } from 'fastest-levenshtein';
import { Certificate, privateKeyIn } from '../util/host/certificates';
import { isNear } from '../util/suggestions';

/** Names of the files in a Secret `cacerts`, as Istio or as cert-manager calls them. */
const LAYOUTS = [
  { certificate: 'tls.crt', key: 'tls.key', root: 'ca.crt', chain: 'tls.crt' },
  { certificate: 'ca-cert.pem', key: 'ca-key.pem', root: 'root-cert.pem', chain: 'cert-chain.pem' },
];

/** The files of a signing authority, as Istio calls them. */
export const AUTHORITY_FILES: readonly string[] = Object.values(LAYOUTS[1]);

/** One of the files of a signing authority. */
export interface AuthorityFile {
  readonly name: string;
  readonly text: string;
  /** The certificates in it; undefined when it holds something else. */
  readonly certificates?: readonly Certificate[];
}

/** What istiod signs the identities of its workloads with. */
export interface SigningAuthority {
  /** Names of the files without which istiod does not start. */
  readonly missing: readonly string[];
  readonly certificate?: AuthorityFile;
  readonly key?: AuthorityFile;
  readonly chain?: AuthorityFile;
  readonly root?: AuthorityFile;
}

/** Authorities by their texts: every rule asks, and certificates take longer to read than all else of a rule. */
const AUTHORITIES = new WeakMap<ReadonlyMap<string, string>, SigningAuthority>();

/** The authority of some files, which nobody changes any more. */
export function signingAuthority(texts: ReadonlyMap<string, string>): SigningAuthority {
  const authority = AUTHORITIES.get(texts) ?? authorityIn(texts);
  AUTHORITIES.set(texts, authority);
  return authority;
}

/** In cert-manager's layout where there is a `tls.crt`, as istiod decides it, and otherwise in Istio's. */
function authorityIn(texts: ReadonlyMap<string, string>): SigningAuthority {
  const layout = LAYOUTS.find(({ certificate }) => texts.has(certificate)) ?? LAYOUTS[1];
  const file = (name: string): AuthorityFile | undefined => {
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

/** The certificates in some PEM text; undefined when it holds none, or one that nobody can read. */
export function certificatesIn(text: string): Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length > 0 ? blocks.map(block => new Certificate(block)) : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a file of an authority, in one sentence: the file, the rule and the fix. */
export type AuthorityProblem = readonly [file: AuthorityFile, problem: string];

function problem(file: AuthorityFile | undefined, sentence: string | false | undefined): AuthorityProblem[] {
  return file && sentence ? [[file, sentence]] : [];
}

/** The certificates of an authority, each file once. */
function certificateFiles({ certificate, chain, root }: SigningAuthority): AuthorityFile[] {
  return [certificate, chain?.name === certificate?.name ? undefined : chain, root].filter(file => file !== undefined);
}

/** Everything that is wrong with the files that are there. */
export function authorityProblems(authority: SigningAuthority): AuthorityProblem[] {
  return [certificateProblems, keyProblems, rootProblems, dateProblems, sha1Problems].flatMap(problems => problems(authority));
}

/**
 * Why a file of an authority is missed.
 *
 * @param others names that are there, of which one may be misspelt
 */
export function missingProblem(name: string, others: readonly string[]): string {
  const misspelt = isNear(name, others) ? closest(name, [...others]) : undefined;
  return `key '${name}' is missing, and istiod does not start with a part of the files; ${misspelt === undefined ? 'add it' : `write '${name}' where '${misspelt}' stands, if that is what it is`}`;
}

/** Where there is no certificate, or one that may sign nothing. */
export function certificateProblems(authority: SigningAuthority): AuthorityProblem[] {
  const { certificate } = authority;
  return [
    ...certificateFiles(authority).flatMap(file =>
      problem(file, !file.certificates && `${file.name} holds no certificate in PEM that istiod can read, so that it does not start; write one`)),
    ...problem(certificate, certificate?.certificates?.[0].isAuthority === false
      && `${certificate.name} is no authority, so that it can sign no workload; make an intermediate certificate with CA:true and the usage certSign`),
  ];
}

/** Where the key is not that of the certificate. */
export function keyProblems({ certificate, key }: SigningAuthority): AuthorityProblem[] {
  let own;
  try {
    own = key && privateKeyIn(key.text);
  } catch {
    return problem(key, `${key!.name} is no private key in PEM that istiod can read, so that it does not start; write the key without a password`);
  }
  const signer = certificate?.certificates?.[0];
  return problem(key, own && signer && !signer.isOfKey(own)
    && `${key!.name} is not the key of ${certificate!.name}, so that istiod does not start; write the two that were made together`);
}

/** Where the root did not sign the certificate. */
export function rootProblems(authority: SigningAuthority): AuthorityProblem[] {
  const { certificate, root } = authority;
  return problem(root, certificate?.certificates && root?.certificates && !reachesRoot(authority)
    && `${root.name} did not sign ${certificate.name}, nor any certificate of its chain, so that istiod does not start; write the root that did, the same in every cluster`);
}

/** Whether a certificate was signed by a root, or by certificates that were. */
export function reachesRoot({ certificate, chain, root }: SigningAuthority): boolean {
  const roots = root?.certificates ?? [];
  let [current] = certificate?.certificates ?? [];
  for (const left = new Set([...certificate?.certificates ?? [], ...chain?.certificates ?? []]); current;) {
    if (roots.some(one => one.fingerprint === current.fingerprint || current.isSignedBy(one))) {
      return true;
    }
    left.delete(current);
    const signer: Certificate | undefined = [...left].find(one => one.fingerprint !== current.fingerprint && current.isSignedBy(one));
    left.forEach(one => one === signer && left.delete(one));
    current = signer!;
  }
  return false;
}

/** Whether two bundles of roots have one in common. */
export function shareRoot(one: readonly Certificate[], other: readonly Certificate[]): boolean {
  return one.some(root => other.some(({ fingerprint }) => fingerprint === root.fingerprint));
}

/** Whether two authorities have the same roots. */
export function haveOneRoot(one: SigningAuthority, other: SigningAuthority): boolean {
  const roots = ({ root }: SigningAuthority) => root?.certificates?.map(({ fingerprint }) => fingerprint).sort().join();
  return roots(one) === roots(other);
}

/** Where all certificates of a file are over, or none has begun. */
export function dateProblems(authority: SigningAuthority): AuthorityProblem[] {
  const now = Date.now();
  return certificateFiles(authority).flatMap(file => {
    const { name, certificates = [] } = file;
    const start = Math.min(...certificates.map(certificate => certificate.start));
    const end = endOf(certificates);
    return certificates.length === 0 ? [] : problem(file, end < now ? `${name} ended on ${day(end)}, and istiod refuses it; make it anew, under the same root`
      : start > now && `${name} starts on ${day(start)}, and istiod refuses it until then; correct the clock of the machine that made it`);
  });
}

/** When the last of some certificates ends. */
export function endOf(certificates: readonly Certificate[]): number {
  return Math.max(...certificates.map(certificate => certificate.end));
}

export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Where a certificate is signed over SHA-1, which no Go program takes any more. */
export function sha1Problems(authority: SigningAuthority): AuthorityProblem[] {
  return certificateFiles(authority).filter(file => file !== authority.root) // nobody checks a root's own
    .flatMap(file => problem(file, file.certificates?.some(({ isSignedOverSha1 }) => isSignedOverSha1)
      && `${file.name} is signed over SHA-1, which istiod refuses; make it anew with SHA-256`));
}
