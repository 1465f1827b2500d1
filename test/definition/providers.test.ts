import { join } from 'path';
import { parse, stringify } from 'yaml';
import {
  type MeshProps,
  GatewayInstall, GitOps, Installer, LinkDestination, LoadBalancer, RemoteCredentials, SailUpdateStrategyType,
  SecretValue, Trust,
} from '../../src';
import { type Schema, argumentSchema, meshSchema } from '../../src/core/schema';
import { FakeIstioctls } from '../support/fake-istioctl';
import { directoryWith, treeOf, treeOfFile, twoClusters } from '../support/mesh-util';
import { CA_PEM } from '../support/util';

const SECRETS =
  directoryWith({
    'token': 't0ken', 'ca.crt': CA_PEM, 'tls.crt': CA_PEM, 'tls.key': '-----BEGIN EC PRIVATE KEY-----\n',
  });
const TOKEN = join(SECRETS, 'token');
const ISTIOCTLS = new FakeIstioctls();
const ISTIOCTL = ISTIOCTLS.add('istioctl');

beforeAll(() => { process.env.ISTIO_MESH_TEST_TOKEN = 't0ken'; });
afterAll(() => { delete process.env.ISTIO_MESH_TEST_TOKEN; });

/** A provider in code, the same in a file, and its serialized form alone. */
interface Case { readonly code: Partial<MeshProps>; readonly file: object; readonly form: unknown }

interface Cases { readonly [kind: string]: Case[] }

/**
 * @param settings puts a provider, or its serialized form, into settings
 * @param kinds for each kind what its factory creates, and how a file writes it
 */
function cases<Kind>(
  settings: (provider: any) => object, kinds: { [kind: string]: ReadonlyArray<[provider: Kind, form: unknown]> },
): Cases {
  return Object.fromEntries(Object.entries(kinds).map(([kind, forms]) =>
    [kind, forms.map(([provider, form]) => ({ code: settings(provider), file: settings(form), form }))]));
}

/** The kinds of each provider, each in every form that its factory accepts. */
const PROVIDERS: { readonly [provider: string]: Cases } = {
  GitOps: cases<GitOps>(gitOps => ({ gitOps, installer: gitOps instanceof GitOps ? Installer.helm() : 'helm' }), {
    argoCd: [
      [GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' }),
        { argoCd: { repoURL: 'https://git.example.com/mesh' } }],
      [
        GitOps.argoCd({
          repoURL: 'https://git.example.com/mesh',
          path: 'a',
          destinationName: 'b-$(cluster)',
          applicationSet: true,
          cascade: true,
        }),
        {
          argoCd: {
            repoURL: 'https://git.example.com/mesh',
            path: 'a',
            destinationName: 'b-$(cluster)',
            applicationSet: true,
            cascade: true,
          },
        },
      ],
    ],
    flux: [
      [GitOps.flux(), 'flux'],
      [GitOps.flux({ interval: '1h', sourceRef: { name: 'mesh' }, prune: false }),
        { flux: { interval: '1h', sourceRef: { name: 'mesh' }, prune: false } }],
    ],
  }),
  Installer: cases<Installer>(installer => ({ installer }), {
    helm: [
      [Installer.helm(), 'helm'],
      [Installer.helm({ repository: 'oci://registry.example.com/istio' }),
        { helm: { repository: 'oci://registry.example.com/istio' } }],
    ],
    istioctl: [[Installer.istioctl(), 'istioctl']],
    rendered: [
      [Installer.rendered({ istioctl: ISTIOCTL }), { rendered: { istioctl: ISTIOCTL } }],
      [Installer.rendered(), 'rendered'],
    ],
    sail: [
      [Installer.sail(), 'sail'],
      [Installer.sail({ version: 'v1.31-latest' }), { sail: { version: 'v1.31-latest' } }],
      [
        Installer.sail({
          updateStrategy: {
            type: SailUpdateStrategyType.REVISION_BASED, inactiveRevisionDeletionGracePeriodSeconds: 60,
          },
        }),
        { sail: { updateStrategy: { type: 'RevisionBased', inactiveRevisionDeletionGracePeriodSeconds: 60 } } },
      ],
    ],
    external: [[Installer.external(), 'external']],
  }),
  LinkDestination: cases<LinkDestination>(into => ({
    remoteCredentials: into instanceof LinkDestination ? RemoteCredentials.linked({ into }) : { linked: { into } },
  }), {
    peers: [[LinkDestination.peers(), 'peers']],
    sealedSecrets: [
      [LinkDestination.sealedSecrets(), 'sealedSecrets'],
      [LinkDestination.sealedSecrets({ certificate: join(SECRETS, 'sealing.pem') }),
        { sealedSecrets: { certificate: join(SECRETS, 'sealing.pem') } }],
      [
        LinkDestination.sealedSecrets({ controllerName: 'sealed-secrets', controllerNamespace: 'sealed-secrets' }),
        { sealedSecrets: { controllerName: 'sealed-secrets', controllerNamespace: 'sealed-secrets' } },
      ],
    ],
    sops: [[LinkDestination.sops(), 'sops']],
  }),
  LoadBalancer:
    cases<LoadBalancer>(loadBalancer => ({ eastWestGateway: { install: GatewayInstall.ALWAYS, loadBalancer } }), {
      aws: [
        [LoadBalancer.aws(), 'aws'],
        [LoadBalancer.aws({ internal: true }), { aws: { internal: true } }],
        [
          LoadBalancer.aws({ internal: false, dualStack: true, preserveClientIP: true }),
          { aws: { internal: false, dualStack: true, preserveClientIP: true } },
        ],
      ],
      gke: [[LoadBalancer.gke(), 'gke'], [LoadBalancer.gke({ internal: true }), { gke: { internal: true } }]],
      aks: [[LoadBalancer.aks(), 'aks'], [LoadBalancer.aks({ internal: false }), { aks: { internal: false } }]],
      metalLb: [[LoadBalancer.metalLb('pool'), { metalLb: 'pool' }]],
      nodePort: [[LoadBalancer.nodePort({ 'example.com/edge': 'true' }), { nodePort: { 'example.com/edge': 'true' } }]],
    }),
  RemoteCredentials: cases<RemoteCredentials>(remoteCredentials => ({ remoteCredentials }), {
    linked: [
      [RemoteCredentials.linked(), 'linked'],
      [RemoteCredentials.linked({ into: LinkDestination.sops() }), { linked: { into: 'sops' } }],
    ],
    externalSecrets: [
      [RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }),
        { externalSecrets: { secretStoreRef: { name: 'vault' } } }],
      [
        RemoteCredentials.externalSecrets({
          secretStoreRef: { name: 'vault', kind: 'SecretStore' }, property: 'kubeconfig', refreshInterval: '5m',
        }),
        {
          externalSecrets: {
            secretStoreRef: { name: 'vault', kind: 'SecretStore' }, property: 'kubeconfig', refreshInterval: '5m',
          },
        },
      ],
    ],
    plainToken: [[RemoteCredentials.plainToken(SecretValue.file(TOKEN)), { plainToken: { file: TOKEN } }]],
    authProvider: [
      [RemoteCredentials.authProvider({}), { authProvider: {} }],
      [
        RemoteCredentials.authProvider({
          name: 'oidc', config: { 'client-id': 'istio' }, secretConfig: { 'id-token': SecretValue.file(TOKEN) },
        }),
        {
          authProvider: {
            name: 'oidc', config: { 'client-id': 'istio' }, secretConfig: { 'id-token': { file: TOKEN } },
          },
        },
      ],
    ],
    clientCertificate: [[
      RemoteCredentials.clientCertificate({
        certificate: SecretValue.file(join(SECRETS, 'tls.crt')), key: SecretValue.file(join(SECRETS, 'tls.key')),
      }),
      {
        clientCertificate: { certificate: { file: join(SECRETS, 'tls.crt') }, key: { file: join(SECRETS, 'tls.key') } },
      },
    ]],
    unsafeExec: [
      [RemoteCredentials.unsafeExec({ command: 'aws' }), { unsafeExec: { command: 'aws' } }],
      [RemoteCredentials.unsafeExec({ command: 'aws', args: ['eks', 'get-token'], env: { AWS_REGION: 'eu' } }),
        { unsafeExec: { command: 'aws', args: ['eks', 'get-token'], env: { AWS_REGION: 'eu' } } }],
    ],
    unsafeTokenFile: [[RemoteCredentials.unsafeTokenFile('/var/run/token'), { unsafeTokenFile: '/var/run/token' }]],
    external: [
      [RemoteCredentials.external(), 'external'],
      [RemoteCredentials.external({ kubeconfigPath: '/etc/istio/peers' }),
        { external: { kubeconfigPath: '/etc/istio/peers' } }],
    ],
  }),
  SecretValue: cases<SecretValue>(secret => ({
    remoteCredentials: secret instanceof SecretValue ? RemoteCredentials.plainToken(secret) : { plainToken: secret },
  }), {
    env: [[SecretValue.env('ISTIO_MESH_TEST_TOKEN'), { env: 'ISTIO_MESH_TEST_TOKEN' }]],
    file: [[SecretValue.file(TOKEN), { file: TOKEN }]],
    unsafePlainText: [[SecretValue.unsafePlainText('t0ken'), { unsafePlainText: 't0ken' }]],
  }),
  Trust: cases<Trust>(trust => ({ trust }), {
    external: [[Trust.external(), 'external']],
    pem: [[Trust.pem(join(SECRETS, 'keys')), { pem: join(SECRETS, 'keys') }]],
    certManager: [
      [Trust.certManager({ issuerRef: { name: 'root' } }), { certManager: { issuerRef: { name: 'root' } } }],
      [
        Trust.certManager({
          issuerRef: { name: 'root', kind: 'Issuer', group: 'cert-manager.io' },
          duration: '8760h',
          renewBefore: '720h',
          privateKey: { algorithm: 'ECDSA', size: 384 },
        }),
        {
          certManager: {
            issuerRef: { name: 'root', kind: 'Issuer', group: 'cert-manager.io' },
            duration: '8760h',
            renewBefore: '720h',
            privateKey: { algorithm: 'ECDSA', size: 384 },
          },
        },
      ],
    ],
    externalSecrets: [
      [Trust.externalSecrets({ secretStoreRef: { name: 'vault' } }),
        { externalSecrets: { secretStoreRef: { name: 'vault' } } }],
      [
        Trust.externalSecrets({
          secretStoreRef: { name: 'vault', kind: 'SecretStore' }, key: 'mesh1', refreshInterval: '1h',
        }),
        {
          externalSecrets: {
            secretStoreRef: { name: 'vault', kind: 'SecretStore' }, key: 'mesh1', refreshInterval: '1h',
          },
        },
      ],
    ],
  }),
};

const SCHEMAS = Object.entries((meshSchema() as { $defs: { [name: string]: Schema } }).$defs)
  .filter(([, schema]) => schema['x-provider']);

function kindsOf(schema: Schema): string[] {
  return [...new Set(schema.anyOf!.flatMap(form => form.const ?? Object.keys(form.properties!)))];
}

test('every provider of each kind is tested here', () => {
  const tried = Object.entries(PROVIDERS).map(([provider, kinds]) => [provider, Object.keys(kinds).sort()]);
  expect(Object.fromEntries(tried))
    .toEqual(Object.fromEntries(SCHEMAS.map(([provider, schema]) => [provider, kindsOf(schema).sort()])));
});

test('every kind is tested in each of the forms that the schema takes', () => {
  for (const [provider, schema] of SCHEMAS) {
    for (const [kind, tried] of Object.entries(PROVIDERS[provider])) {
      const takesNothing = schema.anyOf!.some(form => form.const === kind);
      expect([kind, tried.some(({ form }) => form === kind), tried.some(({ form }) => typeof form === 'object')])
        .toEqual([kind, takesNothing, argumentSchema(schema, kind) !== undefined]);
    }
  }
});

const EACH = Object.entries(PROVIDERS)
  .flatMap(([provider, kinds]) =>
    Object.values(kinds).flat()
      .map(tried => ({ provider, ...tried, text: JSON.stringify(tried.form).split(`${SECRETS}/`).join('') })));

test.each(EACH)('$provider $text in a file equals what the factory creates', ({ code, file }) => {
  const inCode = ISTIOCTLS.onPath(() => treeOf(twoClusters(code)));
  expect(ISTIOCTLS.onPath(() => treeOfFile(stringify({ ...twoClusters(), ...file })))).toEqual(inCode);
});

test.each(EACH.filter(({ text }) => !text.includes('unsafePlainText')))('$provider $text comes back in mesh.yaml',
  ({ code, file }) => {
    const { clusters: [cluster], ...mesh } = parse(ISTIOCTLS.onPath(() => treeOf(twoClusters(code)))['mesh.yaml']);
    expect({ ...mesh, ...cluster }).toMatchObject(file);
  });
