import { mkdirSync } from 'fs';
import { join } from 'path';
import { Continuous } from './continuous';
import { Installation } from './installation';
import { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import { Row, Scenario, Stage } from './scenario';
import { Traffic } from './traffic';
import { Tree } from './tree';

export interface CanaryScenarioProps {
  /** The mesh with one control plane in each cluster. */
  readonly before: string;
  /** The same mesh with a second one in the first cluster. */
  readonly after: string;
  /** The clusters, each with the network that its pods are really on. */
  readonly clusters: { readonly [name: string]: string };
  /** The revision of the second control plane. */
  readonly revision: string;
}

const NAMESPACE = 'istio-system';
const SAMPLE = 'sample';
const GATEWAY = 'istio-eastwestgateway';

/** Shows that a cluster's gateway and workloads move to a second control plane without a failed request, in any cluster. */
export class CanaryScenario implements Scenario {
  public readonly name = 'canary';

  public constructor(private readonly props: CanaryScenarioProps) {}

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const { before, after, clusters, revision } = this.props;
    return Lab.run({ directory, programs, clusters }, async lab => {
      await new Installation(lab, directory, { mesh: before, linked: true }, say).install();
      const traffic = new Traffic(lab, SAMPLE);
      await traffic.start();
      const names = Object.keys(clusters);
      await until('the first answers of everybody', async () => (await Promise.all(names.map(name => heard(traffic, name)))).every(all => all === names.length));

      const [cluster] = lab.clusters;
      const tree = new Tree(join(directory, 'meshes', 'after'), after);
      mkdirSync(tree.path(), { recursive: true });
      const requests = new Continuous(traffic, names);
      await tree.synth();
      await this.installSecond(cluster, tree);
      say(`${cluster.name} has a second control plane`);
      await cluster.istioctl('tag', 'set', 'default', '--revision', revision, '--overwrite');
      say('the default tag is its');
      const moved = [[NAMESPACE, GATEWAY], [SAMPLE, 'helloworld'], [SAMPLE, 'client']] as const;
      for (const [namespace, app] of moved) {
        await this.move(cluster, namespace, app);
        say(`${app} has moved`);
      }
      const count = await requests.end();
      return [
        { what: `${moved.length} deployments of ${cluster.name} move to '${revision}'`, requests: count, answers: 'none failed' },
        await this.control(cluster, traffic, names[1]),
      ];
    });
  }

  /** Installs what the first tree has not, and waits until it has read the same peers as the first. */
  private async installSecond(cluster: Cluster, tree: Tree): Promise<void> {
    const { revision } = this.props;
    const file = tree.operators(cluster.name).find(one => one.endsWith(`/control-plane-${revision}.yaml`))!;
    await cluster.istioctl('install', '-y', '--readiness-timeout', '2m', '-f', file);
    await cluster.kubectl('apply', '-k', tree.path('dist', cluster.name));
    const peers = Object.keys(this.props.clusters).length - 1;
    await until(`the second istiod of ${cluster.name} has read ${peers} peers`, async () => {
      const istiod = cluster.kubelet.pod(NAMESPACE, { 'app': 'istiod', 'istio.io/rev': revision });
      const metrics = await (await fetch(`http://${istiod?.address}:15014/metrics`)).text();
      return [...metrics.matchAll(/^istiod_remote_cluster_sync_status\{.*status="synced".*\} 1$/gm)].length === peers;
    }, 90);
  }

  /** Replaces the pods of a deployment, one after the other, which the second control plane then injects. */
  private async move(cluster: Cluster, namespace: string, app: string): Promise<void> {
    await cluster.kubectl('-n', namespace, 'rollout', 'restart', `deployment/${app}`);
    await cluster.kubectl('-n', namespace, 'rollout', 'status', `deployment/${app}`, '--timeout=90s');
    await until(`the pod of ${app} is of revision ${this.props.revision}`, async () => {
      const { annotations } = cluster.kubelet.pod(namespace, { app })!.object.metadata;
      return JSON.parse(annotations!['sidecar.istio.io/status']).revision === this.props.revision;
    });
  }

  /** A gateway that ends and has no successor is missed. */
  private async control(cluster: Cluster, traffic: Traffic, peer: string): Promise<Row> {
    await cluster.kubectl('-n', NAMESPACE, 'scale', 'deployment', GATEWAY, '--replicas=0');
    const error = await until(`requests of ${peer} fail without the gateway of ${cluster.name}`, async () =>
      (await traffic.ask(peer, 4)).find(answer => answer.error)?.error);
    return { what: 'control: the gateway ends', answers: `requests of ${peer} fail: ${error}` };
  }
}

/** How many versions answer in a cluster, when every request is answered. */
async function heard(traffic: Traffic, cluster: string): Promise<number> {
  const answers = await traffic.ask(cluster, 20);
  return answers.some(({ error }) => error) ? 0 : new Set(answers.map(({ version }) => version)).size;
}
