/** Runs one scenario in the namespaces that `sandbox.ts` made for this process, and tells it how that went. */
import { cpSync, existsSync } from 'fs';
import { join } from 'path';
import { run } from './lab/process';
import { Message, Outcome, SandboxProps } from './sandbox';
import { SCENARIOS } from './scenarios';

const DISK = '/dev/shm'; // a directory of every Linux, on which this mount namespace alone gets a disk in memory
const KEPT = ['logs', 'dist'];

async function main({ name, programs, logs }: SandboxProps): Promise<void> {
  const tell = (message: Message) => new Promise<void>(told => process.send!(message, () => told()));
  process.on('disconnect', () => process.exit(1));
  await run('mount', ['-t', 'tmpfs', 'tmpfs', DISK]);
  const scenario = SCENARIOS.find(one => one.name === name)!;
  const outcome: Outcome = await scenario.run({ directory: DISK, programs, say: line => void tell({ line }) })
    .then(rows => ({ rows }), error => ({ rows: [], error: error instanceof Error ? error.message : String(error) }));
  if (outcome.error !== undefined && logs !== undefined) {
    KEPT.filter(kept => existsSync(join(DISK, kept))).forEach(kept => cpSync(join(DISK, kept), join(logs, name, kept), { recursive: true }));
  }
  await tell(outcome);
  process.exit();
}

void main(JSON.parse(process.argv[2]));
