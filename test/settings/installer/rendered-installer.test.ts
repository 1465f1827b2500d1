import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'fs';
import { availableParallelism } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { parse } from 'yaml';
import {
  type MeshProps, type RenderedOptions, EastWestGateway, GatewayInstall, Installer, IstioPrimary, Mesh, MeshApp,
} from '../../../src';
import { FakeIstioctls } from '../../support/fake-istioctl';
import { type Files, quietApp, synthesized, treeOf, twoClusters, twoNetworks } from '../../support/mesh-util';
import { printedErrors, problems, temporaryDirectory } from '../../support/util';

/** Two clusters on one network, without gateways, rendered. */
function rendered(both: Partial<MeshProps> = {}, options?: RenderedOptions): MeshProps {
  return twoClusters({ installer: Installer.rendered(options), ...both });
}

function renderedNetworks(both: Partial<MeshProps> = {}): MeshProps {
  return twoNetworks({ installer: Installer.rendered(), ...both });
}

/** Some istioctls, each of a version. */
function istioctls(versions: { readonly [name: string]: string } = { istioctl: '1.31.0' }): FakeIstioctls {
  const fakes = new FakeIstioctls();
  Object.entries(versions).forEach(([name, version]) => fakes.add(name, { version }));
  return fakes;
}

function ownPaths(files: Files, cluster = 'cluster1'): string[] {
  return Object.keys(files).filter(path => /^[^/]*\/([234]\d-|istioctl)/.test(path) && path.startsWith(`${cluster}/`))
    .map(path => path.slice(cluster.length + 1));
}

/** What synth refuses, and that it wrote nothing then. */
function refused(fakes: FakeIstioctls, props: MeshProps, patch: (mesh: Mesh) => void = () => {}): string[] {
  const app = quietApp();
  patch(new Mesh(app, 'mesh1', props));
  const found = printedErrors(() => fakes.onPath(() => app.synth()));
  expect(existsSync(app.outdir)).toBe(found.length === 0);
  return found;
}

const PLANES = '[mesh1/cluster1/IstioPrimary/Resource, mesh1/cluster2/IstioPrimary/Resource] ';

test('CRDs, control plane and gateway are objects in steps of their own, and no IstioOperator has a file', () => {
  expect(ownPaths(istioctls().onPath(() => treeOf(renderedNetworks())))).toEqual([
    '20-crds/customresourcedefinition-gateways.networking.istio.io.yaml',
    '20-crds/kustomization.yaml',
    '30-control-plane/clusterrole-istiod-clusterrole-istio-system.yaml',
    '30-control-plane/deployment-istiod.yaml',
    '30-control-plane/kustomization.yaml',
    '30-control-plane/serviceaccount-istio-reader-service-account.yaml',
    '40-east-west-gateway/kustomization.yaml',
    '40-east-west-gateway/service-istio-eastwestgateway.yaml',
  ]);
});

test('a file holds what istioctl printed, letter for letter', () => {
  const files = istioctls().onPath(() => treeOf(rendered()));
  expect(files['cluster2/30-control-plane/deployment-istiod.yaml']).toBe(`apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    version: "1.31.0"
  name: istiod
  namespace: istio-system
spec:
  cluster: cluster2
`);
});

test('a step lists what is rendered in the order of istioctl, and a cluster lists its steps', () => {
  const files = istioctls().onPath(() => treeOf(renderedNetworks()));
  expect(parse(files['cluster1/30-control-plane/kustomization.yaml']).resources).toEqual([
    'serviceaccount-istio-reader-service-account.yaml', 'clusterrole-istiod-clusterrole-istio-system.yaml',
    'deployment-istiod.yaml',
  ]);
  expect(parse(files['cluster1/kustomization.yaml']).resources)
    .toEqual(['00-namespace', '20-crds', '30-control-plane', '40-east-west-gateway', '50-exposed-services']);
});

test('what is in another namespace than the control plane has it in the name of its file', () => {
  const components = { ingressGateways: [{ name: 'istio-ingressgateway', namespace: 'edge', enabled: true }] };
  const files = istioctls().onPath(() => treeOf(rendered({ namespace: 'mesh-system', components })));
  expect(ownPaths(files).filter(path => /service/.test(path))).toEqual([
    '30-control-plane/service-edge.istio-ingressgateway.yaml',
    '30-control-plane/serviceaccount-istio-reader-service-account.yaml',
  ]);
});

test('the same mesh gives the same bytes', () => {
  const fakes = istioctls();
  const once = () => fakes.onPath(() => treeOf(renderedNetworks()));
  expect(once()).toEqual(once());
});

test('a patch of the IstioOperator is rendered too', () => {
  const fakes = istioctls();
  fakes.onPath(() =>
    treeOf(rendered(), mesh =>
      mesh.cluster('cluster1').primary.controlPlane.addJsonPatch(JsonPatch.add('/spec/hub', 'example.com/istio'))));
  expect(fakes.calls.flatMap(({ operator }) =>
    operator ? [[operator.spec.values.global.multiCluster.clusterName, operator.spec.hub]] : []).sort())
    .toEqual([['cluster1', 'example.com/istio'], ['cluster2', undefined]]);
});

test('istioctl of the version in its name is taken before one of no version', () => {
  const fakes = istioctls({ 'istioctl': '1.30.0', 'istioctl-1.31.0': '1.31.0' });
  expect(refused(fakes, rendered())).toEqual([]);
  expect(new Set(fakes.calls.map(({ program }) => program))).toEqual(new Set(['istioctl-1.31.0']));
});

test('no program is a problem of the mesh, with the names that were looked for', () => {
  expect(refused(new FakeIstioctls(), rendered())).toEqual([
    `${PLANES}rendered: there is no program 'istioctl-1.31.0' or 'istioctl' on the PATH; install istioctl 1.31.0, or `
      + 'name it: rendered: {istioctl: PATH} (IM091)',
  ]);
  expect(refused(istioctls(), rendered({}, { istioctl: '/nowhere/istioctl' }))).toEqual([
    `${PLANES}rendered: there is no program '/nowhere/istioctl'; install istioctl 1.31.0, or name it: rendered: `
      + '{istioctl: PATH} (IM091)',
  ]);
});

/** A cluster for each version, rendered by a program that says it is of that one. */
function ofVersions(fakes: FakeIstioctls, versions: readonly string[]): MeshProps {
  const clusters =
    versions.map((version, i) => ({
      name: `c${i}`, peers: [], installer: Installer.rendered({ istioctl: fakes.add(`ctl-${i}`, { version }) }),
    }));
  return { ...twoClusters(), clusters };
}

test('a program of another version, of none, or of one before the release, renders nothing', () => {
  const fakes = new FakeIstioctls();
  const versions = ['1.31.1', '1.31.0-rc.0', '1.31.0-alpha', '1.31', 'unknown'];
  expect(refused(fakes, ofVersions(fakes, [...versions, ''])))
    .toEqual([...versions.map(version => `has version '${version}'`), 'reports no version'].map((said, i) =>
      `[mesh1/c${i}/IstioPrimary/Resource] rendered: '${fakes.directory}/ctl-${i}' ${said}, but istioVersion is `
        + '1.31.0: '
      + 'another version renders another control plane; install istioctl 1.31.0, or name it: rendered: {istioctl: '
        + 'PATH} (IM091)'));
  expect(fakes.renderings).toEqual([]);
});

test('a program of the version renders, whoever built it', () => {
  const fakes = new FakeIstioctls();
  expect(refused(fakes, ofVersions(fakes, ['1.31.0', 'v1.31.0', '1.31.0-distroless', '1.31.0-solo', '1.31.0+build.7'])))
    .toEqual([]);
});

test('a program that fails to tell its version, or prints something else, is told', () => {
  const fakes = new FakeIstioctls();
  fakes.add('istioctl', { versionFails: 'Error: unknown flag: --remote' });
  expect(refused(fakes, rendered()))
    .toEqual([`${PLANES}rendered: 'istioctl version' fails: unknown flag: --remote (IM091)`]);
  fakes.add('istioctl', {});
  expect(refused(fakes, rendered())).toEqual([expect.stringContaining("'istioctl' reports no version")]);
});

test('what istioctl refuses in one cluster is said with its construct, and nothing is written for any', () => {
  const fakes = new FakeIstioctls();
  fakes.add('istioctl', {
    version: '1.31.0',
    refuses: ['cluster2', 'a note\nError: could not unmarshal: unknown field "hup"\n  in IstioOperatorSpec\n'],
  });
  expect(refused(fakes, rendered())).toEqual([
    '[mesh1/cluster2/IstioPrimary/Resource] rendered: \'istioctl manifest generate\' fails: could not unmarshal: '
      + 'unknown field "hup" in IstioOperatorSpec; correct the setting that it names (IM092)',
  ]);
});

test('what istioctl refuses in many clusters is said once, with three of them', () => {
  const fakes = new FakeIstioctls();
  fakes.add('istioctl', { version: '1.31.0', refuses: ['control-plane', 'Error: no'] });
  const clusters = Array.from({ length: 5 }, (_, i) => ({ name: `c${i}`, apiServer: `https://c${i}.example.com` }));
  expect(refused(fakes, { ...rendered(), clusters })).toEqual([
    '[mesh1/c0/IstioPrimary/Resource, mesh1/c1/IstioPrimary/Resource, mesh1/c2/IstioPrimary/Resource and 2 more] '
      + "rendered: 'istioctl manifest generate' fails: no; correct the setting that it names (IM092)",
  ]);
});

test('problems of all programs are said together', () => {
  const fakes = istioctls({ 'istioctl-1.31.0': '1.31.0', 'istioctl-1.32.0': '1.32.1' });
  fakes.add('istioctl-1.31.0', { version: '1.31.0', refuses: ['cluster1', 'Error: no'] });
  expect(refused(fakes, rendered({ canary: { revision: 'next', istioVersion: '1.32.0' } }))
    .map(problem => problem.replace(/^.*?(\(IM\d+\))$/, '$1'))).toEqual(['(IM092)', '(IM091)']);
});

test('a program that is killed, or prints what is no manifest, is told', () => {
  const fakes = new FakeIstioctls();
  fakes.add('istioctl', { version: '1.31.0', isKilled: true });
  expect(refused(fakes, rendered()))
    .toEqual([
      `${PLANES}rendered: 'istioctl manifest generate' fails: it was killed; correct the setting that it names (IM092)`,
    ]);
  fakes.add('istioctl', {
    version: '1.31.0', prints: 'kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: a\n---\nall is well',
  });
  expect(refused(fakes, rendered()))
    .toEqual([
      `${PLANES}rendered: 'istioctl manifest generate' must print manifests, and printed 'all is well'; set `
        + 'rendered.istioctl to a working istioctl (IM092)',
    ]);
});

const CANARY = { revision: '1-32-0', istioVersion: '1.32.0' };

test('a canary is rendered by the program of its version, and adds files with its revision', () => {
  const fakes = istioctls({ 'istioctl-1.31.0': '1.31.0', 'istioctl-1.32.0': '1.32.0' });
  const [without, files] =
    fakes.onPath(() => [treeOf(renderedNetworks()), treeOf(renderedNetworks({ canary: CANARY }))]);
  expect(ownPaths(files).filter(path => !ownPaths(without).includes(path)))
    .toEqual([
      '30-control-plane/clusterrole-istiod-clusterrole-1-32-0-istio-system.yaml',
      '30-control-plane/deployment-istiod-1-32-0.yaml',
    ]);
  expect(fakes.renderings.slice(-3))
    .toEqual([
      'istioctl-1.31.0 eastwest network2', 'istioctl-1.32.0 control-plane-1-32-0 network1',
      'istioctl-1.32.0 control-plane-1-32-0 network2',
    ]);
});

test.each([
  ['1.31.0', '1.32.0', '1.32.0'], ['1.32.0', '1.31.0', '1.32.0'], ['1.31.10', '1.31.9', '1.31.10'],
  ['1.31.9', '1.31.10', '1.31.10'],
])(
  'of %s and its canary %s, what both have is that of %s', (istioVersion, ofCanary, newer) => {
    const fakes = istioctls({ [`istioctl-${istioVersion}`]: istioVersion, [`istioctl-${ofCanary}`]: ofCanary });
    const files =
      fakes.onPath(() => treeOf(rendered({ istioVersion, canary: { revision: 'next', istioVersion: ofCanary } })));
    const version = (path: string) => parse(files[`cluster1/${path}.yaml`]).metadata.labels.version;
    expect([
      '20-crds/customresourcedefinition-gateways.networking.istio.io',
      '30-control-plane/serviceaccount-istio-reader-service-account',
      '30-control-plane/deployment-istiod', '30-control-plane/deployment-istiod-next',
    ].map(version)).toEqual([newer, newer, istioVersion, ofCanary]);
    expect(parse(files['cluster1/20-crds/kustomization.yaml']).resources).toHaveLength(1);
  });

test('a profile without istiod is refused before istioctl runs', () => {
  expect(problems(() => new Mesh(quietApp(), 'mesh1', rendered({ profile: 'empty' })))[0])
    .toContain('profile \'empty\' does not install istiod; ');
});

test('one program for two versions is refused where it is said', () => {
  expect(problems(() => new Mesh(quietApp(), 'mesh1', rendered({ canary: CANARY }, { istioctl: '/opt/istioctl' })))[0])
    .toBe(
      "clusters[0].installer: cluster 'cluster1': rendered.istioctl '/opt/istioctl' has only one version, but the "
      + "control planes need 1.31.0 and 1.32.0; add $(istioVersion), e.g. '/opt/istioctl-$(istioVersion)'");
  expect(problems(() =>
    new Mesh(quietApp(), 'mesh1',
      rendered({ canary: { revision: 'next', istioVersion: '1.31.0' } }, { istioctl: '/opt/istioctl' })))).toEqual([]);
  expect(problems(() => new Mesh(quietApp(), 'mesh1', rendered({}, { istioctl: ' ' })))[0])
    .toContain('rendered.istioctl is empty; write the name of the program, or remove it');
});

test('$(istioVersion) in the name of the program is the version that it renders', () => {
  const fakes = istioctls({ 'ctl-1.31.0-of-1.31.0': '1.31.0', 'ctl-1.32.0-of-1.32.0': '1.32.0' });
  expect(refused(fakes, rendered({ canary: CANARY }, { istioctl: 'ctl-$(istioVersion)-of-$(istioVersion)' })))
    .toEqual([]);
});

test('a relative path starts at the mesh file', () => {
  const fakes = istioctls();
  const mesh = join(fakes.directory, 'mesh.yaml');
  writeFileSync(mesh, JSON.stringify({ ...twoClusters(), installer: { rendered: { istioctl: './istioctl' } } }));
  const synth = (file: string) =>
    problems(() => new FakeIstioctls().onPath(() => synthesized(app => Mesh.fromFile(app, 'mesh1', file))));
  expect(synth(mesh)).toEqual([]);
  const elsewhere = join(temporaryDirectory(), 'mesh.yaml');
  copyFileSync(mesh, elsewhere);
  expect(synth(elsewhere)[0]).toContain(`there is no program '${join(elsewhere, '..', 'istioctl')}'; `);
});

test.each<[how: string, settings: Partial<MeshProps>]>([
  ['itself', { eastWestGateway: { install: GatewayInstall.ALWAYS, revision: '1-32-0' } }],
  ['by a tag', { eastWestGateway: { install: GatewayInstall.ALWAYS }, revisionTags: { prod: '1-32-0' } }],
])('a gateway has the version of the control plane that it follows %s', (_, settings) => {
  const fakes = istioctls({ 'istioctl-1.31.0': '1.31.0', 'istioctl-1.32.0': '1.32.0' });
  fakes.onPath(() => treeOf(rendered({ canary: CANARY, ...settings })));
  expect(fakes.renderings.filter(call => call.includes('eastwest'))).toEqual(['istioctl-1.32.0 eastwest network1']);
});

test('a gateway without a control plane beside it takes istioctl of any version', () => {
  const fakes = istioctls({ istioctl: 'unknown' });
  const files =
    fakes.onPath(() =>
      synthesized(app =>
        new EastWestGateway(new Chart(app, 'edge'), 'gateway',
          { network: 'network1', installer: Installer.rendered() })));
  expect(ownPaths(files, 'edge'))
    .toEqual(['40-east-west-gateway/kustomization.yaml', '40-east-west-gateway/service-istio-eastwestgateway.yaml']);
});

test('IstioOperators that are alike are rendered once, and each program tells its version once', () => {
  const fakes = istioctls();
  const always = { install: GatewayInstall.ALWAYS };
  const files = fakes.onPath(() => treeOf(rendered({ eastWestGateway: always })));
  expect(fakes.renderings)
    .toEqual(['istioctl control-plane network1', 'istioctl control-plane network1', 'istioctl eastwest network1']);
  expect(fakes.calls.filter(({ args }) => args[0] === 'version')).toHaveLength(1);
  expect(ownPaths(files, 'cluster2')).toEqual(ownPaths(files, 'cluster1'));
});

test('istioctls run side by side, one for each processor', () => {
  const fakes = new FakeIstioctls();
  fakes.add('istioctl', { version: '1.31.0', waitsFor: availableParallelism() });
  const count = 2 * availableParallelism();
  const clusters = Array.from({ length: count }, (_, i) => ({ name: `c${i}`, apiServer: `https://c${i}.example.com` }));
  fakes.onPath(() => treeOf({ ...rendered(), clusters }));
  const calls = fakes.calls.filter(({ operator }) => operator);
  const beside = calls.map(({ from }) => calls.filter(other => other.from <= from && from < other.to).length);
  expect(calls).toHaveLength(count);
  expect(Math.max(...beside)).toBe(availableParallelism());
});

test('a mesh of two installers renders the clusters that ask for it alone', () => {
  const fakes = istioctls();
  const files = fakes.onPath(() => treeOf(twoClusters({}, { installer: Installer.rendered() })));
  expect(ownPaths(files, 'cluster2')).toEqual(['istioctl/control-plane.yaml']);
  expect(fakes.renderings).toHaveLength(1);
});

test('an object that istioctl renders cannot be made again', () => {
  expect(refused(istioctls(), rendered(),
    mesh => new ApiObject(mesh.cluster('cluster1'), 'own',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'istiod', namespace: 'istio-system' } })))
    .toEqual([
      "[mesh1/cluster1/own] Deployment 'istiod' is already created by mesh1/cluster1/IstioPrimary/Resource, and the "
        + 'second object would replace the first; remove or rename one of them (IM064)',
    ]);
});

test('Testing.synth shows the IstioOperators, and runs nothing', () => {
  const chart = Testing.chart();
  new IstioPrimary(chart, 'istio',
    { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1', installer: Installer.rendered() });
  expect(new FakeIstioctls().onPath(() => Testing.synth(chart)).map(({ kind }) => kind))
    .toEqual(['Namespace', 'IstioOperator']);
});

test('a stock App cannot render', () => {
  const app = new App({ outdir: temporaryDirectory() });
  new IstioPrimary(new Chart(app, 'cluster1'), 'istio',
    { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1', installer: Installer.rendered() });
  expect(() => app.synth()).toThrow(new Error(
    'Validation failed with the following errors:\n  [cluster1/istio/Resource] IstioOperator \'control-plane\' cannot '
      + 'be rendered by a stock App; use MeshApp'));
  expect(readdirSync(app.outdir)).toEqual([]);
});

test('synth tells how to apply what is rendered', () => {
  const app = new MeshApp({ outdir: join(temporaryDirectory(), 'dist') });
  new Mesh(app, 'mesh1', rendered({ revision: 'stable', canary: CANARY }));
  const fakes = istioctls({ 'istioctl-1.31.0': '1.31.0', 'istioctl-1.32.0': '1.32.0' });
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  fakes.onPath(() => app.synth());
  const told = stderr.mock.calls.map(([text]) => String(text).split(app.outdir).join('dist')).join('');
  stderr.mockRestore();
  expect(told).toBe(`dist: 37 files in 2 directories (cluster1, cluster2)
next steps for each cluster, e.g. cluster1:
  kubectl --context cluster1 apply --server-side --force-conflicts -k dist/cluster1/00-namespace
  create the Secret cacerts with an intermediate CA of the common root CA (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)
  kubectl --context cluster1 apply --server-side --force-conflicts -k dist/cluster1/20-crds
  kubectl --context cluster1 apply --server-side --force-conflicts -k dist/cluster1/30-control-plane
  kubectl --context cluster1 -n istio-system rollout status --timeout=5m deployment/istiod-stable
  kubectl --context cluster1 -n istio-system rollout status --timeout=5m deployment/istiod-1-32-0
  kubectl --context cluster1 apply --server-side --force-conflicts -k dist/cluster1
then create 2 remote secrets: istio-mesh link dist/mesh.yaml
runbook: dist/mesh.md
`);
});
