/**
 * Installs synthesized meshes on real control planes and counts who answers real requests; docs/testing.md tells how.
 */
import { resolve } from 'path';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { inParallel } from './parallel';
import { obstacles } from './requirements';
import { type Outcome, sandboxed } from './sandbox';
import { SCENARIOS } from './scenarios';
import { tools } from './tools';

interface Options {
  readonly jobs: number;
  readonly logs?: string;
}

/** How a scenario went. */
interface Result extends Outcome {
  readonly name: string;
  readonly seconds: number;
}

/** What ends with the one who started it: npm hands no signal on to what it runs. */
function endWith(parent: number): void {
  setInterval(() => process.ppid === parent || process.exit(1), 1000).unref();
}

async function main(names: readonly string[], { jobs, logs }: Options): Promise<void> {
  const all = SCENARIOS.map(({ name }) => name);
  const chosen = names.length > 0 ? [...names] : all;
  const unknown = chosen.filter(name => !all.includes(name));
  if (unknown.length > 0) {
    throw new Error(`there is no scenario ${unknown.join(', ')}; there are ${all.join(', ')}`);
  }
  const reasons = await obstacles(jobs);
  if (reasons.length > 0) {
    reasons.forEach(reason => console.error(`skipped: ${reason}`));
    console.log(`0 passed, 0 failed, ${chosen.length} skipped`);
    process.exitCode = process.env.CI ? 1 : 0; // where it is meant to run, not running is a failure
    return;
  }
  const programs = await tools(console.error);
  const results = await inParallel(jobs, chosen, name => timed(name, programs, logs && resolve(logs)));
  console.log(table(results));
  const failed = results.filter(({ error }) => error !== undefined);
  failed.forEach(({ name, error }) => console.error(`${name}: ${error}`));
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** Runs a scenario, and tells what it does as it does it. */
async function timed(name: string, programs: string, logs?: string): Promise<Result> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  const say = (line: string) => console.error(`${name} ${seconds()} s: ${line}`);
  const outcome = await sandboxed({ name, programs, logs }, say);
  say(outcome.error === undefined ? 'passed' : 'FAILED');
  return { ...outcome, name, seconds: seconds() };
}

function table(results: readonly Result[]): string {
  const lines = new Table({
    head: ['scenario', 'seen', 'requests', 'answers', 'seconds'],
    style: { head: [], border: [] },
    chars: { 'mid': '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }, // one block for all
  });
  for (const { name, rows, error, seconds } of results) {
    const seen = error === undefined ? rows : [{ what: 'failed', answers: error.split('\n')[0].slice(0, 80) }];
    seen.forEach(({ what, requests, answers }, i) =>
      lines.push([i === 0 ? name : '', what, requests ?? '', answers, i === 0 ? seconds : '']));
  }
  return lines.toString();
}

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) {
    throw new InvalidArgumentError('a number from 1');
  }
  return Number(text);
}

endWith(process.ppid);
new Command('npm run e2e --')
  .description('Installs synthesized meshes on real control planes and counts who answers real requests.')
  .argument('[scenario...]', `some of ${SCENARIOS.map(({ name }) => name).join(', ')}`)
  .option('-j, --jobs <number>', 'how many scenarios run at a time', positive, 2)
  .option('--logs <directory>', 'where a scenario that fails leaves its tree and the logs of its programs')
  .action(main)
  .parseAsync()
  .catch((error: Error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
