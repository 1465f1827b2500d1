import type { Lab } from './lab/lab';
import { expectNoneIn, filesBelow, secretsOf } from './secrets';
import type { Tree } from './tree';

/** Has the command write links into files, and shows that nothing secret can be read there. */
export async function writeLinks(lab: Lab, tree: Tree, ...flags: readonly string[]): Promise<void> {
  await lab.script(['npx istio-mesh link dist/mesh.yaml', ...flags].join(' '), tree.path());
  const secrets = await Promise.all(lab.clusters.map(secretsOf));
  expectNoneIn([...filesBelow(tree.path('dist')), ...filesBelow(tree.path('links'))], secrets.flat());
}
