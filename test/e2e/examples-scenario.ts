import { existsSync, mkdirSync, readdirSync } from 'fs';
import { join, resolve } from 'path';
import { parseAllDocuments } from 'yaml';
import { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { Row, Scenario, Stage } from './scenario';
import { Tree } from './tree';

const REPOSITORY = resolve(__dirname, '..', '..');
const OTHER_CRDS = resolve(REPOSITORY, '..', 'shared', 'crds'); // of other projects' kinds, where somebody has put them
const TOKENS = { ISTIO_TOKEN_CLUSTER1: 'token', ISTIO_TOKEN_CLUSTER2: 'token' }; // so that constructs-only has all its objects
const UNKNOWN = '.spec.selectors: field not declared in schema';
const DRY_RUN = ['--server-side', '--dry-run=server', '--validate=strict'];

/** Shows that a real API server knows every field of every object of the examples, and that istioctl takes every IstioOperator. */
export class ExamplesScenario implements Scenario {
  public readonly name = 'examples';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const trees = await Promise.all(examples().map(async mesh => {
      const tree = new Tree(join(directory, mesh), mesh);
      mkdirSync(tree.path(), { recursive: true });
      await tree.synth(TOKENS);
      return tree;
    }));
    say(`${trees.length} examples are synthesized`);
    return Lab.run({ directory, programs, clusters: { validation: 'network1' } }, ({ clusters: [cluster] }) => this.validate(cluster, trees, say));
  }

  private async validate(cluster: Cluster, trees: readonly Tree[], say: Stage['say']): Promise<readonly Row[]> {
    const [first] = trees;
    const objects = parseAllDocuments(await generate(cluster, first.operators(first.clusters[0])[0])).map(document => document.toJS());
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.filter(object => object?.kind === 'CustomResourceDefinition') }));
    if (existsSync(OTHER_CRDS)) {
      await cluster.kubectl('apply', '--server-side', '-f', OTHER_CRDS);
    }
    await cluster.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
    await cluster.kubectl('apply', '--server-side', '-k', first.path('dist', first.clusters[0], '00-namespace')); // what the rest refers to
    say('the CRDs are there');

    const rows = await Promise.all(trees.map(async tree => {
      const operators = tree.clusters.flatMap(name => tree.operators(name));
      const names = await Promise.all(tree.clusters.map(name => cluster.kubectl('apply', ...DRY_RUN, '-o', 'name', '-k', tree.path('dist', name))));
      await Promise.all(operators.map(file => generate(cluster, file)));
      const accepted = names.join('').trim().split('\n').length;
      if (accepted !== tree.manifests) {
        throw new Error(`${tree.mesh} has ${tree.manifests} manifests, of which its kustomizations apply ${accepted}`);
      }
      return { what: tree.mesh, answers: `${accepted} objects and ${operators.length} IstioOperators accepted` };
    }));
    return [...rows, await this.control(cluster, first, say)];
  }

  /** A field that does not exist must be refused, or the rest says nothing. */
  private async control(cluster: Cluster, tree: Tree, say: Stage['say']): Promise<Row> {
    const [name] = tree.clusters;
    tree.edit({ file: `dist/${name}/50-exposed-services/gateway-cross-network-gateway.yaml`, from: 'selector:', to: 'selectors:' }, say);
    const refusal = await cluster.kubectl('apply', ...DRY_RUN, '-k', tree.path('dist', name)).then(() => 'accepted', (error: Error) => error.message);
    if (!refusal.includes(UNKNOWN)) {
      throw new Error(`a Gateway with the field 'selectors' should be refused: ${refusal}`);
    }
    return { what: 'control: a misspelt field', answers: UNKNOWN };
  }
}

function examples(): readonly string[] {
  const directories = readdirSync(join(REPOSITORY, 'examples'), { withFileTypes: true }).filter(entry => entry.isDirectory());
  return directories.map(({ name }) => join('examples', name, existsSync(join(REPOSITORY, 'examples', name, 'main.ts')) ? 'main.ts' : 'mesh.yaml'));
}

async function generate(cluster: Cluster, file: string): Promise<string> {
  return cluster.istioctl('manifest', 'generate', '-f', file);
}
