import { output } from '../../util/host/child-process';

/** A context of the user's kubeconfig, and how kubectl connects to its cluster. */
export interface KubeContext {
  readonly name: string;
  readonly server: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** Whether kubectl skips the verification of the API server's certificate. */
  readonly isUnverified: boolean;
}

/** The contexts, or the reason why none are available. */
export interface KubeContexts {
  readonly contexts: readonly KubeContext[];
  readonly reason?: string;
}

/**
 * The contexts of the user's kubeconfig, merged from all of its files as kubectl does.
 *
 * kubectl prints placeholders instead of credentials. Contexts without an existing cluster entry are left out.
 */
export async function kubeContexts(): Promise<KubeContexts> {
  let text;
  try {
    text = await output('kubectl', ['config', 'view', '--output=json']);
  } catch (error) {
    return { contexts: [], reason: (error as Error).message };
  }
  const contexts = contextsIn(JSON.parse(text) as Kubeconfig);
  return contexts.length > 0 ? { contexts } : { contexts, reason: 'your kubeconfig has no contexts' };
}

function contextsIn({ clusters, contexts }: Kubeconfig): KubeContext[] {
  const clustersByName = new Map((clusters ?? []).map(({ name, cluster }) => [name, cluster]));
  return (contexts ?? []).flatMap(({ name, context }): KubeContext[] => {
    const cluster = clustersByName.get(context.cluster ?? '');
    return cluster?.server === undefined ? [] : [{
      name,
      server: cluster.server,
      tlsServerName: cluster['tls-server-name'],
      proxyUrl: cluster['proxy-url'],
      isUnverified: cluster['insecure-skip-tls-verify'] === true,
    }];
  });
}

/** The part of the output of `kubectl config view` that init reads. */
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
