import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { isDeepStrictEqual } from 'util';
import { parse } from 'yaml';
import { run } from './lab/process';
import type { Row, Scenario, Stage } from './scenario';
import { Tree } from './tree';

const MESH = 'test/e2e/meshes/argo-cd-set.ts';
const condition = (type: string, status: string, reason = '') => ({ type, status, reason });
const observed =
  (observedGeneration: number, ...conditions: object[]) => ({ observedGeneration, state: 'Healthy', conditions });
const RECONCILED = condition('Reconciled', 'True');

/** What the Sail operator says, and what that is to Argo CD. */
const STATES: ReadonlyArray<readonly [status: object | undefined, health: string]> = [
  [undefined, 'Progressing'],
  [{}, 'Progressing'],
  [observed(1, RECONCILED, condition('Ready', 'True')), 'Progressing'], // of the object as it was before
  [observed(2, RECONCILED, condition('Ready', 'False', 'IstiodNotReady')), 'Progressing'],
  [observed(2, RECONCILED, condition('Ready', 'True'), condition('DependenciesHealthy', 'False', 'IstioCNINotFound')),
    'Progressing'],
  [observed(2, condition('Reconciled', 'Unknown')), 'Progressing'],
  [observed(2, condition('Reconciled', 'False', 'ReconcileError')), 'Degraded'],
  [observed(2, RECONCILED, condition('Ready', 'True')), 'Healthy'],
  [observed(2, RECONCILED, condition('InUse', 'False', 'NotReferencedByAnything')), 'Healthy'], // a tag
];

/**
 * Shows with Argo CD's own engines that an ApplicationSet makes the Applications that there would be without it, and
 * what health Sail's kinds have.
 */
export class ArgoCdExpressionsScenario implements Scenario {
  public readonly name = 'argo-cd-expressions';

  public async run({ directory, programs }: Stage): Promise<readonly Row[]> {
    const evaluate = async (expressions: readonly object[]): Promise<any[]> =>
      JSON.parse(await run(join(programs, 'argo-cd-expressions'), [], { input: JSON.stringify(expressions) }));
    const [set, single] = await Promise.all([true, false].map(async applicationSet => {
      const tree = new Tree(join(directory, String(applicationSet)), MESH);
      mkdirSync(tree.path());
      await tree.synth({ APPLICATION_SET: String(applicationSet) });
      return tree;
    }));
    const read = (tree: Tree, path: string) => parse(readFileSync(tree.path('dist', 'argocd', path), 'utf-8'));
    const { spec } = read(set, 'applicationset-mesh1.yaml');
    for (const element of spec.generators[0].list.elements) {
      const [filled, patch] =
        await evaluate([
          JSON.stringify(spec.template), spec.templatePatch,
        ].map(template => ({ template, value: element })));
      const { metadata, spec: application } = JSON.parse(filled);
      const { metadata: { namespace: _, ...expected }, spec: other } =
        read(single, `application-mesh1-${element.cluster}.yaml`);
      if (!isDeepStrictEqual([metadata, { ...application, ...parse(patch).spec }], [expected, other])) {
        throw new Error(`the Application of ${element.cluster} should be ${JSON.stringify(other)}, and is ${filled} `
          + `with ${patch}`);
      }
    }
    const lua =
      read(set, 'health/configmap-argocd-cm.yaml').data['resource.customizations.health.sailoperator.io_Istio'];
    const found = await evaluate(STATES.map(([status]) => ({ lua, value: { metadata: { generation: 2 }, status } })));
    const wrong = STATES.filter(([, health], i) => found[i].status !== health);
    if (wrong.length > 0) {
      throw new Error(`of ${JSON.stringify(wrong)} the health is another: ${JSON.stringify(found)}`);
    }
    return [
      { what: 'ApplicationSet', answers: 'makes the Applications that there are without it' },
      {
        what: `${STATES.length} states of the Sail operator's objects`,
        answers: [...new Set(found.map(({ status }) => status))].join(', '),
      },
    ];
  }
}
