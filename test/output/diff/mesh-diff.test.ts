import {
  type Canary, type ClusterSettings, type MeshProps,
  GatewayInstall, GitOps, Installer, LoadBalancer, ReaderRole, RemoteCredentials, SecretValue, TokenSlot, Trust,
} from '../../../src';
import { changesBetween, diff, meshWithClusters } from '../../support/diff-util';
import { twoClusters, twoNetworks } from '../../support/mesh-util';

const NEW_ADDRESS = 'the address may change: peers use the new one as soon as the Service has it, '
  + 'and requests from other networks may fail until then; update your firewall rules';
const AFTER_RESTART = 'pods keep the old setting until they restart';
const NEW_KUBECONFIG = 'peers need a new kubeconfig, but no restart: run `istio-mesh link b.yaml`';
const SAME_LINKS = 'the links stay the same';

/** The changes when cluster1 of two networks has the first settings and gets the second ones. */
function clusterChanges(before: ClusterSettings, after: ClusterSettings): string[][] {
  const mesh = (settings: ClusterSettings): MeshProps => {
    const { clusters: [one, two], ...rest } = twoNetworks();
    return { ...rest, clusters: [{ ...one, ...settings }, two] };
  };
  return changesBetween(mesh(before), mesh(after));
}

/** The change from the first to the second settings, and the one back. */
type Case = [subject: string, before: ClusterSettings, after: ClusterSettings, change: string[], reverse: string[]];

const gateway = (loadBalancer: LoadBalancer): ClusterSettings => ({ eastWestGateway: { loadBalancer } });
const tokenFrom = (value: SecretValue): ClusterSettings => ({ remoteCredentials: RemoteCredentials.plainToken(value) });
const canary = (revision: string, istioVersion: string): ClusterSettings => ({ canary: { revision, istioVersion } });
const GRADUALLY = ' (to upgrade gradually, use a canary and a revision tag: docs/how-to/upgrade-a-mesh.md)';
const IN_PLACE = 'istiod is replaced in place; pods keep their proxies until they restart';

test.each<Case>([
  ['a version', { istioVersion: '1.30.2' }, { istioVersion: '1.31.0' },
    ['restarts', 'cluster1: Istio 1.30.2 → 1.31.0', IN_PLACE + GRADUALLY],
    ['restarts', 'cluster1: Istio 1.31.0 → 1.30.2', IN_PLACE]],
  ['a network', { network: 'network1' }, { network: 'network3' },
    ['rebuild', 'cluster1 moves from network1 to network3', expect.stringMatching(
      /^pods report the old network until they restart, .*; delete the Deployment `istio-eastwestgateway` before/)],
    ['rebuild', 'cluster1 moves from network3 to network1', expect.anything()]],
  ['a namespace', {}, { namespace: 'mesh-a' },
    ['rebuild', 'cluster1: namespace: istio-system → mesh-a',
      expect.stringContaining('a second control plane next to the old one')],
    ['rebuild', 'cluster1: namespace: mesh-a → istio-system', expect.anything()]],
  ['a trust domain', {}, { meshConfig: { trustDomain: 'td' } },
    ['rebuild', 'cluster1: meshConfig.trustDomain is set to td',
      expect.stringContaining('every workload gets a new identity')],
    ['rebuild', 'cluster1: meshConfig.trustDomain is no longer set (was td)', expect.anything()]],
  ['an alias of the trust domain', {}, { meshConfig: { trustDomainAliases: ['old'] } },
    ['interrupts', 'cluster1: meshConfig.trustDomainAliases is set to ["old"]',
      'requests from workloads of a trust domain that is no longer listed are rejected'],
    ['interrupts', 'cluster1: meshConfig.trustDomainAliases is no longer set (was ["old"])', expect.anything()]],
  ['an API server', {}, { apiServer: 'https://10.0.0.1' },
    ['interrupts', 'cluster1: apiServer: https://cluster1.example.com:6443 → https://10.0.0.1', NEW_KUBECONFIG],
    ['interrupts', 'cluster1: apiServer: https://10.0.0.1 → https://cluster1.example.com:6443', NEW_KUBECONFIG]],
  ['the CA of an API server, which is not shown', { caData: 'QQ==' }, { caData: 'Qg==' },
    ['interrupts', 'cluster1: caData changes', NEW_KUBECONFIG],
    ['interrupts', 'cluster1: caData changes', NEW_KUBECONFIG]],
  ['the provider of credentials', {}, tokenFrom(SecretValue.unsafePlainText('secret')),
    ['interrupts', 'cluster1: remoteCredentials linked → plainToken',
      'peers need a new kubeconfig, but no restart: it is in their generated manifests'],
    ['interrupts', 'cluster1: remoteCredentials plainToken → linked', NEW_KUBECONFIG]],
  ['the settings of credentials', tokenFrom(SecretValue.env('A')), tokenFrom(SecretValue.file('b')),
    ['interrupts', 'cluster1: settings of remoteCredentials plainToken change (env, file)', expect.anything()],
    ['interrupts', 'cluster1: settings of remoteCredentials plainToken change (file, env)', expect.anything()]],
  ['the active token', {}, { reader: { activeToken: TokenSlot.GREEN } },
    ['interrupts', 'cluster1: reader.activeToken: blue → green',
      `${NEW_KUBECONFIG}; retire the old token only after every peer has the new one`],
    ['interrupts', 'cluster1: reader.activeToken: green → blue', expect.anything()]],
  ['the role of the reader', {}, { reader: { role: ReaderRole.MINIMAL } },
    ['changes', 'cluster1: reader.role: full → minimal', expect.stringContaining('ClusterRole')],
    ['changes', 'cluster1: reader.role: minimal → full', expect.anything()]],
  ['an installer', {}, { installer: Installer.helm() },
    ['interrupts', 'cluster1: installer istioctl → helm',
      expect.stringContaining('ignores the objects that istioctl created')],
    ['interrupts', 'cluster1: installer helm → istioctl',
      expect.stringContaining('ignores the objects that helm created')]],
  ['the provider of trust', {}, { trust: Trust.pem('keys') },
    ['interrupts', 'cluster1: trust external → pem', expect.stringContaining('keep the root CA')],
    ['interrupts', 'cluster1: trust pem → external', expect.anything()]],
  ['a canary', { revision: '1-31-0' }, { revision: '1-31-0', ...canary('1-32-0', '1.32.0') },
    ['changes', 'cluster1: canary 1-32-0 added (Istio 1.32.0)',
      'no workload uses it until a revision tag moves to it, or a namespace names its revision'],
    ['interrupts', 'cluster1: canary 1-32-0 removed',
      'first move all pods away from it (check with `istioctl proxy-status`), '
      + 'then run `istioctl uninstall -y --revision 1-32-0`']],
  ['the version of a canary', canary('next', '1.32.0'), canary('next', '1.32.1'),
    ['restarts', 'cluster1: canary next (Istio 1.32.0) → next (Istio 1.32.1)',
      expect.stringContaining('replaced in place')],
    ['restarts', 'cluster1: canary next (Istio 1.32.1) → next (Istio 1.32.0)', expect.anything()]],
  ['the revision of a canary', canary('a', '1.32.0'), canary('b', '1.32.0'),
    ['interrupts', 'cluster1: canary a (Istio 1.32.0) → b (Istio 1.32.0)',
      'first move all pods away from `a` (check with `istioctl proxy-status`), '
      + 'then run `istioctl uninstall -y --revision a`'],
    ['interrupts', 'cluster1: canary b (Istio 1.32.0) → a (Istio 1.32.0)', expect.anything()]],
  ['the registry of images', {}, { hub: 'registry.example.com/istio' },
    ['restarts', 'cluster1: hub is set to registry.example.com/istio', AFTER_RESTART],
    ['restarts', 'cluster1: hub is no longer set (was registry.example.com/istio)', AFTER_RESTART]],
  ['a compatibility version', {}, { compatibilityVersion: '1.30' },
    ['restarts', 'cluster1: compatibilityVersion is set to 1.30'],
    ['restarts', 'cluster1: compatibilityVersion is no longer set (was 1.30)']],
  ['a Helm value', { values: { pilot: { autoscaleMin: 1 } } }, { values: { pilot: { autoscaleMin: 2 } } },
    ['changes', 'cluster1: values.pilot.autoscaleMin: 1 → 2'],
    ['changes', 'cluster1: values.pilot.autoscaleMin: 2 → 1']],
  ['a setting that proxies get at injection', {}, { meshConfig: { defaultConfig: { concurrency: 2 } } },
    ['restarts', 'cluster1: meshConfig.defaultConfig.concurrency is set to 2', AFTER_RESTART],
    ['restarts', 'cluster1: meshConfig.defaultConfig.concurrency is no longer set (was 2)', AFTER_RESTART]],
  ['a context', {}, { context: 'admin' },
    ['changes', 'cluster1: context: cluster1 → admin', expect.stringMatching(/^nothing changes in the mesh: /)],
    ['changes', 'cluster1: context: admin → cluster1', expect.anything()]],
  ['a list of peers that gives the same links', {}, { peers: ['cluster2'] },
    ['changes', 'cluster1: peers: ["*"] → ["cluster2"]', SAME_LINKS],
    ['changes', 'cluster1: peers: ["cluster2"] → ["*"]', SAME_LINKS]],
  ['resources', { resources: ['a/*.yaml'] }, { resources: ['a/*.yaml', 'b/*.yaml'] },
    ['changes', 'cluster1: resources b/*.yaml added'],
    ['changes', 'cluster1: resources b/*.yaml removed',
      'kubectl leaves their objects in the cluster, a GitOps tool with pruning deletes them']],
  ['whether there is a gateway', { eastWestGateway: { install: GatewayInstall.NEVER } }, {},
    ['changes', 'gateway of cluster1 is added for network1',
      'other networks use it as soon as its Service has an address'],
    ['interrupts', 'gateway of cluster1 is removed for network1', expect.stringContaining('can no longer use it')]],
  ['the condition for the same gateway', {}, { eastWestGateway: { install: GatewayInstall.ALWAYS } },
    ['changes', 'cluster1: eastWestGateway.install: auto → always', 'no gateway is added or removed'],
    ['changes', expect.anything(), expect.anything()]],
  ['access to a gateway', gateway(LoadBalancer.aws()), gateway(LoadBalancer.aws({ internal: true })),
    ['interrupts', 'gateway of cluster1 becomes internal (aws)', NEW_ADDRESS],
    ['interrupts', 'gateway of cluster1 becomes public (aws)', NEW_ADDRESS]],
  ['the provider of a load balancer', gateway(LoadBalancer.aws()), gateway(LoadBalancer.gke()),
    ['interrupts', 'load balancer of the gateway of cluster1: aws → gke', NEW_ADDRESS],
    ['interrupts', 'load balancer of the gateway of cluster1: gke → aws', NEW_ADDRESS]],
  ['the settings of a load balancer', gateway(LoadBalancer.metalLb('a')), gateway(LoadBalancer.metalLb('b')),
    ['interrupts', 'cluster1: eastWestGateway.loadBalancer.metalLb: a → b', NEW_ADDRESS],
    ['interrupts', 'cluster1: eastWestGateway.loadBalancer.metalLb: b → a', NEW_ADDRESS]],
  ['the name of a gateway', {}, { eastWestGateway: { name: 'east' } },
    ['rebuild', 'gateway of cluster1: name istio-eastwestgateway → east', expect.stringContaining('a second gateway')],
    ['rebuild', 'gateway of cluster1: name east → istio-eastwestgateway', expect.anything()]],
  ['a NetworkPolicy', {}, { eastWestGateway: { networkPolicy: {} } },
    ['interrupts', 'cluster1: eastWestGateway.networkPolicy is set to {}', expect.anything()],
    ['interrupts', 'cluster1: eastWestGateway.networkPolicy is no longer set (was {})', expect.anything()]],
  ['a setting of a missing gateway', { peers: [] }, { peers: [], eastWestGateway: { nodeSelector: { pool: 'edge' } } },
    ['changes', 'cluster1: eastWestGateway.nodeSelector.pool is set to edge', 'no effect: the cluster has no gateway'],
    ['changes', expect.anything(), expect.anything()]],
])('a change of %s is described in both directions', (_, before, after, change, reverse) => {
  expect(clusterChanges(before, after)).toEqual([change]);
  expect(clusterChanges(after, before)).toEqual([reverse]);
});

test('newly exposed hosts and hosts that are no longer exposed are separate changes', () => {
  expect(clusterChanges({}, { exposedServices: { hosts: ['*.shop.svc.cluster.local'] } })).toEqual([
    ['interrupts', 'cluster1 no longer exposes *.local',
      'requests from other networks to services that no remaining host matches fail with 503'],
    ['changes', 'cluster1 exposes *.shop.svc.cluster.local to other networks'],
  ]);
});

test('a revision tag is added together with the gateway that uses it, moved and removed', () => {
  const controlPlane = { revision: '1-31-0', ...canary('1-32-0', '1.32.0') };
  const withTag = (revision: string) => ({ ...controlPlane, revisionTags: { default: revision } });
  expect(clusterChanges(controlPlane, withTag('1-31-0'))).toEqual([
    ['restarts', 'gateway of cluster1 uses tag default instead of revision 1-31-0',
      'restart it: `kubectl -n istio-system rollout restart deployment/istio-eastwestgateway`'],
    ['changes', 'cluster1: tag default added, pointing to 1-31-0'],
  ]);
  expect(clusterChanges(withTag('1-31-0'), withTag('1-32-0'))).toEqual([
    ['restarts', 'cluster1: tag default moves from 1-31-0 to 1-32-0',
      'workloads and gateways that use it switch when they restart'],
  ]);
  expect(clusterChanges(withTag('1-32-0'), controlPlane)).toEqual([
    ['interrupts', 'cluster1: tag default removed',
      expect.stringContaining('kubectl delete mutatingwebhookconfiguration,service -A -l istio.io/tag=default')],
    ['restarts', 'gateway of cluster1 uses revision 1-31-0 instead of tag default', expect.anything()],
  ]);
});

test('a canary that becomes the control plane is one change', () => {
  const revisionTags = { default: '1-32-0' };
  const before = { istioVersion: '1.31.0', revision: '1-31-0', ...canary('1-32-0', '1.32.0'), revisionTags };
  const after = { istioVersion: '1.32.0', revision: '1-32-0', revisionTags };
  expect(clusterChanges(before, after)).toEqual([
    ['interrupts', 'cluster1: canary 1-32-0 becomes the control plane (Istio 1.32.0) and replaces 1-31-0',
      'first move all pods away from `1-31-0` (check with `istioctl proxy-status`), '
      + 'then run `istioctl uninstall -y --revision 1-31-0`'],
  ]);
  expect(clusterChanges(before, { ...after, ...canary('1-33-0', '1.33.0') }).map(([, sentence]) => sentence)).toEqual([
    expect.stringContaining('becomes the control plane'), 'cluster1: canary 1-33-0 added (Istio 1.33.0)',
  ]);
});

test('a change of revision and version is one change of the control plane', () => {
  expect(clusterChanges({ istioVersion: '1.30.2' }, { revision: '1-31-0' })).toEqual([
    ['interrupts', 'cluster1: control plane 1-31-0 (Istio 1.31.0) replaces default (Istio 1.30.2)',
      expect.stringContaining('pods stay on `default`')],
    ['restarts', 'gateway of cluster1 uses revision 1-31-0 instead of revision default', expect.anything()],
  ]);
});

test('a cluster joins and leaves together with its links', () => {
  const two = meshWithClusters(['cluster1', 'cluster2']);
  const three = meshWithClusters(['cluster1', 'cluster2', 'cluster3']);
  expect(changesBetween(two, three)).toEqual([
    ['changes', 'cluster3 joins the mesh on cluster3-net (Istio 1.31.0)',
      'before istiod starts, it needs the Secret cacerts, signed by the common root CA: '
      + 'provide it yourself (trust: external)'],
    ['changes', '4 links added: cluster3 ↔ cluster1 and cluster2', 'run `istio-mesh link b.yaml`'],
  ]);
  expect(changesBetween(three, two)).toEqual([
    ['interrupts', 'cluster3 leaves the mesh (cluster3-net)',
      expect.stringMatching(/^everything installed there stays/)],
    ['interrupts', '4 links removed: cluster3 ↔ cluster1 and cluster2',
      expect.stringMatching(/ when the remote secrets are deleted; run `istio-mesh link b\.yaml --prune`$/)],
  ]);
});

test('how remote secrets are created and deleted depends on the provider of credentials', () => {
  const hints = (remoteCredentials: RemoteCredentials) => {
    const linked = meshWithClusters(['a', 'b'], { remoteCredentials });
    const unlinked = { ...linked, peers: [] };
    const [[, , added]] = changesBetween(unlinked, linked);
    const [[, , removed]] = changesBetween(linked, unlinked);
    return [added, removed.replace(/^the endpoints behind these links disappear when .* are deleted; /, '')];
  };
  const fromManifests = 'delete the objects of step 60-remote-secrets that are no longer generated '
    + '(a GitOps tool with pruning does it automatically)';
  expect(hints(RemoteCredentials.plainToken(SecretValue.env('TOKEN'))))
    .toEqual(['the remote secrets are in the generated manifests', fromManifests]);
  expect(hints(RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } })))
    .toEqual(['External Secrets provides the remote secrets', fromManifests]);
  expect(hints(RemoteCredentials.external())).toEqual([
    'provide the remote secrets yourself (remoteCredentials: external)',
    'delete the remote secrets yourself (remoteCredentials: external)',
  ]);
});

test('a renamed cluster is recognized by its API server', () => {
  const named = (name: string) => twoClusters({}, {}, { name });
  const changes = changesBetween(named('cluster2'), named('west')).map(([impact, sentence]) => [impact, sentence]);
  expect(changes).toEqual([
    ['rebuild', 'west joins the mesh on network1 (Istio 1.31.0) with the API server of cluster2, which leaves: '
      + 'the same cluster under a new name'],
    ['interrupts', 'cluster2 leaves the mesh (network1)'],
    ['interrupts', '2 links removed: cluster1 ↔ cluster2'],
    ['changes', '2 links added: cluster1 ↔ west'],
  ]);
});

test('a change of a setting of the whole mesh names no cluster', () => {
  const acknowledging = (acknowledge: { [code: string]: string }) => twoClusters({ acknowledge });
  const repoURL = 'https://git.example.com/mesh';
  const argoCd = (targetRevision?: string) => GitOps.argoCd({ repoURL, targetRevision });
  const changed = twoClusters({ meshID: 'mesh2', gitOps: argoCd(), acknowledge: { IM053: 'soon' } });
  expect(changesBetween(twoClusters(), changed)).toEqual([
    ['rebuild', 'meshID: mesh1 → mesh2', expect.stringContaining('reports the new mesh ID')],
    ['interrupts', 'gitOps: none → argoCd', expect.anything()],
    ['changes', 'IM053 is acknowledged: soon'],
  ]);
  expect(changesBetween(acknowledging({ IM053: 'soon' }), acknowledging({ IM053: 'late', IM049: 'x' }))).toEqual([
    ['changes', 'IM053 is acknowledged for another reason: late'],
    ['changes', 'IM049 is acknowledged: x'],
  ]);
  expect(changesBetween(acknowledging({ IM053: 'soon' }), twoClusters()))
    .toEqual([['changes', 'IM053 is no longer acknowledged: its warnings are reported again']]);
  expect(changesBetween(twoClusters({ gitOps: argoCd('main') }), twoClusters({ gitOps: argoCd('prod') })))
    .toEqual([['changes', 'gitOps.argoCd.targetRevision: main → prod']]);
});

test('a change of all clusters, or of all clusters of a network, is one sentence', () => {
  const hub = 'h';
  const three = ['a', 'b', 'c'];
  const mesh = (settings: ClusterSettings, settingsOfWest: ClusterSettings = {}) => meshWithClusters([], {
    ...settings,
    clusters: [
      ...three.map(name => ({ name, network: 'west', ...settingsOfWest })),
      ...['d', 'e'].map(name => ({ name, network: 'east' })),
    ],
  });
  const firstSentence = (before: MeshProps, after: MeshProps) => changesBetween(before, after)[0][1];
  const withoutGateways = { eastWestGateway: { install: GatewayInstall.NEVER } };
  expect(changesBetween(mesh({}), mesh({ hub })))
    .toEqual([['restarts', 'all 5 clusters: hub is set to h', AFTER_RESTART]]);
  expect(changesBetween(mesh({}), mesh({}, { hub })))
    .toEqual([['restarts', 'all 3 clusters of west: hub is set to h', AFTER_RESTART]]);
  expect(firstSentence(meshWithClusters(three), meshWithClusters([...three, 'd'], { hub })))
    .toBe('all 3 clusters that stay: hub is set to h');
  expect(firstSentence(twoClusters(), twoClusters({ hub }))).toBe('both clusters: hub is set to h');
  expect(firstSentence(meshWithClusters(three, withoutGateways), meshWithClusters(three)))
    .toBe('gateways of all 3 clusters are added for $(cluster)-net');
});

test('values that differ only in the name of the cluster are shown with the placeholder', () => {
  const mesh = (domain: string) =>
    meshWithClusters(['cluster1', 'cluster2'], { apiServer: `https://$(cluster).${domain}` });
  expect(changesBetween(mesh('example.com'), mesh('example.org'))).toEqual([[
    'interrupts',
    'both clusters: apiServer: https://$(cluster).example.com → https://$(cluster).example.org',
    NEW_KUBECONFIG,
  ]]);
});

test('long lists of clusters are cut, and links with all clusters are not listed', () => {
  const names = Array.from({ length: 30 }, (_, i) => `cluster${i + 1}`);
  const clusters = names.map((name, i) => ({ name, ...i < 20 && { hub: 'h' }, ...i === 20 && { peers: [] } }));
  const changes = changesBetween(meshWithClusters(names), meshWithClusters(names, { clusters }));
  expect(changes.map(([, sentence]) => sentence)).toEqual([
    '58 links removed: cluster21 ↔ all others',
    'gateway of cluster21 is removed for cluster21-net',
    `${names.slice(0, 10).join(', ')}, cluster11 and 9 more: hub is set to h`,
  ]);
});

test('changes are ordered by impact, then by the clusters of the definition', () => {
  const before = meshWithClusters(['b', 'a']);
  const clusters = [{ name: 'b', context: 'x' }, { name: 'a', hub: 'h', network: 'other' }];
  const changes = changesBetween(before, meshWithClusters(['b', 'a'], { clusters }));
  expect(changes.map(([impact, sentence]) => `${impact} ${sentence.split(/[ :]/)[0]}`))
    .toEqual(['rebuild a', 'restarts a', 'changes b']);
});

test('moving settings between mesh and clusters, or writing down defaults, is not a change', () => {
  const values = { global: { logAsJson: true } };
  const { clusters: [one, two], istioVersion, ...rest } = twoNetworks({ values });
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
    clusters: [two, one].map(cluster => ({ ...cluster, istioVersion, context: cluster.name, peers: ['*'], values })),
  };
  expect(changesBetween({ ...rest, istioVersion, clusters: [one, two] }, same)).toEqual([]);
});

test('a definition with errors is compared as far as possible, and its errors are reported', () => {
  const { diagnostics, changes } = diff(twoNetworks(), twoNetworks({ meshID: 'mesh 2', hub: 'h' }));
  expect(diagnostics.map(({ severity, rule, place }) => [severity, rule?.code, place.path]))
    .toEqual([['error', 'IM002', ['meshID']]]);
  expect(changes.map(({ kind }) => kind)).toEqual(['meshID', 'hub']);
  const incomplete = twoNetworks({ canary: { revision: 'next' } as Canary });
  expect(changesBetween(twoNetworks(), incomplete)[0][1]).toBe('both clusters: canary next added (Istio none)');
});

test('a diagnostic of the old definition is not reported again, even at another place', () => {
  const { clusters: [one, two], ...rest } = twoNetworks();
  const mesh = (...clusters: MeshProps['clusters']): MeshProps => ({ ...rest, clusters });
  expect(diff(mesh(one, two), mesh(two, one)).diagnostics).toEqual([]);
  const three = { name: 'cluster3', network: 'network3', apiServer: 'https://10.0.0.3' };
  const { diagnostics } = diff(mesh(one, two), mesh(one, two, three));
  expect(diagnostics.map(({ rule, place }) => [rule?.code, place.path]))
    .toEqual([['IM049', ['clusters', 2, 'eastWestGateway']]]);
});

test('credentials in URLs, keys and tokens are not shown, even of a definition with errors', () => {
  const secrets = {
    apiServer: 'https://me:SECRET@10.0.0.1',
    proxyUrl: 'http://me:SECRET@proxy',
    hub: 'eyJSECRET.eyJSECRET.x',
    tag: '-----BEGIN PRIVATE KEY-----\nSECRET',
  };
  const changes = clusterChanges({}, secrets);
  expect(changes).toHaveLength(4);
  expect(JSON.stringify([changes, clusterChanges(secrets, {})])).not.toContain('SECRET');
});
