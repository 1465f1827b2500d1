import { copyFileSync } from 'fs';
import { isDeepStrictEqual } from 'util';
import { type Manifest, ArgoCdRepository } from './argo-cd-repository';
import { cacerts } from './cacerts';
import { writeLinks } from './encrypted-links';
import { GitOpsAgent } from './gitops-agent';
import { Rendered } from './installers';
import { certificate } from './lab/certificates';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { SealedSecrets } from './sealed-secrets';
import { Tree } from './tree';

const CLUSTERS = { cluster1: 'network-cluster1', cluster2: 'network-cluster2', cluster3: 'network-cluster3' };
const BEFORE = 'test/e2e/meshes/argo-cd-three-clusters.yaml';
const AFTER = 'test/e2e/meshes/argo-cd.yaml';
const NAMESPACE = 'istio-system';
const PORT = 9101;
const ISTIOD = '30-control-plane/deployment-istiod.yaml';
const GATEWAY = '50-exposed-services/gateway-cross-network-gateway.yaml';
const SELECTOR = '  selector:\n    matchLabels:\n';

/**
 * Shows what Argo CD's own engine does with later commits, in one of three clusters: a control plane that is refused
 * stops what comes after it,
 * and a cluster that leaves the mesh takes its link with it.
 *
 * kubectl has brought that cluster's objects, of which the engine then takes charge. Of the other clusters there is
 * what links are made of.
 */
export class ArgoCdChangesScenario implements Scenario {
  public readonly name = 'argo-cd-changes';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const tree = new Tree(directory, BEFORE);
    return Lab.run({ directory, programs, clusters: CLUSTERS, collectsGarbage: true }, async lab => {
      const [cluster] = lab.clusters;
      const repository = await ArgoCdRepository.init(tree);
      const rendered = new Rendered();
      await prepare(lab, tree);
      say('there is what links are made of');
      await Promise.all([writeLinks(lab, tree), rendered.controlPlane(cluster, tree)]);
      await repository.commit(cluster);
      say('the links are written, and istiod is ready');
      await cluster.kubectl('apply', ...rendered.flags, '-n', NAMESPACE, '-f', repository.file(cluster));
      say(`${cluster.name} has all objects`);
      const agent = new GitOpsAgent(cluster, repository.path, PORT, directory);
      await agent.sync();
      const { length } = await repository.live(cluster);
      say(`${cluster.name} is synced: ${length} objects`);
      const change = new Change(cluster, agent, tree, repository);
      return [
        { what: 'what kubectl applied', answers: `${length} objects are synced` },
        ...await change.breakControlPlane(say),
        await change.removeCluster(lab, say),
      ];
    });
  }
}

/** What links are made of in all clusters. */
async function prepare(lab: Lab, tree: Tree): Promise<void> {
  const secrets = new SealedSecrets();
  const root = await certificate({ commonName: 'root of the mesh' });
  await Promise.all([tree.synth(), ...lab.clusters.map(cluster => secrets.prepare(cluster))]);
  await Promise.all(lab.clusters.map(async cluster => {
    await cluster.kubectl('apply', '--server-side', '-k', tree.path('dist', cluster.name, '00-namespace'));
    await cluster.apply(JSON.stringify(await cacerts(cluster.name, NAMESPACE, root)));
  }));
}

/** Commits that follow on one that is synced. */
class Change {
  public constructor(
    private readonly cluster: Cluster,
    private readonly agent: GitOpsAgent,
    private readonly tree: Tree,
    private readonly repository: ArgoCdRepository,
  ) {}

  /** A control plane that the API server refuses: what comes after it is not touched. */
  public async breakControlPlane(say: Stage['say']): Promise<readonly Row[]> {
    const { name } = this.cluster;
    const broken = { file: `dist/${name}/${ISTIOD}`, from: SELECTOR, to: `${SELECTOR}      nobody: has-it\n` };
    this.tree.edit(broken, say);
    this.tree.edit({
      file: `dist/${name}/${GATEWAY}`, from: 'metadata:\n', to: 'metadata:\n  labels:\n    changed: "yes"\n',
    }, say);
    await this.repository.commit(this.cluster);
    const refused = await this.agent.sync().then(() => 'synced', (error: Error) => error.message);
    if (!/-> Failed.*istiod.* is invalid/.test(refused) || await this.isChanged()) {
      throw new Error(`an istiod with another selector should be refused, and the Gateway not changed: ${refused}`);
    }
    this.tree.edit({ ...broken, from: broken.to, to: broken.from }, say);
    await this.repository.commit(this.cluster);
    await this.agent.sync();
    if (!await this.isChanged()) {
      throw new Error('the Gateway is not changed although istiod is as it was');
    }
    return [
      { what: 'an istiod that the API server refuses', answers: 'the Gateway of a later wave is not changed' },
      { what: 'that istiod is as it was', answers: 'it is changed' },
    ];
  }

  /**
   * Without a peer, its link is pruned, of which the garbage collector removes the Secret, and everything else stays
   * what it is.
   */
  public async removeCluster(lab: Lab, say: Stage['say']): Promise<Row> {
    const earlier = this.tree.path('earlier.yaml');
    copyFileSync(this.repository.file(this.cluster), earlier);
    const before = await this.objects(earlier);
    await new Tree(this.tree.path(), AFTER).synth();
    await writeLinks(lab, this.tree, '--prune');
    await this.repository.commit(this.cluster);
    await this.agent.sync();
    say(`without cluster3, ${this.cluster.name} is synced`);
    const link = `${NAMESPACE}/istio-remote-secret-cluster3`;
    await until(`${this.cluster.name} loses its link to cluster3, and nothing else`, async () => {
      const after = new Set(await this.objects(earlier));
      const removed = before.filter(one => !after.has(one)).map(one => one.replace(/ \S+$/, '')).sort();
      if (!isDeepStrictEqual(removed, [`SealedSecret ${link}`, `Secret ${link}`])) {
        throw new Error(`it lost ${removed.join(', ') || 'nothing'}`);
      }
      return true;
    });
    return {
      what: 'without cluster3', answers: `${this.cluster.name} loses the SealedSecret ${link} and its Secret alone`,
    };
  }

  /** What there is of what was committed, and the Secrets beside. */
  private async objects(file: string): Promise<readonly string[]> {
    const secrets = await this.cluster.objects<Manifest>('secrets');
    return [...new Set([...await this.repository.live(this.cluster, file), ...secrets].map(identity))];
  }

  private async isChanged(): Promise<boolean> {
    return await this.cluster.kubectl('get', 'gateways.networking.istio.io', '-n', NAMESPACE, '-l', 'changed=yes',
      '-o', 'name') !== '';
  }
}

/** An object, which is another when it is removed and made anew. */
function identity({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid}`;
}
