import { md } from 'node-forge';
import {
  type AcceptedCases, type ViolationCases, CACERTS, caFiles, replaced, resigned,
} from '../../../support/manifest-edits';
import type { Files } from '../../../support/mesh-util';
import { CA_PEM } from '../../../support/util';

export const VIOLATIONS: ViolationCases = [
  ['IM181', 'a misspelled file', replaced(CACERTS, '"root-cert.pem"', '"root-ca.pem"'), [
    "IM181 70-resources/secret.istio-system.cacerts.yaml:1:1: Secret 'cacerts': key 'root-cert.pem' is missing, and "
      + "istiod does not start without it; rename 'root-ca.pem' if it is meant to be this file",
  ]],
  ['IM182', 'a certificate that is not a CA certificate',
    caFiles(({ leaf }) => ({ 'ca-cert.pem': leaf.certificate, 'ca-key.pem': leaf.key })), [
      "IM182 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: "
        + 'ca-cert.pem is not a CA certificate, so istiod cannot sign workload certificates with it; '
        + 'create an intermediate CA certificate with CA:true and the key usage certSign',
    ]],
  ['IM182', 'text that is not a certificate', caFiles(() => ({ 'cert-chain.pem': 'chain' })), [
    "IM182 70-resources/secret.istio-system.cacerts.yaml:11:3: Secret 'cacerts': stringData['cert-chain.pem']: "
      + 'cert-chain.pem has no PEM certificate that istiod can read, so istiod does not start; write one',
  ]],
  ['IM183', 'the key of another certificate', caFiles(({ root }) => ({ 'ca-key.pem': root.key })), [
    "IM183 70-resources/secret.istio-system.cacerts.yaml:10:3: Secret 'cacerts': stringData['ca-key.pem']: ca-key.pem "
      + 'is not the key of ca-cert.pem, so istiod does not start; write a key and a certificate that belong together',
  ]],
  ['IM183', 'text that is not a key', caFiles(() => ({ 'ca-key.pem': 'key' })), [
    "IM183 70-resources/secret.istio-system.cacerts.yaml:10:3: Secret 'cacerts': stringData['ca-key.pem']: ca-key.pem "
      + 'is not a PEM private key that istiod can read, so istiod does not start; write the key without a password',
  ]],
  ['IM184', 'another root', caFiles(() => ({ 'root-cert.pem': CA_PEM })), [
    "IM184 70-resources/secret.istio-system.cacerts.yaml:12:3: Secret 'cacerts': stringData['root-cert.pem']: "
      + 'root-cert.pem did not sign ca-cert.pem or any certificate of its chain, so istiod does not start; '
      + 'write the root CA that signed it, the same one in every cluster',
  ]],
  ['IM185', 'an expired certificate', caFiles(authority => ({
    'ca-cert.pem': resigned(authority, ({ validity }) => validity.notAfter = new Date('2020-01-01')),
  })), [
    "IM185 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem "
      + 'expired on 2020-01-01, and istiod rejects it; create it again under the same root CA',
  ]],
  ['IM186', 'a SHA-1 signature', caFiles(authority => ({
    'ca-cert.pem': resigned(authority, () => {}, md.sha1.create()),
  })), [
    "IM186 70-resources/secret.istio-system.cacerts.yaml:9:3: Secret 'cacerts': stringData['ca-cert.pem']: ca-cert.pem "
      + 'is signed with SHA-1, which istiod rejects; create it again with SHA-256',
  ]],
  ['IM187', 'cacerts in another namespace', replaced(CACERTS, '"istio-system"', '"default"'), [
    "IM187 70-resources/secret.istio-system.cacerts.yaml:6:3: Secret 'cacerts': metadata.namespace: namespace "
      + "'default' is not the namespace of istiod, 'istio-system', so istiod does not find the Secret; write "
      + "'istio-system'",
  ]],
];

/** Files to remove. */
function absent(...names: string[]): Files {
  return Object.fromEntries(names.map(name => [name, undefined!]));
}

export const ACCEPTED: AcceptedCases = [
  ['a CA with the file names of cert-manager', caFiles(({ root, signer }) => ({
    'tls.crt': signer.certificate,
    'tls.key': signer.key,
    'ca.crt': root.certificate,
    ...absent('ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'),
  }))],
];
