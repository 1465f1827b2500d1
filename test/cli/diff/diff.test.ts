import { execFile, execFileSync } from 'child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { filesDiff } from '../../../src/cli/diff/definitions-diff';
import type { Files } from '../../support/mesh-util';
import { directoryWith } from '../../support/mesh-util';
import { problems, temporaryDirectory } from '../../support/util';

const CLI = [require.resolve('tsx/cli'), join(__dirname, '..', '..', '..', 'src', 'cli.ts')];
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
  ...Object.fromEntries(['AUTHOR', 'COMMITTER'].flatMap(who => [[`GIT_${who}_NAME`, 'Somebody'], [`GIT_${who}_EMAIL`, 'somebody@example.com']])),
};

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf-8', env: ENVIRONMENT });
}

/** A repository with these files, committed. */
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
  return new Promise(resolve => execFile(process.execPath, [...CLI, 'diff', ...args], { cwd, env, timeout: 60_000 }, (error, stdout, stderr) =>
    resolve({ code: error ? Number(error.code) : 0, stdout, stderr })));
}

/** The error that a run ends with. */
async function refusal(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await diff(cwd, ...args);
  expect([code, stdout]).toEqual([1, '']);
  return stderr;
}

const JOINS = [
  'Takes effect when it is applied',
  '  cluster3 joins on network2 (Istio 1.31.0)',
  '    before istiod starts, the Secret cacerts under the common root: somebody else brings it',
  '  4 links added: cluster3 with cluster1 and cluster2, both ways',
];

test('the working tree is compared with the last commit, in the file that synth wrote unless another is named', async () => {
  const directory = repositoryWith({ 'dist/mesh.yaml': MESH, 'mesh.yaml': MESH });
  const [nothing, ofTree] = [await diff(directory), (writeFileSync(join(directory, 'dist/mesh.yaml'), THREE), await diff(directory))];
  expect(nothing).toEqual({ code: 0, stdout: 'mesh mesh1, HEAD to the working tree: nothing changes\n', stderr: '' });
  expect([ofTree.code, ofTree.stderr, ...ofTree.stdout.split('\n')]).toEqual([
    0, '', 'mesh mesh1, HEAD to the working tree: 2 changes', '', ...JOINS, '    run istio-mesh link dist/mesh.yaml', '',
  ]);
  expect((await diff(directory, 'mesh.yaml')).stdout).toContain('nothing changes');
}, 60_000);

test('two revisions are compared, from any directory of the repository', async () => {
  const directory = repositoryWith({ 'deploy/mesh.yaml': MESH });
  writeFileSync(join(directory, 'deploy/mesh.yaml'), THREE);
  git(directory, 'commit', '--quiet', '--all', '--message', 'second');
  rmSync(join(directory, 'deploy'), { recursive: true });
  mkdirSync(join(directory, 'other'));
  const { code, stdout, stderr } = await diff(join(directory, 'other'), '../deploy/mesh.yaml', '--from', 'HEAD~1', '--to', 'main');
  expect([code, stderr, ...stdout.split('\n').slice(0, 3)]).toEqual([0, '', 'mesh mesh1, HEAD~1 to main: 2 changes', '', 'Takes effect when it is applied']);
}, 60_000);

test('a file that is new in the working tree is a new mesh', async () => {
  const directory = repositoryWith({});
  writeFileSync(join(directory, 'mesh.yaml'), MESH);
  const { stdout } = await diff(directory, 'mesh.yaml');
  expect(stdout.split('\n').filter(line => !line.startsWith('    '))).toEqual([
    'mesh mesh1, HEAD to the working tree: a new mesh', '', 'Takes effect when it is applied',
    '  IM049 is acknowledged: test', '  cluster1 joins on network1 (Istio 1.31.0)', '  cluster2 joins on network2 (Istio 1.31.0)', '  2 links added: cluster1 with cluster2, both ways', '',
  ]);
}, 60_000);

test('a link is followed, and a directory and a revision with odd characters are told as such', async () => {
  const directory = repositoryWith({ 'mesh.yaml': MESH });
  symlinkSync('mesh.yaml', join(directory, 'link.yaml'));
  git(directory, 'add', '.');
  git(directory, 'commit', '--quiet', '--message', 'link');
  writeFileSync(join(directory, 'mesh.yaml'), THREE);
  expect((await diff(directory, 'link.yaml')).stdout).toContain(JOINS.join('\n'));
  expect(await refusal(directory, '.')).toBe("file '.' has a problem:\n  .: it is a directory; name a mesh file, e.g. mesh.yaml\n");
  expect(await refusal(directory, 'mesh.yaml', '--from', 'a\n\u001b[31m')).toMatch(/^revision 'a\\n\\u001b\[31m' has a problem:\n {2}--from 'a\\n\\u001b\[31m' is no revision/);
}, 60_000);

test('what git cannot tell is said in a sentence with the fix', async () => {
  const directory = repositoryWith({ '.gitignore': 'dist\n', 'mesh.yaml': MESH });
  mkdirSync(join(directory, 'dist'));
  writeFileSync(join(directory, 'dist/mesh.yaml'), MESH);
  git(directory, 'branch', 'production');
  expect(await refusal(directory)).toBe("file 'dist/mesh.yaml' has a problem:\n"
    + '  dist/mesh.yaml: git ignores it, so that no revision has it; name the file that is committed, e.g. istio-mesh diff mesh.yaml\n');
  expect(await refusal(directory, 'mesh.yaml', '--from', 'prodution'))
    .toBe("revision 'prodution' has a problem:\n  --from 'prodution' is no revision of this repository; did you mean 'production'?\n");
  expect(await refusal(directory, 'mesh.yaml', '--from', '--all')).toMatch(/--from '--all' is no revision of this repository/);
  expect(await refusal(directory, 'other.yaml', '--to', 'production'))
    .toBe("file 'other.yaml' has a problem:\n  other.yaml: it is not there at --to production; name a revision that has it\n");
  const shallow = join(temporaryDirectory(), 'clone');
  git(directory, 'commit', '--quiet', '--allow-empty', '--message', 'second');
  git(directory, 'clone', '--quiet', '--depth', '1', `file://${directory}`, shallow);
  expect(await refusal(shallow, 'mesh.yaml', '--from', 'HEAD~1'))
    .toBe("revision 'HEAD~1' has a problem:\n  --from 'HEAD~1' is no revision of this clone, which is shallow; fetch it first, e.g. git fetch --depth=1 origin main, and name FETCH_HEAD\n");
}, 120_000);

test('outside of a repository, before its first commit and without git, two files can be compared', async () => {
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': THREE });
  const instead = 'compare two files: istio-mesh diff before.yaml after.yaml\n';
  expect(await refusal(directory, 'a.yaml')).toBe(`file 'a.yaml' has a problem:\n  a.yaml: it is in no git repository; ${instead}`);
  const without = await run(directory, { ...ENVIRONMENT, PATH: '/nowhere' }, ['a.yaml']);
  expect([without.code, without.stderr]).toEqual([1, `there is no git on the PATH; install it, or ${instead}`]);
  const two = await run(directory, { ...ENVIRONMENT, PATH: '/nowhere' }, ['a.yaml', 'b.yaml']);
  expect([two.code, ...two.stdout.split('\n').slice(0, 6)]).toEqual([0, 'mesh mesh1, a.yaml to b.yaml: 2 changes', '', ...JOINS]);
  git(directory, 'init', '--quiet');
  expect(await refusal(directory, 'a.yaml')).toBe(`revision 'HEAD' has a problem:\n  the repository has no commit yet; commit first, or ${instead}`);
  expect((await diff(directory, 'a.yaml', 'b.yaml', '--from', 'HEAD')).stderr).toMatch(/^error: two files are compared as they are; leave out --from and --to\n/);
}, 120_000);

test('exit codes are those of diff where they are asked for', async () => {
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': THREE });
  const codes = await Promise.all([['a.yaml', 'a.yaml'], ['a.yaml', 'b.yaml'], ['a.yaml', 'c.yaml']].map(async files => (await diff(directory, ...files, '--exit-code')).code));
  expect(codes).toEqual([0, 1, 2]);
}, 60_000);

test('a definition that cannot be read is refused, and its place names the revision', async () => {
  const directory = repositoryWith({ 'mesh.yaml': 'meshID: [\n' });
  writeFileSync(join(directory, 'mesh.yaml'), MESH);
  expect(await refusal(directory, 'mesh.yaml')).toMatch(/^file 'HEAD:mesh\.yaml' has a problem:\n {2}HEAD:mesh\.yaml:2:1: this is no YAML/);
  expect(problems(() => filesDiff(join(directory, 'mesh.yaml'), join(directory, 'gone.yaml'))))
    .toEqual([expect.stringMatching(/gone\.yaml: there is no such file; name a mesh file, e\.g\. mesh\.yaml$/)]);
}, 60_000);

test('Markdown is a heading and lists, in which whatever the definition says is code, and long ones are folded', async () => {
  const odd = MESH.replace('test}', '"@team `<b>`"}');
  const many = (count: number) => `${MESH}${Array.from({ length: count }, (_, i) => `  - {name: more${i}, network: n${i}, hub: h${i}, peers: []}\n`).join('')}`;
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': THREE, 'odd.yaml': odd, 'bad.yaml': MESH.replace('mesh1', 'mesh 1'), 'few.yaml': many(10), 'many.yaml': many(12) });
  const markdown = async (after: string) => (await diff(directory, 'a.yaml', after, '--format', 'markdown')).stdout;
  expect(await markdown('b.yaml')).toBe(`### Mesh \`mesh1\`, \`a.yaml\` to \`b.yaml\`: 2 changes

**Takes effect when it is applied**

- \`cluster3\` joins on \`network2\` (\`Istio 1.31.0\`)  
  before istiod starts, the Secret cacerts under the common root: somebody else brings it
- 4 links added: \`cluster3 with cluster1 and cluster2, both ways\`  
  run \`istio-mesh link b.yaml\`
`.replace(/^ {2}$/gm, ''));
  expect(await markdown('odd.yaml')).toContain('- `IM049` is acknowledged for another reason: `` @team `<b>` ``\n');
  expect(await markdown('bad.yaml')).toMatch(/2 changes, 1 error|1 change, 1 error/);
  expect(await markdown('bad.yaml')).toContain("\n- **error** `bad.yaml:1:1: meshID: meshID 'mesh 1' is not a valid label value");
  expect(await markdown('few.yaml')).not.toContain('<details>');
  expect(await markdown('many.yaml')).toContain('<details><summary>2 more: takes effect when it is applied</summary>\n\n- `more10` joins on `n10`');
  expect(await markdown('a.yaml')).toBe('### Mesh `mesh1`, `a.yaml` to `a.yaml`: nothing changes\n');
}, 120_000);

test('JSON has every change with its clusters and what it asks for, alone on standard output', async () => {
  const directory = directoryWith({ 'a.yaml': MESH, 'b.yaml': THREE.replace('1.31.0', '1.31.1').replace('mesh1', 'mesh 1') });
  const { stdout, stderr } = await diff(directory, 'a.yaml', 'b.yaml', '--format', 'json');
  const { changes, problems: found, ...rest } = JSON.parse(stdout);
  expect([rest, stderr]).toEqual([{ meshID: 'mesh 1', from: 'a.yaml', to: 'b.yaml', isChanged: true }, '']);
  expect(changes[1]).toEqual({
    impact: 'restarts', kind: 'istioVersion', clusters: ['cluster1', 'cluster2'], text: 'cluster1 and cluster2: Istio 1.31.0 → 1.31.1', consequence: expect.stringMatching(/^istiod is replaced in place/),
  });
  expect(found).toEqual([{ severity: 'error', code: 'IM002', message: expect.stringContaining("meshID 'mesh 1' is not a valid label value") }]);
}, 60_000);

test('200 clusters are compared at once', () => {
  const clusters = Array.from({ length: 200 }, (_, i) => `  - {name: c${i}, network: network${i % 20}}\n`).join('');
  const directory = directoryWith({ 'a.yaml': MESH + clusters, 'b.yaml': (THREE + clusters).replace('1.31.0', '1.31.1') });
  const start = process.cpuUsage();
  expect(filesDiff(join(directory, 'a.yaml'), join(directory, 'b.yaml')).changes.map(({ kind }) => kind)).toEqual(['istioVersion', 'clusterJoins', 'linksAdded']);
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5); // seconds; a tenth of it where nothing is compiled
});
