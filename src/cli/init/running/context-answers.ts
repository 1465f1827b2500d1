import type { Interview } from '../interview';
import type { KubeContext } from '../kubeconfig-contexts';
import { MANY_CLUSTERS } from '../../../definition/topology';
import { shownUrl } from '../../../istio/kubeconfig';
import { shellWord } from '../../../util/shell-word';

/** The contexts of the clusters that a mesh is read from: those that are named, or the answer to which. */
export async function runningContexts(
  named: readonly string[] | true, known: readonly KubeContext[], interview: Interview,
): Promise<readonly string[]> {
  if (named !== true) {
    return [...new Set(named)];
  }
  const examples = known.slice(0, MANY_CLUSTERS).map(({ name }) => shellWord(name)).join(' ');
  return interview.several({
    message: 'Contexts of the clusters',
    why: 'Each cluster of the mesh that runs is a context of your kubeconfig. Nothing is changed there.',
    choices: known.map(({ name, server }) => ({ title: name, value: name, description: shownUrl(server) })),
    missing: `--from-contexts names no context; name that of every cluster of the mesh${examples && `, of ${examples}`}${known.length > MANY_CLUSTERS ? ' …' : ''}`,
    problem: answers => answers.length === 0 ? 'choose one at least' : undefined,
  });
}
