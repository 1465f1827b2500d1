import { type ClusterProps, type istio, GatewayInstall } from '../../../src';
import { ofOne, problemsOfOne, SYNTAX } from '../../support/mesh-problems';

test('a canary has a full Istio version', () => {
  expect(problemsOfOne({ canary: { revision: 'canary', istioVersion: '1.32.0' } })).toEqual([]);
  expect(problemsOfOne({ canary: { revision: 'canary', istioVersion: '1.32' } })).toEqual([
    ofOne('canary.istioVersion', "canary.istioVersion '1.32' is not a full Istio version; write it as x.y.z, e.g. "
      + '1.31.0'),
  ]);
});

test('a revision is a DNS label, without dots', () => {
  expect(problemsOfOne({ revision: '1-31-0' })).toEqual([]);
  expect(problemsOfOne({ revision: '' })).toEqual([]);
  expect(problemsOfOne({ revision: '1.31.0' })).toEqual([
    ofOne('revision', "revision '1.31.0' contains dots, which Istio does not allow in a revision; write '1-31-0'"),
  ]);
  expect(problemsOfOne({ revision: 'Stable' })).toEqual([
    ofOne('revision', `revision 'Stable' is not a valid DNS label (${SYNTAX}); write 'stable'`),
  ]);
});

test('a canary has a different revision than the first control plane', () => {
  const canary = (revision: string) => ({ revision: 'a', canary: { revision, istioVersion: '1.32.0' } });
  expect(problemsOfOne(canary('b'))).toEqual([]);
  expect(problemsOfOne(canary('1.32.0'))).toEqual([
    ofOne('canary.revision', "canary.revision '1.32.0' contains dots, which Istio does not allow in a revision; write "
      + "'1-32-0'"),
  ]);
  expect(problemsOfOne(canary(''))).toEqual([
    ofOne('canary.revision', `canary.revision '' is not a valid DNS label; use ${SYNTAX}`),
  ]);
  expect(problemsOfOne(canary('a'))).toEqual([
    ofOne('canary.revision', "canary.revision 'a' is also the revision of the first control plane, which the canary "
      + 'would replace; choose another revision'),
  ]);
});

test('a gateway has a revision that is installed in its cluster', () => {
  const gateway = (revision: string) => ({ eastWestGateway: { install: GatewayInstall.ALWAYS, revision } });
  const installed = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };
  expect(problemsOfOne({ ...installed, ...gateway('1-31-0') })).toEqual([]);
  expect(problemsOfOne({ ...installed, ...gateway('1-32-0') })).toEqual([]);
  expect(problemsOfOne({ ...installed, ...gateway('stable') })).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'stable' is not installed in this cluster, so the "
      + 'gateway would not be injected; use one of 1-31-0, 1-32-0'),
  ]);
  expect(problemsOfOne(gateway('stable'))).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'stable' is not installed in this cluster, so the "
      + 'gateway would not be injected; remove it'),
  ]);
});

test('a gateway can use a tag', () => {
  const gateway = {
    revisionTags: { prod: 'default', next: 'default' },
    eastWestGateway: { install: GatewayInstall.ALWAYS, revision: 'next' },
  };
  expect(problemsOfOne(gateway)).toEqual([]);
  expect(problemsOfOne({ ...gateway, revisionTags: { prod: 'default', nxt: 'default' } })).toEqual([
    ofOne('eastWestGateway.revision', "eastWestGateway.revision 'next' is not installed in this cluster, so the "
      + "gateway would not be injected; did you mean 'nxt'?"),
  ]);
});

const CANARY = { revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' } };

test('a tag points to a revision that is installed in its cluster', () => {
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: '1-31-0', next: '1-32-0' } })).toEqual([]);
  expect(problemsOfOne({ revisionTags: { prod: 'default', next: '' } })).toEqual([]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: '1-32' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' points to '1-32', which is not installed in this cluster, so no "
      + "pod with the tag would start; did you mean '1-32-0'?"),
  ]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { prod: 'default' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' points to 'default', which is not installed in this cluster, so no "
      + 'pod with the tag would start; use one of 1-31-0, 1-32-0'),
  ]);
  expect(problemsOfOne({ revision: 'default', revisionTags: { prod: 'default' } })).toEqual([
    ofOne('revisionTags.prod', "revision tag 'prod' points to 'default', which in Istio means a control plane without "
      + "a revision, but the control plane of this cluster has the revision 'default'; remove revision, or choose "
      + 'another one'),
  ]);
});

test('a tag does not have the name of a revision in its cluster', () => {
  expect(problemsOfOne({ ...CANARY, revisionTags: { '1-32-0': '1-31-0' } })).toEqual([
    ofOne("revisionTags['1-32-0']", "revision tag '1-32-0' has the name of a revision that is installed in this "
      + "cluster, so two webhooks would inject each pod; choose another name, e.g. 'prod'"),
  ]);
  expect(problemsOfOne({ revisionTags: { default: 'default' } })).toEqual([
    ofOne('revisionTags.default', "revision tag 'default' has the name of a revision that is installed in this "
      + 'cluster, so two webhooks would inject each pod; give the control plane a revision first, as in a canary '
      + 'upgrade, or choose another name'),
  ]);
  expect(problemsOfOne({ ...CANARY, revisionTags: { default: '1-31-0' } })).toEqual([]);
});

test('in a cluster with tags, the webhooks are its own', () => {
  const values = {
    global: { operatorManageWebhooks: true },
    istiodRemote: { injectionUrl: 'https://istiod.example.com' },
  };
  const message = (key: string, value: string, effect: string) => ofOne(key, `${key} '${value}' ${effect}, but those `
    + 'of revisionTags call the istiod of this cluster; remove one of the two');
  expect(problemsOfOne({ values, revisionTags: { prod: 'default' } })).toEqual([
    message('values.global.operatorManageWebhooks', 'true', 'leaves the webhooks of revisions to an operator'),
    message('values.istiodRemote.injectionURL', 'https://istiod.example.com', 'makes the webhooks of revisions call '
      + 'another istiod'),
  ]);
  expect(problemsOfOne({ values })).toEqual([]);
  expect(problemsOfOne({ values: { global: { operatorManageWebhooks: false } }, revisionTags: { prod: 'default' } }))
    .toEqual([]);
});

test('a namespace is a DNS label', () => {
  expect(problemsOfOne({ namespace: 'mesh-system' })).toEqual([]);
  expect(problemsOfOne({ namespace: 'Mesh' })).toEqual([
    ofOne('namespace', `namespace 'Mesh' is not a valid DNS label (${SYNTAX}); write 'mesh'`),
  ]);
});

const OWN_KEYS: ReadonlyArray<[key: string, shown: string, property: string, settings: Partial<ClusterProps>]> = [
  ['values.global.meshID', "'x' ", 'meshID', { values: { global: { meshId: 'x' } } }],
  ['values.global.network', "'x' ", 'network', { values: { global: { network: 'x' } } }],
  ['values.global.multiCluster.clusterName', "'x' ", 'the cluster\'s name',
    { values: { global: { multiCluster: { clusterName: 'x' } } } }],
  ['values.global.istioNamespace', "'x' ", 'namespace', { values: { global: { istioNamespace: 'x' } } }],
  ['values.global.hub', "'x' ", 'hub', { values: { global: { hub: 'x' } } }],
  ['values.global.tag', "'x' ", 'tag', { values: { global: { tag: 'x' } } as istio.IstioOperatorSpecValues }],
  ['values.revision', "'x' ", 'revision', { values: { revision: 'x' } }],
  ['values.revisionTags', '', 'revisionTags', { values: { revisionTags: ['prod'] } }],
  ['values.defaultRevision', "'x' ", 'revisionTags.default', { values: { defaultRevision: 'x' } }],
  ['values.profile', "'x' ", 'profile', { values: { profile: 'x' } }],
  ['values.compatibilityVersion', "'1.30' ", 'compatibilityVersion', { values: { compatibilityVersion: '1.30' } }],
  ['values.meshConfig', '', 'meshConfig', { values: { meshConfig: { trustDomain: 'x' } } }],
  ['meshConfig.defaultConfig.meshId', "'x' ", 'meshID', { meshConfig: { defaultConfig: { meshId: 'x' } } }],
];

test.each(OWN_KEYS)('%s is set by the library', (key, shown, property, settings) => {
  expect(problemsOfOne(settings)).toEqual([
    ofOne(key, `${key} ${shown}is set by this library from ${property}; set ${property} instead, and remove this key`),
  ]);
});

test('other keys in the same maps can be set', () => {
  expect(problemsOfOne({
    values: { global: { logAsJson: true, multiCluster: { enabled: true } }, pilot: { autoscaleMin: 2 } },
    meshConfig: { accessLogFile: '/dev/stdout', defaultConfig: { concurrency: 2 } },
  })).toEqual([]);
});

test('only one IstioOperator installs the gateway', () => {
  const components = (name: string) => ({ components: { ingressGateways: [{ name, enabled: true }] } });
  expect(problemsOfOne(components('istio-ingressgateway'))).toEqual([]);
  expect(problemsOfOne(components('istio-eastwestgateway'))).toEqual([
    ofOne('components.ingressGateways', "components.ingressGateways contains 'istio-eastwestgateway', which "
      + 'eastWestGateway already installs; configure it there, and remove it here'),
  ]);
});
