import type { ApiObject } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { ruleErrors } from '../core/evaluate';
import { istioFields } from '../core/istio-fields';
import { throwErrors } from '../core/mesh-error';
import { objectIn, Step } from '../core/step';
import { NETWORK_LABEL } from '../istio/labels';
import { ISTIO_SYSTEM } from '../istio/names';
import { nameErrors } from '../rules/construct/construct-names';
import { CONTROL_PLANE_RULES } from '../rules/construct/control-plane-rules';
import type { Canary, ControlPlaneOptions } from '../settings/control-plane-options';
import { Installer } from '../settings/installer/installer';
import { installedObject } from '../settings/installer/installer-provider';

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
   * Network of the cluster's pods. IstioOperator field: `values.global.network`, and the namespace label
   * `topology.istio.io/network`.
   */
  readonly network: string;

  /**
   * Istio version of the control plane, as `x.y.z`.
   *
   * @default - none; required by the installers helm, rendered and sail
   */
  readonly istioVersion?: string;

  /**
   * A second control plane next to the first.
   *
   * @default - only one control plane
   */
  readonly canary?: Canary;

  /**
   * How the control plane is installed.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;

  /**
   * Whether the cluster has the revision tag `default`.
   *
   * @internal
   */
  readonly _hasDefaultTag?: boolean;
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

  /** The Namespace object. */
  readonly namespaceObject: ApiObject;

  /** The object that installs the second control plane, if there is one. */
  readonly canaryControlPlane?: ApiObject;

  private readonly installer: Installer;
  private readonly installed?: ApiObject;

  /**
   * @throws when a name is not valid in Kubernetes and Istio, or Istio or the installer does not support a setting
   */
  constructor(scope: Construct, id: string, private readonly props: IstioPrimaryProps) {
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
    const controlPlane = {
      meshID: this.meshID,
      clusterName: this.clusterName,
      network: this.network,
      namespace: this.namespace,
      revision: props.revision ?? '',
      istioVersion: props.istioVersion,
      canaryVersion: props.canary?.istioVersion,
      hasDefaultTag: props._hasDefaultTag ?? false,
      profile: props.profile,
      hub: props.hub,
      tag: props.tag,
      compatibilityVersion: props.compatibilityVersion,
      values: settings.values.fields,
      meshConfig: settings.meshConfig.fields,
      components: settings.components.fields,
    };
    throwErrors(this.node.path, [
      ...nameErrors({ clusterName: this.clusterName, network: this.network, meshID: this.meshID }),
      ...ruleErrors(CONTROL_PLANE_RULES, { ...controlPlane, canary: props.canary, installer: this.installer }),
      ...Object.values(settings).flatMap(({ errors }) => errors),
    ]);

    this.namespaceObject = objectIn<k8s.KubeNamespaceProps>(Step.NAMESPACE, this, 'Namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: this.namespace, labels: { [NETWORK_LABEL]: this.network } },
    });

    this.installed = this.installer._controlPlane(this, 'Resource', controlPlane);
    if (props.canary) {
      const { revision, istioVersion, tag } = props.canary;
      const canary = { ...controlPlane, revision, istioVersion, tag };
      this.canaryControlPlane = this.installer._canary(this, 'Canary', canary);
    }
    this.node.defaultChild = this.installed;
  }

  /**
   * Revision label of istiod, empty for Istio's `default`. With the Sail operator, it may differ from the configured
   * one.
   */
  get revision(): string {
    return this.installer._effectiveRevision(this.props.revision ?? '', this.props.istioVersion);
  }

  /**
   * The object that installs the control plane: with istioctl, the IstioOperator `control-plane`; with Sail, the
   * `Istio`.
   *
   * @throws when the installer has no object for it
   */
  get controlPlane(): ApiObject {
    return installedObject(`the control plane of '${this.clusterName}'`, this.installer, this.installed);
  }
}
