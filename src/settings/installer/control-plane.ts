import type { Fields } from '../../util/map';
import type { Canary, ControlPlaneOptions } from '../control-plane-options';
import type {
  EastWestGatewayAutoscaling, EastWestGatewayPodDisruptionBudget, EastWestGatewayPort,
} from '../east-west-gateway-options';

/** A control plane to install, independent of the installer. */
export interface ControlPlane {
  readonly meshID: string;
  readonly clusterName: string;
  readonly network: string;
  readonly namespace: string;
  /** As configured by the user, empty for Istio's `default`. */
  readonly revision: string;
  /** As `x.y.z`. */
  readonly istioVersion?: string;
  /** Version of the canary, if the cluster has one. */
  readonly canaryVersion?: string;
  /**
   * Whether the cluster has the revision tag `default`, which includes the webhook that validates Istio's
   * configuration.
   */
  readonly hasDefaultTag: boolean;
  readonly profile?: string;
  readonly hub?: string;
  readonly tag?: string;
  readonly compatibilityVersion?: string;
  /** Helm values in the spelling of IstioOperators, e.g. `pilot.env`. */
  readonly values?: Fields;
  readonly meshConfig?: Fields;
  readonly components?: Fields;
}

/** An east-west gateway to install, independent of the installer. */
export interface Gateway {
  readonly name: string;
  readonly namespace: string;
  readonly network: string;
  /** As `x.y.z`. */
  readonly istioVersion?: string;
  /** Revision or revision tag of the control plane that injects it, empty for Istio's `default`. */
  readonly revision: string;
  /** Labels of the pods and of the Service. */
  readonly labels: { readonly [name: string]: string };
  readonly ports: ReadonlyArray<EastWestGatewayPort & { readonly targetPort: number }>;
  /** Environment variables of the proxy. */
  readonly env: { readonly [name: string]: string };
  readonly serviceAnnotations: { readonly [name: string]: string };
  /** Further fields of the Service's `spec`, including its `type` if it is set. */
  readonly service: Fields;
  readonly autoscaling: EastWestGatewayAutoscaling;
  readonly replicaCount?: number;
  readonly podDisruptionBudget?: EastWestGatewayPodDisruptionBudget;
  readonly podAnnotations?: { readonly [name: string]: string };
  readonly nodeSelector?: { readonly [label: string]: string };
  readonly priorityClassName?: string;
  /** `affinity`, `resources` and `tolerations` of the pods, in the spelling of Kubernetes. */
  readonly scheduling: Fields;
}

/** What an installer needs to know of a cluster to list the commands that install Istio there. */
export interface InstalledCluster {
  readonly namespace: string;
  readonly network?: string;
  readonly istioVersion?: string;
  /** Revision label of istiod, empty for Istio's `default`. */
  readonly revision: string;
  readonly canary?: Canary;
  readonly revisionTags: { readonly [tag: string]: string };
  readonly controlPlane: ControlPlaneOptions;
  readonly eastWestGateway?: { readonly istioVersion?: string };
  /** The merged settings as plain data, in the spelling of mesh.yaml. */
  readonly settings: Fields;
}
