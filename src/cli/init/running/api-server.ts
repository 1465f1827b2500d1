import type { RunningSettings } from './cluster';
import { type ClusterObjects, API_SERVER_CA_CONFIG_MAP, findObject } from './cluster-objects';
import type { RunningLink, RunningLinks } from './links';
import { proxyUrlProblem, shownUrl } from '../../../istio/kubeconfig';
import { fromBase64 } from '../../../util/base64';
import { present } from '../../../util/map';

type LinkWithServer = RunningLink & { readonly server: string };

/**
 * How the other clusters reach the API server of a cluster, according to their remote secrets.
 *
 * @param kubeconfigServer the URL in the user's kubeconfig, for a cluster that no other cluster reads
 */
export function runningApiServer(
  name: string, cluster: ClusterObjects, links: RunningLinks, kubeconfigServer: string | undefined,
): RunningSettings {
  const linksToCluster = links.to(name).filter((link): link is LinkWithServer => link.server !== undefined);
  if (linksToCluster.length === 0) {
    return apiServerFromKubeconfig(name, kubeconfigServer);
  }
  const [{ server, caData, tlsServerName, proxyUrl }] = linksToCluster;
  const isProxySupported = proxyUrl === undefined || !proxyUrlProblem('proxyUrl', proxyUrl);
  return {
    settings: present({
      apiServer: shownUrl(server),
      caData: caData !== undefined && isClusterCa(cluster, caData) ? undefined : caData,
      tlsServerName,
      proxyUrl: isProxySupported ? proxyUrl : undefined,
    }),
    notes: [
      ...differentServerNotes(name, linksToCluster),
      ...isProxySupported ? []
        : [`the proxy for the API server of '${name}' is not in the mesh definition, because its URL may contain a `
          + 'password; set proxyUrl without credentials'],
      ...linksToCluster.some(({ isInsecure }) => isInsecure)
        ? [`the links to '${name}' accept any certificate from its API server (insecure-skip-tls-verify), but the `
          + 'generated links do not; if the certificate was not issued by the cluster\'s own CA, set caData'] : [],
    ],
  };
}

function apiServerFromKubeconfig(name: string, kubeconfigServer: string | undefined): RunningSettings {
  const problem = `no other cluster reads '${name}' yet, so the URL of its API server for other clusters is unknown`;
  if (kubeconfigServer === undefined) {
    return { settings: {}, notes: [`${problem}; set apiServer`] };
  }
  const apiServer = shownUrl(kubeconfigServer);
  return {
    settings: { apiServer },
    notes: [`${problem}; the mesh definition has the URL in your kubeconfig, ${apiServer}; `
      + 'change apiServer if the other clusters need a different URL'],
  };
}

function differentServerNotes(name: string, links: readonly LinkWithServer[]): string[] {
  const [{ from, server }] = links;
  const others = new Set(links.map(link => link.server).filter(other => other !== server));
  return [...others].map(other => {
    const readers = links.filter(link => link.server === other).map(link => `'${link.from}'`).join(', ');
    return `the API server of '${name}' is ${shownUrl(server)} for '${from}', but ${shownUrl(other)} for ${readers}; `
      + 'the mesh definition has the first URL, which all peers must be able to reach';
  });
}

/** Whether a CA is the cluster's own, which every token Secret contains. */
function isClusterCa({ others }: ClusterObjects, caData: string): boolean {
  const clusterCa = findObject(others, 'ConfigMap', API_SERVER_CA_CONFIG_MAP)?.data?.['ca.crt'];
  return typeof clusterCa === 'string' && clusterCa.trim() === fromBase64(caData).trim();
}
