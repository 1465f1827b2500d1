import { spawnSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { pathToFileURL } from 'url';

/** What istioctl is asked for. */
export interface Question {
  readonly programs: readonly AskedProgram[];
  readonly runs: readonly AskedRun[];
}

/** A program of a version. */
export interface AskedProgram {
  /** Names and paths, of which the first that exists is used. */
  readonly names: readonly string[];
  /** The version that it must have, if any. */
  readonly istioVersion?: string;
}

/** An IstioOperator to render. */
export interface AskedRun {
  /** Number of the program. */
  readonly program: number;
  /** Text of the IstioOperator. */
  readonly operator: string;
}

/** What istioctl printed. */
export interface Answer {
  readonly programs: readonly ProgramAnswer[];
  /** In the order in which they were asked for. */
  readonly runs: readonly RunAnswer[];
  /** The texts of objects, each once: most clusters have most of them. */
  readonly texts: readonly string[];
}

/** What a program reports about itself. */
export interface ProgramAnswer {
  /** The name under which the program exists. */
  readonly name?: string;
  readonly problem?: string;
}

/** What a program rendered. */
export interface RunAnswer {
  /** Numbers of the texts of its objects, in istioctl's order. */
  readonly texts: readonly number[];
  readonly problem?: string;
}

/**
 * Runs istioctl for every question at the same time, and waits for all of them.
 *
 * @throws when no program can be started
 */
export function istioctlAnswer(question: Question): Answer {
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, worker(), {
    input: JSON.stringify(question), encoding: 'utf-8', maxBuffer: Infinity, env: process.env,
  });
  if (error || status !== 0) {
    const line = stderr?.trim().split('\n').find(text => text.includes('Error'));
    const reason = error?.message ?? (line || `it ended with ${signal ?? status}`);
    throw new Error(`the process that runs istioctl failed: ${reason}`);
  }
  return JSON.parse(stdout);
}

/** The arguments for Node: the compiled program, or the source where the sources are run. */
function worker(): string[] {
  const compiled = join(__dirname, 'istioctl-worker.js');
  return existsSync(compiled) ? [compiled]
    : ['--import', pathToFileURL(require.resolve('tsx')).href, join(__dirname, 'istioctl-worker.ts')];
}
