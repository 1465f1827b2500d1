import type { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { gatewayNetworkPolicy } from './gateway-network-policy';
import { helmReleaseMark } from '../core/brand';
import { istioFields } from '../core/istio-fields';
import { refuse } from '../core/problems';
import { sentences } from '../core/rule';
import { ISTIO_SYSTEM } from '../istio/names';
import { nameMessages } from '../rules/construct/construct-names';
import { GATEWAY_RULES } from '../rules/construct/gateway-rules';
import { CROSS_NETWORK_PORT, DEFAULT_NAME, DEFAULT_PORTS, NETWORK_VIEW, selectorLabels, TLS_PORT_NAME } from '../settings/east-west-gateway-defaults';
import type { EastWestGatewayOptions } from '../settings/east-west-gateway-options';
import { tlsPort } from '../settings/gateway-address';
import type { Gateway } from '../settings/installer/control-plane';
import type { HelmRelease } from '../settings/installer/helm-release';
import { Installer } from '../settings/installer/installer';
import { objectOf } from '../settings/installer/installer-member';
import { present } from '../util/map';

/**
 * Properties of an `EastWestGateway`.
 */
export interface EastWestGatewayProps extends EastWestGatewayOptions {
  /**
   * Network that the gateway serves: its cluster's own. Label: `topology.istio.io/network`.
   */
  readonly network: string;

  /**
   * Namespace of the gateway and of the control plane.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Istio version of the gateway, as `x.y.z`.
   *
   * @default - none; needed by the installers that fetch Istio by its version
   */
  readonly istioVersion?: string;

  /**
   * Who installs the gateway.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;

  /**
   * Chart of the IstioOperator. In a stock `App` it needs one apart from Kubernetes objects; a `MeshApp` keeps them apart by itself.
   *
   * @default - the chart of this construct
   */
  readonly operatorChart?: Chart;
}

/**
 * The gateway through which the other networks reach the services of a cluster.
 *
 * It gives what Istio's gen-eastwest-gateway.sh gives for the same network, revision and ports.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1
 */
export class EastWestGateway extends Construct {
  /** Name of the port that takes the traffic of the other networks. */
  static readonly TLS_PORT_NAME = TLS_PORT_NAME;

  /** Name of the Deployment and the Service. */
  readonly name: string;

  /** Namespace of the gateway. */
  readonly namespace: string;

  /** Network that the gateway serves. */
  readonly network: string;

  /** Revision of the control plane that injects and configures the gateway. */
  readonly revision: string;

  /** Port that takes the traffic of the other networks. */
  readonly tlsPort: number;

  /** The NetworkPolicy of the gateway's pods, where one is asked for. */
  readonly networkPolicy?: ApiObject;

  /** The release of Helm, where Helm installs the gateway. */
  readonly helmRelease?: HelmRelease;

  private readonly installer: Installer;
  private readonly installed?: ApiObject;

  /**
   * @throws when a setting is one that Kubernetes or istioctl refuses, or that leaves the gateway without an address
   */
  constructor(scope: Construct, id: string, props: EastWestGatewayProps) {
    super(scope, id);
    this.name = props.name ?? DEFAULT_NAME;
    this.namespace = props.namespace ?? ISTIO_SYSTEM;
    this.network = props.network;
    this.revision = props.revision ?? '';
    const ports = props.ports ?? DEFAULT_PORTS;
    this.tlsPort = tlsPort(props);

    const { affinity, resources, tolerations } = props;
    const typed = istioFields('components.ingressGateways.k8s', affinity ?? resources ?? tolerations ? { affinity, resources, tolerations } : undefined);
    refuse(this.node.path, [
      ...nameMessages({ namespace: this.namespace, network: this.network, revision: this.revision }),
      ...sentences(GATEWAY_RULES, props),
      ...typed.problems,
    ]);

    this.installer = props.installer ?? Installer.istioctl();
    const { autoscaling = {}, replicaCount, podDisruptionBudget, podAnnotations, nodeSelector, priorityClassName } = props;
    const parent = props.operatorChart ? new Construct(props.operatorChart, id) : this;
    this.installed = this.installer._gateway(parent, 'Resource', {
      name: this.name,
      namespace: this.namespace,
      network: this.network,
      istioVersion: props.istioVersion,
      revision: this.revision,
      labels: {
        ...this.selectorLabels,
        'topology.istio.io/network': this.network,
        ...this.tlsPort !== CROSS_NETWORK_PORT && { 'networking.istio.io/gatewayPort': String(this.tlsPort) },
      },
      ports: ports.map(({ name, port, targetPort = port, nodePort }) => ({ name, port, targetPort, ...present({ nodePort }) })),
      env: { ...props.env, [NETWORK_VIEW]: props.network },
      ...serviceFields(props),
      autoscaling,
      replicaCount,
      podDisruptionBudget,
      podAnnotations,
      nodeSelector,
      priorityClassName,
      scheduling: typed.fields ?? {},
    });
    this.helmRelease = parent.node.children.find(helmReleaseMark.isOn) as HelmRelease | undefined;
    this.node.defaultChild = this.installed;
    this.networkPolicy = props.networkPolicy && gatewayNetworkPolicy(this, ports, props.networkPolicy);
  }

  /**
   * What installs the gateway: with istioctl, the IstioOperator `eastwest`; where it is a plain object, its Deployment.
   *
   * @throws when the installer has no object for it
   */
  get installation(): ApiObject {
    return objectOf('gateway', this.name, this.installer, this.installed);
  }

  /** Labels by which a Gateway object selects the gateway's pods. */
  get selectorLabels(): { [name: string]: string } {
    return selectorLabels(this.name);
  }
}

/** Of the load balancer, with the user's own settings over it. */
function serviceFields({ loadBalancer, service }: EastWestGatewayProps): Pick<Gateway, 'service' | 'serviceAnnotations'> {
  const preset = loadBalancer?._service();
  const { annotations, ...settings } = service ?? {};
  return {
    serviceAnnotations: { ...preset?.annotations, ...annotations },
    service: { ...preset && { type: preset.type }, ...present({ ...settings }) },
  };
}
