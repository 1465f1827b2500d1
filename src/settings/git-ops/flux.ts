import { Lazy } from 'cdk8s';
import type { Annotations, DeliveredCluster, DeliveredMesh, DeliveredObject, Delivery } from './delivery';
import { helmReleaseSpec, repositorySpec, repositorySuffix } from './flux-helm';
import type { FluxOptions } from './flux-options';
import { fluxProblems, ownNameProblem } from './flux-problems';
import { FluxSettings } from './flux-settings';
import { healthChecks, patches } from './flux-steps';
import { GitOpsProvider } from './git-ops-provider';
import { isProtected } from './protected-objects';
import type { Command } from '../../core/command';
import { type MaybeProblem, type Violation, problem } from '../../core/rule';
import { APPLIED_STEPS, stageOf, Step } from '../../core/step';
import type { HelmRelease } from '../installer/helm-release';
import { hasLinkFiles, LINKS_DIRECTORY, linkTarget } from '../remote-credentials/links';

const PRUNE = 'kustomize.toolkit.fluxcd.io/prune';
const SUBSTITUTE = 'kustomize.toolkit.fluxcd.io/substitute';

/** One of the Kustomizations of a cluster. */
interface Part {
  /** End of its name. */
  readonly suffix: string;
  readonly path: string;
  /** Its place in the order. */
  readonly stage: number;
  /** It waits for the last part of a stage before this one. */
  readonly waitsUpTo: number;
  /** Whether it has something to apply; known only when the files are generated. */
  readonly isWanted: () => boolean;
  /** Fields that differ between parts. */
  readonly spec: object;
}

/** Kustomizations of Flux, and HelmReleases for Helm releases. */
export class FluxGitOps extends GitOpsProvider {
  private readonly options: FluxOptions;

  constructor(options?: FluxOptions) {
    super('flux', options);
    this.options = options ?? {};
  }

  get _title(): string {
    return 'Flux';
  }

  get _directory(): string {
    return 'flux';
  }

  _problems(mesh: DeliveredMesh): Violation[] {
    return fluxProblems(new FluxSettings(this.options, mesh), mesh.clusters, ({ installer }) =>
      APPLIED_STEPS.map(installer._output.appliedBy === 'helm' ? releasesOf : titleOf)); // including the longest suffix
  }

  _deliver(chart: Delivery, mesh: DeliveredMesh): void {
    const settings = new FluxSettings(this.options, mesh);
    for (const cluster of mesh.clusters) {
      const parts = this.parts(settings, chart, cluster);
      parts.forEach(part => kustomization(settings, chart, cluster, part, parts));
      if (settings.isHub) {
        chart.list(cluster.name); // without a hub, no cluster may apply the objects for other clusters
      }
    }
  }


  _deliverRelease(
    chart: Delivery, mesh: DeliveredMesh, cluster: DeliveredCluster, release: HelmRelease,
  ): MaybeProblem[] {
    const settings = new FluxSettings(this.options, mesh);
    const suffix = repositorySuffix(release.repository);
    const repository = settings.metadata(cluster, suffix);
    const metadata = settings.metadata(cluster, release.releaseName);
    const repositoryId = `HelmRepository-${cluster.name}-${suffix}`;
    const id = `HelmRelease-${cluster.name}-${release.releaseName}`;
    if (chart.node.tryFindChild(id)) {
      return [problem(`the cluster already has a release '${release.releaseName}'`, 'rename one of them')];
    }
    if (!chart.node.tryFindChild(repositoryId)) {
      chart.object(repositoryId, {
        apiVersion: 'source.toolkit.fluxcd.io/v1',
        kind: 'HelmRepository',
        metadata: repository,
        spec: repositorySpec(settings, release.repository),
      }, cluster.name);
    }
    chart.object(id, {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata,
      spec: helmReleaseSpec(settings, cluster, release, repository.name),
    }, `${cluster.name}/${release._step}`);
    return [
      ownNameProblem('Kustomization', settings.metadata(cluster, releasesOf(release._step)).name),
      ownNameProblem('HelmRelease', metadata.name),
    ];
  }

  _annotations(object: DeliveredObject): Annotations {
    return {
      ...isProtected(object) && { [PRUNE]: 'disabled' },
      ...object.text.includes('${') && { [SUBSTITUTE]: 'disabled' },
    };
  }

  _orderOf(mesh: DeliveredMesh, cluster: DeliveredCluster, step: Step): string {
    return step === Step.HELM ? 'HelmReleases, each applied by the Kustomization of its step whose name ends with -helm'
      : `Kustomization ${new FluxSettings(this.options, mesh).metadata(cluster, titleOf(step)).name}`;
  }

  _bootstrap(mesh: DeliveredMesh): Command {
    const settings = new FluxSettings(this.options, mesh);
    const firstPath = settings.path('flux', mesh.clusters[0].name);
    return {
      task: settings.isHub ? `configure the Flux of the hub to apply ${settings.path('flux')}`
        : `configure the Flux of each cluster to apply its directory, e.g. ${firstPath}`,
      then: 'Flux applies each step of a cluster with a separate Kustomization, which waits for the previous one.',
      isForAll: true,
    };
  }

  /** The Kustomizations of a cluster, in the order in which they are applied. */
  private parts(settings: FluxSettings, chart: Delivery, cluster: DeliveredCluster): Part[] {
    const steps = APPLIED_STEPS.flatMap((step): Part[] => {
      const stage = stageOf(step);
      const afterStep = stage === LAST_STAGE ? stage : stage + 0.5; // a chart may need the objects of its step
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
          stage: afterStep,
          waitsUpTo: afterStep,
          isWanted: () => chart.hasReleases(cluster.name, step),
          spec: {}, // applied to the cluster of Flux itself; each HelmRelease has its destination
        },
      ];
    });
    return [...steps, {
      suffix: LINKS_DIRECTORY,
      path: settings.path('..', LINKS_DIRECTORY, cluster.name),
      stage: LAST_STAGE,
      waitsUpTo: stageOf(Step.TRUST), // only the namespace is needed
      isWanted: () => hasLinkFiles(cluster),
      spec: {
        ...settings.destination(cluster),
        ...linkTarget(cluster).kind === 'sops' && settings.decryption(cluster),
      },
    }];
  }
}

/** Stage of the steps that no other step waits for. */
const LAST_STAGE = stageOf(Step.RESOURCES);

/** Name of a step without its number: the order is in `dependsOn`. */
function titleOf(step: Step): string {
  return step.replace(/^\d+-/, '');
}

function releasesOf(step: Step): string {
  return `${titleOf(step)}-helm`;
}

function kustomization(
  settings: FluxSettings, chart: Delivery, cluster: DeliveredCluster, part: Part, parts: readonly Part[],
): void {
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
