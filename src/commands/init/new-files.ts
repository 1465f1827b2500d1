import { linkSync, mkdirSync, rmSync, statSync, writeFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import { newStaging } from '../../staging';

/**
 * Writes files into a directory, all of them or none, and none that is there already.
 *
 * Each is written beside the others first and then linked to its name, which unlike a rename fails where there is a file.
 *
 * @throws when one of them is there
 */
export function writeNewFiles(directory: string, files: ReadonlyMap<string, string>): void {
  const names = [...files.keys()];
  told(directory, () => makeDirectory(resolve(directory)));
  const staging = newStaging(resolve(directory, 'mesh'));
  const linked: string[] = [];
  try {
    told(directory, () => {
      mkdirSync(staging);
      names.forEach(name => writeFileSync(join(staging, name), files.get(name)!));
    });
    for (const name of names) {
      told(join(directory, name), () => linkSync(join(staging, name), join(directory, name)));
      linked.push(name);
    }
  } catch (error) {
    linked.forEach(name => rmSync(join(directory, name)));
    throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Unlike Node's own recursion this ends where no directory can be made, e.g. below /proc. */
function makeDirectory(path: string): void {
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

/** @throws what keeps a path from being written, with what to do */
function told(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`'${path}' ${code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`}, and nothing was written; name another directory`);
  }
}
