import { goUrlProblem } from './go-url';
import { fromBase64, toBase64 } from '../util/base64';
import { Certificate } from '../util/host/certificates';
import { toYaml } from '../util/yaml-text';

/** Fields of `users[].user` that istiod accepts; the last two only when it is told to. */
export interface KubeconfigUser {
  readonly 'token'?: string;
  readonly 'auth-provider'?: { readonly config: { readonly [key: string]: string }; readonly name: string };
  readonly 'client-certificate-data'?: string;
  readonly 'client-key-data'?: string;
  readonly 'exec'?: object;
  readonly 'tokenFile'?: string;
}

/** What a peer needs to know to talk to an API server. */
export interface KubeconfigSource {
  readonly clusterName: string;
  readonly server: string;
  readonly certificateAuthorityData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly user: KubeconfigUser;
}

/**
 * The kubeconfig as `istioctl create-remote-secret` prints it: one cluster, one context and one user, all of the cluster's name.
 */
export function kubeconfig(source: KubeconfigSource): string {
  const name = source.clusterName;
  return toYaml({
    'apiVersion': 'v1',
    'clusters': [{
      cluster: {
        ...(source.certificateAuthorityData && { 'certificate-authority-data': source.certificateAuthorityData }),
        ...(source.proxyUrl && { 'proxy-url': source.proxyUrl }),
        server: source.server,
        ...(source.tlsServerName && { 'tls-server-name': source.tlsServerName }),
      },
      name,
    }],
    'contexts': [{ context: { cluster: name, user: name }, name }],
    'current-context': name,
    'kind': 'Config',
    'users': [{ name, user: source.user }],
  });
}

/**
 * A certificate authority, given as PEM or base64 of PEM, as base64 of PEM.
 *
 * @throws when it is neither
 */
export function certificateAuthorityData(caData: string): string {
  let data = AUTHORITIES.get(caData);
  if (data === undefined) {
    data = checkedAuthority(caData);
    AUTHORITIES.set(caData, data);
  }
  return data;
}

/** Rule and Secret both ask, and a certificate takes longer to read than all else of a link. */
const AUTHORITIES = new Map<string, string>();

function checkedAuthority(caData: string): string {
  const pem = caData.includes('-----BEGIN ') ? caData : fromBase64(caData);
  try {
    new Certificate(pem);
  } catch {
    const shown = caData.split('\n')[0].slice(0, 24);
    throw new Error(`caData '${shown}${shown.length < caData.length ? '…' : ''}' is no certificate; give the PEM text of the API server's CA, or its base64`);
  }
  if (/-----BEGIN (?!CERTIFICATE-----)/.test(pem)) {
    throw new Error('caData has more than certificates, e.g. a private key, which would stand in the tree in plain text; give the certificate alone');
  }
  return toBase64(pem);
}

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]+\])\.?$/;

/**
 * Why the other clusters cannot use this API server's address, or undefined when they can.
 */
export function apiServerProblem(apiServer: string): string | undefined {
  const fix = 'give the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443';
  if (!URL.canParse(apiServer)) {
    return `apiServer '${shownUrl(apiServer)}' is no URL; ${fix}`;
  }
  const url = new URL(apiServer);
  if (hasCredentials(url)) {
    return `apiServer of host '${url.host}' has credentials in its URL; name them in remoteCredentials instead`;
  }
  if (!apiServer.startsWith('https://')) {
    return `apiServer '${shownUrl(apiServer)}' is not https; ${fix}`;
  }
  if (/[?#\\\s\u0000-\u001f]/.test(apiServer)) { // JavaScript drops or changes what Go refuses
    return `apiServer '${shownUrl(apiServer)}' has more than host, port and path; ${fix}`;
  }
  if (LOOPBACK.test(url.hostname)) {
    return `apiServer '${shownUrl(apiServer)}' is this machine's own (loopback) address, which the other clusters cannot reach; ${fix}`;
  }
  const problem = goUrlProblem(apiServer);
  return problem && `apiServer '${shownUrl(apiServer)}' ${problem}; ${fix}`;
}

/** Names that every machine and every cluster has for itself, and addresses that lead no further than one link. */
const OWN_TO_EACH = new RegExp(`^(${[
  '(host|gateway|kubernetes)\\.(docker|k3d|minikube|lima|orb|containers|rancher-desktop)\\.internal',
  'kubernetes\\.default(\\.svc(\\..+)?)?',
  '169\\.254(\\.\\d+){2}',
  '\\[fe[89ab][0-9a-f]:.*\\]',
].join('|')})\\.?$`);

/**
 * Why this API server's address may be another one to each cluster, or undefined where nothing says so.
 */
export function apiServerDoubt(apiServer: string): string | undefined {
  const url = URL.canParse(apiServer) ? new URL(apiServer) : undefined;
  return url && OWN_TO_EACH.test(url.hostname)
    ? `apiServer '${shownUrl(apiServer)}' is a name or an address that each machine or cluster has for itself, so that the other clusters do not reach this one by it; give its address in the network that they share` : undefined;
}

const PROXY_PROTOCOLS = ['http:', 'https:', 'socks5:'];

/** Why istiod would refuse this proxy, or undefined when it would not. */
export function proxyUrlProblem(proxyUrl: string): string | undefined {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (url && hasCredentials(url)) {
    return `proxyUrl of host '${url.host}' has credentials before its host, which would stand in the tree in plain text; use a proxy that asks for none`;
  }
  return url && PROXY_PROTOCOLS.includes(url.protocol) && !/[\\\s\u0000-\u001f]/.test(proxyUrl) && !goUrlProblem(proxyUrl) ? undefined
    : `proxyUrl '${shownUrl(proxyUrl)}' is refused by istiod, which takes http, https and socks5; write e.g. http://10.0.0.1:3128`;
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** A URL as a message may show it: without what may be a secret. */
export function shownUrl(url: string): string {
  if (!/[@?#]/.test(url)) {
    return url;
  }
  if (!URL.canParse(url) || new URL(url).host === '') {
    return '…'; // e.g. user:password@host without a protocol
  }
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
