import type { Traffic } from './traffic';

const REQUESTS = 1000; // from each cluster
const BATCH = 50;

/** Requests from every cluster for as long as something else takes, and so many at least. */
export class Continuous {
  private readonly failures: string[] = [];
  private count = 0;
  private isOver = false;
  private readonly asking: Promise<unknown>;

  public constructor(private readonly traffic: Traffic, clusters: readonly string[]) {
    this.asking = Promise.all(clusters.map(async cluster => {
      for (let asked = 0; !this.isOver || asked < REQUESTS; asked += BATCH) {
        const answers = await this.traffic.ask(cluster, BATCH);
        this.failures.push(...answers.flatMap(({ error }) => error ? [`${cluster}: ${error}`] : []));
        this.count += answers.length;
      }
    }));
    this.asking.catch(() => undefined); // end() tells
  }

  /** How many were asked; none may have failed. */
  public async end(): Promise<number> {
    this.isOver = true;
    await this.asking;
    if (this.failures.length > 0) {
      throw new Error(`${this.failures.length} of ${this.count} requests failed: `
        + `${[...new Set(this.failures)].join(', ')}`);
    }
    return this.count;
  }
}
