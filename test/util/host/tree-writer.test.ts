import { spawnSync } from 'child_process';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'fs';
import { join } from 'path';
import { writeTree } from '../../../src/util/host/tree-writer';
import { OWNERSHIP_FILE } from '../../../src/util/tree';
import { type Files, directoryWith, filesOf } from '../../support/mesh-util';
import { temporaryDirectory } from '../../support/util';

function write(root: string, files: Files): void {
  writeTree(root, new Map(Object.entries(files)));
}

/** The files below a root, without the list of generated files. */
function treeOf(root: string): Files {
  const { [OWNERSHIP_FILE]: _, ...files } = filesOf(root);
  return files;
}

/** The text of the list of generated files. */
function ownership(...files: string[]): string {
  return `${JSON.stringify({ files }, undefined, 1)}\n`;
}

/** A new root with generated files. */
function written(files: Files): string {
  const root = join(temporaryDirectory(), 'dist');
  write(root, files);
  return root;
}

test('the first write creates the root and its parent directories', () => {
  const root = join(temporaryDirectory(), 'deep', 'er', 'dist');
  write(root, { 'mesh.yaml': 'a', 'cluster1/kustomization.yaml': 'b' });
  expect(treeOf(root)).toEqual({ 'mesh.yaml': 'a', 'cluster1/kustomization.yaml': 'b' });
});

const testWithProc = existsSync('/proc') ? test : test.skip;

testWithProc('a write below /proc, where no directory can be created, fails without hanging', () => {
  expect(() => write('/proc/mesh/dist', { 'mesh.yaml': '' })).toThrow(/^ENOENT: .*'\/proc\/mesh'$/);
}, 5_000);

test('the generated files are listed in alphabetical order', () => {
  const root = written({ 'mesh.yaml': '', 'b/x.yaml': '', 'a/y.yaml': '' });
  expect(readFileSync(join(root, OWNERSHIP_FILE), 'utf-8')).toBe(ownership('a/y.yaml', 'b/x.yaml', 'mesh.yaml'));
});

test('a write into an empty directory creates the same files as into a new one', () => {
  const root = temporaryDirectory();
  write(root, { 'a/x.yaml': '1' });
  expect(filesOf(root)).toEqual({ 'a/x.yaml': '1', [OWNERSHIP_FILE]: ownership('a/x.yaml') });
});

test('a second write of the same files touches none of them', () => {
  const root = written({ 'a/x.yaml': '1', 'mesh.yaml': '2' });
  const long = new Date(0);
  const paths = Object.keys(filesOf(root));
  paths.forEach(path => utimesSync(join(root, path), long, long));
  const inodes = paths.map(path => statSync(join(root, path)).ino);
  write(root, { 'a/x.yaml': '1', 'mesh.yaml': '2' });
  expect(paths.map(path => statSync(join(root, path)).mtimeMs)).toEqual([0, 0, 0]);
  expect(paths.map(path => statSync(join(root, path)).ino)).toEqual(inodes);
});

test('a write replaces only the changed files', () => {
  const root = written({ 'a/x.yaml': '1', 'a/y.yaml': '1' });
  utimesSync(join(root, 'a/y.yaml'), 0, 0);
  write(root, { 'a/x.yaml': '2', 'a/y.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/x.yaml': '2', 'a/y.yaml': '1' });
  expect(statSync(join(root, 'a/y.yaml')).mtimeMs).toBe(0);
});

test('a write removes the files that only earlier writes created, and the empty directories', () => {
  const root = written({ 'a/b/c/x.yaml': '1', 'a/y.yaml': '1', 'd/e/z.yaml': '1' });
  write(root, { 'a/y.yaml': '1' });
  expect(filesOf(root)).toEqual({ 'a/y.yaml': '1', [OWNERSHIP_FILE]: ownership('a/y.yaml') });
  expect([existsSync(join(root, 'a/b')), existsSync(join(root, 'd'))]).toEqual([false, false]);
});

test('a write creates a deleted file again', () => {
  const root = written({ 'a/x.yaml': '1' });
  fs.rmSync(join(root, 'a'), { recursive: true });
  write(root, { 'a/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/x.yaml': '1' });
});

test('a write replaces a generated file that the user changed', () => {
  const root = written({ 'a/x.yaml': '1' });
  writeFileSync(join(root, 'a/x.yaml'), 'mine');
  write(root, { 'a/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/x.yaml': '1' });
});

test('a write keeps foreign files and their directories', () => {
  const root = written({ 'a/x.yaml': '1' });
  writeFileSync(join(root, 'a/notes.txt'), 'mine');
  writeFileSync(join(root, 'README.md'), 'mine');
  write(root, { 'b/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/notes.txt': 'mine', 'b/x.yaml': '1', 'README.md': 'mine' });
});

test.each<[string, Files, Files, string]>([
  ['a foreign file by a file', { 'mesh.yaml': 'mine' }, { 'a/x.yaml': '1', 'mesh.yaml': '2' }, 'mesh.yaml'],
  ['a foreign file by a directory', { cluster1: 'mine' }, { 'cluster1/x.yaml': '1' }, 'cluster1'],
  ['a foreign directory by a file', { 'a/x.yaml/notes.txt': 'mine' }, { 'a/x.yaml': '1' }, 'a/x.yaml'],
])('a write never replaces %s, and then writes nothing', (_, foreign, files, path) => {
  const root = directoryWith(foreign);
  const problem = `'${join(root, path)}' was not written by this library and would be replaced`;
  expect(() => write(root, files)).toThrow(new Error(`${problem}; move it, or choose another output directory`));
  expect(filesOf(root)).toEqual(foreign);
});

test('a write never replaces a file by the root', () => {
  const root = join(directoryWith({ dist: 'mine' }), 'dist');
  expect(() => write(root, { 'mesh.yaml': '1' })).toThrow(
    new Error(`output directory '${root}' is a file; choose another directory`));
  expect(readFileSync(root, 'utf-8')).toBe('mine');
});

test.each([
  '', '{', 'null', '[]', '{"files":{}}', '{"files":[7]}', '{"files":[""]}', '{"files":["."]}',
  '{"files":["../../x"]}', '{"files":["/etc/passwd"]}', '{"files":["a/../../x"]}', '{"files":["../dist-2/x"]}',
])('a list of generated files that is not valid is rejected: %s', text => {
  const root = directoryWith({ [OWNERSHIP_FILE]: text, 'a/x.yaml': 'mine' });
  const list = join(root, OWNERSHIP_FILE);
  expect(() => write(root, { 'b/x.yaml': '1' })).toThrow(new Error(
    `'${list}' is not a valid list of generated files; restore it, or delete '${root}' and synthesize again`,
  ));
  expect(filesOf(root)).toEqual({ [OWNERSHIP_FILE]: text, 'a/x.yaml': 'mine' });
});

test('a listed path that is now a directory is kept', () => {
  const root = directoryWith({ [OWNERSHIP_FILE]: ownership('a'), 'a/notes.txt': 'mine' });
  write(root, { 'b/x.yaml': '1' });
  expect(treeOf(root)).toEqual({ 'a/notes.txt': 'mine', 'b/x.yaml': '1' });
});

test('a write leaves nothing next to the root', () => {
  const root = written({ 'a/x.yaml': '1' });
  write(root, { 'a/x.yaml': '2' });
  expect(readdirSync(join(root, '..'))).toEqual(['dist']);
});

test('a write removes what a killed run left next to the root', () => {
  const root = join(temporaryDirectory(), 'dist');
  const { pid } = spawnSync(process.execPath, ['--version']); // a process that has ended
  mkdirSync(join(root, '..', `.dist.istio-mesh-${pid}-0a1b2c`, 'cluster1'), { recursive: true });
  write(root, { 'a/x.yaml': '1' });
  expect(readdirSync(join(root, '..'))).toEqual(['dist']);
});

test('a second run at the same time is rejected, because the files of both would be mixed', () => {
  const directory = temporaryDirectory();
  const other = `.dist.istio-mesh-${process.ppid}-0a1b2c`;
  mkdirSync(join(directory, other));
  expect(() => write(join(directory, 'dist'), { 'a/x.yaml': '1' })).toThrow(
    `process ${process.ppid} is writing '${join(directory, 'dist')}'`);
  expect(readdirSync(directory)).toEqual([other]);
});

test('a write keeps foreign directories next to the root', () => {
  const directory = temporaryDirectory();
  const others = ['.dist.istio-mesh-notes', '.other.istio-mesh-1-0a1b2c'];
  others.forEach(name => mkdirSync(join(directory, name)));
  write(join(directory, 'dist'), { 'a/x.yaml': '1' });
  expect(readdirSync(directory).sort()).toEqual([...others, 'dist'].sort());
});

test('a failed write leaves nothing next to the root', () => {
  const root = join(temporaryDirectory(), 'dist');
  jest.spyOn(fs, 'writeFileSync').mockImplementationOnce(() => { throw new Error('no space left on device'); });
  expect(() => write(root, { 'a/x.yaml': '1' })).toThrow(new Error('no space left on device'));
  expect(readdirSync(join(root, '..'))).toEqual([]);
});

/** Makes an action fail at its nth change of the file system; returns whether the action got that far. */
function killedAt(change: number, action: () => void): boolean {
  const { renameSync, rmSync } = fs;
  let changes = 0;
  const failing = <Change extends (...args: any[]) => void>(original: Change) => ((...args: any[]) => {
    if (++changes >= change) {
      throw new Error('killed');
    }
    original(...args);
  }) as Change;
  const spies = [
    jest.spyOn(fs, 'renameSync').mockImplementation(failing(renameSync)),
    jest.spyOn(fs, 'rmSync').mockImplementation(failing(rmSync)),
  ];
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

test('a write that is killed at any moment leaves only complete files, and the next write finishes', () => {
  const before: Files = {
    'a/same.yaml': '1', 'a/changed.yaml': '1', 'a/stale.yaml': '1', 'gone/stale.yaml': '1', 'mesh.yaml': '1',
  };
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
    expect(readFileSync(join(root, OWNERSHIP_FILE), 'utf-8')).toBe(ownership(...Object.keys(after).sort()));
  }
  expect(kills).toBeGreaterThanOrEqual(7); // two lists, three files written, two removed
});
