import { output } from '../../util/host/child-process';

/** A context of the user's kubeconfig, and how kubectl reaches the cluster that it leads to. */
export interface KubeContext {
  readonly name: string;
  readonly server: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** Whether kubectl takes any certificate from the API server. */
  readonly isUnverified: boolean;
}

/** Contexts, or why there are none. */
export interface KubeContexts {
  readonly contexts: readonly KubeContext[];
  readonly reason?: string;
}

/**
 * The contexts of the user's kubeconfig, all of its files together, as kubectl reads them.
 *
 * kubectl puts placeholders in the place of credentials. Contexts that lead to no cluster are left out.
 */
export async function kubeContexts(): Promise<KubeContexts> {
  let text;
  try {
    text = await output('kubectl', ['config', 'view', '--output=json']);
  } catch (error) {
    return { contexts: [], reason: (error as Error).message };
  }
  const { clusters, contexts } = JSON.parse(text) as Kubeconfig;
  const byName = new Map((clusters ?? []).map(({ name, cluster }) => [name, cluster]));
  const found = (contexts ?? []).flatMap(({ name, context }): KubeContext[] => {
    const cluster = byName.get(context.cluster ?? '');
    return cluster?.server === undefined ? [] : [{
      name,
      server: cluster.server,
      tlsServerName: cluster['tls-server-name'],
      proxyUrl: cluster['proxy-url'],
      isUnverified: cluster['insecure-skip-tls-verify'] === true,
    }];
  });
  return found.length > 0 ? { contexts: found } : { contexts: [], reason: 'your kubeconfig has no contexts' };
}

/** What `kubectl config view` prints. */
interface Kubeconfig {
  readonly clusters: ReadonlyArray<{ readonly name: string; readonly cluster: KubeconfigCluster }> | null;
  readonly contexts: ReadonlyArray<{ readonly name: string; readonly context: { readonly cluster?: string } }> | null;
}

interface KubeconfigCluster {
  readonly 'server'?: string;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
}
