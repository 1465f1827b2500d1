import { spawnSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { pathToFileURL } from 'url';

/** What is asked of istioctls. */
export interface Question {
  readonly programs: readonly AskedProgram[];
  readonly runs: readonly AskedRun[];
}

/** A program of a version. */
export interface AskedProgram {
  /** Names and paths, of which the first that is there is taken. */
  readonly names: readonly string[];
  /** The version that it must have, where one is asked for. */
  readonly istioVersion?: string;
}

/** An IstioOperator to render. */
export interface AskedRun {
  /** Number of the program. */
  readonly program: number;
  /** Text of the IstioOperator. */
  readonly operator: string;
}

/** What istioctls say. */
export interface Answer {
  readonly programs: readonly ProgramAnswer[];
  /** In the order in which they were asked for. */
  readonly runs: readonly RunAnswer[];
  /** The texts of objects, each once: most clusters have most of them. */
  readonly texts: readonly string[];
}

/** What a program says of itself. */
export interface ProgramAnswer {
  /** The name that there is a program of. */
  readonly name?: string;
  readonly problem?: string;
}

/** What a program renders. */
export interface RunAnswer {
  /** Numbers of the texts of its objects, in istioctl's order. */
  readonly texts: readonly number[];
  readonly problem?: string;
}

/**
 * Runs istioctls side by side, and waits for them.
 *
 * @throws when that cannot be done at all
 */
export function istioctlAnswer(question: Question): Answer {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, worker(), {
    input: JSON.stringify(question), encoding: 'utf-8', maxBuffer: Infinity, env: process.env,
  });
  if (error || status !== 0) {
    const reason = error?.message ?? (stderr.trim().split('\n').find(line => line.includes('Error')) || `it ended with ${signal ?? status}`);
    throw new Error(`the process that runs istioctl failed: ${reason}`);
  }
  return JSON.parse(stdout);
}

/** Compiled, or the source where the sources are run. */
function worker(): string[] {
  const compiled = join(__dirname, 'istioctl-worker.js');
  return existsSync(compiled) ? [compiled] : ['--import', pathToFileURL(require.resolve('tsx')).href, join(__dirname, 'istioctl-worker.ts')];
}
