import { spawn } from 'child_process';
import { availableParallelism } from 'os';
import pLimit from 'p-limit';

/** Each program takes a processor for a moment, and then mostly waits for the network. */
const atOnce = pLimit(2 * availableParallelism());

/** After which a program that says nothing is ended: kubectl asks a server that does not answer six times, and a login may wait for somebody. */
const TIMEOUT_SECONDS = 100;

/**
 * What a program of the user's prints.
 *
 * What it is given travels through its standard input: arguments can be seen by everybody on the machine.
 *
 * @throws when it is not there, fails or does not end, with the last line that it says
 */
export function output(program: string, args: readonly string[], input = '', timeoutSeconds = TIMEOUT_SECONDS): Promise<string> {
  return atOnce(async () => {
    const asked = [program, ...verbOf(args)].join(' ');
    const { code, out, err } = await ended(program, args, input, timeoutSeconds).catch((error: NodeJS.ErrnoException) => {
      throw new Error(isMissing(error) ? `there is no ${program} on the PATH; install it`
        : error.code ? `${program} cannot be run: ${error.message}` : `${asked}: ${error.message}`);
    });
    if (code !== 0) {
      const said = err.trim().split('\n').filter(line => !line.startsWith('Warning:'));
      throw new Error(`${asked}: ${said[said.length - 1] || `exit code ${code}`}`);
    }
    return out;
  });
}

/** How a program ended. */
export interface Ended {
  /** Null for one that somebody else killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a program until it ends.
 *
 * @throws the error of the operating system, with its code, when it cannot be run; and one without a code when it does not end
 */
export function ended(program: string, args: readonly string[], input: string, timeoutSeconds: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', env: process.env });
    const [out, err]: Buffer[][] = [[], []];
    child.stdout.on('data', data => out.push(data));
    child.stderr.on('data', data => err.push(data));
    child.stdin.on('error', () => undefined); // it ended before it read; its exit tells why
    child.stdin.end(input);
    child.on('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      [child.stdout, child.stderr].forEach(stream => stream.destroy()); // a program that it started may hold them open
      reject(new Error(`it did not end after ${timeoutSeconds} s`));
    }, 1000 * timeoutSeconds);
    child.on('close', code => {
      clearTimeout(timer);
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() });
    });
  });
}

/** Whether a program cannot be run because there is none of that name. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** What a program was asked to do, without its options. */
function verbOf(args: readonly string[]): string[] {
  return args.filter((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--context').slice(0, 1);
}
