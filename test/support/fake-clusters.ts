/** An object of a cluster; the fake knows no kinds. */
type KubernetesObject = any;

/** A cluster without an API server. */
interface FakeCluster {
  readonly objects: Map<string, KubernetesObject>;
  /** What it answers at paths. */
  readonly pages: Map<string, string>;
  /** Verbs and options of kubectl that it refuses, each with what it says. */
  readonly refusals: Map<string, string>;
  tokens: number;
}

/**
 * Clusters for the commands, with a kubectl that knows what these ask for, and no more.
 *
 * A test file says `jest.mock('../../src/util/host/child-process', () =>
 * jest.requireActual('./fake-clusters').programs())`.
 */
export class FakeClusters {
  private readonly clusters: ReadonlyMap<string, FakeCluster>;
  /** What `kubectl config view` prints; without it there is no kubectl for that. */
  public kubeconfig?: object;
  private told: string[] = [];

  public constructor(...contexts: readonly string[]) {
    this.clusters =
      new Map(contexts.map(context =>
        [context, { objects: new Map(), pages: new Map(), refusals: new Map(), tokens: 0 }]));
    current = this;
  }

  public put(context: string, ...objects: readonly KubernetesObject[]): void {
    objects.forEach(object => this.clusters.get(context)!.objects.set(keyOf(object), object));
  }

  public get(context: string, kind: string, name: string, namespace = 'istio-system'): KubernetesObject {
    return this.clusters.get(context)!.objects.get(keyOf({ kind, metadata: { name, namespace } }));
  }

  public remove(context: string, kind: string, name: string, namespace = 'istio-system'): void {
    this.clusters.get(context)!.objects.delete(keyOf({ kind, metadata: { name, namespace } }));
  }

  /** Kinds and names of what a cluster has. */
  public names(context: string): string[] {
    return [...this.clusters.get(context)!.objects.values()].map(({ kind, metadata }) =>
      `${kind.toLowerCase()}/${metadata.name}`).sort();
  }

  /** What the API server of a cluster answers at a path. */
  public answer(context: string, path: string, text: string): void {
    this.clusters.get(context)!.pages.set(path, text);
  }

  /** Makes a cluster refuse a verb or an option of kubectl, or not any more. */
  public refuse(context: string, verb: string, message?: string): void {
    const { refusals } = this.clusters.get(context)!;
    message === undefined ? refusals.delete(verb) : refusals.set(verb, message);
  }

  /** What kubectl was asked since the last time, in order. */
  public calls(): string[] {
    return this.told.splice(0);
  }

  /** What kubectl prints. */
  public kubectl(args: readonly string[], input: string): string {
    const valueOf = (name: string) =>
      args.includes(name) ? args[args.indexOf(name) + 1]
        : args.find(arg => arg.startsWith(`${name}=`))?.slice(name.length + 1);
    const [context, namespace] = ['--context', '--namespace'].map(valueOf);
    const [verb, ...words] =
      args.filter((arg, i) => !arg.startsWith('-') && !['--context', '--namespace', '--raw'].includes(args[i - 1]));
    const cluster = this.clusters.get(context!);
    if (!cluster) {
      throw new Error(`error: context "${context}" does not exist`);
    }
    const refused = [verb, ...args].find(word => cluster.refusals.has(word));
    if (refused) {
      throw new Error(cluster.refusals.get(refused));
    }
    this.told.push([context, verb, ...words].join(' '));
    const [first, ...names] = words;
    const kind = first?.replace(/\..*/, ''); // without its group
    const named = kind?.includes('/') ? words.map(word => word.split('/')) : names.map(name => [kind, name]);
    const found =
      named.map(([of, name]) =>
        [namespace, ''].map(where => keyOf({ kind: of, metadata: { name, namespace: where } })));
    switch (verb) {
      case 'get':
        if (valueOf('--raw')) {
          return cluster.pages.get(valueOf('--raw')!) ?? refuse('Error from server (ServiceUnavailable)');
        }
        return named.length > 0 ? printed(found.flatMap(keys => keys.flatMap(key => cluster.objects.get(key) ?? [])))
          : JSON.stringify({
            items: [...cluster.objects.keys()].sort().map(key => cluster.objects.get(key))
              .filter(object => kind.split(',').includes(object.kind.toLowerCase()))
              .filter(({ metadata }) => !namespace || metadata.namespace === namespace)
              .filter(object =>
                isSelected(object.metadata.labels ?? {}, valueOf('--selector'))
                && isSelected(object, valueOf('--field-selector'))),
          });
      case 'delete':
        found.flat().forEach(key => cluster.objects.delete(key));
        if (kind === 'serviceaccount') { // its token goes with it
          names.forEach(name => cluster.objects.delete(keyOf({ kind: 'Secret', metadata: { name, namespace } })));
        }
        return '';
      default:
        JSON.parse(input).items.forEach((object: KubernetesObject) => write(cluster, verb, object));
        return '';
    }
  }
}

let current: FakeClusters;

/** The module `program`, with clusters of the tests' own behind kubectl. */
export function programs(): object {
  const actual = jest.requireActual('../../src/util/host/child-process');
  const output = async (program: string, args: readonly string[], input = '') => {
    if (program !== 'kubectl') {
      return actual.output(program, args, input);
    }
    if (args[0] === 'config') {
      return current.kubeconfig ? JSON.stringify(current.kubeconfig)
        : refuse('there is no kubectl on the PATH; install it');
    }
    try {
      return current.kubectl(args, input);
    } catch (error) {
      throw new Error(`kubectl ${args.find(arg => ['get', 'create', 'replace', 'apply', 'delete'].includes(arg))}: `
        + `${(error as Error).message}`);
    }
  };
  return { ...actual, output };
}

function keyOf({ kind, metadata: { name, namespace = '' } }: KubernetesObject): string {
  return `${kind.toLowerCase()}/${namespace}/${name}`;
}

function isSelected(fields: KubernetesObject, selector: string | undefined): boolean {
  const [name, value] = selector?.split('=') ?? [];
  return !name || (value === undefined ? name in fields : fields[name] === value);
}

function printed(objects: readonly KubernetesObject[]): string {
  return objects.length === 0 ? '' : JSON.stringify(objects.length > 1 ? { items: objects } : objects[0]);
}

function refuse(message: string): never {
  throw new Error(message);
}

/** What Kubernetes does with an object: it counts its versions, and fills Secrets of service accounts. */
function write(cluster: FakeCluster, verb: string, object: KubernetesObject): void {
  const before = cluster.objects.get(keyOf(object));
  if (verb === 'create' && before) {
    refuse(`Error from server (AlreadyExists): ${object.kind.toLowerCase()}s "${object.metadata.name}" already exists`);
  }
  if (verb === 'replace' && object.metadata.resourceVersion !== before?.metadata.resourceVersion) {
    refuse('Error from server (Conflict): the object has been modified');
  }
  const after = verb === 'apply' ? { ...before, ...object } : object;
  const isToken = after.type === 'kubernetes.io/service-account-token' && !after.data;
  const data = isToken ? { 'token': base64(`token-${++cluster.tokens}`), 'ca.crt': base64('authority') } : after.data;
  const resourceVersion = String(Number(before?.metadata.resourceVersion ?? 0) + 1);
  cluster.objects.set(keyOf(object),
    { ...after, ...data && { data }, metadata: { ...after.metadata, resourceVersion } });
}

/** A token Secret of a cluster's reader account. */
export function tokenSecret(slot: string, token?: string): object {
  const data = token && { 'token': base64(token), 'ca.crt': base64('authority') };
  return {
    kind: 'Secret',
    metadata: { name: `istio-mesh-reader-${slot}`, namespace: 'istio-system' },
    type: 'kubernetes.io/service-account-token',
    ...data && { data },
  };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
