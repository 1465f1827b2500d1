import { MANY_CLUSTERS } from '../../../definition/topology';
import { shownUrl } from '../../../istio/kubeconfig';
import { shellWord } from '../../../util/shell-word';
import type { Interview } from '../interview';
import type { KubeContext } from '../kubeconfig-contexts';

/** The contexts of `--from-contexts`, or those that the user selects if the option has no value. */
export async function runningContexts(
  values: readonly string[] | true, known: readonly KubeContext[], interview: Interview,
): Promise<readonly string[]> {
  if (values !== true) {
    return [...new Set(values)];
  }
  return interview.askChoices({
    message: 'Contexts of the clusters',
    why: 'Each cluster of the running mesh is a context of your kubeconfig. No cluster is modified.',
    choices: known.map(({ name, server }) => ({ title: name, value: name, description: shownUrl(server) })),
    missing: `--from-contexts has no value; name the contexts of all clusters of the mesh${availableContexts(known)}`,
    problem: answers => answers.length === 0 ? 'choose at least one context' : undefined,
  });
}

function availableContexts(known: readonly KubeContext[]): string {
  const names = known.slice(0, MANY_CLUSTERS).map(({ name }) => shellWord(name)).join(' ');
  const more = known.length > MANY_CLUSTERS ? ' …' : '';
  return names && ` (available: ${names}${more})`;
}
