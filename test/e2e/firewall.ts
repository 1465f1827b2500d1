import { type Place, apiServerAddress, loadBalancerRange, podRange } from './lab/network';
import { run } from './lab/process';

/** A connection between two clusters that the firewall table of a runbook allows. */
export interface AllowedConnection {
  readonly from: string;
  readonly to: string;
  readonly target: 'API server' | 'east-west gateway';
  readonly port: string;
}

const CHAIN = 'BETWEEN-CLUSTERS';
const ROW = /^\| (?:istiod )?pods of `(\w+)` \| (API server|east-west gateway) of `(\w+)`[^|]*\| (\d+) \|/gm;

/** The connections between clusters in the firewall table of a runbook. */
export function allowedConnections(runbook: string): AllowedConnection[] {
  return [...runbook.matchAll(ROW)].map(([, from, target, to, port]) =>
    ({ from, to, target: target as AllowedConnection['target'], port }));
}

/** Rejects all connections between clusters, except the allowed ones and their responses. */
export class Firewall {
  private readonly places: ReadonlyMap<string, Place>;

  public constructor(clusters: { readonly [name: string]: string }) {
    this.places = new Map(Object.entries(clusters).map(([name, network], i) => [name, { index: i + 1, network }]));
  }

  /** Starts to reject connections. */
  public async start(connections: readonly AllowedConnection[]): Promise<void> {
    await this.allow(connections);
    await run('iptables', ['-I', 'FORWARD', '1', '-j', CHAIN]);
    await run('iptables', ['-I', 'INPUT', '1', '-j', CHAIN]);
  }

  /** Replaces the allowed connections. */
  public async allow(connections: readonly AllowedConnection[]): Promise<void> {
    const places = [...this.places.values()];
    const pairs = places.flatMap(from => places.filter(to => to !== from).map(to => [from, to] as const));
    await run('iptables-restore', ['--noflush'], {
      input: [
        '*filter',
        `:${CHAIN} -`,
        `-A ${CHAIN} -m conntrack --ctdir REPLY -j ACCEPT`,
        ...connections.map(connection => `-A ${CHAIN} -p tcp ${this.match(connection)} -j ACCEPT`),
        ...pairs.flatMap(([from, to]) => [podRange(to), apiServerAddress(to)].flatMap(target => [
          `-A ${CHAIN} -s ${podRange(from)} -d ${target} -p tcp -j REJECT --reject-with tcp-reset`,
          `-A ${CHAIN} -s ${podRange(from)} -d ${target} -j DROP`,
        ])),
        'COMMIT',
        '',
      ].join('\n'),
    });
  }

  private match({ from, to, target, port }: AllowedConnection): string {
    const place = this.places.get(to)!;
    const source = `-s ${podRange(this.places.get(from)!)}`;
    return target === 'API server' ? `${source} -d ${apiServerAddress(place)} --dport ${port}`
      : `${source} -m conntrack --ctorigdst ${loadBalancerRange(place)} --ctorigdstport ${port}`;
  }
}
