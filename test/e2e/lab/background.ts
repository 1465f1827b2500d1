import { type ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { chownSync, closeSync, openSync, readFileSync } from 'fs';
import { join } from 'path';

/** A program that goes on. */
export interface Running {
  /** Ends it at once, and what it started. */
  kill(): void;
  /** Asks it to end, and waits until it has. */
  terminate(): Promise<void>;
}

/** Programs that go on beside the tests, each with a log; one that ends without being stopped fails everything. */
export class Background {
  /** Rejects when a program ended by itself. */
  public readonly failure: Promise<never>;
  /** Lets everything fail. */
  public readonly fail: (error: unknown) => void;

  public constructor(private readonly logs: string) {
    let fail!: (error: unknown) => void;
    this.failure = new Promise((_, reject) => { fail = reject; });
    this.fail = fail;
    this.failure.catch(() => undefined); // whoever waits for it is told; nobody has to
  }

  public start(name: string, [program, ...args]: readonly string[], env: NodeJS.ProcessEnv, user = 0): Running {
    const log = join(this.logs, `${name}.log`);
    const output = openSync(log, 'a');
    chownSync(log, user, user); // so that /dev/stdout can be opened again
    // a process group, to be stopped as a whole
    const running = spawn(program, args, { env, stdio: ['ignore', output, output], detached: true });
    closeSync(output);
    let stopped = false;
    running.on('error', this.fail);
    running.on('exit', (code, signal) =>
      stopped || this.fail(new Error(`${name} ended: ${signal ?? code}\n${end(log)}`)));
    return {
      kill: () => {
        stopped = true;
        killGroup(running);
      },
      terminate: () => {
        stopped = true;
        return terminate(running);
      },
    };
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) {
    process.kill(-pid, 'SIGKILL');
  }
}

/** What the program started is its own to end. */
async function terminate(running: ChildProcess): Promise<void> {
  if (running.exitCode === null && running.signalCode === null) {
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    await ended;
  }
}

function end(log: string): string {
  return readFileSync(log, 'utf-8').split('\n').slice(-15).join('\n').slice(-3000);
}
