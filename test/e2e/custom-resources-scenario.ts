import { existsSync, mkdirSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { DRY_RUN } from './judge';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import type { Row, Scenario, Stage } from './scenario';
import { type Edit, Tree } from './tree';

const CRDS = join(__dirname, '../crds');

export interface CustomResourcesProps {
  readonly name: string;
  readonly meshes: ReadonlyArray<{
    /** The program or the mesh.yaml that is synthesized. */
    readonly mesh: string;
    /** The directories below `dist/` that are applied; `*` is the name of every cluster. */
    readonly directories: readonly string[];
  }>;
  /** A change of the first mesh, and with which words it is refused. */
  readonly control: Edit & { readonly what: string; readonly refusal: string };
}

/**
 * Shows that a real API server knows every field of objects that controllers read which are not there, on the CRDs of
 * those controllers.
 */
export class CustomResourcesScenario implements Scenario {
  public readonly name: string;

  public constructor(private readonly props: CustomResourcesProps) {
    this.name = props.name;
  }

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const meshes = await Promise.all(this.props.meshes.map(async ({ mesh, directories }) => {
      const tree = new Tree(join(directory, 'meshes', mesh), mesh);
      mkdirSync(tree.path(), { recursive: true });
      await tree.synth();
      return { tree, paths: directories.flatMap(one => tree.expand(one)).map(one => tree.path('dist', one)) };
    }));
    say('synthesized');
    return Lab.run({ directory, programs, clusters: { validation: 'network1' } }, async ({ clusters: [cluster] }) => {
      await this.prepare(cluster, meshes.flatMap(({ paths }) => paths));
      say('the CRDs are there');
      const rows: Row[] = [];
      for (const { tree, paths } of meshes) {
        rows.push({
          what: tree.mesh, answers: told((await Promise.all(paths.map(path => apply(cluster, path)))).flat()),
        });
      }
      const [first] = meshes;
      return [...rows, await this.refuse(cluster, first.tree, first.paths, say)];
    });
  }

  /** Makes known what the objects are, and where they are, so that each is refused for its own fields alone. */
  private async prepare(cluster: Cluster, paths: readonly string[]): Promise<void> {
    await cluster.addKinds(CRDS);
    await cluster.addKinds(join(cluster.chart('base'), 'files', 'crd-all.gen.yaml'));
    const namespaces = paths.flatMap(path => readdirSync(path).filter(file => file.endsWith('.yaml'))
      .map(file => parse(readFileSync(join(path, file), 'utf-8')).metadata?.namespace));
    const items = [
      ...new Set(namespaces.filter(Boolean)),
    ].map(name => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }), '--server-side');
  }

  private async refuse(cluster: Cluster, tree: Tree, paths: readonly string[], say: Stage['say']): Promise<Row> {
    const { what, refusal, ...edit } = this.props.control;
    tree.edit(edit, say);
    const words = await Promise.all(paths.map(path => apply(cluster, path)))
      .then(() => 'everything is accepted', (error: Error) => error.message);
    if (!words.includes(refusal)) {
      throw new Error(`${what} should be refused with '${refusal}': ${words}`);
    }
    return { what: `control: ${what}`, answers: refusal };
  }
}

/** Has the API server judge what a directory holds, and gives the kinds of that. */
async function apply(cluster: Cluster, path: string): Promise<readonly string[]> {
  const names =
    await cluster.kubectl('apply', ...DRY_RUN, existsSync(join(path, 'kustomization.yaml')) ? '-k' : '-f', path);
  return names.trim().split('\n').map(name => name.split('/')[0]);
}

function told(kinds: readonly string[]): string {
  return [...new Set(kinds)].sort().map(kind => `${kinds.filter(one => one === kind).length} ${kind}`).join(', ');
}
