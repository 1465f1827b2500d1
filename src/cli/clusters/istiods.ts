import type { LiveObject } from './kubectl';
import { Kubectl } from './kubectl';
import type { ClusterModel } from '../../definition/mesh-model';

/** A control plane that runs, as it says of itself in its metrics. */
export interface Istiod {
  readonly pod: string;
  /** Its revision, `default` for none; undefined where its pod has no such label. */
  readonly revision?: string;
  /** When it was started, in milliseconds. */
  readonly started?: number;
  /** E.g. `1.31.0`; undefined for a build that has none. */
  readonly version?: string;
  /** The state of each cluster that it reads, e.g. `synced`; undefined before Istio 1.29, which does not say. */
  readonly clusters?: ReadonlyMap<string, string>;
  /** How often a remote Secret was new or changed since it started. */
  readonly secretEvents: number;
}

/**
 * The ready pods of every control plane of a cluster, whatever their revision.
 *
 * Their metrics are read through the API server, so that neither a way to the pods nor `kubectl exec` is needed.
 */
export async function istiodsOf({ context, namespace }: ClusterModel): Promise<Istiod[]> {
  const kubectl = new Kubectl(context);
  const pods = await kubectl.list('pod', namespace, '--selector=app=istiod');
  return Promise.all(pods.filter(isReady).map(async ({ metadata: { name, labels } }) => ({
    ...istiod(name, await kubectl.raw(`/api/v1/namespaces/${namespace}/pods/${name}:15014/proxy/metrics`)),
    revision: labels?.['istio.io/rev'],
  })));
}

function isReady({ status, metadata }: LiveObject): boolean {
  const conditions: ReadonlyArray<{ type: string; status: string }> = status?.conditions ?? [];
  return !('deletionTimestamp' in metadata) && conditions.some(condition => condition.type === 'Ready' && condition.status === 'True');
}

/** Reads what istiod says of itself out of the text of its metrics. */
export function istiod(pod: string, metrics: string): Istiod {
  const samples = [...metrics.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({ name, value: Number(value), label: labelsOf(labels) }));
  const tag = samples.find(({ name, label }) => name === 'istio_build' && label.component === 'pilot')?.label.tag;
  const started = samples.find(({ name }) => name === 'process_start_time_seconds');
  const states = samples.filter(({ name }) => name === 'istiod_remote_cluster_sync_status');
  const isTold = states.length > 0 || /^# TYPE istiod_remote_cluster_sync_status /m.test(metrics);
  const events = samples.filter(({ name, label }) => name === 'remote_cluster_secret_events_total' && label.event !== 'delete');
  return {
    pod,
    started: started && 1000 * started.value,
    version: /^\d+\.\d+\.\d+/.exec(tag ?? '')?.[0],
    clusters: isTold ? new Map(states.filter(({ value }) => value === 1).map(({ label }) => [label.cluster, label.status])) : undefined,
    secretEvents: events.reduce((sum, { value }) => sum + value, 0),
  };
}

function labelsOf(text: string): { readonly [label: string]: string } {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}
