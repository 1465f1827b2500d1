import { existsSync, mkdirSync, readdirSync } from 'fs';
import { availableParallelism } from 'os';
import { join, resolve } from 'path';
import { Judge, told } from './judge';
import type { Cluster } from './lab/cluster';
import { Lab } from './lab/lab';
import { inParallel } from './parallel';
import type { Row, Scenario, Stage } from './scenario';
import { Tree } from './tree';

const REPOSITORY = resolve(__dirname, '..', '..');
const OTHER_CRDS = join(__dirname, '../crds'); // of other projects' kinds
// so that constructs-only has all its objects
const TOKENS = { ISTIO_TOKEN_CLUSTER1: 'token', ISTIO_TOKEN_CLUSTER2: 'token' };

/**
 * Shows that a real API server knows every field of every object of the examples, and that istioctl takes every
 * IstioOperator.
 */
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
    return Lab.run({ directory, programs, clusters: { validation: 'network1' } },
      ({ clusters: [cluster] }) => this.judge(cluster, trees, say));
  }

  private async judge(cluster: Cluster, trees: readonly Tree[], say: Stage['say']): Promise<readonly Row[]> {
    const first = trees.find(tree => tree.operators(tree.clusters[0]).length > 0)!; // istioctl knows Istio's CRDs
    const [name] = first.clusters;
    const judge = await Judge.start(cluster, {
      operator: first.operators(name)[0],
      namespaces: trees.flatMap(tree => tree.namespaces),
      crds: OTHER_CRDS,
    });
    say('the CRDs are there');
    const rows =
      await inParallel(availableParallelism(), trees,
        async tree => ({ what: tree.mesh, answers: told([await judge.judge(tree)]) }));
    first.edit({
      file: `dist/${name}/50-exposed-services/gateway-cross-network-gateway.yaml`, from: 'selector:', to: 'selectors:',
    }, say);
    const refusal = '.spec.selectors: field not declared in schema';
    return [...rows, await judge.refuse({ what: 'a misspelt field', tree: first, refusal })];
  }
}

function examples(): readonly string[] {
  const directories = readdirSync(join(REPOSITORY, 'examples'), { withFileTypes: true })
    .filter(entry => entry.isDirectory());
  return directories.flatMap(({ name }) =>
    ['main.ts', 'mesh.yaml'].map(file => join('examples', name, file))
      .filter(file => existsSync(join(REPOSITORY, file))).slice(0, 1));
}
