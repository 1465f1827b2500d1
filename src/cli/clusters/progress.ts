import { cliProgress } from '../../util/libraries';

/** Shows somebody at a terminal how many of the clusters are done, and nobody else anything. */
export async function withProgress<T>(title: string, total: number, action: (done: () => void) => Promise<T>): Promise<T> {
  if (!process.stderr.isTTY) {
    return action(() => undefined);
  }
  const bar = new (cliProgress().SingleBar)({ format: `${title} {bar} {value} of {total}`, stream: process.stderr, clearOnComplete: true });
  bar.start(total, 0);
  try {
    return await action(() => bar.increment());
  } finally {
    bar.stop();
  }
}
