import { join } from 'path';
import { startController } from './controller';
import { writeLinks } from './encrypted-links';
import type { Bringer } from './installation';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';
import type { Row } from './scenario';
import type { Tree } from './tree';

const CRD = join(__dirname, '../crds/sealed-secrets.yaml');

/** Sealed Secrets: kubeseal, which the command runs, and the controller, both real. */
export class SealedSecrets implements Bringer {
  public async prepare(cluster: Cluster): Promise<void> {
    await cluster.addKinds(CRD);
    await startController(cluster,
      { name: 'sealed-secrets-controller', namespace: 'kube-system', ready: { path: '/healthz', port: 8080 } });
  }

  public async bring(lab: Lab, tree: Tree): Promise<readonly Row[]> {
    await writeLinks(lab, tree);
    return Promise.all(lab.clusters.map(async cluster => {
      await cluster.kubectl('apply', '-k', tree.path('links', cluster.name));
      const opened = ['--for=condition=Synced', '--timeout=30s', '-o', 'jsonpath={.metadata.name}'];
      return {
        what: `SealedSecret in ${cluster.name}`,
        answers: await cluster.kubectl('wait', '-n', 'istio-system', 'sealedsecret', '--all', ...opened),
      };
    }));
  }
}
