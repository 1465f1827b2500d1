import { once } from 'events';
import { setTimeout } from 'timers/promises';
import { ClusterModel, MeshModel } from '../../mesh-model';
import { Kubectl, LiveObject } from '../kubectl';
import { POLL_MILLISECONDS } from '../reader-tokens';
import { ok, red, unknown, Verdict } from './verdict';
import { Result } from './verification';

export interface TrafficOptions {
  /** Namespace of the probe, which the exposed hosts must cover. */
  readonly namespace: string;
  readonly serverImage: string;
  readonly clientImage: string;
  readonly timeoutSeconds: number;
}

const SERVICE = 'helloworld';
const CLIENT = 'helloworld-client';
const PORT = 5000;
const MADE_HERE = { 'app.kubernetes.io/managed-by': 'istio-mesh' };

/** Requests of one round; rounds end as soon as everybody was heard. */
const REQUESTS = 50;
const ROUNDS = 12;

/** The file that Kubernetes shows as the message of a container that ended. */
const HEARD = '/tmp/heard';

/** Asks until every version answered: `$0` is the URL, `$1` how many there are. What the last round heard is told by the API server, without `kubectl exec`. */
const ASK = `
for round in $(seq ${ROUNDS}); do
  for request in $(seq ${REQUESTS}); do
    answer=$(curl -sS -m 5 "$0" 2>&1 | head -n 1 | cut -c 1-200)
    case "$answer" in 'Hello version: '*) echo "\${answer%%,*}" ;; *) echo "failed: $answer" ;; esac
  done | sort | uniq -c > ${HEARD}
  if [ "$(grep -c 'Hello version' ${HEARD})" = "$1" ] && ! grep -q failed ${HEARD}; then break; fi
  sleep 2
done`;

/** What a client heard. */
interface Heard {
  /** How often each version answered. */
  readonly versions: ReadonlyMap<string, number>;
  readonly failures: number;
  /** How requests failed, each way once. */
  readonly reasons: readonly string[];
}

function heardIn(message: string): Heard {
  const lines = [...message.matchAll(/^ *(\d+) (Hello version: (v\d+)|failed: (.*))$/gm)].map(([, count, , version, reason]) => ({ count: Number(count), version, reason }));
  const failed = lines.filter(({ version }) => version === undefined);
  return {
    versions: new Map(lines.filter(({ version }) => version !== undefined).map(({ version, count }) => [version, count])),
    failures: failed.reduce((sum, { count }) => sum + count, 0),
    reasons: failed.map(({ reason }) => reason),
  };
}

/** HelloWorld in every cluster, v1 in the first and so on, and a client in each that asks who answers. */
export class TrafficProbe {
  private readonly versions: ReadonlyMap<string, string>;

  constructor(private readonly mesh: MeshModel, private readonly options: TrafficOptions) {
    this.versions = new Map(mesh.clusters.map(({ name }, i) => [name, `v${i + 1}`]));
  }

  /** What each cluster heard of itself and of each peer; what was made for it is gone afterwards, whatever happened. */
  async run(): Promise<Result[]> {
    const { clusters } = this.mesh;
    const interruption = new AbortController();
    const interrupt = () => interruption.abort();
    process.once('SIGINT', interrupt);
    try {
      return await Promise.race([this.requests(), once(interruption.signal, 'abort').then(() => [])]);
    } finally {
      process.off('SIGINT', interrupt);
      await Promise.allSettled(clusters.map(cluster => this.remove(cluster)));
    }
  }

  private async requests(): Promise<Result[]> {
    const { clusters } = this.mesh;
    const made = await Promise.allSettled(clusters.map(cluster => this.start(cluster)));
    const heard = await Promise.allSettled(clusters.map(async (cluster, i) => {
      if (made[i].status === 'rejected') {
        throw made[i].reason;
      }
      return this.ask(cluster);
    }));
    return heard.flatMap((one, i) => this.results(clusters[i], one.status === 'fulfilled' ? one.value : (one.reason as Error).message));
  }

  private async start({ name, context, revision }: ClusterModel): Promise<void> {
    const kubectl = new Kubectl(context);
    const { namespace } = this.options;
    const before = await kubectl.get('namespace', namespace);
    if (before && !isMadeHere(before)) {
      throw new Error(`namespace '${namespace}' is there already; name another one with --namespace`);
    }
    const labels = { ...MADE_HERE, ...revision === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision } };
    await kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }, ...this.server(this.versions.get(name)!)]);
    await this.until(`HelloWorld of '${name}' is not ready`, async () =>
      (await kubectl.get('deployment', SERVICE, namespace))?.status?.readyReplicas === 1);
  }

  private async ask(cluster: ClusterModel): Promise<Heard> {
    const kubectl = new Kubectl(cluster.context);
    await kubectl.apply([this.client(1 + cluster.peers.length)]);
    let message = '';
    await this.until(`the client in '${cluster.name}' did not end`, async () => {
      const pod = await kubectl.get('pod', CLIENT, this.options.namespace);
      const status = pod?.status?.containerStatuses?.find((one: { name: string }) => one.name === CLIENT);
      message = status?.state?.terminated?.message ?? '';
      return status?.state?.terminated !== undefined;
    });
    return heardIn(message);
  }

  private results({ name, peers }: ClusterModel, heard: Heard | string): Result[] {
    const from = name;
    return [name, ...peers.map(peer => peer.name)].map(to => ({ from, to, check: 'traffic', ...this.verdict(from, to, heard) }));
  }

  private verdict(from: string, to: string, heard: Heard | string): Verdict {
    if (typeof heard === 'string') {
      return unknown(heard);
    }
    const { versions, failures, reasons } = heard;
    const version = this.versions.get(to)!;
    const count = versions.get(version);
    const seen = `of ${REQUESTS} requests ${count ?? 'none'} ${count === 1 || count === undefined ? 'was' : 'were'} answered by ${version} of '${to}', and ${failures} failed${failures > 0 ? ` (${reasons.join('; ')})` : ''}`;
    return count === undefined ? red(`${seen}; ${failures > 0
      ? 'see that the roots are one, and that the gateway lets port 15443 through' : 'see the other checks, and that the exposed hosts cover the namespace'}`)
      : from === to && failures > 0 ? red(`${seen}; see which version of a peer is heard least`) : ok(seen);
  }

  private async remove({ context }: ClusterModel): Promise<void> {
    const kubectl = new Kubectl(context);
    const namespace = await kubectl.get('namespace', this.options.namespace);
    if (namespace && isMadeHere(namespace)) {
      await kubectl.delete('namespace', this.options.namespace);
      await this.until(`namespace '${this.options.namespace}' is not gone`, async () => await kubectl.get('namespace', this.options.namespace) === undefined);
    }
  }

  private async until(problem: string, isDone: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + this.options.timeoutSeconds * 1000;
    while (!await isDone()) {
      if (Date.now() > end) {
        throw new Error(`${problem} after ${this.options.timeoutSeconds} s`);
      }
      await setTimeout(POLL_MILLISECONDS);
    }
  }

  private server(version: string): object[] {
    const metadata = { name: SERVICE, namespace: this.options.namespace };
    const labels = { app: SERVICE };
    const container = { name: SERVICE, image: this.options.serverImage, env: [{ name: 'SERVICE_VERSION', value: version }], ports: [{ containerPort: PORT }] };
    return [
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ name: 'http', port: PORT }] } },
      // A connection through a gateway stays with one pod: with one for each request, every cluster gets some.
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata,
        spec: { host: `${SERVICE}.${metadata.namespace}.svc.cluster.local`, trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } } },
      },
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } } },
    ];
  }

  private client(versions: number): object {
    const url = `http://${SERVICE}.${this.options.namespace}:${PORT}/hello`;
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: CLIENT, namespace: this.options.namespace, annotations: { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' } },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: CLIENT, image: this.options.clientImage, command: ['sh', '-c', ASK, url, String(versions)], terminationMessagePath: HEARD }],
      },
    };
  }
}

function isMadeHere({ metadata: { labels = {} } }: LiveObject): boolean {
  return Object.entries(MADE_HERE).every(([label, value]) => labels[label] === value);
}
