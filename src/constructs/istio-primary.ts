import type { ApiObject, Chart } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { helmReleaseMark } from '../core/brand';
import { istioFields } from '../core/istio-fields';
import { refuse } from '../core/problems';
import { sentences } from '../core/rule';
import { objectIn, Step } from '../core/step';
import { ISTIO_SYSTEM } from '../istio/names';
import { nameMessages } from '../rules/construct/construct-names';
import { CONTROL_PLANE_RULES } from '../rules/construct/control-plane-rules';
import type { Canary, ControlPlaneOptions } from '../settings/control-plane-options';
import type { HelmRelease } from '../settings/installer/helm-release';
import { Installer } from '../settings/installer/installer';
import { objectOf } from '../settings/installer/installer-member';

/**
 * Properties of an `IstioPrimary`.
 */
export interface IstioPrimaryProps extends ControlPlaneOptions {
  /**
   * Name of the mesh, the same in every cluster. IstioOperator field: `values.global.meshID`.
   */
  readonly meshID: string;

  /**
   * Name of the cluster in the mesh. IstioOperator field: `values.global.multiCluster.clusterName`.
   */
  readonly clusterName: string;

  /**
   * Network of the cluster's pods. IstioOperator field: `values.global.network`, and the namespace label `topology.istio.io/network`.
   */
  readonly network: string;

  /**
   * Istio version of the control plane, as `x.y.z`.
   *
   * @default - none; needed by the installers that fetch Istio by its version
   */
  readonly istioVersion?: string;

  /**
   * A second control plane beside the first.
   *
   * @default - one control plane
   */
  readonly canary?: Canary;

  /**
   * Who installs the control plane.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;

  /**
   * Chart of the IstioOperators. In a stock `App` they need one apart from Kubernetes objects; a `MeshApp` keeps them apart by itself.
   *
   * @default - the chart of this construct
   */
  readonly operatorChart?: Chart;
}

/**
 * The control plane of a primary cluster: the namespace with its network label, and the installation of istiod.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary/
 */
export class IstioPrimary extends Construct {
  /** Name of the mesh. */
  readonly meshID: string;

  /** Name of the cluster in the mesh. */
  readonly clusterName: string;

  /** Network of the cluster's pods. */
  readonly network: string;

  /** Namespace of the control plane. */
  readonly namespace: string;

  /** Revision that istiod has, empty for Istio's `default`. */
  readonly revision: string;

  /** The Namespace object. */
  readonly namespaceObject: ApiObject;

  /** What installs the second control plane, if there is one. */
  readonly canaryControlPlane?: ApiObject;

  /** The releases of Helm of the control planes, where Helm installs them. */
  readonly helmReleases: HelmRelease[];

  private readonly installer: Installer;
  private readonly installed?: ApiObject;

  /**
   * @throws when a name is not what Kubernetes and Istio take, or a setting is not one of Istio's
   */
  constructor(scope: Construct, id: string, props: IstioPrimaryProps) {
    super(scope, id);
    this.meshID = props.meshID;
    this.clusterName = props.clusterName;
    this.network = props.network;
    this.namespace = props.namespace ?? ISTIO_SYSTEM;
    const settings = {
      values: istioFields('values', props.values),
      meshConfig: istioFields('meshConfig', props.meshConfig),
      components: istioFields('components', props.components),
    };
    this.installer = props.installer ?? Installer.istioctl();
    this.revision = this.installer._revision(props.revision ?? '', props.istioVersion);
    const plane = {
      meshID: this.meshID,
      clusterName: this.clusterName,
      network: this.network,
      namespace: this.namespace,
      revision: props.revision ?? '',
      istioVersion: props.istioVersion,
      canaryVersion: props.canary?.istioVersion,
      profile: props.profile,
      hub: props.hub,
      tag: props.tag,
      compatibilityVersion: props.compatibilityVersion,
      values: settings.values.fields,
      meshConfig: settings.meshConfig.fields,
      components: settings.components.fields,
    };
    refuse(this.node.path, [
      ...nameMessages({ clusterName: this.clusterName, network: this.network, meshID: this.meshID }),
      ...sentences(CONTROL_PLANE_RULES, { ...plane, canary: props.canary, installer: this.installer }),
      ...Object.values(settings).flatMap(({ problems }) => problems),
    ]);

    this.namespaceObject = objectIn<k8s.KubeNamespaceProps>(Step.NAMESPACE, this, 'Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.namespace, labels: { 'topology.istio.io/network': this.network } },
    });

    const parent = props.operatorChart ? new Construct(props.operatorChart, id) : this;
    this.installed = this.installer._controlPlane(parent, 'Resource', plane);
    if (props.canary) {
      this.canaryControlPlane = this.installer._canary(parent, 'Canary', { ...plane, ...props.canary, tag: props.canary.tag });
    }
    this.helmReleases = parent.node.children.filter(helmReleaseMark.isOn) as HelmRelease[];
    this.node.defaultChild = this.installed;
  }

  /**
   * What installs the control plane: with istioctl, the IstioOperator `control-plane`; with the Sail operator, the `Istio`.
   *
   * @throws when the installer has no object for it
   */
  get controlPlane(): ApiObject {
    return objectOf('control plane', this.clusterName, this.installer, this.installed);
  }
}
