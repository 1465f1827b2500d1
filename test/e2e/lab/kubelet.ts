import { setTimeout as sleep } from 'timers/promises';
import type { Place } from './network';
import { type PodHost, NODE_NAME, Pod } from './pod';
import type { PodObject } from './pod-object';
import type { Labels, ServiceProxy } from './service-proxy';

/** What the one node of a cluster does: it takes every pod, runs it, and ends it when it is deleted. */
export class Kubelet {
  private readonly pods = new Map<string, Pod>();
  private count = 0;

  public constructor(
    private readonly host: PodHost, private readonly place: Place, private readonly services: ServiceProxy,
  ) {}

  /** Makes the Node and goes on in the background. */
  public async start(): Promise<void> {
    const { index } = this.place;
    const labels = { 'topology.kubernetes.io/region': `region${index}`, 'topology.kubernetes.io/zone': `zone${index}` };
    await this.host.api.post('/api/v1/nodes', { metadata: { name: NODE_NAME, labels } });
    void this.work().catch(this.host.background.fail);
  }

  /** The first ready pod that has all these labels. */
  public pod(namespace: string | undefined, labels: Labels): Pod | undefined {
    return [...this.pods.values()].find(({ ready, object: { metadata } }) =>
      ready && metadata.namespace === namespace &&
      Object.entries(labels).every(([label, value]) => metadata.labels?.[label] === value));
  }

  private async work(): Promise<never> {
    for (;;) {
      const objects =
        new Map((await this.host.api.list<PodObject>('/api/v1/pods')).map(object => [object.metadata.uid, object]));
      for (const [uid, object] of objects) {
        if (!this.pods.has(uid) && !object.metadata.deletionTimestamp) {
          this.take(uid, object);
        }
      }
      for (const [uid, pod] of this.pods) {
        const now = objects.get(uid);
        if (!now || now.metadata.deletionTimestamp) {
          this.pods.delete(uid);
          void this.end(pod, now).catch(this.host.background.fail);
        }
      }
      await this.services.update((namespace, labels) => this.pod(namespace, labels));
      await sleep(200);
    }
  }

  private take(uid: string, object: PodObject): void {
    const pod = new Pod(this.host, object, this.place, ++this.count);
    this.pods.set(uid, pod);
    pod.run().catch(error => {
      if (this.pods.has(uid)) { // whatever ends a pod that is deleted is no failure
        this.host.background.fail(error);
      }
    });
  }

  /** Ends a pod that nobody is sent to any more. */
  private async end(pod: Pod, object?: PodObject): Promise<void> {
    if (!object) {
      pod.kill();
      return;
    }
    await pod.terminate();
    const { namespace, name, uid } = object.metadata;
    await this.host.api.delete(`/api/v1/namespaces/${namespace}/pods/${name}`,
      { gracePeriodSeconds: 0, preconditions: { uid } });
  }
}
