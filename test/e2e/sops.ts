import { createHash } from 'crypto';
import { readFileSync, writeFileSync } from 'fs';
import { createServer } from 'http';
import { join } from 'path';
import { startController } from './controller';
import { writeLinks } from './encrypted-links';
import { Bringer } from './installation';
import { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { ROUTER } from './lab/network';
import { run } from './lab/process';
import { Row } from './scenario';
import { Tree } from './tree';

const CRDS = join(__dirname, '../crds/flux.yaml');
const NAMESPACE = 'flux-system';
const REPOSITORY = { name: 'mesh', namespace: NAMESPACE };
const PORT = 8080;

/** SOPS, which the command runs, and Flux's kustomize-controller, which decrypts: both real, with a key of age. */
export class Sops implements Bringer {
  public async prepare(cluster: Cluster): Promise<void> {
    await cluster.addKinds(CRDS);
    await startController(cluster, {
      name: 'kustomize-controller',
      namespace: NAMESPACE,
      args: ['--watch-all-namespaces', '--requeue-dependency=2s', '--health-addr=:9440'],
      env: [{ name: 'RUNTIME_NAMESPACE', value: NAMESPACE }],
      ready: { path: '/readyz', port: 9440 },
    });
  }

  public async bring(lab: Lab, tree: Tree): Promise<readonly Row[]> {
    const key = await lab.tool('age-keygen', []);
    const recipient = /^# public key: (.*)$/m.exec(key)![1];
    writeFileSync(tree.path('.sops.yaml'), `creation_rules:\n- path_regex: ^links/\n  age: ${recipient}\n`);
    await writeLinks(lab, tree);
    const artifact = await serve(tree);
    return Promise.all(lab.clusters.map(async cluster => {
      const applied = await this.reconcile(cluster, key, artifact);
      return { what: `links/${cluster.name} through Flux`, answers: applied };
    }));
  }

  /** Does what source-controller does, and has kustomize-controller do the rest. */
  private async reconcile(cluster: Cluster, key: string, artifact: object): Promise<string> {
    const kustomization = {
      interval: '1h',
      path: `./links/${cluster.name}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: REPOSITORY.name },
      decryption: { provider: 'sops', secretRef: { name: 'age' } },
    };
    await cluster.apply(JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'age', namespace: NAMESPACE }, stringData: { 'key.agekey': key } },
        { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: REPOSITORY, spec: { interval: '1h', url: 'https://git.example.com/mesh' } },
        { apiVersion: 'kustomize.toolkit.fluxcd.io/v1', kind: 'Kustomization', metadata: { name: 'links', namespace: NAMESPACE }, spec: kustomization },
      ],
    }));
    const ready = { type: 'Ready', status: 'True', reason: 'Succeeded', message: 'stored', lastTransitionTime: new Date().toISOString() };
    const status = { artifact, conditions: [ready], observedGeneration: 1 };
    await cluster.kubectl('patch', '-n', NAMESPACE, 'gitrepository', REPOSITORY.name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));
    await cluster.kubectl('wait', '-n', NAMESPACE, 'kustomization', 'links', '--for=condition=Ready', '--timeout=60s');
    return cluster.kubectl('get', '-n', NAMESPACE, 'kustomization', 'links', '-o', 'jsonpath={.status.inventory.entries[*].id}');
  }
}

/** Offers the links to all pods, as source-controller offers what it got from git. */
async function serve(tree: Tree): Promise<object> {
  const path = tree.path('links.tgz');
  await run('tar', ['-czf', path, '-C', tree.path(), 'links']);
  const archive = readFileSync(path);
  await new Promise<void>(resolve => createServer((_, response) => response.end(archive)).listen(PORT, ROUTER, resolve));
  const digest = createHash('sha256').update(archive).digest('hex');
  return {
    url: `http://${ROUTER}:${PORT}/links.tgz`,
    path: 'links.tgz',
    digest: `sha256:${digest}`,
    revision: 'main@sha1:0000000000000000000000000000000000000000',
    lastUpdateTime: new Date().toISOString(),
  };
}
