import { spawn } from 'child_process';
import { availableParallelism } from 'os';
import pLimit from 'p-limit';

/** Each program takes a processor for a moment, and then mostly waits for the network. */
const atOnce = pLimit(2 * availableParallelism());

/**
 * What a program of the user's prints.
 *
 * What it is given travels through its standard input: arguments can be seen by everybody on the machine.
 *
 * @throws when it is not there or fails, with the last line that it says
 */
export function output(program: string, args: readonly string[], input = ''): Promise<string> {
  return atOnce(() => run(program, args, input));
}

function run(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'pipe', env: process.env });
    const [out, err]: Buffer[][] = [[], []];
    child.stdout.on('data', data => out.push(data));
    child.stderr.on('data', data => err.push(data));
    child.stdin.on('error', () => undefined); // it ended before it read; its exit tells why
    child.stdin.end(input);
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(error.code === 'ENOENT' ? `there is no ${program} on the PATH; install it` : `${program} cannot be run: ${error.message}`)));
    child.on('close', code => {
      const said = Buffer.concat(err).toString().trim().split('\n').filter(line => !line.startsWith('Warning:'));
      return code === 0 ? resolve(Buffer.concat(out).toString()) : reject(new Error(`${[program, ...verbOf(args)].join(' ')}: ${said[said.length - 1] || `exit code ${code}`}`));
    });
  });
}

/** What a program was asked to do, without its options. */
function verbOf(args: readonly string[]): string[] {
  return args.filter((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--context').slice(0, 1);
}
