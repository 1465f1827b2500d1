import type { Lab } from './lab/lab';
import type { Pod } from './lab/pod';
import { until } from './lab/process';

/** Answers with its version and with who asked, by the certificate. */
const SERVER = `require('http').createServer(({ headers }, response) => response.end(JSON.stringify({
  version: process.env.VERSION, caller: headers['x-forwarded-client-cert'],
}))).listen(5000)`;

/** Asks a URL so many times, one after the other, and tells the answers. */
const CLIENT = `(async ([url, count]) => {
  const answers = [];
  for (let i = 0; i < count; i++) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
      const body = await response.text();
      answers.push(response.ok ? JSON.parse(body) : { error: String(response.status) });
    } catch (error) {
      answers.push({ error: error.cause?.code ?? error.name });
    }
  }
  console.log(JSON.stringify(answers));
})(process.argv.slice(1))`;

/** What the server answers, or why there is no answer. */
export interface Answer {
  readonly version?: string;
  /** Who asked, as the server's proxy knows it. */
  readonly caller?: string;
  readonly error?: string;
}

/** What a proxy tells istiod of itself. */
export interface Identity {
  readonly CLUSTER_ID: string;
  readonly MESH_ID: string;
  readonly NETWORK: string;
}

/** A part of Envoy's page `/clusters?format=json`. */
interface EnvoyCluster {
  readonly name: string;
  readonly host_statuses?: ReadonlyArray<{ readonly address: { readonly socket_address: SocketAddress } }>;
}

interface SocketAddress {
  readonly address: string;
  readonly port_value: number;
}

const SERVICE = 'helloworld';
const PORT = 5000;
// until nobody is sent here any more, and what was asked is answered
const LEAVES_SLOWLY = { preStop: { sleep: { seconds: 5 } } };
const SIDECAR_USER = 1337; // whose requests the sidecar lets pass as they are

/**
 * The HelloWorld of Istio's guide in one namespace of every cluster: v1 in the first cluster, v2 in the second, and so
 * on.
 */
export class Traffic {
  public constructor(
    private readonly lab: Lab, public readonly namespace: string, private readonly revision?: string,
  ) {}

  /** Makes a server and a client in every cluster and waits for them. */
  public async start(): Promise<void> {
    await Promise.all(this.lab.clusters.map(async (cluster, i) => {
      await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: this.objects(`v${i + 1}`) }));
      await until(`the pods of ${this.namespace} in ${cluster.name}`, async () =>
        [SERVICE, 'client'].every(app => cluster.kubelet.pod(this.namespace, { app })), 90);
    }));
  }

  /** Asks the service by its name, from a pod with a sidecar. */
  public async ask(cluster: string, count: number): Promise<readonly Answer[]> {
    return this.request(cluster, `http://${SERVICE}.${this.namespace}:${PORT}`, count);
  }

  /** Asks the server of another cluster at its pod's own address, past the sidecar. */
  public async askPod(cluster: string, other: string): Promise<Answer> {
    return (await this.request(cluster, `http://${this.podAddress(other)}`, 1, SIDECAR_USER))[0];
  }

  /** The address of the server of a cluster, as those see it who reach it directly. */
  public podAddress(cluster: string): string {
    return `${this.pod(cluster, SERVICE).address}:${PORT}`;
  }

  /** Where the proxy of the client sends what is for the service. */
  public async endpoints(cluster: string): Promise<readonly string[]> {
    const name = `outbound|${PORT}||${SERVICE}.${this.namespace}.svc.cluster.local`;
    const { cluster_statuses: statuses } =
      await this.admin<{ cluster_statuses: readonly EnvoyCluster[] }>(cluster, 'clusters?format=json');
    const hosts = statuses.find(one => one.name === name)?.host_statuses ?? [];
    return hosts.map(({ address: { socket_address: { address, port_value } } }) => `${address}:${port_value}`).sort();
  }

  /** Which cluster, mesh and network the proxy of the client says that it is of. */
  public async identity(cluster: string): Promise<Identity> {
    const { CLUSTER_ID, MESH_ID, NETWORK } =
      (await this.admin<{ node: { metadata: Identity } }>(cluster, 'server_info')).node.metadata;
    return { CLUSTER_ID, MESH_ID, NETWORK };
  }

  /** A page of the client's Envoy. */
  private async admin<T>(cluster: string, page: string): Promise<T> {
    const script = `fetch("http://127.0.0.1:15000/${page}").then(page => page.text()).then(console.log)`;
    return JSON.parse(await this.pod(cluster, 'client').exec('client', ['/node', '-e', script], SIDECAR_USER));
  }

  private async request(cluster: string, url: string, count: number, user?: number): Promise<readonly Answer[]> {
    return JSON.parse(await this.pod(cluster, 'client')
      .exec('client', ['/node', '-e', CLIENT, url, String(count)], user));
  }

  private pod(cluster: string, app: string): Pod {
    const pod = this.lab.cluster(cluster).kubelet.pod(this.namespace, { app });
    if (!pod) {
      throw new Error(`no pod of ${app} is ready in ${cluster}`);
    }
    return pod;
  }

  private objects(version: string): readonly object[] {
    const { namespace } = this;
    const labels = this.revision ? { 'istio.io/rev': this.revision } : { 'istio-injection': 'enabled' };
    const deployment = (name: string, container: object) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } }, spec: { containers: [{ name, image: 'node', ...container }] },
        },
      },
    });
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: SERVICE, namespace },
        spec: { selector: { app: SERVICE }, ports: [{ name: 'http', port: PORT }] },
      },
      // A failed request stays one: the default is to try again elsewhere, which hides half of what is wrong.
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: SERVICE, namespace },
        spec: { hosts: [SERVICE], http: [{ route: [{ destination: { host: SERVICE } }], retries: { attempts: 0 } }] },
      },
      // A connection through a passthrough gateway stays with one pod: with a connection for each request, every pod
      // gets some.
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: SERVICE, namespace },
        spec: {
          host: `${SERVICE}.${namespace}.svc.cluster.local`,
          trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
        },
      },
      deployment(SERVICE, {
        args: ['-e', SERVER],
        env: [{ name: 'VERSION', value: version }],
        ports: [{ containerPort: PORT }],
        lifecycle: LEAVES_SLOWLY,
      }),
      deployment('client', { command: ['sleep', 'infinity'], lifecycle: LEAVES_SLOWLY }),
    ];
  }
}
