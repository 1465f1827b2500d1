import { createHash, X509Certificate } from 'crypto';
import { readFileSync } from 'fs';
import { resolve } from 'path';
import type { LinkForm } from './link-form';
import type { ClusterModel } from '../../definition/mesh-model';
import type { SealedSecretsOptions } from '../../settings/remote-credentials/link-destination';
import { isUrl } from '../../settings/remote-credentials/link-destination';
import { output } from '../../util/host/child-process';
import { shownPath } from '../../util/host/files';
import { shellWord } from '../../util/shell-word';
import { toYaml } from '../../util/yaml-text';

/** Says which certificate a Secret is sealed for: another one may be that of a controller which cannot open it. */
const CERTIFICATE_ANNOTATION = 'istio-mesh/sealed-for';

/** A SealedSecret, made by the user's own kubeseal. */
export class SealedSecretForm implements LinkForm {
  /**
   * @param directory directory that the path of a certificate starts from
   * @throws when there is no certificate to seal for
   */
  static async of(cluster: ClusterModel, options: SealedSecretsOptions, directory: string): Promise<SealedSecretForm> {
    const { certificate } = options;
    const isFile = certificate !== undefined && !isUrl(certificate);
    const place = isFile ? [`--cert=${resolve(directory, certificate)}`] : certificate !== undefined ? [`--cert=${certificate}`] : controller(cluster, options);
    const pem = isFile ? certificateFile(cluster, resolve(directory, certificate)) : await output('kubeseal', ['--fetch-cert', ...place]);
    return new SealedSecretForm(place, fingerprint(pem, isFile ? `'${shownPath(resolve(directory, certificate))}'` : `what ${certificate ?? `the controller of '${cluster.name}'`} gives`));
  }

  readonly kind = 'SealedSecret';
  readonly annotations: LinkForm['annotations'];

  private constructor(private readonly place: readonly string[], certificate: string) {
    this.annotations = { [CERTIFICATE_ANNOTATION]: certificate };
  }

  async encrypt(secret: object): Promise<string> {
    const sealed = await output('kubeseal', ['--format=json', '--scope=strict', ...this.place], JSON.stringify(secret));
    return toYaml(JSON.parse(sealed, (_, value) => value ?? undefined)); // without the null of times that never were
  }
}

function controller({ context }: ClusterModel, { controllerName, controllerNamespace }: SealedSecretsOptions): string[] {
  return [
    `--context=${context}`,
    ...controllerName === undefined ? [] : [`--controller-name=${controllerName}`],
    ...controllerNamespace === undefined ? [] : [`--controller-namespace=${controllerNamespace}`],
  ];
}

function certificateFile({ context }: ClusterModel, path: string): string {
  try {
    return readFileSync(path, 'utf-8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ENOENT' ? `there is no sealing certificate '${shownPath(path)}'; fetch it: kubeseal --context ${shellWord(context)} --fetch-cert > ${shellWord(shownPath(path))}`
      : `the sealing certificate '${shownPath(path)}' cannot be read (${code}); let whoever runs this read it`);
  }
}

function fingerprint(pem: string, where: string): string {
  try {
    return `sha256:${createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')}`;
  } catch {
    throw new Error(`${where} is no certificate in PEM form; give the one that kubeseal --fetch-cert prints`);
  }
}
