/* Changes of the manifests in `generated-manifests`, of which each breaks a rule or keeps all of them. */

import { md, pki } from 'node-forge';
import type { Files } from './mesh-util';
import type { Certificate } from '../e2e/lab/certificates';

/** Files of the generated manifests. */
export const READER = '00-namespace/serviceaccount-istio-mesh-reader-blue.yaml';
export const CONTROL_PLANE = 'istioctl/control-plane.yaml';
export const CANARY = 'istioctl/control-plane-1-32-0.yaml';
export const GATEWAY = 'istioctl/eastwest.yaml';
export const NAMESPACE = '00-namespace/namespace-istio-system.yaml';
export const EXPOSED = '50-exposed-services/gateway-cross-network-gateway.yaml';
export const LINK = '60-remote-secrets/secret-istio-remote-secret-cluster2.yaml';
export const SERVICE = '70-resources/service.gateways.rendered.yaml';
export const DEPLOYMENT = '70-resources/deployment.gateways.rendered.yaml';
export const CACERTS = '70-resources/secret.istio-system.cacerts.yaml';
export const PEER_AUTHENTICATION = '70-resources/peerauthentication.security.istio.io.istio-system.default.yaml';
export const DESTINATION_RULE = '70-resources/destinationrule.networking.istio.io.sample.helloworld.yaml';

/** The certificates of a CA. */
export interface Authority {
  readonly root: Certificate;
  readonly signer: Certificate;
  /** The certificate of a server, which cannot sign others. */
  readonly leaf: Certificate;
}

/** A change of the generated manifests. */
export type TextEdit = (files: { [path: string]: string }) => void;

/** A change of the generated manifests, whose CA has the given certificates. */
export type Edit = (files: { [path: string]: string }, authority: Authority) => void;

/** Changes that break a rule, and the messages about each. */
export type ViolationCases =
  ReadonlyArray<readonly [code: string, what: string, edit: Edit, messages: readonly string[]]>;

/** Changes that break no rule. */
export type AcceptedCases = ReadonlyArray<readonly [what: string, edit: Edit]>;

/** The start of the selector of `SERVICE`, up to the network. */
export const SELECTOR = 'selector:\n    app: rendered\n    istio: rendered\n    topology.istio.io/network: ';
/** The place of the kubeconfig in `LINK`. */
export const IN_KUBECONFIG = `${LINK}:11:3: Secret 'istio-remote-secret-cluster2': stringData.cluster2`;

/** Replaces a text that a file contains exactly once. */
export function replaced(file: string, from: string, to: string): TextEdit {
  return files => {
    expect(`${files[file]}`.split(from)).toHaveLength(2);
    files[file] = files[file].replace(from, () => to);
  };
}

/** Replaces a text in every file. */
export function everywhere(from: string, to: string): TextEdit {
  return files => Object.keys(files).forEach(file => files[file] = files[file].split(from).join(to));
}

/** Sets the options of istiods for kubeconfigs. */
export function allowing(
  options: string,
): (files: { [path: string]: string }, ...istiods: string[]) => void {
  const env = `env: {PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS: "${options}"}`;
  return (files, ...istiods) => istiods.forEach(istiod =>
    replaced(istiod, '  values:\n', `  values:\n    pilot:\n      ${env}\n`)(files));
}

/** Adds an object, and lists its file in a kustomization. */
export function added(file: string, text: (files: Files) => string): TextEdit {
  return files => {
    const list = '70-resources/kustomization.yaml';
    files[`70-resources/${file}`] = text(files);
    files[list] = files[list].replace('resources:\n', `resources:\n- ${file}\n`);
  };
}

/** Removes the files in a directory, and the lines that list it. */
export function removed(directory: string): TextEdit {
  return files => {
    Object.keys(files).filter(file => file.startsWith(directory)).forEach(file => delete files[file]);
    everywhere(`- ${directory}\n`, '')(files);
  };
}

/** Changes files of the CA. */
export function caFiles(change: (authority: Authority) => Files): Edit {
  return (files, authority) => {
    const secret = JSON.parse(files[CACERTS]);
    const stringData = { ...secret.stringData, ...change(authority) };
    files[CACERTS] = JSON.stringify({ ...secret, stringData }, undefined, 1);
  };
}

/** The certificate of the CA, changed and signed again. */
export function resigned(
  { root, signer }: Authority, change: (signed: pki.Certificate) => void, digest: md.MessageDigest = md.sha256.create(),
): string {
  const signed = pki.certificateFromPem(signer.certificate);
  change(signed);
  signed.sign(pki.privateKeyFromPem(root.key), digest);
  return pki.certificateToPem(signed);
}

/** A JSON Web Token that expires. */
export function token(expiry: string): string {
  return ['e30', Buffer.from(JSON.stringify({ exp: Date.parse(expiry) / 1000 })).toString('base64url'), 'x'].join('.');
}
