import { goUrlProblem } from './go-url';
import { type MaybeProblem, problem, ProblemError } from '../core/rule';
import { fromBase64, toBase64 } from '../util/base64';
import { Certificate } from '../util/host/certificates';
import { toYaml } from '../util/yaml-text';

/** Fields of `users[].user` that istiod accepts; it must be configured to accept the last two. */
export interface KubeconfigUser {
  readonly 'token'?: string;
  readonly 'auth-provider'?: { readonly config: { readonly [key: string]: string }; readonly name: string };
  readonly 'client-certificate-data'?: string;
  readonly 'client-key-data'?: string;
  readonly 'exec'?: object;
  readonly 'tokenFile'?: string;
}

/** What a kubeconfig for a cluster is created from. */
export interface KubeconfigSource {
  readonly clusterName: string;
  readonly server: string;
  readonly certificateAuthorityData?: string;
  readonly tlsServerName?: string;
  readonly proxyUrl?: string;
  readonly user: KubeconfigUser;
}

/**
 * The kubeconfig of a remote secret, as `istioctl create-remote-secret` prints it.
 *
 * It has one cluster, one context and one user, which all have the name of the cluster.
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
 * A CA certificate as base64 of PEM.
 *
 * @param caData the certificate as PEM, or as base64 of PEM
 * @throws when it is neither
 */
export function certificateAuthorityData(caData: string): string {
  const pem = caData.includes('-----BEGIN ') ? caData : fromBase64(caData);
  try {
    new Certificate(pem);
  } catch {
    const start = caData.split('\n')[0].slice(0, 24);
    const shown = start.length < caData.length ? `${start}…` : start;
    throw new ProblemError(`caData '${shown}' is not a certificate`,
      'write the CA certificate of the API server as PEM, or as base64 of PEM');
  }
  if (/-----BEGIN (?!CERTIFICATE-----)/.test(pem)) {
    throw new ProblemError('caData must contain only certificates',
      'remove everything else, e.g. a private key, which would be written into the output directory in plain text');
  }
  return toBase64(pem);
}

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f:]+\])\.?$/;

/**
 * Why the other clusters cannot use this address of an API server; undefined if they can.
 *
 * @param field name of the setting
 */
export function apiServerProblem(field: string, apiServer: string): MaybeProblem {
  if (URL.canParse(apiServer) && hasCredentials(new URL(apiServer))) {
    return problem(`${field} of host '${new URL(apiServer).host}' has credentials in its URL`,
      'configure them in remoteCredentials instead');
  }
  const reason = invalidReason(apiServer);
  return reason === undefined ? undefined : problem(`${field} '${shownUrl(apiServer)}' ${reason}`,
    'write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443');
}

/** The predicate of a sentence about an address that other clusters cannot use. */
function invalidReason(apiServer: string): string | undefined {
  if (!URL.canParse(apiServer)) {
    return 'is not a valid URL';
  }
  if (!apiServer.startsWith('https://')) {
    return 'does not use https';
  }
  if (/[?#\\\s\u0000-\u001f]/.test(apiServer)) { // JavaScript drops or changes these characters, Go rejects them
    return 'must have only a host, a port and a path';
  }
  return LOOPBACK.test(new URL(apiServer).hostname) ? 'is a loopback address, which the other clusters cannot reach'
    : goUrlProblem(apiServer);
}

/** Why an address of an API server is not the cluster's own; undefined if it is. */
export function rancherProblem(field: string, apiServer: string): MaybeProblem {
  return apiServer.includes('/k8s/clusters/')
    && problem(`${field} '${apiServer}' is Rancher's proxy, which does not accept service account tokens`,
      'use the cluster\'s own endpoint');
}

/** Names and link-local addresses that work only inside one machine or cluster. */
const LOCAL_HOST = new RegExp(`^(${[
  '(host|gateway|kubernetes)\\.(docker|k3d|minikube|lima|orb|containers|rancher-desktop)\\.internal',
  'kubernetes\\.default(\\.svc(\\..+)?)?',
  '169\\.254(\\.\\d+){2}',
  '\\[fe[89ab][0-9a-f]:.*\\]',
].join('|')})\\.?$`);

/** Why other clusters may not reach this address of an API server; undefined if nothing suggests it. */
export function apiServerDoubt(apiServer: string): MaybeProblem {
  if (!URL.canParse(apiServer) || !LOCAL_HOST.test(new URL(apiServer).hostname)) {
    return undefined;
  }
  return problem(`apiServer '${shownUrl(apiServer)}' is an address that works only inside one machine or cluster, so `
    + 'the other clusters may not reach it', 'write its address in the network that the clusters share');
}

const PROXY_PROTOCOLS = ['http:', 'https:', 'socks5:'];

/** Why istiod rejects the URL of a proxy; undefined if it accepts it. */
export function proxyUrlProblem(field: string, proxyUrl: string): MaybeProblem {
  const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined;
  if (url && hasCredentials(url)) {
    return problem(`${field} of host '${url.host}' has credentials, which would be written into the output directory `
      + 'in plain text', 'use a proxy without credentials');
  }
  const isProxy = url && PROXY_PROTOCOLS.includes(url.protocol);
  return isProxy && !/[\\\s\u0000-\u001f]/.test(proxyUrl) && !goUrlProblem(proxyUrl) ? undefined
    : problem(`${field} '${shownUrl(proxyUrl)}' is not a valid http, https or socks5 URL`,
      'write e.g. http://10.0.0.1:3128');
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== '';
}

/** A URL without credentials and query, for messages. */
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
