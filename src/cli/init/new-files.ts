import { linkSync, mkdirSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { makeDirectory, newStaging } from '../../util/host/staging';

/**
 * Writes new files into a directory, either all of them or none.
 *
 * Each file is first written to a staging directory and then linked into place. Unlike a rename, a link fails if the
 * target already exists.
 *
 * @throws if one of the files already exists
 */
export function writeNewFiles(directory: string, files: ReadonlyMap<string, string>): void {
  const names = [...files.keys()];
  tryToWrite(directory, () => makeDirectory(resolve(directory)));
  const staging = newStaging(resolve(directory, 'mesh'));
  const linked: string[] = [];
  try {
    tryToWrite(directory, () => {
      mkdirSync(staging);
      names.forEach(name => writeFileSync(join(staging, name), files.get(name)!));
    });
    for (const name of names) {
      tryToWrite(join(directory, name), () => linkSync(join(staging, name), join(directory, name)));
      linked.push(name);
    }
  } catch (error) {
    linked.forEach(name => rmSync(join(directory, name)));
    throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** @throws an error that explains to the user why the path cannot be written */
function tryToWrite(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'EEXIST' ? `'${path}' already exists` : `cannot write '${path}' (${code})`;
    throw new Error(`${problem}; nothing was written; choose another directory`);
  }
}
