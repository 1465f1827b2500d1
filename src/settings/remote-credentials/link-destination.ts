import type { Serialized } from '../../core/provider';
import { Provider } from '../../core/provider';
import { dnsLabelProblem, objectNameProblem } from '../../istio/names';

/**
 * Whose key a cluster's Secrets are sealed for.
 */
export interface SealedSecretsOptions {
  /**
   * Certificate that the cluster's controller has the key of: path of a PEM file, relative to the mesh file, or to the working directory when
   * the mesh is written in code; or an https URL. Option of kubeseal: `--cert`.
   *
   * Every cluster has a controller of its own, and so a certificate: `certs/sealing/$(cluster).pem`. With the file nobody needs to reach
   * the cluster that the links are for. The file may come after synth; `istio-mesh link` alone reads it.
   *
   * @default - kubeseal asks the controller, with the cluster's `context`
   */
  readonly certificate?: string;

  /**
   * Name of the controller's Service, which is asked for the certificate. Option of kubeseal: `--controller-name`.
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

/**
 * Where `istio-mesh link` writes the links that a cluster gets: the Secrets with which its istiod reads its peers.
 *
 * Files lie in `links/<cluster>/` beside the output directory, which is removed and made anew, and they are yours to commit.
 * `kustomization.yaml` there is made by synth when it is missing, and never touched again but for the entries of the links.
 */
export abstract class LinkDestination extends Provider {
  /**
   * Straight into the cluster, with its `context`.
   */
  static peers(): LinkDestination {
    return new Peers('peers');
  }

  /**
   * Into files with a SealedSecret each, by the program `kubeseal`: the cluster's own controller alone makes a Secret of it.
   *
   * Sealed in the strict scope, for that name in that namespace, and again when the certificate is another one. A Secret that is there
   * already, e.g. from when the links were written straight, the controller leaves as it is, until somebody annotates that with
   * `sealedsecrets.bitnami.com/managed: "true"`.
   *
   * @see https://github.com/bitnami-labs/sealed-secrets
   */
  static sealedSecrets(options?: SealedSecretsOptions): LinkDestination {
    return new SealedSecrets(options);
  }

  /**
   * Into files with an encrypted Secret each, by the program `sops`, 3.10 or newer: Flux decrypts it, or whatever else applies such files.
   *
   * Its `.sops.yaml`, which it looks for from the working directory upwards, says for whom, e.g. with `path_regex: ^links/`.
   * After a change of that run `sops updatekeys`, since a file that holds the right link is not written again.
   *
   * @see https://fluxcd.io/flux/guides/mozilla-sops/
   */
  static sops(): LinkDestination {
    return new Sops('sops');
  }

  /**
   * Kind of the files' object, where links are written into files.
   *
   * @internal
   */
  get _fileKind(): string | undefined {
    return undefined;
  }

  /**
   * Whom the files are sealed for, where they are SealedSecrets.
   *
   * @internal
   */
  get _sealing(): SealedSecretsOptions | undefined {
    return undefined;
  }

  /**
   * What is wrong with its settings.
   *
   * @internal
   */
  get _problems(): string[] {
    return [];
  }

  /**
   * The written form for a mesh file that lies elsewhere.
   *
   * @param _fromThere gives a path as it is written there
   * @internal
   */
  _serializedFor(_fromThere: (path: string) => string): Serialized {
    return this._serialized;
  }
}

class Peers extends LinkDestination {}

class SealedSecrets extends LinkDestination {
  constructor(private readonly options?: SealedSecretsOptions) {
    super('sealedSecrets', options);
  }

  get _fileKind(): string {
    return 'SealedSecret';
  }

  get _sealing(): SealedSecretsOptions {
    return this.options ?? {};
  }

  get _problems(): string[] {
    const { certificate, controllerName, controllerNamespace } = this._sealing;
    const unused = certificate === undefined ? [] : ['controllerName', 'controllerNamespace'].filter(name => name in this._sealing);
    return [
      certificate === undefined ? undefined : certificateProblem(certificate),
      controllerName === undefined ? undefined : objectNameProblem('controllerName', controllerName),
      controllerNamespace === undefined ? undefined : dnsLabelProblem('controllerNamespace', controllerNamespace),
      ...unused.map(name => `${name} is for asking the controller, which nobody does where certificate is given; remove one of the two`),
    ].flatMap(problem => problem === undefined ? [] : `sealedSecrets.${problem}`);
  }

  _serializedFor(fromThere: (path: string) => string): Serialized {
    const { certificate } = this._sealing;
    return certificate === undefined || isUrl(certificate) ? this._serialized
      : { sealedSecrets: { ...this.options, certificate: fromThere(certificate) } };
  }
}

class Sops extends LinkDestination {
  get _fileKind(): string {
    return 'Secret';
  }
}

/** Whether a certificate is to be fetched, and not read from a file. */
export function isUrl(certificate: string): boolean {
  return /^\w+:\/\//.test(certificate);
}

function certificateProblem(certificate: string): string | undefined {
  const fix = 'give the path of a PEM file, or an https URL';
  if (certificate.trim() === '') {
    return `certificate is empty; ${fix}, or leave it out`;
  }
  if (certificate.includes('-----BEGIN ')) {
    return `certificate is the PEM text itself; ${fix}`;
  }
  if (!isUrl(certificate)) {
    return undefined;
  }
  if (!certificate.startsWith('https://') || !URL.canParse(certificate)) {
    return `certificate is a URL that is not https, so that whoever answers in its place could read the links; ${fix}`;
  }
  const { host, username, password } = new URL(certificate);
  return username || password ? `certificate of host '${host}' has credentials in its URL, which would stand in the tree; ${fix}` : undefined;
}
