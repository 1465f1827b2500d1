import { spawnSync } from 'child_process';
import { openSync } from 'fs';
import { join } from 'path';
import { directoryWith, filesOf, treeOfFile } from '../../support/mesh-util';

const CLI = [require.resolve('tsx/cli'), join(__dirname, '..', '..', '..', 'src', 'cli.ts')];
const MESH = `meshID: mesh1
istioVersion: 1.31.0
network: $(cluster)
apiServer: https://$(cluster).example.com
clusters: [{name: cluster1}, {name: cluster2}]
`;

/** Runs the command in a directory. */
function graph(cwd: string, ...options: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI, 'graph', ...options], { cwd, encoding: 'utf-8' });
  return { status, stdout, stderr };
}

test('graph prints the picture that synth writes, of the tree\'s definition and of one by hand', () => {
  const tree = treeOfFile(MESH);
  const picture = { status: 0, stdout: tree['mesh.svg'], stderr: '' };
  expect(graph(directoryWith({ 'dist/mesh.yaml': tree['mesh.yaml'] }))).toEqual(picture);
  expect(graph(directoryWith({ 'mesh.yaml': MESH }), 'mesh.yaml')).toEqual(picture);
}, 60_000);

test('graph writes text for Mermaid and for Graphviz, into a file where one is named', () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  expect(graph(directory, 'mesh.yaml', '--format', 'mermaid').stdout).toMatch(/\nflowchart LR\n[^]*\ng1 <==> g2\n/);
  expect(graph(directory, 'mesh.yaml', '--format', 'dot', '--output', 'mesh.dot')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(filesOf(directory)['mesh.dot']).toMatch(/^digraph "mesh1" \{\n[^]*g1:tag:e -> g2:tag:w /);
}, 60_000);

test('a picture that cannot be written says why, without a stack trace', () => {
  const directory = directoryWith({ 'mesh.yaml': MESH });
  expect(graph(directory, 'mesh.yaml', '--output', 'nowhere/mesh.svg')).toEqual({
    status: 1, stdout: '', stderr: "the picture cannot be written to 'nowhere/mesh.svg' (ENOENT); name a file in a directory that is there, and where you may write\n",
  });
  expect(graph(directory, 'mesh.yaml', '--output', './mesh.yaml').stderr).toBe("the picture would replace the definition 'mesh.yaml'; name another file\n");
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(process.execPath, [...CLI, 'graph', 'mesh.yaml'], { cwd: directory, encoding: 'utf-8', stdio: ['ignore', full, 'pipe'] });
  expect([status, stderr]).toEqual([1, 'the output cannot be written: ENOSPC: no space left on device, write\n']);
}, 60_000);

test('graph of a mesh that is refused says why, and fails', () => {
  const { status, stdout, stderr } = graph(directoryWith({ 'mesh.yaml': MESH.replace('1.31.0', '1.30') }), 'mesh.yaml');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('number 1.30 stands where a string belongs');
}, 60_000);
