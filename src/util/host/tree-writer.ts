import {
  existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync,
} from 'fs';
import { dirname, join, resolve, sep } from 'path';
import { newStaging } from './staging';
import { type Tree, OWNERSHIP_FILE, ownershipText } from '../tree';

/**
 * Writes a tree of files, and removes the files of an earlier run that are not in the tree.
 *
 * At every moment, each file is complete, either old or new. The files are first written to a staging directory next to
 * the root. If the root does not exist, the staging directory is renamed; otherwise each changed file is. If a run is
 * killed, the next run completes its work.
 *
 * @throws when the tree would replace a file that an earlier run did not write; nothing is written then
 */
export function writeTree(root: string, tree: Tree): void {
  const target = resolve(root);
  const staging = newStaging(target);
  try {
    if (existsSync(target)) {
      update(target, tree, staging);
    } else {
      stage(staging, new Map(tree).set(OWNERSHIP_FILE, ownershipText(tree.keys())));
      renameSync(staging, target);
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function update(target: string, tree: Tree, staging: string): void {
  const owned = ownedFiles(target);
  rejectForeignFiles(target, tree, new Set(owned));
  const changed = new Map([...tree].filter(([path, text]) => !isCurrent(join(target, path), text)));
  const stale = owned.filter(path => !tree.has(path));
  const ownership = ownershipText(tree.keys());
  if (changed.size === 0 && stale.length === 0 && isCurrent(join(target, OWNERSHIP_FILE), ownership)) {
    return;
  }
  // Until the end, the list contains both old and new files, so that a killed run leaves no file without an owner.
  stage(staging, new Map(changed).set(OWNERSHIP_FILE, ownershipText(new Set([...owned, ...tree.keys()]))));
  move(staging, target, OWNERSHIP_FILE);
  makeDirectories(target, changed);
  changed.forEach((_, path) => move(staging, target, path));
  stale.filter(path => isFile(join(target, path))).forEach(path => rmSync(join(target, path)));
  removeEmptyDirectories(target, stale);
  writeFileSync(join(staging, OWNERSHIP_FILE), ownership);
  move(staging, target, OWNERSHIP_FILE);
}

function stage(staging: string, files: Tree): void {
  mkdirSync(staging); // without `recursive`, which does not return on some file systems
  makeDirectories(staging, files);
  files.forEach((text, path) => writeFileSync(`${staging}/${path}`, text));
}

function makeDirectories(root: string, files: Tree): void {
  for (const directory of new Set([...files.keys()].map(path => dirname(path)))) {
    mkdirSync(join(root, directory), { recursive: true });
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Throws if a file or directory of the tree would replace a file that no earlier run wrote. */
function rejectForeignFiles(target: string, tree: Tree, owned: ReadonlySet<string>): void {
  const directories = [...new Set([...tree.keys()].flatMap(parents))];
  const foreign = [...tree.keys()].find(path => !owned.has(path) && existsSync(join(target, path)))
    ?? directories.find(path => !owned.has(path) && isFile(join(target, path)));
  if (foreign) {
    throw new Error(`'${join(target, foreign)}' was not written by this library and would be replaced; `
      + 'move it, or choose another output directory');
  }
}

function parents(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, i) => names.slice(0, i + 1).join('/'));
}

/** The files in an output directory that earlier runs wrote. */
export function ownedFiles(target: string): string[] {
  if (!statSync(target).isDirectory()) {
    throw new Error(`output directory '${target}' is a file; choose another directory`);
  }
  const list = join(target, OWNERSHIP_FILE);
  if (!existsSync(list)) {
    return [];
  }
  let files;
  try {
    files = JSON.parse(readFileSync(list, 'utf-8')).files as string[];
  } catch {
    files = undefined;
  }
  // Listed files are removed, so a list with paths outside of the directory is not valid.
  const isInside = (path: unknown) => typeof path === 'string' && resolve(target, path).startsWith(target + sep);
  if (!Array.isArray(files) || !files.every(isInside)) {
    throw new Error(`'${list}' is not a valid list of generated files; `
      + `restore it, or delete '${target}' and synthesize again`);
  }
  return files;
}

function isCurrent(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf-8') === text;
}

function move(staging: string, target: string, path: string): void {
  renameSync(join(staging, path), join(target, path));
}

function removeEmptyDirectories(target: string, removed: string[]): void {
  for (const path of removed) {
    for (let directory = dirname(path); directory !== '.'; directory = dirname(directory)) {
      const absolute = join(target, directory);
      if (existsSync(absolute) && readdirSync(absolute).length === 0) {
        rmdirSync(absolute);
      }
    }
  }
}
