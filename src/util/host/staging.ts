import { randomBytes } from 'crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { errorCode, isDirectory } from './files';

/** Writes a file into a directory, which is created if it is missing; the file is whole at any moment. */
export function writeWholeFile(directory: string, name: string, text: string): void {
  withStaging(directory, staging => {
    writeFileSync(join(staging, name), text);
    renameSync(join(staging, name), join(directory, name));
  });
}

/** Calls a function with a directory next to another, where it writes files before it moves them into the other. */
export function withStaging(directory: string, write: (staging: string) => void): void {
  const staging = newStaging(directory);
  try {
    mkdirSync(directory, { recursive: true });
    mkdirSync(staging);
    write(staging);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/**
 * A path next to a target, for a directory whose files are moved there when they are whole.
 *
 * Removes what a killed run left there.
 *
 * @throws when another run is about to write the target
 */
export function newStaging(target: string): string {
  removeLeftovers(target);
  return `${stagingPrefix(target)}${process.pid}-${randomBytes(3).toString('hex')}`;
}

function stagingPrefix(target: string): string {
  return join(dirname(target), `.${basename(target)}.istio-mesh-`);
}

/**
 * Removes what killed runs left next to a target.
 *
 * @throws when a run is still going on: two at once would mix their files
 */
export function removeLeftovers(target: string): void {
  const prefix = basename(stagingPrefix(target));
  makeDirectory(dirname(target));
  for (const name of readdirSync(dirname(target))) {
    const pid = name.startsWith(prefix) && /^(\d+)-[0-9a-f]{6}$/.exec(name.slice(prefix.length))?.[1];
    if (pid && Number(pid) !== process.pid && isRunning(Number(pid))) {
      throw new Error(`process ${pid} is writing '${target}' at this moment; wait until it is done, `
        + `or remove '${name}' next to it if that process is another program`);
    }
    if (pid) {
      rmSync(join(dirname(target), name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Creates a directory and its parents; unlike Node's recursion it ends where none can be created, e.g. in /proc. */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) {
    return;
  }
  makeDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isDirectory(path)) { // another program may have created it at the same time
      throw error;
    }
  }
}
