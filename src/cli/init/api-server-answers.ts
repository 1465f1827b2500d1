import type { Interview } from './interview';
import type { KubeContext } from './kubeconfig-contexts';
import { parseNameValue } from './name-value';
import { evaluateRules } from '../../core/evaluate';
import { problemText } from '../../core/rule';
import { apiServerProblem, shownUrl } from '../../istio/kubeconfig';
import { API_SERVER_RULES } from '../../rules/construct/api-server-rules';
import type { Fields } from '../../util/map';
import { nearest } from '../../util/suggestions';

/** The values of `--api-server`: URLs of single clusters, or one URL for all clusters with `$(cluster)` in it. */
export class ApiServerUrls {
  private readonly template?: string;
  private readonly byName: ReadonlyMap<string, string | undefined>;

  constructor(values: readonly string[] = []) {
    this.template = values.find(isUrl);
    this.byName = new Map(values.filter(value => !isUrl(value)).map(parseNameValue));
  }

  /** Whether the option sets the URL of a cluster, which may not have a name yet. */
  isSetFor(name: string | undefined): boolean {
    return this.template !== undefined || (name !== undefined && this.byName.has(name));
  }

  of(name: string): string | undefined {
    return this.byName.get(name) ?? this.template?.replaceAll('$(cluster)', name);
  }

  /** Errors in the values, for a mesh with clusters of these names. */
  problems(names: readonly string[]): string[] {
    return [...this.byName].flatMap(([name, url]) => [
      ...url === undefined ? [`--api-server ${name} has no URL; write ${name}=https://HOST:PORT`] : [],
      ...names.includes(name) ? []
        : [`--api-server names '${name}', which is not a cluster of this mesh; ${nearest(name, names)}`],
    ]);
  }
}

function isUrl(text: string): boolean {
  return /^[a-z]+:\/\//.test(text);
}

const NO_CONTEXT = 'apiServer is unknown, because your kubeconfig has no context for this cluster; write the https URL '
  + 'at which the other clusters reach it, e.g. https://10.0.0.1:6443';

/** How the other clusters reach a cluster: as in the kubeconfig if they can, or else as the user answers. */
export async function apiServerAnswer(
  name: string, context: KubeContext | undefined, hasPeers: boolean, interview: Interview,
): Promise<Fields> {
  const violation = context ? apiServerViolation(context.server) : NO_CONTEXT;
  if (context && violation === undefined) {
    return { apiServer: context.server, tlsServerName: context.tlsServerName };
  }
  if (!hasPeers) {
    return {};
  }
  const why = `cluster '${name}': ${violation}${kindHint(context)}`;
  const apiServer = await interview.askText({
    message: `API server URL of ${name} for the other clusters`,
    why,
    missing: `${why}; set it with --api-server ${name}=URL`,
    problem: url => apiServerProblem('apiServer', url),
  });
  return { apiServer };
}

/** Why the other clusters cannot reach an API server at the URL that kubectl uses; the same rules run in synth. */
export function apiServerViolation(apiServer: string): string | undefined {
  const [violation] = evaluateRules(API_SERVER_RULES, { apiServer });
  return violation && problemText(violation);
}

/** Where to find the address of a kind cluster. */
function kindHint(context: KubeContext | undefined): string {
  const cluster = /^kind-([\w.-]+)$/.exec(context?.name ?? '')?.[1];
  if (cluster === undefined) {
    return '';
  }
  const address = `$(docker inspect -f '{{.NetworkSettings.Networks.kind.IPAddress}}' ${cluster}-control-plane)`;
  return `; for a kind cluster, use the address of its container: https://${address}:6443`;
}

/** Notes about settings of the kubeconfig that are not copied to the mesh definition. */
export function connectionNotes(name: string, { isUnverified, proxyUrl }: KubeContext): string[] {
  return [
    ...isUnverified ? [`cluster '${name}': your kubectl accepts any certificate from its API server, but istiod in `
      + 'the peers does not; if the certificate was not issued by the cluster\'s own CA, set caData; if it is not '
      + 'valid for the host of apiServer, set tlsServerName'] : [],
    ...proxyUrl !== undefined ? [`cluster '${name}': your kubectl uses a proxy (${shownUrl(proxyUrl)}), which is not `
      + 'in the mesh definition; if istiod in the peers needs a proxy too, set proxyUrl'] : [],
  ];
}
