import { execFile } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { program } from '../../src/cli/program';
import { type Files, directoryWith, filesOf, treeOfFile } from '../support/mesh-util';
import { CLI } from '../support/util';

const MESH = `meshID: mesh1
istioVersion: 1.31.0
clusters:
  - {name: cluster1, network: network1, apiServer: "https://cluster1.example.com:6443"}
  - {name: cluster2, network: network2, apiServer: "https://cluster2.example.com:6443"}
`;

interface Run { readonly code: number; readonly stdout: string; readonly stderr: string; readonly directory: string }

/** Runs the command line in a directory with some files. */
function run(files: Files, ...options: string[]): Promise<Run> {
  const directory = directoryWith(files);
  const env = { ...process.env, PATH: '/nowhere' }; // no command may need another program to say what is wrong
  return new Promise(resolve =>
    execFile(process.execPath, [CLI, ...options], { cwd: directory, timeout: 60_000, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr, directory })));
}

test('synth writes the tree of a mesh file and tells where it is', async () => {
  const { code, stdout, stderr, directory } =
    await run({ 'mesh.yaml': MESH }, 'synth', 'mesh.yaml', '--output', 'build');
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr.split('\n')[0]).toBe('build: 29 files in 2 directories (cluster1, cluster2)');
  expect(filesOf(join(directory, 'build'))).toEqual(treeOfFile(MESH));
});

test('synth of a mesh that is refused says why, without a stack, writes nothing and fails', async () => {
  const { code, stdout, stderr, directory } =
    await run({ 'mesh.yaml': MESH.replace('1.31.0', '1.30') }, 'synth', 'mesh.yaml');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe("mesh 'mesh1' has a problem:\n  mesh.yaml:2:1: istioVersion: number 1.30 is not a string; write "
    + "it in quotes: '1.30' (IM001)\n");
  expect(existsSync(join(directory, 'dist'))).toBe(false);
});

test('whoever stops reading the output stops no command, and gets no stack', async () => {
  const child =
    execFile(process.execPath, [CLI, 'link', 'mesh.yaml', '--timeout', '0'],
      { cwd: directoryWith({ 'mesh.yaml': MESH }), env: { ...process.env, PATH: '/nowhere' } });
  child.stdout!.destroy();
  let stderr = '';
  child.stderr!.on('data', text => stderr += text);
  const code = await new Promise(resolve => child.on('exit', resolve));
  expect([code, stderr]).toEqual([1, '']);
});

test('certs makes the files of a mesh, tells it in text or JSON, and fails where something is left to do', async () => {
  const mesh = `${MESH}trust: {pem: keys}\n`;
  const { code, stdout, stderr, directory } = await run({ 'mesh.yaml': mesh }, 'certs', 'mesh.yaml');
  expect([code, stdout.split('\n').sort().slice(1), stderr]).toEqual([0, [
    'cluster1: files new', 'cluster2: files new', 'files: 2 new',
    "note: 'keys' has a new root CA; move its root-key.pem to a safe place until you add another cluster",
  ], '']);
  const { 'keys/root-key.pem': key, 'keys/cluster2/ca-key.pem': other, ...files } = filesOf(directory);
  const again =
    await run({ ...files, 'keys/root-key.pem': key, 'keys/cluster2/ca-key.pem': other }, 'certs', 'mesh.yaml',
      '--output', 'json');
  expect([again.code, JSON.parse(again.stdout)])
    .toEqual([0, ['cluster1', 'cluster2'].map(cluster => ({ cluster, trust: 'pem', files: 'right' }))]);
  const alone = Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith('keys/cluster2/')));
  const failing = await run(alone, 'certs', 'mesh.yaml', '--days', '30');
  expect([failing.code, failing.stdout.split('\n').at(-2)]).toEqual([1, 'files: 1 unchanged, 1 failed']);
}, 120_000);

test('arguments that are none are refused with the help of the command', async () => {
  const [missing, unknown] = await Promise.all([run({}, 'synth'), run({}, 'synth', 'mesh.yaml', '--outptu', 'build')]);
  expect([missing.code, unknown.code]).toEqual([1, 1]);
  expect((await run({}, 'certs', 'mesh.yaml', '--days', '0')).stderr.split('\n')[0])
    .toBe("error: option '--days <days>' argument '0' is invalid. Write a number from 1 to 36500.");
  expect(missing.stderr.split('\n').slice(0, 3))
    .toEqual(["error: missing required argument 'file'", '', 'Usage: istio-mesh synth [options] <file>']);
  expect(unknown.stderr.split('\n').slice(0, 2))
    .toEqual(["error: unknown option '--outptu'", '(Did you mean --output?)']);
});

const NO_KUBECTL = "context 'cluster1': there is no kubectl on the PATH; install it";
test.each([
  ['link', ['--timeout', '0'], 2, { cluster: 'cluster1', peer: 'cluster2', state: 'failed', reason: NO_KUBECTL }],
  ['rotate', ['--timeout', '0'], 1, { cluster: 'cluster1', state: 'failed', lines: [`error: ${NO_KUBECTL}`] }],
  ['verify', [], 26, {
    from: 'cluster1',
    to: 'cluster1',
    check: 'context',
    finding: 'red',
    detail: `${NO_KUBECTL}; check that this command works: kubectl --context cluster1 get namespaces`,
  }],
])('%s tells as JSON what fails, and fails', async (command, options, count, first) => {
  const { code, stdout, stderr } =
    await run({ 'mesh.yaml': MESH }, command, 'mesh.yaml', '--output', 'json', ...options);
  expect([code, stderr]).toEqual([1, '']);
  const results = JSON.parse(stdout);
  expect([results.length, results[0]]).toEqual([count, first]);
});

test('a command on clusters refuses what synth would, and takes the tree\'s own definition', async () => {
  const refused = await run({ 'mesh.yaml': MESH.replace('1.31.0', '1.30') }, 'link', 'mesh.yaml');
  expect([refused.code, refused.stderr])
    .toEqual([
      1, expect.stringMatching(/^mesh 'mesh1' has a problem:\n {2}mesh\.yaml:2:1: istioVersion: number 1\.30/),
    ]);
  const missing = await run({}, 'verify');
  expect([missing.code, missing.stderr])
    .toEqual([
      1, "file 'dist/mesh.yaml' has a problem:\n  dist/mesh.yaml: it does not exist; name a mesh file, e.g. "
        + 'mesh.yaml\n',
    ]);
});

test('JSON is alone on standard output of every command that has it, without colours', async () => {
  const findings = { ...process.env, FORCE_COLOR: '1', PATH: '/nowhere' };
  const directory = directoryWith({ 'mesh.yaml': MESH, 'other.yaml': MESH.replace('1.31.0', '1.31.1') });
  const commands =
    program.commands.filter(({ options }) => options.some(({ argChoices }) => argChoices?.includes('json')));
  expect(commands.map(command => command.name()).sort())
    .toEqual(['certs', 'check', 'diff', 'explain', 'link', 'rotate', 'verify']);
  const texts = await Promise.all(commands.map(command => {
    const option = command.options.find(({ argChoices }) => argChoices?.includes('json'))!;
    const files = command.name() === 'explain' ? [] : command.name() === 'diff' ? ['mesh.yaml', 'other.yaml']
      : ['mesh.yaml'];
    const timeout = command.options.some(({ long }) => long === '--timeout') ? ['--timeout', '0'] : [];
    return new Promise<string>(resolve =>
      execFile(process.execPath, [CLI, command.name(), ...files, option.long!, 'json', ...timeout],
        { cwd: directory, env: findings },
        (_, stdout) => resolve(stdout)));
  }));
  texts.forEach(text => expect(`${JSON.stringify(JSON.parse(text), undefined, 2)}\n`).toBe(text));
}, 120_000);

test('explain describes a rule by its code in upper or lower case, or suggests a similar code', async () => {
  const { code, stdout } = await run({}, 'explain', 'im049');
  expect([code, stdout.split('\n')]).toEqual([0, [
    expect.stringMatching(/^IM049: \S/),
    expect.stringMatching(/^ {2}symptom {4}\S/),
    expect.stringMatching(/^ {2}fix {8}\S/),
    '  severity   warning: to silence it, add to the mesh definition acknowledge: {IM049: REASON}',
    expect.stringMatching(/^ {2}see {8}https:\/\/istio\.io\//),
    '',
  ]]);
  const wrong = await run({}, 'explain', 'IM999');
  expect([wrong.code, wrong.stdout]).toEqual([1, '']);
  expect(wrong.stderr).toMatch(/^unknown rule code 'IM999'; did you mean 'IM\d{3}'\?\n$/);
}, 120_000);

test('explain without a code lists every rule, once, in the order of codes', async () => {
  const text = await run({}, 'explain');
  const codes = text.stdout.trimEnd().split('\n').map(line => line.slice(0, 5));
  const json = await run({}, 'explain', '--output', 'json');
  expect(codes).toEqual([...new Set(codes)].sort());
  expect(JSON.parse(json.stdout).map(({ code }: { code: string }) => code)).toEqual(codes);
}, 120_000);
