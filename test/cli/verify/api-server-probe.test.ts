import type { Server } from 'https';
import { createServer } from 'https';
import type { AddressInfo } from 'net';
import { isSameKubeconfig } from '../../../src/cli/clusters/remote-secrets';
import type { ProbeResult } from '../../../src/cli/verify/api-server-probe';
import { probe } from '../../../src/cli/verify/api-server-probe';
import type { KubeconfigSource } from '../../../src/istio/kubeconfig';
import { kubeconfig } from '../../../src/istio/kubeconfig';
import { certificate } from '../../e2e/lab/certificates';
import type { Certificate } from '../../e2e/lab/certificates';

let server: Server;
let address: string;
let authority: Certificate;

beforeAll(async () => {
  authority = await certificate({ commonName: 'authority of a cluster' });
  const own = await certificate({ commonName: 'kube-apiserver', issuer: authority, hosts: ['127.0.0.1', 'api.internal'] });
  const codes: { readonly [token: string]: number } = { 'Bearer right': 200, 'Bearer unheard': 503, 'Bearer reader-of-nothing': 403 };
  server = createServer({ cert: own.certificate, key: own.key }, ({ headers, url }, response) => {
    response.statusCode = url === '/prefix/api/v1/namespaces?limit=1' ? codes[headers.authorization ?? ''] ?? 401 : 404;
    response.end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
});
afterAll(() => server.close());

/** What is found out with a kubeconfig of the server. */
async function found(source: Partial<KubeconfigSource>): Promise<[ProbeResult, string]> {
  const certificateAuthorityData = Buffer.from(authority.certificate).toString('base64');
  const { result, detail } = await probe(kubeconfig({ clusterName: 'two', server: address, certificateAuthorityData, user: { token: 'right' }, ...source }));
  return [result, detail];
}

test('an API server that takes the token answers', async () => {
  expect(await found({})).toEqual(['answers', 'it answers 200']);
});

test('a token that it does not take, and one that may not read, are told apart', async () => {
  expect(await found({ user: { token: 'wrong' } })).toEqual(['unauthorized', 'it answers 401']);
  expect(await found({ user: { token: 'reader-of-nothing' } })).toEqual(['forbidden', 'it answers 403']);
});

test('a certificate of another authority is not trusted, with or without one in the kubeconfig', async () => {
  const other = await certificate({ commonName: 'another authority' });
  expect((await found({ certificateAuthorityData: Buffer.from(other.certificate).toString('base64') }))[0]).toBe('untrusted');
  expect((await found({ certificateAuthorityData: undefined }))[0]).toBe('untrusted');
  expect((await found({ certificateAuthorityData: Buffer.from('no certificate').toString('base64') }))[0]).toBe('untrusted');
});

test('the name to expect is that of the kubeconfig', async () => {
  expect((await found({ tlsServerName: 'api.internal' }))[0]).toBe('answers');
  expect((await found({ tlsServerName: 'api.external' }))[0]).toBe('untrusted');
});

test('an answer of something before the API server says nothing of the token', async () => {
  expect(await found({ user: { token: 'unheard' } })).toEqual(['unreachable', 'it answers 503']);
});

test('a kubeconfig that trusts every certificate is believed, as istiod believes it', async () => {
  const text = kubeconfig({ clusterName: 'two', server: address, user: { token: 'right' } }).replace('cluster:\n', 'cluster:\n    insecure-skip-tls-verify: true\n');
  expect((await probe(text)).result).toBe('answers');
});

test('a kubeconfig whose user says nothing is asked without a login', async () => {
  const text = kubeconfig({ clusterName: 'two', server: address, certificateAuthorityData: Buffer.from(authority.certificate).toString('base64'), user: {} });
  expect((await probe(text.replace('user: {}', 'user: null'))).result).toBe('unauthorized');
});

test('a kubeconfig that is no plain YAML is not shown in a warning, since that would show its token', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation();
  await probe(kubeconfig({ clusterName: 'two', server: address, user: { token: 'a-secret' } }).replace('a-secret', '!tagged a-secret'));
  expect(isSameKubeconfig('token: !tagged a-secret', 'token: another')).toBe(false);
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

test('where nobody listens it is not reached', async () => {
  const closed = createServer();
  const port = await new Promise<number>(resolve => closed.listen(0, '127.0.0.1', () => resolve((closed.address() as AddressInfo).port)));
  await new Promise(resolve => closed.close(resolve));
  expect((await found({ server: `https://127.0.0.1:${port}` }))[0]).toBe('unreachable');
});

test('what istiod alone can use is not tried', async () => {
  expect(await found({ proxyUrl: 'http://proxy:3128' })).toEqual(['not tried', 'istiod alone can use its proxy']);
  expect(await found({ user: { 'auth-provider': { name: 'oidc', config: {} } } })).toEqual(['not tried', 'istiod alone can use its login']);
  expect(await found({ user: { tokenFile: '/var/run/token' } })).toEqual(['not tried', 'istiod alone can use its files']);
  expect((await probe('no: kubeconfig')).result).toBe('not tried');
});
