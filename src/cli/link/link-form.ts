import { createHash } from 'crypto';
import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import type { ClusterModel } from '../../definition/mesh-model';
import { remoteSecretMetadata } from '../../istio/remote-secret-metadata';
import type { LiveObject } from '../clusters/kubectl';
import { remoteSecret } from '../clusters/remote-secrets';

/** Says of a Secret in a file which kubeconfig it holds, and that `istio-mesh link` wrote it. */
const KUBECONFIG_ANNOTATION = 'istio-mesh/kubeconfig';

/** A form of file in which a link lies encrypted. */
export interface LinkForm {
  /** Kind of the object in the file. */
  readonly kind: string;
  /** Says for whom it is encrypted, where that is told when it is. */
  readonly annotations: { readonly [key: string]: string };
  /**
   * The text of the file.
   *
   * @param path path of the file that it will be written to
   */
  encrypt(secret: object, path: string): Promise<string>;
}

/** What a file shows of the Secret that it holds encrypted. */
export interface ShownSecret {
  /** Kind of the object in the file. */
  readonly kind?: string;
  readonly metadata: LiveObject['metadata'];
  /** Keys of its data. */
  readonly keys: readonly string[];
}

/**
 * @param text text of a file, of whatever form
 * @throws when it is not that of an object
 */
export function shownIn(text: string): ShownSecret {
  const { kind, metadata, data, spec } = parse(text);
  return kind === 'SealedSecret' ? { kind, metadata: spec.template.metadata, keys: Object.keys(spec.encryptedData) }
    : { kind, metadata: metadata ?? {}, keys: Object.keys(data ?? {}) };
}

/** Whether `istio-mesh link` wrote a file. */
export function isWrittenHere({ metadata: { annotations } }: ShownSecret): boolean {
  return annotations?.[KUBECONFIG_ANNOTATION] !== undefined;
}

/** Name of the file that holds the link to a peer. */
export function fileName({ kind }: LinkForm, peer: string): string {
  return `${kind.toLowerCase()}-${remoteSecretMetadata(peer, '').name}.yaml`;
}

/**
 * The Secret to encrypt, which says of itself what it holds: encrypted anew it would be another file each time.
 *
 * The digest gives nothing away: in the kubeconfig is a token, whose signature nobody can guess.
 */
export function encryptable(cluster: ClusterModel, peer: string, kubeconfig: string, form: LinkForm, before?: ShownSecret): any {
  const secret: any = remoteSecret(cluster, peer, kubeconfig, before);
  const digest = `sha256:${createHash('sha256').update(kubeconfig).digest('hex')}`;
  const { name, namespace, labels, annotations } = secret.metadata;
  return { ...secret, metadata: { name, namespace, labels, annotations: { ...annotations, ...form.annotations, [KUBECONFIG_ANNOTATION]: digest } } };
}

/** Whether a file is that of a Secret, as far as it shows. */
export function isShown({ metadata, data }: any, { kind }: LinkForm, shown: ShownSecret): boolean {
  const { name, namespace, labels, annotations } = shown.metadata;
  return shown.kind === kind && isDeepStrictEqual([{ name, namespace, labels, annotations }, shown.keys], [metadata, Object.keys(data)]);
}
