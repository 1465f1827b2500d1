import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CROSS_NETWORK_PORT, DEFAULT_NAME, EastWestGateway, selectorLabels } from './east-west-gateway';
import { ISTIO_SYSTEM } from './names';
import { refuse } from './problems';
import { objectIn, Step } from './step';
import type { GatewayProps, GatewaySpecServersTlsMode } from '../imports/networking.istio.io';

/**
 * What an east-west gateway exposes.
 */
export interface ExposedServicesOptions {
  /**
   * Host names of the services, with `*.` for all below a domain, e.g. `*.prod.svc.cluster.local`.
   *
   * Gateway field: `spec.servers[].hosts`.
   *
   * @default - every service: `*.local`, or `*.` and the cluster domain where that does not end in `.local`
   */
  readonly hosts?: string[];
}

/**
 * Properties of `ExposedServices`.
 */
export interface ExposedServicesProps extends ExposedServicesOptions {
  /**
   * The gateway to expose the services on, whose label `istio`, port and namespace are taken over.
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
 * The gateway passes mutual TLS through by server name; only workloads of the mesh get an answer.
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
    const clusterDomain = props.clusterDomain ?? 'cluster.local';
    this.hosts = props.hosts ?? [`*.${clusterDomain.endsWith('.local') ? 'local' : clusterDomain}`];
    refuse(this.node.path, hostProblems(this.hosts, clusterDomain));

    const gateway = props.gateway ?? DEFAULT_GATEWAY;
    this.gateway = objectIn<GatewayProps>(Step.EXPOSED_SERVICES, this, 'Resource', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'cross-network-gateway', namespace: gateway.namespace },
      spec: {
        selector: { istio: gateway.selectorLabels.istio },
        servers: [{
          hosts: this.hosts,
          port: { name: EastWestGateway.TLS_PORT_NAME, number: gateway.tlsPort, protocol: 'TLS' },
          tls: { mode: 'AUTO_PASSTHROUGH' as GatewaySpecServersTlsMode },
        }],
      },
    });
  }
}

/** What an EastWestGateway has by default. */
const DEFAULT_GATEWAY = { namespace: ISTIO_SYSTEM, selectorLabels: selectorLabels(DEFAULT_NAME), tlsPort: CROSS_NETWORK_PORT };

/** istiod makes a route for each service whose name is covered by a host; a host outside the cluster domain covers none. */
export function hostProblems(hosts: string[], clusterDomain: string): Array<string | undefined> {
  if (hosts.length === 0) {
    return [`hosts is empty, and istiod refuses a Gateway without one; write '*.${clusterDomain}' for every service`];
  }
  return hosts.map(host => coversServices(host.replace(/^[^/]*\//, ''), clusterDomain) ? undefined
    : `hosts has '${host}', which covers no service of the cluster domain '${clusterDomain}', so that nothing would be exposed; write '*.${clusterDomain}' or a narrower one such as '*.prod.svc.${clusterDomain}'`);
}

const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether a host, without the namespace that may stand before it, covers names such as `name.namespace.svc.cluster.local`. */
function coversServices(host: string, clusterDomain: string): boolean {
  const services = `svc.${clusterDomain}`;
  if (!host.startsWith('*.')) {
    return host === '*' || (DOMAIN.test(host) && host.endsWith(`.${services}`));
  }
  const domain = host.slice('*.'.length);
  return DOMAIN.test(domain) && (services.endsWith(`.${domain}`) || domain === services || domain.endsWith(`.${services}`));
}
