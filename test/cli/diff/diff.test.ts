import { execFile, execFileSync } from 'child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { diffFiles } from '../../../src/cli/diff/diff-definitions';
import { type Files, directoryWith } from '../../support/mesh-util';
import { CLI, problems, temporaryDirectory } from '../../support/util';

const MESH = `meshID: mesh1
istioVersion: 1.31.0
apiServer: https://$(cluster).example.com
acknowledge: {IM049: test}
clusters:
  - {name: cluster1, network: network1}
  - {name: cluster2, network: network2}
`;
const THREE = `${MESH}  - {name: cluster3, network: network2}\n`;

const ENVIRONMENT = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap(role => [
    [`GIT_${role}_NAME`, 'Jane Doe'], [`GIT_${role}_EMAIL`, 'jane@example.com'],
  ])),
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf-8', env: ENVIRONMENT });
}

/** Creates a Git repository with one commit of these files. */
function repositoryWith(files: Files): string {
  const directory = directoryWith(files);
  git(directory, 'init', '--quiet', '--initial-branch', 'main');
  git(directory, 'add', '.');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message', 'first');
  return directory;
}

interface Run { readonly code: number; readonly stdout: string; readonly stderr: string }

function diff(cwd: string, ...args: string[]): Promise<Run> {
  return run(cwd, ENVIRONMENT, args);
}

function run(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Run> {
  const options = { cwd, env, timeout: 60_000 };
  return new Promise(resolve => {
    execFile(process.execPath, [CLI, 'diff', ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }));
  });
}

/** Runs the command, which must fail, and returns its error message. */
async function errorOf(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await diff(cwd, ...args);
  expect([code, stdout]).toEqual([1, '']);
  return stderr;
}

const CACERTS = 'before istiod starts, it needs the Secret cacerts, signed by the common root CA: '
  + 'provide it yourself (trust: external)';
const CLUSTER3_JOINS = [
  'Takes effect when applied',
  '  cluster3 joins the mesh on network2 (Istio 1.31.0)',
  `    ${CACERTS}`,
  '  4 links added: cluster3 ↔ cluster1 and cluster2',
];

test('the working tree is compared with the last commit, by default in dist/mesh.yaml', async () => {
  const directory = repositoryWith({ 'dist/mesh.yaml': MESH, 'mesh.yaml': MESH });
  const unchanged = { code: 0, stdout: 'mesh mesh1, HEAD to the working tree: no changes\n', stderr: '' };
  expect(await diff(directory)).toEqual(unchanged);
  writeFileSync(join(directory, 'dist/mesh.yaml'), THREE);
  const { code, stdout, stderr } = await diff(directory);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n')).toEqual([
    'mesh mesh1, HEAD to the working tree: 2 changes', '',
    ...CLUSTER3_JOINS, '    run istio-mesh link dist/mesh.yaml', '',
  ]);
  expect(await diff(directory, 'mesh.yaml')).toEqual(unchanged);
}, 60_000);

test('two revisions are compared, from any directory of the repository', async () => {
  const directory = repositoryWith({ 'deploy/mesh.yaml': MESH });
  writeFileSync(join(directory, 'deploy/mesh.yaml'), THREE);
  git(directory, 'commit', '--quiet', '--all', '--message', 'second');
  rmSync(join(directory, 'deploy'), { recursive: true });
  mkdirSync(join(directory, 'other'));
  const args = ['../deploy/mesh.yaml', '--from', 'HEAD~1', '--to', 'main'];
  const { code, stdout, stderr } = await diff(join(directory, 'other'), ...args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').slice(0, 3)).toEqual(['mesh mesh1, HEAD~1 to main: 2 changes', '', CLUSTER3_JOINS[0]]);
}, 60_000);

test('a file that is not committed yet is a new mesh', async () => {
  const directory = repositoryWith({});
  writeFileSync(join(directory, 'mesh.yaml'), MESH);
  const { stdout } = await diff(directory, 'mesh.yaml');
  expect(stdout.split('\n').filter(line => !line.startsWith('    '))).toEqual([
    'mesh mesh1, HEAD to the working tree: new mesh', '', 'Takes effect when applied',
    '  IM049 is acknowledged: test',
    '  cluster1 joins the mesh on network1 (Istio 1.31.0)',
    '  cluster2 joins the mesh on network2 (Istio 1.31.0)',
    '  2 links added: cluster1 ↔ cluster2', '',
  ]);
}, 60_000);

test('a symbolic link is followed', async () => {
  const directory = repositoryWith({ 'mesh.yaml': MESH });
  symlinkSync('mesh.yaml', join(directory, 'link.yaml'));
  git(directory, 'add', '.');
  git(directory, 'commit', '--quiet', '--message', 'link');
  writeFileSync(join(directory, 'mesh.yaml'), THREE);
  expect((await diff(directory, 'link.yaml')).stdout).toContain(CLUSTER3_JOINS.join('\n'));
}, 60_000);

test('a directory and a revision with control characters are errors', async () => {
  const directory = repositoryWith({ 'mesh.yaml': MESH });
  expect(await errorOf(directory, '.')).toMatch(/^file '\.' has a problem:\n {2}\.: .*directory/);
  expect(await errorOf(directory, 'mesh.yaml', '--from', 'a\n\u001b[31m'))
    .toMatch(/^revision 'a\\n\\u001b\[31m' has a problem:\n {2}--from 'a\\n\\u001b\[31m' is not a revision/);
}, 60_000);

test('an error of Git is a message that names the fix', async () => {
  const directory = repositoryWith({ '.gitignore': 'dist\n', 'mesh.yaml': MESH });
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist/mesh.yaml'), MESH);
  git(directory, 'branch', 'production');
  expect(await errorOf(directory)).toBe("file 'dist/mesh.yaml' has a problem:\n  dist/mesh.yaml: "
    + 'Git ignores this file, so no revision contains it; name a committed file, e.g. istio-mesh diff mesh.yaml\n');
  expect(await errorOf(directory, 'mesh.yaml', '--from', 'prodution'))
    .toMatch(/ has a problem:\n {2}--from 'prodution' is not a revision of this repository; .*'production'/);
  expect(await errorOf(directory, 'mesh.yaml', '--from', '--all'))
    .toContain("--from '--all' is not a revision of this repository");
  expect(await errorOf(directory, 'other.yaml', '--to', 'production')).toBe("file 'other.yaml' has a problem:\n"
    + '  other.yaml: the file does not exist at --to production; name a revision that contains it\n');
  const shallow = join(temporaryDirectory(), 'clone');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message', 'second');
  git(directory, 'clone', '--quiet', '--depth', '1', `file://${directory}`, shallow);
  expect(await errorOf(shallow, 'mesh.yaml', '--from', 'HEAD~1')).toBe("revision 'HEAD~1' has a problem:\n  "
    + "--from 'HEAD~1' is not a revision of this shallow clone; "
    + 'fetch the revision first, e.g. git fetch --depth=1 origin main, and name FETCH_HEAD\n');
}, 120_000);

test('two files can be compared outside of a repository, before its first commit and without Git', async () => {
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': THREE });
  const withoutGit = { ...ENVIRONMENT, PATH: '/nowhere' };
  const suggestion = 'compare two files: istio-mesh diff before.yaml after.yaml\n';
  expect(await errorOf(directory, 'a.yaml'))
    .toBe(`file 'a.yaml' has a problem:\n  a.yaml: this file is not in a Git repository; ${suggestion}`);
  const { code, stderr } = await run(directory, withoutGit, ['a.yaml']);
  expect([code, stderr]).toEqual([1, `git is not on the PATH; install it, or ${suggestion}`]);
  const two = await run(directory, withoutGit, ['a.yaml', 'b.yaml']);
  expect(two.code).toBe(0);
  expect(two.stdout.split('\n').slice(0, 6))
    .toEqual(['mesh mesh1, a.yaml to b.yaml: 2 changes', '', ...CLUSTER3_JOINS]);
  git(directory, 'init', '--quiet');
  expect(await errorOf(directory, 'a.yaml'))
    .toBe(`revision 'HEAD' has a problem:\n  the repository has no commits yet; commit first, or ${suggestion}`);
}, 120_000);

test('two files cannot be combined with revisions', async () => {
  const { stderr } = await diff(directoryWith({}), 'a.yaml', 'b.yaml', '--from', 'HEAD');
  expect(stderr).toMatch(/^error: --from and --to cannot be combined with two files; leave them out\n/);
}, 60_000);

test('--exit-code uses the exit codes of diff(1)', async () => {
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': THREE });
  const exitCode = async (after: string) => (await diff(directory, 'a.yaml', after, '--exit-code')).code;
  expect(await Promise.all(['a.yaml', 'b.yaml', 'missing.yaml'].map(exitCode))).toEqual([0, 1, 2]);
}, 60_000);

test('an error in an old revision names the revision', async () => {
  const directory = repositoryWith({ 'mesh.yaml': 'meshID: [\n' });
  writeFileSync(join(directory, 'mesh.yaml'), MESH);
  expect(await errorOf(directory, 'mesh.yaml'))
    .toMatch(/^file 'HEAD:mesh\.yaml' has a problem:\n {2}HEAD:mesh\.yaml:2:1: /);
}, 60_000);

test('a missing file is an error', () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  expect(problems(() => diffFiles(join(directory, 'mesh.yaml'), join(directory, 'missing.yaml'))))
    .toEqual([expect.stringMatching(/missing\.yaml: /)]);
});

test('Markdown formats texts from the definition as code, and collapses long lists', async () => {
  const withClusters = (count: number) => {
    const lines = Array.from({ length: count }, (_, i) =>
      `  - {name: more${i}, network: n${i}, hub: h${i}, peers: []}\n`);
    return `${MESH}${lines.join('')}`;
  };
  const directory = directoryWith({
    'a.yaml': MESH,
    'b.yaml': THREE,
    'odd.yaml': MESH.replace('test}', '"@team `<b>`"}'),
    'bad.yaml': MESH.replace('mesh1', 'mesh 1'),
    'few.yaml': withClusters(10),
    'many.yaml': withClusters(12),
  });
  const markdown = async (after: string) => (await diff(directory, 'a.yaml', after, '--format', 'markdown')).stdout;
  expect((await markdown('b.yaml')).split('\n')).toEqual([
    '### Mesh `mesh1`, `a.yaml` to `b.yaml`: 2 changes',
    '',
    '**Takes effect when applied**',
    '',
    '- `cluster3` joins the mesh on `network2` (`Istio 1.31.0`)  ',
    `  ${CACERTS}`,
    '- 4 links added: `cluster3 ↔ cluster1 and cluster2`  ',
    '  run `istio-mesh link b.yaml`',
    '',
  ]);
  expect(await markdown('odd.yaml')).toContain('- `IM049` is acknowledged for another reason: `` @team `<b>` ``\n');
  const bad = await markdown('bad.yaml');
  expect(bad).toMatch(/ 1 change, 1 error\n/);
  expect(bad).toMatch(/\n- \*\*error\*\* `bad\.yaml:1:1: meshID: .*'mesh 1'.*\(IM002\)`\n/);
  expect(await markdown('few.yaml')).not.toContain('<details>');
  expect(await markdown('many.yaml'))
    .toContain('<details><summary>2 more: takes effect when applied</summary>\n\n- `more10` joins the mesh on `n10`');
  expect(await markdown('a.yaml')).toBe('### Mesh `mesh1`, `a.yaml` to `a.yaml`: no changes\n');
}, 120_000);

test('JSON lists each change with its clusters and consequence, and is all of standard output', async () => {
  const changed = THREE.replace('1.31.0', '1.31.1').replace('mesh1', 'mesh 1');
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': changed });
  const { stdout, stderr } = await diff(directory, 'a.yaml', 'b.yaml', '--format', 'json');
  const { changes, problems: newProblems, ...rest } = JSON.parse(stdout);
  expect([rest, stderr]).toEqual([{ meshID: 'mesh 1', from: 'a.yaml', to: 'b.yaml', isChanged: true }, '']);
  expect(changes[1]).toEqual({
    impact: 'restarts',
    kind: 'istioVersion',
    clusters: ['cluster1', 'cluster2'],
    text: 'cluster1 and cluster2: Istio 1.31.0 → 1.31.1',
    consequence: expect.stringMatching(/^istiod is replaced in place/),
  });
  expect(newProblems).toEqual([{ severity: 'error', code: 'IM002', message: expect.stringContaining("'mesh 1'") }]);
}, 60_000);

test('200 clusters are compared within seconds', () => {
  const clusters = Array.from({ length: 200 }, (_, i) => `  - {name: c${i}, network: network${i % 20}}\n`).join('');
  const changed = (THREE + clusters).replace('1.31.0', '1.31.1');
  const directory = directoryWith({ 'a.yaml': MESH + clusters, 'b.yaml': changed });
  const start = process.cpuUsage();
  const { changes } = diffFiles(join(directory, 'a.yaml'), join(directory, 'b.yaml'));
  expect(changes.map(({ kind }) => kind)).toEqual(['istioVersion', 'clusterJoins', 'linksAdded']);
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5); // seconds; compiled code takes a tenth of this
});
