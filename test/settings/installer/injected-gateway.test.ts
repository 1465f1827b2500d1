import { readFileSync } from 'fs';
import { join } from 'path';
import { JsonPatch, Testing } from 'cdk8s';
import { loadAll } from 'js-yaml';
import { type EastWestGatewayProps, EastWestGateway, Installer, LoadBalancer } from '../../../src';

/** What a gateway gives, as the manifests of its chart. */
function objectsOf(props: EastWestGatewayProps): any[] {
  const chart = Testing.chart();
  new EastWestGateway(chart, 'gateway', props);
  return Testing.synth(chart);
}

const GATEWAYS: { readonly [name: string]: EastWestGatewayProps } = {
  plain: { network: 'network1' },
  full: {
    network: 'network1',
    namespace: 'mesh',
    name: 'east',
    revision: 'r',
    ports: [{ name: 'status-port', port: 15021 }, { name: 'tls', port: 8443, targetPort: 18443, nodePort: 30443 }],
    loadBalancer: LoadBalancer.nodePort({ edge: 'true' }),
    service: {
      externalTrafficPolicy: 'Local',
      externalIPs: ['192.0.2.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    },
    autoscaling: { minReplicas: 2, maxReplicas: 4, targetCPUUtilizationPercentage: 70 },
    podDisruptionBudget: { maxUnavailable: 1 },
    resources: { requests: { cpu: '1' } as any },
    nodeSelector: { edge: 'true' },
    tolerations: [{ key: 'edge', operator: 'Exists' }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
        },
      },
    },
    podAnnotations: { 'example.com/owner': 'mesh' },
    env: { TERMINATION_DRAIN_DURATION_SECONDS: '30' },
    priorityClassName: 'system-cluster-critical',
  },
  twoPods: { network: 'network1', autoscaling: { minReplicas: 2 } },
  fixed: { network: 'network1', autoscaling: { enabled: false }, replicaCount: 3 },
  single: { network: 'network1', autoscaling: { enabled: false } },
};

/**
 * What `istioctl manifest generate` of the version in imports/generator/go.mod makes of the IstioOperators of these
 * gateways. To make it anew,
 * give it each of `objectsOf(GATEWAYS[name])` in a file.
 */
const RENDERED = join(__dirname, '..', '..', 'rendered');

/** What is there alone in one of two renderings, line by line; where a field is nothing, it is not there. */
function lines(objects: any[]): string[] {
  const flat = (value: any, path: string): string[] => value === null || value === undefined ? []
    : typeof value !== 'object' ? [`${path}=${value}`]
      : Object.entries(value).flatMap(([key, entry]) => flat(entry, `${path}.${nameOf(value, key, entry)}`));
  return objects.flatMap(({ apiVersion, kind, metadata: { name, ...metadata }, ...rest }) =>
    flat({ metadata, ...rest }, `${apiVersion} ${kind} ${name}`));
}

/** Entries of lists that have names go by these. */
function nameOf(list: any, key: string, entry: any): string {
  return Array.isArray(list) && entry?.name ? `[${entry.name}]` : key;
}

/** What istioctl's rendering has that ours has not, and why. */
const LEFT_OUT: ReadonlyArray<readonly [why: string, line: RegExp]> = [
  ['says that Helm or istioctl owns the object, and would remove it with what is its own',
    /\.labels\.(app\.kubernetes\.io\/\w[\w-]*|helm\.sh\/chart|chart|heritage|release|install\.operator\.istio\.io\/owning-resource|operator\.istio\.io\/component)=/],
  ['says of what is no pod which control plane owns it, by which istioctl uninstall removes it',
    /^(?!apps\/v1 Deployment \S+\.spec\.).*\.labels\.istio\.io\/rev=/],
  ['is the old way to say the label sidecar.istio.io/inject', /\.annotations\.sidecar\.istio\.io\/inject=/],
  ['is for gateways that end TLS with certificates of files, which this one never does', /\.(volumes|volumeMounts)\./],
  ['is what istiod injects, with another number on OpenShift', /\.securityContext\.runAs(User|Group)=1337$/],
  ['is a quantity that the API server writes in another way, so that each apply would find a difference',
    /\.resources\.limits\.(cpu=2000m|memory=1024Mi)$/],
];

/** What ours has that istioctl's rendering has not, and why. */
const ADDED: ReadonlyArray<readonly [why: string, line: RegExp]> = [
  ['lets the role be found by the labels of the gateway',
    /^rbac\.authorization\.k8s\.io\/v1 Role(Binding)? .*\.labels\./],
  ['says the namespace of the account, which Kubernetes asks for',
    /^rbac\.authorization\.k8s\.io\/v1 RoleBinding .*\.subjects\.\S+\.namespace=/],
  ['is Kubernetes\' default, without which each apply would find a difference',
    /^apps\/v1 Deployment \S+\.spec\.strategy\.type=RollingUpdate$/],
  ['is the same quantity as the API server writes it', /\.resources\.limits\.(cpu=2|memory=1Gi)$/],
];

/** What istioctl's rendering of a gateway has alone, and what ours has. */
function differences(name: string): { readonly left: string[]; readonly added: string[] } {
  const rendered = lines(loadAll(readFileSync(join(RENDERED, `eastwest-${name}.yaml`), 'utf-8')).filter(Boolean));
  const ours = lines(objectsOf({ ...GATEWAYS[name], installer: Installer.external() }));
  return { left: rendered.filter(line => !ours.includes(line)), added: ours.filter(line => !rendered.includes(line)) };
}

test.each(Object.keys(GATEWAYS))('the gateway %s differs from istioctl\'s only where there is a reason', name => {
  const { left, added } = differences(name);
  expect(left.filter(line => !LEFT_OUT.some(([, pattern]) => pattern.test(line)))).toEqual([]);
  expect(added.filter(line => !ADDED.some(([, pattern]) => pattern.test(line)))).toEqual([]);
});

test('every reason for a difference is one', () => {
  const all = Object.keys(GATEWAYS).map(differences);
  expect(LEFT_OUT.filter(([, pattern]) => !all.some(({ left }) => left.some(line => pattern.test(line))))).toEqual([]);
  expect(ADDED.filter(([, pattern]) => !all.some(({ added }) => added.some(line => pattern.test(line))))).toEqual([]);
});

test('the selector is istioctl\'s, so that the objects take the place of a gateway that istioctl installed', () => {
  const deployment = objectsOf({ network: 'network1', installer: Installer.sail() })
    .find(({ kind }) => kind === 'Deployment');
  expect(deployment.spec.selector.matchLabels)
    .toEqual({ 'app': 'istio-eastwestgateway', 'istio': 'eastwestgateway', 'topology.istio.io/network': 'network1' });
});

test('the same objects come from Sail and from somebody else\'s istiod', () => {
  expect(objectsOf({ ...GATEWAYS.full, installer: Installer.sail() }))
    .toEqual(objectsOf({ ...GATEWAYS.full, installer: Installer.external() }));
});

test('a patch of the installation is one of the Deployment', () => {
  const chart = Testing.chart();
  new EastWestGateway(chart, 'gateway', { network: 'network1', installer: Installer.external() })
    .installation.addJsonPatch(JsonPatch.replace('/spec/strategy/rollingUpdate/maxUnavailable', 0));
  expect(Testing.synth(chart).find(({ kind }) => kind === 'Deployment').spec.strategy.rollingUpdate)
    .toEqual({ maxSurge: '100%', maxUnavailable: 0 });
});

test.each<[what: string, props: Partial<EastWestGatewayProps>, minAvailable: number | undefined]>([
  ['one pod at least', {}, undefined],
  ['two pods at least', { autoscaling: { minReplicas: 2 } }, 1],
  ['one pod', { autoscaling: { enabled: false } }, undefined],
  ['two pods', { autoscaling: { enabled: false }, replicaCount: 2 }, 1],
  ['three pods of which two stay',
    { autoscaling: { enabled: false }, replicaCount: 3, podDisruptionBudget: { minAvailable: 2 } }, 2],
])('with %s, a drain leaves as many as Istio\'s own gateway', (_, props, minAvailable) => {
  const budget = objectsOf({ network: 'network1', ...props, installer: Installer.external() })
    .find(({ kind }) => kind === 'PodDisruptionBudget');
  expect(budget?.spec.minAvailable).toBe(minAvailable);
});

test('a gateway says for itself whether its proxy is privileged', () => {
  const [container] =
    objectsOf({ network: 'n', env: { ISTIO_META_UNPRIVILEGED_POD: 'false' }, installer: Installer.external() })
      .find(({ kind }) => kind === 'Deployment').spec.template.spec.containers;
  expect(container.env).toEqual([
    { name: 'ISTIO_META_UNPRIVILEGED_POD', value: 'false' }, { name: 'ISTIO_META_REQUESTED_NETWORK_VIEW', value: 'n' },
  ]);
});
