import type { ClusterObjects } from './cluster-objects';
import { isObjectName } from '../../../istio/names';
import { fromBase64 } from '../../../util/base64';
import { groupBy } from '../../../util/map';
import type { LiveObject } from '../../clusters/kubectl';
import { currentContext } from '../../clusters/remote-secrets';

/** A link, as a remote secret describes it; without the credential itself. */
export interface RunningLink {
  /** The cluster whose istiod reads. */
  readonly from: string;
  /** The cluster that is read; the key in the Secret. */
  readonly to: string;
  /** Name of the remote secret. */
  readonly secret: string;
  readonly server?: string;
  readonly caData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** Whether istiod skips the verification of the API server's certificate. */
  readonly isInsecure: boolean;
  /** The kind of credential, as kubeconfigs name it, e.g. `token`. */
  readonly auth: string;
  /** The Secret of the service account whose token is used, if the token names it. */
  readonly tokenSecret?: { readonly name: string; readonly namespace: string };
  /** Kind of the object that owns the Secret, if a controller created it. */
  readonly ownerKind?: string;
}

/** All links of a running mesh. */
export class RunningLinks {
  private readonly bySource: ReadonlyMap<string, readonly RunningLink[]>;
  private readonly byTarget: ReadonlyMap<string, readonly RunningLink[]>;

  constructor(links: readonly RunningLink[]) {
    this.bySource = groupBy(links, ({ from }) => from);
    this.byTarget = groupBy(links, ({ to }) => to);
  }

  /** The links by which a cluster reads others. */
  from(name: string): readonly RunningLink[] {
    return this.bySource.get(name) ?? [];
  }

  /** The links by which others read a cluster. */
  to(name: string): readonly RunningLink[] {
    return this.byTarget.get(name) ?? [];
  }

  /** Whether at least one of two clusters reads the other; in a multi-primary mesh, both should. */
  areLinked(one: string, other: string): boolean {
    return this.from(one).some(({ to }) => to === other) || this.from(other).some(({ to }) => to === one);
  }

  /** Whether `istio-mesh link` can manage the links to a cluster: they use tokens, and no controller owns them. */
  areManageable(name: string): boolean {
    return this.to(name).every(({ auth, ownerKind }) => auth === 'token' && ownerKind === undefined);
  }
}

/** The links of a cluster: its remote secrets in the namespace of istiod. */
export function runningLinks(from: string, { remoteSecrets, namespace }: ClusterObjects): RunningLink[] {
  return remoteSecrets.filter(({ metadata }) => metadata.namespace === namespace).flatMap(secret => {
    const kubeconfigs = Object.entries((secret.data ?? {}) as { [key: string]: string });
    return kubeconfigs.map(([to, data]) => runningLink(from, to, secret, fromBase64(data)));
  });
}

function runningLink(from: string, to: string, secret: LiveObject, text: string): RunningLink {
  const { cluster, user } = currentContext(text);
  return {
    from,
    to,
    secret: secret.metadata.name,
    server: optionalText(cluster.server),
    caData: optionalText(cluster['certificate-authority-data']),
    tlsServerName: optionalText(cluster['tls-server-name']),
    proxyUrl: optionalText(cluster['proxy-url']),
    isInsecure: cluster['insecure-skip-tls-verify'] === true,
    auth: AUTH_FIELDS.find(field => user[field] !== undefined) ?? 'no credentials',
    tokenSecret: typeof user.token === 'string' ? tokenSecretOf(user.token) : undefined,
    ownerKind: secret.metadata.ownerReferences?.[0]?.kind,
  };
}

const AUTH_FIELDS = [
  'token', 'tokenFile', 'auth-provider', 'exec', 'client-certificate-data', 'client-certificate', 'username',
];

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The Secret that contains a service account's token, from the claims of the token.
 *
 * The claims are not verified, and notes put them into commands, so only valid object names are accepted.
 */
function tokenSecretOf(token: string): RunningLink['tokenSecret'] {
  try {
    const claims = JSON.parse(fromBase64(token.split('.')[1]));
    const name = claims['kubernetes.io/serviceaccount/secret.name'];
    const namespace = claims['kubernetes.io/serviceaccount/namespace'] ?? claims['kubernetes.io']?.namespace;
    const isValid = [name, namespace].every(value => typeof value === 'string' && isObjectName(value));
    return isValid ? { name, namespace } : undefined;
  } catch {
    return undefined;
  }
}
