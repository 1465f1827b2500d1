import { spawn } from 'child_process';
import { join } from 'path';
import type { Row } from './scenario';

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

/** After this long a scenario tells that it hangs; and if it cannot even do that, it is ended. */
export const SECONDS = 280;
const GRACE = 20;

/**
 * Runs a scenario in process, mount and network namespaces of its own.
 *
 * They end with the first process in them, and that one with this process, however it ends: the kernel leaves nothing
 * behind. Two of them do not
 * see each other, so that all use the same addresses.
 */
export async function sandboxed(props: SandboxProps, say: (line: string) => void): Promise<Outcome> {
  const child = spawn('setpriv', [
    '--pdeathsig', 'KILL',
    'unshare', '--fork', '--kill-child', '--pid', '--mount-proc', '--mount', '--net', '--ipc',
    process.execPath, '--import', 'tsx', join(__dirname, 'sandbox-main.ts'), JSON.stringify(props),
  ], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], timeout: (SECONDS + GRACE) * 1000, killSignal: 'SIGKILL' });
  let outcome: Outcome | undefined;
  child.on('message', (message: Message) => {
    if ('line' in message) {
      say(message.line);
    } else {
      outcome = message;
    }
  });
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code, signal) =>
    resolve(outcome ?? {
      rows: [], error: `its process ended by itself, with ${signal ?? code}; what it wrote stands above`,
    })));
}

/** What the process in the namespaces tells: what it is doing, and once how it ended. */
export type Message = Outcome | { readonly line: string };
