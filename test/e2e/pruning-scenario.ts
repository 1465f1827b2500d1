import { basename } from 'path';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import type { Row, Scenario, Stage } from './scenario';
import { Tree } from './tree';

const CLUSTER = 'cluster1';
const REMOVED = 'Removed apps/v1, Kind=Deployment/istio-eastwestgateway';

/**
 * Shows that installing the control plane again leaves the gateway alone, and that this is because the IstioOperators
 * have names.
 */
export class PruningScenario implements Scenario {
  public readonly name = 'pruning';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const tree = new Tree(directory, 'examples/constructs-only/main.ts');
    await tree.synth();
    return Lab.run({ directory, programs, clusters: { [CLUSTER]: 'network1' } }, async ({ clusters: [cluster] }) => {
      await cluster.kubectl('apply', '-k', tree.path('dist', CLUSTER, '00-namespace'));
      return this.prune(cluster, tree, say);
    });
  }

  private async prune(cluster: Cluster, tree: Tree, say: Stage['say']): Promise<readonly Row[]> {
    const named = await this.install(cluster, tree, say);
    tree.edit({ file: `dist/${CLUSTER}/istioctl/control-plane.yaml`, from: '  name: control-plane\n', to: '' }, say);
    const unnamed = await this.install(cluster, tree, say);
    if (named.length > 0 || !unnamed.some(line => line.startsWith(REMOVED))) {
      throw new Error(`should remove nothing: ${named.join(', ')}\nshould remove the gateway: ${unnamed.join(', ')}`);
    }
    return [
      { what: 'control plane, gateway, control plane', answers: 'nothing is removed' },
      {
        what: 'control: the first IstioOperator has no name',
        answers: `${unnamed.length} objects are removed, the gateway among them`,
      },
    ];
  }

  /** What istioctl removes at any of three installations, the last of which is the first again. */
  private async install(cluster: Cluster, tree: Tree, say: Stage['say']): Promise<readonly string[]> {
    const [controlPlane, eastWest] = tree.operators(CLUSTER);
    let told = '';
    for (const file of [controlPlane, eastWest, controlPlane]) {
      told += await cluster.istioctl('install', '-y', '-f', file);
      say(`installed ${basename(file)}`);
    }
    return told.split('\n').map(line => line.trim()).filter(line => line.startsWith('Removed'));
  }
}
