import type { Place } from './lab/network';
import { apiServerAddress, loadBalancerRange, podRange } from './lab/network';
import { run } from './lab/process';

/** A row of the table of a run book, of what passes between two clusters. */
export interface Passage {
  readonly from: string;
  readonly to: string;
  readonly what: 'API server' | 'east-west gateway';
  readonly port: string;
}

const CHAIN = 'BETWEEN-CLUSTERS';
const ROW = /^\| pods of (?:istiod of )?`(\w+)` \| (API server|east-west gateway) of `(\w+)`[^|]*\| (\d+) \|/gm;

/** What the table of a run book lets pass between clusters. */
export function passagesIn(runBook: string): Passage[] {
  return [...runBook.matchAll(ROW)].map(([, from, what, to, port]) => ({ from, to, what: what as Passage['what'], port }));
}

/** Refuses everything between clusters but some passages, and what answers on them. */
export class Firewall {
  private readonly places: ReadonlyMap<string, Place>;

  public constructor(clusters: { readonly [name: string]: string }) {
    this.places = new Map(Object.entries(clusters).map(([name, network], i) => [name, { index: i + 1, network }]));
  }

  /** Begins to refuse. */
  public async raise(passages: readonly Passage[]): Promise<void> {
    await this.allow(passages);
    await run('iptables', ['-I', 'FORWARD', '1', '-j', CHAIN]);
    await run('iptables', ['-I', 'INPUT', '1', '-j', CHAIN]);
  }

  /** Lets these pass from now on, and no others. */
  public async allow(passages: readonly Passage[]): Promise<void> {
    const places = [...this.places.values()];
    const pairs = places.flatMap(from => places.filter(to => to !== from).map(to => [from, to] as const));
    await run('iptables-restore', ['--noflush'], {
      input: [
        '*filter',
        `:${CHAIN} -`,
        `-A ${CHAIN} -m conntrack --ctdir REPLY -j ACCEPT`,
        ...passages.map(passage => `-A ${CHAIN} -p tcp ${this.match(passage)} -j ACCEPT`),
        ...pairs.flatMap(([from, to]) => [podRange(to), apiServerAddress(to)].flatMap(target => [
          `-A ${CHAIN} -s ${podRange(from)} -d ${target} -p tcp -j REJECT --reject-with tcp-reset`,
          `-A ${CHAIN} -s ${podRange(from)} -d ${target} -j DROP`,
        ])),
        'COMMIT',
        '',
      ].join('\n'),
    });
  }

  private match({ from, to, what, port }: Passage): string {
    const place = this.places.get(to)!;
    const source = `-s ${podRange(this.places.get(from)!)}`;
    return what === 'API server' ? `${source} -d ${apiServerAddress(place)} --dport ${port}`
      : `${source} -m conntrack --ctorigdst ${loadBalancerRange(place)} --ctorigdstport ${port}`;
  }
}
