import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ApiServer } from './api-server';
import type { Background, Running } from './background';
import { certificate, key } from './certificates';
import { Kubelet } from './kubelet';
import { type Place, apiServerAddress, serviceRange } from './network';
import { run, until } from './process';
import { ServiceProxy } from './service-proxy';

/** What the clusters of a lab share. */
export interface ClusterHost {
  readonly directory: string;
  readonly programs: string;
  readonly background: Background;
  readonly env: NodeJS.ProcessEnv;
  readonly etcd: string;
  /** The API servers, as lines of a hosts file. */
  readonly names: string;
  /** Whether what belongs to an object goes with it. */
  readonly collectsGarbage: boolean;
}

const ADMIN = 'admin';

/** The controllers that the objects of Istio and of other controllers need. */
const CONTROLLERS =
  [
    'horizontal-pod-autoscaler-controller',
    'deployment-controller',
    'replicaset-controller',
    'endpointslice-controller',
    'endpoints-controller',
    'namespace-controller',
    'serviceaccount-controller',
    'serviceaccount-token-controller',
    'root-ca-certificate-publisher-controller',
  ].join();

/** The name under which everybody reaches the API server of a cluster, as the examples have it. */
export function apiServerName(cluster: string): string {
  return `${cluster}.example.com`;
}

/** A real control plane of Kubernetes, and a node that runs pods. */
export class Cluster {
  public static async start(name: string, place: Place, host: ClusterHost): Promise<Cluster> {
    const directory = join(host.directory, name);
    const path = (file: string) => join(directory, file);
    const address = apiServerAddress(place);
    const [authority, serviceAccountKey] =
      await Promise.all([certificate({ commonName: `authority of ${name}` }), key()]);
    const server =
      await certificate({
        commonName: 'kube-apiserver',
        issuer: authority,
        hosts: [address, apiServerName(name), 'kubernetes.default.svc'],
      });
    mkdirSync(directory, { recursive: true });
    writeFileSync(path('ca.crt'), authority.certificate);
    writeFileSync(path('tls.crt'), server.certificate);
    writeFileSync(path('tls.key'), server.key);
    writeFileSync(path('sa.key'), serviceAccountKey);
    writeFileSync(path('tokens'), `${ADMIN},${ADMIN},${ADMIN},"system:masters"\n`);
    writeFileSync(path('kubeconfig'), kubeconfig(name, authority.certificate));

    const background = (program: string, args: readonly string[]) =>
      host.background.start(`${name}-${program}`, [program, ...args], host.env);
    background('kube-apiserver', [
      `--etcd-servers=${host.etcd}`,
      `--etcd-prefix=/${place.index}`,
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      '--secure-port=6443',
      '--endpoint-reconciler-type=none',
      `--tls-cert-file=${path('tls.crt')}`,
      `--tls-private-key-file=${path('tls.key')}`,
      `--token-auth-file=${path('tokens')}`,
      `--service-account-key-file=${path('sa.key')}`,
      `--service-account-signing-key-file=${path('sa.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-cluster-ip-range=${serviceRange(place)}`,
      '--authorization-mode=RBAC',
      '--allow-privileged',
      // reaches webhooks at the addresses of their pods, because no kube-proxy serves this process
      '--enable-aggregator-routing=true',
    ]);
    const api = new ApiServer(address, authority.certificate, ADMIN);
    await until(`kube-apiserver of ${name} is ready`, () => api.ready());
    background('kube-controller-manager', [
      `--kubeconfig=${path('kubeconfig')}`,
      `--service-account-private-key-file=${path('sa.key')}`,
      `--root-ca-file=${path('ca.crt')}`,
      `--controllers=${CONTROLLERS}${host.collectsGarbage ? ',garbage-collector-controller' : ''}`,
      '--use-service-account-credentials=false',
      '--leader-elect=false',
      '--secure-port=0',
    ]);
    const hosts = path('hosts');
    writeFileSync(hosts, host.names);
    const kubelet = new Kubelet(
      {
        cluster: name,
        api,
        apiServerAddress: address,
        directory: path('pods'),
        hosts,
        programs: host.programs,
        background: host.background,
      },
      place,
      new ServiceProxy(api, place, hosts, host.names),
    );
    await kubelet.start();
    return new Cluster(name, api, kubelet, host.programs, host.background,
      { ...host.env, KUBECONFIG: path('kubeconfig') });
  }

  private constructor(
    public readonly name: string,
    private readonly api: ApiServer,
    public readonly kubelet: Kubelet,
    private readonly programs: string,
    private readonly background: Background,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  public async kubectl(...args: readonly string[]): Promise<string> {
    return run('kubectl', ['--context', this.name, ...args], { env: this.env });
  }

  public async istioctl(...args: readonly string[]): Promise<string> {
    return run('istioctl', ['--context', this.name, ...args], { env: this.env });
  }

  /** Runs istioctl with something on its standard input. */
  public async istioctlReading(input: string, ...args: readonly string[]): Promise<string> {
    return run('istioctl', ['--context', this.name, ...args], { env: this.env, input });
  }

  /** Runs a program of its admin's beside the cluster. */
  public start(program: string, args: readonly string[]): Running {
    return this.background.start(`${this.name}-${program}`, [program, ...args], this.env);
  }

  /** `input` is what it reads as the file `-`. */
  public async helm(args: readonly string[], input?: string): Promise<string> {
    return run('helm', ['--kube-context', this.name, ...args], { env: this.env, input });
  }

  /** The directory of one of Istio's charts. */
  public chart(name: string): string {
    return join(this.programs, 'charts', name);
  }

  /** Applies objects that are in no file. */
  public async apply(manifest: string, ...flags: readonly string[]): Promise<string> {
    return run('kubectl', ['--context', this.name, 'apply', ...flags, '-f', '-'], { env: this.env, input: manifest });
  }

  /** Makes kinds of objects known, by the CRDs of a file or a directory, and waits until they are. */
  public async addKinds(path: string): Promise<void> {
    await this.kubectl('apply', '--server-side', '-f', path);
    await this.kubectl('wait', '--for=condition=Established', '--timeout=30s', '-f', path);
  }

  /** The objects of a kind in all namespaces. */
  public async objects<T>(kind: string): Promise<readonly T[]> {
    return JSON.parse(await this.kubectl('get', kind, '--all-namespaces', '-o', 'json')).items;
  }

  /** The address that the cloud gave a Service. */
  public async loadBalancer(namespace: string, service: string): Promise<string> {
    const { status } = await this.api.get<{ status: { loadBalancer: { ingress: ReadonlyArray<{ ip: string }> } } }>(
      `/api/v1/namespaces/${namespace}/services/${service}`,
    );
    return status.loadBalancer.ingress[0].ip;
  }
}

function kubeconfig(name: string, authority: string): string {
  const cluster = {
    'server': `https://${apiServerName(name)}:6443`,
    'certificate-authority-data': Buffer.from(authority).toString('base64'),
  };
  return JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': name,
    'clusters': [{ name, cluster }],
    'users': [{ name: `${ADMIN}@${name}`, user: { token: ADMIN } }],
    // By both names, as the examples have them.
    'contexts': [
      name, `${ADMIN}@${name}`,
    ].map(context => ({ name: context, context: { cluster: name, user: `${ADMIN}@${name}` } })),
  });
}
