import { execFile } from 'child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { isDeepStrictEqual } from 'util';
import { Mesh, MeshApp } from '../../src';
import { check } from '../../src/cli/check/check';
import { TREE_RULE } from '../../src/rules/tree-rule';
import { type Files, filesOf, treeOfFile } from '../support/mesh-util';
import { CLI, temporaryDirectory } from '../support/util';

const KILLS = 100;
const AT_A_TIME = 4;
const LIMIT = 240_000;
const OWNERSHIP_FILE = '.istio-mesh.json';

jest.spyOn(process.stderr, 'write').mockReturnValue(true); // warnings

/**
 * Two meshes like this have a cluster each that the other has not, and differ in most files of the clusters that both
 * have.
 */
function meshFile(own: string): string {
  return `meshID: mesh1
istioVersion: 1.31.0
apiServer: https://$(cluster).example.com:6443/${own}
network: ${own}-$(cluster)
remoteCredentials: {plainToken: {unsafePlainText: token-of-${own}}}
clusters: [${[own, ...Array.from({ length: 3 }, (_, i) => `cluster${i}`)].map(name => `{name: ${name}}`).join(', ')}]
`;
}

const OLD = treeOfFile(meshFile('old'));
const NEW = treeOfFile(meshFile('new'));
const CHANGED = Object.keys(NEW).filter(path => OLD[path] !== NEW[path]);

/**
 * Loaded before the command: at one of its changes below the output it wakes a thread that kills the process, whatever
 * that does by then.
 *
 * So the moments are spread over the writing, however fast the machine is, and are not those between two changes.
 */
const KILLER = `
const { isMainThread, Worker } = require('worker_threads');
const fs = require('fs');
const alarm = new Int32Array(new SharedArrayBuffer(4));
const sleeper = 'process.kill(process.pid, 0); Atomics.wait(require("worker_threads").workerData, 0, 0); process.kill(process.pid, "SIGKILL");';
let changes = 0;
if (isMainThread) { // threads load this file, too
  new Worker(sleeper, { eval: true, workerData: alarm }).unref();
  for (const name of ['mkdirSync', 'writeFileSync', 'renameSync', 'rmSync', 'rmdirSync']) {
    const original = fs[name];
    fs[name] = (...args) => {
      if (String(args[0]).includes('dist') && ++changes === Number(process.env.KILL_AT)) {
        Atomics.store(alarm, 0, 1);
        Atomics.notify(alarm, 0);
      }
      return original(...args);
    };
  }
  process.on('exit', () => fs.writeSync(1, String(changes)));
}
`;

const killer = join(temporaryDirectory(), 'killer.js');
writeFileSync(killer, KILLER);

/** A directory with the new mesh, and with the tree of the old one unless that run is to be the first. */
function directoryBefore(isFirst: boolean): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'mesh.yaml'), meshFile('new'));
  Object.entries(isFirst ? {} : OLD).forEach(([path, text]) => {
    mkdirSync(dirname(join(directory, 'dist', path)), { recursive: true });
    writeFileSync(join(directory, 'dist', path), text);
  });
  return directory;
}

/** Runs the command and kills it at one of its changes, or tells how many it made when it came to its end. */
function run(directory: string, killAt: number): Promise<number | 'killed'> {
  const args = ['--require', killer, CLI, 'synth', 'mesh.yaml', '--quiet'];
  const env = { ...process.env, KILL_AT: String(killAt) };
  return new Promise((resolve, reject) => execFile(process.execPath, args, { cwd: directory, env }, (error, stdout) =>
    error?.signal === 'SIGKILL' ? resolve('killed') : error ? reject(error) : resolve(Number(stdout))));
}

/** What holds after a kill; one after the other is asked. */
const AFTER_A_KILL: ReadonlyArray<(directory: string, before: Files) => void> = [
  function everyFileIsWholeOldOrNew(directory, before) {
    const { [OWNERSHIP_FILE]: owned, ...files } = existsSync(join(directory, 'dist'))
      ? filesOf(join(directory, 'dist')) : {} as Files;
    expect(Object.keys(files).filter(path => files[path] !== before[path] && files[path] !== NEW[path])).toEqual([]);
    expect(Object.keys(NEW).filter(path => path in before && path !== OWNERSHIP_FILE && !(path in files))).toEqual([]);
    expect(Object.keys(files).filter(path => !JSON.parse(owned).files.includes(path))).toEqual([]);
  },
  function checkCallsItIncompleteUntilItIsNot(directory) {
    const dist = join(directory, 'dist');
    const isOpen = existsSync(dist) && !isDeepStrictEqual(filesOf(dist), NEW);
    expect(check(join(directory, 'mesh.yaml'), dist).some(({ rule }) => rule === TREE_RULE)).toBe(isOpen);
  },
  function theNextRunEndsLikeAnUndisturbedOne(directory) {
    const app = new MeshApp({ outdir: join(directory, 'dist'), summary: false });
    Mesh.fromFile(app, 'mesh', join(directory, 'mesh.yaml'));
    app.synth();
    expect(filesOf(join(directory, 'dist'))).toEqual(NEW);
    expect(readdirSync(directory).sort()).toEqual(['dist', 'mesh.yaml']);
  },
];

/** How far a run came. */
function progress(directory: string): string {
  const files = existsSync(join(directory, 'dist')) ? filesOf(join(directory, 'dist')) : {};
  const done = CHANGED.filter(path => files[path] === NEW[path]).length;
  return done === 0 ? 'nothing is new' : done < CHANGED.length ? 'some is new' : 'all is new';
}

test(`synth that is killed at ${KILLS} moments of its writing leaves every file whole, old or new, and the next run `
  + 'ends like an undisturbed one', async () => {
  const [changesOfFirst, changes] = await Promise.all([true, false].map(isFirst => run(directoryBefore(isFirst), 0)));
  const reached: string[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < KILLS; i = next++) {
      const isFirst = i % 5 === 0;
      let killAt = Number(isFirst ? changesOfFirst : changes) * (i + 1) / KILLS;
      let directory = directoryBefore(isFirst);
      while (await run(directory, Math.ceil(killAt)) !== 'killed') { // the end came before the thread woke
        killAt *= 0.8;
        directory = directoryBefore(isFirst);
      }
      reached.push(`${isFirst ? 'at first' : 'later'} ${progress(directory)}`);
      AFTER_A_KILL.forEach(holds => holds(directory, isFirst ? {} : OLD));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  expect(reached).toHaveLength(KILLS);
  expect(reached).toEqual(expect.arrayContaining([
    'at first nothing is new', 'later nothing is new', 'later some is new', 'later all is new',
  ]));
}, LIMIT);
