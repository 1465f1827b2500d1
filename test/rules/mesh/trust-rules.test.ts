import { join } from 'path';
import { type CertManagerTrustOptions, type ExternalSecretsTrustOptions, Mesh, Trust } from '../../../src';
import { authorityFiles, newRoot, pemDirectory, smallKey } from '../../support/authorities';
import { type Files, quietApp, twoClusters } from '../../support/mesh-util';
import { codedProblems, problems, warningsOf } from '../../support/util';

const OTHERS = newRoot();
const ROOT = newRoot();
const ONE = authorityFiles(ROOT, { cluster: 'cluster1' });
const TWO = authorityFiles(ROOT, { cluster: 'cluster2' });

/** Errors and warnings about the PEM files of two linked clusters, with `keys` as their directory. */
function messagesAbout(one: Files, two: Files = TWO): string[] {
  const directory = pemDirectory({ cluster1: one, cluster2: two });
  let warned: ReadonlyArray<readonly [string, string]> = [];
  const refused =
    codedProblems(() => {
      warned = warningsOf(new Mesh(quietApp(), 'mesh', twoClusters({ trust: Trust.pem(directory) })));
    });
  return [...refused, ...warned.map(([, sentence]) => sentence)].map(problem => problem.split(directory).join('keys'));
}

const FIRST = "clusters[0].trust: cluster 'cluster1': trust: ";
const SECOND = "clusters[1].trust: cluster 'cluster2': trust: ";
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(ONE).filter(([name]) => !names.includes(name)));
const DAY = 24 * 3_600_000;
const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

test('CAs under one root are valid, and so are missing files', () => {
  expect(messagesAbout(ONE)).toEqual([]);
  expect(messagesAbout({}, {})).toEqual([]);
  expect(messagesAbout(ONE, {})).toEqual([]);
});

test.each<[string, Files, string[]]>([
  ['an incomplete set of files', without('ca-key.pem', 'cert-chain.pem'), [
    `${FIRST}'ca-key.pem', 'cert-chain.pem' are missing in 'keys/cluster1', and istiod does not start with an `
      + 'incomplete set of files; add the missing files, or remove the directory and run istio-mesh certs (IM023)',
  ]],
  ['text that is not a certificate', { ...ONE, 'cert-chain.pem': 'none' }, [
    `${FIRST}in 'keys/cluster1': cert-chain.pem has no PEM certificate that istiod can read, so istiod does not `
      + 'start; write one (IM024)',
  ]],
  ['the key of another certificate', { ...ONE, 'ca-key.pem': TWO['ca-key.pem'] }, [
    `${FIRST}in 'keys/cluster1': ca-key.pem is not the key of ca-cert.pem, so istiod does not start; write a key `
      + 'and a certificate that belong together (IM025)',
  ]],
  ['an expired certificate', authorityFiles(ROOT, { days: -1 / 48 }), [
    `${FIRST}in 'keys/cluster1': ca-cert.pem expired on ${day(-1 / 48)}, and istiod rejects it; create it again `
      + 'under the same root CA (IM026)',
  ]],
  ['a certificate that expires soon', authorityFiles(ROOT, { days: 29 }), [
    `${FIRST}in 'keys/cluster1': ca-cert.pem expires on ${day(29)}, and every request of the cluster fails from then `
      + 'on; remove the directory, and run istio-mesh certs with --apply --renew (IM028)',
  ]],
  ['the key of a peer', authorityFiles(ROOT, { key: TWO['ca-key.pem'] }), [
    `${SECOND}the CA in 'keys/cluster2' is also that of 'cluster1', so anyone who has the key of one can sign for `
      + 'both; create one for each cluster (IM029)',
  ]],
])('%s is reported', (_, files, messages) => {
  expect(messagesAbout(files)).toEqual(messages);
});

test('a root that did not sign is reported, for its cluster and for the peer', () => {
  expect(messagesAbout({ ...ONE, 'root-cert.pem': OTHERS.certificate })).toEqual([
    `${FIRST}in 'keys/cluster1': root-cert.pem did not sign ca-cert.pem or any certificate of its chain, so `
      + 'istiod does not start; write the root CA that signed it, the same one in every cluster (IM025)',
    `${FIRST}root-cert.pem in 'keys/cluster1' did not sign the CA of its peer 'cluster2' in 'keys/cluster2', so every `
      + 'request between them fails in the TLS handshake; create both under one root (IM027)',
  ]);
});

test('different roots are reported, unless each cluster has both roots or the clusters are not linked', () => {
  const stranger = authorityFiles(OTHERS, { cluster: 'cluster2' });
  const message = (own: string, other: string) => `root-cert.pem in 'keys/${own}' did not sign the CA of its peer `
    + `'${other}' in 'keys/${other}', so every request between them fails in the TLS handshake; create both under one `
    + 'root (IM027)';
  expect(messagesAbout(ONE, stranger))
    .toEqual([FIRST + message('cluster1', 'cluster2'), SECOND + message('cluster2', 'cluster1')]);

  const both = ROOT.certificate + OTHERS.certificate;
  expect(messagesAbout({ ...ONE, 'root-cert.pem': both }, { ...stranger, 'root-cert.pem': both })).toEqual([]);
  const directory = pemDirectory({ cluster1: ONE, cluster2: stranger });
  expect(problems(() => new Mesh(quietApp(), 'mesh', twoClusters({ trust: Trust.pem(directory), peers: [] }))))
    .toEqual([]);
});

test('a root that expires soon is reported together with the certificates that it signed', () => {
  const root = newRoot(10);
  const parts = ['ca-cert.pem expires on', 'root-cert.pem expires on'];
  const reported = messagesAbout(authorityFiles(root), authorityFiles(root, { cluster: 'cluster2' }));
  expect(reported.map(message => parts.filter(part => message.includes(part)))).toEqual([
    ['ca-cert.pem expires on'], ['root-cert.pem expires on'], ['ca-cert.pem expires on'], ['root-cert.pem expires on'],
  ]);
});

test('a message about an unreadable file contains its path', () => {
  const directory = pemDirectory({ cluster1: { ...without('ca-key.pem'), 'ca-key.pem/here': '' } });
  expect(codedProblems(() => new Mesh(quietApp(), 'mesh', twoClusters({ trust: Trust.pem(directory) })))).toEqual([
    `${FIRST}file '${join(directory, 'cluster1', 'ca-key.pem')}' cannot be read (EISDIR); give the current user read `
      + 'access (IM023)',
  ]);
});

test('no message contains a key', () => {
  const text = messagesAbout({ ...ONE, 'ca-key.pem': smallKey(), 'root-cert.pem': OTHERS.certificate }).join();
  expect(text).not.toMatch(/BEGIN|[A-Za-z0-9+/]{40}/);
});

const certManager = (options: Partial<CertManagerTrustOptions>) =>
  Trust.certManager({ issuerRef: { name: 'root' }, ...options });
const externalSecrets = (options: Partial<ExternalSecretsTrustOptions>) =>
  Trust.externalSecrets({ secretStoreRef: { name: 'vault' }, ...options });

const OBJECT_NAME = "is not a valid object name (up to 253 lower-case letters, digits, '-' and '.', "
  + 'starting and ending with a letter or digit); write the metadata.name of the object';

test.each<[Trust, string]>([
  [Trust.pem(' '), 'trust.pem is empty; write the directory of the PEM files'],
  [certManager({ issuerRef: { name: 'Mesh Root' } }), `trust.certManager.issuerRef.name 'Mesh Root' ${OBJECT_NAME}`],
  [certManager({ duration: '90d' }),
    "trust.certManager.duration '90d' is not a valid duration of hours (h), minutes (m) and seconds (s); write "
      + "'2160h'"],
  [certManager({ renewBefore: 'a week' }),
    "trust.certManager.renewBefore 'a week' is not a valid duration of hours (h), minutes (m) and seconds (s); write "
      + "e.g. '2160h'"],
  [certManager({ duration: '30m' }),
    "trust.certManager.duration '30m' is shorter than cert-manager's minimum of one hour; write e.g. '2160h'"],
  [certManager({ duration: '48h', renewBefore: '48h' }),
    "trust.certManager.renewBefore '48h' is not less than the duration, '48h'; write a third of it"],
  [certManager({ renewBefore: '2160h' }),
    "trust.certManager.renewBefore '2160h' is not less than the duration, 2160h by default; write a third of it"],
  [certManager({ privateKey: { algorithm: 'Ed25519' } }),
    "trust.certManager.privateKey.algorithm 'Ed25519' is not supported by proxies for a CA; write 'RSA' or 'ECDSA'"],
  [certManager({ privateKey: { algorithm: 'ECDSA', size: 4096 } }),
    'trust.certManager.privateKey.size 4096 is not a valid size for ECDSA; write 256'],
  [externalSecrets({ secretStoreRef: { name: '' } }), `trust.externalSecrets.secretStoreRef.name '' ${OBJECT_NAME}`],
  [externalSecrets({ secretStoreRef: { name: 'vault', kind: 'Vault' } }),
    "trust.externalSecrets.secretStoreRef.kind 'Vault' is not a kind of secret store; write one of ClusterSecretStore, "
      + 'SecretStore'],
  [externalSecrets({ key: '' }), 'trust.externalSecrets.key is empty; write a key of the store, or remove it'],
  [externalSecrets({ refreshInterval: '1d' }),
    "trust.externalSecrets.refreshInterval '1d' is not a valid duration of hours (h), minutes (m) and seconds (s); "
      + "write '24h'"],
])('what an operator would refuse is refused: %#', (trust, sentence) => {
  expect(codedProblems(() => new Mesh(quietApp(), 'mesh', twoClusters({}, { trust }))))
    .toEqual([`clusters[0].trust: cluster 'cluster1': ${sentence} (IM022)`]);
});
