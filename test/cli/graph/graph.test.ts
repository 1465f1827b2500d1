import { type StdioOptions, spawnSync } from 'child_process';
import { openSync } from 'fs';
import { directoryWith, filesOf, treeOfFile } from '../../support/mesh-util';
import { CLI } from '../../support/util';

const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: $(cluster)
apiServer: https://$(cluster).example.com
clusters: [{name: cluster1}, {name: cluster2}]
`;

/** Runs the command in a directory. */
function graph(cwd: string, ...options: string[]) {
  const args = [CLI, 'graph', ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf-8' });
  return { status, stdout, stderr };
}

test('graph prints the diagram that synth writes, for an output directory and for a mesh definition', () => {
  const files = treeOfFile(MESH);
  const result = { status: 0, stdout: files['mesh.svg'], stderr: '' };
  expect(graph(directoryWith({ 'dist/mesh.yaml': files['mesh.yaml'] }))).toEqual(result);
  expect(graph(directoryWith({ 'mesh.yaml': MESH }), 'mesh.yaml')).toEqual(result);
}, 60_000);

test('graph writes Mermaid and Graphviz text, to standard output or to a file', () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  expect(graph(directory, 'mesh.yaml', '--format', 'mermaid').stdout).toMatch(/\nflowchart LR\n[^]*\ng1 <==> g2\n/);
  expect(graph(directory, 'mesh.yaml', '--format', 'dot', '--output', 'mesh.dot'))
    .toEqual({ status: 0, stdout: '', stderr: '' });
  expect(filesOf(directory)['mesh.dot']).toMatch(/^digraph "mesh1" \{\n[^]*g1:tag:e -> g2:tag:w /);
}, 60_000);

test('a diagram that cannot be written is an error without a stack trace', () => {
  const cwd = directoryWith({ 'mesh.yaml': MESH });
  expect(graph(cwd, 'mesh.yaml', '--output', 'nowhere/mesh.svg')).toEqual({
    status: 1,
    stdout: '',
    stderr: "cannot write the diagram to 'nowhere/mesh.svg' (ENOENT); name a file in an existing, writable directory\n",
  });
  expect(graph(cwd, 'mesh.yaml', '--output', './mesh.yaml').stderr)
    .toBe("--output would overwrite the mesh definition 'mesh.yaml'; name another file\n");
  const stdio: StdioOptions = ['ignore', openSync('/dev/full', 'w'), 'pipe'];
  const args = [CLI, 'graph', 'mesh.yaml'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf-8', stdio });
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^.*ENOSPC: no space left on device, write\n$/)]);
}, 60_000);

test('graph fails if the mesh definition has errors', () => {
  const { status, stdout, stderr } = graph(directoryWith({ 'mesh.yaml': MESH.replace('1.31.0', '1.30') }), 'mesh.yaml');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/istioVersion: .*1\.30/);
}, 60_000);
