import { linkSync, mkdirSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { makeDirectory, newStaging } from '../../util/host/staging';

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

/** @throws what keeps a path from being written, with what to do */
function told(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`'${path}' ${code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`}, and nothing was written; name another directory`);
  }
}
