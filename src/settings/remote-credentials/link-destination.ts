import { type Serialized, Provider } from '../../core/provider';
import { type MaybeProblem, prefixed, problem } from '../../core/rule';
import { dnsLabelProblem, objectNameProblem } from '../../istio/names';

/**
 * The key that a cluster's remote secrets are sealed with.
 */
export interface SealedSecretsOptions {
  /**
   * Certificate of the cluster's Sealed Secrets controller: the path of a PEM file, relative to the mesh file, or to
   * the working directory when the mesh is written in code; or an https URL. Option of kubeseal: `--cert`.
   *
   * Every cluster has its own controller and so its own certificate: `certs/sealing/$(cluster).pem`. With a file,
   * `istio-mesh link` needs no access to the cluster that receives the secrets. Only that command reads the file, so it
   * may be created after synth.
   *
   * @default - kubeseal asks the controller, with the cluster's `context`
   */
  readonly certificate?: string;

  /**
   * Name of the controller's Service, from which kubeseal fetches the certificate. Option of kubeseal:
   * `--controller-name`.
   *
   * @default 'sealed-secrets-controller'
   */
  readonly controllerName?: string;

  /**
   * Namespace of the controller. Option of kubeseal: `--controller-namespace`.
   *
   * @default 'kube-system'
   */
  readonly controllerNamespace?: string;
}

/** Where remote secrets are written, and in what form. */
export type LinkTarget =
  | { readonly kind: 'cluster' }
  | { readonly kind: 'sealedSecrets'; readonly options: SealedSecretsOptions }
  | { readonly kind: 'sops' };

/**
 * Where `istio-mesh link` writes the remote secrets of a cluster, with which its istiod reads its peers.
 *
 * Files are in `links/<cluster>/` next to the output directory, which each synth replaces; commit them. If
 * `kustomization.yaml` is missing there, synth creates it. After that, only its entries for remote secrets are edited.
 */
export abstract class LinkDestination extends Provider {
  /**
   * Directly to the cluster, with its `context`.
   */
  static peers(): LinkDestination {
    return new Peers();
  }

  /**
   * To files with one SealedSecret each, encrypted by `kubeseal`: only the cluster's own controller can decrypt them.
   *
   * They are sealed in the strict scope (name and namespace), and again when the certificate changes. The controller
   * does not replace a Secret that already exists, e.g. one that was written directly, unless that Secret has the
   * annotation `sealedsecrets.bitnami.com/managed: "true"`.
   *
   * @see https://github.com/bitnami-labs/sealed-secrets
   */
  static sealedSecrets(options?: SealedSecretsOptions): LinkDestination {
    return new SealedSecrets(options);
  }

  /**
   * To files with one encrypted Secret each, by `sops` 3.10 or newer. Flux, or another tool that applies them, decrypts
   * them.
   *
   * `.sops.yaml`, which sops looks for in the working directory and its parents, configures the keys, e.g. with
   * `path_regex: ^links/`. After a change of the keys, run `sops updatekeys`: a file with the right content is not
   * written again.
   *
   * @see https://fluxcd.io/flux/guides/mozilla-sops/
   */
  static sops(): LinkDestination {
    return new Sops();
  }

  /** @internal */
  abstract get _target(): LinkTarget;

  /**
   * Problems with its settings.
   *
   * @internal
   */
  get _problems(): readonly MaybeProblem[] {
    return [];
  }

  /**
   * The serialized form for a mesh file in another directory.
   *
   * @param _relocate converts a path to one that is valid there
   * @internal
   */
  _serializedFor(_relocate: (path: string) => string): Serialized {
    return this._serialized;
  }
}

class Peers extends LinkDestination {
  constructor() {
    super('peers');
  }

  get _target(): LinkTarget {
    return { kind: 'cluster' };
  }
}

class SealedSecrets extends LinkDestination {
  private readonly options: SealedSecretsOptions;

  constructor(options: SealedSecretsOptions | undefined) {
    super('sealedSecrets', options);
    this.options = options ?? {};
  }

  get _target(): LinkTarget {
    return { kind: 'sealedSecrets', options: this.options };
  }

  get _problems(): readonly MaybeProblem[] {
    const { certificate, controllerName, controllerNamespace } = this.options;
    const unused = certificate === undefined ? []
      : ['controllerName', 'controllerNamespace'].filter(name => name in this.options);
    return [
      certificate !== undefined && certificateProblem(certificate),
      controllerName !== undefined && objectNameProblem('controllerName', controllerName),
      controllerNamespace !== undefined && dnsLabelProblem('controllerNamespace', controllerNamespace),
      ...unused.map(name => problem(`${name} has no effect with a certificate, since the controller is not asked for `
        + 'one', 'remove one of the two')),
    ].map(found => prefixed('sealedSecrets.', found));
  }

  _serializedFor(relocate: (path: string) => string): Serialized {
    const { certificate } = this.options;
    return certificate === undefined || isUrl(certificate) ? this._serialized
      : { sealedSecrets: { ...this.options, certificate: relocate(certificate) } };
  }
}

class Sops extends LinkDestination {
  constructor() {
    super('sops');
  }

  get _target(): LinkTarget {
    return { kind: 'sops' };
  }
}

/** Whether a certificate is a URL, and not the path of a file. */
export function isUrl(certificate: string): boolean {
  return /^\w+:\/\//.test(certificate);
}

function certificateProblem(certificate: string): MaybeProblem {
  const fix = 'write the path of a PEM file, or an https URL';
  if (certificate.trim() === '') {
    return problem('certificate is empty', `${fix}, or remove it`);
  }
  if (certificate.includes('-----BEGIN ')) {
    return problem('certificate is the PEM text itself', fix);
  }
  if (!isUrl(certificate)) {
    return undefined;
  }
  if (!certificate.startsWith('https://') || !URL.canParse(certificate)) {
    return problem('certificate is not an https URL, so an attacker on the way could replace it and read the secrets',
      fix);
  }
  const { host, username, password } = new URL(certificate);
  return (username || password) && problem(`certificate of host '${host}' has credentials in its URL, which would be `
    + 'written into the output directory', fix);
}
