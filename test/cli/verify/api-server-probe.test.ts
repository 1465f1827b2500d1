import { type Server, createServer } from 'https';
import type { AddressInfo } from 'net';
import { isSameKubeconfig } from '../../../src/cli/clusters/remote-secrets';
import { type ProbeResult, probe } from '../../../src/cli/verify/api-server-probe';
import { type KubeconfigSource, kubeconfig } from '../../../src/istio/kubeconfig';
import { certificate, type Certificate } from '../../e2e/lab/certificates';

let server: Server;
let address: string;
let ca: Certificate;

beforeAll(async () => {
  ca = await certificate({ commonName: 'CA of a cluster' });
  const serving = await certificate({ commonName: 'kube-apiserver', issuer: ca, hosts: ['127.0.0.1', 'api.internal'] });
  const codes: { readonly [token: string]: number } = {
    'Bearer valid': 200,
    'Bearer unavailable': 503,
    'Bearer unprivileged': 403,
  };
  server = createServer({ cert: serving.certificate, key: serving.key }, ({ headers, url }, response) => {
    response.statusCode = url === '/prefix/api/v1/namespaces?limit=1' ? codes[headers.authorization ?? ''] ?? 401 : 404;
    response.end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
});
afterAll(() => server.close());

/** Result and detail of a probe with a kubeconfig for the server. */
async function probeWith(source: Partial<KubeconfigSource>): Promise<[ProbeResult, string]> {
  const certificateAuthorityData = Buffer.from(ca.certificate).toString('base64');
  const { result, detail } = await probe(
    kubeconfig({ clusterName: 'two', server: address, certificateAuthorityData, user: { token: 'valid' }, ...source }),
  );
  return [result, detail];
}

test('an API server that accepts the token answers', async () => {
  expect(await probeWith({})).toEqual(['answers', 'status 200']);
});

test('a rejected token and a token without permissions have different results', async () => {
  expect(await probeWith({ user: { token: 'wrong' } })).toEqual(['unauthorized', 'status 401']);
  expect(await probeWith({ user: { token: 'unprivileged' } })).toEqual(['forbidden', 'status 403']);
});

test('a certificate of another CA is not trusted, with or without a CA in the kubeconfig', async () => {
  const other = await certificate({ commonName: 'another CA' });
  expect((await probeWith({ certificateAuthorityData: Buffer.from(other.certificate).toString('base64') }))[0]).toBe(
    'untrusted',
  );
  expect((await probeWith({ certificateAuthorityData: undefined }))[0]).toBe('untrusted');
  expect((await probeWith({ certificateAuthorityData: Buffer.from('invalid').toString('base64') }))[0]).toBe(
    'untrusted',
  );
});

test('the certificate is verified for the tls-server-name of the kubeconfig', async () => {
  expect((await probeWith({ tlsServerName: 'api.internal' }))[0]).toBe('answers');
  expect((await probeWith({ tlsServerName: 'api.external' }))[0]).toBe('untrusted');
});

test('a response of a proxy in front of the API server does not count as a result for the token', async () => {
  expect(await probeWith({ user: { token: 'unavailable' } })).toEqual(['unreachable', 'status 503']);
});

test('insecure-skip-tls-verify is respected, as in istiod', async () => {
  const text = kubeconfig({ clusterName: 'two', server: address, user: { token: 'valid' } }).replace(
    'cluster:\n',
    'cluster:\n    insecure-skip-tls-verify: true\n',
  );
  expect((await probe(text)).result).toBe('answers');
});

test('a kubeconfig with an empty user is probed without credentials', async () => {
  const text = kubeconfig({
    clusterName: 'two',
    server: address,
    certificateAuthorityData: Buffer.from(ca.certificate).toString('base64'),
    user: {},
  });
  expect((await probe(text.replace('user: {}', 'user: null'))).result).toBe('unauthorized');
});

test('a kubeconfig with YAML tags causes no warning, which would show its token', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation();
  await probe(
    kubeconfig({ clusterName: 'two', server: address, user: { token: 'a-secret' } }).replace(
      'a-secret',
      '!tagged a-secret',
    ),
  );
  expect(isSameKubeconfig('token: !tagged a-secret', 'token: another')).toBe(false);
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

test('a closed port is unreachable', async () => {
  const closed = createServer();
  const port = await new Promise<number>(resolve =>
    closed.listen(0, '127.0.0.1', () => resolve((closed.address() as AddressInfo).port)),
  );
  await new Promise(resolve => closed.close(resolve));
  expect((await probeWith({ server: `https://127.0.0.1:${port}` }))[0]).toBe('unreachable');
});

test('a kubeconfig that only istiod can use is not tried', async () => {
  expect(await probeWith({ proxyUrl: 'http://proxy:3128' })).toEqual(['not tried', 'only istiod can use its proxy']);
  expect(await probeWith({ user: { 'auth-provider': { name: 'oidc', config: {} } } })).toEqual([
    'not tried',
    'only istiod can use its login',
  ]);
  expect(await probeWith({ user: { tokenFile: '/var/run/token' } })).toEqual([
    'not tried',
    'only istiod can use its files',
  ]);
  expect((await probe('no: kubeconfig')).result).toBe('not tried');
});
