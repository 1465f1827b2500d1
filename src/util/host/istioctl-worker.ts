import { readFileSync } from 'fs';
import { availableParallelism } from 'os';
import pLimit from 'p-limit';
import { type Ended, ended, isMissing } from './child-process';
import type { Answer, AskedProgram, AskedRun, ProgramAnswer, Question, RunAnswer } from './istioctl-runs';

/*
 * A process of its own: synth, which is synchronous, can wait for one process only, and this one runs several istioctls
 * at the same time. It reads a question from standard input and writes the answer to standard output.
 */

/** A control plane needs two seconds of one processor. */
const TIMEOUT_SECONDS = 120;

async function answer({ programs, runs }: Question): Promise<Answer> {
  const found = await Promise.all(programs.map(programAnswer));
  const atOnce = pLimit(availableParallelism());
  const texts = new Map<string, number>();
  const answers = runs.map(run => {
    const { name, problem } = found[run.program];
    return problem === undefined ? atOnce(() => runAnswer(run, name!, texts)) : { texts: [] };
  });
  return { programs: found, runs: await Promise.all(answers), texts: [...texts.keys()] };
}

/** The first of the names under which there is a program, and what is wrong with its version. */
async function programAnswer({ names, istioVersion }: AskedProgram): Promise<ProgramAnswer> {
  for (const name of names) {
    const { problem, out, isThere } = await runProgram(name, ['version', '--remote=false', '--output=json'], '');
    if (!isThere) {
      continue;
    }
    const failure = problem === undefined ? undefined : `'${name} version' fails: ${problem}`;
    return { name, problem: failure ?? (istioVersion && versionProblem(name, istioVersion, out)) };
  }
  const missing = names.map(name => `'${name}'`).join(' or ');
  const there = names.some(name => /[/\\]/.test(name)) ? '' : ' on the PATH';
  return { problem: `there is no program ${missing}${there}; ${fix(istioVersion)}` };
}

function fix(istioVersion: string | undefined): string {
  return `install istioctl${istioVersion ? ` ${istioVersion}` : ''}, or name it: rendered: {istioctl: PATH}`;
}

/** Releases print x.y.z, and vendors append something of their own. */
const RELEASE = /^v?(\d+\.\d+\.\d+)(?:[-+](?!(?:alpha|beta|rc)\b).*)?$/;

function versionProblem(name: string, istioVersion: string, out: string): string | undefined {
  const version = versionIn(out);
  const found = version === undefined ? 'reports no version' : `has version '${version}'`;
  return RELEASE.exec(version ?? '')?.[1] === istioVersion ? undefined
    : `'${name}' ${found}, but istioVersion is ${istioVersion}: `
      + `another version renders another control plane; ${fix(istioVersion)}`;
}

function versionIn(out: string): string | undefined {
  try {
    const { version } = JSON.parse(out).clientVersion;
    return typeof version === 'string' && version !== '' ? version : undefined;
  } catch {
    return undefined;
  }
}

/** The objects that a program renders, by the numbers of their texts. */
async function runAnswer({ operator }: AskedRun, name: string, texts: Map<string, number>): Promise<RunAnswer> {
  const { problem, out } = await runProgram(name, ['manifest', 'generate', '--filename=-'], operator);
  if (problem !== undefined) {
    return { texts: [], problem: `'${name} manifest generate' fails: ${problem}` };
  }
  const documents = out.split(/^---$/m).map(text => `${text.trim()}\n`).filter(text => text !== '\n');
  return { texts: documents.map(text => numberOf(text, texts)) };
}

function numberOf(text: string, texts: Map<string, number>): number {
  const known = texts.get(text);
  if (known !== undefined) {
    return known;
  }
  texts.set(Buffer.from(text).toString(), texts.size); // a copy: a part of a long text keeps all of it in memory
  return texts.size - 1;
}

interface Run {
  readonly out: string;
  readonly problem?: string;
  /** Whether there is such a program. */
  readonly isThere: boolean;
}

async function runProgram(name: string, args: readonly string[], input: string): Promise<Run> {
  try {
    const result = await ended(name, args, input, TIMEOUT_SECONDS);
    return { out: result.out, problem: result.code === 0 ? undefined : reason(result), isThere: true };
  } catch (error) {
    return { out: '', problem: (error as Error).message, isThere: !isMissing(error) };
  }
}

const MAX_LINES = 3;

/** The first lines of the error; only very old versions print more. */
function reason({ code, err, out }: Ended): string {
  const lines = `${err}\n${out}`.split('\n').map(line => line.trim()).filter(line => line !== '');
  const start = Math.max(0, lines.findIndex(line => line.startsWith('Error')));
  const message = lines.slice(start, start + MAX_LINES).join(' ').replace(/^Error: /, '').slice(0, 500);
  return message || (code === null ? 'it was killed' : `exit code ${code}`);
}

void answer(JSON.parse(readFileSync(0, 'utf-8'))).then(all => process.stdout.write(JSON.stringify(all)));
