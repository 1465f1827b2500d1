import { Lazy } from 'cdk8s';
import { application } from './argo-cd-application';
import { healthSettings } from './argo-cd-health';
import type { ArgoCdOptions } from './argo-cd-options';
import { argoCdProblems } from './argo-cd-problems';
import { projectSpec } from './argo-cd-project';
import type { Source } from './argo-cd-sources';
import { addNamespaces, sourcesOf, treeSource } from './argo-cd-sources';
import { waveNumber, waveOf } from './argo-cd-waves';
import type { Annotations, DeliveredCluster, DeliveredMesh, DeliveredObject, Delivery } from './delivery';
import { GitOpsProvider } from './git-ops-provider';
import { isProtected } from './protected-objects';
import type { Command } from '../../core/command';
import { Step } from '../../core/step';
import type { Path } from '../../util/path';
import { shellWord } from '../../util/shell-word';

const API_VERSION = 'argoproj.io/v1alpha1';
const CLUSTER = /\$\(cluster\)/g;

/** The tree as Applications. */
export class ArgoCdGitOps extends GitOpsProvider {
  private readonly namespace: string;

  constructor(private readonly options: ArgoCdOptions) {
    super('argoCd', options);
    this.namespace = options.namespace ?? 'argocd';
  }

  get _directory(): string {
    return 'argocd';
  }

  /** Sources are looked for when the tree is written, since users may add releases of Helm until then. */
  _deliver(chart: Delivery, mesh: DeliveredMesh): void {
    const sourcesIn = (cluster: DeliveredCluster) => sourcesOf(this.options, cluster, chart.releasesOf(cluster.name));
    mesh.clusters.forEach(cluster => addNamespaces(chart.clusterScope(cluster.name), chart.releasesOf(cluster.name)));
    if (this.options.project === undefined) {
      this.add(chart, 'AppProject', 'AppProject', { name: mesh.meshID }, () => this.project(chart, mesh, mesh.clusters.flatMap(sourcesIn)));
    }
    if (this.options.applicationSet) {
      this.add(chart, 'ApplicationSet', 'ApplicationSet', { name: this.setName(mesh) }, () => this.applicationSet(mesh, mesh.clusters.map(sourcesIn)));
    } else {
      mesh.clusters.forEach(cluster => {
        const { metadata, spec } = this.application(mesh, cluster.name, cluster.namespace);
        this.add(chart, `Application-${cluster.name}`, 'Application', metadata, () => ({ ...spec, ...fieldOf(sourcesIn(cluster)) }));
      });
    }
    if (usesSail(mesh)) {
      chart.object('Health', healthSettings(this.namespace), 'health');
    }
  }

  _handOver(mesh: DeliveredMesh, where: string): Command {
    const apply = (flags: string, below: string) => `kubectl apply ${flags}-k ${shellWord(where === '.' ? below : `${where}/${below}`)}`;
    const { applicationSet, project } = this.options;
    const objects = [
      ...project === undefined ? [`appproject.argoproj.io/${mesh.meshID} created`] : [],
      ...applicationSet ? [`applicationset.argoproj.io/${this.setName(mesh)} created`] : [`application.argoproj.io/${this.name(mesh, mesh.clusters[0].name)} created`],
      ...!applicationSet && mesh.clusters.length > 1 ? ['…'] : [],
    ];
    return {
      task: 'once, where Argo CD runs',
      line: [apply('', 'argocd'), ...usesSail(mesh) ? [apply('--server-side ', 'argocd/health')] : []].join(' && '),
      prints: () => [...objects, ...usesSail(mesh) ? ['…'] : []],
      then: 'Argo CD applies the directory of each cluster, wave after wave: the next one begins when the objects of the one before are healthy.',
      isForAll: true,
    };
  }

  _turnOf(_mesh: DeliveredMesh, _cluster: DeliveredCluster, step: Step): string {
    return `wave ${waveNumber(step)}`;
  }

  get _turnOfCharts(): string {
    return `wave ${waveNumber(Step.CONTROL_PLANE)}, and wave ${waveNumber(Step.EAST_WEST_GATEWAY)} for the gateway; they are sources of the Application`;
  }

  _annotations(object: DeliveredObject): Annotations {
    return { ...waveOf(isOtherGateway(object) ? Step.EAST_WEST_GATEWAY : object.step), ...isProtected(object) && { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' } };
  }

  _problems(mesh: DeliveredMesh): ReadonlyArray<readonly [path: Path, message: string]> {
    return argoCdProblems(this.options, mesh, mesh.clusters.map(({ name }) => this.name(mesh, name)), this.setName(mesh));
  }

  private add(chart: Delivery, id: string, kind: string, metadata: object, spec: () => object): void {
    chart.object(id, { apiVersion: API_VERSION, kind, metadata: { ...metadata, namespace: this.namespace }, spec: Lazy.any({ produce: spec }) });
  }

  private project(chart: Delivery, mesh: DeliveredMesh, sources: readonly Source[]): object {
    const repositories = sources.map(({ repoURL }) => repoURL);
    const destinations = mesh.clusters.map(({ name }) => this.destination(name));
    return projectSpec(mesh.meshID, repositories, destinations, mesh.clusters.map(cluster => chart.clusterScope(cluster.name)));
  }

  private application(mesh: DeliveredMesh, cluster: string, namespace: string) {
    const { project = mesh.meshID } = this.options;
    return application(this.options, { project, name: this.name(mesh, cluster), destination: this.destination(cluster), namespace });
  }

  /** Where each cluster's objects come from its directory alone, that follows from its name; otherwise each says it for itself. */
  private applicationSet(mesh: DeliveredMesh, sources: ReadonlyArray<readonly Source[]>): object {
    const isAlike = sources.every(({ length }) => length === 1);
    const { metadata, spec } = this.application(mesh, '{{ .cluster }}', '{{ .namespace }}');
    const elements = mesh.clusters.map(({ name: cluster, namespace }, i) => ({ cluster, namespace, ...!isAlike && { from: fieldOf(sources[i]) } }));
    return {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [{ list: { elements } }],
      template: { metadata, spec: { ...spec, ...isAlike && fieldOf([treeSource(this.options, '{{ .cluster }}')]) } },
      ...!isAlike && { templatePatch: 'spec: {{ toJson .from }}\n' },
      syncPolicy: { preserveResourcesOnDeletion: !this.options.cascade },
    };
  }

  private name({ meshID }: DeliveredMesh, cluster: string): string {
    return (this.options.applicationName ?? `${meshID}-$(cluster)`).replace(CLUSTER, () => cluster);
  }

  /** What the names of all clusters' Applications have in common, and the mesh's own name where that is nothing. */
  private setName(mesh: DeliveredMesh): string {
    return this.name(mesh, '').replace(/^[-.]+|[-.]+$/g, '') || mesh.meshID;
  }

  private destination(cluster: string): string {
    return (this.options.destinationName ?? '$(cluster)').replace(CLUSTER, () => cluster);
  }
}

/** What a profile installs of gateways beside the control plane waits for istiod too, and nothing else for the address that they may never get. */
function isOtherGateway({ step, text }: DeliveredObject): boolean {
  return step === Step.CONTROL_PLANE && /operator\.istio\.io\/component"?: ?"?(In|E)gressGateways\b/.test(text);
}

function usesSail({ clusters }: DeliveredMesh): boolean {
  return clusters.some(({ installer }) => installer._kind === 'sail');
}

function fieldOf(sources: readonly Source[]): object {
  return sources.length === 1 ? { source: sources[0] } : { sources };
}
