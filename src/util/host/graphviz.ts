import { type MessagePort, MessageChannel, receiveMessageOnPort, Worker } from 'worker_threads';

/*
 * Graphviz loads asynchronously, but synth is synchronous. Therefore Graphviz runs in a worker thread, in parallel with
 * synth, which blocks until it needs the result. The thread is kept for the next diagram, and ends after an idle time.
 */

/** Far more than needed: a large diagram takes a tenth of a second. */
const TIMEOUT_SECONDS = 60;

const IDLE_SECONDS = 5;

/** Indexes of the counters that both threads share: diagrams that are finished, and diagrams that are not. */
const FINISHED = 0;
const PENDING = 1;

/** Value of the second counter if the thread has ended; it stays negative whatever is added. */
const ENDED = -1_000_000;

/** The program of the thread. It is a string so that it runs from the package, from sources and in a test runner. */
const PROGRAM = `
const { workerData: { library, port, shared, idle, FINISHED, PENDING, ENDED } } = require('worker_threads');
const loading = (async () => (await require(library).instance()))();
const draw = async dot => {
  try {
    const { status, output, errors } = (await loading).render(dot, { format: 'svg', engine: 'dot' });
    return status === 'success' ? { output } : { problem: errors.map(({ message }) => message).join('; ') };
  } catch (error) {
    return { problem: String(error && error.message || error).split('\\n')[0] };
  }
};
let timer;
const endIfIdle = () => Atomics.compareExchange(shared, PENDING, 0, ENDED) === 0 ? port.close() : restartTimer();
const restartTimer = () => {
  clearTimeout(timer);
  timer = setTimeout(endIfIdle, idle);
};
port.on('message', async ({ id, dot }) => {
  port.postMessage({ id, ...await draw(dot) });
  Atomics.add(shared, FINISHED, 1);
  Atomics.sub(shared, PENDING, 1);
  Atomics.notify(shared, FINISHED);
  restartTimer();
});
loading.catch(() => {});
restartTimer();
`;

/** The result for a diagram: its SVG, or why it could not be drawn. */
interface Result {
  readonly id: number;
  readonly output?: string;
  readonly problem?: string;
}

/** A thread that runs Graphviz. */
export class Graphviz {
  private readonly shared = new Int32Array(new SharedArrayBuffer(8));
  private readonly port: MessagePort;
  private readonly results = new Map<number, Result>();
  private nextId = 0;

  /**
   * @param library path of Graphviz' module
   * @param timeoutSeconds how long to wait for a diagram
   */
  constructor(library = require.resolve('@viz-js/viz'), private readonly timeoutSeconds = TIMEOUT_SECONDS) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.port.unref();
    const thread = new Worker(PROGRAM, {
      eval: true,
      workerData: { library, port: port2, shared: this.shared, idle: IDLE_SECONDS * 1000, FINISHED, PENDING, ENDED },
      transferList: [port2],
      execArgv: [], // the thread does not need the loaders for TypeScript sources
      env: {},
    });
    // a caller that is waiting already gets the error of the timeout
    thread.on('error', () => Atomics.store(this.shared, PENDING, ENDED));
    thread.unref();
  }

  /** Starts to draw a graph, and returns a function that waits for the SVG; undefined if the thread has ended. */
  layout(dot: string): (() => string) | undefined {
    if (Atomics.add(this.shared, PENDING, 1) < 0) {
      return undefined;
    }
    const id = this.nextId++;
    this.port.postMessage({ id, dot });
    return () => this.waitFor(id);
  }

  private waitFor(id: number): string {
    const end = Date.now() + this.timeoutSeconds * 1000;
    while (!this.results.has(id)) {
      const finished = Atomics.load(this.shared, FINISHED);
      this.receiveResults();
      if (this.results.has(id)) {
        break;
      }
      if (Atomics.wait(this.shared, FINISHED, finished, Math.max(0, end - Date.now())) === 'timed-out') {
        throw drawingError(`Graphviz did not answer within ${this.timeoutSeconds} seconds`);
      }
    }
    const { output, problem } = this.results.get(id)!;
    this.results.delete(id);
    if (output === undefined) {
      throw drawingError(problem);
    }
    return output;
  }

  private receiveResults(): void {
    for (let received = receiveMessageOnPort(this.port); received; received = receiveMessageOnPort(this.port)) {
      const result: Result = received.message;
      this.results.set(result.id, result);
    }
  }
}

function drawingError(reason: string | undefined): Error {
  return new Error(`cannot draw the diagram of the mesh: ${reason}`);
}

let running: Graphviz | undefined;

/**
 * Starts to draw a graph in a thread.
 *
 * @param dot the graph in Graphviz' language
 * @returns a function that waits for the SVG
 */
export function layout(dot: string): () => string {
  const waitForSvg = running?.layout(dot);
  if (waitForSvg) {
    return waitForSvg;
  }
  running = new Graphviz();
  return running.layout(dot)!;
}
