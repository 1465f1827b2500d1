import { cliProgress } from '../../util/libraries';

/** Shows a progress bar on a terminal while an action processes a number of clusters. */
export async function withProgress<T>(
  title: string, total: number, action: (done: () => void) => Promise<T>,
): Promise<T> {
  if (!process.stderr.isTTY) {
    return action(() => undefined);
  }
  const format = `${title} {bar} {value} of {total}`;
  const bar = new (cliProgress().SingleBar)({ format, stream: process.stderr, clearOnComplete: true });
  bar.start(total, 0);
  try {
    return await action(() => bar.increment());
  } finally {
    bar.stop();
  }
}
