/**
 * Services that an east-west gateway exposes to other networks.
 */
export interface ExposedServicesOptions {
  /**
   * Host names of the services, or `*.` and a domain for all services in it, e.g. `*.prod.svc.cluster.local`.
   *
   * Gateway field: `spec.servers[].hosts`.
   *
   * @default - every service: `*.local`, or `*.` and the cluster domain if that does not end in `.local`
   */
  readonly hosts?: string[];
}

/** The exposed hosts by default: every service of the cluster domain. */
export function exposedHosts(clusterDomain: string): string[] {
  return [`*.${clusterDomain.endsWith('.local') ? 'local' : clusterDomain}`];
}
