import { isDeepStrictEqual } from 'util';
import { load } from 'js-yaml';
import { type Node, isScalar, parseDocument, visit } from 'yaml';
import type { Files } from './mesh-util';
import { OF_MESH } from './of-mesh';

/*
 * An independent reader of a tree: it shares no code with the library, so that a mistake there is not made here again.
 */

/** A mesh as it was asked for, with every setting at its cluster, in the spelling of mesh.yaml. */
export interface Asked { readonly meshID: string; readonly clusters: readonly any[] }

/** What a test hides in a secret of a cluster, so that it is known again wherever it comes out. */
export function marker(cluster: string): string {
  return `MARK-${cluster}-KRAM`;
}

/**
 * What is wrong with a tree, sentence by sentence; what was asked for is in its mesh.yaml unless somebody knows better.
 */
export function violations(files: Files, asked = load(files['mesh.yaml']) as Asked): string[] {
  const readings =
    new Map(Object.keys(files)
      .map(path =>
        [path, path.endsWith('.yaml') || path.endsWith('.json') ? reading(files[path]) : forPeople(files[path])]));
  const clusters =
    asked.clusters.map(settings =>
      new Cluster(settings, [...readings].filter(([path]) => path.startsWith(`${settings.name}/`))));
  clusters.forEach(cluster =>
    cluster.peers.push(...clusters.filter(other => other !== cluster && cluster.names(other) && other.names(cluster))));
  return [
    ...[...readings].flatMap(([path, { faults }]) => faults.map(fault => `${path}: ${fault}`)),
    ...pathFaults(files, clusters),
    ...leaks(readings, clusters),
    ...differ('mesh.yaml', readings.get('mesh.yaml')?.value, withoutSecrets(asked)),
    ...clusters.flatMap(cluster =>
      OF_EACH_CLUSTER.flatMap(find => attempt(() => find(cluster, asked)).map(fault => `${cluster.name}: ${fault}`))),
  ];
}

function attempt(find: () => string[]): string[] {
  try {
    return find();
  } catch (error) {
    return [`what should be there is not: ${(error as Error).message}`];
  }
}

/** A difference as a sentence. */
function differ(what: string, got: unknown, wanted: unknown): string[] {
  return isDeepStrictEqual(got, wanted) ? [] : [`${what} is ${JSON.stringify(got)} and not ${JSON.stringify(wanted)}`];
}

function withoutSecrets(asked: Asked): unknown {
  return JSON.parse(JSON.stringify(asked, (key, value) => key === 'unsafePlainText' ? '' : value));
}

/** A file as readers of two makes and of both YAMLs read it, and the clusters whose secrets it holds. */
interface Reading {
  readonly value: any;
  readonly comment?: string;
  readonly faults: readonly string[];
  readonly markers: readonly string[];
}

const known = new Map<string, Reading>();

/** Most files of most trees are alike, and each is read three times. */
function reading(text: string): Reading {
  const found = known.get(text) ?? read(text);
  if (known.size > 5000) {
    known.clear();
  }
  known.set(text, found);
  return found;
}

/** Plain words that are numbers to kubectl, istioctl and Helm, which take a prefix in any case and `_` anywhere. */
const GO_NUMBER = /^[-+]?(0x[\da-f]+|0o?[0-7]+|0b[01]+|(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?)$/i;

const MAPS_OF_STRINGS = [
  'labels', 'annotations', 'stringData', 'data', 'label', 'serviceAnnotations', 'podAnnotations', 'nodeSelector',
];

/** What nobody reads as YAML must not tell secrets either. */
function forPeople(text: string): Reading {
  return { value: {}, faults: [], markers: markersIn(text) };
}

function read(text: string): Reading {
  try {
    const value = load(text);
    const documents = ['1.1', '1.2'].map(version => parseDocument(text, { version: version as '1.1' }));
    const faults = documents.flatMap((document, i) => differ(`yaml 1.${i + 1}`, document.toJS(), value));
    visit(documents[1], {
      Scalar(_, { type, value: word }) {
        if (type === 'PLAIN' && typeof word === 'string' && GO_NUMBER.test(word.replace(/_/g, ''))) {
          faults.push(`'${word}' has no quotes, and kubectl reads a number`);
        }
      },
      Pair(_, { key, value: entries }) {
        if (isScalar(key) && MAPS_OF_STRINGS.includes(String(key.value))) {
          visit(entries as Node, {
            Scalar: (__, { value: word }) =>
              void (typeof word === 'string' || faults.push(`${key.value} has ${word}, which is no string`)),
          });
        }
      },
    });
    return { value, comment: /^# (.*)\n/.exec(text)?.[1], faults, markers: markersIn(text) };
  } catch (error) {
    return { value: {}, faults: [`cannot be read: ${(error as Error).message}`], markers: markersIn(text) };
  }
}

/** The clusters whose secrets a text holds, plainly or in base64; `?` for a key that is nobody's. */
function markersIn(text: string): string[] {
  const words = text.match(/[A-Za-z0-9+/=]{24,}/g) ?? [];
  const plain = [text, ...words.map(word => Buffer.from(word, 'base64').toString('latin1'))].join('\n');
  const names = [...plain.matchAll(/MARK-(.*?)-KRAM/g)].map(([, name]) => name);
  return [...new Set([...names, ...names.length === 0 && plain.includes('PRIVATE KEY-') ? ['?'] : []])];
}

/** A cluster: what was asked for, and what there is. */
class Cluster {
  readonly peers: Cluster[] = [];
  readonly name: string;
  readonly network: string;
  readonly namespace: string;
  /** Revisions of its control planes. */
  readonly revisions: readonly string[];
  /** For each tag the revision that it stands for. */
  readonly tags: { readonly [tag: string]: string };
  readonly gatewayName: string;
  /** The member of RemoteCredentials that travels in the tree, if one does. */
  readonly credentials?: string;
  /** The member of Installer. */
  readonly installer: string;
  /** The store of External Secrets through which they travel, if they do. */
  readonly store?: any;

  constructor(readonly asked: any, readonly files: ReadonlyArray<readonly [path: string, reading: Reading]>) {
    const {
      name,
      network,
      namespace = 'istio-system',
      revision = '',
      canary,
      eastWestGateway = {},
      remoteCredentials = 'linked',
      installer = 'istioctl',
    } = asked;
    this.name = name;
    this.network = network;
    this.namespace = namespace;
    this.revisions = [revision, ...canary ? [canary.revision] : []];
    this.tags = asked.revisionTags ?? {};
    this.gatewayName = eastWestGateway.name ?? 'istio-eastwestgateway';
    const [member] = typeof remoteCredentials === 'string' ? [remoteCredentials] : Object.keys(remoteCredentials);
    this.credentials = member in USER_FIELDS ? member : undefined;
    [this.installer] = typeof installer === 'string' ? [installer] : Object.keys(installer);
    this.store = remoteCredentials.externalSecrets;
  }

  get hasGateway(): boolean {
    const { install = 'auto' } = this.asked.eastWestGateway ?? {};
    return install === 'always' || (install === 'auto' && this.peers.some(({ network }) => network !== this.network));
  }

  /** The version of a control plane, by its revision or a tag. */
  versionOf(revision: string): string {
    const { istioVersion, canary } = this.asked;
    return canary && (this.tags[revision] ?? revision) === canary.revision ? canary.istioVersion : istioVersion;
  }

  get gatewayRevision(): string {
    const [tag, ...more] = Object.keys(this.tags);
    return this.asked.eastWestGateway?.revision ?? (tag !== undefined && more.length === 0 ? tag : this.revisions[0]);
  }

  /** The IstioOperators: for istioctl, or as a rendered one tells what it was made of. */
  get operators(): any[] {
    const rendered = [
      ...this.in('30-control-plane/'), ...this.in('40-east-west-gateway/'),
    ].filter(({ kind }) => kind === 'ConfigMap');
    return this.installer === 'rendered'
      ? rendered.map(({ data }) => ({ ...JSON.parse(data.operator), version: data.version })) : this.in('istioctl/');
  }

  /** The releases of Helm, each with what its command says. */
  get releases(): Array<{
    file: string; name: string; chart: string; version: string; namespace: string; values: any;
  }> {
    return this.files.filter(([path]) => path.includes('/helm/')).map(([path, { value, comment = '' }]) => {
      const [, name, source, version, namespace, file] =
        /^helm upgrade --install (\S+) (.*) --version (\S+) --namespace (\S+)(?: --wait)? --values (\S+)$/.exec(comment) ?? [];
      const chart = /^(?:oci:\/\/\S+\/)?([a-z]+)(?: --repo https:\S+)?$/.exec(source)?.[1] ?? source;
      return {
        file: path.split('/helm/')[1] === file ? file : `${path} and not ${file}`,
        name,
        chart,
        version,
        namespace,
        values: value,
      };
    });
  }

  /** What is said of the east-west gateway, if there is one, whoever installs it. */
  get eastWest(): { name: string; revision: string; labels: any; env: any; ports: any[] } | undefined {
    const release = this.releases.find(({ chart }) => chart === 'gateway');
    const operator = this.operators.find(({ metadata }) => metadata.name.startsWith('eastwest'))?.spec;
    if (release) {
      const { revision = '', labels, env, service } = release.values;
      return { name: release.name, revision, labels, env, ports: service.ports };
    }
    const { name, label, k8s } = operator?.components.ingressGateways[0] ?? {};
    const variables = () => Object.fromEntries(k8s.env.map((one: any) => [one.name, one.value]));
    return operator && { name, revision: operator.revision, labels: label, env: variables(), ports: k8s.service.ports };
  }

  names({ name }: Cluster): boolean {
    return (this.asked.peers ?? ['*']).some((peer: string) => peer === '*' || peer === name);
  }

  /** The objects below a step, or all. */
  in(step = ''): any[] {
    return this.files.filter(([path]) =>
      path.startsWith(`${this.name}/${step}`) && !path.endsWith('/kustomization.yaml')).map(([, { value }]) => value);
  }
}

function pathFaults(files: Files, clusters: readonly Cluster[]): string[] {
  const paths = Object.keys(files).filter(path => path !== '.istio-mesh.json');
  const listed = files['.istio-mesh.json'];
  return [
    ...paths.filter(path => !/^[a-z0-9-]+\/([a-z0-9-]+\/)?\w[\w.-]*\.yaml$/.test(path) && !OF_MESH.includes(path))
      .map(path => `${path}: is no path of a tree`),
    ...differ('directories',
      [...new Set(paths.filter(path => path.includes('/')).map(path => path.split('/')[0]))].sort(),
      clusters.map(({ name }) => name).sort()),
    ...listed === undefined ? [] : differ('.istio-mesh.json', JSON.parse(listed), { files: paths.sort() }),
  ];
}

/** A secret of a cluster is in the remote Secrets that lead to it, and nowhere else. */
function leaks(readings: ReadonlyMap<string, Reading>, clusters: readonly Cluster[]): string[] {
  const asked = new Map(clusters.flatMap(({ name, peers }) => peers.filter(peer => peer.credentials)
    .map(peer => [`${name}/60-remote-secrets/secret-istio-remote-secret-${peer.name}.yaml`, peer.name])));
  return [...readings].flatMap(([path, { markers }]) =>
    markers.filter(name => name !== asked.get(path)).map(name => `${path}: has a secret of '${name}'`));
}

const OF_EACH_CLUSTER: ReadonlyArray<(cluster: Cluster, mesh: Asked) => string[]> = [
  kustomizations, trust, links, remoteSecrets, stores, networks, controlPlanes, releases, revisionTags, gateway,
  policy, ways,
];

/** Every file but those for istioctl and Helm is in one kustomization, and every entry is there. */
function kustomizations({ name, files }: Cluster): string[] {
  const paths = files.map(([path]) => path);
  const directories = new Set(paths.map(path => path.replace(/\/[^/]*$/, '')));
  INPUTS.forEach(input => directories.delete(`${name}/${input}`));
  return [...directories].flatMap(directory => {
    const below = paths.filter(path => path.startsWith(`${directory}/`))
      .map(path => path.slice(directory.length + 1).split('/')[0]);
    const entries = [...new Set(below)].filter(entry => !['kustomization.yaml', ...INPUTS].includes(entry)).sort();
    const { resources, sortOptions } = files.find(([path]) => path === `${directory}/kustomization.yaml`)![1].value;
    return [...differ(`${directory}: resources`, [...resources].sort(), entries),
      ...differ(`${directory}: order`, sortOptions, { order: 'fifo' })];
  });
}

/** Directories that kubectl applies nothing of. */
const INPUTS = ['istioctl', 'helm'];

const TRUST_KINDS: { readonly [member: string]: string } = {
  certManager: 'cert-manager.io/v1 Certificate', externalSecrets: 'external-secrets.io/v1 ExternalSecret',
};

/** What makes the Secret of the signing authority, where that is an object, and nothing else. */
function trust({ asked, ...cluster }: Cluster): string[] {
  const [member] = Object.keys(typeof asked.trust === 'object' ? asked.trust : {});
  const objects = cluster.files.filter(([path]) => /\/10-trust\/(?!kustomization)/.test(path))
    .map(([, { value }]) => value);
  const found =
    objects.map(({ apiVersion, kind, metadata, spec }) =>
      [`${apiVersion} ${kind}`, metadata, spec.secretName ?? spec.target.name]);
  const kind = TRUST_KINDS[member];
  return differ('what brings cacerts', found,
    kind ? [[kind, { name: 'cacerts', namespace: cluster.namespace }, 'cacerts']] : []);
}

/** Every peer whose credentials the tree brings is read once, and nobody else is. */
function links(cluster: Cluster): string[] {
  const targets = cluster.in().filter(({ kind }) => kind === 'ExternalSecret')
    .map(({
      spec,
    }) => ({ metadata: spec.target.template.metadata, names: spec.data.map((entry: any) => entry.secretKey) }));
  const secrets = cluster.in()
    .map(({ metadata, stringData, data }) => ({ metadata, names: Object.keys({ ...stringData, ...data }) }));
  const names = [
    ...secrets, ...targets,
  ].filter(({ metadata }) => metadata?.labels && 'istio/multiCluster' in metadata.labels).flatMap(entry => entry.names);
  return differ('who is read', names.sort(),
    cluster.peers.filter(peer => peer.credentials || peer.store).map(({ name }) => name).sort());
}

const USER_FIELDS: { readonly [member: string]: string[] } = {
  plainToken: ['token'],
  authProvider: ['auth-provider'],
  clientCertificate: ['client-certificate-data', 'client-key-data'],
  unsafeExec: ['exec'],
  unsafeTokenFile: ['tokenFile'],
};

/** Host, port and path without what an URL of JavaScript drops or changes and Go does not. */
const SERVER = /^(?=[!-~]*$)https:\/\/([\w.-]+|\[[\da-f:.]+\])(:\d+)?(\/[^?#\\]*)?$/i;

function remoteSecrets(cluster: Cluster): string[] {
  return cluster.in('60-remote-secrets/').filter(({ kind }) => kind === 'Secret')
    .flatMap(({ stringData, ...secret }) => {
      const [key] = Object.keys(stringData);
      const { value, faults } = reading(stringData[key]);
      const { clusters: [server], contexts: [context], users: [user] } = value;
      const peer = cluster.peers.find(({ name }) => name === key);
      const metadata = {
        annotations: { 'networking.istio.io/cluster': key },
        labels: { 'istio/multiCluster': 'true' },
        name: `istio-remote-secret-${key}`,
        namespace: cluster.namespace,
      };
      return [
        ...faults,
        ...differ('remote Secret', secret, { apiVersion: 'v1', kind: 'Secret', metadata }),
        ...differ('names of the kubeconfig',
          [value['current-context'], server.name, context.name, ...Object.values(context.context), user.name],
          Array(6).fill(key)),
        ...differ('server', server.cluster.server, peer?.asked.apiServer),
        ...SERVER.test(server.cluster.server) ? []
          : [`istiod cannot use the server ${JSON.stringify(server.cluster.server)}`],
        ...differ('user', Object.keys(user.user), USER_FIELDS[peer?.credentials ?? '']),
      ];
    });
}

/** What a cluster pushes is what its peers pull, and they pull nothing else. */
function stores(cluster: Cluster, { meshID }: Asked): string[] {
  const objects = cluster.in('60-remote-secrets/');
  const place = ({ name, store }: Cluster) =>
    [store.secretStoreRef.name, store.secretStoreRef.kind ?? 'ClusterSecretStore',
      store.remoteKey ?? `istio/${meshID}/${name}`, store.property];
  const pushed = objects.filter(({ kind }) => kind === 'PushSecret')
    .map(({ spec: { secretStoreRefs: [store], data: [{ match: { remoteRef } }] } }) =>
      [store.name, store.kind, remoteRef.remoteKey, remoteRef.property]);
  const pulled = objects.filter(({ kind }) => kind === 'ExternalSecret')
    .map(({ spec: { secretStoreRef: store, data: [{ remoteRef, secretKey }] } }) =>
      [secretKey, store.name, store.kind, remoteRef.key, remoteRef.property]);
  const order = (a: any[], b: any[]) => a[0] < b[0] ? -1 : 1;
  return [
    ...differ('what is pushed', pushed, cluster.store && cluster.peers.length > 0 ? [place(cluster)] : []),
    ...differ('what is pulled', pulled.sort(order),
      cluster.peers.filter(({ store }) => store).map(peer => [peer.name, ...place(peer)]).sort(order)),
  ];
}

const NETWORK = 'topology.istio.io/network';

/** One network, wherever it is said. */
function networks(cluster: Cluster): string[] {
  const { network, namespace, eastWest } = cluster;
  const namespaces = cluster.in('00-namespace/')
    .filter(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  const operators = cluster.operators.map(({ spec }) => spec);
  const labelled = operators.flatMap(({ components }) => components?.ingressGateways ?? [])
    .filter(({ label }) => label?.[NETWORK] !== undefined);
  return [
    ...differ('network of the namespace', namespaces.map(({ metadata }) => metadata.labels[NETWORK]), [network]),
    ...operators.flatMap(({ values }) => differ('network of an IstioOperator', values.global.network, network)),
    ...labelled.flatMap(({ label }) => differ('network of a gateway', label[NETWORK], network)),
    ...eastWest ? differ('network of the gateway', eastWest.labels[NETWORK], network) : [],
    ...eastWest ? differ('network view', eastWest.env.ISTIO_META_REQUESTED_NETWORK_VIEW, network) : [],
  ];
}

/** Every IstioOperator has a name of its own, its file has too, and its revision is installed. */
function controlPlanes(cluster: Cluster, { meshID }: Asked): string[] {
  const { name, namespace, gatewayName, revisions: [revision, ...canary] } = cluster;
  const expected = cluster.installer === 'helm' ? [] : [
    ['control-plane', revision],
    ...canary.map(own => [`control-plane-${own}`, own]),
    ...cluster.hasGateway ? [
      [gatewayName === 'istio-eastwestgateway' ? 'eastwest' : `eastwest-${gatewayName}`, cluster.gatewayRevision],
    ] : [],
  ];
  const { operators } = cluster;
  const files = cluster.installer === 'istioctl' ? operators.map(({ metadata }) => `${metadata.name}.yaml`) : [];
  return [
    ...differ('IstioOperators', operators.map(({ metadata, spec }) => [metadata.name, spec.revision ?? '']).sort(),
      expected.sort()),
    ...operators.flatMap(({ spec, version = cluster.versionOf(spec.revision ?? '') }) =>
      differ('versions of IstioOperators', version, cluster.versionOf(spec.revision ?? ''))),
    ...differ('their files', cluster.files.flatMap(([path]) => path.split('/istioctl/')[1] ?? []), files),
    ...differ('their kinds', [...new Set(operators.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))],
      expected.length > 0 ? ['install.istio.io/v1alpha1 IstioOperator'] : []),
    ...operators.flatMap(({
      metadata,
      spec: { namespace: own = 'istio-system', values: { global: { istioNamespace = 'istio-system', ...global } } },
    }) => [
      ...differ('namespaces of an IstioOperator', [metadata.namespace, own, istioNamespace], Array(3).fill(namespace)),
      ...metadata.name.startsWith('eastwest') ? []
        : differ('mesh and cluster', [global.meshID, global.multiCluster?.clusterName], [meshID, name]),
    ]),
    ...cluster.eastWest && ![...cluster.revisions, ...Object.keys(cluster.tags)].includes(cluster.eastWest.revision)
      ? [`revision '${cluster.eastWest.revision}' of the gateway is not installed`] : [],
  ];
}

/**
 * The charts of every control plane and of the gateway are releases with files of their own, which say cluster, mesh
 * and network.
 */
function releases(cluster: Cluster, { meshID }: Asked): string[] {
  const { name, namespace, network, gatewayName, gatewayRevision, revisions } = cluster;
  const [newest] = revisions.map(revision => cluster.versionOf(revision)).sort((a, b) => compared(b, a));
  const expected = cluster.installer !== 'helm' ? [] : [
    ['base', 'istio-base', undefined, newest],
    ...revisions.map(revision =>
      ['istiod', `istiod${revision && `-${revision}`}`, revision, cluster.versionOf(revision)]),
    ...cluster.hasGateway ? [['gateway', gatewayName, gatewayRevision, cluster.versionOf(gatewayRevision)]] : [],
  ];
  const found = cluster.releases;
  const planes = found.filter(({ chart }) => chart === 'istiod');
  return [
    ...differ('releases', found.map(one =>
      [one.chart, one.name, one.chart === 'base' ? undefined : one.values.revision ?? '', one.version]).sort(byName),
    expected.sort(byName)),
    ...differ('files of releases', found.map(({ file }) => file), found.map(one => `${one.name}.yaml`)),
    ...differ('namespaces of releases', [...new Set(found.map(one => one.namespace))],
      expected.length > 0 ? [namespace] : []),
    ...planes.flatMap(({ values: { global } }) =>
      differ('what istiod is told', [global.meshID, global.multiCluster?.clusterName, global.network],
        [meshID, name, network])),
    ...planes.flatMap(({ values: { global } }) =>
      differ('namespace that istiod is told', global.istioNamespace ?? 'istio-system', namespace)),
  ];
}

function byName([, a]: unknown[], [, b]: unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

function compared(a: string, b: string): number {
  const [x, y] = [a, b].map(version => version.split('.').map(Number));
  return x.map((number, i) => number - y[i]).find(difference => difference !== 0) ?? 0;
}

/**
 * Every tag has its webhooks and its Service, which lead to the istiod of an installed revision, and no object is
 * another's.
 */
function revisionTags({ name, namespace, revisions, tags, files }: Cluster): string[] {
  const objects = files.filter(([path]) => /\/30-control-plane\/(?!kustomization)/.test(path))
    .map(([, { value }]) => value)
    .filter(({ kind }) => kind !== 'ConfigMap'); // those are rendered
  const services = ['istiod', ...revisions.filter(Boolean).map(revision => `istiod-${revision}`)];
  const expected = Object.entries(tags).flatMap(([tag, revision]) => [
    ['MutatingWebhookConfiguration', tag, revision,
      `istio-revision-tag-${tag}${namespace === 'istio-system' ? '' : `-${namespace}`}`],
    ['Service', tag, revision, `istiod-revision-tag-${tag}`],
    ...tag === 'default' ? [['ValidatingWebhookConfiguration', tag, revision, 'istiod-default-validator']] : [],
  ]);
  const found =
    objects.map(({ kind, metadata }) =>
      [kind, metadata.labels['istio.io/tag'], metadata.labels['istio.io/rev'], metadata.name]);
  const called = objects.flatMap(({ webhooks = [] }) => webhooks.map(({ clientConfig: { service } }: any) => service));
  return [
    ...differ('what the tags are made of', found.map(String).sort(), expected.map(String).sort()),
    ...called.filter(service => !services.includes(service.name) || service.namespace !== namespace)
      .map(service => `a webhook of ${name} calls ${JSON.stringify(service)}`),
  ];
}

const HOST =
  /^(([a-z0-9]([-a-z0-9]*[a-z0-9])?|\*|\.)\/)?(\*|(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$/;

/** What is exposed, is exposed by the gateway and at its port. */
function gateway(cluster: Cluster): string[] {
  const { asked, namespace, hasGateway, eastWest } = cluster;
  const exposed = cluster.in('50-exposed-services/');
  if (!hasGateway || !eastWest || exposed.length !== 1) {
    return differ('gateway and exposed services', [Boolean(eastWest), exposed.length],
      [hasGateway, hasGateway ? 1 : 0]);
  }
  const { labels: label, ports, name } = eastWest;
  const [{ metadata, spec: { selector, servers: [{ hosts, port, tls }] } }] = exposed;
  const { port: own } = ports.find((candidate: any) => candidate.name === 'tls');
  const domain = asked.values?.global?.proxy?.clusterDomain ?? 'cluster.local';
  return [
    ...differ('name of the gateway', name, cluster.gatewayName),
    ...differ('namespace of the Gateway', metadata.namespace, namespace),
    ...differ('what the Gateway selects', { ...label, ...selector }, label),
    ...differ('selector is empty', Object.keys(selector).length === 0, false),
    ...differ('port of the Gateway', port, { name: 'tls', number: own, protocol: 'TLS' }),
    ...differ('port at which istiod looks', Number(label['networking.istio.io/gatewayPort'] ?? 15443), own),
    ...differ('mode of the Gateway', tls, { mode: 'AUTO_PASSTHROUGH' }),
    ...differ('hosts', hosts, asked.exposedServices?.hosts ?? [domain.endsWith('.local') ? '*.local' : `*.${domain}`]),
    ...hosts.filter((host: string) => !HOST.test(host))
      .map((host: string) => `istiod refuses the host ${JSON.stringify(host)}`),
  ];
}

/** The gateway's pods are opened at the ports of their Service, and that for the other networks to those who may. */
function policy(cluster: Cluster): string[] {
  const { asked, namespace, eastWest } = cluster;
  const wanted = eastWest
    && (asked.eastWestGateway?.networkPolicy ?? (asked.values?.global?.networkPolicy?.enabled ? {} : undefined));
  const policies = cluster.in('40-east-west-gateway/').filter(({ kind }) => kind !== 'ConfigMap'); // those are rendered
  if (!wanted || policies.length !== 1) {
    return differ('NetworkPolicies', policies.length, wanted ? 1 : 0);
  }
  const [{ metadata, spec: { podSelector: { matchLabels }, policyTypes, ingress } }] = policies;
  const { labels: label, ports: own } = eastWest;
  const sources = (port: number) =>
    ingress.filter(({ ports }: any) => ports.some((one: any) => one.port === port && one.protocol === 'TCP'))
      .map(({ from }: any) => from?.map(({ ipBlock }: any) => ipBlock.cidr));
  return [
    ...differ('namespace of the NetworkPolicy', metadata.namespace, namespace),
    ...differ('what the NetworkPolicy selects', { ...label, ...matchLabels }, label),
    ...differ('selector is empty', Object.keys(matchLabels).length === 0, false),
    ...differ('what it judges', policyTypes, ['Ingress']),
    ...own.flatMap(({ name, targetPort }: any) =>
      differ(`who may reach ${name}`, sources(targetPort), [name === 'tls' ? wanted.ipBlocks : undefined])),
    ...[15021, 15020, 15090].flatMap(port => differ(`who may reach ${port}`, sources(port), [undefined])),
  ];
}

/** Each network of a peer is reached through a gateway that both sides know. */
function ways({ peers, network, name }: Cluster): string[] {
  return peers.filter(peer => peer.network !== network)
    .filter(peer =>
      ![peer, ...peer.peers.filter(other => other.name !== name && other.peers.some(third => third.name === name))]
        .some(way => way.network === peer.network && way.eastWest))
    .map(peer => `no gateway leads to '${peer.name}' on '${peer.network}'`);
}
