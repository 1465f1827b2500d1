import { setTimeout } from 'timers/promises';
import type { Verdict } from './verdict';
import { ok, red, unknown } from './verdict';
import type { Result } from './verification';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { injectionRevision } from '../../istio/revisions';
import { shellWord } from '../../util/shell-word';
import { Kubectl } from '../clusters/kubectl';
import { isMadeHere, MADE_HERE } from '../clusters/remote-secrets';
import { POLL_MILLISECONDS } from '../clusters/until';

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

/** Sidecars set up the network of their pod, which a cluster may forbid where nothing is said of it. */
const ANY_POD = { 'pod-security.kubernetes.io/enforce': 'privileged' };

const ROUNDS = 12;

/** Requests of one round, in which all of so many are mostly heard; rounds end as soon as everybody was. */
function requestsFor(versions: number): number {
  return Math.max(50, Math.ceil(versions * (Math.log(versions) + 3)));
}

/** The file that Kubernetes shows as the message of a container that ended. */
const HEARD = '/tmp/heard';

/** What a round heard; one that was cut short tells less than the one before. */
const ROUND = '/tmp/round';

/**
 * Asks until every version answered: `$0` is the URL, `$1` how many there are, `$2` how often to ask in a round, and `$3` for how many seconds.
 *
 * What the last round heard is told by the API server, without `kubectl exec`.
 */
const ASK = `
end=$(($(date +%s) + $3))
for round in $(seq ${ROUNDS}); do
  for request in $(seq "$2"); do
    answer=$(curl -sS -m 5 "$0" 2>&1 | head -n 1 | cut -c 1-200)
    case "$answer" in 'Hello version: '*) echo "\${answer%%,*}" ;; *) echo "failed: $answer" ;; esac
    if [ "$(date +%s)" -ge "$end" ]; then break; fi
  done | sort | uniq -c > ${ROUND}
  if [ "$(date +%s)" -lt "$end" ] || [ ! -s ${HEARD} ]; then cat ${ROUND} > ${HEARD}; fi
  if [ "$(grep -c 'Hello version' ${HEARD})" = "$1" ] && ! grep -q failed ${HEARD}; then break; fi
  if [ "$(date +%s)" -ge "$end" ]; then break; fi
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
  private readonly interruption = new AbortController();

  constructor(private readonly mesh: MeshModel, private readonly options: TrafficOptions) {
    this.versions = new Map(mesh.clusters.map(({ name }, i) => [name, `v${i + 1}`]));
  }

  /** What each cluster heard of itself and of each peer; what was made for it is gone afterwards, whatever happened. */
  async run(): Promise<Result[]> {
    const { clusters } = this.mesh;
    const interrupt = () => this.interruption.abort(new Error('it was interrupted'));
    process.once('SIGINT', interrupt);
    const results = await this.requests(); // an interruption ends it early, and nothing may be made after it is removed
    process.off('SIGINT', interrupt);
    const removed = await Promise.allSettled(clusters.map(cluster => this.remove(cluster)));
    return [...results, ...removed.flatMap((one, i) => one.status === 'fulfilled' ? [] : [this.leftover(clusters[i], (one.reason as Error).message)])];
  }

  private leftover({ name, context }: ClusterModel, problem: string): Result {
    return { from: name, to: name, check: 'cleanup', ...red(`${problem}; remove it: kubectl --context ${shellWord(context)} delete namespace ${this.options.namespace}`) };
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

  private async start(cluster: ClusterModel): Promise<void> {
    const { name, context } = cluster;
    const kubectl = new Kubectl(context);
    const { namespace } = this.options;
    const before = await kubectl.get('namespace', namespace);
    if (before && !isMadeHere(before)) {
      throw new Error(`namespace '${namespace}' is there already; name another one with --namespace`);
    }
    await this.remove(cluster); // what an earlier run left has heard what was true then
    this.interruption.signal.throwIfAborted();
    const followed = injectionRevision(cluster);
    const labels = { ...MADE_HERE, ...ANY_POD, ...followed === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': followed } };
    await kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }, ...this.server(this.versions.get(name)!)]);
    await this.until(`HelloWorld of '${name}' is not ready`, async () =>
      (await kubectl.get('deployment', SERVICE, namespace))?.status?.readyReplicas === 1, this.options.timeoutSeconds, this.interruption.signal);
  }

  private async ask(cluster: ClusterModel): Promise<Heard> {
    this.interruption.signal.throwIfAborted();
    const kubectl = new Kubectl(cluster.context);
    await kubectl.apply([this.client(1 + cluster.peers.length)]);
    let message = '';
    await this.until(`the client in '${cluster.name}' did not end`, async () => {
      const pod = await kubectl.get('pod', CLIENT, this.options.namespace);
      const status = pod?.status?.containerStatuses?.find((one: { name: string }) => one.name === CLIENT);
      message = status?.state?.terminated?.message ?? '';
      return status?.state?.terminated !== undefined;
    }, 2 * this.options.timeoutSeconds, this.interruption.signal); // it may start as late as any pod, and then asks as long
    return heardIn(message);
  }

  private results({ name, peers }: ClusterModel, heard: Heard | string): Result[] {
    const from = name;
    return [name, ...peers.map(peer => peer.name)].map(to => ({ from, to, check: 'traffic', ...this.verdict(from, to, heard) }));
  }

  private verdict(from: string, to: string, heard: Heard | string): Verdict {
    if (typeof heard === 'string') {
      return from === to ? red(`nobody was asked: ${heard}`) : unknown(heard);
    }
    const { versions, failures, reasons } = heard;
    const version = this.versions.get(to)!;
    const count = versions.get(version);
    const requests = [...versions.values()].reduce((sum, one) => sum + one, failures);
    const seen = `of ${requests} requests ${count ?? 'none'} ${count === 1 || count === undefined ? 'was' : 'were'} answered by ${version} of '${to}', and ${failures} failed${failures > 0 ? ` (${reasons.join('; ')})` : ''}`;
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

  private async until(problem: string, isDone: () => Promise<boolean>, seconds = this.options.timeoutSeconds, signal?: AbortSignal): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!await isDone()) {
      signal?.throwIfAborted();
      if (Date.now() > end) {
        throw new Error(`${problem} after ${seconds} s`);
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
    const asked = [`http://${SERVICE}.${this.options.namespace}:${PORT}/hello`, String(versions), String(requestsFor(versions)), String(this.options.timeoutSeconds)];
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: CLIENT, namespace: this.options.namespace, annotations: { 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' } },
      spec: {
        restartPolicy: 'Never',
        containers: [{ name: CLIENT, image: this.options.clientImage, command: ['sh', '-c', ASK, ...asked], terminationMessagePath: HEARD }],
      },
    };
  }
}
