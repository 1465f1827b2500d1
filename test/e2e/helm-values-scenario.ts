import { mkdirSync, writeFileSync } from 'fs';
import { availableParallelism } from 'os';
import { dirname, join } from 'path';
import { type HelmMesh, HELM_MESHES } from './helm-meshes';
import { run } from './lab/process';
import { installedBy, sampleOfMeshes, samples } from './mesh-sample';
import { inParallel } from './parallel';
import { type Difference, type Rendered, differences, identity, Renderings } from './rendering';
import type { Row, Scenario, Stage } from './scenario';
import { release } from './tree';
import type { Tree } from '../../src/util/tree';
import { giveSecrets, twoNetworks, type Plain } from '../support/random-meshes';

/** One cluster of a mesh, in two trees. */
interface Pair extends HelmMesh {
  readonly istioctl: Tree;
  readonly helm: Tree;
}

/** Labels that tell who installed an object, and as what. */
const OWNER_LABELS = ['release', 'app.kubernetes.io/instance', 'helm.sh/chart'];

/** Gateways of istioctl's profiles, which no chart of these installs. */
const GATEWAY_COMPONENTS = ['IngressGateways', 'EgressGateways'];

/** What istioctl makes as it installs the default revision, and not as it generates manifests. */
const DEFAULT_REVISION = [
  'ValidatingWebhookConfiguration istiod-default-validator',
  'ValidatingAdmissionPolicy stable-channel-default-policy.istio.io',
  'ValidatingAdmissionPolicyBinding stable-channel-default-policy-binding.istio.io',
];

/** Values that istioctl gives to all charts, and istiod's does not read. */
const OTHERS_VALUES = ['defaultRevision', 'enabled', 'ztunnel', 'pilot'];

/** A mistake in a file of values, which the comparison must see: the charts say nothing of it. */
const CONTROLS: ReadonlyArray<{
  what: string; settings: Plain; file: string; from: string; to: string; path: string;
}> = [
  {
    what: 'a misspelt key',
    settings: { meshConfig: { accessLogFile: '/dev/stdout' } },
    file: 'istiod.yaml',
    from: 'meshConfig:',
    to: 'meshconfig:',
    path: 'ConfigMap istio/data/mesh',
  },
  {
    what: 'values of istiod at the top, beside a profile',
    settings: { profile: 'demo', values: { pilot: { traceSampling: 7 } } },
    file: 'istiod.yaml',
    from: 'pilot:\n  traceSampling: 7',
    to: 'traceSampling: 7',
    path: 'Deployment istiod/spec/template/spec/containers',
  },
  {
    what: 'a gateway without its network',
    settings: {},
    file: 'istio-eastwestgateway.yaml',
    from: 'topology.istio.io/network: network1',
    to: 'network: network1',
    path: 'gateway/Service/labels/topology.istio.io/network',
  },
];

/** Shows that Istio's charts make of our values what istioctl makes of our IstioOperators, object by object. */
export class HelmValuesScenario implements Scenario {
  public readonly name = 'helm-values';

  public async run({ directory, programs, say }: Stage): Promise<readonly Row[]> {
    const secrets = join(directory, 'secrets');
    mkdirSync(secrets);
    giveSecrets(secrets);
    const known = HELM_MESHES.map(mesh => this.pair(mesh));
    const random = sampleOfMeshes(secrets, say).flatMap(({ name, mesh }) => this.random(name, mesh));
    const comparison = new Comparison(programs, join(directory, 'trees'));
    const rows: Row[] = [];
    for (const [what, pairs] of [
      ['clusters with a setting of each kind', known], ['clusters of random meshes', random],
    ] as const) {
      say(`comparing ${pairs.length} ${what}`);
      const before = comparison.compared;
      const found = await inParallel(availableParallelism(), pairs, pair => comparison.unexpected(pair));
      const problems = found.flat();
      if (problems.length > 0) {
        throw new Error(`${problems.length} differences:\n${problems.join('\n')}`);
      }
      rows.push({ what: `${pairs.length} ${what}`, answers: `${comparison.compared - before} objects alike` });
    }
    return [...rows, ...await inParallel(availableParallelism(), CONTROLS,
      control => this.control(comparison, control))];
  }

  private pair(mesh: HelmMesh): Pair {
    const [istioctl, helm] = [
      'istioctl', 'helm',
    ].map(installer => samples(mesh.what, { ...twoNetworks(), ...mesh.settings, installer })[0]?.files);
    if (!istioctl || !helm) {
      throw new Error(`the rules refuse the mesh with ${mesh.what} for ${istioctl ? 'helm' : 'istioctl'}`);
    }
    return { ...mesh, istioctl, helm };
  }

  /** A cluster that both installers take. */
  private random(what: string, mesh: Plain): Pair[] {
    const [cluster] = what.split(' ');
    const [istioctl, helm] = [
      'istioctl', 'helm',
    ].map(installer =>
      samples(what, installedBy(installer, mesh)).find(({ name }) => name.startsWith(`${cluster} `))?.files);
    return istioctl && helm ? [{ what, settings: mesh, istioctl, helm }] : [];
  }

  private async control(
    comparison: Comparison, { what, settings, file, from, to, path }: typeof CONTROLS[number],
  ): Promise<Row> {
    const pair = this.pair({ what, settings });
    const helm =
      new Map([
        ...pair.helm,
      ].map(([name, text]) => [name, name.endsWith(`/helm/${file}`) ? text.replace(from, to) : text]));
    const found = await comparison.of({ ...pair, what: `control ${what}`, helm });
    if (!found.some(difference => difference.path.startsWith(path))) {
      throw new Error(`control ${what}: ${path} should differ, and does not`);
    }
    return { what: `control: ${what}`, answers: `${path} differs` };
  }
}

/** Renders by both programs, and compares. */
class Comparison {
  /** How many objects were compared. */
  public compared = 0;
  private readonly renderings = new Renderings();
  private pairs = 0;

  public constructor(private readonly programs: string, private readonly directory: string) {}

  /** The differences that nothing is said of, and what is said and does not differ. */
  public async unexpected(pair: Pair): Promise<string[]> {
    const found = await this.of(pair);
    const isSaid = (path: string) =>
      Object.keys(pair.differs ?? {}).some(said => path === said || path.startsWith(`${said}/`));
    const stale = Object.keys(pair.differs ?? {})
      .filter(said => !found.some(({ path }) => path === said || path.startsWith(`${said}/`)));
    return [
      ...found.filter(({ path }) => !isSaid(path))
        .map(({ path, values }) => `${pair.what}: ${path}: istioctl ${shown(values[0])}, helm ${shown(values[1])}`),
      ...stale.map(said => `${pair.what}: ${said} should differ, and does not`),
    ];
  }

  public async of({ what, istioctl, helm }: Pair): Promise<Difference[]> {
    this.pairs++;
    const directory = join(this.directory, String(this.pairs));
    const files = (tree: Tree, program: string) =>
      [...tree].filter(([path]) => path.includes(`/${program}/`)).map(([path, text]) => {
        const file = join(directory, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return file;
      });
    const [operators, releases] = [files(istioctl, 'istioctl'), files(helm, 'helm')];
    const isGateway = (file: string) => /\/eastwest[^/]*$/.test(file);
    const generate = async (file: string) =>
      this.renderings.of(await run(join(this.programs, 'istioctl'), ['manifest', 'generate', '-f', file]));
    const rendered = await Promise.all(releases.map(async file => ({ ...await this.template(file), file })));
    const planes = (await Promise.all(operators.filter(file => !isGateway(file)).map(generate))).flat();
    const gateways = (await Promise.all(operators.filter(isGateway).map(generate))).flat();
    const ofGateway = rendered.filter(({ chart }) => chart === 'gateway').flatMap(({ objects }) => objects);
    if (operators.length === 0 || releases.length === 0) {
      throw new Error(`${what} has ${operators.length} IstioOperators and ${releases.length} releases`);
    }
    return [
      ...differences(byIdentity(planes),
        byIdentity(rendered.filter(({ chart }) => chart !== 'gateway').flatMap(({ objects }) => objects)))
        .map(({ path, values }) => ({ path: path.slice(1), values })),
      ...differences(gatewayIn(gateways), gatewayIn(ofGateway))
        .map(({ path, values }) => ({ path: `gateway${path}`, values })),
    ].filter(({ path }) => !DEFAULT_REVISION.includes(path));
  }

  /** What the chart of a file of values gives, as the file's first line says. */
  private async template(file: string): Promise<{ chart: string; objects: Rendered[] }> {
    const { name, chart, namespace } = release(file);
    const args = ['template', name, join(this.programs, 'charts', chart), '--namespace', namespace, '--values', file];
    const objects = this.renderings.of(await run(join(this.programs, 'helm'), args));
    this.compared += objects.length;
    return { chart, objects };
  }
}

/** The objects of control planes; the canary's and the first one's CRDs are the same. */
function byIdentity(objects: readonly Rendered[]): Rendered {
  return Object.fromEntries(objects.filter(({ metadata }) =>
    !GATEWAY_COMPONENTS.includes(metadata.labels?.['operator.istio.io/component']))
    .map(object => [identity(object), withoutOwner(withValues(object))]));
}

/**
 * The values that a chart writes into a ConfigMap, as data; not those before its defaults and profiles, which are in
 * each other's place.
 */
function withValues(object: Rendered): Rendered {
  const { values, 'merged-values': merged, 'original-values': _, ...data } = object.kind === 'ConfigMap'
    ? object.data ?? {} : {} as Rendered;
  if (values === undefined && merged === undefined) {
    return object;
  }
  const all = JSON.parse(merged ?? '{}');
  const { securityContext, seccompProfile } = all.gateways ?? {};
  const read = Object.fromEntries(Object.entries(all).filter(([key]) => !OTHERS_VALUES.includes(key)));
  return {
    ...object,
    data: {
      ...data, values: JSON.parse(values ?? '{}'), merged: { ...read, gateways: { securityContext, seccompProfile } },
    },
  };
}

function withoutOwner(value: unknown): any {
  if (Array.isArray(value)) {
    return value.map(withoutOwner);
  }
  if (typeof value === 'string') {
    return value.trimEnd(); // the last line of a file ends in many ways
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(Object.entries(value)
    .flatMap(([key, entry]) => OWNER_LABELS.includes(key) || entry === null ? []
      : [[key, alike(key, withoutOwner(entry))]]));
}

/** Variables have no order, and a quantity is one as a number and as text. */
function alike(key: string, entry: any): unknown {
  return key === 'env' && Array.isArray(entry) ? Object.fromEntries(entry.map(one => [one.name, one]))
    : ['limits', 'requests'].includes(key) && typeof entry === 'object'
      ? Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, String(value)]))
      : entry;
}

/**
 * What a gateway is to the mesh and to its user. Istio's ingress chart, which istioctl uses, and its gateway chart
 * differ in the rest: names of the
 * account and the role, the selector (by app and istio alone), the user and the privileges of the pod, volumes for
 * Secrets, the strategy.
 */
function gatewayIn(objects: readonly Rendered[]): Rendered {
  const [service, deployment, scaler, budget] = [
    'Service', 'Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget',
  ]
    .map(kind => objects.find(object => object.kind === kind));
  if (!service || !deployment) {
    return {};
  }
  const { selector: _, ...ofService } = service.spec;
  const { template, replicas } = deployment.spec;
  const { affinity, containers: [{ image, env, resources }], nodeSelector, tolerations, priorityClassName } =
    template.spec;
  return withoutOwner(JSON.parse(JSON.stringify({
    name: service.metadata.name,
    namespace: service.metadata.namespace,
    Service: {
      labels: { ...meshLabels(service), 'istio.io/rev': undefined },
      annotations: service.metadata.annotations ?? {},
      spec: ofService,
    },
    Deployment: {
      replicas,
      labels: meshLabels(template),
      annotations: template.metadata.annotations,
      affinity:
        Object.fromEntries(Object.entries(affinity ?? {})
          .filter(([, one]) => Object.values(one as object).some(Boolean))),
      image,
      resources,
      nodeSelector,
      tolerations,
      priorityClassName,
      env: Object.fromEntries(env.filter(({ name }: Rendered) => name !== 'ISTIO_META_UNPRIVILEGED_POD')
        .map(({ name, value }: Rendered) => [name, value])),
    },
    ...scaler && { HorizontalPodAutoscaler: scaler.spec },
    ...budget && { PodDisruptionBudget: { ...budget.spec, selector: undefined } },
  })));
}

function meshLabels({ metadata }: Rendered): Rendered {
  return Object.fromEntries([
    'app', 'istio', 'istio.io/rev', 'sidecar.istio.io/inject', 'topology.istio.io/network',
    'networking.istio.io/gatewayPort',
  ]
    .map(name => [name, metadata.labels[name]]));
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 400);
}
