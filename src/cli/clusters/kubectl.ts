import { output } from '../../util/host/child-process';

/** A Kubernetes object, as the API server gives it. */
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
    readonly uid?: string;
  };
  readonly [field: string]: any;
}

/** So that a cluster that does not answer is told as such, and does not hold up the others for ever. */
const TIMEOUT_SECONDS = 30;

/**
 * The user's own kubectl with one context of their kubeconfig, so that every login works here that works there.
 *
 * What it is given travels through its standard input, and never stands in arguments or messages.
 */
export class Kubectl {
  constructor(readonly context: string) {}

  /** An object, or undefined where there is none of that name. */
  async get(kind: string, name: string, namespace?: string): Promise<LiveObject | undefined> {
    const [found] = await this.read(['get', kind, name, ...inNamespace(namespace), '--ignore-not-found']);
    return found;
  }

  /**
   * The objects of some names, as far as they are there.
   *
   * @param references kind and name of each, e.g. `secret/cacerts`
   */
  async objects(references: readonly string[], namespace: string): Promise<LiveObject[]> {
    return references.length === 0 ? [] : this.read(['get', ...references, ...inNamespace(namespace), '--ignore-not-found']);
  }

  /**
   * The objects of a kind, in one namespace or in all.
   *
   * @param selectors options that choose among them, e.g. `--selector=app=istiod`
   */
  async list(kind: string, namespace: string | undefined, ...selectors: readonly string[]): Promise<LiveObject[]> {
    const where = namespace === undefined ? ['--all-namespaces'] : inNamespace(namespace);
    return this.read(['get', kind, ...where, ...selectors]);
  }

  /** Makes objects, and refuses those that are there. */
  async create(objects: readonly object[]): Promise<void> {
    await this.write('create', objects);
  }

  /** Replaces objects as a whole, unless somebody changed them since they were read. */
  async replace(objects: readonly object[]): Promise<void> {
    await this.write('replace', objects);
  }

  /** Makes objects, or changes what is said of them here where they are there already. */
  async apply(objects: readonly object[]): Promise<void> {
    await this.write('apply', objects, ['--server-side', '--field-manager=istio-mesh', '--force-conflicts']);
  }

  /** Removes an object, or begins to, where it has to end something first; nothing happens where there is none. */
  async delete(kind: string, name: string, namespace?: string): Promise<void> {
    await this.run(['delete', kind, name, ...inNamespace(namespace), '--ignore-not-found', '--wait=false']);
  }

  /** What the API server answers at a path. */
  async raw(path: string): Promise<string> {
    return this.run(['get', '--raw', path]);
  }

  /** The objects that kubectl prints; it may print nothing only where none of a name may be there. What it printed instead of them is not told: it may have a token. */
  private async read(args: readonly string[]): Promise<LiveObject[]> {
    const text = await this.run([...args, '--output=json']);
    const objects = text.trim() === '' && args.includes('--ignore-not-found') ? [] : objectsIn(text);
    if (!objects) {
      throw new Error(`context '${this.context}': kubectl get: it printed something else than objects in JSON`);
    }
    return objects;
  }

  private async write(verb: string, objects: readonly object[], options: readonly string[] = []): Promise<void> {
    if (objects.length > 0) {
      await this.run([verb, ...options, '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    }
  }

  /**
   * What kubectl prints.
   *
   * @throws with what kubectl says of its failure
   */
  private async run(args: readonly string[], input = ''): Promise<string> {
    const all = ['--context', this.context, `--request-timeout=${TIMEOUT_SECONDS}s`, ...args];
    try {
      return await output('kubectl', all, input);
    } catch (error) {
      throw new Error(`context '${this.context}': ${(error as Error).message}`);
    }
  }
}

/** The objects of a list, or the one that is none; undefined where there is something else. */
function objectsIn(text: string): LiveObject[] | undefined {
  try {
    const parsed = JSON.parse(text);
    const objects = parsed.items ?? [parsed];
    return objects.every(({ metadata }: LiveObject) => typeof metadata.name === 'string') ? objects : undefined;
  } catch {
    return undefined;
  }
}

function inNamespace(namespace: string | undefined): string[] {
  return namespace === undefined ? [] : ['--namespace', namespace];
}
