import { spawn } from 'child_process';
import { join } from 'path';
import { Row } from './scenario';

/** What is run, and with what. */
export interface SandboxProps {
  /** The scenario's name. */
  readonly name: string;
  /** The directory that `tools.ts` gives. */
  readonly programs: string;
  /** Where the tree and the logs of a failure go. @default nowhere */
  readonly logs?: string;
}

/** How a scenario ended: what it showed, or why it did not. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly error?: string;
}

const SECONDS = 300;

/**
 * Runs a scenario in process, mount and network namespaces of its own.
 *
 * They end with the first process in them, and that one with this process, however it ends: the kernel leaves nothing behind. Two of them do not
 * see each other, so that all use the same addresses.
 */
export async function sandboxed(props: SandboxProps, say: (line: string) => void): Promise<Outcome> {
  const child = spawn('setpriv', [
    '--pdeathsig', 'KILL',
    'unshare', '--fork', '--kill-child', '--pid', '--mount-proc', '--mount', '--net', '--ipc',
    process.execPath, '--import', 'tsx', join(__dirname, 'sandboxed.ts'), JSON.stringify(props),
  ], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], timeout: SECONDS * 1000, killSignal: 'SIGKILL' });
  let outcome: Outcome = { rows: [], error: `it did not end within ${SECONDS} seconds, or could not start` };
  child.on('message', (message: Message) => {
    if ('line' in message) {
      say(message.line);
    } else {
      outcome = message;
    }
  });
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', () => resolve(outcome)));
}

/** What the process in the namespaces tells: what it is doing, and once how it ended. */
export type Message = Outcome | { readonly line: string };
