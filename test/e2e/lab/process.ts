import { execFile } from 'child_process';
import { setTimeout as sleep } from 'timers/promises';
import { promisify } from 'util';

export interface RunOptions {
  /** What the program reads on its standard input. */
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** An exit code beside 0 that is an answer too. */
  readonly answer?: number;
  /** Seconds after which it is killed, and what it wrote so far is given. @default never */
  readonly killAfter?: number;
}

/** Runs a program to its end and gives what it wrote; an error tells the command and how it ended. */
export async function run(
  program: string, args: readonly string[], { input, env, cwd, answer, killAfter = 0 }: RunOptions = {},
): Promise<string> {
  const running =
    promisify(execFile)(program, args,
      { env, cwd, maxBuffer: 2 ** 28, timeout: 1000 * killAfter, killSignal: 'SIGKILL' });
  running.child.stdin?.on('error', () => undefined).end(input); // who does not read is no error of ours
  try {
    return (await running).stdout;
  } catch (error) {
    const { stdout, stderr, code, signal } = error as {
      stdout: string; stderr: string; code: number | string; signal?: string;
    };
    if ((answer !== undefined && code === answer) || (killAfter > 0 && signal === 'SIGKILL')) {
      return stdout;
    }
    throw new Error(`${[program, ...args].join(' ').slice(0, 300)}: `
      + `${signal ?? code}\n${(stdout ?? '').slice(-1500)}${(stderr ?? '').slice(-3000)}`);
  }
}

/** Asks again until the answer is something, at most for so many seconds; what went wrong last is in the error. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (answer) {
        return answer;
      }
    } catch (error) {
      last = error;
    }
    await sleep(100);
  } while (Date.now() < end);
  throw new Error(`not within ${seconds} seconds: ${what}${last instanceof Error ? `\n${last.message}` : ''}`);
}
