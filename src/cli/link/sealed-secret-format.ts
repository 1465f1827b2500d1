import { createHash, X509Certificate } from 'crypto';
import { readFileSync } from 'fs';
import { resolve } from 'path';
import type { SecretFormat } from './secret-format';
import type { ClusterModel } from '../../definition/mesh-model';
import { type SealedSecretsOptions, isUrl } from '../../settings/remote-credentials/link-destination';
import { output } from '../../util/host/child-process';
import { shownPath } from '../../util/host/files';
import { shellWord } from '../../util/shell-word';
import { toYaml } from '../../util/yaml-text';

/**
 * Annotation with the fingerprint of the certificate that a Secret is sealed for.
 *
 * A Secret is sealed again when the certificate changes, because its controller may not be able to open the old one.
 */
const CERTIFICATE_ANNOTATION = 'istio-mesh/sealed-for';

/** A SealedSecret, created by the user's own kubeseal. */
export class SealedSecretFormat implements SecretFormat {
  /**
   * The format for a cluster, with the certificate of its controller.
   *
   * @param directory base of a relative path to a certificate
   * @throws if the certificate cannot be read
   */
  static async of(
    cluster: ClusterModel, options: SealedSecretsOptions, directory: string,
  ): Promise<SealedSecretFormat> {
    const { certificate } = options;
    if (certificate !== undefined && !isUrl(certificate)) {
      const path = resolve(directory, certificate);
      const pem = readCertificate(cluster, path);
      return new SealedSecretFormat([`--cert=${path}`], fingerprint(pem, `'${shownPath(path)}'`));
    }
    const flags = certificate === undefined ? controllerFlags(cluster, options) : [`--cert=${certificate}`];
    const pem = await output('kubeseal', ['--fetch-cert', ...flags]);
    const source = certificate ?? `the controller of '${cluster.name}'`;
    return new SealedSecretFormat(flags, fingerprint(pem, `the response of ${source}`));
  }

  readonly kind = 'SealedSecret';
  readonly annotations: SecretFormat['annotations'];

  private constructor(private readonly certificateFlags: readonly string[], certificate: string) {
    this.annotations = { [CERTIFICATE_ANNOTATION]: certificate };
  }

  async encrypt(secret: object): Promise<string> {
    const args = ['--format=json', '--scope=strict', ...this.certificateFlags];
    const sealed = await output('kubeseal', args, JSON.stringify(secret));
    return toYaml(JSON.parse(sealed, (_, value) => value ?? undefined)); // drops creationTimestamp: null
  }
}

function controllerFlags({ context }: ClusterModel, options: SealedSecretsOptions): string[] {
  const { controllerName, controllerNamespace } = options;
  return [
    `--context=${context}`,
    ...controllerName === undefined ? [] : [`--controller-name=${controllerName}`],
    ...controllerNamespace === undefined ? [] : [`--controller-namespace=${controllerNamespace}`],
  ];
}

function readCertificate({ context }: ClusterModel, path: string): string {
  const shown = shownPath(path);
  try {
    return readFileSync(path, 'utf-8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') {
      throw new Error(`cannot read the sealing certificate '${shown}' (${code}); make it a readable file`);
    }
    throw new Error(`the sealing certificate '${shown}' does not exist; `
      + `fetch it: kubeseal --context ${shellWord(context)} --fetch-cert > ${shellWord(shown)}`);
  }
}

function fingerprint(pem: string, source: string): string {
  try {
    return `sha256:${createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')}`;
  } catch {
    throw new Error(`${source} is not a PEM certificate; use the output of kubeseal --fetch-cert`);
  }
}
