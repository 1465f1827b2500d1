import { existsSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join, resolve } from 'path';
import { run } from './lab/process';

const REPOSITORY = resolve(__dirname, '..', '..');
const GITOPS = ['argocd', 'flux']; // beside the clusters

/** What is applied, below a directory: `dist/` is what a mesh synthesizes. */
export class Tree {
  /** `mesh` is a program or a mesh.yaml of this repository, or the name of what somebody else writes there. */
  public constructor(private readonly directory: string, public readonly mesh: string) {}

  /** Runs the program, with its cluster's tokens or without. */
  public async synth(tokens: NodeJS.ProcessEnv = {}): Promise<void> {
    const dist = this.path('dist');
    const program = this.mesh.endsWith('.yaml') ? ['src/cli.ts', 'synth', this.mesh, '--output', dist] : [this.mesh];
    await run(process.execPath, ['--import', 'tsx', ...program],
      { cwd: REPOSITORY, env: { ...process.env, ...tokens, CDK8S_OUTDIR: dist } });
  }

  /** Replaces text everywhere in a file, and says it; text that is not there is an error. */
  public edit({ file, from, to }: Edit, say: (line: string) => void): void {
    for (const one of this.expand(file)) {
      const text = readFileSync(this.path(one), 'utf-8');
      if (!text.includes(from)) {
        throw new Error(`${one} has no '${from}' to edit`);
      }
      writeFileSync(this.path(one), text.replaceAll(from, to));
      say(`edited ${one}: ${JSON.stringify(from)} is now ${JSON.stringify(to)}`);
    }
  }

  /** A path, or those of all clusters where `*` stands for their names. */
  public expand(path: string): readonly string[] {
    return path.includes('*') ? this.clusters.map(cluster => path.replace('*', cluster)) : [path];
  }

  public get clusters(): readonly string[] {
    const directories = readdirSync(this.path('dist'), { withFileTypes: true }).filter(entry => entry.isDirectory())
      .map(({ name }) => name);
    return directories.filter(name => !GITOPS.includes(name));
  }

  /**
   * The IstioOperators of a cluster, in the order in which they are installed; none where istioctl is not the
   * installer.
   */
  public operators(cluster: string): readonly string[] {
    const files = this.has(cluster, 'istioctl') ? readdirSync(this.path('dist', cluster, 'istioctl')) : [];
    const [controlPlanes, gateways] = [
      files.filter(isControlPlane), files.filter(file => !isControlPlane(file)),
    ].map(names => names.sort());
    return [...controlPlanes, ...gateways].map(file => this.path('dist', cluster, 'istioctl', file));
  }

  /** Whether a cluster has something in a step. */
  public has(cluster: string, step: string): boolean {
    return existsSync(this.path('dist', cluster, step));
  }

  /** The releases of Helm of a cluster: the first line of a file of values is the command that installs it. */
  public releases(cluster: string): readonly Release[] {
    return readdirSync(this.path('dist', cluster, 'helm')).sort()
      .map(file => release(this.path('dist', cluster, 'helm', file)));
  }

  /** The namespaces that Istio's parts are in. */
  public get namespaces(): readonly string[] {
    const files = readdirSync(this.path('dist'), { recursive: true }) as string[];
    return files.flatMap(file => /\/00-namespace\/namespace-(.*)\.yaml$/.exec(file)?.[1] ?? []);
  }

  /** How many files hold an object for a cluster. */
  public get manifests(): number {
    const files = readdirSync(this.path('dist'), { recursive: true }) as string[];
    return files.filter(file =>
      file.split('/').length === 3 && !/^(argocd|flux)\/|\/(istioctl|helm)\/|kustomization\.yaml$/.test(file)).length;
  }

  public path(...path: readonly string[]): string {
    return join(this.directory, ...path);
  }
}

function isControlPlane(file: string): boolean {
  return file.startsWith('control-plane');
}

/** A release of Helm, of one of Istio's charts. */
export interface Release {
  readonly name: string;
  readonly chart: string;
  readonly namespace: string;
  /** What else the command says, e.g. `--wait`; not where the chart comes from. */
  readonly flags: readonly string[];
  /** The file with its values. */
  readonly values: string;
}

/** What the first line of a file of values says, whether the chart is one of a repository or of a registry. */
export function release(values: string): Release {
  const [command] = readFileSync(values, 'utf-8').split('\n');
  const [, name, ofRegistry, ofRepository, namespace, flags] = COMMAND.exec(command) ?? [];
  if (!name) {
    throw new Error(`${values} should begin with '# helm upgrade --install RELEASE CHART --repo URL --version VERSION `
      + `--namespace NAMESPACE …', and does with '${command}'`);
  }
  return { name, chart: ofRegistry ?? ofRepository, namespace, flags: flags.split(' ').filter(Boolean), values };
}

const COMMAND =
  /^# helm upgrade --install (\S+) (?:oci:\/\/\S+\/([^/\s]+)|([^/\s]+) --repo \S+) --version \S+ --namespace (\S+)((?: --\S+)*) --values \S+$/;

/** A substitution in one file, or in the same one of every cluster, wherever the text stands there. */
export interface Edit {
  /** Its path, from the directory with `dist/`; `*` is the name of every cluster. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
