import { spawnSync } from 'child_process';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'fs';
import { join } from 'path';
import { writeTree } from '../../../src/util/host/tree-writer';
import { OWNERSHIP_FILE } from '../../../src/util/tree';
import type { Files } from '../../support/mesh-util';
import { directoryWith, filesOf } from '../../support/mesh-util';
import { temporaryDirectory } from '../../support/util';

function write(root: string, files: Files): void {
  writeTree(root, new Map(Object.entries(files)));
}

/** The files below a root, without the list of those that are ours. */
function treeOf(root: string): Files {
  const { [OWNERSHIP_FILE]: _, ...files } = filesOf(root);
  return files;
}

function owned(...files: string[]): string {
  return `${JSON.stringify({ files }, undefined, 1)}\n`;
}

/** A root with a tree that this library wrote. */
function written(files: Files): string {
  const root = join(temporaryDirectory(), 'dist');
  write(root, files);
  return root;
}

test('the first write makes the root, with the directories above it', () => {
  const root = join(temporaryDirectory(), 'deep', 'er', 'dist');
  write(root, { 'mesh.yaml': 'a', 'cluster1/kustomization.yaml': 'b' });
  expect(treeOf(root)).toEqual({ 'mesh.yaml': 'a', 'cluster1/kustomization.yaml': 'b' });
});

(existsSync('/proc') ? test : test.skip)('below /proc, where no directory can be created, writing fails and ends', () => {
  expect(() => write('/proc/mesh/dist', { 'mesh.yaml': '' })).toThrow(/^ENOENT: .*'\/proc\/mesh'$/);
}, 5_000);

test('the files that are ours are listed, sorted', () => {
  const root = written({ 'mesh.yaml': '', 'b/x.yaml': '', 'a/y.yaml': '' });
  expect(readFileSync(join(root, OWNERSHIP_FILE), 'utf-8')).toBe(owned('a/y.yaml', 'b/x.yaml', 'mesh.yaml'));
});

test('an empty directory is written like a new one', () => {
  const root = temporaryDirectory();
  write(root, { 'a/x.yaml': '1' });
  expect(filesOf(root)).toEqual({ 'a/x.yaml': '1', [OWNERSHIP_FILE]: owned('a/x.yaml') });
});

test('a second write of the same touches no file', () => {
  const root = written({ 'a/x.yaml': '1', 'mesh.yaml': '2' });
  const long = new Date(0);
  const paths = Object.keys(filesOf(root));
  paths.forEach(path => utimesSync(join(root, path), long, long));
  const inodes = paths.map(path => statSync(join(root, path)).ino);
  write(root, { 'a/x.yaml': '1', 'mesh.yaml': '2' });
  expect(paths.map(path => statSync(join(root, path)).mtimeMs)).toEqual([0, 0, 0]);
  expect(paths.map(path => statSync(join(root, path)).ino)).toEqual(inodes);
});

test('a changed file is replaced, and no other', () => {
  const root = written({ 'a/x.yaml': '1', 'a/y.yaml': '1' });
  utimesSync(join(root, 'a/y.yaml'), 0, 0);
  write(root, { 'a/x.yaml': '2', 'a/y.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/x.yaml': '2', 'a/y.yaml': '1' });
  expect(statSync(join(root, 'a/y.yaml')).mtimeMs).toBe(0);
});

test('a file that an earlier write left and this one does not is removed, with the directories that it leaves empty', () => {
  const root = written({ 'a/b/c/x.yaml': '1', 'a/y.yaml': '1', 'd/e/z.yaml': '1' });
  write(root, { 'a/y.yaml': '1' });
  expect(filesOf(root)).toEqual({ 'a/y.yaml': '1', [OWNERSHIP_FILE]: owned('a/y.yaml') });
  expect([existsSync(join(root, 'a/b')), existsSync(join(root, 'd'))]).toEqual([false, false]);
});

test('a file that the user deleted is written again', () => {
  const root = written({ 'a/x.yaml': '1' });
  fs.rmSync(join(root, 'a'), { recursive: true });
  write(root, { 'a/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/x.yaml': '1' });
});

test('a file of ours that the user changed is made right again', () => {
  const root = written({ 'a/x.yaml': '1' });
  writeFileSync(join(root, 'a/x.yaml'), 'mine');
  write(root, { 'a/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/x.yaml': '1' });
});

test('a file of somebody else is never removed, nor the directory that it is in', () => {
  const root = written({ 'a/x.yaml': '1' });
  writeFileSync(join(root, 'a/notes.txt'), 'mine');
  writeFileSync(join(root, 'README.md'), 'mine');
  write(root, { 'b/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/notes.txt': 'mine', 'b/x.yaml': '1', 'README.md': 'mine' });
});

test('a file of somebody else is never replaced, and nothing is written beside it', () => {
  const root = directoryWith({ 'mesh.yaml': 'mine' });
  expect(() => write(root, { 'a/x.yaml': '1', 'mesh.yaml': '2' })).toThrow(
    new Error(`'${join(root, 'mesh.yaml')}' was not written by this library, which would replace it; move it away, or name another output directory`));
  expect(filesOf(root)).toEqual({ 'mesh.yaml': 'mine' });
});

test('a file in the place of the root is refused', () => {
  const root = join(directoryWith({ dist: 'mine' }), 'dist');
  expect(() => write(root, { 'mesh.yaml': '1' })).toThrow(new Error(`output '${root}' is a file; name a directory`));
  expect(readFileSync(root, 'utf-8')).toBe('mine');
});

test('a file of somebody else in the place of a directory is refused', () => {
  const root = directoryWith({ cluster1: 'mine' });
  expect(() => write(root, { 'cluster1/x.yaml': '1' })).toThrow(
    new Error(`'${join(root, 'cluster1')}' was not written by this library, which would replace it; move it away, or name another output directory`));
  expect(filesOf(root)).toEqual({ cluster1: 'mine' });
});

test('a directory of somebody else in the place of a file is refused', () => {
  const root = directoryWith({ 'cluster1/x.yaml/notes.txt': 'mine' });
  expect(() => write(root, { 'cluster1/x.yaml': '1' })).toThrow(
    new Error(`'${join(root, 'cluster1/x.yaml')}' was not written by this library, which would replace it; move it away, or name another output directory`));
  expect(filesOf(root)).toEqual({ 'cluster1/x.yaml/notes.txt': 'mine' });
});

test.each([
  '', '{', 'null', '[]', '{"files":{}}', '{"files":[7]}', '{"files":[""]}', '{"files":["."]}',
  '{"files":["../../x"]}', '{"files":["/etc/passwd"]}', '{"files":["a/../../x"]}', '{"files":["../dist-2/x"]}',
])('a list of files that this library would not write is not believed: %s', text => {
  const root = directoryWith({ [OWNERSHIP_FILE]: text, 'a/x.yaml': 'mine' });
  expect(() => write(root, { 'b/x.yaml': '1' })).toThrow(
    new Error(`'${join(root, OWNERSHIP_FILE)}' is not the list of files that this library writes; restore it, or delete '${root}' and synthesize again`));
  expect(filesOf(root)).toEqual({ [OWNERSHIP_FILE]: text, 'a/x.yaml': 'mine' });
});

test('a listed path that is a directory by now is left alone', () => {
  const root = directoryWith({ [OWNERSHIP_FILE]: owned('a'), 'a/notes.txt': 'mine' });
  write(root, { 'b/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/notes.txt': 'mine', 'b/x.yaml': '1' });
});

test('nothing is left beside the root', () => {
  const root = written({ 'a/x.yaml': '1' });
  write(root, { 'a/x.yaml': '2' });
  expect(readdirSync(join(root, '..'))).toEqual(['dist']);
});

test('what a killed run left beside the root is removed by the next', () => {
  const root = join(temporaryDirectory(), 'dist');
  const { pid } = spawnSync(process.execPath, ['--version']); // of a process that is no more
  mkdirSync(join(root, '..', `.dist.istio-mesh-${pid}-0a1b2c`, 'cluster1'), { recursive: true });
  write(root, { 'a/x.yaml': '1' });
  expect(readdirSync(join(root, '..'))).toEqual(['dist']);
});

test('two runs at once are refused: they would mix their files', () => {
  const directory = temporaryDirectory();
  const other = `.dist.istio-mesh-${process.ppid}-0a1b2c`;
  mkdirSync(join(directory, other));
  expect(() => write(join(directory, 'dist'), { 'a/x.yaml': '1' })).toThrow(`process ${process.ppid} is writing '${join(directory, 'dist')}' at this moment; `
    + `wait until it is done, or remove '${other}' beside it if that process is another program`);
  expect(readdirSync(directory)).toEqual([other]);
});

test('what somebody else has written is left beside the root', () => {
  const directory = temporaryDirectory();
  const others = ['.dist.istio-mesh-notes', '.other.istio-mesh-1-0a1b2c'];
  others.forEach(name => mkdirSync(join(directory, name)));
  write(join(directory, 'dist'), { 'a/x.yaml': '1' });
  expect(readdirSync(directory).sort()).toEqual([...others, 'dist'].sort());
});

test('a write that fails leaves nothing beside the root', () => {
  const root = join(temporaryDirectory(), 'dist');
  jest.spyOn(fs, 'writeFileSync').mockImplementationOnce(() => { throw new Error('no space left on device'); });
  expect(() => write(root, { 'a/x.yaml': '1' })).toThrow(new Error('no space left on device'));
  expect(readdirSync(join(root, '..'))).toEqual([]);
});

/** Lets a write die at its nth change below the root, and tells whether it came that far. */
function killedAt(change: number, action: () => void): boolean {
  const { renameSync, rmSync } = fs;
  let changes = 0;
  const counted = <Change extends (...args: any[]) => void>(original: Change) => ((...args: any[]) => {
    if (++changes >= change) {
      throw new Error('killed');
    }
    original(...args);
  }) as Change;
  const spies = [jest.spyOn(fs, 'renameSync').mockImplementation(counted(renameSync)), jest.spyOn(fs, 'rmSync').mockImplementation(counted(rmSync))];
  try {
    action();
    return false;
  } catch (error) {
    expect((error as Error).message).toBe('killed');
    return true;
  } finally {
    spies.forEach(spy => spy.mockRestore());
  }
}

test('a write that is killed at any moment leaves every file whole, old or new, and the next write finishes the job', () => {
  const before: Files = { 'a/same.yaml': '1', 'a/changed.yaml': '1', 'a/stale.yaml': '1', 'gone/stale.yaml': '1', 'mesh.yaml': '1' };
  const after: Files = { 'a/same.yaml': '1', 'a/changed.yaml': '2', 'new/new.yaml': '2', 'mesh.yaml': '2' };
  let kills = 0;
  for (let change = 1; ; change++) {
    const root = written(before);
    writeFileSync(join(root, 'notes.txt'), 'mine');
    if (!killedAt(change, () => write(root, after))) {
      break;
    }
    kills++;
    for (const [path, text] of Object.entries(treeOf(root)).filter(([name]) => name !== 'notes.txt')) {
      expect([before[path], after[path]]).toContain(text);
    }
    write(root, after);
    expect(treeOf(root)).toEqual({ ...after, 'notes.txt': 'mine' });
    expect(readFileSync(join(root, OWNERSHIP_FILE), 'utf-8')).toBe(owned(...Object.keys(after).sort()));
  }
  expect(kills).toBeGreaterThanOrEqual(7); // two lists, three files written, two removed
});
