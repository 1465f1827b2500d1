import { mkdirSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { Background } from './background';
import { apiServerName, Cluster } from './cluster';
import { apiServerAddress, connect } from './network';
import { run } from './process';

const COMMAND = ['--import', 'tsx', 'src/cli.ts'];
const REPOSITORY = resolve(__dirname, '..', '..', '..');

export interface LabProps {
  /** A directory that nobody else writes. */
  readonly directory: string;
  /** The directory with the programs of `tools.ts`. */
  readonly programs: string;
  /** The clusters by name, each with the network that its pods are really on, whatever its mesh says. */
  readonly clusters: { readonly [name: string]: string };
  /** Whether what belongs to an object goes with it. @default false: processors are few */
  readonly collectsGarbage?: boolean;
}

/** Clusters that run in the namespaces of this process: one etcd, and for each cluster a control plane and its pods. */
export class Lab {
  /** Starts the clusters and does something with them; rejects as soon as a part of them fails. */
  public static async run<T>(
    { directory, programs, clusters, collectsGarbage = false }: LabProps, action: (lab: Lab) => Promise<T>,
  ): Promise<T> {
    const places = Object.values(clusters).map((network, i) => ({ index: i + 1, network }));
    const names = Object.keys(clusters);
    const logs = join(directory, 'logs');
    mkdirSync(logs, { recursive: true });
    const background = new Background(logs);
    // The commands' own files (HOME) are the lab's; a relaxed garbage collector, since memory is there and processors
    // are not.
    const env = { HOME: directory, PATH: process.env.PATH, GOGC: '400' };

    await connect(places);
    const hosts = places.map((place, i) => `${apiServerAddress(place)} ${apiServerName(names[i])}\n`).join('');
    writeFileSync(join(directory, 'hosts'), `127.0.0.1 localhost\n${hosts}`);
    await run('mount', ['--bind', join(directory, 'hosts'), '/etc/hosts']);

    const etcd = 'http://127.0.0.1:2379';
    background.start('etcd', [
      'etcd', `--data-dir=${join(directory, 'etcd')}`, `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      '--listen-peer-urls=http://127.0.0.1:2380', '--unsafe-no-fsync',
    ], env);
    const host = { directory, programs, background, env, etcd, names: hosts, collectsGarbage };
    const started = Promise.all(places.map((place, i) => Cluster.start(names[i], place, host)));
    const kubeconfigs = names.map(name => join(directory, name, 'kubeconfig')).join(':');
    return Promise.race([
      started.then(all => action(new Lab(all, { ...env, KUBECONFIG: kubeconfigs }))), background.failure,
    ]);
  }

  /** `env` is that of somebody who has a context for every cluster. */
  private constructor(public readonly clusters: readonly Cluster[], private readonly env: NodeJS.ProcessEnv) {}

  /**
   * Runs this repository's own command.
   *
   * @param answer an exit code beside 0 that is an answer too
   */
  public async istioMesh(args: readonly string[], answer?: number): Promise<string> {
    return run(process.execPath, [...COMMAND, ...args],
      { cwd: REPOSITORY, env: { ...process.env, ...this.env }, answer });
  }

  /** Runs it, and kills it after so many seconds unless it ended before. */
  public async istioMeshKilled(seconds: number, ...args: readonly string[]): Promise<void> {
    await run(process.execPath, [...COMMAND, ...args],
      { cwd: REPOSITORY, env: { ...process.env, ...this.env }, killAfter: seconds });
  }

  /** Runs a shell script somewhere, in which `istio-mesh`, also behind `npx`, is this repository's own command. */
  public async script(text: string, cwd: string): Promise<string> {
    const own =
      `istio-mesh() { TSX_TSCONFIG_PATH= '${process.execPath}' '${require.resolve('tsx/cli')}' `
        + `'${join(REPOSITORY, 'src', 'cli.ts')}' "$@"; }\nnpx() { "$@"; }\n`;
    return run('bash', ['-ec', own + text], { cwd, env: { ...process.env, ...this.env } });
  }

  /** Runs one of the programs of `tools.ts`. */
  public async tool(program: string, args: readonly string[], input?: string): Promise<string> {
    return run(program, args, { env: this.env, input });
  }

  public cluster(name: string): Cluster {
    return this.clusters.find(cluster => cluster.name === name)!;
  }
}
