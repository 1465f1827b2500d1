import { chmodSync, mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import type { ApiServer } from './api-server';
import type { KeyToPath, PodObject, ProjectedSource, Volume } from './pod-object';
import { until } from './process';

type Files = ReadonlyArray<readonly [path: string, content: Buffer | string]>;

/** Makes the directories of a pod's volumes, each with what the API server has for it, as a kubelet does. */
export class Volumes {
  public constructor(
    private readonly api: ApiServer, private readonly pod: PodObject, private readonly field: (path: string) => string,
  ) {}

  /** Writes them all below a directory and gives each one's path by its name. */
  public async write(directory: string): Promise<ReadonlyMap<string, string>> {
    const volumes = this.pod.spec.volumes ?? [];
    const paths = new Map(volumes.map(({ name }) => [name, join(directory, name)]));
    await Promise.all(volumes.map(async volume => {
      const path = paths.get(volume.name)!;
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o777); // whoever the container runs as, writes it
      for (const [
        file, content,
      ] of await until(`what volume ${volume.name} of pod ${this.pod.metadata.name} needs`, () => this.files(volume))) {
        mkdirSync(dirname(join(path, file)), { recursive: true });
        writeFileSync(join(path, file), content, { mode: 0o644 });
      }
    }));
    return paths;
  }

  private async files(volume: Volume): Promise<Files> {
    const { secret, projected, emptyDir } = volume;
    if (emptyDir) {
      return [];
    }
    const sources = projected?.sources ?? [{ ...volume, secret: secret && { ...secret, name: secret.secretName } }];
    return (await Promise.all(sources.map(source => this.filesOf(source)))).flat();
  }

  private async filesOf({ configMap, secret, downwardAPI, serviceAccountToken }: ProjectedSource): Promise<Files> {
    const { namespace } = this.pod.metadata;
    if (serviceAccountToken) {
      const audiences = serviceAccountToken.audience ? [serviceAccountToken.audience] : undefined;
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${this.pod.spec.serviceAccountName}/token`;
      const { status } = await this.api.post<{ status: { token: string } }>(path, { spec: { audiences } });
      return [[serviceAccountToken.path, status.token]];
    }
    if (downwardAPI) {
      return downwardAPI.items.map(({ path, fieldRef }) => [path, this.field(fieldRef!.fieldPath)] as const);
    }
    if (configMap) {
      return this.filesOfData(`configmaps/${configMap.name}`, text => text, configMap);
    }
    if (secret) {
      return this.filesOfData(`secrets/${secret.name}`, text => Buffer.from(text, 'base64'), secret);
    }
    throw new Error(`the lab does not know this kind of volume, of pod ${this.pod.metadata.name}`);
  }

  private async filesOfData(
    path: string,
    content: (text: string) => Buffer | string,
    { optional, items }: { readonly optional?: boolean; readonly items?: readonly KeyToPath[] },
  ): Promise<Files> {
    try {
      const { data = {} } =
        await this.api.get<{
          data?: { [key: string]: string };
        }>(`/api/v1/namespaces/${this.pod.metadata.namespace}/${path}`);
      return (items ?? Object.keys(data).map(key => ({ key, path: key }))).map(item =>
        [item.path, content(data[item.key])] as const);
    } catch (error) {
      if (optional) {
        return [];
      }
      throw error;
    }
  }
}
