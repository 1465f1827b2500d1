import { join } from 'path';
import type { Bringer } from './installation';
import type { KubernetesObject } from './lab/api-server';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row } from './scenario';

interface StoreRef {
  readonly kind: string;
  readonly name: string;
}

interface PushSecret extends KubernetesObject {
  readonly spec: {
    readonly secretStoreRefs: readonly StoreRef[];
    readonly selector: { readonly secret: { readonly name: string } };
    readonly template: { readonly data: Data };
    readonly data: ReadonlyArray<{
      readonly match: {
        readonly secretKey: string; readonly remoteRef: { readonly remoteKey: string; readonly property?: string };
      };
    }>;
  };
}

interface ExternalSecret extends KubernetesObject {
  readonly spec: {
    readonly secretStoreRef: StoreRef;
    readonly target: { readonly name: string; readonly template: { readonly metadata: object } };
    readonly data: ReadonlyArray<{
      readonly secretKey: string; readonly remoteRef: { readonly key: string; readonly property?: string };
    }>;
  };
}

interface Data { readonly [key: string]: string }

const CRDS = join(__dirname, '../crds/external-secrets.yaml');

/**
 * Does with the objects of a mesh what External Secrets does, which is no Go module that can be built: only their
 * fields say what.
 */
export class ExternalSecrets implements Bringer {
  /** What the store of all clusters holds. */
  private readonly store = new Map<string, string>();

  public async prepare(cluster: Cluster): Promise<void> {
    await cluster.addKinds(CRDS);
  }

  public async bring(lab: Lab): Promise<readonly Row[]> {
    const pushed = await Promise.all(lab.clusters.map(async cluster => {
      const objects = await cluster.objects<PushSecret>('pushsecret');
      return {
        what: `PushSecret in ${cluster.name}`,
        answers: told(await Promise.all(objects.map(object => this.push(lab, cluster, object)))),
      };
    }));
    const pulled = await Promise.all(lab.clusters.map(async cluster => {
      const objects = await cluster.objects<ExternalSecret>('externalsecret');
      return {
        what: `ExternalSecret in ${cluster.name}`,
        answers: told(await Promise.all(objects.map(object => this.pull(cluster, object)))),
      };
    }));
    return [...pushed, ...pulled];
  }

  /** Renders a template over the data of a Secret of the cluster, and puts what came of it into the store. */
  private async push(lab: Lab, cluster: Cluster, { metadata: { namespace, name }, spec }: PushSecret): Promise<string> {
    const rendered = await until(`PushSecret ${name} of ${cluster.name} can be rendered`, async () => {
      const { data } =
        JSON.parse(await cluster.kubectl('get', 'secret', '-n', namespace!, spec.selector.secret.name, '-o', 'json'));
      const render = async ([key, template]: [string, string]) =>
        [key, await lab.tool('render-template', [], JSON.stringify({ template, data }))];
      return Object.fromEntries(await Promise.all(Object.entries(spec.template.data).map(render))) as Data;
    });
    return told(spec.data.flatMap(({ match: { secretKey, remoteRef: { remoteKey, property } } }) =>
      spec.secretStoreRefs.map(store => {
        this.store.set(place(store, remoteKey, property), rendered[secretKey]);
        return `to ${remoteKey}`;
      })));
  }

  /** Makes a Secret of what is in the store. */
  private async pull(
    cluster: Cluster, { metadata: { namespace }, spec: { secretStoreRef, target, data } }: ExternalSecret,
  ): Promise<string> {
    const stringData = Object.fromEntries(data.map(({ secretKey, remoteRef: { key, property } }) => {
      const value = this.store.get(place(secretStoreRef, key, property));
      if (value === undefined) {
        throw new Error(`${key}, which ${cluster.name} asks for, is not in the store; there are `
          + `${told([...this.store.keys()])}`);
      }
      return [secretKey, value];
    }));
    const metadata = { ...target.template.metadata, namespace, name: target.name };
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata, stringData }));
    return target.name;
  }
}

function place({ kind, name }: StoreRef, key: string, property?: string): string {
  return [kind, name, key, property].join(' ');
}

function told(words: readonly string[]): string {
  return words.join(', ') || 'none';
}
