import { Lazy } from 'cdk8s';
import { application } from './argo-cd-application';
import { healthSettings } from './argo-cd-health';
import type { ArgoCdOptions } from './argo-cd-options';
import { argoCdProblems } from './argo-cd-problems';
import { projectSpec } from './argo-cd-project';
import { type Source, addNamespaces, sourcesOf, treeSource } from './argo-cd-sources';
import { waveNumber, waveOf } from './argo-cd-waves';
import type { Annotations, DeliveredCluster, DeliveredMesh, DeliveredObject, Delivery } from './delivery';
import { GitOpsProvider } from './git-ops-provider';
import { isProtected } from './protected-objects';
import type { Command } from '../../core/command';
import type { Violation } from '../../core/rule';
import { Step } from '../../core/step';
import { shellWord } from '../../util/shell-word';

const API_VERSION = 'argoproj.io/v1alpha1';
const CLUSTER = /\$\(cluster\)/g;

/** Applications of Argo CD. */
export class ArgoCdGitOps extends GitOpsProvider {
  private readonly namespace: string;

  constructor(private readonly options: ArgoCdOptions) {
    super('argoCd', options);
    this.namespace = options.namespace ?? 'argocd';
  }

  get _title(): string {
    return 'Argo CD';
  }

  get _directory(): string {
    return 'argocd';
  }

  _problems(mesh: DeliveredMesh): Violation[] {
    const names = mesh.clusters.map(({ name }) => this.name(mesh, name));
    return argoCdProblems(this.options, mesh, names, this.setName(mesh));
  }

  /** Sources are resolved at synth, since users may add Helm releases until then. */
  _deliver(chart: Delivery, mesh: DeliveredMesh): void {
    const sourcesIn = (cluster: DeliveredCluster) => sourcesOf(this.options, cluster, chart.releasesOf(cluster.name));
    mesh.clusters.forEach(({ name }) => addNamespaces(chart.clusterScope(name), chart.releasesOf(name)));
    if (this.options.project === undefined) {
      const spec = () => this.project(chart, mesh, mesh.clusters.flatMap(sourcesIn));
      this.add(chart, 'AppProject', 'AppProject', { name: mesh.meshID }, spec);
    }
    if (this.options.applicationSet) {
      const spec = () => this.applicationSet(mesh, mesh.clusters.map(sourcesIn));
      this.add(chart, 'ApplicationSet', 'ApplicationSet', { name: this.setName(mesh) }, spec);
    } else {
      for (const cluster of mesh.clusters) {
        const { metadata, spec } = this.application(mesh, cluster.name, cluster.namespace);
        const withSources = () => ({ ...spec, ...sourceFields(sourcesIn(cluster)) });
        this.add(chart, `Application-${cluster.name}`, 'Application', metadata, withSources);
      }
    }
    if (needsHealthSettings(mesh)) {
      chart.object('Health', healthSettings(this.namespace), 'health');
    }
  }

  _annotations(object: DeliveredObject): Annotations {
    return {
      ...waveOf(isOtherGateway(object) ? Step.EAST_WEST_GATEWAY : object.step),
      ...isProtected(object) && { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
    };
  }

  _orderOf(_mesh: DeliveredMesh, _cluster: DeliveredCluster, step: Step): string {
    return step !== Step.HELM ? `wave ${waveNumber(step)}`
      : `wave ${waveNumber(Step.CONTROL_PLANE)}, and wave ${waveNumber(Step.EAST_WEST_GATEWAY)} for the gateway; `
        + 'they are sources of the Application';
  }

  _bootstrap(mesh: DeliveredMesh, where: string): Command {
    const apply = (flags: string, directory: string) =>
      `kubectl apply ${flags}-k ${shellWord(where === '.' ? directory : `${where}/${directory}`)}`;
    const hasHealth = needsHealthSettings(mesh);
    return {
      task: 'apply once in the cluster where Argo CD runs',
      line: [apply('', 'argocd'), ...hasHealth ? [apply('--server-side ', 'argocd/health')] : []].join(' && '),
      then: 'Argo CD applies the directory of each cluster, wave by wave: '
        + 'a wave starts when the objects of the previous one are healthy.',
      isForAll: true,
    };
  }

  private add(chart: Delivery, id: string, kind: string, metadata: object, spec: () => object): void {
    const manifest = { apiVersion: API_VERSION, kind, metadata: { ...metadata, namespace: this.namespace } };
    chart.object(id, { ...manifest, spec: Lazy.any({ produce: spec }) });
  }

  private project(chart: Delivery, mesh: DeliveredMesh, sources: readonly Source[]): object {
    const repositories = sources.map(({ repoURL }) => repoURL);
    const destinations = mesh.clusters.map(({ name }) => this.destination(name));
    const clusters = mesh.clusters.map(({ name }) => chart.clusterScope(name));
    return projectSpec(mesh.meshID, repositories, destinations, clusters);
  }

  private application(mesh: DeliveredMesh, cluster: string, namespace: string) {
    const { project = mesh.meshID } = this.options;
    const name = this.name(mesh, cluster);
    return application(this.options, { project, name, destination: this.destination(cluster), namespace });
  }

  /**
   * If each cluster has only its directory as a source, that follows from its name; otherwise each element has its
   * sources.
   */
  private applicationSet(mesh: DeliveredMesh, sources: ReadonlyArray<readonly Source[]>): object {
    const isUniform = sources.every(({ length }) => length === 1);
    const { metadata, spec } = this.application(mesh, '{{ .cluster }}', '{{ .namespace }}');
    const elements = mesh.clusters.map(({ name: cluster, namespace }, i) =>
      ({ cluster, namespace, ...!isUniform && { from: sourceFields(sources[i]) } }));
    return {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [{ list: { elements } }],
      template: {
        metadata, spec: { ...spec, ...isUniform && sourceFields([treeSource(this.options, '{{ .cluster }}')]) },
      },
      ...!isUniform && { templatePatch: 'spec: {{ toJson .from }}\n' },
      syncPolicy: { preserveResourcesOnDeletion: !this.options.cascade },
    };
  }

  private name({ meshID }: DeliveredMesh, cluster: string): string {
    return (this.options.applicationName ?? `${meshID}-$(cluster)`).replace(CLUSTER, () => cluster);
  }

  /** The common part of the names of all Applications, or else the name of the mesh. */
  private setName(mesh: DeliveredMesh): string {
    return this.name(mesh, '').replace(/^[-.]+|[-.]+$/g, '') || mesh.meshID;
  }

  private destination(cluster: string): string {
    return (this.options.destinationName ?? '$(cluster)').replace(CLUSTER, () => cluster);
  }
}

/**
 * Whether an object belongs to a gateway that a profile installs with the control plane: it waits for istiod, and
 * nothing else waits for its address, which it may never get.
 */
function isOtherGateway({ step, text }: DeliveredObject): boolean {
  return step === Step.CONTROL_PLANE && /operator\.istio\.io\/component"?: ?"?(In|E)gressGateways\b/.test(text);
}

/** Whether an operator creates control planes, from objects whose health Argo CD does not know. */
function needsHealthSettings({ clusters }: DeliveredMesh): boolean {
  return clusters.some(({ installer }) => installer._output.operatorKinds.length > 0);
}

function sourceFields(sources: readonly Source[]): object {
  return sources.length === 1 ? { source: sources[0] } : { sources };
}
