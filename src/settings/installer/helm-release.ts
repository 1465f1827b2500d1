import { JsonPatch } from 'cdk8s';
import { type IConstruct, Construct } from 'constructs';
import { stockAppOf } from './stock-app';
import { helmReleaseMark } from '../../core/brand';
import { Step } from '../../core/step';

/** Istio's chart repository. */
export const ISTIO_CHARTS = 'https://istio-release.storage.googleapis.com/charts';

/** The step whose place a chart takes; other charts are installed with the gateway, when istiod is ready. */
const STEPS: { readonly [chart: string]: Step } = {
  base: Step.CRDS, istiod: Step.CONTROL_PLANE, cni: Step.CONTROL_PLANE,
};

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
   * Namespace of the release.
   */
  readonly namespace: string;

  /**
   * Values of the chart.
   *
   * @default - the defaults of the chart
   */
  readonly values?: { [key: string]: any };

  /**
   * Repository of the chart: an `https://` URL, or an `oci://` URL of a registry.
   *
   * @default 'https://istio-release.storage.googleapis.com/charts'
   */
  readonly repository?: string;

  /**
   * Whether Helm creates the namespace. Flag: `--create-namespace`.
   *
   * @default false
   */
  readonly createNamespace?: boolean;

  /**
   * Whether to wait until its pods are ready. Flag: `--wait`.
   *
   * @default false
   */
  readonly wait?: boolean;
}

/**
 * A Helm release in a cluster: a values file in `helm/`, whose first line is the command that installs it.
 *
 * `Installer.helm()` creates the releases of Istio. Add your own below a `Cluster`, e.g. for another gateway.
 *
 * @see https://helm.sh/docs/helm/helm_upgrade/
 */
export class HelmRelease extends Construct {
  /** Whether a value is a HelmRelease. */
  static isHelmRelease(x: any): x is HelmRelease {
    return helmReleaseMark.isOn(x);
  }

  /**
   * The releases below a construct, e.g. those of a `Cluster`, to patch their values.
   */
  static findAll(scope: IConstruct): HelmRelease[] {
    return scope.node.findAll().filter(HelmRelease.isHelmRelease);
  }

  /** Name of the release. */
  readonly releaseName: string;

  /** Name of the chart in its repository. */
  readonly chart: string;

  /** Repository of the chart. */
  readonly repository: string;

  /** Version of the chart. */
  readonly version: string;

  /** Namespace of the release. */
  readonly namespace: string;

  /** Whether Helm creates the namespace. */
  readonly createNamespace: boolean;

  /** Whether to wait until its pods are ready. */
  readonly wait: boolean;

  private readonly patches: JsonPatch[] = [];
  private readonly unpatchedValues: { [key: string]: any };

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
    this.unpatchedValues = props.values ?? {};
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The values of the chart, with all patches applied. */
  get values(): any {
    return JsonPatch.apply(this.unpatchedValues, ...this.patches);
  }

  /**
   * Patches the values, e.g. with `JsonPatch.add('/global/logAsJson', true)`.
   */
  addJsonPatch(...ops: JsonPatch[]): void {
    this.patches.push(...ops);
  }

  /**
   * The step in whose place it is installed.
   *
   * @internal
   */
  get _step(): Step {
    return STEPS[this.chart] ?? Step.EAST_WEST_GATEWAY;
  }

  private problems(): string[] {
    return !stockAppOf(this) ? []
      : [`release '${this.releaseName}' is not a Kubernetes object, so a stock App does not write it; `
        + 'use MeshApp, or cdk8s\' Helm construct with these values'];
  }
}
