import { Continuous } from './continuous';
import { Installation } from './installation';
import { apiServerName } from './lab/cluster';
import { Lab } from './lab/lab';
import { run, until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { Traffic } from './traffic';

const MESH = 'examples/multi-primary/main.ts';
const CLUSTERS = { cluster1: 'network1', cluster2: 'network1' };
const NAMESPACE = ['-n', 'istio-system'];
const REACHED_SECONDS = 10;

/**
 * Shows that tokens are rotated under traffic without a failed request, also when the command is killed, and that the
 * old ones are dead.
 */
export class RotationScenario implements Scenario {
  public readonly name = 'rotation';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    return Lab.run({ directory, programs, clusters: CLUSTERS }, async lab => {
      const { tree } = await new Installation(lab, directory, { mesh: MESH, linked: true }, say).install();
      const definition = tree.path('dist', 'mesh.yaml');
      const traffic = new Traffic(lab, 'sample');
      await traffic.start();
      await until('the first answers',
        async () => (await traffic.ask('cluster1', 20)).every(({ error }) => error === undefined));

      const before = await this.token(lab, 'cluster2', 'blue');
      const requests = new Continuous(traffic, Object.keys(CLUSTERS));
      say(await lab.istioMesh(['rotate', definition]));
      for (const seconds of [2, 3, 4, 6]) {
        await lab.istioMeshKilled(seconds, 'rotate', definition, '--cluster', 'cluster2');
      }
      say(await lab.istioMesh(['rotate', definition, '--cluster', 'cluster2']));
      const count = await requests.end();
      await this.expectRefused(before);
      const reached =
        await Promise.all([
          this.replace(lab, traffic, 'cluster2', 'cluster1'), this.replace(lab, traffic, 'cluster1', 'cluster2'),
        ]);
      return [
        { what: 'rotate, killed 4 times', requests: count, answers: 'none failed; the old token is refused' },
        {
          what: 'new pods', answers: `reached after ${reached.map(seconds => `${seconds.toFixed(1)} s`).join(' and ')}`,
        },
        await this.control(lab, traffic, tree.path('dist', 'cluster2', '00-namespace')),
      ];
    });
  }

  /** Without the new token the peer is lost, and only that. */
  private async control(lab: Lab, traffic: Traffic, namespace: string): Promise<Row> {
    const cluster = lab.cluster('cluster2');
    const tokens = await Promise.all(['blue', 'green'].map(slot => this.token(lab, 'cluster2', slot)));
    await cluster.kubectl(...NAMESPACE, 'delete', 'serviceaccount', 'istio-mesh-reader-blue',
      'istio-mesh-reader-green');
    await cluster.kubectl('apply', '-k', namespace);
    await Promise.all(tokens.map(token => this.expectRefused(token)));
    // What is open stays open: an istiod that starts has nothing else than its token.
    await lab.cluster('cluster1').kubectl(...NAMESPACE, 'rollout', 'restart', 'deployment', 'istiod');
    await lab.cluster('cluster1').kubectl(...NAMESPACE, 'rollout', 'status', 'deployment', 'istiod', '--timeout=90s');
    const lost = await this.replace(lab, traffic, 'cluster2', 'cluster1')
      .then(() => 'reached', (error: Error) => error.message);
    const kept = await this.replace(lab, traffic, 'cluster1', 'cluster2');
    if (!lost.includes('not within')) {
      throw new Error(`without the new token cluster1 should not reach a new pod of cluster2: ${lost}`);
    }
    return {
      what: 'control: the new token is withheld from cluster1',
      answers:
        `new pod of cluster2 not reached within ${REACHED_SECONDS} s, that of cluster1 after ${kept.toFixed(1)} s`,
    };
  }

  private async token(lab: Lab, cluster: string, slot: string): Promise<string> {
    return lab.cluster(cluster)
      .kubectl(...NAMESPACE, 'get', 'secret', `istio-mesh-reader-${slot}`, '-o',
        'go-template={{.data.token | base64decode}}');
  }

  private async expectRefused(token: string): Promise<void> {
    const words = ['-sk', '-o', '/dev/null', '-w', '%{http_code}', '-H', `Authorization: Bearer ${token}`, `https://${apiServerName('cluster2')}:6443/api`];
    await until('the old token is refused', async () => {
      const code = await run('curl', words);
      if (code !== '401') {
        throw new Error(`the API server answers ${code}`);
      }
      return true;
    }, 30);
  }

  /** Replaces the pod that serves in a cluster, and tells after how many seconds a peer sends to the new one. */
  private async replace(lab: Lab, traffic: Traffic, cluster: string, peer: string): Promise<number> {
    const before = traffic.podAddress(cluster);
    await lab.cluster(cluster)
      .kubectl('-n', traffic.namespace, 'delete', 'pod', '-l', 'app=helloworld', '--wait=false');
    const now = await until(`a new pod in ${cluster}`, async () => {
      const address = traffic.podAddress(cluster);
      return address !== before && address;
    });
    const start = Date.now();
    await until(`${peer} sends to the new pod of ${cluster}`,
      async () => (await traffic.endpoints(peer)).includes(now), REACHED_SECONDS);
    return (Date.now() - start) / 1000;
  }
}
