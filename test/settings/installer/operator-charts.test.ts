import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { type IstioPrimaryProps, EastWestGateway, Installer, IstioPrimary, Mesh, MeshApp } from '../../../src';
import { twoClusters } from '../../support/mesh-util';
import { problems, temporaryDirectory } from '../../support/util';

const PRIMARY: IstioPrimaryProps = { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1' };

function stockApp(yamlOutputType?: YamlOutputType): App {
  return new App({ outdir: temporaryDirectory(), yamlOutputType });
}

/** The kinds of the objects of each file that the app writes. */
function kindsByFile(app: App): { [file: string]: string[] } {
  app.synth();
  const files = readdirSync(app.outdir, { recursive: true, encoding: 'utf-8' }).filter(file => file.endsWith('.yaml'))
    .sort();
  return Object.fromEntries(files.map(file =>
    [file, parseAllDocuments(readFileSync(join(app.outdir, file), 'utf-8'))
      .map(document => document.get('kind') as string)]));
}

const MIXED =
  'IstioOperator \'control-plane\' shares a file with Kubernetes objects, but it is input for istioctl, and clusters '
    + 'do not '
  + 'accept it; use MeshApp, which writes separate files, or set operatorChart to a chart of its own';

/** Installs with istioctl, from IstioOperators in a chart of their own. */
function separate(app: App, id: string) {
  return { installer: Installer.istioctl({ operatorChart: new Chart(app, id) }) };
}

test('an IstioOperator beside Kubernetes objects in a chart of a stock App is refused, and nothing is written', () => {
  const app = stockApp();
  new IstioPrimary(new Chart(app, 'cluster1'), 'istio', PRIMARY);
  expect(() => app.synth()).toThrow(new Error(`Validation failed with the following errors:\n  [cluster1] ${MIXED}`));
  expect(readdirSync(app.outdir)).toEqual([]);
});

test('a chart is refused once, however many constructs are in it', () => {
  const app = stockApp();
  const chart = new Chart(app, 'cluster1');
  new IstioPrimary(chart, 'istio', PRIMARY);
  new EastWestGateway(chart, 'gateway', { network: 'network1' });
  expect(() => app.synth()).toThrow(new Error(`Validation failed with the following errors:\n  [cluster1] ${MIXED}`));
});

test('a Kubernetes object that joins an IstioOperator later is seen', () => {
  const app = stockApp();
  const chart = new Chart(app, 'gateway');
  new EastWestGateway(chart, 'gateway', { network: 'network1' });
  new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap' });
  expect(() => app.synth()).toThrow(`[gateway] ${MIXED.replace('control-plane', 'eastwest')}`);
});

test('two IstioOperators in a chart of a stock App are refused', () => {
  const app = stockApp();
  const chart = new Chart(app, 'gateways');
  new EastWestGateway(chart, 'one', { network: 'network1' });
  new EastWestGateway(chart, 'two', { network: 'network1', name: 'istio-crossnetwork' });
  expect(() => app.synth()).toThrow(new Error('Validation failed with the following errors:\n  [gateways] '
    + 'IstioOperators \'eastwest\' and \'eastwest-istio-crossnetwork\' share a file, but istioctl accepts only one per '
      + 'file; '
    + 'use MeshApp, or an App with a file per resource, or a separate operatorChart for each'));
});

test('each IstioOperator in an operatorChart of its own is fine', () => {
  const app = stockApp();
  const cluster = new Chart(app, 'cluster1');
  new IstioPrimary(cluster, 'istio', { ...PRIMARY, ...separate(app, 'cluster1-istio') });
  new EastWestGateway(cluster, 'gateway', { network: 'network1', ...separate(app, 'cluster1-gateway') });
  expect(kindsByFile(app)).toEqual({
    'cluster1.k8s.yaml': ['Namespace'],
    'cluster1-istio.k8s.yaml': ['IstioOperator'],
    'cluster1-gateway.k8s.yaml': ['IstioOperator'],
  });
});

test('an IstioOperator alone in the chart of its construct is fine', () => {
  const app = stockApp();
  new EastWestGateway(new Chart(app, 'gateway'), 'gateway', { network: 'network1' });
  expect(kindsByFile(app)).toEqual({ 'gateway.k8s.yaml': ['IstioOperator'] });
});

test('an IstioOperator in a chart below that of the Kubernetes objects is fine', () => {
  const app = stockApp();
  const cluster = new Chart(app, 'cluster1');
  new IstioPrimary(cluster, 'istio',
    { ...PRIMARY, installer: Installer.istioctl({ operatorChart: new Chart(cluster, 'operators') }) });
  expect(Object.values(kindsByFile(app))).toEqual([['IstioOperator'], ['Namespace']]);
});

test('two IstioOperators in one operatorChart are refused', () => {
  const app = stockApp();
  const cluster = new Chart(app, 'cluster1');
  const installer = Installer.istioctl({ operatorChart: new Chart(app, 'operators') });
  new IstioPrimary(cluster, 'istio', { ...PRIMARY, installer });
  new EastWestGateway(cluster, 'gateway', { network: 'network1', installer });
  expect(() => app.synth())
    .toThrow("[operators] IstioOperators 'control-plane' and 'eastwest' share a file, but istioctl accepts only one "
      + 'per file; ');
});

test('a Kubernetes object in an operatorChart is refused', () => {
  const app = stockApp();
  const operatorChart = new Chart(app, 'operators');
  new IstioPrimary(new Chart(app, 'cluster1'), 'istio',
    { ...PRIMARY, installer: Installer.istioctl({ operatorChart }) });
  new ApiObject(operatorChart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap' });
  expect(() => app.synth()).toThrow(`[operators] ${MIXED}`);
});

test('the IstioOperators of a control plane and its canary share an operatorChart, and the namespace is not in it',
  () => {
    const app = stockApp(YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE);
    new IstioPrimary(new Chart(app, 'cluster1'), 'istio', {
      ...PRIMARY,
      ...separate(app, 'operators'),
      canary: { revision: '1-32-0', istioVersion: '1.32.0' },
      components: { cni: { enabled: true, namespace: 'cni' } },
    });
    expect(Object.entries(kindsByFile(app)).map(([file, kinds]) => [file.split('/')[0], ...kinds])).toEqual([
      ['cluster1', 'Namespace'], ['cluster1', 'Namespace'], ['operators', 'IstioOperator'],
      ['operators', 'IstioOperator'],
    ]);
  });

test('an operatorChart in a mesh, whose definition is plain data, is rejected', () => {
  const app = new MeshApp({ outdir: temporaryDirectory(), summary: false });
  const mesh = () => new Mesh(app, 'mesh1', twoClusters(separate(app, 'operators')));
  expect(problems(mesh)).toEqual(["installer: 'istioctl' does not accept an argument here; write istioctl"]);
});

test('an operatorChart is of no use where all charts go to one file', () => {
  const app = stockApp(YamlOutputType.FILE_PER_APP);
  new IstioPrimary(new Chart(app, 'cluster1'), 'istio', { ...PRIMARY, ...separate(app, 'operators') });
  expect(() => app.synth()).toThrow("IstioOperator 'control-plane' shares a file with Kubernetes objects");
});

test.each([
  YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
])('a file for each object keeps them apart in a stock App (%s)', type => {
  const app = stockApp(type);
  const chart = new Chart(app, 'cluster1');
  new IstioPrimary(chart, 'istio', { ...PRIMARY, canary: { revision: '1-32-0', istioVersion: '1.32.0' } });
  new EastWestGateway(chart, 'gateway', { network: 'network1' });
  expect(Object.values(kindsByFile(app)).sort())
    .toEqual([['IstioOperator'], ['IstioOperator'], ['IstioOperator'], ['Namespace']]);
});

test('a MeshApp keeps them apart by itself', () => {
  const app = new MeshApp({ outdir: temporaryDirectory(), summary: false });
  const chart = new Chart(app, 'cluster1');
  new IstioPrimary(chart, 'istio', { ...PRIMARY, canary: { revision: '1-32-0', istioVersion: '1.32.0' } });
  new EastWestGateway(chart, 'gateway', { network: 'network1' });
  expect(kindsByFile(app)).toEqual({
    'cluster1/kustomization.yaml': ['Kustomization'],
    'cluster1/00-namespace/kustomization.yaml': ['Kustomization'],
    'cluster1/00-namespace/namespace-istio-system.yaml': ['Namespace'],
    'cluster1/istioctl/control-plane.yaml': ['IstioOperator'],
    'cluster1/istioctl/control-plane-1-32-0.yaml': ['IstioOperator'],
    'cluster1/istioctl/eastwest.yaml': ['IstioOperator'],
  });
});
