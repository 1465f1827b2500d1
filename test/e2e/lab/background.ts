import { ChildProcess, spawn } from 'child_process';
import { chownSync, closeSync, openSync, readFileSync } from 'fs';
import { join } from 'path';

/** Ends a program and what it started. */
export type Stop = () => void;

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

  public start(name: string, [program, ...args]: readonly string[], env: NodeJS.ProcessEnv, user = 0): Stop {
    const log = join(this.logs, `${name}.log`);
    const output = openSync(log, 'a');
    chownSync(log, user, user); // so that /dev/stdout can be opened again
    const running = spawn(program, args, { env, stdio: ['ignore', output, output], detached: true }); // a process group, to be stopped as a whole
    closeSync(output);
    let stopped = false;
    running.on('error', this.fail);
    running.on('exit', (code, signal) => stopped || this.fail(new Error(`${name} ended: ${signal ?? code}\n${end(log)}`)));
    return () => {
      stopped = true;
      killGroup(running);
    };
  }
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) {
    process.kill(-pid, 'SIGKILL');
  }
}

function end(log: string): string {
  return readFileSync(log, 'utf-8').split('\n').slice(-15).join('\n').slice(-3000);
}
