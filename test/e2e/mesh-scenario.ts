import { isDeepStrictEqual } from 'util';
import { type InstallationProps, Installation } from './installation';
import { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { type Answer, Traffic } from './traffic';
import type { Tree } from './tree';

/** Names of clusters, by the cluster that knows or hears them. */
interface ByCluster { readonly [cluster: string]: readonly string[] }

/** A mesh, and what its clusters know and hear of each other. */
export interface MeshScenarioProps extends InstallationProps {
  readonly name: string;
  /** The clusters, each with the network that its pods are really on. */
  readonly clusters: { readonly [name: string]: string };
  /** Whose endpoints each cluster knows. @default everybody's */
  readonly knows?: ByCluster;
  /** The peers that a cluster's istiod begins to read and gives up on. @default none */
  readonly givesUp?: ByCluster;
  /** Who answers in each cluster. @default whom it knows */
  readonly hears?: ByCluster;
  /** Who answers in each cluster in a second namespace. @default only `sample` is tried */
  readonly hearsElsewhere?: ByCluster;
  /** The networks that gateways are for, where that is not their cluster's. */
  readonly gatewayNetworks?: { readonly [cluster: string]: string };
  /** What is shown once the right ones answer. @default nothing */
  readonly afterwards?: (lab: Lab, tree: Tree) => Promise<readonly Row[]>;
  /** @default the default revision */
  readonly revision?: string;
  /** @default mesh1 */
  readonly meshID?: string;
  /** @default cluster.local */
  readonly trustDomain?: string;
}

const REQUESTS = 100;
const WARM_UP = 20;
const FAILED = /^(\d{3}|[A-Z][A-Za-z_]+)$/; // a status, or why there was none

/** Installs a mesh as its user would, and asks from every cluster who answers. */
export class MeshScenario implements Scenario {
  public readonly name: string;
  private readonly clusters: readonly string[];

  public constructor(private readonly props: MeshScenarioProps) {
    this.name = props.name;
    this.clusters = Object.keys(props.clusters);
  }

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const { clusters, hears = this.knows, hearsElsewhere, givesUp = {} } = this.props;
    return Lab.run({ directory, programs, clusters }, async lab => {
      say('API servers are up');
      const { rows: links, tree } = await new Installation(lab, directory, this.props, say).install();
      const traffic = await this.checkTraffic(lab, 'sample', hears, say);
      const lost = Object.entries(givesUp)
        .map(([cluster, peers]) => ({ what: `istiod of ${cluster}`, answers: `gives up on ${peers.join(', ')}` }));
      const rows = [...links, ...lost, ...traffic];
      const elsewhere = hearsElsewhere ? await this.checkTraffic(lab, 'elsewhere', hearsElsewhere, say) : [];
      return [...rows, ...elsewhere, ...await this.props.afterwards?.(lab, tree) ?? []];
    });
  }

  private async checkTraffic(
    lab: Lab, namespace: string, hears: ByCluster, say: Stage['say'],
  ): Promise<readonly Row[]> {
    const traffic = new Traffic(lab, namespace, this.props.revision);
    await traffic.start();
    say(`the pods of ${namespace} are ready`);
    await Promise.all(this.clusters.map(async cluster => {
      const endpoints = await this.waitFor(lab, traffic, cluster);
      say(`${cluster} has synced whom it should, and sends to ${endpoints.join(', ')}`);
      await this.checkIdentity(traffic, cluster);
    }));
    say(`from pod to pod: ${(await this.connectDirectly(traffic)).join(', ')}`);
    const results =
      await Promise.allSettled(this.clusters.map(cluster => this.request(traffic, cluster, hears[cluster])));
    const problems = results.flatMap(result => result.status === 'rejected' ? [(result.reason as Error).message] : []);
    if (problems.length > 0) {
      throw new Error(problems.join('\n'));
    }
    return results.map(result => (result as PromiseFulfilledResult<Row>).value);
  }

  /** A proxy says of itself what its definition does. */
  private async checkIdentity(traffic: Traffic, cluster: string): Promise<void> {
    const found = await traffic.identity(cluster);
    const right = { CLUSTER_ID: cluster, MESH_ID: this.props.meshID ?? 'mesh1', NETWORK: this.props.clusters[cluster] };
    if (!isDeepStrictEqual(found, right)) {
      throw new Error(`the proxy of the client in ${cluster} should be ${JSON.stringify(right)}, and is `
        + `${JSON.stringify(found)}`);
    }
  }

  private get knows(): ByCluster {
    return this.props.knows ?? Object.fromEntries(this.clusters.map(cluster => [cluster, this.clusters]));
  }

  /** Waits until a cluster's istiod has read its peers, and a proxy has exactly the endpoints that follow. */
  private async waitFor(lab: Lab, traffic: Traffic, cluster: string): Promise<readonly string[]> {
    const known = this.knows[cluster];
    const lost = this.props.givesUp?.[cluster] ?? [];
    const read = known.filter(peer => peer !== cluster && !lost.includes(peer));
    await expected(`what istiod of ${cluster} says of the clusters that it reads`, async () => readStates(lab, cluster),
      [...read.map(peer => `${peer} synced`), ...lost.map(peer => `${peer} timeout`)]);
    const endpoints = (await Promise.all(known.map(peer => this.endpoints(lab, traffic, cluster, peer)))).flat();
    return expected(`the endpoints of helloworld in ${cluster}`, () => traffic.endpoints(cluster),
      [...new Set(endpoints)]);
  }

  /** The addresses by which a cluster should reach the service of a peer: its pods, or the gateways for its network. */
  private async endpoints(lab: Lab, traffic: Traffic, cluster: string, peer: string): Promise<readonly string[]> {
    const { clusters, gatewayNetworks = {} } = this.props;
    const gateways = this.knows[cluster].filter(one => (gatewayNetworks[one] ?? clusters[one]) === clusters[peer]);
    return clusters[cluster] === clusters[peer] || gateways.length === 0
      ? [traffic.podAddress(peer)]
      : Promise.all(gateways.map(async gateway =>
        `${await lab.cluster(gateway).loadBalancer('istio-system', 'istio-eastwestgateway')}:15443`));
  }

  /**
   * Shows who is on whose network, the sidecars left aside: elsewhere, a connection to a pod's own address is refused.
   */
  private async connectDirectly(traffic: Traffic): Promise<readonly string[]> {
    const { clusters } = this.props;
    const pairs = this.clusters.flatMap(from => this.clusters.filter(to => to !== from).map(to => [from, to] as const));
    return Promise.all(pairs.map(async ([from, to]) => {
      const { error } = await traffic.askPod(from, to);
      const seen = `${from} to ${to} ${error === 'ECONNREFUSED' ? 'refused' : 'connected'}`;
      if (seen.endsWith('refused') !== (clusters[from] !== clusters[to])) {
        throw new Error(`from pod to pod: ${seen}, which is not what their networks say`);
      }
      return seen;
    }));
  }

  /** Asks in a cluster, and tells who answered how often. */
  private async request(traffic: Traffic, cluster: string, hears: readonly string[]): Promise<Row> {
    const right = hears.map(peer => `v${this.clusters.indexOf(peer) + 1}`).sort();
    // what is sent to them fails, and nothing else does
    const silent = this.knows[cluster].some(peer => !hears.includes(peer));
    const ask = async (times: number) => {
      const answers = this.counts(await traffic.ask(cluster, times));
      const told = [...answers].sort().map(([who, count]) => `${who} ${count}`).join(', ');
      const heard = [...answers.keys()].filter(who => !FAILED.test(who)).sort();
      const failed = [...answers.keys()].some(who => FAILED.test(who));
      if (!isDeepStrictEqual(heard, right) || failed !== silent) {
        throw new Error(`of ${times} requests in ${cluster} ${right.join(' and ')} should `
          + `answer${silent ? ', and some fail' : ''}; they did: ${told}`);
      }
      return told;
    };
    await until(`the right answers in ${cluster}`, () => ask(WARM_UP));
    return { what: `${traffic.namespace} in ${cluster}`, requests: REQUESTS, answers: await ask(REQUESTS) };
  }

  /** Who answered how often; a request that comes without the caller's certificate is an error. */
  private counts(answers: readonly Answer[]): Map<string, number> {
    const caller = `URI=spiffe://${this.props.trustDomain ?? 'cluster.local'}/ns/`;
    const found = new Map<string, number>();
    for (const answer of answers) {
      const who = answer.error
        ?? (answer.caller?.includes(caller) ? answer.version! : `a caller that is not ${caller}…: ${answer.caller}`);
      found.set(who, (found.get(who) ?? 0) + 1);
    }
    return found;
  }
}

/** The clusters that a cluster's istiod reads, each with how that went. */
export async function readStates(lab: Lab, cluster: string): Promise<readonly string[]> {
  const istiod = lab.cluster(cluster).kubelet.pod('istio-system', { app: 'istiod' });
  const metrics = await (await fetch(`http://${istiod?.address}:15014/metrics`)).text();
  return [...metrics.matchAll(/^istiod_remote_cluster_sync_status\{(.*)\} 1$/gm)]
    .map(([, labels]) =>
      ['cluster', 'status'].map(label => new RegExp(`${label}="([^"]*)"`).exec(labels)![1]).join(' '));
}

/** Waits until something is the right set of words, and gives it; the error tells what it was last. */
async function expected(
  what: string, ask: () => Promise<readonly string[]>, right: readonly string[],
): Promise<readonly string[]> {
  return until(what, async () => {
    const found = [...await ask()].sort();
    if (!isDeepStrictEqual(found, [...right].sort())) {
      throw new Error(`should be ${right.join(', ') || 'nothing'}, and is ${found.join(', ') || 'nothing'}`);
    }
    return found;
  }, 90);
}
