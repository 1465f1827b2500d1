import type { MessagePort } from 'worker_threads';
import { MessageChannel, receiveMessageOnPort, Worker } from 'worker_threads';

/*
 * Graphviz loads asynchronously, and synth is synchronous. So Graphviz is in a thread of its own: synth can wait for
 * it, and it works while synth does. The thread stays for the next diagram, and ends when there is none for a while.
 */

/** A large diagram takes a tenth of a second. */
const TIMEOUT_SECONDS = 60;

const IDLE_SECONDS = 5;

/** What both threads see: the number of answers, and of diagrams still to draw, which is negative without a thread. */
const ANSWERS = 0;
const WAITING = 1;
const GONE = -1_000_000;

/** The thread's program: as text it runs alike from the compiled package, from the sources and under a test runner. */
const PROGRAM = `
const { workerData: { library, port, shared, idle, ANSWERS, WAITING, GONE } } = require('worker_threads');
const loaded = (async () => (await require(library).instance()))();
const answer = async dot => {
  try {
    const { status, output, errors } = (await loaded).render(dot, { format: 'svg', engine: 'dot' });
    return status === 'success' ? { output } : { problem: errors.map(({ message }) => message).join('; ') };
  } catch (error) {
    return { problem: String(error && error.message || error).split('\\n')[0] };
  }
};
let timer;
const rest = () => {
  clearTimeout(timer);
  timer = setTimeout(() => Atomics.compareExchange(shared, WAITING, 0, GONE) === 0 ? port.close() : rest(), idle);
};
port.on('message', async ({ id, dot }) => {
  port.postMessage({ id, ...await answer(dot) });
  Atomics.add(shared, ANSWERS, 1);
  Atomics.sub(shared, WAITING, 1);
  Atomics.notify(shared, ANSWERS);
  rest();
});
loaded.catch(() => {});
rest();
`;

interface Answer { readonly id: number; readonly output?: string; readonly problem?: string }

/**
 * A thread with Graphviz.
 *
 * @param library path of Graphviz
 * @param seconds how long it may take for a diagram
 */
export class Graphviz {
  private readonly shared = new Int32Array(new SharedArrayBuffer(8));
  private readonly port: MessagePort;
  private readonly answers = new Map<number, Answer>();
  private asked = 0;

  constructor(library = require.resolve('@viz-js/viz'), private readonly seconds = TIMEOUT_SECONDS) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.port.unref();
    const thread = new Worker(PROGRAM, {
      eval: true,
      workerData: { library, port: port2, shared: this.shared, idle: IDLE_SECONDS * 1000, ANSWERS, WAITING, GONE },
      transferList: [port2],
      execArgv: [], // the main thread's loader of sources is of no use there
      env: {},
    });
    thread.on('error', () => Atomics.store(this.shared, WAITING, GONE)); // a caller that waits for it gets a timeout
    thread.unref();
  }

  /** Asks for a layout; returns a function that waits for it, or undefined where the thread is gone. */
  layout(dot: string): (() => string) | undefined {
    if (Atomics.add(this.shared, WAITING, 1) < 0) {
      return undefined;
    }
    const id = this.asked++;
    this.port.postMessage({ id, dot });
    return () => this.answer(id);
  }

  private answer(id: number): string {
    const end = Date.now() + this.seconds * 1000;
    while (!this.answers.has(id)) {
      const before = Atomics.load(this.shared, ANSWERS);
      this.receive();
      const left = Math.max(0, end - Date.now());
      if (!this.answers.has(id) && Atomics.wait(this.shared, ANSWERS, before, left) === 'timed-out') {
        throw new Error('the diagram of the mesh cannot be drawn: '
          + `Graphviz did not answer within ${this.seconds} seconds`);
      }
    }
    const { output, problem } = this.answers.get(id)!;
    this.answers.delete(id);
    if (output === undefined) {
      throw new Error(`the diagram of the mesh cannot be drawn: ${problem}`);
    }
    return output;
  }

  private receive(): void {
    for (let received = receiveMessageOnPort(this.port); received; received = receiveMessageOnPort(this.port)) {
      const answer: Answer = received.message;
      this.answers.set(answer.id, answer);
    }
  }
}

let running: Graphviz | undefined;

/**
 * Starts to lay out a graph, while the caller goes on.
 *
 * @param dot the graph in Graphviz' language
 * @returns a function that waits for the SVG
 */
export function layout(dot: string): () => string {
  const asked = running?.layout(dot);
  if (asked) {
    return asked;
  }
  running = new Graphviz();
  return running.layout(dot)!;
}
