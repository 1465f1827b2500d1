/** Runs one scenario in the namespaces that `sandbox.ts` made for this process, and tells it how that went. */
import { cpSync, existsSync, rmSync } from 'fs';
import { delimiter, join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { run } from './lab/process';
import { type Message, type Outcome, type SandboxProps, SECONDS } from './sandbox';
import { SCENARIOS } from './scenarios';

const DISK = '/dev/shm'; // a directory of every Linux, on which this mount namespace alone gets a disk in memory
const KEPT = ['logs', 'dist', 'examples', 'meshes'];

async function main({ name, programs, logs }: SandboxProps): Promise<void> {
  const tell = (message: Message) => new Promise<void>(told => process.send!(message, () => told()));
  process.on('disconnect', () => process.exit(1));
  // also for what is synthesized: an installer may run istioctl
  process.env.PATH = [programs, process.env.PATH].join(delimiter);
  await run('mount', ['-t', 'tmpfs', 'tmpfs', DISK]);
  const scenario = SCENARIOS.find(one => one.name === name)!;
  let last = 'nothing';
  const say = (line: string) => {
    last = line;
    void tell({ line });
  };
  const hang = sleep(SECONDS * 1000)
    .then(() =>
      Promise.reject(new Error(`it did not end within ${SECONDS} seconds; the last that it told is: ${last}`)));
  const outcome: Outcome = await Promise.race([scenario.run({ directory: DISK, programs, say }), hang])
    .then(rows => ({ rows }), error => ({ rows: [], error: error instanceof Error ? error.message : String(error) }));
  const kept = outcome.error === undefined || logs === undefined ? '' : keep(join(logs, name));
  await tell(kept ? { ...outcome, error: `${outcome.error}\n${kept}` } : outcome);
  process.exit();
}

/** Copies what tells of a failure, and gives the sentence that says where it is, or why it is not. */
function keep(directory: string): string {
  try {
    rmSync(directory, { recursive: true, force: true });
    KEPT.filter(kept => existsSync(join(DISK, kept)))
      .forEach(kept => cpSync(join(DISK, kept), join(directory, kept), { recursive: true }));
    return `its tree and its programs' logs are in ${directory}`;
  } catch (error) {
    return `its logs could not be kept: ${(error as Error).message}`;
  }
}

void main(JSON.parse(process.argv[2]));
