import { readFileSync, writeFileSync } from 'fs';
import { ageKey } from './age';
import { writeLinks } from './encrypted-links';
import { FLUX, FluxSource, startFlux } from './flux-source';
import type { Bringer } from './installation';
import type { Installer } from './installers';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';
import { until } from './lab/process';
import type { Row } from './scenario';
import { Tree } from './tree';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** A Kustomization of Flux, as the API server gives it. */
interface Kustomization {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly dependsOn?: ReadonlyArray<{ readonly name: string }> };
  readonly status: {
    readonly conditions?: readonly Condition[];
    readonly lastAppliedRevision?: string;
    readonly inventory?: { readonly entries: ReadonlyArray<{ readonly id: string }> };
  };
}

const MESH = 'test/e2e/meshes/flux.yaml';
const ROOT = 'mesh';
const WEBHOOK = 'istio-validator-istio-system';
const SECONDS = 120;

/** Flux, which takes a tree to a mesh: its real kustomize-controller in each cluster, and a repository with commits. */
export class Flux implements Installer, Bringer {
  public readonly flags = ['--server-side'];
  public readonly appliesAll = true;
  private readonly source = new FluxSource('flux-system');
  private readied?: Promise<{ readonly revision: string; readonly key: string }>;

  public async prepare(cluster: Cluster): Promise<void> {
    await startFlux(cluster);
  }

  /** What a user does: a key for SOPS, the first commit, and the Kustomization that leads to those of the tree. */
  public async controlPlane(cluster: Cluster, tree: Tree, lab: Lab): Promise<readonly string[]> {
    const { key } = await (this.readied ??= this.ready(lab, tree));
    await cluster.apply(JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'sops-age', namespace: FLUX },
      stringData: { 'age.agekey': key },
    }));
    const spec = {
      interval: '1h',
      path: `./dist/flux/${cluster.name}`,
      prune: true,
      sourceRef: { kind: 'GitRepository', name: this.source.name },
    };
    await cluster.apply(JSON.stringify({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: ROOT, namespace: FLUX },
      spec,
    }));
    await until(`Istio's CRDs in ${cluster.name}`,
      () => cluster.kubectl('wait', 'crd', 'telemetries.telemetry.istio.io', '--for=condition=Established',
        '--timeout=1s'), SECONDS);
    return ['a Kustomization of Flux'];
  }

  public async gateways(cluster: Cluster): Promise<readonly string[]> {
    await this.untilReady(cluster, (await this.readied!).revision);
    return (await kustomizations(cluster)).map(({ metadata }) => metadata.name);
  }

  public async bring(lab: Lab, tree: Tree): Promise<readonly Row[]> {
    const order =
      await Promise.all(lab.clusters.map(async cluster => ({
        what: `order in ${cluster.name}`, answers: inOrder(await kustomizations(cluster)),
      })));
    await writeLinks(lab, tree);
    await this.commit(lab, tree);
    return order;
  }

  /** What becomes of a broken commit, and of one without a cluster. */
  public async afterwards(lab: Lab, tree: Tree): Promise<readonly Row[]> {
    const drift = await Promise.all(lab.clusters.map(cluster => this.checkDrift(cluster)));
    const broken = await this.checkBroken(lab, tree);
    return [...drift, broken, await this.checkRemoved(lab, tree)];
  }

  private async ready(lab: Lab, tree: Tree): Promise<{ readonly revision: string; readonly key: string }> {
    const key = await ageKey(lab, tree);
    return { key, revision: await this.source.commit(lab.clusters, tree, ['dist', 'links']) };
  }

  private async commit(lab: Lab, tree: Tree): Promise<void> {
    const revision = await this.source.commit(lab.clusters, tree, ['dist', 'links']);
    await Promise.all(lab.clusters.map(cluster => this.untilReady(cluster, revision)));
  }

  private async untilReady(cluster: Cluster, revision: string): Promise<void> {
    await until(`the Kustomizations of ${cluster.name} are ready`, async () => {
      const waiting =
        (await kustomizations(cluster)).filter(one => !isReady(one) || one.status.lastAppliedRevision !== revision);
      if (waiting.length > 0) {
        throw new Error(waiting.map(one => `${one.metadata.name}: ${said(one)}`).join('\n'));
      }
      return true;
    }, SECONDS);
  }

  /** Flux and istiod leave what the other writes. */
  private async checkDrift(cluster: Cluster): Promise<Row> {
    const read = async () => cluster.kubectl('get', 'validatingwebhookconfiguration', WEBHOOK, '-o',
      'jsonpath={.webhooks[0].failurePolicy} {.metadata.generation} {.webhooks[0].clientConfig.caBundle}');
    const before = await read();
    const name = `mesh1-${cluster.name}-control-plane`;
    await cluster.kubectl('annotate', '-n', FLUX, 'kustomization', name, 'reconcile.fluxcd.io/requestedAt=now',
      '--overwrite');
    await until(`the control plane of ${cluster.name} is reconciled again`, async () => {
      const handled =
        await cluster.kubectl('get', '-n', FLUX, 'kustomization', name, '-o',
          'jsonpath={.status.lastHandledReconcileAt}');
      if (handled !== 'now') {
        throw new Error(`it was at '${handled}'`);
      }
      return true;
    });
    const after = await read();
    if (after !== before || !/^Fail \d+ \S+/.test(after)) {
      throw new Error(`the webhook of ${cluster.name} should stay as istiod and Flux left it, was ${before}, and is `
        + `${after}`);
    }
    return {
      what: `webhook in ${cluster.name} after another reconciliation`,
      answers: after.split(' ').slice(0, 2).join(', generation '),
    };
  }

  /** An object that nobody knows, in the first step: the next keeps what it has, though it changed too. */
  private async checkBroken(lab: Lab, tree: Tree): Promise<Row> {
    const [broken, whole] = lab.clusters;
    const [first, next, last] = ['namespace', 'crds', 'control-plane'].map(step => `mesh1-${broken.name}-${step}`);
    const path = tree.path('dist', broken.name, '00-namespace', 'namespace-istio-system.yaml');
    const text = readFileSync(path, 'utf-8');
    const applied = async () => (await kustomization(broken, last)).status.lastAppliedRevision;
    const before = await applied();
    writeFileSync(path, text.replace('kind: Namespace', 'kind: Namespaces'));
    const revision = await this.source.commit(lab.clusters, tree, ['dist', 'links']);
    await this.untilReady(whole, revision);
    const message = await until(`${next} waits`, async () => {
      const found = await kustomization(broken, next);
      if (isReady(found) || !said(found).includes(first)) {
        throw new Error(said(found));
      }
      return said(found);
    });
    if (await applied() !== before) {
      throw new Error(`${last} should stay at ${before}, and is at ${await applied()}`);
    }
    writeFileSync(path, text);
    await this.commit(lab, tree);
    return { what: `${broken.name} after a broken commit`, answers: message };
  }

  /**
   * A cluster that is no longer in the definition: its links go in the others, and nothing else does; in itself nothing
   * does.
   */
  private async checkRemoved(lab: Lab, tree: Tree): Promise<Row> {
    const [left, removed] = lab.clusters;
    const before = await inventory(left);
    const mesh = tree.path('mesh.yaml');
    writeFileSync(mesh, readFileSync(MESH, 'utf-8').replace(`- name: ${removed.name}\n`, ''));
    await new Tree(tree.path(), mesh).synth();
    await lab.script('npx istio-mesh link dist/mesh.yaml --prune', tree.path());
    const revision = await this.source.commit(lab.clusters, tree, ['dist', 'links']);
    await this.untilReady(left, revision);
    const link = `istio-system_istio-remote-secret-${removed.name}__Secret`;
    const gone = await until(`the link to ${removed.name} is pruned`, async () => {
      const after = await inventory(left);
      const missing = before.filter(id => !after.includes(id));
      if (missing.join() !== link) {
        throw new Error(`pruned is ${missing.join(', ') || 'nothing'}`);
      }
      return missing;
    });
    await left.kubectl('get', 'secret', '-n', 'istio-system', `istio-remote-secret-${removed.name}`).then(
      () => { throw new Error(`the Secret of ${removed.name} is still in ${left.name}`); }, () => undefined);
    await removed.kubectl('get', 'deployment', '-n', 'istio-system', 'istiod');
    return {
      what: `${left.name} without ${removed.name}`,
      answers: `${gone.join(', ')} is pruned, ${before.length - gone.length} objects stay`,
    };
  }
}

/** Those of the mesh. */
async function kustomizations(cluster: Cluster): Promise<readonly Kustomization[]> {
  return (await cluster.objects<Kustomization>('kustomizations.kustomize.toolkit.fluxcd.io')).filter(({ metadata }) =>
    metadata.name !== ROOT);
}

async function kustomization(cluster: Cluster, name: string): Promise<Kustomization> {
  return (await kustomizations(cluster)).find(({ metadata }) => metadata.name === name)!;
}

function ready({ status }: Kustomization): Condition | undefined {
  return status.conditions?.find(({ type }) => type === 'Ready');
}

function isReady(one: Kustomization): boolean {
  return ready(one)?.status === 'True';
}

function said(one: Kustomization): string {
  return ready(one)?.message ?? 'nothing yet';
}

/** What Flux knows to have applied. */
async function inventory(cluster: Cluster): Promise<readonly string[]> {
  return (await kustomizations(cluster)).flatMap(({ status }) => status.inventory?.entries.map(({ id }) => id) ?? [])
    .sort();
}

/** The Kustomizations in the order in which they became ready, none before what it depends on. */
function inOrder(all: readonly Kustomization[]): string {
  const at = new Map(all.map(one => [one.metadata.name, ready(one)!.lastTransitionTime]));
  for (const { metadata: { name }, spec: { dependsOn = [] } } of all) {
    const early = dependsOn.find(dependency => at.get(name)! < at.get(dependency.name)!);
    if (early) {
      throw new Error(`${name} was ready at ${at.get(name)}, before ${early.name} at ${at.get(early.name)}`);
    }
  }
  return [...at].sort(([, a], [, b]) => a < b ? -1 : a > b ? 1 : 0).map(([name]) => name).join(', ');
}
