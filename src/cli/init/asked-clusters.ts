import { proposedNames } from './cluster-names';
import type { InitOptions } from './init-options';
import type { Choice, Interview } from './interview';
import type { KubeContext, KubeContexts } from './kubeconfig-contexts';
import { namedValue } from './named-values';
import { evaluateRules } from '../../core/evaluate';
import { MANY_CLUSTERS } from '../../definition/topology';
import { apiServerProblem, shownUrl } from '../../istio/kubeconfig';
import { dnsLabelProblem } from '../../istio/names';
import { API_SERVER_RULES } from '../../rules/construct/api-server-rules';
import type { Fields } from '../../util/map';
import { present } from '../../util/map';
import { shellWord } from '../../util/shell-word';
import { nearest } from '../../util/suggestions';

/** What is wrong with the options, and what the author of a mesh should know, as it is found. */
export interface Remarks {
  readonly problems: string[];
  readonly notes: string[];
}

/** A cluster that was asked for, with what its context tells. */
export interface AskedCluster {
  readonly name: string;
  readonly settings: Fields;
}

/** The clusters of the mesh: their names, contexts and API servers. */
export async function askedClusters(
  options: InitOptions, known: KubeContexts, interview: Interview, remarks: Remarks,
): Promise<AskedCluster[]> {
  const byName = new Map(known.contexts.map(context => [context.name, context]));
  const said = options.apiServer ?? [];
  const ofAll = said.find(isUrl);
  const servers = new Map(said.filter(text => !isUrl(text)).map(namedValue));
  const serverOf = (name: string) => servers.get(name) ?? ofAll?.replaceAll('$(cluster)', name);
  const chosen = await chosenClusters(options, known, interview);
  const hasServer = ({ name }: Chosen) => ofAll !== undefined || (name !== undefined && servers.has(name));
  const reachedByContext = chosen.filter(cluster => !hasServer(cluster)).flatMap(({ context }) => byName.get(context) ?? []);
  remarks.problems.push(...contextProblems(chosen, known, hasServer), ...sameCluster(reachedByContext));
  const clusters = await named(chosen, interview);
  remarks.problems.push(...serverProblems(servers, clusters.map(({ name }) => name)));
  const asked: AskedCluster[] = [];
  for (const { name, context } of clusters) {
    const access = await reached(name, serverOf(name), byName.get(context), clusters.length > 1, interview);
    remarks.notes.push(...accessNotes(name, serverOf(name) === undefined ? byName.get(context) : undefined));
    asked.push({ name, settings: present({ ...access, context: context === name ? undefined : context }) });
  }
  return asked;
}

/** A cluster that somebody chose, with a name of their own or by its context alone. */
interface Chosen {
  readonly name?: string;
  readonly context: string;
  /** Whether the context was named, and must be there. */
  readonly isNamed: boolean;
}

async function chosenClusters(
  { cluster = [], context = [] }: InitOptions, { contexts, reason }: KubeContexts, interview: Interview,
): Promise<Chosen[]> {
  const byFlag = [
    ...cluster.map(namedValue).map(([name, of]) => ({ name, context: of ?? name, isNamed: of !== undefined })),
    ...context.map(name => ({ context: name, isNamed: true })),
  ];
  if (byFlag.length > 0) {
    return byFlag;
  }
  if (contexts.length === 0) {
    const names = await interview.text({
      message: 'Names of the clusters, with commas between them',
      why: `They are taken for the names of your contexts, too (${reason}).`,
      missing: `no cluster is named, and ${reason}; name each with --cluster NAME=CONTEXT, and its API server with --api-server NAME=URL`,
      problem: text => namesProblem(list(text)),
    });
    return list(names).map(name => ({ name, context: name, isNamed: false }));
  }
  const chosen = await interview.several({
    message: 'Contexts of the clusters',
    why: 'Each cluster of the mesh is a context of your kubeconfig. Its istiod will read the others at their API servers.',
    choices: contexts.map(choice),
    missing: `no cluster is named; choose contexts of your kubeconfig with --context, e.g. --context ${contexts.slice(0, MANY_CLUSTERS).map(({ name }) => shellWord(name)).join(' ')}`,
    problem: answers => answers.length === 0 ? 'choose one at least' : sameCluster(contexts.filter(({ name }) => answers.includes(name)))[0],
  });
  return chosen.map(name => ({ context: name, isNamed: true }));
}

/** A context, and whether more must be said of it. */
function choice({ name, server }: KubeContext): Choice {
  const title = apiServerFinding(server) === undefined ? name : `${name} (the other clusters need another URL than yours)`;
  return { title, value: name, description: shownUrl(server) };
}

/** Every cluster with a name; those that have none are proposed one. */
async function named(chosen: readonly Chosen[], interview: Interview): Promise<Array<Chosen & { readonly name: string }>> {
  const own = chosen.flatMap(({ name }) => name ?? []);
  const unnamed = chosen.filter(({ name }) => name === undefined).map(({ context }) => context);
  const proposals = proposedNames(unnamed, own);
  const names = unnamed.length === 0 ? [] : list(await interview.text({
    message: `Names of the clusters${unnamed.length > 1 ? ', in this order' : ''}`,
    why: `They stand in labels, directories and links, so that a later change is a new cluster to istiod. Contexts: ${unnamed.join(', ')}`,
    initial: proposals.join(', '),
    missing: '',
    problem: text => list(text).length !== unnamed.length ? `write ${unnamed.length} names, with commas between them` : namesProblem([...own, ...list(text)]),
  }));
  return chosen.map(cluster => ({ ...cluster, name: cluster.name ?? names.shift() ?? '' }));
}

function list(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function namesProblem(names: readonly string[]): string | undefined {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  return names.length === 0 ? 'write a name for each cluster' : names.map(name => dnsLabelProblem('name', name)).find(Boolean)
    ?? (twice && `name '${twice}' stands there twice; give each cluster one of its own`);
}

/** A context may be on another machine where its name and its API server are said. */
function contextProblems(chosen: readonly Chosen[], { contexts, reason }: KubeContexts, hasServer: (cluster: Chosen) => boolean): string[] {
  const names = contexts.map(({ name }) => name);
  const unknown = chosen.filter(({ isNamed, context }) => isNamed && !names.includes(context));
  return unknown.filter(cluster => cluster.name === undefined || !hasServer(cluster)).map(({ context }) =>
    reason === undefined ? `context '${context}' is not in your kubeconfig; ${nearest(context, names)}`
      : `context '${context}': ${reason}; without it, name the cluster and its API server: --cluster NAME=${shellWord(context)} --api-server NAME=URL`);
}

/** Contexts of different users of one cluster. A proxy may have one URL for several clusters, and tell them apart by the name that TLS asks for. */
function sameCluster(contexts: readonly KubeContext[]): string[] {
  const first = new Map<string, string>();
  return contexts.flatMap(({ name, server, tlsServerName, proxyUrl }) => {
    const key = JSON.stringify([server, tlsServerName, proxyUrl]);
    const other = first.get(key);
    first.set(key, other ?? name);
    return other === undefined ? [] : [`contexts '${other}' and '${name}' both lead to ${shownUrl(server)}, so that they are one cluster; name one of them`];
  });
}

/** One URL for all clusters, with `$(cluster)` in it, and not `NAME=URL`. */
function isUrl(text: string): boolean {
  return /^[a-z]+:\/\//.test(text);
}

function serverProblems(servers: ReadonlyMap<string, string | undefined>, names: readonly string[]): string[] {
  return [...servers].flatMap(([name, url]) => [
    ...url === undefined ? [`--api-server ${name} has no URL; write ${name}=https://HOST:PORT`] : [],
    ...names.includes(name) ? [] : [`--api-server names '${name}', which is no cluster of this mesh; ${nearest(name, names)}`],
  ]);
}

const UNKNOWN = 'no context tells its apiServer; give the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443';

/** How the other clusters reach a cluster: as it was said, as the kubeconfig has it where they can, and otherwise as it is asked. */
async function reached(
  name: string, said: string | undefined, context: KubeContext | undefined, hasPeers: boolean, interview: Interview,
): Promise<Fields> {
  const finding = context && apiServerFinding(context.server);
  if (said !== undefined || (context && finding === undefined)) {
    return said !== undefined ? { apiServer: said } : { apiServer: context!.server, tlsServerName: context!.tlsServerName };
  }
  if (!hasPeers) {
    return {};
  }
  const why = `cluster '${name}': ${finding ?? UNKNOWN}${kindHint(context)}`;
  const apiServer = await interview.text({
    message: `API server of ${name}, as the other clusters reach it`,
    why,
    missing: `${why}; say it with --api-server ${name}=URL`,
    problem: apiServerProblem,
  });
  return { apiServer };
}

/** Why the other clusters do not reach an API server as kubectl does, from the rules by which synth judges it. */
function apiServerFinding(apiServer: string): string | undefined {
  return evaluateRules(API_SERVER_RULES, { apiServer })[0]?.message;
}

function kindHint(context: KubeContext | undefined): string {
  const cluster = /^kind-([\w.-]+)$/.exec(context?.name ?? '')?.[1];
  return cluster === undefined ? ''
    : `; of kind that is the address of its container, https://$(docker inspect -f '{{.NetworkSettings.Networks.kind.IPAddress}}' ${cluster}-control-plane):6443`;
}

function accessNotes(name: string, context: KubeContext | undefined): string[] {
  return [
    ...context?.isUnverified ? [`cluster '${name}': your kubectl takes any certificate from its API server, and the peers' istiods do not; where it is not `
      + 'of the cluster\'s own authority, or not for the host of apiServer, set caData or tlsServerName'] : [],
    ...context?.proxyUrl !== undefined ? [`cluster '${name}': your kubectl reaches its API server through a proxy (${shownUrl(context.proxyUrl)}), and the peers' `
      + 'istiods are told of none; where they need one, set proxyUrl'] : [],
  ];
}
