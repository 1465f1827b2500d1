import { join } from 'path';
import type { CertManagerTrustOptions, ExternalSecretsTrustOptions } from '../../../src';
import { Mesh, Trust } from '../../../src';
import { authorityFiles, newRoot, pemDirectory, smallKey } from '../../support/authorities';
import type { Files } from '../../support/mesh-util';
import { quietApp, twoClusters } from '../../support/mesh-util';
import { codedProblems, problems } from '../../support/util';

const OTHERS = newRoot();
const ROOT = newRoot();
const ONE = authorityFiles(ROOT, { cluster: 'cluster1' });
const TWO = authorityFiles(ROOT, { cluster: 'cluster2' });

/** What is found in the files of two linked clusters, errors and warnings, with `keys` for their directory. */
function found(one: Files, two: Files = TWO): string[] {
  const directory = pemDirectory({ cluster1: one, cluster2: two });
  let warned: ReadonlyArray<readonly [string, string]> = [];
  const refused = codedProblems(() => { warned = new Mesh(quietApp(), 'mesh', twoClusters({ trust: Trust.pem(directory) }))._warnings; });
  return [...refused, ...warned.map(([, sentence]) => sentence)].map(problem => problem.split(directory).join('keys'));
}

const FIRST = "clusters[0].trust: cluster 'cluster1': trust: ";
const SECOND = "clusters[1].trust: cluster 'cluster2': trust: ";
const without = (...names: string[]) => Object.fromEntries(Object.entries(ONE).filter(([name]) => !names.includes(name)));
const DAY = 24 * 3_600_000;
const day = (days: number) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

test('nothing is found in the files of one root, and where nobody made them yet', () => {
  expect(found(ONE)).toEqual([]);
  expect(found({}, {})).toEqual([]);
  expect(found(ONE, {})).toEqual([]);
});

test.each<[string, Files, string[]]>([
  ['a part of the files', without('ca-key.pem', 'cert-chain.pem'), [
    `${FIRST}'ca-key.pem', 'cert-chain.pem' are missing in 'keys/cluster1', and istiod does not start with a part of the files; add what is missing, or remove the directory and run istio-mesh certs (IM023)`,
  ]],
  ['another file for a certificate', { ...ONE, 'cert-chain.pem': 'none' }, [
    `${FIRST}in 'keys/cluster1': cert-chain.pem has no PEM certificate that istiod can read, so istiod does not start; write one (IM024)`,
  ]],
  ['the key of another certificate', { ...ONE, 'ca-key.pem': TWO['ca-key.pem'] }, [
    `${FIRST}in 'keys/cluster1': ca-key.pem is not the key of ca-cert.pem, so istiod does not start; write a key and a certificate that belong together (IM025)`,
  ]],
  ['a certificate that is over', authorityFiles(ROOT, { days: -1 / 48 }), [
    `${FIRST}in 'keys/cluster1': ca-cert.pem expired on ${day(-1 / 48)}, and istiod rejects it; create it again under the same root CA (IM026)`,
  ]],
  ['a certificate that ends soon', authorityFiles(ROOT, { days: 29 }), [
    `${FIRST}in 'keys/cluster1': ca-cert.pem ends on ${day(29)}, and every request of the cluster fails from then on; remove the directory, and run istio-mesh certs with --apply --renew (IM028)`,
  ]],
  ['the key of a peer', authorityFiles(ROOT, { key: TWO['ca-key.pem'] }), [
    `${SECOND}the authority in 'keys/cluster2' is that of 'cluster1' too, so that whoever has the key of one signs for both; make one for each (IM029)`,
  ]],
])('%s is found', (_, files, sentences) => {
  expect(found(files)).toEqual(sentences);
});

test('a root that did not sign is found, there and at the peer', () => {
  expect(found({ ...ONE, 'root-cert.pem': OTHERS.certificate })).toEqual([
    `${FIRST}in 'keys/cluster1': root-cert.pem did not sign ca-cert.pem or any certificate of its chain, so istiod does not start; write the root CA that signed it, the same one in every cluster (IM025)`,
    `${FIRST}root-cert.pem in 'keys/cluster1' did not sign the authority of its peer 'cluster2', in 'keys/cluster2', so that every request between them fails in the handshake; make both under one root (IM027)`,
  ]);
});

test('two roots are found, but not where each cluster knows both, or the clusters are not linked', () => {
  const stranger = authorityFiles(OTHERS, { cluster: 'cluster2' });
  const sentence = (own: string, other: string) => `root-cert.pem in 'keys/${own}' did not sign the authority of its peer '${other}', in 'keys/${other}', so that every request between them fails in the handshake; make both under one root (IM027)`;
  expect(found(ONE, stranger)).toEqual([FIRST + sentence('cluster1', 'cluster2'), SECOND + sentence('cluster2', 'cluster1')]);

  const both = ROOT.certificate + OTHERS.certificate;
  expect(found({ ...ONE, 'root-cert.pem': both }, { ...stranger, 'root-cert.pem': both })).toEqual([]);
  const directory = pemDirectory({ cluster1: ONE, cluster2: stranger });
  expect(problems(() => new Mesh(quietApp(), 'mesh', twoClusters({ trust: Trust.pem(directory), peers: [] })))).toEqual([]);
});

test('a root that ends soon is found with what it signed', () => {
  const root = newRoot(10);
  const sentences = ['ca-cert.pem ends on', 'root-cert.pem ends on'];
  expect(found(authorityFiles(root), authorityFiles(root, { cluster: 'cluster2' })).map(sentence => sentences.filter(part => sentence.includes(part)))).toEqual([
    ['ca-cert.pem ends on'], ['root-cert.pem ends on'], ['ca-cert.pem ends on'], ['root-cert.pem ends on'],
  ]);
});

test('a file that cannot be read is told by its path', () => {
  const directory = pemDirectory({ cluster1: { ...without('ca-key.pem'), 'ca-key.pem/here': '' } });
  expect(codedProblems(() => new Mesh(quietApp(), 'mesh', twoClusters({ trust: Trust.pem(directory) })))).toEqual([
    `${FIRST}file '${join(directory, 'cluster1', 'ca-key.pem')}' cannot be read (EISDIR); let whoever runs this read it (IM023)`,
  ]);
});

test('no message shows a key', () => {
  const text = found({ ...ONE, 'ca-key.pem': smallKey(), 'root-cert.pem': OTHERS.certificate }).join();
  expect(text).not.toMatch(/BEGIN|[A-Za-z0-9+/]{40}/);
});

const certManager = (options: Partial<CertManagerTrustOptions>) => Trust.certManager({ issuerRef: { name: 'root' }, ...options });
const externalSecrets = (options: Partial<ExternalSecretsTrustOptions>) => Trust.externalSecrets({ secretStoreRef: { name: 'vault' }, ...options });

test.each<[Trust, string]>([
  [Trust.pem(' '), 'trust.pem is empty; name the directory of the PEM files'],
  [certManager({ issuerRef: { name: 'Mesh Root' } }), "trust.certManager.issuerRef.name 'Mesh Root' is no name of an object: up to 253 lower-case letters, digits, '-' and '.', a letter or digit first and last; write its metadata.name"],
  [certManager({ duration: '90d' }), "trust.certManager.duration '90d' is no duration of hours (h), minutes (m) and seconds (s), and longer units are refused; write '2160h'"],
  [certManager({ renewBefore: 'a week' }), "trust.certManager.renewBefore 'a week' is no duration of hours (h), minutes (m) and seconds (s), and longer units are refused; write e.g. '2160h'"],
  [certManager({ duration: '30m' }), "trust.certManager.duration '30m' is less than the hour that cert-manager asks for; write e.g. '2160h'"],
  [certManager({ duration: '48h', renewBefore: '48h' }), "trust.certManager.renewBefore '48h' is not less than the duration, '48h'; write a third of it"],
  [certManager({ renewBefore: '2160h' }), "trust.certManager.renewBefore '2160h' is not less than the duration, 2160h unless it is said; write a third of it"],
  [certManager({ privateKey: { algorithm: 'Ed25519' } }), "trust.certManager.privateKey.algorithm 'Ed25519' is none that proxies take of an authority; write 'RSA' or 'ECDSA'"],
  [certManager({ privateKey: { algorithm: 'ECDSA', size: 4096 } }), 'trust.certManager.privateKey.size 4096 is none of ECDSA; write 256'],
  [externalSecrets({ secretStoreRef: { name: '' } }), "trust.externalSecrets.secretStoreRef.name '' is no name of an object: up to 253 lower-case letters, digits, '-' and '.', a letter or digit first and last; write its metadata.name"],
  [externalSecrets({ secretStoreRef: { name: 'vault', kind: 'Vault' } }), "trust.externalSecrets.secretStoreRef.kind 'Vault' is no kind of store; write 'ClusterSecretStore' or 'SecretStore'"],
  [externalSecrets({ key: '' }), 'trust.externalSecrets.key is empty; write the key in the store, or remove it'],
  [externalSecrets({ refreshInterval: '1d' }), "trust.externalSecrets.refreshInterval '1d' is no duration of hours (h), minutes (m) and seconds (s), and longer units are refused; write '24h'"],
])('what an operator would refuse is refused: %#', (trust, sentence) => {
  expect(codedProblems(() => new Mesh(quietApp(), 'mesh', twoClusters({}, { trust })))).toEqual([`clusters[0].trust: cluster 'cluster1': ${sentence} (IM022)`]);
});
