import { randomBytes } from 'crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'fs';
import { basename, dirname, join } from 'path';

/**
 * A path beside a target for a directory whose files are moved there when they are whole; what a killed run left there is removed.
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
 * Removes what runs that are no more left beside a target.
 *
 * @throws when one is of a run that goes on: two at once would mix their files
 */
export function removeLeftovers(target: string): void {
  const prefix = basename(stagingPrefix(target));
  makeDirectory(dirname(target));
  for (const name of readdirSync(dirname(target))) {
    const pid = name.startsWith(prefix) && /^(\d+)-[0-9a-f]{6}$/.exec(name.slice(prefix.length))?.[1];
    if (pid && Number(pid) !== process.pid && isRunning(Number(pid))) {
      throw new Error(`process ${pid} is writing '${target}' at this moment; wait until it is done, or remove '${name}' beside it if that process is another program`);
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
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Makes a directory, and those above it; unlike Node's own recursion this ends where none can be made, e.g. below /proc. */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) {
    return;
  }
  makeDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if (!isDirectory(path)) { // somebody else may have made it meanwhile
      throw error;
    }
  }
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
