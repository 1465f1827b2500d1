import { X509Certificate } from 'crypto';
import { closest } from 'fastest-levenshtein';
import { isNear } from '../../nearest';
import { ClusterManifests } from '../manifests';
import { Finding, Rule, Severity } from '../rule';
import { secretEntries } from './object-rules';
import { namespaceProblem } from './remote-secret-rules';
import { certificateFiles, isSignedOverSha1, keyProblem, reachesRoot, SigningAuthority, signingAuthoritiesOf } from './signing-authorities';

const PLUG_IN = 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/';

/** Judges each Secret `cacerts` of a cluster. */
function ofEachAuthority(check: (authority: SigningAuthority, cluster: ClusterManifests) => Finding[]): Rule<ClusterManifests>['check'] {
  return cluster => signingAuthoritiesOf(cluster).flatMap(authority => check(authority, cluster));
}

function completeness({ secret, missing }: SigningAuthority): Finding[] {
  const others = secretEntries(secret).map(({ part }) => part.key);
  return missing.flatMap(name => {
    const misspelt = isNear(name, others) ? closest(name, others) : undefined;
    return secret.found(`key '${name}' is missing, and istiod does not start with a part of the files; ${misspelt === undefined ? 'add it' : `write '${name}' where '${misspelt}' stands, if that is what it is`}`);
  });
}

/** What is wrong with all of the certificates in one file. */
function datesProblem(name: string, certificates: readonly X509Certificate[]): string | undefined {
  const now = Date.now();
  const end = Math.max(...certificates.map(({ validTo }) => Date.parse(validTo)));
  const start = Math.min(...certificates.map(({ validFrom }) => Date.parse(validFrom)));
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return end < now ? `${name} ended on ${day(end)}, and istiod refuses it; make it anew, under the same root`
    : start > now ? `${name} starts on ${day(start)}, and istiod refuses it until then; correct the clock of the machine that made it` : undefined;
}

/** The authority by which the workloads of all clusters trust each other. */
export const SIGNING_AUTHORITY_RULES: ReadonlyArray<Rule<ClusterManifests>> = [
  {
    code: 'IM181',
    severity: Severity.ERROR,
    title: 'the Secret cacerts is complete',
    symptom: 'istiod ends with "incomplete signing CA bundle detected"',
    fix: 'add ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem',
    see: PLUG_IN,
    check: ofEachAuthority(completeness),
  },
  {
    code: 'IM182',
    severity: Severity.ERROR,
    title: 'the files of cacerts are certificates, and the first is an authority\'s',
    symptom: 'istiod ends with "certificate is not authorized to sign other certificates"',
    fix: 'make an intermediate certificate with CA:true',
    see: PLUG_IN,
    check: ofEachAuthority(authority => [
      ...certificateFiles(authority).flatMap(({ part, certificates }) => part.found(certificates ? undefined : `${part.key} holds no certificate in PEM that istiod can read, so that it does not start; write one`)),
      ...authority.certificate?.part.found(authority.certificate.certificates?.[0].ca === false
        ? `${authority.certificate.part.key} is no authority (CA:false), so that it can sign no workload; make an intermediate certificate with CA:true` : undefined) ?? [],
    ]),
  },
  {
    code: 'IM183',
    severity: Severity.ERROR,
    title: 'the key of cacerts is that of its certificate',
    symptom: 'istiod ends with "the cert does not match the key"',
    fix: 'write the two that were made together',
    see: PLUG_IN,
    check: ofEachAuthority(authority => authority.key?.part.found(keyProblem(authority)) ?? []),
  },
  {
    code: 'IM184',
    severity: Severity.ERROR,
    title: 'the certificate of cacerts was signed under its root',
    symptom: 'istiod ends with "cannot verify the cert with the provided root chain and cert pool"',
    fix: 'write the root that signed it, and every certificate between the two in the chain',
    see: PLUG_IN,
    check: ofEachAuthority(authority => {
      const { certificate, root } = authority;
      return root?.part.found(certificate?.certificates && root.certificates && !reachesRoot(authority)
        ? `${root.part.key} did not sign ${certificate.part.key}, nor any certificate of its chain, so that istiod does not start; write the root that did, the same in every cluster` : undefined) ?? [];
    }),
  },
  {
    code: 'IM185',
    severity: Severity.ERROR,
    title: 'the certificates of cacerts are valid now',
    symptom: 'CERTIFICATE_VERIFY_FAILED between all workloads, or istiod does not start',
    fix: 'make the intermediate anew, under the same root',
    see: PLUG_IN,
    check: ofEachAuthority(authority => certificateFiles(authority).flatMap(({ part, certificates }) =>
      part.found(certificates && datesProblem(part.key, certificates)))),
  },
  {
    code: 'IM186',
    severity: Severity.ERROR,
    title: 'the certificates of cacerts are not signed over SHA-1',
    symptom: 'x509: cannot verify signature: insecure algorithm SHA1-RSA',
    fix: 'sign them over SHA-256',
    see: PLUG_IN,
    check: ofEachAuthority(authority => certificateFiles(authority).filter(({ part }) => part !== authority.root?.part) // nobody checks a root's own
      .flatMap(({ part, certificates }) => part.found(certificates?.some(isSignedOverSha1)
        ? `${part.key} is signed over SHA-1, which istiod refuses; make it anew with SHA-256` : undefined))),
  },
  {
    code: 'IM187',
    severity: Severity.ERROR,
    title: 'the Secret cacerts is in the namespace of istiod',
    symptom: 'istiod makes a root of its own in each cluster, and every request between clusters fails in the handshake',
    fix: 'write the namespace of the control plane',
    see: PLUG_IN,
    check: ofEachAuthority(({ secret }, cluster) => secret.at('metadata', 'namespace').found(namespaceProblem(cluster, secret))),
  },
];
