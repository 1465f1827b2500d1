import { ofCluster, ofEachCluster } from './cluster-rule';
import type { Finding, Rule } from '../../core/rule';
import { found, Severity } from '../../core/rule';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import type { AuthorityProblem, SigningAuthority } from '../../istio/signing-authority';
import { certificateProblems, dateProblems, day, endOf, haveOneRoot, keyProblems, reachesRoot, rootProblems, sha1Problems, signingAuthority } from '../../istio/signing-authority';
import type { Certificate } from '../../util/host/certificates';

const PLUG_IN = 'https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/';
const ROOTS = 'https://istio.io/latest/docs/ops/diagnostic-tools/multicluster/#trust-configuration';

/** The PEM files of a cluster's authority; undefined where it names none, or nobody made them yet. */
function authorityOf({ pemDirectory, name }: ClusterModel): SigningAuthority | undefined {
  const texts = pemDirectory?.of(name).texts;
  return texts && signingAuthority(texts);
}

function place({ pemDirectory, name }: ClusterModel): string {
  return `'${pemDirectory!.shown(name)}'`;
}

/** Judges the files of each cluster that has some. */
function ofEachAuthority(check: (authority: SigningAuthority) => AuthorityProblem[]): Rule<MeshModel>['check'] {
  return ofEachCluster(cluster => {
    const authority = authorityOf(cluster);
    return authority ? check(authority).map(([, problem]) => found(['trust'], `trust: in ${place(cluster)}: ${problem}`)) : [];
  });
}

/** The PEM files of signing authorities, where a mesh names some and they are there. */
export const PEM_RULES: ReadonlyArray<Rule<MeshModel>> = [
  {
    code: 'IM023',
    severity: Severity.ERROR,
    title: 'the PEM files of a cluster are all there',
    symptom: 'istiod ends with "incomplete signing CA bundle detected"',
    fix: 'add ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem, or remove all four for istio-mesh certs to make them anew',
    see: PLUG_IN,
    check: ofEachCluster(cluster => {
      const unreadable = cluster.pemDirectory?.of(cluster.name).unreadable;
      const missing = authorityOf(cluster)?.missing.map(name => `'${name}'`) ?? [];
      return [found(['trust'], unreadable === undefined ? undefined : `trust: ${unreadable}`), found(['trust'], missing.length === 0 ? undefined
        : `trust: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing in ${place(cluster)}, and istiod does not start with a part of the files; add what is missing, or remove the directory and run istio-mesh certs`)];
    }),
  },
  {
    code: 'IM024',
    severity: Severity.ERROR,
    title: 'the PEM files of a cluster are certificates of an authority, and signed over SHA-256',
    symptom: 'istiod ends with "certificate is not authorized to sign other certificates", or with "insecure algorithm SHA1-RSA"',
    fix: 'make an intermediate certificate with CA:true and the usage certSign, signed over SHA-256',
    see: PLUG_IN,
    check: ofEachAuthority(authority => [...certificateProblems(authority), ...sha1Problems(authority)]),
  },
  {
    code: 'IM025',
    severity: Severity.ERROR,
    title: 'the key and the root of a cluster\'s PEM files are those of its certificate',
    symptom: 'istiod ends with "the cert does not match the key", or with "cannot verify the cert with the provided root chain and cert pool"',
    fix: 'write the files that were made together',
    see: PLUG_IN,
    check: ofEachAuthority(authority => [...keyProblems(authority), ...rootProblems(authority)]),
  },
  {
    code: 'IM026',
    severity: Severity.ERROR,
    title: 'the certificates of a cluster\'s PEM files are valid now',
    symptom: 'CERTIFICATE_VERIFY_FAILED between all workloads, or istiod does not start',
    fix: 'make the intermediate anew, under the same root',
    see: PLUG_IN,
    check: ofEachAuthority(dateProblems),
  },
  {
    code: 'IM027',
    severity: Severity.ERROR,
    title: 'linked clusters have one root',
    symptom: 'requests reach the other cluster and die in the handshake: CERTIFICATE_VERIFY_FAILED here, TLSV1_ALERT_UNKNOWN_CA there',
    fix: 'make the intermediates of all clusters under one root, and write the same root-cert.pem for all',
    see: ROOTS,
    check: ofEachCluster(cluster => {
      const stranger = cluster.peers.find(peer => !knows(authorityOf(cluster), authorityOf(peer)));
      return [found(['trust'], stranger && `trust: root-cert.pem in ${place(cluster)} did not sign the authority of its peer '${stranger.name}', in ${place(stranger)}, so that every request between them fails in the handshake; `
        + 'make both under one root')];
    }),
  },
  {
    code: 'IM028',
    severity: Severity.WARNING,
    title: 'the certificates of a cluster\'s PEM files last another month',
    symptom: 'on the day it ends, every request of the cluster fails',
    fix: 'remove the directory of the cluster, and run istio-mesh certs with --apply --renew',
    see: PLUG_IN,
    check: ofEachCluster(cluster => {
      const { certificate, root } = authorityOf(cluster) ?? {};
      const ofCertificate = soon(certificate?.certificates?.slice(0, 1));
      const ofRoot = soon(root?.certificates);
      return [
        found(['trust'], ofCertificate && `trust: in ${place(cluster)}: ca-cert.pem ends on ${ofCertificate}, and every request of the cluster fails from then on; `
          + 'remove the directory, and run istio-mesh certs with --apply --renew'),
        found(['trust'], ofRoot && `trust: in ${place(cluster)}: root-cert.pem ends on ${ofRoot}, and every request of the mesh fails from then on; `
          + 'plan its replacement, since istiod takes another root only where ISTIO_MULTIROOT_MESH lets both stand for a while'),
      ];
    }),
  },
  {
    code: 'IM029',
    severity: Severity.WARNING,
    title: 'each cluster has an authority of its own',
    symptom: 'whoever has the key of one cluster signs for all workloads of another',
    fix: 'make an intermediate for each cluster',
    see: PLUG_IN,
    check: authoritiesDiffer,
  },
];

/** Whether an authority's roots are those of another, or signed it; unless both are known, nothing is known. */
function knows(authority: SigningAuthority | undefined, other: SigningAuthority | undefined): boolean {
  if (!authority?.root?.certificates || !other?.certificate?.certificates || !other.root?.certificates) {
    return true;
  }
  return haveOneRoot(authority, other) || reachesRoot({ ...other, root: authority.root });
}

const MONTH = 30 * 24 * 3600 * 1000;

/** The day on which certificates end, if that is within a month and not over yet. */
function soon(certificates: readonly Certificate[] = []): string | undefined {
  const end = endOf(certificates);
  const left = end - Date.now();
  return left > 0 && left < MONTH ? day(end) : undefined;
}

function authoritiesDiffer({ clusters }: MeshModel): Finding[] {
  const first = new Map<string, ClusterModel>();
  return clusters.flatMap(cluster => {
    const key = authorityOf(cluster)?.certificate?.certificates?.[0].publicKey;
    const other = key && first.get(key);
    if (key && !other) {
      first.set(key, cluster);
    }
    return other && other.name !== cluster.name ? [ofCluster(cluster, ['trust'],
      `trust: the authority in ${place(cluster)} is that of '${other.name}' too, so that whoever has the key of one signs for both; make one for each`)] : [];
  });
}
