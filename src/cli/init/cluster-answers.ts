import { apiServerAnswer, ApiServerUrls, connectionNotes } from './api-server-answers';
import { chooseClusters, contextProblems, nameClusters, sameClusterProblems } from './cluster-choice';
import type { InitOptions } from './init-options';
import type { InitialCluster } from './initial-mesh';
import type { Interview } from './interview';
import type { KubeContexts } from './kubeconfig-contexts';
import { present } from '../../util/map';

/** Errors in the options, and notes for the user, collected while init asks its questions. */
export interface Remarks {
  readonly problems: string[];
  readonly notes: string[];
}

/** Asks for the clusters of the mesh: their names, contexts and API servers. Only settings from these are set. */
export async function clusterAnswers(
  options: InitOptions, known: KubeContexts, interview: Interview, remarks: Remarks,
): Promise<InitialCluster[]> {
  const contexts = new Map(known.contexts.map(context => [context.name, context]));
  const urls = new ApiServerUrls(options.apiServer);
  const chosen = await chooseClusters(options, known, interview);
  const isUrlSet = ({ name }: { name?: string }) => urls.isSetFor(name);
  const usedContexts = chosen
    .filter(cluster => !isUrlSet(cluster))
    .flatMap(({ context }) => contexts.get(context) ?? []);
  remarks.problems.push(...contextProblems(chosen, known, isUrlSet), ...sameClusterProblems(usedContexts));
  const clusters = await nameClusters(chosen, interview);
  remarks.problems.push(...urls.problems(clusters.map(({ name }) => name)));
  const hasPeers = clusters.length > 1;
  const answers: InitialCluster[] = [];
  for (const { name, context } of clusters) {
    const url = urls.of(name);
    const kubeContext = contexts.get(context);
    const access = url === undefined
      ? await apiServerAnswer(name, kubeContext, hasPeers, interview)
      : { apiServer: url };
    remarks.notes.push(...url === undefined && kubeContext ? connectionNotes(name, kubeContext) : []);
    answers.push({ name, settings: present({ ...access, context: context === name ? undefined : context }) });
  }
  return answers;
}
