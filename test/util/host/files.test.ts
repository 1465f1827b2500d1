import { execFileSync } from 'child_process';
import { mkdirSync, symlinkSync } from 'fs';
import { basename, join } from 'path';
import {
  errorCode, isInside, nameOf, pathsBelow, readRegularFile, readText, readTextIfPresent, relativePath, shownPath,
} from '../../../src/util/host/files';
import { directoryWith } from '../../support/mesh-util';

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

test('the error of an unreadable file has its code', () => {
  const directory = directoryWith({ file: 'text' });
  const reads = ['none', '.', 'file/below'].map(name => () => readText(join(directory, name)));
  expect(reads.map(codeOf)).toEqual(['ENOENT', 'EISDIR', 'ENOTDIR']);
});

test('a file that may be missing has no text then; every other failure is an error', () => {
  const directory = directoryWith({ file: 'text' });
  symlinkSync('nowhere', join(directory, 'link'));
  const read = (name: string) => readTextIfPresent(join(directory, name));
  expect(['file', 'none', 'link'].map(read)).toEqual(['text', undefined, undefined]);
  expect(['.', 'file/below'].map(name => codeOf(() => read(name)))).toEqual(['EISDIR', 'ENOTDIR']);
});

test('a pipe is not read as a regular file, which would block', () => {
  const directory = directoryWith({ file: 'text' });
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  expect(readRegularFile(join(directory, 'file'))).toBe('text');
  expect(['pipe', '.', 'none'].map(name => codeOf(() => readRegularFile(join(directory, name)))))
    .toEqual(['not a regular file', 'not a regular file', 'ENOENT']);
});

test('everything below a directory has its path from there', () => {
  const directory = directoryWith({ 'a/b.yaml': '', '.hidden': '' });
  mkdirSync(join(directory, 'empty'));
  expect(pathsBelow(directory).sort()).toEqual(['.hidden', 'a', 'a/b.yaml', 'empty']);
});

test('paths are relative to a directory, or to the working directory where they are below it', () => {
  expect([relativePath('/a/b', '/a/c/d'), relativePath('dist', '/x'), relativePath('a', 'a')])
    .toEqual(['../c/d', relativePath(join(process.cwd(), 'dist'), '/x'), '']);
  expect([join(process.cwd(), 'dist'), '.', '/elsewhere'].map(shownPath)).toEqual(['dist', '.', '/elsewhere']);
  expect([nameOf('a/b/'), nameOf('.')]).toEqual(['b', basename(process.cwd())]);
});

test('a directory is inside of itself, and not of one whose name starts alike', () => {
  const pairs = [['a', 'a'], ['a/b', 'a'], ['a', 'a/b'], ['ab', 'a'], ['a/../b', 'a']];
  expect(pairs.map(([path, directory]) => isInside(path, directory))).toEqual([true, true, false, false, false]);
});
