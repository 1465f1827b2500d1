import { basename, join } from 'path';
import type { Cluster } from './lab/cluster';
import type { Lab } from './lab/lab';
import type { Tree } from './tree';

/** How Istio comes into a cluster that has its namespace and its cacerts. */
export interface Installer {
  /** With what flags the steps of a tree are applied. */
  readonly flags: readonly string[];
  /** Whether it applies all of the tree. @default kubectl does */
  readonly appliesAll?: boolean;
  /** Installs the first control plane, and tells of what. */
  controlPlane(cluster: Cluster, tree: Tree, lab: Lab): Promise<readonly string[]>;
  /** Installs everything else that Istio's own programs do, and tells of what. */
  gateways(cluster: Cluster, tree: Tree): Promise<readonly string[]>;
}

const NAMESPACE = 'istio-system';
const CRDS = '20-crds';
const CONTROL_PLANE = '30-control-plane';
const GATEWAY = '40-east-west-gateway';
const SAIL_CRDS = join(__dirname, '../crds/sail-operator.yaml');

/** `istioctl install`, file by file. */
export class Istioctl implements Installer {
  public readonly flags = [];

  public async controlPlane(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    return this.install(cluster, tree.operators(cluster.name).slice(0, 1));
  }

  /** A gateway that follows a tag is injected by the webhook of the tag. */
  public async gateways(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    return [...await applyTags(cluster, tree), ...await this.install(cluster, tree.operators(cluster.name).slice(1))];
  }

  private async install(cluster: Cluster, files: readonly string[]): Promise<readonly string[]> {
    for (const file of files) {
      await cluster.istioctl('install', '-y', '--readiness-timeout', '2m', '-f', file);
    }
    return files.map(file => basename(file));
  }
}

/** kubectl alone, step by step: what istioctl makes of its files is in the tree. */
export class Rendered implements Installer {
  /** Server-side: some CRDs are too long for an annotation. By force: istiod changes its own webhooks. */
  public readonly flags = ['--server-side', '--force-conflicts'];

  public async controlPlane(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    await cluster.kubectl('apply', ...this.flags, '-k', tree.path('dist', cluster.name, CRDS));
    await cluster.kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=30s');
    return [CRDS, ...await applySteps(cluster, tree, [CONTROL_PLANE], this.flags)];
  }

  public async gateways(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    return applySteps(cluster, tree, [GATEWAY], this.flags);
  }
}

/** Helm, release by release, with Istio's own charts. */
export class Helm implements Installer {
  public readonly flags = [];

  public async controlPlane(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    return this.install(cluster, tree, ['base', 'istiod', 'cni']);
  }

  public async gateways(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    return [...await applyTags(cluster, tree), ...await this.install(cluster, tree, ['gateway'])];
  }

  private async install(cluster: Cluster, tree: Tree, charts: readonly string[]): Promise<readonly string[]> {
    const releases = tree.releases(cluster.name);
    const chosen = charts.flatMap(chart => releases.filter(release => release.chart === chart));
    for (const { name, chart, namespace, flags, values } of chosen) {
      await cluster.helm([
        'upgrade', '--install', name, cluster.chart(chart), '--namespace', namespace, ...flags, '--timeout', '2m',
        '--values', values,
      ]);
    }
    return chosen.map(({ name }) => name);
  }
}

/** An object of the Sail operator's, as the API server gives it. */
interface Istio {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly namespace: string;
    readonly profile?: string;
    readonly updateStrategy?: { readonly type?: string };
    readonly values?: object;
  };
}

/**
 * What the Sail operator does, which is no Go module that can be built: it has Istio's charts make a control plane of
 * the values of each object.
 */
export class Sail implements Installer {
  public readonly flags = ['--server-side'];

  public async controlPlane(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    await cluster.addKinds(SAIL_CRDS);
    await cluster.kubectl('apply', ...this.flags, '-k', tree.path('dist', cluster.name, CONTROL_PLANE));
    const istios = await cluster.objects<Istio>('istios.sailoperator.io');
    for (const [i, istio] of istios.entries()) {
      for (const chart of i === 0 ? ['base', 'istiod'] : ['istiod']) { // the base is for all of them
        await this.install(cluster, chart, istio);
      }
    }
    await untilAvailable(cluster);
    return istios.map(({ metadata: { name } }) => `Istio ${name}`);
  }

  public async gateways(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
    return applySteps(cluster, tree, [GATEWAY], this.flags);
  }

  private async install(cluster: Cluster, chart: string, { metadata: { name }, spec }: Istio): Promise<void> {
    const { version, namespace, profile = 'default', updateStrategy, values } = spec;
    const revision = updateStrategy?.type === 'RevisionBased' ? `${name}-${version.replaceAll('.', '-')}` : name;
    const all = {
      ...values, revision: revision === 'default' ? '' : revision, ...profile !== 'default' && { profile },
    };
    const words = ['template', `${revision}-${chart}`, cluster.chart(chart), '--namespace', namespace, '--values', '-'];
    await cluster.apply(await cluster.helm(words, JSON.stringify(all)), ...this.flags, '--force-conflicts');
  }
}

/** Applies the step in which nothing but tags is, where Istio's own programs install the rest. */
async function applyTags(cluster: Cluster, tree: Tree): Promise<readonly string[]> {
  if (!tree.has(cluster.name, CONTROL_PLANE)) {
    return [];
  }
  await cluster.kubectl('apply', '-k', tree.path('dist', cluster.name, CONTROL_PLANE));
  return [CONTROL_PLANE];
}

/** Applies those of some steps that a cluster has, and waits after each until the pods that it makes are ready. */
async function applySteps(
  cluster: Cluster, tree: Tree, steps: readonly string[], flags: readonly string[],
): Promise<readonly string[]> {
  const applied = steps.filter(step => tree.has(cluster.name, step));
  for (const step of applied) {
    await cluster.kubectl('apply', ...flags, '-k', tree.path('dist', cluster.name, step));
    await untilAvailable(cluster);
  }
  return applied;
}

async function untilAvailable(cluster: Cluster): Promise<void> {
  await cluster.kubectl('-n', NAMESPACE, 'wait', 'deployment', '--all', '--for=condition=Available', '--timeout=2m');
}
