import type { Cluster } from './lab/cluster';
import { until } from './lab/process';

/** A controller of somebody else's. */
export interface ControllerProps {
  /** The name of its program in the lab, and of all its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly args?: readonly string[];
  readonly env?: ReadonlyArray<{ readonly name: string; readonly value: string }>;
  /** Where it says whether it is ready. */
  readonly ready: { readonly path: string; readonly port: number };
}

/** Runs a controller in a cluster, as somebody who may do everything there, and waits until it is ready. */
export async function startController(
  cluster: Cluster, { name, namespace, args, env, ready }: ControllerProps,
): Promise<void> {
  const metadata = { name, namespace };
  const labels = { app: name };
  const container = { name, image: name, args, env, readinessProbe: { httpGet: ready } };
  await cluster.apply(JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { serviceAccountName: name, containers: [container] } },
        },
      },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: ready.port }] } },
    ],
  }));
  await until(`${name} in ${cluster.name}`, async () => cluster.kubelet.pod(namespace, labels), 90);
}
