import type * as istio from '../../imports/install.istio.io';

/**
 * Istio's settings of a control plane.
 */
export interface ControlPlaneOptions {
  /**
   * Namespace of the control plane. IstioOperator fields: `spec.namespace` and `values.global.istioNamespace`.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Profile with the defaults of the installation. IstioOperator field: `spec.profile`.
   *
   * @default - that of Istio: `default`
   * @see https://istio.io/latest/docs/setup/additional-setup/config-profiles/
   */
  readonly profile?: string;

  /**
   * Repository of the images. IstioOperator field: `spec.hub`.
   *
   * @default - that of the installer
   */
  readonly hub?: string;

  /**
   * Tag of the images. IstioOperator field: `spec.tag`.
   *
   * @default - that of the installer
   */
  readonly tag?: string;

  /**
   * Revision of the control plane: a DNS label, so `1-31-0` and not `1.31.0`. IstioOperator field: `spec.revision`.
   *
   * @default - no revision, Istio's `default`
   * @see https://istio.io/latest/docs/setup/upgrade/canary/
   */
  readonly revision?: string;

  /**
   * Istio version whose behaviour is kept, as `x.y`. IstioOperator field: `spec.compatibilityVersion`.
   *
   * @default - the behaviour of the installed version
   */
  readonly compatibilityVersion?: string;

  /**
   * Helm values, typed. IstioOperator field: `spec.values`. Keys that this library sets are rejected.
   *
   * @default - none
   * @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
   */
  readonly values?: istio.IstioOperatorSpecValues;

  /**
   * Mesh configuration, typed. IstioOperator field: `spec.meshConfig`.
   *
   * @default - that of Istio
   * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/
   */
  readonly meshConfig?: istio.IstioOperatorSpecMeshConfig;

  /**
   * Components with their Kubernetes settings, typed. IstioOperator field: `spec.components`.
   *
   * @default - those of the profile
   * @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/#IstioComponentSetSpec
   */
  readonly components?: istio.IstioOperatorSpecComponents;
}

/**
 * A second control plane next to the first.
 */
export interface Canary {
  /**
   * Its revision, which must differ from the first control plane's. IstioOperator field: `spec.revision`.
   */
  readonly revision: string;

  /**
   * Its Istio version, as `x.y.z`.
   */
  readonly istioVersion: string;

  /**
   * Tag of its images. IstioOperator field: `spec.tag`.
   *
   * @default - that of the installer
   */
  readonly tag?: string;
}
