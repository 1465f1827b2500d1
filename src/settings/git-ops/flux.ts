import { Lazy } from 'cdk8s';
import type { Annotations, DeliveredCluster, DeliveredMesh, DeliveredObject, Delivery } from './delivery';
import { helmReleaseSpec, helmRepository } from './flux-helm';
import type { FluxOptions } from './flux-options';
import { fluxProblems, ownNameProblem } from './flux-problems';
import { FluxSettings } from './flux-settings';
import { healthChecks, patches } from './flux-steps';
import { GitOpsProvider } from './git-ops-provider';
import { isProtected } from './protected-objects';
import type { Command } from '../../core/command';
import { APPLIED_STEPS, stageOf, Step } from '../../core/step';
import type { Path } from '../../util/path';
import type { HelmRelease } from '../installer/helm-release';
import { hasLinks, LINKS_DIRECTORY, linkTarget } from '../remote-credentials/links';

const PRUNE = 'kustomize.toolkit.fluxcd.io/prune';
const SUBSTITUTE = 'kustomize.toolkit.fluxcd.io/substitute';

/** One of the Kustomizations of a cluster. */
interface Part {
  /** End of its name. */
  readonly suffix: string;
  readonly path: string;
  /** When its turn is. */
  readonly stage: number;
  /** The stage before which all must be ready. */
  readonly waitsUpTo: number;
  /** Whether there is something for it to apply, once the files are made. */
  readonly isWanted: () => boolean;
  /** Fields that others lack. */
  readonly spec: object;
}

/** The tree as Kustomizations of Flux, and Helm's releases as HelmReleases. */
export class FluxGitOps extends GitOpsProvider {
  private readonly options: FluxOptions;

  constructor(options?: FluxOptions) {
    super('flux', options);
    this.options = options ?? {};
  }

  get _directory(): string {
    return 'flux';
  }

  _deliver(chart: Delivery, mesh: DeliveredMesh): void {
    const settings = new FluxSettings(this.options, mesh);
    for (const cluster of mesh.clusters) {
      const parts = this.parts(settings, chart, cluster);
      parts.forEach(part => kustomization(settings, chart, cluster, part, parts));
      if (settings.isHub) {
        chart.list(cluster.name); // elsewhere nobody should apply what is for several clusters to one
      }
    }
  }

  _handOver(mesh: DeliveredMesh): Command {
    const settings = new FluxSettings(this.options, mesh);
    return {
      task: settings.isHub ? `have the Flux of the hub apply ${settings.path('flux')}`
        : `have the Flux of each cluster apply its directory, e.g. ${settings.path('flux', mesh.clusters[0].name)}`,
      then: 'Flux applies each step of a cluster by a Kustomization of its own, which waits for the one before.',
      isForAll: true,
    };
  }

  _turnOf(mesh: DeliveredMesh, cluster: DeliveredCluster, step: Step): string {
    return `Kustomization ${new FluxSettings(this.options, mesh).metadata(cluster, titleOf(step)).name}`;
  }

  get _turnOfCharts(): string {
    return 'HelmReleases, each applied by the Kustomization of its step whose name ends with -helm';
  }

  _deliverRelease(chart: Delivery, mesh: DeliveredMesh, cluster: DeliveredCluster, release: HelmRelease): string[] {
    const settings = new FluxSettings(this.options, mesh);
    const { suffix, spec } = helmRepository(settings, release.repository);
    const repository = settings.metadata(cluster, suffix);
    const metadata = settings.metadata(cluster, release.releaseName);
    const ids = [`HelmRepository-${cluster.name}-${suffix}`, `HelmRelease-${cluster.name}-${release.releaseName}`];
    if (chart.node.tryFindChild(ids[1])) {
      return [`the cluster has a release '${release.releaseName}' already; name one of them differently`];
    }
    if (!chart.node.tryFindChild(ids[0])) {
      chart.object(ids[0], { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', metadata: repository, spec }, cluster.name);
    }
    chart.object(ids[1], {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata,
      spec: helmReleaseSpec(settings, cluster, release, repository.name),
    }, `${cluster.name}/${release._step}`);
    return [['Kustomization', settings.metadata(cluster, releasesOf(release._step)).name], ['HelmRelease', metadata.name]]
      .flatMap(([kind, name]) => ownNameProblem(kind, name) ?? []);
  }

  _annotations(object: DeliveredObject): Annotations {
    return {
      ...isProtected(object) && { [PRUNE]: 'disabled' },
      ...object.text.includes('${') && { [SUBSTITUTE]: 'disabled' },
    };
  }

  _problems(mesh: DeliveredMesh): ReadonlyArray<readonly [path: Path, message: string]> {
    return fluxProblems(new FluxSettings(this.options, mesh), mesh.clusters, ({ installer }) =>
      APPLIED_STEPS.map(installer._kind === 'helm' ? releasesOf : titleOf)); // among them is the longest
  }

  /** In the order in which they are applied. */
  private parts(settings: FluxSettings, chart: Delivery, cluster: DeliveredCluster): Part[] {
    const steps = APPLIED_STEPS.flatMap((step): Part[] => {
      const stage = stageOf(step);
      const next = stage === LAST_STAGE ? stage : stage + 0.5; // a chart may need what its step has beside it
      return [
        {
          suffix: titleOf(step),
          path: settings.path(cluster.name, step),
          stage,
          waitsUpTo: stage,
          isWanted: () => chart.has(cluster.name, step),
          spec: {
            ...settings.destination(cluster),
            ...healthChecks(step, cluster),
            ...patches(step, cluster),
            ...step === Step.RESOURCES && this.options.decryption && settings.decryption(cluster),
          },
        },
        {
          suffix: releasesOf(step),
          path: settings.path(this._directory, cluster.name, step),
          stage: next,
          waitsUpTo: next,
          isWanted: () => chart.installs(cluster.name, step),
          spec: {}, // HelmReleases are for the Flux that reads this, and themselves tell of the cluster
        },
      ];
    });
    return [...steps, {
      suffix: LINKS_DIRECTORY,
      path: settings.path('..', LINKS_DIRECTORY, cluster.name),
      stage: LAST_STAGE,
      waitsUpTo: stageOf(Step.TRUST), // in the namespace, at any time
      isWanted: () => hasLinks(cluster),
      spec: {
        ...settings.destination(cluster),
        ...linkTarget(cluster).kind === 'sops' && settings.decryption(cluster),
      },
    }];
  }
}

/** That of the steps for which nobody waits. */
const LAST_STAGE = stageOf(Step.RESOURCES);

/** Name of a step, whose number is an order that `dependsOn` has here. */
function titleOf(step: Step): string {
  return step.replace(/^\d+-/, '');
}

function releasesOf(step: Step): string {
  return `${titleOf(step)}-helm`;
}

function kustomization(settings: FluxSettings, chart: Delivery, cluster: DeliveredCluster, part: Part, parts: readonly Part[]): void {
  const { sourceRef, retryInterval = '1m', prune = true } = settings.options;
  const { suffix, path, waitsUpTo, isWanted, spec } = part;
  const dependsOn = () => parts.filter(other => other.stage < waitsUpTo && other.isWanted()).slice(-1)
    .map(other => ({ name: settings.metadata(cluster, other.suffix).name }));
  chart.object(`Kustomization-${cluster.name}-${suffix}`, {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: settings.metadata(cluster, suffix),
    spec: {
      interval: settings.interval,
      retryInterval,
      timeout: settings.timeout,
      sourceRef: { kind: 'GitRepository', name: 'flux-system', ...sourceRef },
      path,
      prune,
      wait: true,
      dependsOn: Lazy.any({ produce: () => nonEmpty(dependsOn()) }),
      ...spec,
    },
  }, cluster.name, isWanted);
}

function nonEmpty<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length > 0 ? values : undefined;
}
