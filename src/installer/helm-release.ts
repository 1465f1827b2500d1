import { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { helmReleaseMark } from '../brand';
import { Fields } from '../map';
import { Step } from '../step';

/**
 * A chart of Istio's that Helm installs in a cluster, with its values.
 *
 * @internal
 */
export interface HelmReleaseProps {
  /** Name of the release. */
  readonly releaseName: string;
  /** Name of the chart in Istio's repository: `base`, `istiod`, `cni` or `gateway`. */
  readonly chart: string;
  /** Version of the chart, which is that of Istio: `x.y.z`. */
  readonly version: string;
  readonly namespace: string;
  /** Values as the chart reads them. */
  readonly values: Fields;
  /** The step whose place it takes. */
  readonly step: Step;
}

/**
 * A release of Helm: a file of values where the user installs it, an object where a GitOps tool does.
 */
export class HelmRelease extends Construct {
  /** Name of the release. */
  readonly releaseName: string;

  /** Name of the chart in Istio's repository. */
  readonly chart: string;

  /** Version of the chart, as `x.y.z`. */
  readonly version: string;

  /** Namespace that it is installed in. */
  readonly namespace: string;

  /** @internal */
  readonly _step: Step;

  private readonly patches: JsonPatch[] = [];
  private readonly ownValues: Fields;

  /** @internal */
  constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    helmReleaseMark.set(this);
    this.releaseName = props.releaseName;
    this.chart = props.chart;
    this.version = props.version;
    this.namespace = props.namespace;
    this.ownValues = props.values;
    this._step = props.step;
  }

  /** The values as the chart reads them, with all patches. */
  get values(): any {
    return JsonPatch.apply(this.ownValues, ...this.patches);
  }

  /**
   * Changes the values, e.g. `JsonPatch.add('/global/logAsJson', true)`.
   */
  addJsonPatch(...ops: JsonPatch[]): void {
    this.patches.push(...ops);
  }
}
