import { ApiObject, ApiObjectProps, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { GitOpsMember } from './git-ops-member';
import { gitOpsChartMark } from '../brand';
import type { MeshModel } from '../mesh-model';
import { Step } from '../step';

/** A tree while it is made. */
type Files = ReadonlyMap<string, string>;

/**
 * The objects that have a GitOps tool apply the directories of the clusters; its own directory lies beside theirs.
 *
 * Which steps a cluster has is known when its files are, since users add objects until then: an object of a step that has no files is left
 * out, and what tells of steps is resolved by then.
 */
export class GitOpsChart extends Chart {
  private files: Files = new Map();

  constructor(scope: Construct, private readonly gitOps: GitOpsMember, mesh: MeshModel) {
    super(scope, gitOps._directory, { disableResourceNameHashes: true });
    gitOpsChartMark.set(this);
    gitOps._deliver(this, mesh);
  }

  /** The member whose objects these are. */
  get member(): GitOpsMember {
    return this.gitOps;
  }

  /** Whether a cluster has a step, once its files are made. */
  has(cluster: string, step: Step): boolean {
    return this.files.has(`${cluster}/${step}/kustomization.yaml`);
  }

  /**
   * An object of the tool.
   *
   * @param directory where its file lies, below that of the tool; empty for there itself
   */
  object(id: string, manifest: ApiObjectProps & { readonly [field: string]: any }, directory = '', isWanted: () => boolean = () => true): ApiObject {
    const object = new ApiObject(this, id, manifest);
    PLACES.set(object, { directory, isWanted });
    return object;
  }

  /** The objects that are wanted, each with the directory of its file. */
  objectsIn(files: Files): Array<readonly [directory: string, object: ApiObject]> {
    this.files = files;
    return this.node.findAll().filter(ApiObject.isApiObject)
      .map(object => [object, PLACES.get(object)] as const)
      .filter(([, place]) => place?.isWanted() ?? true)
      .map(([object, place]) => [place?.directory ?? '', object]);
  }
}

const PLACES = new WeakMap<ApiObject, { readonly directory: string; readonly isWanted: () => boolean }>();
