import { writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, JsonPatch, Testing } from 'cdk8s';
import * as jsYaml from 'js-yaml';
import { type RemoteSecretProps, RemoteCredentials, RemoteSecret, SecretValue } from '../../src';
import { CA_PEM, codedProblems, problems, temporaryDirectory } from '../support/util';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJl';
const CA_DATA = Buffer.from(CA_PEM).toString('base64');
const VARIABLE = 'ISTIO_MESH_TEST_TOKEN';

const PROPS: RemoteSecretProps = {
  clusterName: 'cluster2',
  apiServer: 'https://10.0.0.2:6443',
  credentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText(TOKEN)),
};

afterEach(() => {
  delete process.env[VARIABLE];
});

function remoteSecret(props: Partial<RemoteSecretProps> = {}): RemoteSecret {
  return new RemoteSecret(Testing.chart(), 'secret', { ...PROPS, ...props });
}

function textOf(props: Partial<RemoteSecretProps> = {}): string {
  const { stringData, metadata } = remoteSecret(props).secret.toJson();
  expect(Object.keys(stringData)).toEqual([metadata.annotations['networking.istio.io/cluster']]);
  return Object.values<string>(stringData)[0];
}

function kubeconfigOf(props: Partial<RemoteSecretProps> = {}): any {
  return jsYaml.load(textOf(props));
}

function userOf(credentials: RemoteCredentials): object {
  return kubeconfigOf({ credentials }).users[0].user;
}

/** Everything that is said when a Secret is refused, as one text. */
function said(props: Partial<RemoteSecretProps>): string {
  const found = problems(() => remoteSecret(props)).join('\n');
  expect(found).not.toBe('');
  return found;
}

test('the Secret is that of istioctl create-remote-secret', () => {
  const chart = Testing.chart();
  new RemoteSecret(chart, 'secret', { ...PROPS, caData: CA_PEM });
  expect(Testing.synth(chart)).toEqual([{
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'istio-remote-secret-cluster2',
      namespace: 'istio-system',
      labels: { 'istio/multiCluster': 'true' },
      annotations: { 'networking.istio.io/cluster': 'cluster2' },
    },
    stringData: { cluster2: expect.any(String) },
  }]);
});

test('its kubeconfig is that of istioctl create-remote-secret, key by key in its order', () => {
  const text = textOf({ caData: CA_PEM, tlsServerName: 'api.cluster2.example.com' });
  expect(jsYaml.dump(jsYaml.load(text), { noArrayIndent: true, lineWidth: -1 })).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${CA_DATA}
    server: https://10.0.0.2:6443
    tls-server-name: api.cluster2.example.com
  name: cluster2
contexts:
- context:
    cluster: cluster2
    user: cluster2
  name: cluster2
current-context: cluster2
kind: Config
users:
- name: cluster2
  user:
    token: ${TOKEN}
`);
});

test('its kubeconfig has keys in alphabetical order with an auth provider, too', () => {
  const credentials =
    RemoteCredentials.authProvider({ config: { 'idp-issuer-url': 'https://idp.example.com', 'client-id': 'istiod' } });
  expect(jsYaml.dump(kubeconfigOf({ credentials }).users, { noArrayIndent: true })).toBe(`- name: cluster2
  user:
    auth-provider:
      config:
        client-id: istiod
        idp-issuer-url: https://idp.example.com
      name: oidc
`);
});

test('its kubeconfig is readable text of one line for each field', () => {
  expect(textOf().split('\n')).toContain('current-context: cluster2');
  expect(textOf({ caData: CA_PEM }).split('\n').map(line => line.trim()))
    .toContain(`certificate-authority-data: ${CA_DATA}`);
});

test('without a certificate authority the public ones are meant, and no field says otherwise', () => {
  expect(kubeconfigOf().clusters).toEqual([{ name: 'cluster2', cluster: { server: 'https://10.0.0.2:6443' } }]);
});

test('a proxy stands beside the server', () => {
  expect(kubeconfigOf({ proxyUrl: 'http://proxy.example.com:3128' }).clusters[0].cluster)
    .toEqual({ 'server': 'https://10.0.0.2:6443', 'proxy-url': 'http://proxy.example.com:3128' });
});

test('a proxy that istiod refuses is refused', () => {
  for (const proxyUrl of ['https://proxy.example.com', 'socks5://proxy.example.com:1080']) {
    expect(problems(() => remoteSecret({ proxyUrl }))).toEqual([]);
  }
  for (const proxyUrl of ['proxy.example.com:3128', 'ftp://proxy.example.com', 'not a URL']) {
    expect(problems(() => remoteSecret({ proxyUrl }))).toEqual([expect.stringContaining(`proxyUrl '${proxyUrl}'`)]);
  }
});

test('the certificate authority may be PEM text or its base64', () => {
  for (const caData of [CA_PEM, CA_DATA]) {
    expect(kubeconfigOf({ caData }).clusters[0].cluster['certificate-authority-data']).toBe(CA_DATA);
  }
});

test('another namespace is that of the Secret', () => {
  expect(remoteSecret({ namespace: 'istio-prod' }).secret.metadata.namespace).toBe('istio-prod');
});

test('a cluster name that looks like a number stays a string', () => {
  const config = kubeconfigOf({ clusterName: '007' });
  expect([config['current-context'], config.clusters[0].name, config.contexts[0], config.users[0].name])
    .toEqual(['007', '007', { name: '007', context: { cluster: '007', user: '007' } }, '007']);
});

test('a token is read from an environment variable', () => {
  process.env[VARIABLE] = TOKEN;
  expect(userOf(RemoteCredentials.plainToken(SecretValue.env(VARIABLE)))).toEqual({ token: TOKEN });
});

test('a token is read from a file, and the certificate authority from ca.crt beside it', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'token'), `${TOKEN}\n`);
  const credentials = RemoteCredentials.plainToken(SecretValue.file(join(directory, 'token')));
  expect(kubeconfigOf({ credentials }).clusters[0].cluster).toEqual({ server: 'https://10.0.0.2:6443' });

  writeFileSync(join(directory, 'ca.crt'), CA_PEM);
  const { clusters, users } = kubeconfigOf({ credentials });
  expect(clusters[0].cluster).toEqual({ 'certificate-authority-data': CA_DATA, 'server': 'https://10.0.0.2:6443' });
  expect(users[0].user).toEqual({ token: TOKEN });
});

test('a certificate authority that is given wins over ca.crt beside the token', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'token'), TOKEN);
  writeFileSync(join(directory, 'ca.crt'), 'never read');
  const credentials = RemoteCredentials.plainToken(SecretValue.file(join(directory, 'token')));
  expect(kubeconfigOf({ credentials, caData: CA_PEM }).clusters[0].cluster['certificate-authority-data']).toBe(CA_DATA);
});

test('a file ca.crt beside the token that is no certificate is refused like any other', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'token'), TOKEN);
  writeFileSync(join(directory, 'ca.crt'), 'not a certificate');
  const credentials = RemoteCredentials.plainToken(SecretValue.file(join(directory, 'token')));
  expect(codedProblems(() => remoteSecret({ credentials })))
    .toEqual([expect.stringMatching(/ is not a certificate; .* \(IM032\)$/)]);
});

test('an auth provider keeps its settings, which istioctl itself loses, and those that are secret', () => {
  process.env[VARIABLE] = 's3cret';
  expect(userOf(RemoteCredentials.authProvider({
    config: { 'idp-issuer-url': 'https://idp.example.com', 'client-id': 'istiod' },
    secretConfig: { 'client-secret': SecretValue.env(VARIABLE) },
  }))).toEqual({
    'auth-provider': {
      name: 'oidc',
      config: { 'idp-issuer-url': 'https://idp.example.com', 'client-id': 'istiod', 'client-secret': 's3cret' },
    },
  });
  expect(userOf(RemoteCredentials.authProvider({ name: 'oidc' })))
    .toEqual({ 'auth-provider': { name: 'oidc', config: {} } });
});

test.each(['gcp', 'azure', 'exec', 'OIDC', ''])('the auth provider %j is refused', name => {
  expect(problems(() => remoteSecret({ credentials: RemoteCredentials.authProvider({ name }) }))).toEqual([
    `authProvider.name '${name}' is not supported by istiod, which only has 'oidc'; use oidc, or unsafeExec with a `
      + 'program that prints a token',
  ]);
});

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----\n';

test('a client certificate comes with its key, both as base64 of their PEM text', () => {
  expect(userOf(RemoteCredentials.clientCertificate({
    certificate: SecretValue.unsafePlainText(CERTIFICATE),
    key: SecretValue.unsafePlainText(KEY),
  }))).toEqual({
    'client-certificate-data': Buffer.from(CERTIFICATE).toString('base64'),
    'client-key-data': Buffer.from(KEY).toString('base64'),
  });
});

test('the path of a certificate or of a key instead of its PEM text is refused', () => {
  const path = SecretValue.unsafePlainText('/etc/istio/client.pem');
  const [certificate, key] = [CERTIFICATE, KEY].map(SecretValue.unsafePlainText);
  const refused = (field: string) =>
    [`clientCertificate.${field} is not PEM text, and istiod rejects file paths in a kubeconfig; write the content, `
      + 'e.g. with SecretValue.file'];
  expect(problems(() => remoteSecret({ credentials: RemoteCredentials.clientCertificate({ certificate: path, key }) })))
    .toEqual(refused('certificate'));
  expect(problems(() => remoteSecret({ credentials: RemoteCredentials.clientCertificate({ certificate, key: path }) })))
    .toEqual(refused('key'));
});

test.each<[string, RemoteCredentials]>([
  ['linked', RemoteCredentials.linked()],
  ['external', RemoteCredentials.external({ kubeconfigPath: '/etc/istio/peers' })],
  ['externalSecrets', RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } })],
])('credentials %s are rejected, because no Secret can be created', (member, credentials) => {
  expect(problems(() => remoteSecret({ credentials })))
    .toEqual([
      `credentials '${member}' are not part of the generated manifests, so no Secret can be created; use plainToken, `
        + 'authProvider or clientCertificate',
    ]);
});

test('a program that gives a token stands in the kubeconfig as kubectl writes it', () => {
  expect(userOf(RemoteCredentials.unsafeExec({
    command: 'aws', args: ['eks', 'get-token'], env: { AWS_REGION: 'eu-west-1' }, provideClusterInfo: true,
  }))).toEqual({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      args: ['eks', 'get-token'],
      command: 'aws',
      env: [{ name: 'AWS_REGION', value: 'eu-west-1' }],
      interactiveMode: 'Never',
      provideClusterInfo: true,
    },
  });
  expect(userOf(RemoteCredentials.unsafeExec({ command: 'token', apiVersion: 'client.authentication.k8s.io/v1beta1' })))
    .toEqual({
      exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'token', interactiveMode: 'Never' },
    });
});

test('a program that nobody can run is refused', () => {
  expect(problems(() =>
    remoteSecret({ credentials: RemoteCredentials.unsafeExec({ command: ' ', apiVersion: 'v1', env: { '': 'x' } }) })))
    .toEqual([
      'unsafeExec.command is empty, and istiod rejects the kubeconfig; write the name of the program',
      "unsafeExec.apiVersion 'v1' is not supported by istiod; write one of client.authentication.k8s.io/v1, "
      + 'client.authentication.k8s.io/v1beta1',
      'unsafeExec.env has a variable without a name, and istiod rejects the kubeconfig; name it',
    ]);
});

test('a file with a token is named by its path in the container of istiod', () => {
  expect(userOf(RemoteCredentials.unsafeTokenFile('/var/run/peers/token')))
    .toEqual({ tokenFile: '/var/run/peers/token' });
  expect(problems(() => remoteSecret({ credentials: RemoteCredentials.unsafeTokenFile('token') })))
    .toEqual([
      "unsafeTokenFile 'token' is not an absolute path of letters, digits and -_./@:+; write the path of the file in "
        + 'the container of istiod',
    ]);
});

const FIX = 'write the https URL at which the other clusters reach it, e.g. https://10.0.0.1:6443';

test.each([
  'https://localhost:6443', 'https://LOCALHOST', 'https://localhost.', 'https://api.localhost:6443',
  'https://127.0.0.1:6443', 'https://127.8.9.10', 'https://127.1',
  'https://0x7f000001', 'https://2130706433', 'https://0.0.0.0:6443', 'https://[::1]:6443',
  'https://[0:0:0:0:0:0:0:1]', 'https://[::]', 'https://[::ffff:127.0.0.1]',
])('the loopback address %s is refused', apiServer => {
  expect(problems(() => remoteSecret({ apiServer })))
    .toEqual([`apiServer '${apiServer}' is a loopback address, which the other clusters cannot reach; ${FIX}`]);
});

test.each([
  'http://10.0.0.2:6443', 'ftp://10.0.0.2', 'cluster2.example.com:6443', 'HTTP://cluster2.example.com',
])('%s is refused, since it is not https', apiServer => {
  expect(problems(() => remoteSecret({ apiServer }))).toEqual([`apiServer '${apiServer}' does not use https; ${FIX}`]);
});

test.each([
  '', 'cluster2', '10.0.0.2:6443', 'https://', 'https://10.0.0.2:65536', 'https://10.0.0.256', 'https://clu ster2',
])('%j is refused, since it is no URL', apiServer => {
  expect(problems(() => remoteSecret({ apiServer }))).toEqual([`apiServer '${apiServer}' is not a valid URL; ${FIX}`]);
});

test.each([
  'https://10.0.0.2', 'https://10.0.0.2:65535', 'https://cluster2.example.com:6443',
  'https://rancher.example.com/k8s/clusters/c-abcde', 'https://[2001:db8::1]:6443',
  'https://localhost.example.com', 'https://128.0.0.1', 'https://127.example.com', 'https://10.0.0.1', 'https://[::2]',
])('%s is taken, as it is written', apiServer => {
  expect(kubeconfigOf({ apiServer }).clusters[0].cluster.server).toBe(apiServer);
});

test.each([
  'a}b', 'a{b', 'a`b', 'a!b', 'a"b', "a'b", 'a$b', 'a&b', 'a(b)', 'a*b', 'a+b', 'a,b', 'a;b', 'a=b', 'a~b', '"a',
  '%61', 'ä.example', 'a\u00adb', '-a', 'a-', 'a..b', '.a', 'a..', '1.2.3', '007', '010.0.0.1', '0x0a000001',
])('the host %j is refused, since it is none to istiod', host => {
  expect(problems(() => remoteSecret({ apiServer: `https://${host}:6443/x` })))
    .toEqual([
      `apiServer 'https://${host}:6443/x' has an invalid host '${host}', which must be an IP address, or a name of `
        + `letters, digits, '-' and '.'; ${FIX}`,
    ]);
  expect(problems(() => remoteSecret({ proxyUrl: `http://${host}:3128` }))).toHaveLength(1);
});

test.each([
  'https:///a', 'https:////a', 'https://a:', 'https://@a', 'https://:@a',
])('%s is refused, since its host is no name alone', apiServer => {
  expect(problems(() => remoteSecret({ apiServer }))).toEqual([expect.stringContaining(' has an invalid host \'')]);
});

test.each(['/%zz', '/a%2', '/%', '/ä', '/a\u007f'])('the path %j is refused', path => {
  expect(problems(() => remoteSecret({ apiServer: `https://a${path}` })))
    .toEqual([expect.stringMatching(/ has an invalid path, /)]);
});

test.each([
  'a', 'A.b', 'a_b', '_a', '7a', 'a.', '1.2.3.a', 'xn--4ca.example', 'a-b.c--d', '[2001:db8::1]', '[::ffff:10.0.0.1]',
  '10.0.0.1',
])('the host %s is taken', host => {
  expect(kubeconfigOf({ apiServer: `https://${host}:6443/a%2F{b}"'<$&` }).clusters[0].cluster.server)
    .toBe(`https://${host}:6443/a%2F{b}"'<$&`);
  expect(problems(() => remoteSecret({ proxyUrl: `socks5://${host}:1080` }))).toEqual([]);
});

test('credentials in the URL are refused without being said', () => {
  expect(problems(() => remoteSecret({ apiServer: 'https://admin:hunter2@10.0.0.2:6443' })))
    .toEqual([
      "apiServer of host '10.0.0.2:6443' has credentials in its URL; configure them in remoteCredentials instead",
    ]);
  expect(said({ apiServer: 'https://hunter2@10.0.0.2' })).not.toContain('hunter2');
  expect(said({ apiServer: 'https://:hunter2@10.0.0.2' })).not.toContain('hunter2');
});

test.each([
  'http://admin:hunter2@10.0.0.2', 'https://admin:hunter2@localhost:6443', 'https://admin:hunter2@10.0.0.2:65536',
])('credentials in a URL that is refused for another reason are not said (%#)', apiServer => {
  expect(said({ apiServer })).not.toContain('hunter2');
});

test('a certificate authority that is none is refused', () => {
  expect(problems(() => remoteSecret({ caData: '/etc/kubernetes/pki/ca.crt' })))
    .toEqual([
      "caData '/etc/kubernetes/pki/ca.c…' is not a certificate; write the CA certificate of the API server as PEM, or "
        + 'as base64 of PEM',
    ]);
  expect(problems(() => remoteSecret({ caData: CERTIFICATE }))).toHaveLength(1);
  expect(problems(() => remoteSecret({ caData: '' }))).toHaveLength(1);
});

test('a cluster name is a DNS label of up to 63 characters', () => {
  expect(problems(() => remoteSecret({ clusterName: 'a'.repeat(63) }))).toEqual([]);
  expect(problems(() => remoteSecret({ clusterName: 'a'.repeat(64) })))
    .toEqual([expect.stringMatching(/^clusterName 'a{64}' is not a valid DNS label .*; write 'a{63}'$/)]);
});

test('a secret that cannot be read is named', () => {
  expect(problems(() => remoteSecret({ credentials: RemoteCredentials.plainToken(SecretValue.env(VARIABLE)) })))
    .toEqual(["environment variable 'ISTIO_MESH_TEST_TOKEN' is not set; set it before synth"]);
  expect(problems(() => remoteSecret({ credentials: RemoteCredentials.plainToken(SecretValue.file('no/such/token')) })))
    .toEqual(["file 'no/such/token' cannot be read (ENOENT); write the secret there before synth"]);
  expect(problems(() =>
    remoteSecret({
      credentials: RemoteCredentials.authProvider({ secretConfig: { 'client-secret': SecretValue.env(VARIABLE) } }),
    })))
    .toEqual(["environment variable 'ISTIO_MESH_TEST_TOKEN' is not set; set it before synth"]);
});

test('an empty token is refused, wherever it comes from', () => {
  process.env[VARIABLE] = '';
  expect(said({ credentials: RemoteCredentials.plainToken(SecretValue.env(VARIABLE)) })).toContain(VARIABLE);
  expect(said({ credentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('')) })).toContain('empty');
});

test.each<[string, (secret: SecretValue) => RemoteCredentials]>([
  ['token', secret => RemoteCredentials.plainToken(secret)],
  ['setting of an auth provider',
    secret => RemoteCredentials.authProvider({ name: 'gcp', secretConfig: { 'client-secret': secret } })],
  ['certificate', secret => RemoteCredentials.clientCertificate({ certificate: secret, key: secret })],
  ['key', secret =>
    RemoteCredentials.clientCertificate({ certificate: SecretValue.unsafePlainText(CERTIFICATE), key: secret })],
])('a secret is in no message (%s)', (_, credentials) => {
  const wrong = { apiServer: 'http://10.0.0.2', clusterName: 'Cluster2', caData: 'none' };
  expect(said({ ...wrong, credentials: credentials(SecretValue.unsafePlainText('hunter2')) })).not.toContain('hunter2');
});

test('everything that is wrong is said at once, after the path of the construct', () => {
  expect(() =>
    remoteSecret({
      clusterName: 'cluster_2',
      apiServer: 'http://10.0.0.2',
      caData: '/ca.crt',
      credentials: RemoteCredentials.linked(),
    })).toThrow(new Error(`test/secret has 4 problems:
  clusterName 'cluster_2' is not a valid DNS label (1 to 63 lower-case letters, digits and '-', starting and ending with a letter or digit); write 'cluster-2' (IM004)
  apiServer 'http://10.0.0.2' does not use https; ${FIX} (IM031)
  caData '/ca.crt' is not a certificate; write the CA certificate of the API server as PEM, or as base64 of PEM (IM032)
  credentials 'linked' are not part of the generated manifests, so no Secret can be created; use plainToken, authProvider or clientCertificate (IM035)`));
});

test('the Secret is the default child, and a patch of one leaves the others of the same properties alone', () => {
  const [patched, other] = ['one', 'two'].map(id => new RemoteSecret(Testing.chart(), id, PROPS));
  expect(patched.node.defaultChild).toBe(patched.secret);
  expect(ApiObject.of(patched)).toBe(patched.secret);
  patched.secret.addJsonPatch(JsonPatch.add('/fieldOfTomorrow', 'kept'));
  expect(patched.secret.toJson().fieldOfTomorrow).toBe('kept');
  expect(other.secret.toJson()).not.toHaveProperty('fieldOfTomorrow');
});

test('props that are used again with other values make another Secret', () => {
  const chart = Testing.chart();
  const props = {
    clusterName: 'cluster1',
    apiServer: 'https://10.0.0.1',
    credentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('one')),
  };
  const first = new RemoteSecret(chart, 'one', props);
  Object.assign(props, { clusterName: 'cluster2' });
  expect([first, new RemoteSecret(chart, 'two', props)].map(({ secret }) => secret.name))
    .toEqual(['istio-remote-secret-cluster1', 'istio-remote-secret-cluster2']);
});

test('a proxy with credentials is refused, without saying them', () => {
  expect(problems(() => remoteSecret({ proxyUrl: 'http://user:hunter2@proxy.example.com:3128' }))).toEqual([
    'proxyUrl of host \'proxy.example.com:3128\' has credentials, which would be written into the output directory in '
      + 'plain text; use a proxy without credentials',
  ]);
});

test('missing credentials are refused', () => {
  expect(problems(() => remoteSecret({ credentials: undefined }))).toEqual([
    'credentials are missing; use e.g. RemoteCredentials.plainToken(SecretValue.env(\'ISTIO_TOKEN\'))',
  ]);
});

test.each([
  'https://h?token=hunter2', 'https://u:a/hunter2@h:x', 'ftp://u:a@hunter2@p', 'http://admin:hunter2/x@p:99999',
])('what may be a secret in the URL %s is not said', url => {
  const messages = [
    ...problems(() => remoteSecret({ apiServer: url })), ...problems(() => remoteSecret({ proxyUrl: url })),
  ];
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.join()).not.toContain('hunter2');
});

test.each(['two words', 'tab\t', 'line\nbreak', 'n\u00fcl', '\0'])('the token %j is refused, without saying it',
  token => {
    expect(problems(() =>
      remoteSecret({ credentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText(token)) }))).toEqual([
      'the token contains blanks or other characters that are not valid in a token; write only the token',
    ]);
  });
