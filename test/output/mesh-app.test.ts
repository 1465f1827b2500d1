import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { basename, dirname, join } from 'path';
import { type ApiObjectProps, ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import {
  type MeshProps,
  EastWestGateway, GitOps, Installer, IstioPrimary, IstioReader, LinkDestination, LoadBalancer, Mesh, MeshApp,
  RemoteCredentials,
  SecretValue, Trust,
} from '../../src';
import {
  type Files, directoryWith, filesOf, quietApp, synthesized, treeOf, treeOfFile, twoClusters, twoNetworks,
} from '../support/mesh-util';
import { OF_MESH } from '../support/of-mesh';
import { problems, temporaryDirectory } from '../support/util';

const TOKEN = RemoteCredentials.plainToken(SecretValue.env('ISTIO_MESH_TEST_TOKEN'));
const OWN = '.istio-mesh.json';

beforeAll(() => { process.env.ISTIO_MESH_TEST_TOKEN = 's3cret-t0ken'; });
afterAll(() => { delete process.env.ISTIO_MESH_TEST_TOKEN; });

function configMap(name: string, namespace?: string): ApiObjectProps {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
}

/** Paths of files below `cluster1/`, without the steps that every cluster has. */
function ownPaths(files: Files): string[] {
  return Object.keys(files).filter(path => /^cluster1\/(70|istioctl)/.test(path))
    .map(path => path.slice('cluster1/'.length));
}

/** What synth refuses, and that it wrote nothing. */
function refusedAtSynth(build: (mesh: Mesh, app: MeshApp) => void, props = twoClusters()): string[] {
  const app = quietApp();
  build(new Mesh(app, 'mesh1', props), app);
  const found = problems(() => app.synth());
  expect(existsSync(app.outdir)).toBe(found.length === 0);
  return found;
}

/** The same number of clusters on as many networks, with credentials in the tree. */
function clusters(count: number): MeshProps {
  const names = Array.from({ length: count }, (_, i) => `cluster${i + 1}`);
  return {
    meshID: 'mesh1',
    istioVersion: '1.31.0',
    network: '$(cluster)',
    remoteCredentials: TOKEN,
    clusters: names.map(name => ({ name, apiServer: `https://${name}.example.com:6443` })),
  };
}

const READER = [
  '00-namespace/clusterrole-istio-mesh-reader-istio-system.yaml',
  '00-namespace/clusterrolebinding-istio-mesh-reader-istio-system.yaml',
  '00-namespace/kustomization.yaml',
  '00-namespace/namespace-istio-system.yaml',
  '00-namespace/secret-istio-mesh-reader-blue.yaml',
  '00-namespace/secret-istio-mesh-reader-green.yaml',
  '00-namespace/serviceaccount-istio-mesh-reader-blue.yaml',
  '00-namespace/serviceaccount-istio-mesh-reader-green.yaml',
];

test('a mesh of two networks gives exactly these files', () => {
  const ofCluster = (name: string) => [
    ...READER,
    '50-exposed-services/gateway-cross-network-gateway.yaml',
    '50-exposed-services/kustomization.yaml',
    'istioctl/control-plane.yaml',
    'istioctl/eastwest.yaml',
    'kustomization.yaml',
  ].map(path => `${name}/${path}`);
  expect(Object.keys(treeOf(twoNetworks())))
    .toEqual([OWN, ...ofCluster('cluster1'), ...ofCluster('cluster2'), ...OF_MESH]);
});

test('a cluster with every step has them in this order', () => {
  const files = treeOf(clusters(2), mesh => new ApiObject(mesh.cluster('cluster1'), 'own', configMap('own')));
  expect(parse(files['cluster1/kustomization.yaml'])).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['00-namespace', '50-exposed-services', '60-remote-secrets', '70-resources'],
    sortOptions: { order: 'fifo' },
  });
});

test('a step lists its files in the order in which they are applied', () => {
  expect(parse(treeOf(twoClusters())['cluster1/00-namespace/kustomization.yaml'])).toEqual({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [
      'namespace-istio-system.yaml',
      'serviceaccount-istio-mesh-reader-blue.yaml',
      'serviceaccount-istio-mesh-reader-green.yaml',
      'clusterrole-istio-mesh-reader-istio-system.yaml',
      'clusterrolebinding-istio-mesh-reader-istio-system.yaml',
      'secret-istio-mesh-reader-blue.yaml',
      'secret-istio-mesh-reader-green.yaml',
    ],
    sortOptions: { order: 'fifo' },
  });
});

test('every file of a step is in its kustomization, every step in that of its cluster, and no IstioOperator in any',
  () => {
    const files =
    treeOf({ ...clusters(3), canary: { revision: 'canary', istioVersion: '1.32.0' } },
      mesh => new ApiObject(mesh.cluster('cluster2'), 'own', configMap('own')));
    const listed = Object.keys(files)
      .filter(path => basename(path) === 'kustomization.yaml' && path.split('/').length === 3)
      .flatMap(path => parse(files[path]).resources.map((name: string) => join(dirname(path), name)));
    const steps = [
      'cluster1', 'cluster2', 'cluster3',
    ].flatMap(name => parse(files[`${name}/kustomization.yaml`]).resources.map((step: string) => `${name}/${step}`));
    const objects = Object.keys(files).filter(path => path.includes('/') && basename(path) !== 'kustomization.yaml');
    const operators = objects.filter(path => parse(files[path]).kind === 'IstioOperator');
    expect(listed.sort()).toEqual(objects.filter(path => !operators.includes(path)).sort());
    expect([...new Set(listed.map(dirname))].sort()).toEqual(steps.sort());
    expect(operators).toEqual(['cluster1', 'cluster2', 'cluster3'].flatMap(name =>
      ['control-plane-canary', 'control-plane', 'eastwest'].map(operator => `${name}/istioctl/${operator}.yaml`)));
    expect(objects.filter(path => path.includes('/istioctl/'))).toEqual(operators);
  });

test('a file holds one object, which is the one that Testing.synth shows', () => {
  expect(parse(treeOf(twoNetworks())['cluster2/istioctl/control-plane.yaml'])).toEqual({
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name: 'control-plane', namespace: 'istio-system' },
    spec: { values: { global: { meshID: 'mesh1', multiCluster: { clusterName: 'cluster2' }, network: 'network2' } } },
  });
});

test('a third cluster renames nothing and adds its directory and one file for each peer', () => {
  const [two, three] = [treeOf(clusters(2)), treeOf(clusters(3))];
  const added = Object.keys(three).filter(path => !(path in two) && !path.startsWith('cluster3/'));
  expect(Object.keys(two).filter(path => !(path in three))).toEqual([]);
  expect(added).toEqual([
    'cluster1', 'cluster2',
  ].map(name => `${name}/60-remote-secrets/secret-istio-remote-secret-cluster3.yaml`));
  expect(Object.keys(two).filter(path => two[path] !== three[path])).toEqual([
    OWN, 'cluster1/60-remote-secrets/kustomization.yaml', 'cluster2/60-remote-secrets/kustomization.yaml', ...OF_MESH,
  ]);
  expect(Object.keys(three).filter(path => path.startsWith('cluster3/60'))).toEqual(
    ['kustomization.yaml', 'secret-istio-remote-secret-cluster1.yaml',
      'secret-istio-remote-secret-cluster2.yaml'].map(name => `cluster3/60-remote-secrets/${name}`));
});

test('a canary adds a file whose name carries its revision', () => {
  const [without, canary] = [
    treeOf(twoClusters()), treeOf(twoClusters({ canary: { revision: '1-32-0', istioVersion: '1.32.0' } })),
  ];
  expect(Object.keys(canary).filter(path => !(path in without)))
    .toEqual(['cluster1/istioctl/control-plane-1-32-0.yaml', 'cluster2/istioctl/control-plane-1-32-0.yaml']);
});

test('own objects and charts below a cluster go to 70-resources, with group and namespace in the names of their files',
  () => {
    const files = treeOf(twoClusters(), mesh => {
      const cluster = mesh.cluster('cluster1');
      const chart = new Chart(cluster, 'team');
      new ApiObject(cluster, 'a', configMap('settings'));
      new ApiObject(cluster, 'b', configMap('settings', 'team-a'));
      new ApiObject(chart, 'c',
        { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'edge', namespace: 'team-a' } });
      new ApiObject(chart, 'd', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } });
      new ApiObject(chart, 'e',
        { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'team:reader' } });
    });
    expect(ownPaths(files)).toEqual([
      '70-resources/clusterrole.rbac.authorization.k8s.io.team_reader.yaml',
      '70-resources/configmap.settings.yaml',
      '70-resources/configmap.team-a.settings.yaml',
      '70-resources/deployment.web.yaml',
      '70-resources/gateway.networking.istio.io.team-a.edge.yaml',
      '70-resources/kustomization.yaml',
      'istioctl/control-plane.yaml',
    ]);
  });

test('own objects are applied as written, but namespaces and CRDs first, and after what they depend on', () => {
  const files = treeOf(twoClusters(), mesh => {
    const cluster = mesh.cluster('cluster1');
    const first = new ApiObject(cluster, 'first', configMap('first', 'team-a'));
    const second = new ApiObject(cluster, 'second', configMap('second', 'team-a'));
    first.addDependency(second);
    new ApiObject(cluster, 'crd',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'things.example.com' },
      });
    new ApiObject(cluster, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } });
  });
  expect(parse(files['cluster1/70-resources/kustomization.yaml']).resources).toEqual([
    'namespace.team-a.yaml', 'customresourcedefinition.apiextensions.k8s.io.things.example.com.yaml',
    'configmap.team-a.second.yaml', 'configmap.team-a.first.yaml',
  ]);
});

test('an IstioOperator of the user\'s goes to istioctl', () => {
  const files = treeOf(twoClusters(), mesh =>
    new ApiObject(mesh.cluster('cluster1'), 'ingress',
      { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'ingress' } }));
  expect(ownPaths(files)).toEqual(['istioctl/control-plane.yaml', 'istioctl/ingress.yaml']);
});

test('charts beside a mesh, or without one, have directories of their own', () => {
  const files = synthesized(app => {
    const chart = new Chart(app, 'cluster1');
    new IstioPrimary(chart, 'istio', { meshID: 'mesh1', clusterName: 'cluster1', network: 'network1' });
    new IstioReader(chart, 'reader');
    new EastWestGateway(chart, 'gateway', { network: 'network1' });
    new Chart(app, 'empty');
  });
  expect(Object.keys(files))
    .toEqual([
      OWN, ...[
        ...READER, 'istioctl/control-plane.yaml', 'istioctl/eastwest.yaml', 'kustomization.yaml',
      ].map(path => `cluster1/${path}`),
    ]);
});

const MANIFESTS: Files = {
  'own/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  answer: "no"\n---\n# nothing\n---\napiVersion: '
      + 'v1\nkind: Namespace\nmetadata:\n  name: b\n',
  'own/list.yaml':
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n- {apiVersion: v1, '
      + 'kind: ConfigMap, metadata: {name: d}}\n',
  'own/deep/e.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "e"}}',
  'own/empty.yaml': '',
  'cluster1/f.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: f\n',
  'bad/bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\nkind: ConfigMap\nmetadata: {name: b}\n',
  'broken/broken.yaml': 'apiVersion: v1\nkind: [\n',
  'alias/alias.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: *nothing}\n',
};

function meshWith(resources: string): string {
  return 'meshID: mesh1\nistioVersion: 1.31.0\nclusters:\n- {name: cluster1, network: network1, resources: '
    + `${resources}}\n`;
}

function treeOfResources(resources: string): Files {
  const directory = directoryWith({ ...MANIFESTS, 'mesh.yaml': meshWith(resources) });
  return synthesized(app => Mesh.fromFile(app, 'mesh1', join(directory, 'mesh.yaml')));
}

function resourceProblems(resources: string): string[] {
  const directory = directoryWith({ ...MANIFESTS, 'mesh.yaml': meshWith(resources) });
  return problems(() => Mesh.fromFile(quietApp(), 'mesh1', join(directory, 'mesh.yaml')))
    .map(problem => problem.split(directory).join('.'));
}

test('resources are the objects of the files that the globs match, those of a List one by one', () => {
  const files = treeOfResources('["own/**/*", "$(cluster)/*.yaml"]');
  expect(ownPaths(files)).toEqual([
    ...['configmap.a', 'configmap.c', 'configmap.d', 'configmap.e', 'configmap.f', 'kustomization',
      'namespace.b'].map(name => `70-resources/${name}.yaml`),
    'istioctl/control-plane.yaml',
  ]);
  expect(files['cluster1/70-resources/configmap.a.yaml'])
    .toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  answer: "no"\n');
});

test('resources come in the order of the globs, and of a glob in that of the paths', () => {
  expect(parse(treeOfResources('["$(cluster)/*", "own/**/*"]')['cluster1/70-resources/kustomization.yaml']).resources)
    .toEqual([
      'namespace.b', 'configmap.f', 'configmap.a', 'configmap.e', 'configmap.c', 'configmap.d',
    ].map(name => `${name}.yaml`));
});

test('resources that are none are refused, glob by glob', () => {
  expect(resourceProblems('[none/*.yaml, bad/*, broken/*, alias/*]')).toEqual([
    "./mesh.yaml:4:51: clusters[0].resources[0]: cluster 'cluster1': resources has 'none/*.yaml', which matches no "
      + "file below '.'; correct it, or remove it",
    "./mesh.yaml:4:64: clusters[0].resources[1]: cluster 'cluster1': resources: object 2 of file 'bad/bad.yaml' is not "
      + 'a Kubernetes manifest; add apiVersion, kind and metadata.name',
    "./mesh.yaml:4:71: clusters[0].resources[2]: cluster 'cluster1': resources: file 'broken/broken.yaml' is not valid "
      + 'YAML at line 3, column 1: '
      + 'flow sequence in block collection must be sufficiently indented and end with a ]',
    "./mesh.yaml:4:81: clusters[0].resources[3]: cluster 'cluster1': resources: file 'alias/alias.yaml' is not valid "
      + "YAML at line 3, column 18: the alias '*nothing' has no anchor before it; "
      + "write the value out, or set '&nothing' above",
  ]);
});

test('the namespace of a gateway of the user\'s comes before the control plane: the manifest that describes it, or a '
  + 'plain one', () => {
  const gateways =
    '{ingressGateways: [{name: own, namespace: b}, {name: unused, namespace: unused, enabled: false}, {name: here}], '
      + 'egressGateways: [{name: out, namespace: out}, {name: basic, namespace: default}]}';
  const files = treeOfResources(`["own/**/*", "$(cluster)/*"], components: ${gateways}`);
  expect(parse(files['cluster1/00-namespace/kustomization.yaml']).resources.filter((name: string) =>
    name.startsWith('namespace-')))
    .toEqual(['namespace-istio-system.yaml', 'namespace-b.yaml', 'namespace-out.yaml']);
  expect(parse(files['cluster1/00-namespace/namespace-out.yaml']))
    .toEqual({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'out' } });
  expect(ownPaths(files)).not.toContain('70-resources/namespace.b.yaml');
});

test('a date in a manifest stays the text that it is', () => {
  const directory = directoryWith({
    'own.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    since: 2026-01-31\n',
    'mesh.yaml': meshWith('[own.yaml]'),
  });
  const files = synthesized(app => Mesh.fromFile(app, 'mesh1', join(directory, 'mesh.yaml')));
  expect(parse(files['cluster1/70-resources/configmap.a.yaml']).metadata.annotations).toEqual({ since: '2026-01-31' });
});

test('one identity twice is refused, with both places', () => {
  expect(refusedAtSynth(mesh => {
    const cluster = mesh.cluster('cluster1');
    new ApiObject(cluster, 'one', configMap('a'));
    new ApiObject(cluster, 'two', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
    new ApiObject(cluster, 'three', configMap('a'));
  })).toEqual([
    "[mesh1/cluster1/two] Namespace 'istio-system' is already created by mesh1/cluster1/IstioPrimary/Namespace, and "
      + 'the second object would replace the first; remove or rename one of them',
    "[mesh1/cluster1/three] ConfigMap 'a' is already created by mesh1/cluster1/one, and the second object would "
      + 'replace the first; remove or rename one of them',
  ]);
});

test('the same object in two clusters, or of one name in two namespaces, is no identity twice', () => {
  expect(refusedAtSynth(mesh =>
    mesh.clusters.forEach(cluster => ['a', 'b'].forEach(name => new ApiObject(cluster, name, configMap('own', name))))))
    .toEqual([]);
});

test('two objects for one file are refused', () => {
  expect(refusedAtSynth(mesh => {
    const operator =
      (name: string, namespace: string) => ({
        apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name, namespace },
      });
    new ApiObject(mesh.cluster('cluster1'), 'one', configMap('b', 'a'));
    new ApiObject(mesh.cluster('cluster1'), 'two', configMap('a.b'));
    new ApiObject(mesh.cluster('cluster2'), 'three', operator('control-plane', 'other'));
  })).toEqual([
    "[mesh1/cluster1/two] the file 'cluster1/70-resources/configmap.a.b.yaml' already contains another object; rename "
      + 'this object, or add it to a separate chart',
    "[mesh1/cluster2/three] the file 'cluster2/istioctl/control-plane.yaml' already contains another object; rename "
      + 'this object, or add it to a separate chart',
  ]);
});

test('an object whose name leads out of its directory stays in it', () => {
  const files = treeOf(twoClusters(), mesh => {
    mesh.cluster('cluster1').reader!.serviceAccounts[0].addJsonPatch(JsonPatch.replace('/metadata/name',
      '../../reader'));
    new ApiObject(mesh.cluster('cluster1'), 'operator',
      { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: '../../../operator' } });
  });
  expect(Object.keys(files))
    .toEqual(expect.arrayContaining([
      'cluster1/00-namespace/serviceaccount-.._.._reader.yaml', 'cluster1/istioctl/.._.._.._operator.yaml',
    ]));
});

test('two meshes in an app are refused', () => {
  expect(refusedAtSynth((_, app) => new Mesh(app, 'mesh2', { ...twoClusters(), clusters: [{ name: 'cluster3' }] })))
    .toEqual([
      '[mesh2] a MeshApp supports only one mesh; create another MeshApp for this one',
    ]);
});

test('two charts of one directory are refused', () => {
  expect(refusedAtSynth((_, app) => new ApiObject(new Chart(app, 'cluster1'), 'own', configMap('own')))).toEqual([
    "[cluster1] another chart already writes the directory 'cluster1'; choose another id for this chart",
  ]);
});

test('a chart whose id is no name of a directory for a cluster is refused', () => {
  expect(refusedAtSynth((_, app) => ['argocd', 'flux', 'Team_A'].forEach(id => new Chart(app, id)))).toEqual([
    "[argocd] the chart's id is the name of its directory: id 'argocd' is reserved for GitOps objects; choose another "
      + 'id',
    "[flux] the chart's id is the name of its directory: id 'flux' is reserved for GitOps objects; choose another id",
    "[Team_A] the chart's id is the name of its directory: id 'Team_A' is not a valid DNS label (1 to 63 lower-case "
      + "letters, digits and '-', starting and ending with a letter or digit); write 'team-a'",
  ]);
});

test('every validation in the app runs, and all that they find is said at once', () => {
  expect(refusedAtSynth(mesh =>
    mesh.clusters.forEach(({ node, name }) => node.addValidation({ validate: () => [`${name} is no good`] }))))
    .toEqual([
      '[mesh1/cluster1] cluster1 is no good', '[mesh1/cluster2] cluster2 is no good',
    ]);
});

test('a refused app leaves the tree of an earlier run as it was', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  const app = (props: MeshProps) => {
    const made = new MeshApp({ outdir, summary: false });
    return { made, mesh: new Mesh(made, 'mesh1', props) };
  };
  app(twoClusters()).made.synth();
  const before = filesOf(outdir);
  const { made, mesh } = app(twoNetworks());
  new ApiObject(mesh.cluster('cluster2'), 'own', configMap('own'));
  new ApiObject(mesh.cluster('cluster2'), 'twin', configMap('own'));
  expect(problems(() => made.synth())).toHaveLength(1);
  expect(filesOf(outdir)).toEqual(before);
});

test('what a mesh no longer has is removed from its tree', () => {
  const outdir = join(temporaryDirectory(), 'dist');
  for (const count of [3, 2]) {
    const app = new MeshApp({ outdir, summary: false });
    new Mesh(app, 'mesh1', clusters(count));
    app.synth();
  }
  expect(filesOf(outdir)).toEqual(treeOf(clusters(2)));
  expect(readdirSync(outdir).sort()).toEqual([OWN, 'cluster1', 'cluster2', ...OF_MESH]);
});

/** A mesh with something of everything. */
function everything(): MeshProps {
  return {
    ...clusters(3),
    defaults: { hub: 'registry.example.com/istio', values: { global: { logAsJson: true } } },
    context: 'admin@$(cluster)',
    revision: '1-31-0',
    canary: { revision: '1-32-0', istioVersion: '1.32.0', tag: '1.32.0-debug' },
    values: { global: { proxy: { clusterDomain: 'prod.local' } }, pilot: { env: { A: 'no', B: '1e3', C: '007' } } },
    meshConfig: { accessLogFile: '/dev/stdout' },
    components: { pilot: { k8S: { nodeSelector: { pool: 'system' } } } },
    eastWestGateway: {
      loadBalancer: LoadBalancer.gke({ internal: true }), service: { externalTrafficPolicy: 'Local' },
    },
    exposedServices: { hosts: ['*.$(cluster).svc.prod.local'] },
    tlsServerName: 'kubernetes',
    proxyUrl: 'http://proxy.example.com:3128',
  };
}

test('mesh.yaml holds the resolved definition, every setting at its cluster', () => {
  const text = treeOf(twoNetworks({ context: 'admin@$(cluster)', remoteCredentials: TOKEN }))['mesh.yaml'];
  expect(text.split('\n')[0])
    .toBe('# The resolved mesh definition, with all settings of each cluster. Generated by cdk8s-istio-mesh; do not '
      + 'edit.');
  expect(parse(text)).toEqual({
    meshID: 'mesh1',
    clusters: [1, 2].map(i => ({
      name: `cluster${i}`,
      istioVersion: '1.31.0',
      network: `network${i}`,
      context: `admin@cluster${i}`,
      remoteCredentials: { plainToken: { env: 'ISTIO_MESH_TEST_TOKEN' } },
      apiServer: `https://cluster${i}.example.com:6443`,
    })),
  });
  expect(Object.keys(parse(text).clusters[0])[0]).toBe('name');
});

test('mesh.yaml gives the same tree again, byte for byte', () => {
  for (const props of [twoClusters(), twoNetworks(), twoClusters({ peers: [] }), everything()]) {
    const files = treeOf(props);
    expect(treeOfFile(files['mesh.yaml'])).toEqual(files);
  }
});

test('mesh.yaml in the tree finds the resources again', () => {
  const directory = directoryWith({ ...MANIFESTS, 'mesh.yaml': meshWith('["own/*.yaml", "$(cluster)/*"]') });
  const outdir = join(directory, 'dist');
  const synth = (file: string) => {
    const app = new MeshApp({ outdir, summary: false });
    Mesh.fromFile(app, 'mesh1', join(directory, file));
    app.synth();
    return filesOf(outdir);
  };
  const files = synth('mesh.yaml');
  expect(synth('dist/mesh.yaml')).toEqual(files);
});

test('a token is only in the remote Secrets', () => {
  const files = treeOf(clusters(2));
  expect(Object.keys(files).filter(path => files[path].includes('s3cret-t0ken'))).toEqual([
    'cluster1/60-remote-secrets/secret-istio-remote-secret-cluster2.yaml',
    'cluster2/60-remote-secrets/secret-istio-remote-secret-cluster1.yaml',
  ]);
});

test('a secret that code gives in plain text is never in mesh.yaml, which asks for it again', () => {
  const files =
    treeOf(twoClusters({
      remoteCredentials: RemoteCredentials.plainToken(SecretValue.unsafePlainText('s3cret-t0ken')),
    }));
  expect(Object.keys(files).filter(path => files[path].includes('s3cret-t0ken'))).toEqual([
    'cluster1/60-remote-secrets/secret-istio-remote-secret-cluster2.yaml',
    'cluster2/60-remote-secrets/secret-istio-remote-secret-cluster1.yaml',
  ]);
  expect(parse(files['mesh.yaml']).clusters[0].remoteCredentials).toEqual({ plainToken: { unsafePlainText: '' } });
  expect(problems(() => treeOfFile(files['mesh.yaml'])).map(problem => problem.replace(/^.*?: /, '')))
    .toEqual(['cluster1', 'cluster2'].map((name, i) =>
      `clusters[${i}].remoteCredentials: cluster '${name}': remoteCredentials: unsafePlainText is empty; write the `
      + 'secret, or a reference to it'));
});

test('the same mesh gives the same bytes, wherever and whenever', () => {
  expect(treeOf(everything())).toEqual(treeOf(everything()));
});

/** What a synth tells on standard error. */
function told(build: (app: MeshApp) => void, summary?: boolean): string {
  const app = new MeshApp({ outdir: join(temporaryDirectory(), 'dist'), summary });
  build(app);
  const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    app.synth();
    return stderr.mock.calls.map(([text]) => String(text).split(app.outdir).join('dist')).join('');
  } finally {
    stderr.mockRestore();
  }
}

const PUBLIC =
  "warning: clusters[0].eastWestGateway: cluster 'cluster1': eastWestGateway: the load balancer may be public, and "
    + 'open to every address; '
  + 'make it internal, or set service.loadBalancerSourceRanges to the addresses from which other networks connect '
    + '(IM049)';

test('synth tells what it wrote and what to run next', () => {
  expect(told(app =>
    new Mesh(app, 'mesh1', twoNetworks({
      context: 'admin@$(cluster)', canary: { revision: '1-32-0', istioVersion: '1.32.0' },
    })))).toBe(
    `dist: 31 files in 2 directories (cluster1, cluster2)
next steps for each cluster, e.g. cluster1:
  kubectl --context admin@cluster1 apply -k dist/cluster1/00-namespace
  create the Secret cacerts with an intermediate CA of the common root CA (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)
  istioctl --context admin@cluster1 install -y -f dist/cluster1/istioctl/control-plane.yaml    # istioctl 1.31.0
  istioctl --context admin@cluster1 install -y -f dist/cluster1/istioctl/control-plane-1-32-0.yaml    # istioctl 1.32.0
  istioctl --context admin@cluster1 install -y -f dist/cluster1/istioctl/eastwest.yaml    # istioctl 1.31.0
  kubectl --context admin@cluster1 apply -k dist/cluster1
then create 2 remote secrets: istio-mesh link dist/mesh.yaml
runbook: dist/mesh.md
${PUBLIC.replace("cluster 'cluster1'", "clusters 'cluster1', 'cluster2'")}
`);
});

const HELM = { installer: Installer.helm(), eastWestGateway: { loadBalancer: LoadBalancer.aws({ internal: true }) } };

test('with a GitOps tool, synth tells what comes before it and how it begins', () => {
  const gitOps = GitOps.argoCd({ repoURL: 'https://git.example.com/mesh' });
  const sops = RemoteCredentials.linked({ into: LinkDestination.sops() });
  expect(told(app => new Mesh(app, 'mesh1', twoNetworks({ ...HELM, gitOps }))).split('\n').slice(1)).toEqual([
    'next steps for each cluster, e.g. cluster1:',
    '  kubectl --context cluster1 apply -k dist/cluster1/00-namespace',
    '  create the Secret cacerts with an intermediate CA of the common root CA (https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/)',
    'then commit dist, and apply once in the cluster where Argo CD runs: kubectl apply -k dist/argocd',
    'then create 2 remote secrets: istio-mesh link dist/mesh.yaml',
    'runbook: dist/mesh.md',
    '',
  ]);
  expect(told(app => new Mesh(app, 'mesh1', twoNetworks({ ...HELM, remoteCredentials: sops, gitOps: GitOps.flux() }))))
    .toMatch(
      /\nthen commit dist and \S*links, and configure the Flux of each cluster to apply its directory, e\.g\. \.\/dist\/flux\/cluster1\n/);
});

test('where the tree brings the trust too, nothing is run before a GitOps tool begins', () => {
  const trust = Trust.certManager({ issuerRef: { name: 'root' } });
  const gitOps = GitOps.flux({ kubeConfig: { secretRef: { name: 'kubeconfig-$(cluster)' } } });
  expect(told(app => new Mesh(app, 'mesh1', twoNetworks({ ...HELM, trust, gitOps }))).split('\n').slice(1, 2)).toEqual([
    'then commit dist, and configure the Flux of the hub to apply ./dist/flux',
  ]);
});

test('a gateway that follows a tag is installed after the webhooks of the tag', () => {
  const text =
    told(app =>
      new Mesh(app, 'mesh1', twoNetworks({
        revision: '1-31-0', canary: { revision: '1-32-0', istioVersion: '1.32.0' }, revisionTags: { prod: '1-31-0' },
      })));
  expect(text.split('\n').filter(line => line.startsWith('  '))
    .map(line => line.replace(/^.* (install -y -f|apply -k) dist\/cluster1\/?|    #.*/g, ''))).toEqual([
    '00-namespace', expect.stringContaining('cacerts'), 'istioctl/control-plane.yaml',
    'istioctl/control-plane-1-32-0.yaml', '30-control-plane', 'istioctl/eastwest.yaml', '',
  ]);
});

test('a gateway is installed with the istioctl of the control plane that its tag leads to', () => {
  const versions = (tag: string) =>
    told(app =>
      new Mesh(app, 'mesh1', twoNetworks({
        revision: 'a', canary: { revision: 'b', istioVersion: '1.32.0' }, revisionTags: { prod: tag },
      })))
      .match(/eastwest\.yaml {4}# istioctl (\S+)/)![1];
  expect([versions('a'), versions('b')]).toEqual(['1.31.0', '1.32.0']);
});

test('where no gateway waits for them, tags are applied with the rest', () => {
  expect(told(app =>
    new Mesh(app, 'mesh1', twoClusters({ revisionTags: { prod: 'default' } })))).not.toContain('30-control-plane');
});

test('synth tells how the Sail operator gets its objects, and whom to wait for', () => {
  const next = (settings: Partial<MeshProps>) =>
    told(app => new Mesh(app, 'mesh1', twoClusters(settings))).split('\n').slice(4, -4).map(line => line.trim());
  expect(next({ installer: Installer.sail() })).toEqual([
    'kubectl --context cluster1 apply -k dist/cluster1/30-control-plane    # by the Sail operator, which is in the '
      + 'cluster already',
    'kubectl --context cluster1 wait --for=condition=Ready --timeout=5m istio.sailoperator.io/default',
  ]);
  expect(next({
    installer: Installer.sail(),
    profile: 'openshift',
    revision: 'stable',
    canary: { revision: 'next', istioVersion: '1.32.0' },
  })[1])
    .toBe('kubectl --context cluster1 wait --for=condition=Ready --timeout=5m istiocni.sailoperator.io/default '
      + 'istio.sailoperator.io/stable istio.sailoperator.io/next');
  expect(next({ installer: Installer.sail(), revision: 'stable', revisionTags: { prod: 'stable', test: 'stable' } })[2])
    .toBe('kubectl --context cluster1 wait --for=condition=Reconciled --timeout=5m '
      + 'istiorevisiontag.sailoperator.io/prod istiorevisiontag.sailoperator.io/test');
  expect(next({ installer: Installer.external(), revision: 'theirs' }))
    .toEqual([
      "# istiod of revision 'theirs' is installed outside this tool, with meshID 'mesh1', clusterName 'cluster1', "
        + "network 'network1'",
    ]);
});

test('a warning that is acknowledged is not told, and neither is another one', () => {
  const network = { eastWestGateway: { ports: [{ name: 'tls', port: 15443 }, { name: 'tls-istiod', port: 15012 }] } };
  const warnings = (acknowledge: { [code: string]: string }) =>
    told(app => new Mesh(app, 'mesh1', twoNetworks({ ...network, acknowledge })), false).split('\n')
      .map(line => /\(IM\d{3}\)/.exec(line)?.[0]);
  expect(warnings({})).toEqual(['(IM048)', '(IM049)', undefined]);
  expect(warnings({ IM049: 'a firewall stands before it' })).toEqual(['(IM048)', undefined]);
});

test('synth says nothing of links where there are none for the command to make', () => {
  expect(told(app => new Mesh(app, 'mesh1', clusters(2)))).not.toContain('link');
  expect(told(app => new Mesh(app, 'mesh1', twoClusters({ peers: [] })))).not.toContain('link');
  const others = [
    RemoteCredentials.external(), RemoteCredentials.externalSecrets({ secretStoreRef: { name: 'vault' } }),
  ];
  others.forEach(remoteCredentials =>
    expect(told(app => new Mesh(app, 'mesh1', twoClusters({ remoteCredentials })))).not.toContain('link'));
  expect(told(app => new Mesh(app, 'mesh1', twoClusters({}, {}, { remoteCredentials: TOKEN }))))
    .toContain('\nthen create 1 remote secret: istio-mesh link dist/mesh.yaml\n');
});

test('synth names a few of many clusters, and charts that are no mesh', () => {
  expect(told(app => new Mesh(app, 'mesh1', clusters(6))).split('\n')[0])
    .toMatch(/^dist: \d+ files in 6 directories \(cluster1, cluster2, cluster3, cluster4, cluster5, …\)$/);
  expect(told(app => new ApiObject(new Chart(app, 'team'), 'own', configMap('own'))))
    .toBe('dist: 3 files in 1 directory (team)\n');
});

test('synth that is told to be quiet says nothing', () => {
  expect(told(app => new Mesh(app, 'mesh1', twoClusters()), false)).toBe('');
});

/** Does something with environment variables set. */
function withEnvironment(variables: { [name: string]: string | undefined }, action: () => void): void {
  const before = { ...process.env };
  try {
    for (const [name, value] of Object.entries(variables)) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
    action();
  } finally {
    process.env = before;
  }
}

test('the output goes to the directory that is named, else to that of cdk8s synth, else to dist', () => {
  const outdir = join(temporaryDirectory(), 'build');
  withEnvironment({ CDK8S_OUTDIR: outdir }, () => {
    const app = new MeshApp({ summary: false });
    new Mesh(app, 'mesh1', twoClusters());
    app.synth();
    expect(Object.keys(filesOf(outdir))).toContain('mesh.yaml');
    expect(new MeshApp({ outdir: 'named' }).outdir).toBe('named');
  });
  withEnvironment({ CDK8S_OUTDIR: undefined }, () => expect(new MeshApp().outdir).toBe('dist'));
});

test('a second synth of the same app touches no file', () => {
  const app = quietApp();
  new Mesh(app, 'mesh1', twoClusters());
  const synth = () => {
    app.synth();
    return Object.keys(filesOf(app.outdir)).map(path => [path, statSync(join(app.outdir, path)).ino]);
  };
  expect(synth()).toEqual(synth());
});

test('construct metadata is recorded when cdk8s asks for it', () => {
  withEnvironment({ CDK8S_RECORD_CONSTRUCT_METADATA: 'true' }, () => {
    const app = quietApp();
    new Mesh(app, 'mesh1', twoClusters());
    app.synth();
    const { version, resources } = JSON.parse(readFileSync(join(app.outdir, 'construct-metadata.json'), 'utf-8'));
    expect(version).toBe('1.0.0');
    expect(resources['istio-mesh-reader-blue']).toEqual({ path: 'mesh1/cluster2/IstioReader/Token-blue' });
  });
  expect(Object.keys(treeOf(twoClusters()))).not.toContain('construct-metadata.json');
});

test('a dependency between constructs, or between charts below a cluster, orders all objects of the two', () => {
  const files = treeOf(twoClusters(), mesh => {
    const cluster = mesh.cluster('cluster1');
    const [first, second] = ['first', 'second'].map(id => new Chart(cluster, id));
    [first, second].forEach(chart => new ApiObject(new Construct(chart, 'part'), 'object', configMap(chart.node.id)));
    first.node.addDependency(second);
  });
  expect(parse(files['cluster1/70-resources/kustomization.yaml']).resources)
    .toEqual(['configmap.second.yaml', 'configmap.first.yaml']);
});

test.each(['/kind', '/apiVersion', '/metadata/name', '/metadata'])('an object whose patches took %s away is refused',
  path => {
    const [problem] =
    refusedAtSynth(mesh => mesh.cluster('cluster1').reader!.serviceAccounts[0].addJsonPatch(JsonPatch.remove(path)));
    expect(problem).toBe('[mesh1/cluster1/IstioReader/Account-blue] ServiceAccount is not a valid manifest after its '
    + 'patches: '
    + 'apiVersion, kind and metadata.name must be strings, and the name has at most 253 characters; correct the '
      + 'patches');
  });

test('the commands that synth prints are safe to paste, whatever the names in them', () => {
  expect(told(app => new Mesh(app, 'mesh1', twoClusters({ context: "it's; touch x" }))))
    .toContain("  kubectl --context 'it'\\''s; touch x' apply -k dist/cluster1\n");
});
