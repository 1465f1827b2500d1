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
  explainingFailure(directory, () => makeDirectory(resolve(directory)));
  const staging = newStaging(resolve(directory, 'mesh'));
  const linked: string[] = [];
  try {
    explainingFailure(directory, () => {
      mkdirSync(staging);
      names.forEach(name => writeFileSync(join(staging, name), files.get(name)!));
    });
    for (const name of names) {
      explainingFailure(join(directory, name), () => linkSync(join(staging, name), join(directory, name)));
      linked.push(name);
    }
  } catch (error) {
    linked.forEach(name => rmSync(join(directory, name)));
    throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** @throws a message for the user, if the path cannot be written */
function explainingFailure(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'EEXIST' ? `'${path}' already exists` : `cannot write '${path}' (${code})`;
    throw new Error(`${problem}; nothing was written; choose another directory`);
  }
}
