import { type Cacerts, cacertsOf } from './cacerts';
import type { ClusterManifests } from './manifests';
import { secretEntries } from './object-rules';
import { namespaceProblem } from './remote-secret-rules';
import { type Check, type Rules, type Violation, Severity } from '../../core/rule';
import {
  type CaProblem, type IntermediateCa,
  certificateProblems, dateProblems, keyProblems, missingProblem, rootProblems, sha1Problems,
} from '../../istio/intermediate-ca';

const PLUG_IN = 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/';

/** A check that evaluates each Secret `cacerts` of a cluster. */
function checkEachCacerts(
  check: (cacerts: Cacerts, cluster: ClusterManifests) => Violation[],
): Check<ClusterManifests> {
  return cluster => cacertsOf(cluster).flatMap(cacerts => check(cacerts, cluster));
}

/** A check that evaluates the CA in each Secret `cacerts`; messages have the place of the file. */
function checkEachCa(check: (ca: IntermediateCa) => CaProblem[]): Check<ClusterManifests> {
  return checkEachCacerts(({ ca, part }) => check(ca).flatMap(({ file, problem }) => part(file).found(problem)));
}

function missingFiles({ secret, ca: { missing } }: Cacerts): Violation[] {
  const present = secretEntries(secret).map(({ part }) => part.key);
  return missing.flatMap(name => secret.found(missingProblem(name, present)));
}

/** Rules for the Secret `cacerts`, whose CA makes the workloads of all clusters trust each other. */
export const CACERTS_RULES: Rules<ClusterManifests> = [
  {
    code: 'IM181',
    severity: Severity.ERROR,
    title: 'the Secret cacerts is complete',
    symptom: 'istiod exits with "incomplete signing CA bundle detected"',
    fix: 'add ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem',
    see: PLUG_IN,
    check: checkEachCacerts(missingFiles),
  },
  {
    code: 'IM182',
    severity: Severity.ERROR,
    title: 'the files of cacerts are certificates, and the first one is a CA certificate',
    symptom: 'istiod exits with "certificate is not authorized to sign other certificates"',
    fix: 'create an intermediate certificate with CA:true',
    see: PLUG_IN,
    check: checkEachCa(certificateProblems),
  },
  {
    code: 'IM183',
    severity: Severity.ERROR,
    title: 'the key of cacerts matches its certificate',
    symptom: 'istiod exits with "the cert does not match the key"',
    fix: 'use a key and a certificate that were created together',
    see: PLUG_IN,
    check: checkEachCa(keyProblems),
  },
  {
    code: 'IM184',
    severity: Severity.ERROR,
    title: 'the root of cacerts signed its certificate',
    symptom: 'istiod exits with "cannot verify the cert with the provided root chain and cert pool"',
    fix: 'use the root that signed it, and include every certificate between the two in the chain',
    see: PLUG_IN,
    check: checkEachCa(rootProblems),
  },
  {
    code: 'IM185',
    severity: Severity.ERROR,
    title: 'the certificates of cacerts are currently valid',
    symptom: 'CERTIFICATE_VERIFY_FAILED between all workloads, or istiod does not start',
    fix: 'create a new intermediate CA under the same root',
    see: PLUG_IN,
    check: checkEachCa(dateProblems),
  },
  {
    code: 'IM186',
    severity: Severity.ERROR,
    title: 'the certificates of cacerts are not signed with SHA-1',
    symptom: 'x509: cannot verify signature: insecure algorithm SHA1-RSA',
    fix: 'sign them with SHA-256',
    see: PLUG_IN,
    check: checkEachCa(sha1Problems),
  },
  {
    code: 'IM187',
    severity: Severity.ERROR,
    title: 'the Secret cacerts is in the namespace of istiod',
    symptom: 'istiod creates its own root CA in each cluster, and every request between clusters fails in the TLS '
      + 'handshake',
    fix: 'use the namespace of the control plane',
    see: PLUG_IN,
    check: checkEachCacerts(({ secret }, cluster) =>
      secret.at('metadata', 'namespace').found(namespaceProblem(cluster, secret))),
  },
];
