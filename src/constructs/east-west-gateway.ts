import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { gatewayNetworkPolicy } from './gateway-network-policy';
import { ruleErrors } from '../core/evaluate';
import { istioFields } from '../core/istio-fields';
import { throwErrors } from '../core/mesh-error';
import { NETWORK_LABEL } from '../istio/labels';
import { ISTIO_SYSTEM } from '../istio/names';
import { nameErrors } from '../rules/construct/construct-names';
import { GATEWAY_RULES } from '../rules/construct/gateway-rules';
import {
  CROSS_NETWORK_PORT, DEFAULT_NAME, DEFAULT_PORTS, NETWORK_VIEW, selectorLabels, TLS_PORT_NAME,
} from '../settings/east-west-gateway-defaults';
import type { EastWestGatewayOptions } from '../settings/east-west-gateway-options';
import { tlsPort } from '../settings/gateway-address';
import type { Gateway } from '../settings/installer/control-plane';
import { Installer } from '../settings/installer/installer';
import { installedObject } from '../settings/installer/installer-provider';
import { present } from '../util/map';

/**
 * Properties of an `EastWestGateway`.
 */
export interface EastWestGatewayProps extends EastWestGatewayOptions {
  /**
   * Network that the gateway serves: that of its cluster. Label: `topology.istio.io/network`.
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
   * @default - none; required by the installers helm and rendered
   */
  readonly istioVersion?: string;

  /**
   * How the gateway is installed.
   *
   * @default Installer.istioctl()
   */
  readonly installer?: Installer;
}

/**
 * The gateway through which the other networks reach the services of a cluster.
 *
 * It has the same settings as a gateway of Istio's gen-eastwest-gateway.sh with the same network, revision and ports.
 *
 * @see
 * https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#install-the-east-west-gateway-in-cluster1
 */
export class EastWestGateway extends Construct {
  /** Name of the port for traffic from other networks. */
  static readonly TLS_PORT_NAME = TLS_PORT_NAME;

  /** Name of the Deployment and the Service. */
  readonly name: string;

  /** Namespace of the gateway. */
  readonly namespace: string;

  /** Network that the gateway serves. */
  readonly network: string;

  /** Revision of the control plane that injects and configures the gateway. */
  readonly revision: string;

  /** Port for traffic from other networks. */
  readonly tlsPort: number;

  /** The NetworkPolicy of the gateway's pods, if it has one. */
  readonly networkPolicy?: ApiObject;

  private readonly installer: Installer;
  private readonly installed?: ApiObject;

  /**
   * @throws when Kubernetes or the installer does not support a setting, or the gateway would have no address
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
    const scheduling = affinity ?? resources ?? tolerations ? { affinity, resources, tolerations } : undefined;
    const typed = istioFields('components.ingressGateways.k8s', scheduling);
    throwErrors(this.node.path, [
      ...nameErrors({ namespace: this.namespace, network: this.network, revision: this.revision }),
      ...ruleErrors(GATEWAY_RULES, props),
      ...typed.errors,
    ]);

    this.installer = props.installer ?? Installer.istioctl();
    const { autoscaling = {}, replicaCount, podDisruptionBudget } = props;
    const { podAnnotations, nodeSelector, priorityClassName } = props;
    this.installed = this.installer._gateway(this, 'Resource', {
      name: this.name,
      namespace: this.namespace,
      network: this.network,
      istioVersion: props.istioVersion,
      revision: this.revision,
      labels: {
        ...this.selectorLabels,
        [NETWORK_LABEL]: this.network,
        ...this.tlsPort !== CROSS_NETWORK_PORT && { 'networking.istio.io/gatewayPort': String(this.tlsPort) },
      },
      ports: ports.map(({ name, port, targetPort = port, nodePort }) =>
        ({ name, port, targetPort, ...present({ nodePort }) })),
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
    this.node.defaultChild = this.installed;
    this.networkPolicy = props.networkPolicy && gatewayNetworkPolicy(this, ports, props.networkPolicy);
  }

  /**
   * The object that installs the gateway: with istioctl, the IstioOperator `eastwest`; with plain objects, the
   * Deployment.
   *
   * @throws when the installer has no object for it
   */
  get installation(): ApiObject {
    return installedObject(`the gateway '${this.name}'`, this.installer, this.installed);
  }

  /** Labels by which a Gateway object selects the gateway's pods. */
  get selectorLabels(): { [name: string]: string } {
    return selectorLabels(this.name);
  }
}

/** Settings of the Service: those of the load balancer, overridden by the user's. */
function serviceFields(props: EastWestGatewayProps): Pick<Gateway, 'service' | 'serviceAnnotations'> {
  const { loadBalancer, service } = props;
  const preset = loadBalancer?._service();
  const { annotations, ...settings } = service ?? {};
  return {
    serviceAnnotations: { ...preset?.annotations, ...annotations },
    service: { ...preset && { type: preset.type }, ...present({ ...settings }) },
  };
}
