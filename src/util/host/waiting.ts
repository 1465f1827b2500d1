/** Tells somebody at a terminal what is being waited for, as long as it is, and nobody else anything. */
export async function whileWaiting<T>(what: string, action: () => Promise<T>): Promise<T> {
  const done = told(what);
  return action().finally(done);
}

/** The same, of what stops this program until it is there. */
export function whileStopped<T>(what: string, action: () => T): T {
  const done = told(what);
  try {
    return action();
  } finally {
    done();
  }
}

const START_OF_LINE = '\r\x1b[2K';

function told(what: string): () => void {
  const { stderr } = process;
  if (!stderr.isTTY) {
    return () => undefined;
  }
  stderr.write(`${what} …`);
  return () => stderr.write(START_OF_LINE);
}
