import { parse } from 'yaml';
import { Installer, GitOps, LoadBalancer } from '../../../src';
import { treeOf, twoNetworks } from '../../support/mesh-util';

const MESH = twoNetworks({
  installer: Installer.helm(),
  revision: '1-31-0',
  canary: { revision: '1-32-0', istioVersion: '1.32.0' },
  revisionTags: { default: '1-31-0' },
  meshConfig: { accessLogFile: '1e3' },
  values: { pilot: { traceSampling: 7 } },
  eastWestGateway: { loadBalancer: LoadBalancer.aws({ internal: true }) },
});

/** Values of each release of cluster1, by its name, with the version of its chart. */
type Releases = { readonly [release: string]: { readonly version: string; readonly values: any } };

const OF_FILES: Releases =
  Object.fromEntries(Object.entries(treeOf(MESH)).filter(([path]) => path.startsWith('cluster1/helm/'))
    .map(([path, text]) => [
      /([^/]+)\.yaml$/.exec(path)![1],
      { version: /--version (\S+)/.exec(text)![1], values: parse(text) },
    ]));

test('a control plane, its canary, the base and the gateway are releases', () => {
  expect(Object.keys(OF_FILES).sort())
    .toEqual(['istio-base', 'istio-eastwestgateway', 'istiod-1-31-0', 'istiod-1-32-0']);
});

test('Flux is given what the files of values hold, as it stands', () => {
  const tree = Object.entries(treeOf({ ...MESH, gitOps: GitOps.flux() }));
  const releases = tree.filter(([path]) => /^flux\/cluster1\/.*\/helmrelease-/.test(path))
    .map(([, text]) => parse(text).spec);
  const given =
    releases.map(({ releaseName, chart, values }) => [releaseName, { version: chart.spec.version, values }]);
  expect(Object.fromEntries(given)).toEqual(OF_FILES);
  expect(tree.filter(([path]) => path.includes('/helm/'))).toEqual([]);
});

test('Argo CD is given what the files of values hold, and the wave of the gateway', () => {
  const tree = treeOf({ ...MESH, gitOps: GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' }) });
  const charts =
    parse(tree['argocd/application-mesh1-cluster1.yaml']).spec.sources.filter(({ chart }: any) => chart !== undefined);
  const { 'istio-eastwestgateway': gateway, ...planes } = OF_FILES;
  const annotations = { 'argocd.argoproj.io/sync-wave': '10' };
  const given =
    charts.map(({ helm, targetRevision }: any) =>
      [helm.releaseName, { version: targetRevision, values: parse(helm.values) }]);
  expect(Object.fromEntries(given))
    .toEqual({ ...planes, 'istio-eastwestgateway': { ...gateway, values: { ...gateway.values, annotations } } });
});
