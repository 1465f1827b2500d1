import type { ClusterSettings, MeshProps } from '../../../src';
import { GatewayInstall, GitOps, Installer, LoadBalancer, ReaderRole, RemoteCredentials, SecretValue, TokenSlot, Trust } from '../../../src';
import { meshOf, report, told } from '../../support/diff-util';
import { twoClusters, twoNetworks } from '../../support/mesh-util';

const ADDRESS = 'its address may change: peers take the new one as soon as its Service has it, and requests from other networks may fail until then; firewalls must know it';
const AT_RESTART = 'pods have it from their next restart on';
const KUBECONFIG = 'its peers read it with another kubeconfig, without a restart: run `istio-mesh link b.yaml`';

/** What is told when cluster1 of two networks has the first settings and gets the second ones. */
function changes(before: ClusterSettings, after: ClusterSettings): string[][] {
  const mesh = (settings: ClusterSettings): MeshProps => {
    const { clusters: [one, two], ...rest } = twoNetworks();
    return { ...rest, clusters: [{ ...one, ...settings }, two] };
  };
  return told(mesh(before), mesh(after));
}

/** What is told in one direction, and in the other. */
type Directions = [subject: string, before: ClusterSettings, after: ClusterSettings, there: string[], back: string[]];

const gateway = (loadBalancer: LoadBalancer): ClusterSettings => ({ eastWestGateway: { loadBalancer } });
const BESIDES = ' (a canary and a tag do it step by step: docs/how-to/upgrade-a-mesh.md)';
const IN_PLACE = 'istiod is replaced in place; pods keep their proxies until they restart';

test.each<Directions>([
  ['a version', { istioVersion: '1.30.2' }, { istioVersion: '1.31.0' },
    ['restarts', 'cluster1: Istio 1.30.2 → 1.31.0', IN_PLACE + BESIDES],
    ['restarts', 'cluster1: Istio 1.31.0 → 1.30.2', IN_PLACE]],
  ['a network', { network: 'network1' }, { network: 'network3' },
    ['rebuild', 'cluster1 moves from network1 to network3', expect.stringMatching(/^pods say the old network until they restart, .*; delete the Deployment `istio-eastwestgateway` before/)],
    ['rebuild', 'cluster1 moves from network3 to network1', expect.anything()]],
  ['a namespace', {}, { namespace: 'mesh-a' },
    ['rebuild', 'cluster1: namespace: istio-system → mesh-a', expect.stringContaining('another control plane beside the old one')],
    ['rebuild', 'cluster1: namespace: mesh-a → istio-system', expect.anything()]],
  ['a trust domain', {}, { meshConfig: { trustDomain: 'td' } },
    ['rebuild', 'cluster1: meshConfig.trustDomain is set: td', expect.stringContaining('every identity is another')],
    ['rebuild', 'cluster1: meshConfig.trustDomain is no longer set, it was td', expect.anything()]],
  ['an alias of the trust domain', {}, { meshConfig: { trustDomainAliases: ['old'] } },
    ['interrupts', 'cluster1: meshConfig.trustDomainAliases is set: ["old"]', 'workloads of a trust domain that is no alias any more are refused'],
    ['interrupts', 'cluster1: meshConfig.trustDomainAliases is no longer set, it was ["old"]', expect.anything()]],
  ['an API server', {}, { apiServer: 'https://10.0.0.1' },
    ['interrupts', 'cluster1: apiServer: https://cluster1.example.com:6443 → https://10.0.0.1', KUBECONFIG],
    ['interrupts', 'cluster1: apiServer: https://10.0.0.1 → https://cluster1.example.com:6443', KUBECONFIG]],
  ['an authority, which nobody reads', { caData: 'QQ==' }, { caData: 'Qg==' },
    ['interrupts', 'cluster1: caData changes', KUBECONFIG], ['interrupts', 'cluster1: caData changes', KUBECONFIG]],
  ['credentials', {}, { remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('secret')) },
    ['interrupts', 'cluster1: remoteCredentials linked → plainToken', 'its peers read it with another kubeconfig, without a restart: it is in their trees'],
    ['interrupts', 'cluster1: remoteCredentials plainToken → linked', KUBECONFIG]],
  ['settings of credentials', { remoteCredentials: RemoteCredentials.plainToken(SecretValue.env('A')) }, { remoteCredentials: RemoteCredentials.plainToken(SecretValue.file('b')) },
    ['interrupts', 'cluster1: remoteCredentials plainToken has other settings (env, file)', expect.anything()],
    ['interrupts', 'cluster1: remoteCredentials plainToken has other settings (file, env)', expect.anything()]],
  ['the token that travels', {}, { reader: { activeToken: TokenSlot.GREEN } },
    ['interrupts', 'cluster1: reader.activeToken: blue → green', `${KUBECONFIG}; retire the old token not before every peer has the new one`],
    ['interrupts', 'cluster1: reader.activeToken: green → blue', expect.anything()]],
  ['the role of the reader', {}, { reader: { role: ReaderRole.MINIMAL } },
    ['changes', 'cluster1: reader.role: full → minimal', expect.stringContaining('ClusterRole')], ['changes', 'cluster1: reader.role: minimal → full', expect.anything()]],
  ['an installer', {}, { installer: Installer.helm() },
    ['interrupts', 'cluster1: installer istioctl → helm', expect.stringContaining('does not take over what istioctl made')],
    ['interrupts', 'cluster1: installer helm → istioctl', expect.stringContaining('does not take over what helm made')]],
  ['a trust', {}, { trust: Trust.pem('keys') },
    ['interrupts', 'cluster1: trust external → pem', expect.stringContaining('keep the root')], ['interrupts', 'cluster1: trust pem → external', expect.anything()]],
  ['a canary', { revision: '1-31-0' }, { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } },
    ['changes', 'cluster1: canary 1-32-0 added (Istio 1.32.0)', 'nothing follows it until a tag moves, or a namespace names it'],
    ['interrupts', 'cluster1: canary 1-32-0 removed', 'not before no pod follows it (`istioctl proxy-status`); then `istioctl uninstall -y --revision 1-32-0`']],
  ['the version of a canary', { canary: { revision: 'next', istioVersion: '1.32.0' } }, { canary: { revision: 'next', istioVersion: '1.32.1' } },
    ['restarts', 'cluster1: canary next (Istio 1.32.0) → next (Istio 1.32.1)', expect.stringContaining('replaced in place')],
    ['restarts', 'cluster1: canary next (Istio 1.32.1) → next (Istio 1.32.0)', expect.anything()]],
  ['the revision of a canary', { canary: { revision: 'a', istioVersion: '1.32.0' } }, { canary: { revision: 'b', istioVersion: '1.32.0' } },
    ['interrupts', 'cluster1: canary a (Istio 1.32.0) → b (Istio 1.32.0)', 'not before no pod follows `a`; then `istioctl uninstall -y --revision a`'],
    ['interrupts', 'cluster1: canary b (Istio 1.32.0) → a (Istio 1.32.0)', expect.anything()]],
  ['images', {}, { hub: 'registry.example.com/istio' },
    ['restarts', 'cluster1: hub is set: registry.example.com/istio', AT_RESTART], ['restarts', 'cluster1: hub is no longer set, it was registry.example.com/istio', AT_RESTART]],
  ['a compatibility version', {}, { compatibilityVersion: '1.30' },
    ['restarts', 'cluster1: compatibilityVersion is set: 1.30'], ['restarts', 'cluster1: compatibilityVersion is no longer set, it was 1.30']],
  ['a value', { values: { pilot: { autoscaleMin: 1 } } }, { values: { pilot: { autoscaleMin: 2 } } },
    ['changes', 'cluster1: values.pilot.autoscaleMin: 1 → 2'], ['changes', 'cluster1: values.pilot.autoscaleMin: 2 → 1']],
  ['what proxies get when they are injected', {}, { meshConfig: { defaultConfig: { concurrency: 2 } } },
    ['restarts', 'cluster1: meshConfig.defaultConfig.concurrency is set: 2', AT_RESTART], ['restarts', 'cluster1: meshConfig.defaultConfig.concurrency is no longer set, it was 2', AT_RESTART]],
  ['a context', {}, { context: 'admin' },
    ['changes', 'cluster1: context: cluster1 → admin', 'nothing in the mesh: the commands that are printed and run name it'],
    ['changes', 'cluster1: context: admin → cluster1', expect.anything()]],
  ['peers that are as many', {}, { peers: ['cluster2'] },
    ['changes', 'cluster1: peers: ["*"] → ["cluster2"]', 'the same links as before'], ['changes', 'cluster1: peers: ["cluster2"] → ["*"]', 'the same links as before']],
  ['resources', { resources: ['a/*.yaml'] }, { resources: ['a/*.yaml', 'b/*.yaml'] },
    ['changes', 'cluster1: resources b/*.yaml added'],
    ['changes', 'cluster1: resources b/*.yaml removed', 'kubectl leaves their objects in the cluster, a GitOps tool that prunes does not']],
  ['a gateway', { eastWestGateway: { install: GatewayInstall.NEVER } }, {},
    ['changes', 'gateway of cluster1 is added, for network1', 'other networks use it as soon as its Service has an address'],
    ['interrupts', 'gateway of cluster1 is removed, for network1', expect.stringContaining('requests from other networks lose this way')]],
  ['a reason for the same gateway', {}, { eastWestGateway: { install: GatewayInstall.ALWAYS } },
    ['changes', 'cluster1: eastWestGateway.install: auto → always', 'as before there is a gateway, or none'], ['changes', expect.anything(), expect.anything()]],
  ['who reaches a gateway', gateway(LoadBalancer.aws()), gateway(LoadBalancer.aws({ internal: true })),
    ['interrupts', 'gateway of cluster1 becomes internal (aws)', ADDRESS], ['interrupts', 'gateway of cluster1 becomes public (aws)', ADDRESS]],
  ['the provider of a load balancer', gateway(LoadBalancer.aws()), gateway(LoadBalancer.gke()),
    ['interrupts', 'load balancer of the gateway of cluster1: aws → gke', ADDRESS], ['interrupts', 'load balancer of the gateway of cluster1: gke → aws', ADDRESS]],
  ['the settings of a load balancer', gateway(LoadBalancer.metalLb('a')), gateway(LoadBalancer.metalLb('b')),
    ['interrupts', 'cluster1: eastWestGateway.loadBalancer.metalLb: a → b', ADDRESS], ['interrupts', 'cluster1: eastWestGateway.loadBalancer.metalLb: b → a', ADDRESS]],
  ['the name of a gateway', {}, { eastWestGateway: { name: 'east' } },
    ['rebuild', 'gateway of cluster1: name istio-eastwestgateway → east', expect.stringContaining('a second gateway')],
    ['rebuild', 'gateway of cluster1: name east → istio-eastwestgateway', expect.anything()]],
  ['a NetworkPolicy', {}, { eastWestGateway: { networkPolicy: {} } },
    ['interrupts', 'cluster1: eastWestGateway.networkPolicy is set: {}', expect.anything()], ['interrupts', 'cluster1: eastWestGateway.networkPolicy is no longer set, it was {}', expect.anything()]],
  ['a setting of a gateway that is not there', { peers: [] }, { peers: [], eastWestGateway: { nodeSelector: { pool: 'edge' } } },
    ['changes', 'cluster1: eastWestGateway.nodeSelector.pool is set: edge', 'no effect now: the cluster has no gateway'], ['changes', expect.anything(), expect.anything()]],
])('%s is told, and its way back', (_, before, after, there, back) => {
  expect(changes(before, after)).toEqual([there]);
  expect(changes(after, before)).toEqual([back]);
});

test('hosts that are exposed no more are told apart from those that are now', () => {
  expect(changes({}, { exposedServices: { hosts: ['*.shop.svc.cluster.local'] } })).toEqual([
    ['interrupts', 'cluster1 exposes *.local no more', 'requests from other networks for services that no other host covers are answered with 503'],
    ['changes', 'cluster1 exposes *.shop.svc.cluster.local to other networks'],
  ]);
});

test('a tag is added, with the gateway that follows it, moves and goes', () => {
  const plane = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };
  expect(changes(plane, { ...plane, revisionTags: { default: '1-31-0' } })).toEqual([
    ['restarts', 'gateway of cluster1 follows tag default instead of revision 1-31-0', 'restart it: `kubectl -n istio-system rollout restart deployment/istio-eastwestgateway`'],
    ['changes', 'cluster1: tag default added, for 1-31-0'],
  ]);
  expect(changes({ ...plane, revisionTags: { default: '1-31-0' } }, { ...plane, revisionTags: { default: '1-32-0' } })).toEqual([
    ['restarts', 'cluster1: tag default moves from 1-31-0 to 1-32-0', 'workloads and gateways that follow it get there at their next restart'],
  ]);
  expect(changes({ ...plane, revisionTags: { default: '1-32-0' } }, plane)).toEqual([
    ['interrupts', 'cluster1: tag default removed', expect.stringContaining('kubectl delete mutatingwebhookconfiguration,service -A -l istio.io/tag=default')],
    ['restarts', 'gateway of cluster1 follows revision 1-31-0 instead of tag default', expect.anything()],
  ]);
});

test('a canary that becomes the control plane is told once', () => {
  const before = { istioVersion: '1.31.0', revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' }, revisionTags: { default: '1-32-0' } };
  const after = { istioVersion: '1.32.0', revision: '1-32-0', revisionTags: { default: '1-32-0' } };
  expect(changes(before, after)).toEqual([
    ['interrupts', 'cluster1: canary 1-32-0 becomes the control plane (Istio 1.32.0), and 1-31-0 goes',
      'not before no pod follows `1-31-0` (`istioctl proxy-status`); then `istioctl uninstall -y --revision 1-31-0`'],
  ]);
  expect(changes(before, { ...after, canary: { revision: '1-33-0', istioVersion: '1.33.0' } }).map(([, sentence]) => sentence)).toEqual([
    expect.stringContaining('becomes the control plane'), 'cluster1: canary 1-33-0 added (Istio 1.33.0)',
  ]);
});

test('another revision is another control plane, whose version is told with it', () => {
  expect(changes({ istioVersion: '1.30.2' }, { revision: '1-31-0' })).toEqual([
    ['interrupts', 'cluster1: control plane 1-31-0 (Istio 1.31.0) in place of default (Istio 1.30.2)', expect.stringContaining('pods stay with `default`')],
    ['restarts', 'gateway of cluster1 follows revision 1-31-0 instead of revision default', expect.anything()],
  ]);
});

test('a cluster joins with its links, and leaves with them', () => {
  const two = meshOf(['cluster1', 'cluster2']);
  const three = meshOf(['cluster1', 'cluster2', 'cluster3']);
  expect(told(two, three)).toEqual([
    ['changes', 'cluster3 joins on cluster3-net (Istio 1.31.0)', 'before istiod starts, the Secret cacerts under the common root: somebody else brings it'],
    ['changes', '4 links added: cluster3 with cluster1 and cluster2, both ways', 'run `istio-mesh link b.yaml`'],
  ]);
  expect(told(three, two)).toEqual([
    ['interrupts', 'cluster3 leaves (cluster3-net)', 'what runs there stays until somebody removes it; the peers stop sending there as soon as the links are gone'],
    ['interrupts', '4 links removed: cluster3 with cluster1 and cluster2, both ways', 'endpoints behind them are gone as soon as their Secrets are; run `istio-mesh link b.yaml --prune`'],
  ]);
});

test('how links come and go depends on the credentials', () => {
  const credentials = (remoteCredentials: RemoteCredentials) => [
    told(meshOf(['a', 'b'], { remoteCredentials, peers: [] }), meshOf(['a', 'b'], { remoteCredentials }))[0],
    told(meshOf(['a', 'b'], { remoteCredentials }), meshOf(['a', 'b'], { remoteCredentials, peers: [] }))[0],
  ].map(([, , consequence]) => consequence.replace(/^endpoints behind them are gone as soon as their Secrets are; /, ''));
  const byHand = 'remove their objects in 60-remote-secrets of the peers from the clusters, which kubectl leaves and a GitOps tool that prunes does not';
  expect(credentials(RemoteCredentials.plainToken(SecretValue.env('TOKEN')))).toEqual(['their Secrets are in the trees', byHand]);
  expect(credentials(RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }))).toEqual(['External Secrets brings them', byHand]);
  expect(credentials(RemoteCredentials.external())).toEqual(['somebody else brings them', 'whoever brought them must remove them']);
});

test('a cluster under another name is known by its API server', () => {
  const named = (name: string) => twoClusters({}, {}, { name });
  expect(told(named('cluster2'), named('west')).map(([impact, sentence]) => [impact, sentence])).toEqual([
    ['rebuild', 'west joins on network1 (Istio 1.31.0) with the API server of cluster2, which leaves: the same cluster under another name'],
    ['interrupts', 'cluster2 leaves (network1)'],
    ['interrupts', '2 links removed: cluster1 with cluster2, both ways'],
    ['changes', '2 links added: cluster1 with west, both ways'],
  ]);
});

test('what is said of the mesh is told of the mesh', () => {
  expect(told(twoClusters(), twoClusters({ meshID: 'mesh2', gitOps: GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' }), acknowledge: { IM053: 'soon' } }))).toEqual([
    ['rebuild', 'meshID: mesh1 → mesh2', expect.stringContaining('telemetry tells of another mesh')],
    ['interrupts', 'the tree is applied by argoCd instead of nobody', expect.anything()],
    ['changes', 'IM053 is acknowledged: soon'],
  ]);
  expect(told(twoClusters({ acknowledge: { IM053: 'soon' } }), twoClusters({ acknowledge: { IM053: 'late', IM049: 'x' } }))).toEqual([
    ['changes', 'IM053 is acknowledged for another reason: late'], ['changes', 'IM049 is acknowledged: x'],
  ]);
  expect(told(twoClusters({ acknowledge: { IM053: 'soon' } }), twoClusters())).toEqual([['changes', 'IM053 is acknowledged no more: it is told again']]);
  const argoCd = (targetRevision: string) => twoClusters({ gitOps: GitOps.argoCd({ repoURL: 'https://git.example.com/mesh', targetRevision }) });
  expect(told(argoCd('main'), argoCd('prod'))).toEqual([['changes', 'gitOps.argoCd.targetRevision: main → prod']]);
});

test('what changes in all clusters, or in those of a network, is told once', () => {
  const networks = (settings: ClusterSettings, ofWest: ClusterSettings = {}) => meshOf([], {
    ...settings,
    clusters: ['a', 'b', 'c', 'd', 'e'].map((name, i) => ({ name, network: i < 3 ? 'west' : 'east', ...i < 3 && ofWest })),
  });
  expect(told(networks({}), networks({ hub: 'h' }))).toEqual([['restarts', 'all 5 clusters: hub is set: h', AT_RESTART]]);
  expect(told(meshOf(['a', 'b', 'c']), meshOf(['a', 'b', 'c', 'd'], { hub: 'h' }))[0][1]).toBe('all 3 clusters that stay: hub is set: h');
  expect(told(networks({}), networks({}, { hub: 'h' }))).toEqual([['restarts', 'all 3 clusters of west: hub is set: h', AT_RESTART]]);
  expect(told(twoClusters(), twoClusters({ hub: 'h' }))[0][1]).toBe('both clusters: hub is set: h');
  const never = { eastWestGateway: { install: GatewayInstall.NEVER } };
  expect(told(meshOf(['a', 'b', 'c'], never), meshOf(['a', 'b', 'c']))[0][1]).toBe('gateways of all 3 clusters are added, for $(cluster)-net');
});

test('what differs by the name of the cluster alone is told once, as it would be written for all', () => {
  const api = (suffix: string) => meshOf(['cluster1', 'cluster2'], { apiServer: `https://$(cluster).${suffix}` });
  expect(told(api('example.com'), api('example.org'))).toEqual([
    ['interrupts', 'both clusters: apiServer: https://$(cluster).example.com → https://$(cluster).example.org', KUBECONFIG],
  ]);
});

test('of many clusters the first are named, and links with all are not listed', () => {
  const names = Array.from({ length: 30 }, (_, i) => `cluster${i + 1}`);
  const sentences = told(meshOf(names), meshOf(names, { clusters: names.map((name, i) => ({ name, ...i < 20 && { hub: 'h' }, ...i === 20 && { peers: [] } })) })).map(([, sentence]) => sentence);
  expect(sentences).toEqual([
    '58 links removed: cluster21 with all others, both ways',
    'gateway of cluster21 is removed, for cluster21-net',
    `${names.slice(0, 10).join(', ')}, cluster11 and 9 more: hub is set: h`,
  ]);
});

test('what hurts first comes first, and then clusters have the order of the definition', () => {
  const before = meshOf(['b', 'a']);
  const after = meshOf(['b', 'a'], { clusters: [{ name: 'b', context: 'x' }, { name: 'a', hub: 'h', network: 'other' }] });
  expect(told(before, after).map(([impact, sentence]) => `${impact} ${sentence.split(/[ :]/)[0]}`)).toEqual(['rebuild a', 'restarts a', 'changes b']);
});

test('a definition that says the same elsewhere, or what is the default, changes nothing', () => {
  const { clusters: [one, two], istioVersion, ...rest } = twoNetworks({ values: { global: { logAsJson: true } } });
  const same: MeshProps = {
    ...rest,
    values: undefined,
    namespace: 'istio-system',
    installer: Installer.istioctl(),
    trust: Trust.external(),
    reader: { role: ReaderRole.FULL },
    revisionTags: {},
    eastWestGateway: { install: GatewayInstall.AUTO, network: undefined },
    exposedServices: { hosts: ['*.local'] },
    resources: [],
    clusters: [two, one].map(cluster => ({ ...cluster, istioVersion, context: cluster.name, peers: ['*'], values: { global: { logAsJson: true } } })),
  };
  expect(told({ ...rest, istioVersion, clusters: [one, two] }, same)).toEqual([]);
});

test('a new definition that is refused is compared as far as it goes, and its problems are told first', () => {
  const { diagnostics, changes: some } = report(twoNetworks(), { ...twoNetworks({ meshID: 'mesh 2', hub: 'h' }) });
  expect(diagnostics).toEqual([expect.objectContaining({ severity: 'error', rule: expect.objectContaining({ code: 'IM002' }), place: { path: ['meshID'] } })]);
  expect(some.map(({ kind }) => kind)).toEqual(['meshID', 'hub']);
});

test('only what is newly wrong is told, wherever it stands now', () => {
  const { clusters: [one, two], ...rest } = twoNetworks();
  expect(report({ ...rest, clusters: [one, two] }, { ...rest, clusters: [two, one] }).diagnostics).toEqual([]);
  const open = report({ ...rest, clusters: [one, two] }, { ...rest, clusters: [one, two, { name: 'cluster3', network: 'network3', apiServer: 'https://10.0.0.3' }] });
  expect(open.diagnostics.map(({ rule, place }) => [rule?.code, place.path])).toEqual([['IM049', ['clusters', 2, 'eastWestGateway']]]);
});

test('credentials in a URL, keys and tokens are not shown, even of a definition that is refused', () => {
  const secrets = { apiServer: 'https://me:SECRET@10.0.0.1', proxyUrl: 'http://me:SECRET@proxy', hub: 'eyJSECRET.eyJSECRET.x', tag: '-----BEGIN PRIVATE KEY-----\nSECRET' };
  const all = changes({}, secrets);
  expect(all).toHaveLength(4);
  expect(JSON.stringify([all, changes(secrets, {})])).not.toContain('SECRET');
});
