import { parse } from 'yaml';
import type { RunningCluster } from './cluster-objects';
import { API_SERVER_AUTHORITY, objectNamed } from './cluster-objects';
import { IstioReader } from '../../../constructs/istio-reader';
import { proxyUrlProblem, shownUrl } from '../../../istio/kubeconfig';
import { isObjectName } from '../../../istio/names';
import { remoteSecretMetadata } from '../../../istio/remote-secret-metadata';
import { TokenSlot } from '../../../settings/reader-options';
import type { Fields } from '../../../util/map';
import { fieldsAt, isMap } from '../../../util/map';
import { shellWord } from '../../../util/shell-word';
import type { LiveObject } from '../../clusters/kubectl';

/** How a cluster reads another one: what its remote Secret says but the credential itself. */
export interface RunningLink {
  /** Cluster whose istiod reads. */
  readonly from: string;
  /** Cluster that is read: the key in the Secret. */
  readonly to: string;
  readonly secret: string;
  readonly server?: string;
  readonly caData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  /** Whether any certificate of the API server will do. */
  readonly isInsecure: boolean;
  /** How it authenticates, e.g. `token`, as kubeconfigs call it. */
  readonly auth: string;
  /** The Secret of the account whose token that is, and when the token ends, as far as it says so. */
  readonly token?: { readonly secret?: string; readonly namespace?: string; readonly ends?: number };
  /** Who makes the Secret, where it is no person. */
  readonly madeBy?: string;
}

/** All links of a mesh that runs. */
export class RunningLinks {
  private readonly byRead = new Map<string, RunningLink[]>();
  private readonly byReader = new Map<string, RunningLink[]>();
  private readonly pairs: ReadonlySet<string>;

  constructor(links: readonly RunningLink[]) {
    for (const link of links) {
      added(this.byRead, link.to, link);
      added(this.byReader, link.from, link);
    }
    this.pairs = new Set(links.flatMap(({ from, to }) => [`${from}/${to}`, `${to}/${from}`]));
  }

  /** Those by which a cluster reads others. */
  in(name: string): readonly RunningLink[] {
    return this.byReader.get(name) ?? [];
  }

  /** Those by which others read a cluster. */
  to(name: string): readonly RunningLink[] {
    return this.byRead.get(name) ?? [];
  }

  /** Whether one of two clusters reads the other: in a multi-primary mesh both should. */
  link(one: string, other: string): boolean {
    return this.pairs.has(`${one}/${other}`);
  }

  /** Whether `istio-mesh link` may write those to a cluster: with a token, in Secrets that somebody made by hand. */
  areByHand(name: string): boolean {
    return this.to(name).every(({ auth, madeBy }) => auth === 'token' && madeBy === undefined);
  }
}

function added(map: Map<string, RunningLink[]>, key: string, link: RunningLink): void {
  const links = map.get(key);
  if (links) {
    links.push(link);
  } else {
    map.set(key, [link]);
  }
}

/** The links that istiod of a cluster reads. */
export function runningLinks(from: string, { links, namespace }: RunningCluster): RunningLink[] {
  const read = links.filter(({ metadata }) => metadata.namespace === namespace);
  return read.flatMap(secret => Object.entries((secret.data ?? {}) as { [key: string]: string })
    .map(([to, data]) => runningLink(from, to, secret, Buffer.from(data, 'base64').toString())));
}

function runningLink(from: string, to: string, secret: LiveObject, text: string): RunningLink {
  const kubeconfig = dataIn(text);
  const context = fieldsAt(named(kubeconfig.contexts, kubeconfig['current-context']), 'context');
  const cluster = fieldsAt(named(kubeconfig.clusters, context.cluster), 'cluster');
  const user = fieldsAt(named(kubeconfig.users, context.user), 'user');
  const said = (value: unknown) => typeof value === 'string' ? value : undefined;
  return {
    from,
    to,
    secret: secret.metadata.name,
    server: said(cluster.server),
    caData: said(cluster['certificate-authority-data']),
    tlsServerName: said(cluster['tls-server-name']),
    proxyUrl: said(cluster['proxy-url']),
    isInsecure: cluster['insecure-skip-tls-verify'] === true,
    auth: AUTH.find(kind => user[kind] !== undefined) ?? 'nothing',
    token: said(user.token) === undefined ? undefined : claimsOf(user.token as string),
    madeBy: secret.metadata.ownerReferences?.[0]?.kind,
  };
}

const AUTH = ['token', 'tokenFile', 'auth-provider', 'exec', 'client-certificate-data', 'client-certificate', 'username'];

function dataIn(text: string): Fields {
  try {
    const data = parse(text, { logLevel: 'error' });
    return isMap(data) ? data : {};
  } catch {
    return {}; // the rules tell, and don't show it
  }
}

/** An entry of a list in a kubeconfig. */
function named(list: unknown, name: unknown): Fields {
  return (Array.isArray(list) ? list : []).filter(isMap).find(one => one.name === name) ?? {};
}

/** What a token says of itself; not the token. Whoever could write the Secret wrote that too, so that only names of objects are taken for names. */
function claimsOf(token: string): RunningLink['token'] {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
    const name = (said: unknown) => typeof said === 'string' && isObjectName(said) ? said : undefined;
    return {
      secret: name(claims['kubernetes.io/serviceaccount/secret.name']),
      namespace: name(claims['kubernetes.io/serviceaccount/namespace'] ?? claims['kubernetes.io']?.namespace),
      ends: claims.exp,
    };
  } catch {
    return {};
  }
}

/** How the others reach the API server of a cluster, in the words of its settings, and what differs among them. */
export function apiServerSettings(
  name: string, cluster: RunningCluster, links: RunningLinks, ownServer: string | undefined,
): { settings: Fields; notes: string[] } {
  const leading = links.to(name).filter(({ server }) => server !== undefined);
  if (leading.length === 0) {
    const found = ownServer === undefined ? 'write its URL' : `the file has that of your kubeconfig, ${shownUrl(ownServer)}; write the one`;
    const notes = [`no cluster reads '${name}' yet, which would tell how to reach its API server; ${found} at which the others reach it as apiServer`];
    return { settings: ownServer === undefined ? {} : { apiServer: shownUrl(ownServer) }, notes };
  }
  const [{ server, caData, tlsServerName, proxyUrl }] = leading;
  const different = [...new Set(leading.map(one => one.server!))].filter(one => one !== server);
  const isOwn = caData !== undefined && isAuthority(cluster, caData);
  const isProxyShown = proxyUrl === undefined || proxyUrlProblem(proxyUrl) === undefined;
  return {
    settings: {
      apiServer: shownUrl(server!),
      ...caData !== undefined && !isOwn && { caData },
      ...tlsServerName !== undefined && { tlsServerName },
      ...proxyUrl !== undefined && isProxyShown && { proxyUrl },
    },
    notes: [
      ...different.map(other => `the API server of '${name}' is ${shownUrl(server!)} to '${leading[0].from}' and ${shownUrl(other)} to `
        + `${leading.filter(one => one.server === other).map(({ from }) => `'${from}'`).join(', ')}; the file has the first, which all of them must reach`),
      ...isProxyShown ? [] : [`the proxy before the API server of '${name}' is not in the file, since its URL may have a password; write proxyUrl without one`],
      ...leading.some(({ isInsecure }) => isInsecure)
        ? [`the links to '${name}' take any certificate from its API server (insecure-skip-tls-verify), and the tree's do not; give caData if it is none of the cluster's own authority`]
        : [],
    ],
  };
}

/** Whether the authority is the one that the cluster gives all of its pods, which a token has beside it. */
function isAuthority({ others }: RunningCluster, caData: string): boolean {
  const own = objectNamed(others, 'ConfigMap', API_SERVER_AUTHORITY)?.data?.['ca.crt'];
  return typeof own === 'string' && own.trim() === Buffer.from(caData, 'base64').toString().trim();
}

/** What is to be known of one link before the tree's own takes its place. */
export function linkNotes(link: RunningLink, cluster: RunningCluster): string[] {
  const { from, to, secret, auth, madeBy } = link;
  const { name } = remoteSecretMetadata(to, cluster.namespace);
  return [
    ...auth === 'token' ? [] : [`Secret '${secret}' in '${from}' reads '${to}' with ${auth} and no token; the file leaves such links to you, by remoteCredentials: external`],
    ...madeBy === undefined ? [] : [`Secret '${secret}' in '${from}' comes of its ${madeBy}; the file leaves such links to that, by remoteCredentials: external`],
    ...secret === name || auth !== 'token' || madeBy !== undefined ? []
      : [`Secret '${secret}' in '${from}' has '${to}', for which istio-mesh link has '${name}': it refuses to make a second one; between removing the first and linking again `
        + `'${from}' sends nothing to '${to}'`],
  ];
}

/** The Secrets with the tokens of the library's own account. */
const OWN_TOKENS = Object.values(TokenSlot).map(slot => IstioReader.accountName(slot));

/** The tokens that nobody needs once the tree's links are there, by the commands that end them. */
export function tokenNotes(name: string, context: string, links: RunningLinks): string[] {
  const old = links.to(name).flatMap(({ token: { secret, namespace } = {} }) =>
    secret !== undefined && namespace !== undefined && !OWN_TOKENS.includes(secret) ? [{ secret, namespace }] : []);
  const commands = new Set(old.map(({ secret, namespace }) => `kubectl --context ${shellWord(context)} -n ${namespace} delete secret ${secret}`));
  return links.areByHand(name) ? [...commands].map(command => `the links to '${name}' have a token that those of istio-mesh link do without; `
    + `when istio-mesh verify is green and nothing else uses it, end it: ${command}`) : [];
}
