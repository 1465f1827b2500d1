import type { MessagePort } from 'worker_threads';
import { MessageChannel, receiveMessageOnPort, Worker } from 'worker_threads';

/*
 * Graphviz loads asynchronously, and synth waits for nothing: so it is in a thread of its own, for which synth can wait, and which works while
 * synth does. The thread is kept for the next picture, and ends by itself when there is none for a while.
 */

/** A large picture takes a tenth of a second. */
const TIMEOUT_SECONDS = 60;

const IDLE_SECONDS = 5;

/** What both threads see: how many answers there are, and how many pictures are still to be drawn, or that the thread is gone. */
const ANSWERS = 0;
const WAITING = 1;
const GONE = -1_000_000;

/** The program of the thread: text, since that runs alike from the compiled package, from sources and under a test runner. */
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
 * @param seconds how long it may take for a picture
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
      execArgv: [], // what loads sources in the main thread is of no use there
      env: {},
    });
    thread.on('error', () => Atomics.store(this.shared, WAITING, GONE)); // whoever waits for it is told so by the time
    thread.unref();
  }

  /** Asks for a layout, and gives what waits for it; nothing where the thread is gone. */
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
      if (!this.answers.has(id) && Atomics.wait(this.shared, ANSWERS, before, Math.max(0, end - Date.now())) === 'timed-out') {
        throw new Error(`the picture of the mesh cannot be drawn: Graphviz did not answer within ${this.seconds} seconds`);
      }
    }
    const { output, problem } = this.answers.get(id)!;
    this.answers.delete(id);
    if (output === undefined) {
      throw new Error(`the picture of the mesh cannot be drawn: ${problem}`);
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
 * Has Graphviz lay out a graph beside what is done meanwhile.
 *
 * @param dot the graph in its language
 * @returns what gives the SVG, and waits for it
 */
export function layout(dot: string): () => string {
  const asked = running?.layout(dot);
  if (asked) {
    return asked;
  }
  running = new Graphviz();
  return running.layout(dot)!;
}
