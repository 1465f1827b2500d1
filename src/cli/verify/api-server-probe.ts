import type { RequestOptions } from 'https';
import { request } from 'https';
import { parse } from 'yaml';

/** What an API server says to the kubeconfig of a remote Secret. */
export enum ProbeResult {
  ANSWERS = 'answers',
  /** It does not take the token. */
  UNAUTHORIZED = 'unauthorized',
  /** It takes the token, and the account may not read. */
  FORBIDDEN = 'forbidden',
  /** Its certificate is not signed by the authority of the kubeconfig, or not for this server. */
  UNTRUSTED = 'untrusted',
  /** No way leads there from here; one may from the clusters. */
  UNREACHABLE = 'unreachable',
  /** Only istiod can use this kubeconfig, e.g. with a plugin, through a proxy, or with files beside it. */
  NOT_TRIED = 'not tried',
}

export interface Probe {
  readonly result: ProbeResult;
  readonly server?: string;
  readonly token?: string;
  readonly detail: string;
}

const TIMEOUT_MILLISECONDS = 10_000;

const OF_CERTIFICATES = /CERT|SELF_SIGNED|VERIFY|ISSUER|ALTNAME|PEM|ERR_OSSL/;

/** What a kubeconfig may say that has no meaning here, and what that is. */
const OF_ISTIOD_ALONE: ReadonlyArray<readonly [key: string, what: string]> = [
  ['proxy-url', 'proxy'],
  ['exec', 'login'],
  ['auth-provider', 'login'],
  ['tokenFile', 'files'],
  ['client-certificate', 'files'],
  ['client-key', 'files'],
  ['certificate-authority', 'files'],
];

/** Asks an API server, as istiod would, for what istiod reads first. */
export async function probe(kubeconfig: string): Promise<Probe> {
  const { server, user, cluster } = partsOf(kubeconfig);
  const known = { server, token: user.token };
  if (server === undefined || !URL.canParse(server)) {
    return { ...known, result: ProbeResult.NOT_TRIED, detail: 'the kubeconfig cannot be read' };
  }
  const [own] = OF_ISTIOD_ALONE.filter(([key]) => cluster[key] || user[key]);
  if (own) {
    return { ...known, result: ProbeResult.NOT_TRIED, detail: `istiod alone can use its ${own[1]}` };
  }
  const pem = (data: string | undefined) => data && Buffer.from(data, 'base64');
  const answer = await ask(`${server.replace(/\/+$/, '')}/api/v1/namespaces?limit=1`, {
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
    servername: cluster['tls-server-name'],
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
    headers: user.token ? { authorization: `Bearer ${user.token}` } : {},
  });
  return { ...known, ...answer };
}

/** The parts of a kubeconfig that its current context names. */
function partsOf(kubeconfig: string): { server?: string; user: any; cluster: any } {
  try {
    const { 'current-context': current, contexts, clusters, users } = parse(kubeconfig, { logLevel: 'error' }); // a warning would show the line that it is about, which may have the token
    const { context } = contexts.find(({ name }: any) => name === current);
    const { cluster } = clusters.find(({ name }: any) => name === context.cluster);
    const { user } = users.find(({ name }: any) => name === context.user);
    return { server: cluster.server, user: user ?? {}, cluster };
  } catch {
    return { user: {}, cluster: {} };
  }
}

function ask(url: string, options: RequestOptions): Promise<{ result: ProbeResult; detail: string }> {
  return new Promise(resolve => {
    const failed = (error: NodeJS.ErrnoException) => {
      const isUntrusted = OF_CERTIFICATES.test(error.code ?? '');
      return resolve({ result: isUntrusted ? ProbeResult.UNTRUSTED : ProbeResult.UNREACHABLE, detail: error.message });
    };
    try {
      const asked = request(url, { ...options, agent: false, timeout: TIMEOUT_MILLISECONDS }, ({ statusCode = 0 }) => {
        const results: { [code: number]: ProbeResult } = { 200: ProbeResult.ANSWERS, 401: ProbeResult.UNAUTHORIZED, 403: ProbeResult.FORBIDDEN };
        const result = results[statusCode] ?? ProbeResult.UNREACHABLE; // something before it may have answered, and nobody judged the token
        resolve({ result, detail: `it answers ${statusCode}` });
        asked.destroy();
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer after ${TIMEOUT_MILLISECONDS / 1000} s`)));
      asked.on('error', failed);
      asked.end();
    } catch (error) { // e.g. an authority that is no certificate
      failed(error as NodeJS.ErrnoException);
    }
  });
}
