import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Cluster } from './cluster';
import { PeerProps } from './peer-props';
import { meshAppMark, meshMark } from '../core/brand';
import { throwErrors } from '../core/mesh-error';
import { definitionOf, plainSettings } from '../definition/definition';
import { readMeshFile } from '../definition/mesh-file';
import type { MeshModel } from '../definition/mesh-model';
import type { ClusterSettings, MeshProps } from '../definition/mesh-props';
import { EvaluatedMesh } from '../rules/evaluated-mesh';
import { GitOpsChart } from '../settings/git-ops/git-ops-chart';

const EVALUATED = Symbol('cdk8s-istio-mesh.EvaluatedMesh');

/**
 * A multi-primary Istio mesh: one `Cluster` for each cluster of its definition, all of them linked.
 *
 * All constructs exist when the constructor returns, and can be patched. A `Mesh` must be below a `MeshApp`.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/
 */
export class Mesh extends Construct {
  /**
   * The mesh that a file defines.
   *
   * @param scope the app
   * @param id id of the construct
   * @param path path of the file, e.g. `mesh.yaml`
   * @param defaults settings that the file overrides
   * @throws when the file cannot be read, or the mesh has errors: all at once, each with its file, line and column
   */
  static fromFile(scope: Construct, id: string, path: string, defaults?: ClusterSettings): Mesh {
    return Mesh._of(scope, id, new EvaluatedMesh({ ...readMeshFile(path), defaults: plainSettings(defaults) }));
  }

  /** @internal */
  static _of(scope: Construct, id: string, evaluated: EvaluatedMesh): Mesh {
    // jsii allows only the public constructor, so internal arguments are passed behind a symbol.
    return new Mesh(scope, id, { meshID: '', clusters: [], [EVALUATED]: evaluated } as MeshProps);
  }

  /** Whether a value is a Mesh. */
  static isMesh(x: any): boolean {
    return meshMark.isOn(x);
  }

  /** Name of the mesh, the same in every cluster. */
  readonly meshID: string;

  /** @internal */
  readonly _evaluated: EvaluatedMesh;

  private readonly clustersByName: ReadonlyMap<string, Cluster>;
  private readonly gitOpsChart?: GitOpsChart;

  /**
   * @throws when the mesh has errors: all at once
   */
  constructor(scope: Construct, id: string, props: MeshProps) {
    super(scope, id);
    meshMark.set(this);
    this._evaluated = (props as { [EVALUATED]?: EvaluatedMesh })[EVALUATED] ?? new EvaluatedMesh(definitionOf(props));
    const { model, errors } = this._evaluated;
    this.meshID = model.meshID;
    throwErrors(`mesh '${model.meshID || id}'`, errors);

    const context = { meshID: model.meshID, peerProps: new PeerProps(model.meshID) };
    this.clustersByName = new Map(model.clusters.map(cluster => [cluster.name, Cluster._of(this, cluster, context)]));
    this.gitOpsChart = model.gitOps && new GitOpsChart(this, model.gitOps, model, this.clustersByName);
    this.node.addValidation({ validate: () => this.placeProblems() });
  }

  /** @internal */
  get _model(): MeshModel {
    return this._evaluated.model;
  }

  /** The clusters, in the order of the definition. */
  get clusters(): Cluster[] {
    return [...this.clustersByName.values()];
  }

  /**
   * The objects of the GitOps tool, if there is one. Their ids consist of the kind and the cluster's name, e.g.
   * `Application-cluster1`.
   */
  get gitOps(): Chart | undefined {
    return this.gitOpsChart;
  }

  /**
   * A cluster by its name.
   *
   * @throws when the mesh has no cluster with that name
   */
  cluster(name: string): Cluster {
    const cluster = this.clustersByName.get(name);
    if (!cluster) {
      const names = [...this.clustersByName.keys()].join(', ');
      throw new Error(`mesh '${this.meshID}' has no cluster '${name}'; its clusters are ${names}`);
    }
    return cluster;
  }

  private placeProblems(): string[] {
    if (!meshAppMark.isOn(this.node.root)) {
      return ['a Mesh needs a directory for each cluster, which a stock App does not write; use MeshApp'];
    }
    return this.node.scopes.some(Chart.isChart)
      ? ['a Mesh is below a chart, whose directory all of its clusters would share; make it a child of the MeshApp']
      : [];
  }
}
