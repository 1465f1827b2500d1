import { createPrivateKey, X509Certificate } from 'crypto';
import { ISTIO_SYSTEM } from '../../names';
import { ClusterManifests } from '../manifests';
import { systemNamespaces } from './control-planes';
import { secretEntries } from './object-rules';
import { objectsOf, Part } from './parts';

/** Names of the files in a Secret `cacerts`, as Istio or as cert-manager calls them. */
const LAYOUTS = [
  { certificate: 'tls.crt', key: 'tls.key', root: 'ca.crt', chain: 'tls.crt' },
  { certificate: 'ca-cert.pem', key: 'ca-key.pem', root: 'root-cert.pem', chain: 'cert-chain.pem' },
];

/** One of the files of a signing authority. */
export interface AuthorityFile {
  readonly part: Part;
  readonly text: string;
  /** The certificates in it; undefined when it holds something else. */
  readonly certificates?: readonly X509Certificate[];
}

/** What istiod signs the identities of its workloads with. */
export interface SigningAuthority {
  readonly secret: Part;
  readonly missing: readonly string[];
  readonly certificate?: AuthorityFile;
  readonly key?: AuthorityFile;
  readonly chain?: AuthorityFile;
  readonly root?: AuthorityFile;
}

/** The Secrets `cacerts` of a cluster, but for empty and encrypted ones. */
export function signingAuthoritiesOf(cluster: ClusterManifests): SigningAuthority[] {
  return objectsOf(cluster, 'Secret').filter(secret => secret.at('metadata', 'name').value === 'cacerts').flatMap(secret => {
    const entries = secretEntries(secret);
    const layout = LAYOUTS.find(({ certificate }) => entries.some(({ part }) => part.key === certificate)) ?? LAYOUTS[1];
    const names = Object.values(layout);
    const isIstios = isOfIstiod(cluster, secret) || LAYOUTS[1] === layout && entries.some(({ part }) => names.includes(part.key));
    const file = (name: string) => {
      const entry = entries.find(({ part }) => part.key === name);
      return entry && { ...entry, certificates: certificatesIn(entry.text) };
    };
    return entries.length === 0 || !isIstios ? [] : [{
      secret,
      missing: [...new Set(names)].filter(name => !entries.some(({ part }) => part.key === name)),
      certificate: file(layout.certificate),
      key: file(layout.key),
      chain: file(layout.chain),
      root: file(layout.root),
    }];
  });
}

/** Whether a Secret is in a namespace of istiod. */
function isOfIstiod(cluster: ClusterManifests, secret: Part): boolean {
  const namespaces = systemNamespaces(cluster);
  return (namespaces.length > 0 ? namespaces : [ISTIO_SYSTEM]).includes(secret.at('metadata', 'namespace').text ?? namespaces[0]);
}

function certificatesIn(text: string): X509Certificate[] | undefined {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length > 0 ? blocks.map(block => new X509Certificate(block)) : undefined;
  } catch {
    return undefined;
  }
}

/** The certificates of an authority, each file once. */
export function certificateFiles({ certificate, chain, root }: SigningAuthority): AuthorityFile[] {
  return [certificate, chain?.part.key === certificate?.part.key ? undefined : chain, root].filter(file => file !== undefined);
}

/** Why the key of an authority is not that of its certificate. */
export function keyProblem({ certificate, key }: SigningAuthority): string | undefined {
  let own;
  try {
    own = key && createPrivateKey(key.text);
  } catch {
    return `${key!.part.key} is no private key in PEM that istiod can read, so that it does not start; write the key without a password`;
  }
  const signer = certificate?.certificates?.[0];
  return !own || !signer || signer.checkPrivateKey(own) ? undefined
    : `${key!.part.key} is not the key of ${certificate!.part.key}, so that istiod does not start; write the two that were made together`;
}

/** Whether a certificate was signed by a root, or by certificates that were. */
export function reachesRoot({ certificate, chain, root }: SigningAuthority): boolean {
  const roots = root?.certificates ?? [];
  let [current] = certificate?.certificates ?? [];
  for (const left = new Set([...certificate?.certificates ?? [], ...chain?.certificates ?? []]); current;) {
    if (roots.some(one => one.fingerprint256 === current.fingerprint256 || isSigned(current, one))) {
      return true;
    }
    left.delete(current);
    const signer: X509Certificate | undefined = [...left].find(one => one.fingerprint256 !== current.fingerprint256 && isSigned(current, one));
    left.forEach(one => one === signer && left.delete(one));
    current = signer!;
  }
  return false;
}

function isSigned(certificate: X509Certificate, by: X509Certificate): boolean {
  return certificate.checkIssued(by) && certificate.verify(by.publicKey);
}

/** Identifiers of signatures over SHA-1, as they stand in a certificate. */
const SHA1_SIGNATURES = ['06092a864886f70d010105', '06072a8648ce3d0401'].map(hex => Buffer.from(hex, 'hex'));

/** Whether a certificate is signed over SHA-1, which no Go program takes any more. */
export function isSignedOverSha1({ raw }: X509Certificate): boolean {
  return SHA1_SIGNATURES.some(identifier => raw.includes(identifier));
}
