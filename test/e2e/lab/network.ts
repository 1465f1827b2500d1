import { type ChildProcess, spawn } from 'child_process';
import { readlinkSync } from 'fs';
import { run, until } from './process';

/**
 * A cluster's place in the lab: its number, from 1, and the network that its pods are really on, whatever its mesh
 * says.
 */
export interface Place {
  readonly index: number;
  readonly network: string;
}

/** Where a cluster's API server is, for everybody. */
export function apiServerAddress({ index }: Place): string {
  return `10.50.0.${10 + index}`;
}

/** The addresses of a cluster's pods. */
export function podRange({ index }: Place): string {
  return `10.${50 + index}.0.0/16`;
}

/** The addresses of a cluster's Services, which only its own pods reach. */
export function serviceRange({ index }: Place): string {
  return `10.${100 + index}.0.0/16`;
}

/** The nth address of a cluster's load balancers, which everybody reaches. */
export function loadBalancerAddress({ index }: Place, n: number): string {
  return `10.50.${100 + index}.${n}`;
}

/** The addresses of a cluster's load balancers. */
export function loadBalancerRange({ index }: Place): string {
  return `10.50.${100 + index}.0/24`;
}

/** The rules that send what is for a cluster's Services to its pods. */
export function serviceChain({ index }: Place): string {
  return `SERVICES-${index}`;
}

/** Where every pod reaches this process. */
export const ROUTER = '10.50.0.1';

/**
 * Makes the network namespace that this process is in the router between all pods. Pods of one network reach each
 * other; pods of others are
 * refused at once, so that nothing waits for what cannot come, unless a load balancer was asked.
 */
export async function connect(places: readonly Place[]): Promise<void> {
  await batch(['ip'], [
    'link set lo up',
    `addr add ${ROUTER}/32 dev lo`,
    ...places.map(place => `addr add ${apiServerAddress(place)}/32 dev lo`),
  ]);
  await run('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
  const strangers =
    places.flatMap(from => places.filter(to => to.network !== from.network).map(to => [from, to] as const));
  await run('iptables-restore', [], {
    input: [
      '*filter',
      '-A FORWARD -m conntrack --ctstate DNAT,ESTABLISHED -j ACCEPT',
      ...strangers.map(([from, to]) =>
        `-A FORWARD -s ${podRange(from)} -d ${podRange(to)} -p tcp -j REJECT --reject-with tcp-reset`),
      'COMMIT',
      '*nat',
      ...places.map(place => `:${serviceChain(place)} -`),
      ...places.map(place => `-A PREROUTING -j ${serviceChain(place)}`),
      'COMMIT',
      '',
    ].join('\n'),
  });
}

/** A network namespace with one address, the nth of its cluster's pods; it lasts as long as the processes in it. */
export class PodNetwork {
  public readonly address: string;
  private readonly outside: string;
  private holder?: ChildProcess;

  public constructor(place: Place, n: number) {
    this.address = `10.${50 + place.index}.0.${n}`;
    this.outside = `pod${place.index}x${n}`;
  }

  public async open(): Promise<void> {
    const holder = this.holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
    await until('a network namespace',
      async () => readlinkSync(`/proc/${holder.pid}/ns/net`) !== readlinkSync('/proc/self/ns/net'), 10);
    // An address without neighbours: everything goes through the router, so that its rules hold for pods of one
    // cluster, too.
    await batch(['ip'], [
      `link add ${this.outside} type veth peer name eth0 netns ${holder.pid}`,
      `link set ${this.outside} up`,
      `route add ${this.address} dev ${this.outside}`,
    ]);
    await batch([...this.enter, 'ip'], [
      'link set lo up',
      'link set eth0 up',
      `addr add ${this.address}/32 dev eth0`,
      `route add ${ROUTER} dev eth0`,
      `route add default via ${ROUTER}`,
    ]);
  }

  /** The words that put a command into this network. */
  public get enter(): readonly string[] {
    return ['nsenter', `--net=/proc/${this.holder?.pid}/ns/net`];
  }

  public close(): void {
    this.holder?.kill('SIGKILL');
  }
}

async function batch([program, ...args]: readonly string[], lines: readonly string[]): Promise<void> {
  await run(program, [...args, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
