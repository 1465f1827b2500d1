import { createHash } from 'crypto';
import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import type { ClusterModel } from '../../definition/mesh-model';
import { remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import type { LiveObject } from '../clusters/kubectl';
import { remoteSecretFor } from '../clusters/remote-secrets';

/** Annotation with a digest of the encrypted kubeconfig; it also marks the files that `istio-mesh link` wrote. */
const KUBECONFIG_ANNOTATION = 'istio-mesh/kubeconfig';

/** A file format for encrypted Secrets. */
export interface SecretFormat {
  /** Kind of the object in the file. */
  readonly kind: string;
  /** Annotations that identify the encryption key, if the format has none of its own. */
  readonly annotations: { readonly [key: string]: string };
  /**
   * Encrypts a Secret.
   *
   * @param path path of the file that will contain the result
   * @returns text of the file
   */
  encrypt(secret: object, path: string): Promise<string>;
}

/** The readable parts of an encrypted Secret. */
export interface EncryptedSecret {
  /** Kind of the object in the file. */
  readonly kind?: string;
  readonly metadata: LiveObject['metadata'];
  /** Keys of its data. */
  readonly keys: readonly string[];
}

/**
 * The readable parts of the encrypted Secret in a file.
 *
 * @throws if the text is not a Kubernetes object
 */
export function parseEncryptedSecret(text: string): EncryptedSecret {
  const { kind, metadata, data, spec } = parse(text);
  if (kind === 'SealedSecret') {
    return { kind, metadata: spec.template.metadata, keys: Object.keys(spec.encryptedData) };
  }
  return { kind, metadata: metadata ?? {}, keys: Object.keys(data ?? {}) };
}

/** Whether `istio-mesh link` wrote a file. */
export function isWrittenByLink({ metadata: { annotations } }: EncryptedSecret): boolean {
  return annotations?.[KUBECONFIG_ANNOTATION] !== undefined;
}

/** Name of the file with the remote secret for a peer. */
export function fileNameFor(peer: string, { kind }: SecretFormat): string {
  return `${kind.toLowerCase()}-${remoteSecretMetadata(peer, '').name}.yaml`;
}

/**
 * The remote secret to encrypt, with a digest of its kubeconfig as an annotation.
 *
 * Without the digest, an unchanged Secret would have to be encrypted again, and the file would change each time. The
 * digest reveals nothing: the kubeconfig contains a token, whose signature cannot be guessed.
 *
 * @param existing the Secret in the file that it replaces
 */
export function secretToEncrypt(
  cluster: ClusterModel, peer: string, kubeconfig: string, format: SecretFormat, existing?: EncryptedSecret,
): any {
  const secret: any = remoteSecretFor(cluster, peer, kubeconfig, existing);
  const { name, namespace, labels, annotations } = secret.metadata;
  const digest = `sha256:${createHash('sha256').update(kubeconfig).digest('hex')}`;
  const allAnnotations = { ...annotations, ...format.annotations, [KUBECONFIG_ANNOTATION]: digest };
  return { ...secret, metadata: { name, namespace, labels, annotations: allAnnotations } };
}

/** Whether the readable parts of an encrypted Secret are those of a Secret. */
export function isEncryptionOf({ metadata, data }: any, { kind }: SecretFormat, encrypted: EncryptedSecret): boolean {
  const { name, namespace, labels, annotations } = encrypted.metadata;
  return encrypted.kind === kind
    && isDeepStrictEqual({ name, namespace, labels, annotations }, metadata)
    && isDeepStrictEqual(encrypted.keys, Object.keys(data));
}
