import { linkSync, mkdirSync, rmSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
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
  mkdirSync(directory, { recursive: true });
  const staging = newStaging(resolve(directory, 'mesh'));
  const linked: string[] = [];
  try {
    mkdirSync(staging);
    names.forEach(name => writeFileSync(join(staging, name), files.get(name)!));
    for (const name of names) {
      linkSync(join(staging, name), join(directory, name));
      linked.push(name);
    }
  } catch (error) {
    linked.forEach(name => rmSync(join(directory, name)));
    throw error;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
