import { type LiveObject, Kubectl } from './kubectl';
import type { ClusterModel } from '../../definition/mesh-model';
import { certificatesIn } from '../../istio/intermediate-ca';
import type { Certificate } from '../../util/host/certificates';

/** A running istiod, as described by its metrics. */
export interface Istiod {
  readonly pod: string;
  /** Its revision, `default` for the default revision; undefined if its pod has no such label. */
  readonly revision?: string;
  /** Start time in milliseconds. */
  readonly started?: number;
  /** E.g. `1.31.0`; undefined for a build without a version. */
  readonly version?: string;
  /** The state of each cluster that it reads, e.g. `synced`; undefined before Istio 1.29, which does not report it. */
  readonly clusters?: ReadonlyMap<string, string>;
  /** How many remote secrets were added or changed since it started. */
  readonly secretEvents: number;
}

/**
 * The ready istiod pods of a cluster, of all revisions.
 *
 * Their metrics are read through the API server, so neither a network path to the pods nor `kubectl exec` is needed.
 */
export async function readIstiods({ context, namespace }: ClusterModel): Promise<Istiod[]> {
  const kubectl = new Kubectl(context);
  const pods = await kubectl.list('pod', namespace, '--selector=app=istiod');
  return Promise.all(pods.filter(isReady).map(async ({ metadata: { name, labels } }) => ({
    ...parseMetrics(name, await kubectl.raw(`/api/v1/namespaces/${namespace}/pods/${name}:15014/proxy/metrics`)),
    revision: labels?.['istio.io/rev'],
  })));
}

/** The root CAs in a ConfigMap `istio-ca-root-cert`. */
export function rootsIn(configMap: LiveObject | undefined): readonly Certificate[] {
  return certificatesIn(configMap?.data?.['root-cert.pem'] ?? '') ?? [];
}

function isReady({ status, metadata }: LiveObject): boolean {
  const conditions: ReadonlyArray<{ type: string; status: string }> = status?.conditions ?? [];
  const hasReadyCondition = conditions.some(condition => condition.type === 'Ready' && condition.status === 'True');
  return hasReadyCondition && !('deletionTimestamp' in metadata);
}

/** A metric with its labels and its value. */
interface Sample {
  readonly name: string;
  readonly labels: { readonly [name: string]: string };
  readonly value: number;
}

function parseMetrics(pod: string, metrics: string): Istiod {
  const samples = samplesIn(metrics);
  const tag = samples.find(({ name, labels }) => name === 'istio_build' && labels.component === 'pilot')?.labels.tag;
  const started = samples.find(({ name }) => name === 'process_start_time_seconds');
  const events = samples.filter(({ name, labels }) =>
    name === 'remote_cluster_secret_events_total' && labels.event !== 'delete');
  return {
    pod,
    started: started && 1000 * started.value,
    version: /^\d+\.\d+\.\d+/.exec(tag ?? '')?.[0],
    clusters: remoteClusters(samples, metrics),
    secretEvents: events.reduce((sum, { value }) => sum + value, 0),
  };
}

function remoteClusters(samples: readonly Sample[], metrics: string): Istiod['clusters'] {
  const states = samples.filter(({ name }) => name === 'istiod_remote_cluster_sync_status');
  if (states.length === 0 && !/^# TYPE istiod_remote_cluster_sync_status /m.test(metrics)) {
    return undefined;
  }
  return new Map(states.filter(({ value }) => value === 1).map(({ labels }) => [labels.cluster, labels.status]));
}

function samplesIn(metrics: string): Sample[] {
  return [...metrics.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)]
    .map(([, name, labels = '', value]) => ({ name, labels: labelsIn(labels), value: Number(value) }));
}

function labelsIn(text: string): Sample['labels'] {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}
