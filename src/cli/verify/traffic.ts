import { type CheckResult, failed, ok, unknown } from './check-result';
import { type Reading, settle } from './cluster-state';
import {
  type Responses, type TrafficOptions, CLIENT, clientPod, parseResponses, SERVER, serverObjects,
} from './traffic-objects';
import type { VerificationResult } from './verification';
import type { ClusterModel, MeshModel } from '../../definition/mesh-model';
import { injectionRevision } from '../../istio/revisions';
import { shellWord } from '../../util/shell-word';
import { Kubectl } from '../clusters/kubectl';
import { poll } from '../clusters/poll';
import { isManaged, MANAGED_BY } from '../clusters/remote-secrets';

/** A sidecar configures the network of its pod, which the default policy of a cluster may forbid. */
const PRIVILEGED = { 'pod-security.kubernetes.io/enforce': 'privileged' };

/** Runs HelloWorld in every cluster, v1 in the first and so on, and sends requests from each of them. */
export class TrafficProbe {
  private readonly versions: ReadonlyMap<string, string>;
  private readonly interruption = new AbortController();

  constructor(private readonly mesh: MeshModel, private readonly options: TrafficOptions) {
    this.versions = new Map(mesh.clusters.map(({ name }, i) => [name, `v${i + 1}`]));
  }

  /** Which versions answered in each cluster; removes all created objects in any case. */
  async run(): Promise<VerificationResult[]> {
    const interrupt = () => this.interruption.abort(new Error('the command was interrupted'));
    process.once('SIGINT', interrupt);
    const results = await this.sendRequests(); // even if interrupted: nothing may be created after the removal
    process.off('SIGINT', interrupt);
    return [...results, ...await this.cleanUp()];
  }

  private async cleanUp(): Promise<VerificationResult[]> {
    const results = await Promise.all(this.mesh.clusters.map(async cluster => {
      const { problem } = await settle(this.remove(cluster));
      const { name, context } = cluster;
      const command = `kubectl --context ${shellWord(context)} delete namespace ${this.options.namespace}`;
      return problem === undefined ? []
        : [{ from: name, to: name, check: 'cleanup', ...failed(`${problem}; remove the namespace: ${command}`) }];
    }));
    return results.flat();
  }

  private async sendRequests(): Promise<VerificationResult[]> {
    const { clusters } = this.mesh;
    const starts = await Promise.all(clusters.map(cluster => settle(this.startServer(cluster))));
    const responses = await Promise.all(clusters.map(async (cluster, i) => {
      const { problem } = starts[i];
      return problem === undefined ? settle(this.runClient(cluster)) : { problem };
    }));
    return clusters.flatMap((cluster, i) => this.resultsOf(cluster, responses[i]));
  }

  private async startServer(cluster: ClusterModel): Promise<void> {
    const { name, context } = cluster;
    const { namespace, timeoutSeconds } = this.options;
    const kubectl = new Kubectl(context);
    const existing = await kubectl.get('namespace', namespace);
    if (existing && !isManaged(existing)) {
      throw new Error(`namespace '${namespace}' exists, and istio-mesh did not create it; `
        + 'choose another one with --namespace');
    }
    await this.remove(cluster); // the client of an earlier run has old responses
    this.interruption.signal.throwIfAborted();
    await kubectl.apply([this.namespaceObject(cluster), ...serverObjects(this.versions.get(name)!, this.options)]);
    await this.waitFor(`HelloWorld of '${name}' is not ready`, timeoutSeconds, async () => {
      const deployment = await kubectl.get('deployment', SERVER, namespace);
      return deployment?.status?.readyReplicas === 1;
    }, this.interruption.signal);
  }

  private namespaceObject(cluster: ClusterModel): object {
    const revision = injectionRevision(cluster);
    const injection = revision === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision };
    const labels = { ...MANAGED_BY, ...PRIVILEGED, ...injection };
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.options.namespace, labels } };
  }

  private async runClient(cluster: ClusterModel): Promise<Responses> {
    this.interruption.signal.throwIfAborted();
    const { namespace, timeoutSeconds } = this.options;
    const kubectl = new Kubectl(cluster.context);
    await kubectl.apply([clientPod(1 + cluster.peers.length, this.options)]);
    let message = '';
    const seconds = 2 * timeoutSeconds; // the pod may take one timeout to start, and then runs for another one
    await this.waitFor(`the client in '${cluster.name}' has not ended`, seconds, async () => {
      const pod = await kubectl.get('pod', CLIENT, namespace);
      const containers: ReadonlyArray<{ name: string; state?: any }> = pod?.status?.containerStatuses ?? [];
      const terminated = containers.find(({ name }) => name === CLIENT)?.state?.terminated;
      message = terminated?.message ?? '';
      return terminated !== undefined;
    }, this.interruption.signal);
    return parseResponses(message);
  }

  private resultsOf({ name, peers }: ClusterModel, responses: Reading<Responses>): VerificationResult[] {
    return [name, ...peers.map(peer => peer.name)]
      .map(to => ({ from: name, to, check: 'traffic', ...this.evaluate(name, to, responses) }));
  }

  private evaluate(from: string, to: string, { value: responses, problem }: Reading<Responses>): CheckResult {
    if (!responses) {
      return from === to ? failed(`no requests were sent: ${problem}`) : unknown(problem!);
    }
    const { versions, failures } = responses;
    const version = this.versions.get(to)!;
    const summary = summaryOf(responses, version, to);
    if (!versions.has(version)) {
      const fix = failures > 0
        ? 'check that both clusters have the same root CA, and that the gateway is reachable on port 15443'
        : 'check the other results, and that exposedServices covers the namespace';
      return failed(`${summary}; ${fix}`);
    }
    return from === to && failures > 0 ? failed(`${summary}; check the peer with the fewest responses`) : ok(summary);
  }

  private async remove({ context }: ClusterModel): Promise<void> {
    const { namespace, timeoutSeconds } = this.options;
    const kubectl = new Kubectl(context);
    const existing = await kubectl.get('namespace', namespace);
    if (existing && isManaged(existing)) {
      await kubectl.delete('namespace', namespace);
      await this.waitFor(`namespace '${namespace}' still exists`, timeoutSeconds, async () =>
        await kubectl.get('namespace', namespace) === undefined);
    }
  }

  private async waitFor(
    problem: string, seconds: number, isDone: () => Promise<boolean>, signal?: AbortSignal,
  ): Promise<void> {
    const done = await poll(seconds, async () => {
      const result = await isDone();
      signal?.throwIfAborted();
      return result || undefined;
    });
    if (!done) {
      throw new Error(`${problem} after ${seconds} s`);
    }
  }
}

function summaryOf({ versions, failures, reasons }: Responses, version: string, cluster: string): string {
  const requests = [...versions.values()].reduce((sum, count) => sum + count, failures);
  const ending = failures > 0 ? `${failures} failed (${reasons.join('; ')})` : 'none failed';
  return `${version} of '${cluster}' answered ${versions.get(version) ?? 0} of ${requests} requests, and ${ending}`;
}
