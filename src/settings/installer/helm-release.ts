import { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { stockAppOf } from './stock-app';
import { helmReleaseMark } from '../../core/brand';
import { Step } from '../../core/step';

/** Istio's own repository of charts. */
export const ISTIO_CHARTS = 'https://istio-release.storage.googleapis.com/charts';

/** The steps whose places charts take; any other chart that of a gateway, when istiod is there. */
const STEPS: { readonly [chart: string]: Step } = { base: Step.CRDS, istiod: Step.CONTROL_PLANE, cni: Step.CONTROL_PLANE };

/**
 * Properties of a `HelmRelease`.
 */
export interface HelmReleaseProps {
  /**
   * Name of the release.
   */
  readonly releaseName: string;

  /**
   * Name of the chart in its repository, e.g. `gateway`.
   */
  readonly chart: string;

  /**
   * Version of the chart, e.g. `1.31.0`.
   */
  readonly version: string;

  /**
   * Namespace that it is installed in.
   */
  readonly namespace: string;

  /**
   * Values as the chart reads them.
   *
   * @default - the chart's own
   */
  readonly values?: { [key: string]: any };

  /**
   * Repository of the chart: an `https://` URL, or an `oci://` URL of a registry.
   *
   * @default 'https://istio-release.storage.googleapis.com/charts'
   */
  readonly repository?: string;

  /**
   * Whether nobody else makes the namespace. Flag: `--create-namespace`.
   *
   * @default false
   */
  readonly createNamespace?: boolean;

  /**
   * Whether what comes after it needs its pods. Flag: `--wait`.
   *
   * @default false
   */
  readonly wait?: boolean;
}

/**
 * A release of Helm in a cluster: a file of values under `helm/`, which begins with the command that installs it.
 *
 * `Installer.helm()` makes those of Istio. One of another gateway may stand beside them, below the cluster.
 *
 * @see https://helm.sh/docs/helm/helm_upgrade/
 */
export class HelmRelease extends Construct {
  /** Whether a value is a HelmRelease. */
  static isHelmRelease(x: any): boolean {
    return helmReleaseMark.isOn(x);
  }

  /** Name of the release. */
  readonly releaseName: string;

  /** Name of the chart in its repository. */
  readonly chart: string;

  /** Repository of the chart. */
  readonly repository: string;

  /** Version of the chart. */
  readonly version: string;

  /** Namespace that it is installed in. */
  readonly namespace: string;

  /** Whether nobody else makes the namespace. */
  readonly createNamespace: boolean;

  /** Whether what comes after it needs its pods. */
  readonly wait: boolean;

  private readonly patches: JsonPatch[] = [];
  private readonly ownValues: { [key: string]: any };

  constructor(scope: Construct, id: string, props: HelmReleaseProps) {
    super(scope, id);
    helmReleaseMark.set(this);
    this.releaseName = props.releaseName;
    this.chart = props.chart;
    this.repository = props.repository ?? ISTIO_CHARTS;
    this.version = props.version;
    this.namespace = props.namespace;
    this.createNamespace = props.createNamespace ?? false;
    this.wait = props.wait ?? false;
    this.ownValues = props.values ?? {};
    this.node.addValidation({ validate: () => this.problems() });
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

  /**
   * The step whose place it takes.
   *
   * @internal
   */
  get _step(): Step {
    return STEPS[this.chart] ?? Step.EAST_WEST_GATEWAY;
  }

  private problems(): string[] {
    return stockAppOf(this)
      ? [`release '${this.releaseName}' is no Kubernetes object, so that this app would leave it out; use MeshApp, or cdk8s' Helm construct with these values`]
      : [];
  }
}
