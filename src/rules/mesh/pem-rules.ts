import { checkEachCluster, checkSetting, checkShared } from './cluster-rule';
import { type Check, type MaybeProblem, type Rules, prefixed, problem, Severity, violations } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import {
  type CaProblem, type IntermediateCa,
  certificateProblems, dateProblems, day, endOf, haveOneRoot, keyProblems, reachesRoot, rootProblems, sha1Problems,
} from '../../istio/intermediate-ca';
import type { Certificate } from '../../util/host/certificates';

const PLUG_IN = 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/';
const ROOTS = 'https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/#trust-configuration';

/** The CA of a cluster from its PEM files; undefined if it has no PEM directory, or no files in it yet. */
function caOf({ pemDirectory, name }: ClusterModel): IntermediateCa | undefined {
  return pemDirectory?.of(name).ca;
}

/** The PEM directory of a cluster, as messages show it. */
function directoryOf({ pemDirectory, name }: ClusterModel): string {
  return `'${pemDirectory!.shown(name)}'`;
}

/** A check that evaluates the PEM files of each cluster that has some. */
function checkEachCa(check: (ca: IntermediateCa) => CaProblem[]): Check<MeshModel> {
  return checkEachCluster(cluster => {
    const ca = caOf(cluster);
    return ca ? check(ca).flatMap(({ problem: found }) =>
      violations(['trust'], prefixed(`trust: in ${directoryOf(cluster)}: `, found))) : [];
  });
}

/** Rules for the PEM files of the clusters' CAs. */
export const PEM_RULES: Rules<MeshModel> = [
  {
    code: 'IM023',
    severity: Severity.ERROR,
    title: 'the PEM files of a cluster are complete',
    symptom: 'istiod exits with "incomplete signing CA bundle detected"',
    fix: 'add ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem, or remove all four so that istio-mesh certs '
      + 'creates them again',
    see: PLUG_IN,
    check: checkEachCluster(cluster => {
      const unreadable = cluster.pemDirectory?.of(cluster.name).unreadable;
      return violations(['trust'], prefixed('trust: ', unreadable), missingFiles(cluster));
    }),
  },
  {
    code: 'IM024',
    severity: Severity.ERROR,
    title: 'the PEM files of a cluster contain CA certificates that are signed with SHA-256',
    symptom: 'istiod exits with "certificate is not authorized to sign other certificates", or with "insecure '
      + 'algorithm SHA1-RSA"',
    fix: 'create an intermediate certificate with CA:true and the key usage certSign, signed with SHA-256',
    see: PLUG_IN,
    check: checkEachCa(ca => [...certificateProblems(ca), ...sha1Problems(ca)]),
  },
  {
    code: 'IM025',
    severity: Severity.ERROR,
    title: 'the key and the root in a cluster\'s PEM files match its certificate',
    symptom: 'istiod exits with "the cert does not match the key", or with "cannot verify the cert with the provided '
      + 'root chain and cert pool"',
    fix: 'use files that were created together',
    see: PLUG_IN,
    check: checkEachCa(ca => [...keyProblems(ca), ...rootProblems(ca)]),
  },
  {
    code: 'IM026',
    severity: Severity.ERROR,
    title: 'the certificates in a cluster\'s PEM files are currently valid',
    symptom: 'CERTIFICATE_VERIFY_FAILED between all workloads, or istiod does not start',
    fix: 'create a new intermediate CA under the same root',
    see: PLUG_IN,
    check: checkEachCa(dateProblems),
  },
  {
    code: 'IM027',
    severity: Severity.ERROR,
    title: 'linked clusters have the same root CA',
    symptom: 'requests reach the other cluster and fail in the TLS handshake: CERTIFICATE_VERIFY_FAILED on one side, '
      + 'TLSV1_ALERT_UNKNOWN_CA on the other',
    fix: 'create the intermediate CAs of all clusters under one root, and use the same root-cert.pem for all',
    see: ROOTS,
    check: checkSetting(['trust'], untrustedPeer),
  },
  {
    code: 'IM028',
    severity: Severity.WARNING,
    title: 'the certificates in a cluster\'s PEM files are valid for at least another month',
    symptom: 'from the day on which they expire, every request of the cluster fails',
    fix: 'remove the directory of the cluster, and run istio-mesh certs with --apply --renew',
    see: PLUG_IN,
    check: checkEachCluster(cluster => violations(['trust'], ...expiryProblems(cluster))),
  },
  {
    code: 'IM029',
    severity: Severity.WARNING,
    title: 'each cluster has its own intermediate CA',
    symptom: 'anyone who has the key of one cluster can sign for all workloads of another',
    fix: 'create an intermediate CA for each cluster',
    see: PLUG_IN,
    check: checkShared(['trust'], cluster => caOf(cluster)?.certificate?.certificates?.[0].publicKey,
      (cluster, other) => problem(`trust: the CA in ${directoryOf(cluster)} is also that of '${other.name}', so anyone `
        + 'who has the key of one can sign for both', 'create one for each cluster')),
  },
];

function missingFiles(cluster: ClusterModel): MaybeProblem {
  const missing = caOf(cluster)?.missing.map(name => `'${name}'`) ?? [];
  return missing.length === 0 ? undefined
    : problem(
      `trust: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing in ${directoryOf(cluster)}, and `
        + 'istiod does not start with an incomplete set of files',
      'add the missing files, or remove the directory and run istio-mesh certs',
    );
}

function untrustedPeer(cluster: ClusterModel): MaybeProblem {
  const peer = cluster.peers.find(one => !trusts(caOf(cluster), caOf(one)));
  return peer && problem(
    `trust: root-cert.pem in ${directoryOf(cluster)} did not sign the CA of its peer '${peer.name}' in `
      + `${directoryOf(peer)}, so every request between them fails in the TLS handshake`,
    'create both under one root',
  );
}

/** Whether two CAs have the same root, or the root of the first one signed the other; true if either is incomplete. */
function trusts(ca: IntermediateCa | undefined, other: IntermediateCa | undefined): boolean {
  if (!ca?.root?.certificates || !other?.certificate?.certificates || !other.root?.certificates) {
    return true;
  }
  return haveOneRoot(ca, other) || reachesRoot({ ...other, root: ca.root });
}

function expiryProblems(cluster: ClusterModel): MaybeProblem[] {
  const ca = caOf(cluster);
  if (!ca) {
    return [];
  }
  const certificateDay = expiryDay(ca.certificate?.certificates?.slice(0, 1));
  const rootDay = expiryDay(ca.root?.certificates);
  const place = `trust: in ${directoryOf(cluster)}: `;
  return [
    certificateDay !== undefined && problem(
      `${place}ca-cert.pem expires on ${certificateDay}, and every request of the cluster fails from then on`,
      'remove the directory, and run istio-mesh certs with --apply --renew',
    ),
    rootDay !== undefined && problem(
      `${place}root-cert.pem expires on ${rootDay}, and every request of the mesh fails from then on`,
      'plan its replacement, because istiod accepts a new root only while ISTIO_MULTIROOT_MESH allows both roots',
    ),
  ];
}

const MONTH = 30 * 24 * 3600 * 1000;

/** The day on which certificates expire, if that is in the future and within a month. */
function expiryDay(certificates: readonly Certificate[] = []): string | undefined {
  const end = endOf(certificates);
  const left = end - Date.now();
  return left > 0 && left < MONTH ? day(end) : undefined;
}
