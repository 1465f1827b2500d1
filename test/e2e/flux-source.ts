import { createHash } from 'crypto';
import { readFileSync } from 'fs';
import { createServer } from 'http';
import { join } from 'path';
import { startController } from './controller';
import type { Cluster } from './lab/cluster';
import { ROUTER } from './lab/network';
import { run } from './lab/process';
import type { Tree } from './tree';

const CRDS = join(__dirname, '../crds/flux.yaml');
const PORT = 8080;

/** Namespace of Flux. */
export const FLUX = 'flux-system';

/** Flux's kustomize-controller, which is real, in a cluster. */
export async function startFlux(cluster: Cluster): Promise<void> {
  await cluster.addKinds(CRDS);
  await startController(cluster, {
    name: 'kustomize-controller',
    namespace: FLUX,
    args: ['--watch-all-namespaces', '--requeue-dependency=2s', '--health-addr=:9440'],
    env: [{ name: 'RUNTIME_NAMESPACE', value: FLUX }],
    ready: { path: '/readyz', port: 9440 },
  });
}

/**
 * A GitRepository in every cluster, and what Flux's source-controller does of it: it offers what is committed to all
 * pods.
 */
export class FluxSource {
  private readonly archives = new Map<string, Buffer>();
  private isServing = false;

  /** @param name that of the GitRepositories */
  public constructor(public readonly name: string) {}

  /** Makes some directories of a tree the newest commit, and gives its revision. */
  public async commit(clusters: readonly Cluster[], tree: Tree, directories: readonly string[]): Promise<string> {
    const path = tree.path('commit.tgz');
    await run('tar', ['-czf', path, '-C', tree.path(), ...directories]);
    const archive = readFileSync(path);
    const digest = createHash('sha256').update(archive).digest('hex');
    const file = `${digest}.tgz`;
    const revision = `main@sha1:${digest.slice(0, 40)}`;
    this.archives.set(`/${file}`, archive);
    await this.serve();
    const lastUpdateTime = new Date().toISOString();
    const artifact = {
      url: `http://${ROUTER}:${PORT}/${file}`, path: file, digest: `sha256:${digest}`, revision, lastUpdateTime,
    };
    const ready = {
      type: 'Ready', status: 'True', reason: 'Succeeded', message: 'stored', lastTransitionTime: lastUpdateTime,
    };
    const status = { artifact, conditions: [ready], observedGeneration: 1 };
    await Promise.all(clusters.map(async cluster => {
      const metadata = { name: this.name, namespace: FLUX };
      await cluster.apply(JSON.stringify({
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'GitRepository',
        metadata,
        spec: { interval: '1h', url: 'https://git.example.com/mesh' },
      }));
      await cluster.kubectl('patch', '-n', FLUX, 'gitrepository', this.name, '--subresource=status', '--type=merge',
        '-p', JSON.stringify({ status }));
    }));
    return revision;
  }

  private async serve(): Promise<void> {
    if (!this.isServing) {
      this.isServing = true;
      const answer = (path: string) => this.archives.get(path);
      await new Promise<void>(resolve =>
        createServer(({ url }, response) => response.end(answer(url!))).listen(PORT, ROUTER, resolve));
    }
  }
}
