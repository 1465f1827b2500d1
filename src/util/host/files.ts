import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { basename, dirname, relative, resolve, sep } from 'path';
import { fastGlob } from '../libraries';

export { isAbsolute, join as joinPaths } from 'path';

/** The absolute path that some paths lead to, one after the other, from the working directory. */
export function absolutePath(...paths: readonly string[]): string {
  return resolve(...paths);
}

/** A path from a directory, with `/` between its parts. */
export function relativePath(directory: string, path: string): string {
  return withSlashes(relative(directory, path));
}

/** A path as a user in the working directory may paste it. */
export function shownPath(path: string): string {
  const fromHere = relative('.', path) || '.';
  return fromHere.startsWith('..') ? path : fromHere;
}

/** The absolute path of the directory that a file or directory is in. */
export function directoryOf(path: string): string {
  return dirname(resolve(path));
}

/** The name of a file or directory, even of `.`. */
export function nameOf(path: string): string {
  return basename(resolve(path));
}

/** Whether a path is that of a directory, or of something below it. */
export function isInside(path: string, directory: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(directory)}${sep}`);
}

/** Whether something is directly in the directory for temporary files. */
export function isTemporary(path: string): boolean {
  return directoryOf(path) === tmpdir();
}

/** Whether there is something at a path. */
export function exists(path: string): boolean {
  return existsSync(path);
}

/** The path itself, or its nearest ancestor that exists. */
export function nearestExisting(path: string): string {
  return exists(path) ? path : nearestExisting(dirname(path));
}

export function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** @throws an error with a code, e.g. ENOENT */
export function fileSize(path: string): number {
  return statSync(path).size;
}

/** @throws an error with a code, e.g. EISDIR */
export function readBytes(path: string): Uint8Array {
  return readFileSync(path);
}

/** @throws an error with a code, e.g. EISDIR */
export function readText(path: string): string {
  return readFileSync(path, 'utf-8');
}

/**
 * The text of a file, or undefined where there is none.
 *
 * @throws an error with a code where it cannot be read
 */
export function readTextIfPresent(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false }) ? readText(path) : undefined;
}

/**
 * The text of a regular file: to read a pipe or a device may never end.
 *
 * @throws an error with a code
 */
export function readRegularFile(path: string): string {
  if (!statSync(path).isFile()) {
    throw Object.assign(new Error(), { code: 'not a regular file' });
  }
  return readText(path);
}

/** Paths of everything below a directory, directories included, with `/` between their parts. */
export function pathsBelow(directory: string): string[] {
  return (readdirSync(directory, { recursive: true }) as string[]).map(withSlashes);
}

/** Absolute paths of the files that a glob matches, sorted. */
export function filesMatching(glob: string, directory: string): string[] {
  return fastGlob().globSync(glob, { cwd: directory, absolute: true }).sort();
}

/** The code of an error that the operating system reports, e.g. ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function withSlashes(path: string): string {
  return path.split(sep).join('/');
}
