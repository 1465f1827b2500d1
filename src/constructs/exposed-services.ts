import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { EastWestGateway } from './east-west-gateway';
import type { GatewayProps, GatewaySpecServersTlsMode } from '../../imports/networking.istio.io';
import { ruleErrors } from '../core/evaluate';
import { throwErrors } from '../core/mesh-error';
import { objectIn, Step } from '../core/step';
import { DEFAULT_DOMAIN } from '../istio/domains';
import { ISTIO_SYSTEM } from '../istio/names';
import { EXPOSED_SERVICES_RULES } from '../rules/construct/exposed-services-rules';
import {
  CROSS_NETWORK_PORT, DEFAULT_NAME, selectorLabels, TLS_PORT_NAME,
} from '../settings/east-west-gateway-defaults';
import { type ExposedServicesOptions, exposedHosts } from '../settings/exposed-services-options';

/**
 * Properties of `ExposedServices`.
 */
export interface ExposedServicesProps extends ExposedServicesOptions {
  /**
   * The gateway that exposes the services; its label `istio`, port and namespace are used.
   *
   * @default - the gateway named `istio-eastwestgateway` in `istio-system`, at port 15443
   */
  readonly gateway?: EastWestGateway;

  /**
   * Domain of the cluster's services. Istio name: `values.global.proxy.clusterDomain`.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

/**
 * Exposes services of the cluster to the other networks: the Gateway object `cross-network-gateway`.
 *
 * The gateway passes mutual TLS through by server name, so that only workloads of the mesh receive responses.
 *
 * @see https://istio.io/latest/docs/setup/install/multicluster/multi-primary_multi-network/#expose-services-in-cluster1
 */
export class ExposedServices extends Construct {
  /** Host names of the exposed services. */
  readonly hosts: string[];

  /** The Gateway object. */
  readonly gateway: ApiObject;

  /**
   * @throws when a host is outside the cluster domain, so that istiod would expose nothing
   */
  constructor(scope: Construct, id: string, props: ExposedServicesProps = {}) {
    super(scope, id);
    const clusterDomain = props.clusterDomain ?? DEFAULT_DOMAIN;
    this.hosts = props.hosts ?? exposedHosts(clusterDomain);
    throwErrors(this.node.path, ruleErrors(EXPOSED_SERVICES_RULES, { hosts: this.hosts, clusterDomain }));

    const gateway = props.gateway ?? DEFAULT_GATEWAY;
    this.gateway = objectIn<GatewayProps>(Step.EXPOSED_SERVICES, this, 'Resource', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'cross-network-gateway', namespace: gateway.namespace },
      spec: {
        selector: { istio: gateway.selectorLabels.istio },
        servers: [{
          hosts: this.hosts,
          port: { name: TLS_PORT_NAME, number: gateway.tlsPort, protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' as GatewaySpecServersTlsMode },
        }],
      },
    });
  }
}

/** The defaults of an `EastWestGateway`. */
const DEFAULT_GATEWAY = {
  namespace: ISTIO_SYSTEM, selectorLabels: selectorLabels(DEFAULT_NAME), tlsPort: CROSS_NETWORK_PORT,
};
