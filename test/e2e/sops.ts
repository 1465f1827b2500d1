import { ageKey } from './age';
import { writeLinks } from './encrypted-links';
import { FLUX, FluxSource, startFlux } from './flux-source';
import type { Bringer } from './installation';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';
import type { Row } from './scenario';
import type { Tree } from './tree';

/** SOPS, which the command runs, and Flux's kustomize-controller, which decrypts: both real, with a key of age. */
export class Sops implements Bringer {
  private readonly source = new FluxSource('mesh');

  public async prepare(cluster: Cluster): Promise<void> {
    await startFlux(cluster);
  }

  public async bring(lab: Lab, tree: Tree): Promise<readonly Row[]> {
    const key = await ageKey(lab, tree);
    await writeLinks(lab, tree);
    await this.source.commit(lab.clusters, tree, ['links']);
    return Promise.all(lab.clusters.map(async cluster => {
      const applied = await this.reconcile(cluster, key);
      return { what: `links/${cluster.name} through Flux`, answers: applied };
    }));
  }

  private async reconcile(cluster: Cluster, key: string): Promise<string> {
    const kustomization = {
      interval: '1h',
      path: `./links/${cluster.name}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: this.source.name },
      decryption: { provider: 'sops', secretRef: { name: 'age' } },
    };
    await cluster.apply(JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'age', namespace: FLUX },
          stringData: { 'key.agekey': key },
        },
        {
          apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
          kind: 'Kustomization',
          metadata: { name: 'links', namespace: FLUX },
          spec: kustomization,
        },
      ],
    }));
    await cluster.kubectl('wait', '-n', FLUX, 'kustomization', 'links', '--for=condition=Ready', '--timeout=60s');
    return cluster.kubectl('get', '-n', FLUX, 'kustomization', 'links', '-o',
      'jsonpath={.status.inventory.entries[*].id}');
  }
}
