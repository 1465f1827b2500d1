import { mkdirSync } from 'fs';
import { availableParallelism } from 'os';
import { join } from 'path';
import { type Control, Judge, told } from './judge';
import { Lab } from './lab/lab';
import { type Sample, sampleOfMeshes, samples } from './mesh-sample';
import { inParallel } from './parallel';
import type { Row, Scenario, Stage } from './scenario';
import { type Edit, Tree } from './tree';
import { writeTree } from '../../src/util/host/tree-writer';
import { giveSecrets, SEED, twoNetworks } from '../support/random-meshes';

/** The mesh that the controls are made of; it is accepted as it is. */
const UNUSUAL = {
  ...twoNetworks(), clusters: [{ name: 'cluster1', network: '0X1F', eastWestGateway: { install: 'always' } }],
};

const CONTROLS: ReadonlyArray<Edit & Omit<Control, 'tree'>> = [
  {
    what: 'a label that is a number to kubectl',
    file: 'dist/cluster1/00-namespace/namespace-istio-system.yaml',
    from: '"0X1F"',
    to: '0X1F',
    refusal: 'cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  },
  {
    what: 'a network that is a number to istioctl',
    file: 'dist/cluster1/istioctl/control-plane.yaml',
    from: '"0X1F"',
    to: '0X1F',
    refusal: 'cannot unmarshal number into Go value of type string',
  },
  {
    what: 'a name that istioctl makes a number of',
    file: 'dist/cluster1/istioctl/eastwest.yaml',
    from: 'name: istio-eastwestgateway',
    to: 'name: "007"',
    refusal: 'cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string',
  },
];

/**
 * Shows that real programs take what the rules accept, with every unusual word of the random meshes of the properties
 * test.
 */
export class RandomMeshesScenario implements Scenario {
  public readonly name = 'random-meshes';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const secrets = join(directory, 'secrets');
    mkdirSync(secrets);
    giveSecrets(secrets);
    const write =
      (sample: Sample, name = sample.name) => ({ ...sample, tree: written(join(directory, 'meshes', name), sample) });
    const [unusual] = samples('the controls', UNUSUAL);
    const all = [unusual, ...sampleOfMeshes(secrets, say)].map(sample => write(sample));
    const controls = CONTROLS.map(control => ({ ...control, ...write(unusual, control.what) }));
    controls.forEach(({ tree, ...edit }) => tree.edit(edit, say));

    return Lab.run({ directory, programs, clusters: { validation: 'network1' } }, async ({ clusters: [cluster] }) => {
      const namespaces = all.flatMap(({ tree }) => tree.namespaces);
      const judge = await Judge.start(cluster, { operator: all[0].tree.operators('cluster1')[0], namespaces });
      say('the CRDs are there');
      return [await this.accept(judge, all),
        ...await inParallel(availableParallelism(), controls, control => judge.refuse(control))];
    });
  }

  private async accept(judge: Judge, all: readonly Written[]): Promise<Row> {
    const refusals: string[] = [];
    const verdicts =
      await inParallel(availableParallelism(), all,
        ({ name, mesh, tree }) => judge.judge(tree).catch((error: Error) => {
          refusals.push(`${name} is refused, and the rules accept it; the mesh is `
        + `${JSON.stringify(mesh)}\n${error.message}`);
          return { objects: 0, operators: 0 };
        }));
    if (refusals.length > 0) {
      throw new Error(`${refusals.length} of ${all.length} clusters refused; ISTIO_MESH_SEED=${SEED} makes them `
        + `again\n${refusals.join('\n')}`);
    }
    return { what: `${all.length} clusters of seed ${SEED}`, answers: told(verdicts) };
  }
}

/** A sample with its tree on the disk. */
interface Written extends Sample {
  readonly tree: Tree;
}

function written(directory: string, { name, files }: Sample): Tree {
  mkdirSync(directory, { recursive: true });
  const tree = new Tree(directory, name);
  writeTree(tree.path('dist'), files);
  return tree;
}
