import { mkdirSync, readdirSync, readFileSync, statSync } from 'fs';
import { join, relative, resolve } from 'path';
import { run } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { filesBelow } from './secrets';
import { Tree } from './tree';
import { changedSources } from '../support/package';

const REPOSITORY = resolve(__dirname, '..', '..');
const TOKENS = { ISTIO_TOKEN_CLUSTER2: 't0ken' };

/** Programs in Python, and those in TypeScript that say the same. */
const TWINS = {
  'examples/python/main.py': 'examples/three-clusters-two-networks/main.ts',
  'test/e2e/meshes/providers.py': 'test/e2e/meshes/providers.ts',
};

/** What Python says of `refused.py`. */
const REFUSAL = `RuntimeError: mesh 'mesh1' has 2 problems:
  clusters[0].apiServer: cluster 'cluster1': apiServer 'http://10.0.0.1' does not use https; write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443 (IM031)
  clusters[0].peers[0]: cluster 'cluster1': peers contains 'cluster9', which is not a cluster of this mesh; remove it (IM038)
`;

/**
 * Shows that a program in Python writes the tree that TypeScript does, with the wheel that jsii makes of this library.
 */
export class PythonScenario implements Scenario {
  public readonly name = 'python';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    requireFresh();
    const python = await Python.installed(directory, join(programs, 'python-wheels'), say);
    const rows: Row[] = [];
    for (const [program, twin] of Object.entries(TWINS)) {
      const [ours, theirs] = [join(directory, 'python', program), join(directory, 'typescript', program)];
      const start = Date.now();
      await python.run(program, ours);
      say(`${program} took ${((Date.now() - start) / 1000).toFixed(1)} s`);
      const tree = new Tree(theirs, twin);
      mkdirSync(theirs, { recursive: true });
      await tree.synth(TOKENS);
      rows.push({
        what: program, answers: `${expectSame(join(theirs, 'dist'), join(ours, 'dist'))} files as of ${twin}`,
      });
    }
    return [...rows, await this.refused(python, directory), await this.command(python, directory)];
  }

  /** A mesh that is refused is told in the library's own sentences, without its secrets. */
  private async refused(python: Python, directory: string): Promise<Row> {
    const told = await python.run('test/e2e/meshes/refused.py', join(directory, 'refused'))
      .then(() => 'nothing', ({ message }: Error) => message);
    if (!told.endsWith(REFUSAL) || told.includes('t0ken')) {
      throw new Error(`of a wrong mesh Python should say\n${REFUSAL}, and says\n${told}`);
    }
    return { what: 'a mesh with two mistakes', answers: 'both are told, no token' };
  }

  /** The command that the wheel brings reads what Python wrote. */
  private async command(python: Python, directory: string): Promise<Row> {
    // its paths start from there
    const [dist, again] = [
      'dist', 'again',
    ].map(name => join(directory, 'python', 'test/e2e/meshes/providers.py', name));
    await python.command(['synth', join(dist, 'mesh.yaml'), '--output', again]);
    return { what: 'istio-mesh of the wheel', answers: `${expectSame(dist, again)} files of its mesh.yaml` };
  }
}

/** A virtual environment with the wheel of this library. */
class Python {
  /** Makes the wheel of what is compiled and installs it, without a network: `wheels` has the packages of others. */
  public static async installed(directory: string, wheels: string, say: Stage['say']): Promise<Python> {
    const environment = join(directory, 'venv');
    const code = join(directory, 'code');
    const pip = (...args: readonly string[]) =>
      run('python3', ['-m', 'pip', '--quiet', '--python', join(environment, 'bin', 'python'), ...args]);
    const others = async () => {
      await run('python3', ['-m', 'venv', '--without-pip', environment]);
      await pip('install', '--no-compile', '--no-index', ...readdirSync(wheels).map(wheel => join(wheels, wheel)));
      say('the packages of others are installed');
    };
    const sources = async () => {
      await run(process.execPath, [
        require.resolve('jsii-pacmak/bin/jsii-pacmak'), '--targets', 'python', '--code-only', '--outdir', code,
        '--no-npmignore',
        '--pack-command', 'npm pack --ignore-scripts --silent',
      ], { cwd: REPOSITORY, env: { ...process.env, TMPDIR: directory, npm_config_offline: 'true' } });
      say('the sources of the wheel are made');
    };
    await Promise.all([others(), sources()]);
    await pip('wheel', '--no-index', '--no-deps', '--no-build-isolation', '--wheel-dir', directory,
      join(code, 'python'));
    const wheel = join(directory, readdirSync(directory).find(name => name.endsWith('.whl'))!);
    await pip('install', '--no-compile', '--no-index', wheel);
    say(`the wheel is installed, of ${(statSync(wheel).size / 1e6).toFixed(1)} MB`);
    return new Python(environment, directory);
  }

  private constructor(private readonly environment: string, private readonly directory: string) {}

  /** Runs a program of this repository; what it writes goes below a directory. */
  public async run(program: string, directory: string): Promise<void> {
    await run(join(this.environment, 'bin', 'python'), [program],
      { cwd: REPOSITORY, env: this.variables({ CDK8S_OUTDIR: join(directory, 'dist') }) });
  }

  /** Runs the command that the wheel brings. */
  public async command(args: readonly string[]): Promise<void> {
    await run(join(this.environment, 'bin', 'istio-mesh'), args, { cwd: REPOSITORY, env: this.variables({}) });
  }

  private variables(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...TOKENS,
      ...more,
      JSII_NODE: process.execPath,
      PYTHONPYCACHEPREFIX: join(this.directory, 'bytecode'),
      TMPDIR: this.directory,
    };
  }
}

/** The wheel has what is compiled, and nobody compiles here: others read these files meanwhile. */
function requireFresh(): void {
  const [changed] = changedSources();
  if (changed !== undefined) {
    throw new Error(`what is compiled is older than ${changed}; run npx projen compile`);
  }
}

/** Compares two trees byte by byte, and gives how many files each has. */
function expectSame(one: string, other: string): number {
  const [ones, others] = [
    one, other,
  ].map(tree => new Map(filesBelow(tree).map(file => [relative(tree, file), readFileSync(file, 'utf-8')])));
  const different = [
    ...new Set([...ones.keys(), ...others.keys()]),
  ].filter(path => ones.get(path) !== others.get(path));
  if (different.length > 0 || ones.size === 0) {
    throw new Error(`${one} and ${other} differ in ${different.join(', ') || 'nothing, and are empty'}`);
  }
  return ones.size;
}
