import { writeFileSync } from 'fs';
import type { ApiServer, KubernetesObject } from './api-server';
import { type Place, loadBalancerAddress, podRange, serviceChain } from './network';
import type { Pod } from './pod';
import { run } from './process';

export interface Labels { readonly [label: string]: string }

/** Gives the first ready pod that has all these labels. */
type FindPod = (namespace: string | undefined, labels: Labels) => Pod | undefined;

interface ServiceObject extends KubernetesObject {
  readonly spec: {
    readonly type: string;
    readonly clusterIP?: string;
    readonly selector?: Labels;
    readonly ports: ReadonlyArray<{ readonly port: number; readonly targetPort: number | string }>;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: ReadonlyArray<{ readonly ip?: string }> } };
}

/** What kube-proxy, the cluster's DNS and the cloud's load balancers do for the Services of a cluster. */
export class ServiceProxy {
  private readonly loadBalancers = new Map<string, string>();
  private last = '';

  /** `hosts` is the file that names the Services, after `names` of other kinds. */
  public constructor(
    private readonly api: ApiServer,
    private readonly place: Place,
    private readonly hosts: string,
    private readonly names: string,
  ) {}

  /** Names every Service, and sends what is for its addresses to the first ready pod that it selects. */
  public async update(find: FindPod): Promise<void> {
    const services =
      (await this.api.list<ServiceObject>('/api/v1/services')).filter(({ spec }) =>
        spec.clusterIP && spec.clusterIP !== 'None');
    for (const service of services.filter(({ spec, status }) =>
      spec.type === 'LoadBalancer' && !status?.loadBalancer?.ingress)) {
      await this.balance(service);
    }
    const hosts = services.map(({ metadata: { name, namespace }, spec }) =>
      `${spec.clusterIP} ${name}.${namespace} ${name}.${namespace}.svc ${name}.${namespace}.svc.cluster.local\n`)
      .join('');
    const rules = services.flatMap(service => this.rules(service, find)).join('');
    if (hosts + rules === this.last) {
      return;
    }
    // written in place, since containers have this very file
    writeFileSync(this.hosts, `127.0.0.1 localhost\n${this.names}${hosts}`);
    const chain = serviceChain(this.place);
    await run('iptables-restore', ['--noflush'], { input: `*nat\n:${chain} -\n${rules}COMMIT\n` });
    this.last = hosts + rules;
  }

  /** Gives a Service an address that everybody reaches, as a cloud does. */
  private async balance({ metadata: { namespace, name, uid } }: ServiceObject): Promise<void> {
    const ip = this.loadBalancers.get(uid) ?? loadBalancerAddress(this.place, this.loadBalancers.size + 1);
    await this.api.patchStatus(`/api/v1/namespaces/${namespace}/services/${name}`,
      { loadBalancer: { ingress: [{ ip }] } });
    this.loadBalancers.set(uid, ip);
  }

  private rules({ metadata, spec }: ServiceObject, find: FindPod): readonly string[] {
    const pod = spec.selector && find(metadata.namespace, spec.selector);
    if (!pod) {
      return [];
    }
    const loadBalancer = this.loadBalancers.get(metadata.uid);
    const froms = [`-s ${podRange(this.place)} -d ${spec.clusterIP}`, ...loadBalancer ? [`-d ${loadBalancer}`] : []];
    return spec.ports.flatMap(({ port, targetPort }) => froms.map(from =>
      `-A ${serviceChain(this.place)} ${from} -p tcp --dport ${port} -j DNAT --to-destination `
        + `${pod.address}:${pod.port(targetPort)}\n`));
  }
}
