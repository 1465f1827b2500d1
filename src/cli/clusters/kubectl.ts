import { output } from '../../util/host/child-process';
import { shellWord } from '../../util/shell-word';

/** A Kubernetes object as the API server returns it. */
export interface LiveObject {
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
    readonly creationTimestamp?: string;
    readonly ownerReferences?: ReadonlyArray<{ readonly kind: string }>;
    readonly managedFields?: ReadonlyArray<{ readonly time?: string }>;
    readonly resourceVersion?: string;
  };
  readonly [field: string]: any;
}

/** A kubectl command for the namespace of a cluster, to show to the user. */
export function kubectlCommand(
  { context, namespace }: Readonly<Record<'context' | 'namespace', string>>, command: string,
): string {
  return `kubectl --context ${shellWord(context)} -n ${namespace} ${command}`;
}

export const RESTART_ISTIOD = 'rollout restart deployment -l app=istiod';

/** After this time, a cluster that does not respond is reported, so that it does not block the others. */
const TIMEOUT_SECONDS = 30;

/**
 * Runs the user's own kubectl with one context of their kubeconfig, so that all login methods of kubectl work.
 *
 * Objects are passed through standard input, and never appear in arguments or messages.
 */
export class Kubectl {
  constructor(readonly context: string) {}

  /** An object, or undefined if it does not exist. */
  async get(kind: string, name: string, namespace?: string): Promise<LiveObject | undefined> {
    const [found] = await this.read(['get', kind, name, ...inNamespace(namespace), '--ignore-not-found']);
    return found;
  }

  /**
   * Those of the named objects that exist.
   *
   * @param references kind and name of each object, e.g. `secret/cacerts`
   */
  async objects(references: readonly string[], namespace: string): Promise<LiveObject[]> {
    const args = ['get', ...references, ...inNamespace(namespace), '--ignore-not-found'];
    return references.length === 0 ? [] : this.read(args);
  }

  /**
   * The objects of a kind.
   *
   * @param namespace undefined for all namespaces
   * @param options of `kubectl get`, e.g. `--selector=app=istiod`
   */
  async list(kind: string, namespace: string | undefined, ...options: readonly string[]): Promise<LiveObject[]> {
    const scope = namespace === undefined ? ['--all-namespaces'] : inNamespace(namespace);
    return this.read(['get', kind, ...scope, ...options]);
  }

  /** Creates objects; fails if one of them exists. */
  async create(objects: readonly object[]): Promise<void> {
    await this.write('create', objects);
  }

  /** Replaces whole objects; fails if one of them has changed since it was read. */
  async replace(objects: readonly object[]): Promise<void> {
    await this.write('replace', objects);
  }

  /** Creates objects, or changes the given fields of existing ones. */
  async apply(objects: readonly object[]): Promise<void> {
    await this.write('apply', objects, ['--server-side', '--field-manager=istio-mesh', '--force-conflicts']);
  }

  /** Deletes an object if it exists, without waiting for its finalizers. */
  async delete(kind: string, name: string, namespace?: string): Promise<void> {
    await this.run(['delete', kind, name, ...inNamespace(namespace), '--ignore-not-found', '--wait=false']);
  }

  /** The response of the API server to a GET request. */
  async raw(path: string): Promise<string> {
    return this.run(['get', '--raw', path]);
  }

  /**
   * The objects that kubectl prints.
   *
   * Other output is an error, except empty output for objects that may be missing. The error does not show the output,
   * which may contain a token.
   */
  private async read(args: readonly string[]): Promise<LiveObject[]> {
    const text = await this.run([...args, '--output=json']);
    const isNoneFound = text.trim() === '' && args.includes('--ignore-not-found');
    const objects = isNoneFound ? [] : objectsIn(text);
    if (!objects) {
      throw new Error(`context '${this.context}': kubectl get: the output is not a JSON list of Kubernetes objects`);
    }
    return objects;
  }

  private async write(verb: string, objects: readonly object[], options: readonly string[] = []): Promise<void> {
    if (objects.length > 0) {
      const list = { apiVersion: 'v1', kind: 'List', items: objects };
      await this.run([verb, ...options, '--filename=-'], JSON.stringify(list));
    }
  }

  /**
   * The output of kubectl.
   *
   * @throws with the error message of kubectl
   */
  private async run(args: readonly string[], input = ''): Promise<string> {
    const options = ['--context', this.context, `--request-timeout=${TIMEOUT_SECONDS}s`];
    try {
      return await output('kubectl', [...options, ...args], input);
    } catch (error) {
      throw new Error(`context '${this.context}': ${(error as Error).message}`);
    }
  }
}

/** The objects of a JSON list, or a single JSON object; undefined for other text. */
function objectsIn(text: string): LiveObject[] | undefined {
  try {
    const parsed = JSON.parse(text);
    const objects = parsed.items ?? [parsed];
    const areObjects = objects.every(({ metadata }: LiveObject) => typeof metadata.name === 'string');
    return areObjects ? objects : undefined;
  } catch {
    return undefined;
  }
}

function inNamespace(namespace: string | undefined): string[] {
  return namespace === undefined ? [] : ['--namespace', namespace];
}
