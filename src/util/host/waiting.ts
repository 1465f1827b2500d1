/** Shows at a terminal what an action waits for, until it ends. */
export async function whileWaiting<T>(what: string, action: () => Promise<T>): Promise<T> {
  const done = show(what);
  return action().finally(done);
}

/** The same for an action that blocks this program. */
export function whileStopped<T>(what: string, action: () => T): T {
  const done = show(what);
  try {
    return action();
  } finally {
    done();
  }
}

const START_OF_LINE = '\r\x1b[2K';

function show(what: string): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) {
    return () => undefined;
  }
  stderr.write(`${what} …`);
  return () => stderr.write(START_OF_LINE);
}
