import type { ClusterManifests } from './manifests';
import { secretEntries } from './object-rules';
import { namespaceProblem } from './remote-secret-rules';
import type { SecretAuthority } from './signing-authorities';
import { signingAuthoritiesOf } from './signing-authorities';
import type { Finding, Rule } from '../../core/rule';
import { Severity } from '../../core/rule';
import type { AuthorityProblem, SigningAuthority } from '../../istio/signing-authority';
import { certificateProblems, dateProblems, keyProblems, missingProblem, rootProblems, sha1Problems } from '../../istio/signing-authority';

const PLUG_IN = 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/';

/** Judges each Secret `cacerts` of a cluster. */
function ofEachSecret(check: (authority: SecretAuthority, cluster: ClusterManifests) => Finding[]): Rule<ClusterManifests>['check'] {
  return cluster => signingAuthoritiesOf(cluster).flatMap(authority => check(authority, cluster));
}

/** Judges the files of each. */
function ofEachAuthority(check: (authority: SigningAuthority) => AuthorityProblem[]): Rule<ClusterManifests>['check'] {
  return ofEachSecret(({ authority, part }) => check(authority).flatMap(([file, problem]) => part(file).found(problem)));
}

function completeness({ secret, authority: { missing } }: SecretAuthority): Finding[] {
  const others = secretEntries(secret).map(({ part }) => part.key);
  return missing.flatMap(name => secret.found(missingProblem(name, others)));
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
    check: ofEachSecret(completeness),
  },
  {
    code: 'IM182',
    severity: Severity.ERROR,
    title: 'the files of cacerts are certificates, and the first is an authority\'s',
    symptom: 'istiod ends with "certificate is not authorized to sign other certificates"',
    fix: 'make an intermediate certificate with CA:true',
    see: PLUG_IN,
    check: ofEachAuthority(certificateProblems),
  },
  {
    code: 'IM183',
    severity: Severity.ERROR,
    title: 'the key of cacerts is that of its certificate',
    symptom: 'istiod ends with "the cert does not match the key"',
    fix: 'write the two that were made together',
    see: PLUG_IN,
    check: ofEachAuthority(keyProblems),
  },
  {
    code: 'IM184',
    severity: Severity.ERROR,
    title: 'the certificate of cacerts was signed under its root',
    symptom: 'istiod ends with "cannot verify the cert with the provided root chain and cert pool"',
    fix: 'write the root that signed it, and every certificate between the two in the chain',
    see: PLUG_IN,
    check: ofEachAuthority(rootProblems),
  },
  {
    code: 'IM185',
    severity: Severity.ERROR,
    title: 'the certificates of cacerts are valid now',
    symptom: 'CERTIFICATE_VERIFY_FAILED between all workloads, or istiod does not start',
    fix: 'make the intermediate anew, under the same root',
    see: PLUG_IN,
    check: ofEachAuthority(dateProblems),
  },
  {
    code: 'IM186',
    severity: Severity.ERROR,
    title: 'the certificates of cacerts are not signed over SHA-1',
    symptom: 'x509: cannot verify signature: insecure algorithm SHA1-RSA',
    fix: 'sign them over SHA-256',
    see: PLUG_IN,
    check: ofEachAuthority(sha1Problems),
  },
  {
    code: 'IM187',
    severity: Severity.ERROR,
    title: 'the Secret cacerts is in the namespace of istiod',
    symptom: 'istiod makes a root of its own in each cluster, and every request between clusters fails in the handshake',
    fix: 'write the namespace of the control plane',
    see: PLUG_IN,
    check: ofEachSecret(({ secret }, cluster) => secret.at('metadata', 'namespace').found(namespaceProblem(cluster, secret))),
  },
];
