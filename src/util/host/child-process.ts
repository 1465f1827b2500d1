import { spawn } from 'child_process';
import { availableParallelism } from 'os';
import pLimit from 'p-limit';
import { errorCode } from './files';

/** Each program needs a processor for a moment, and then mostly waits for the network. */
const atOnce = pLimit(2 * availableParallelism());

/** kubectl asks a server that does not answer six times, and a login may wait for input: then the program is killed. */
const TIMEOUT_SECONDS = 100;

/**
 * Runs a program of the user's, and returns its standard output.
 *
 * @param input standard input, for what must not be in the arguments: anyone on the machine can see those
 * @throws when the program is missing, fails or does not end, with the last line of its standard error
 */
export function output(
  program: string, args: readonly string[], input = '', timeoutSeconds = TIMEOUT_SECONDS,
): Promise<string> {
  return atOnce(async () => {
    const asked = [program, ...verbOf(args)].join(' ');
    const { code, out, err } = await ended(program, args, input, timeoutSeconds).catch((error: Error) => {
      throw new Error(isMissing(error) ? `there is no ${program} on the PATH; install it`
        : errorCode(error) ? `${program} cannot be run: ${error.message}` : `${asked}: ${error.message}`);
    });
    if (code !== 0) {
      const lines = err.trim().split('\n').filter(line => !line.startsWith('Warning:'));
      throw new Error(`${asked}: ${lines[lines.length - 1] || `exit code ${code}`}`);
    }
    return out;
  });
}

/** How a program ended. */
export interface Ended {
  /** Null for a program that was killed. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a program until it ends.
 *
 * @throws the operating system's error, with its code, when the program cannot be run; an error without a code when it
 *   does not end in time
 */
export function ended(program: string, args: readonly string[], input: string, timeoutSeconds: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', env: process.env });
    const [out, err]: Buffer[][] = [[], []];
    child.stdout.on('data', data => out.push(data));
    child.stderr.on('data', data => err.push(data));
    child.stdin.on('error', () => undefined); // it ended before it read everything; its exit code gives the reason
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
  return errorCode(error) === 'ENOENT';
}

/** The first argument that is not an option, e.g. `get`. */
function verbOf(args: readonly string[]): string[] {
  return args.filter((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--context').slice(0, 1);
}
