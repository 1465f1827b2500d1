import { type RequestOptions, request } from 'https';
import { currentContext } from '../clusters/remote-secrets';

/** How an API server responds to a kubeconfig. */
export enum ProbeResult {
  ANSWERS = 'answers',
  /** It rejects the token. */
  UNAUTHORIZED = 'unauthorized',
  /** It accepts the token, but the account has no permission to read. */
  FORBIDDEN = 'forbidden',
  /** The CA of the kubeconfig did not sign its certificate, or the certificate is for another host. */
  UNTRUSTED = 'untrusted',
  /** It cannot be reached from here; the clusters may reach it. */
  UNREACHABLE = 'unreachable',
  /** Only istiod can use the kubeconfig, e.g. a login program, a proxy, or files in its container. */
  NOT_TRIED = 'not tried',
}

export interface Probe {
  readonly result: ProbeResult;
  readonly server?: string;
  readonly token?: string;
  readonly detail: string;
}

const TIMEOUT_MILLISECONDS = 10_000;

const CERTIFICATE_ERROR = /CERT|SELF_SIGNED|VERIFY|ISSUER|ALTNAME|PEM|ERR_OSSL/;

/** Fields of a kubeconfig that work only in istiod, and what they configure. */
const ISTIOD_ONLY_FIELDS: ReadonlyArray<readonly [key: string, what: string]> = [
  ['proxy-url', 'proxy'],
  ['exec', 'login'],
  ['auth-provider', 'login'],
  ['tokenFile', 'files'],
  ['client-certificate', 'files'],
  ['client-key', 'files'],
  ['certificate-authority', 'files'],
];

const RESULTS: { readonly [statusCode: number]: ProbeResult } = {
  200: ProbeResult.ANSWERS,
  401: ProbeResult.UNAUTHORIZED,
  403: ProbeResult.FORBIDDEN,
};

/** Sends the same first request to an API server as istiod does. */
export async function probe(kubeconfig: string): Promise<Probe> {
  const { user, cluster } = currentContext(kubeconfig);
  const { server } = cluster;
  const known = { server, token: user.token };
  if (server === undefined || !URL.canParse(server)) {
    return { ...known, result: ProbeResult.NOT_TRIED, detail: 'the kubeconfig cannot be read' };
  }
  const [istiodOnly] = ISTIOD_ONLY_FIELDS.filter(([key]) => cluster[key] || user[key]);
  if (istiodOnly) {
    return { ...known, result: ProbeResult.NOT_TRIED, detail: `only istiod can use its ${istiodOnly[1]}` };
  }
  const pem = (data: string | undefined) => data && Buffer.from(data, 'base64');
  const response = await get(`${server.replace(/\/+$/, '')}/api/v1/namespaces?limit=1`, {
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
    servername: cluster['tls-server-name'],
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
    headers: user.token ? { authorization: `Bearer ${user.token}` } : {},
  });
  return { ...known, ...response };
}

function get(url: string, options: RequestOptions): Promise<{ result: ProbeResult; detail: string }> {
  return new Promise(resolve => {
    const fail = (error: NodeJS.ErrnoException) => {
      const isUntrusted = CERTIFICATE_ERROR.test(error.code ?? '');
      resolve({ result: isUntrusted ? ProbeResult.UNTRUSTED : ProbeResult.UNREACHABLE, detail: error.message });
    };
    try {
      const sent = request(url, { ...options, agent: false, timeout: TIMEOUT_MILLISECONDS }, ({ statusCode = 0 }) => {
        // another status may come from a proxy, which does not validate the token
        resolve({ result: RESULTS[statusCode] ?? ProbeResult.UNREACHABLE, detail: `status ${statusCode}` });
        sent.destroy();
      });
      sent.on('timeout', () => sent.destroy(new Error(`no response after ${TIMEOUT_MILLISECONDS / 1000} s`)));
      sent.on('error', fail);
      sent.end();
    } catch (error) { // e.g. an invalid CA certificate
      fail(error as NodeJS.ErrnoException);
    }
  });
}
