import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import type { Running } from './lab/background';
import type { Cluster } from './lab/cluster';
import { until } from './lab/process';

const END = /phase: \w* -> (?:Succeeded|Failed),.*(?=\n)|"Failed to .*(?=\n)/;
const IDLE = /"msg"="Syncing".*\n.*"msg"="Tasks" .*\n.*"msg"="Syncing"/; // it looks each second, and did nothing
const STUCK = 'stuck';

/**
 * Argo CD's own sync engine beside a cluster, which applies what is committed.
 *
 * Within a synchronization it does not see what it has made; Argo CD looks anew each time. So one that is stuck begins
 * again.
 */
export class GitOpsAgent {
  private running?: Running;
  private readonly log: string;

  /** `directory` is that of the lab. */
  public constructor(
    private readonly cluster: Cluster,
    private readonly repository: string,
    private readonly port: number,
    directory: string,
  ) {
    this.log = join(directory, 'logs', `${cluster.name}-gitops-agent.log`);
  }

  /** Applies the last commit until all of it is there and healthy. */
  public async sync(seconds = 200): Promise<void> {
    const end = Date.now() + seconds * 1000;
    let outcome: string;
    do {
      outcome = await this.attempt();
    } while (outcome === STUCK && Date.now() < end);
    if (!outcome.includes('-> Succeeded')) {
      throw new Error(`${this.cluster.name} is not synced: ${outcome}`);
    }
  }

  /** Applies the last commit once, and tells how that ended; of what is not there, that is the first wave. */
  public async attempt(): Promise<string> {
    const before = this.text.length;
    if (this.running) {
      await fetch(`http://127.0.0.1:${this.port}/api/v1/sync`);
    } else {
      const args = [
        '--path', this.cluster.name, '--default-namespace', 'istio-system', '--resync-seconds', '86400', '--port',
        String(this.port),
      ];
      this.running = this.cluster.start('gitops-agent', [this.repository, ...args]);
    }
    const outcome = await until(`gitops-agent of ${this.cluster.name} is done, or has nothing to do`, async () => {
      const told = this.text.slice(before);
      return END.exec(told)?.[0] ?? (IDLE.test(told) && STUCK);
    }, 120);
    if (outcome === STUCK) {
      this.running.kill();
      this.running = undefined;
    }
    return outcome;
  }

  private get text(): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf-8') : '';
  }
}
