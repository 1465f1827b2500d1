import { apiServerViolation } from './api-server-answers';
import { proposedNames } from './cluster-names';
import type { InitOptions } from './init-options';
import type { Choice, Interview } from './interview';
import type { KubeContext, KubeContexts } from './kubeconfig-contexts';
import { parseNameValue } from './name-value';
import type { MaybeProblem } from '../../core/rule';
import { MANY_CLUSTERS } from '../../definition/topology';
import { shownUrl } from '../../istio/kubeconfig';
import { dnsLabelProblem } from '../../istio/names';
import { shellWord } from '../../util/shell-word';
import { nearest } from '../../util/suggestions';

/** A cluster that the user chose, by its context or by a name. */
export interface ChosenCluster {
  readonly name?: string;
  readonly context: string;
  /** Whether the user named the context, so that it must exist in the kubeconfig. */
  readonly isContextNamed: boolean;
}

/** The clusters in the options, or else those that the user selects. */
export async function chooseClusters(
  { cluster = [], context = [] }: InitOptions, known: KubeContexts, interview: Interview,
): Promise<ChosenCluster[]> {
  if (cluster.length > 0 || context.length > 0) {
    return [
      ...cluster.map(parseNameValue).map(([name, named]) => ({
        name, context: named ?? name, isContextNamed: named !== undefined,
      })),
      ...context.map(name => ({ context: name, isContextNamed: true })),
    ];
  }
  return known.contexts.length === 0 ? askNames(known, interview) : askContexts(known, interview);
}

async function askNames({ reason }: KubeContexts, interview: Interview): Promise<ChosenCluster[]> {
  const names = await interview.askText({
    message: 'Names of the clusters, separated by commas',
    why: `The names are also used as the names of the contexts (no contexts are available: ${reason}).`,
    missing: `no clusters are selected, and no contexts are available: ${reason}; alternatively, name each cluster `
      + 'with --cluster NAME=CONTEXT, and its API server with --api-server NAME=URL',
    problem: text => namesProblem(splitList(text)),
  });
  return splitList(names).map(name => ({ name, context: name, isContextNamed: false }));
}

async function askContexts({ contexts }: KubeContexts, interview: Interview): Promise<ChosenCluster[]> {
  const examples = contexts.slice(0, MANY_CLUSTERS).map(({ name }) => shellWord(name)).join(' ');
  const answers = await interview.askChoices({
    message: 'Contexts of the clusters',
    why: 'Each cluster of the mesh is a context of your kubeconfig. Its istiod reads the API servers of the others.',
    choices: contexts.map(contextChoice),
    missing: `no clusters are selected; name contexts of your kubeconfig with --context, e.g. --context ${examples}`,
    problem: names => names.length === 0
      ? 'choose at least one context'
      : sameClusterProblems(contexts.filter(({ name }) => names.includes(name)))[0],
  });
  return answers.map(name => ({ context: name, isContextNamed: true }));
}

/** A context to choose, marked if init will also ask for its API server. */
function contextChoice({ name, server }: KubeContext): Choice {
  const hint = apiServerViolation(server) === undefined ? '' : ' (the other clusters need a different URL than you)';
  return { title: `${name}${hint}`, value: name, description: shownUrl(server) };
}

/** Asks for the names of the clusters that have none yet, and proposes names. */
export async function nameClusters(
  chosen: readonly ChosenCluster[], interview: Interview,
): Promise<Array<ChosenCluster & { readonly name: string }>> {
  const taken = chosen.flatMap(({ name }) => name ?? []);
  const unnamed = chosen.filter(({ name }) => name === undefined).map(({ context }) => context);
  if (unnamed.length === 0) {
    return chosen.map(cluster => ({ ...cluster, name: cluster.name! }));
  }
  const answer = await interview.askText({
    message: `Names of the clusters${unnamed.length > 1 ? ', in this order' : ''}`,
    why: 'The names are used in labels, directories and links. If you rename a cluster later, istiod treats it as a '
      + `new cluster. Contexts: ${unnamed.join(', ')}`,
    initial: proposedNames(unnamed, taken).join(', '),
    problem: text => splitList(text).length === unnamed.length
      ? namesProblem([...taken, ...splitList(text)])
      : `write ${unnamed.length} names, separated by commas`,
  });
  const names = splitList(answer);
  return chosen.map(cluster => ({ ...cluster, name: cluster.name ?? names.shift() ?? '' }));
}

function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function namesProblem(names: readonly string[]): MaybeProblem | string {
  if (names.length === 0) {
    return 'write a name for each cluster';
  }
  const duplicate = names.find((name, i) => names.indexOf(name) < i);
  return names.map(name => dnsLabelProblem('name', name)).find(Boolean)
    || (duplicate && `name '${duplicate}' is used twice; give each cluster a unique name`);
}

/** Errors about contexts that do not exist. A cluster with a name and an API server needs no context here. */
export function contextProblems(
  chosen: readonly ChosenCluster[], { contexts, reason }: KubeContexts, isUrlSet: (cluster: ChosenCluster) => boolean,
): string[] {
  const known = contexts.map(({ name }) => name);
  return chosen
    .filter(({ isContextNamed, context }) => isContextNamed && !known.includes(context))
    .filter(cluster => cluster.name === undefined || !isUrlSet(cluster))
    .map(({ context }) => reason === undefined
      ? `context '${context}' is not in your kubeconfig; ${nearest(context, known)}`
      : `context '${context}' cannot be read: ${reason}; alternatively, name the cluster and its API server: `
        + `--cluster NAME=${shellWord(context)} --api-server NAME=URL`);
}

/**
 * Errors about contexts that lead to the same cluster, e.g. for different users.
 *
 * Behind a proxy, several clusters can have the same URL; the TLS server name distinguishes them.
 */
export function sameClusterProblems(contexts: readonly KubeContext[]): string[] {
  const firstContexts = new Map<string, string>();
  return contexts.flatMap(({ name, server, tlsServerName, proxyUrl }) => {
    const key = JSON.stringify([server, tlsServerName, proxyUrl]);
    const first = firstContexts.get(key);
    firstContexts.set(key, first ?? name);
    return first === undefined ? []
      : [`contexts '${first}' and '${name}' lead to the same cluster, ${shownUrl(server)}; choose one of them`];
  });
}
