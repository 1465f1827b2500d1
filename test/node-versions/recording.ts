import { execFile } from 'child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { page, ROOT } from '../support/markdown';

/** The commands of one version of Node, and the files after them. */
export interface Recording {
  /** What each command prints, and the content of each file. */
  readonly texts: ReadonlyMap<string, string>;
  /** A command with another exit code than expected. */
  readonly problem?: string;
}

/** A command line. */
interface Run {
  readonly args: readonly string[];
  /** Directory in which it runs. */
  readonly directory: string;
  /** Exit code. @default 0 */
  readonly code?: number;
}

const EXAMPLES = ['mesh-file', 'argo-cd', 'sail'];

/** A mesh definition with a mistake of every kind: a type, a key, a URL, a name, a reference. */
const INVALID = `meshID: 1
istioVersion: 1.30
network: Network_1
apiServer: http//$(cluster):port
meshConfig: {acessLogFile: /dev/stdout}
installer: terraform
clusters: [{name: one, peers: [two]}, {name: one}]
`;

const INVALID_YAML = 'meshID: mesh1\nclusters: [{name: one}\n';

const CLUSTERS = [
  '--yes', '--cluster', 'a', 'b=admin@b', '--api-server', 'https://$(cluster).example.com', '--istio-version', '1.31.0',
];

/** The runs in order; later ones read what earlier ones wrote. */
const RUNS: readonly Run[] = [
  ...['readme', ...EXAMPLES].flatMap(directory => [
    ['synth', 'mesh.yaml'],
    ['check', 'mesh.yaml'],
    ['check', 'dist', '--format', 'json'],
    ['graph', '--output', 'graph.svg'],
    ['graph', '--format', 'mermaid'],
    ['graph', '--format', 'dot'],
    ['certs'],
    ['certs', '--output', 'json'],
  ].map(args => ({ directory, args }))),
  ...['text', 'markdown',
    'json'].map(format => ({
    directory: '.', args: ['diff', 'readme/mesh.yaml', 'mesh-file/mesh.yaml', '--format', format],
  })),
  { directory: '.', args: ['diff', 'argo-cd/dist/mesh.yaml', 'sail/dist/mesh.yaml'] },
  { directory: '.', args: ['init', 'initial', ...CLUSTERS] },
  { directory: '.', args: ['init', 'program', '--format', 'typescript', ...CLUSTERS] },
  ...['text', 'json', 'github'].map(format => ({
    directory: 'invalid', args: ['check', 'mesh.yaml', '--format', format], code: 1,
  })),
  { directory: 'invalid', args: ['synth', 'mesh.yaml'], code: 1 },
  { directory: 'invalid', args: ['synth', 'not.yaml'], code: 1 },
  { directory: 'invalid', args: ['synth', 'missing.yaml'], code: 1 },
  { directory: '.', args: ['explain'] },
  { directory: '.', args: ['--help'] },
];

/** Writes the mesh definitions that the commands read. */
function writeDefinitions(directory: string): void {
  EXAMPLES.forEach(name => cpSync(join(ROOT, 'examples', name), join(directory, name), { recursive: true }));
  const { blocks } = page('README.md', readFileSync(join(ROOT, 'README.md'), 'utf-8'));
  const { text } = blocks.find(block => block.language === 'yaml' && block.text.startsWith('meshID:'))!;
  ['readme', 'invalid'].forEach(name => mkdirSync(join(directory, name)));
  writeFileSync(join(directory, 'readme', 'mesh.yaml'), text);
  writeFileSync(join(directory, 'invalid', 'mesh.yaml'), INVALID);
  writeFileSync(join(directory, 'invalid', 'not.yaml'), INVALID_YAML);
}

/** Runs all commands in a new directory. */
export async function recording(node: string, cli: string, directory: string): Promise<Recording> {
  mkdirSync(directory);
  writeDefinitions(directory);
  const texts = new Map<string, string>();
  let problem: string | undefined;
  for (const { args, directory: name, code = 0 } of RUNS) {
    const printed = await output(node, [cli, ...args], join(directory, name));
    const command = `istio-mesh ${args.join(' ')} in ${name}`;
    // The clusters of `certs` are done in parallel, and print their lines in any order.
    texts.set(command, args[0] === 'certs' ? printed.split('\n').sort().join('\n') : printed);
    problem ??= printed.startsWith(`exit code ${code}\n`) ? undefined : `${command}: ${printed}`;
  }
  fileTexts(directory).forEach(([path, text]) => texts.set(path, text));
  return { texts, problem };
}

/** Runs a program where no other program can be found. */
async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise(resolve =>
    execFile(program, args, { cwd, env: { PATH: '/nowhere', HOME: cwd } }, (error, stdout, stderr) =>
      resolve(`exit code ${error?.code ?? 0}\n${stdout}\nstandard error:\n${stderr}`)));
}

/** Mode and content of every file; keys are random, so of these only the mode. */
function fileTexts(directory: string): Array<[path: string, text: string]> {
  const paths = (readdirSync(directory, { recursive: true }) as string[]).sort();
  return paths.filter(path => statSync(join(directory, path)).isFile()).map(path => {
    const mode = statSync(join(directory, path)).mode.toString(8);
    return [path, path.endsWith('.pem') ? mode : `${mode}\n${readFileSync(join(directory, path), 'latin1')}`];
  });
}

/** The first output or file that differs, with the first line that does. */
export function firstDifference({ texts }: Recording, other: Recording): string | undefined {
  const name = [
    ...new Set([...texts.keys(), ...other.texts.keys()]),
  ].find(key => texts.get(key) !== other.texts.get(key));
  if (name === undefined) {
    return undefined;
  }
  const [lines, others] = [texts, other.texts].map(all => all.get(name)?.split('\n') ?? ['(nothing)']);
  const i = [...lines.keys(), lines.length].find(j => lines[j] !== others[j])!;
  return `${name}: line ${i + 1} is ${JSON.stringify(others[i])} instead of ${JSON.stringify(lines[i])}`;
}
