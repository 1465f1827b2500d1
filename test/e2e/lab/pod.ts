import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import type { ApiServer } from './api-server';
import type { Background, Running } from './background';
import { image, makeRoot } from './container';
import { type Place, PodNetwork } from './network';
import type { ContainerObject, EnvironmentVariable, PodObject } from './pod-object';
import { run, until } from './process';
import { Volumes } from './volumes';

export const NODE_NAME = 'node1';

const SIDECAR = 'istio-proxy';

/** What the pods of a cluster have in common. */
export interface PodHost {
  readonly cluster: string;
  readonly api: ApiServer;
  readonly apiServerAddress: string;
  readonly directory: string;
  /** The file that is every pod's name service. */
  readonly hosts: string;
  /** The directory that is /usr/local/bin in every container. */
  readonly programs: string;
  readonly background: Background;
}

const PATHS = { PATH: '/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin' };

/** The resources of a container, whatever it asks for. */
const RESOURCES: { readonly [resource: string]: string } = { 'limits.cpu': '2', 'limits.memory': String(2 ** 30) };

/** A pod that runs here: a network of its own, a root for each container, the real programs in it. */
export class Pod {
  private readonly running = new Map<ContainerObject, Running>();
  private readonly roots = new Map<string, string>();
  private readonly directory: string;
  private readonly network: PodNetwork;
  private _ready = false;

  public constructor(private readonly host: PodHost, public readonly object: PodObject, place: Place, n: number) {
    this.network = new PodNetwork(place, n);
    this.directory = join(host.directory, `${object.metadata.name}-${object.metadata.uid}`);
  }

  public get address(): string {
    return this.network.address;
  }

  public get ready(): boolean {
    return this._ready;
  }

  /** Runs the containers in the order in which a kubelet does, until all are ready. */
  public async run(): Promise<void> {
    const { spec, metadata } = this.object;
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    await this.host.api.post(`${path}/binding`,
      { metadata: { name: metadata.name }, target: { kind: 'Node', name: NODE_NAME } });
    await this.network.open();
    mkdirSync(this.directory, { recursive: true });
    const volumes =
      await new Volumes(this.host.api, this.object, field => this.field(field)).write(join(this.directory, 'volumes'));
    for (const container of spec.initContainers ?? []) {
      await this.prepare(container, volumes);
      if (container.restartPolicy === 'Always') {
        await this.keep(container);
      } else {
        const [program, ...args] = this.command(container);
        await run(program, args, { env: this.environment(container) });
      }
    }
    const ending = spec.restartPolicy === 'Never' ? spec.containers.filter(({ name }) => name !== SIDECAR) : [];
    for (const container of spec.containers) {
      await this.prepare(container, volumes);
      if (!ending.includes(container)) {
        await this.keep(container);
      }
    }
    await this.host.api.patchStatus(path, {
      phase: 'Running',
      podIP: this.address,
      podIPs: [{ ip: this.address }],
      conditions: [
        'Initialized', 'ContainersReady', 'Ready',
      ].map(type => ({ type, status: 'True', lastTransitionTime: new Date().toISOString() })),
    });
    this._ready = true;
    await Promise.all(ending.map(container => this.finish(container, path)));
  }

  /**
   * Runs a command to its end in a container, as somebody who may not go past the sidecar, or as the sidecar's own
   * user.
   */
  public async exec(container: string, command: readonly string[], user = image('node').user): Promise<string> {
    const [program, ...args] = this.enter(container, user, command);
    return run(program, args, { env: PATHS });
  }

  /** The number of a port that may be given by its name. */
  public port(port: number | string): number | string {
    return this.object.spec.containers.flatMap(({ ports = [] }) => ports)
      .find(({ name }) => name === port)?.containerPort ?? port;
  }

  /**
   * Ends it as a kubelet does: each container when it has slept as long as it wants to, and sidecars after those that
   * they are for.
   */
  public async terminate(): Promise<void> {
    const { containers, initContainers = [], terminationGracePeriodSeconds } = this.object.spec;
    if (this._ready) {
      this._ready = false;
      const ended = this.end(containers).then(() => this.end(initContainers));
      await Promise.race([ended, sleep(1000 * terminationGracePeriodSeconds)]);
    }
    this.kill();
  }

  /** Ends it at once. */
  public kill(): void {
    this._ready = false;
    this.running.forEach(program => program.kill());
    this.network.close();
  }

  private async end(containers: readonly ContainerObject[]): Promise<void> {
    await Promise.all(containers.map(async container => {
      await sleep(1000 * (container.lifecycle?.preStop?.sleep?.seconds ?? 0));
      await this.running.get(container)?.terminate();
    }));
  }

  private async prepare(container: ContainerObject, volumes: ReadonlyMap<string, string>): Promise<void> {
    const root = join(this.directory, container.name);
    this.roots.set(container.name, root);
    await makeRoot(root, new Map([
      ['/usr/local/bin', this.host.programs],
      ['/etc/hosts', this.host.hosts],
      ...(container.volumeMounts ?? []).map(({ name, mountPath }) => [mountPath, volumes.get(name)!] as const),
    ]));
  }

  private async keep(container: ContainerObject): Promise<void> {
    const name = `${this.host.cluster}-${this.object.metadata.name}-${container.name}`;
    this.running.set(container,
      this.host.background.start(name, this.command(container), this.environment(container), this.user(container)));
    const probe = container.readinessProbe?.httpGet;
    if (probe) {
      const url = `http://${this.address}:${this.port(probe.port)}${probe.path}`;
      await until(`${url}, by which ${name} says that it is ready`,
        async () => (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok, 90);
    }
  }

  /** Runs a container to its end, and tells what it leaves behind. */
  private async finish(container: ContainerObject, path: string): Promise<void> {
    const { name, image: reference, terminationMessagePath = '/dev/termination-log' } = container;
    const [program, ...args] = this.command(container);
    await run(program, args, { env: this.environment(container) });
    const message = readFileSync(join(this.roots.get(name)!, terminationMessagePath), 'utf-8');
    const state = { terminated: { exitCode: 0, reason: 'Completed', message } };
    const status = { name, image: reference, imageID: reference, ready: false, restartCount: 0, state };
    await this.host.api.patchStatus(path, { containerStatuses: [status] });
  }

  private user({ image: reference, securityContext }: ContainerObject): number {
    return securityContext?.runAsUser ?? this.object.spec.securityContext?.runAsUser ?? image(reference).user;
  }

  private command(container: ContainerObject): readonly string[] {
    const env = this.environment(container);
    const { entrypoint, args } = image(container.image);
    const words = [...container.command ?? [entrypoint], ...container.args ?? (container.command ? [] : args ?? [])];
    return this.enter(container.name, this.user(container), words.map(word => expanded(word, env)));
  }

  private enter(container: string, user: number, command: readonly string[]): readonly string[] {
    return [...this.network.enter, 'chroot', `--userspec=${user}:${user}`, `--groups=${user}`,
      this.roots.get(container)!, ...command];
  }

  private environment(container: ContainerObject): { readonly [name: string]: string } {
    const env: { [name: string]: string } = {
      ...PATHS,
      KUBERNETES_SERVICE_HOST: this.host.apiServerAddress,
      KUBERNETES_SERVICE_PORT: '6443',
      ...image(container.image).env,
    };
    for (const { name, value = '', valueFrom } of container.env ?? []) {
      env[name] = valueFrom ? this.valueFrom(valueFrom) : expanded(value, env);
    }
    return env;
  }

  private valueFrom({ fieldRef, resourceFieldRef }: NonNullable<EnvironmentVariable['valueFrom']>): string {
    const value = fieldRef ? this.field(fieldRef.fieldPath) : RESOURCES[resourceFieldRef?.resource ?? ''];
    if (value === undefined) {
      throw new Error(`the lab does not know where a variable of pod ${this.object.metadata.name} comes from`);
    }
    return value;
  }

  /** A field of the pod, as the downward API gives it. */
  private field(path: string): string {
    const { metadata, spec } = this.object;
    const [, map, key] = /^metadata\.(labels|annotations)(?:\['(.+)'\])?$/.exec(path) ?? [];
    if (map) {
      const entries = metadata[map as 'labels' | 'annotations'] ?? {};
      return key ? entries[key] ?? ''
        : Object.entries(entries).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`).join('');
    }
    const fields: { readonly [field: string]: string | undefined } = {
      'metadata.name': metadata.name,
      'metadata.namespace': metadata.namespace,
      'metadata.uid': metadata.uid,
      'spec.nodeName': NODE_NAME,
      'spec.serviceAccountName': spec.serviceAccountName,
      'status.hostIP': this.host.apiServerAddress,
      'status.podIP': this.address,
    };
    const value = fields[path];
    if (value === undefined) {
      throw new Error(`the lab does not know the field ${path} of pod ${metadata.name}`);
    }
    return value;
  }
}

/** Text with the variables that it names as `$(NAME)`. */
function expanded(text: string, env: { readonly [name: string]: string }): string {
  return text.replace(/\$\((\w+)\)/g, (all, name: string) => env[name] ?? all);
}
